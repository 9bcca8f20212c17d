"""What goes wrong outside, seen from the front door: a source that hangs, people who may not ask, two at once."""

from __future__ import annotations

import dataclasses
import json
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.settings import Settings
from core.web.app import build
from core.web.errors import SENTENCES
from core.web.rendering import translator
from tests.conftest import Client

BOTH_DATABASES = True

PATH = "/api/v1/items/elder-allowance/cases"


@pytest.fixture
def hanging() -> Iterator[int]:
    """A port that accepts connections and never says a word."""
    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    listening.listen(50)
    held: list[socket.socket] = []
    ended = threading.Event()

    def accept() -> None:
        while not ended.is_set():
            try:
                held.append(listening.accept()[0])
            except OSError:
                return

    threading.Thread(target=accept, daemon=True).start()
    yield listening.getsockname()[1]
    ended.set()
    listening.close()
    for connection in held:
        connection.close()


@pytest.fixture
def troubled(town: Settings, hanging: int) -> Iterator[Client]:
    """The town, with its register of persons behind a port that hangs."""
    environment = {"NATURAL_PERSON_URL": f"postgres://reader@127.0.0.1:{hanging}/persons"}
    settings = dataclasses.replace(town, environment=environment)
    with TestClient(build(settings, background=False), base_url="http://127.0.0.1:8000") as http:
        told = json.loads((town.data / "demo.json").read_text(encoding="utf-8"))
        yield Client(http, told, settings)


def elder(client: Client) -> dict[str, Any]:
    return {
        "applicant": {"kind": "person", "id_number": client.account("citizen")["id_number"]},
        "answers": {"phone": "13900000000", "name": "陈试甲", "birth_date": "1940-05-12"},
    }


def test_a_hanging_source_costs_three_seconds_at_most_and_the_case_goes_to_a_person(troubled: Client) -> None:
    started = time.monotonic()
    answer = troubled.http.post(PATH, json=elder(troubled), headers=troubled.token())
    took = time.monotonic() - started
    assert answer.status_code == 201, answer.text
    assert took < 15, "three seconds for the sources, and a loaded machine's share: the source itself never answers"
    receipt = answer.json()
    assert receipt["decision"]["outcome"] == "review"
    assert receipt["deadline"]
    assert {m["id"]: m["status"] for m in receipt["materials"]}["identity"] != "proved"


def test_the_page_says_that_the_source_does_not_answer_and_what_to_do(troubled: Client) -> None:
    troubled.sign_in()
    apply = troubled.http.get("/items/elder-allowance/apply")
    page = troubled.http.post("/items/elder-allowance/apply", data=troubled.hidden(apply.text))
    assert page.status_code == 200
    assert "自然人信息数据库" in page.text
    assert "暂" in page.text
    other = time.monotonic()
    assert troubled.http.get("/items/shop-sign").status_code == 200
    assert time.monotonic() - other < 3, "the other page waits for no source"


def test_nobody_asks_about_a_firm_that_is_not_his(client: Client) -> None:
    client.sign_in()
    before = reads(client)
    page = client.http.get("/items/sewage-permit/apply")
    fields = client.hidden(page.text) | {"credit_code": "91320583MA1FAKE001"}
    answer = client.http.post("/items/sewage-permit/apply", data=fields)
    assert answer.status_code in (403, 422)
    assert reads(client) == before


def test_a_counter_client_without_a_mandate_reads_no_register(client: Client) -> None:
    before = reads(client)
    answer = client.http.post(PATH, json=elder(client), headers=client.token("operator", "phone"))
    assert answer.status_code == 403
    assert reads(client) == before


def reads(client: Client) -> int:
    """Lookups in the access log, read from the database itself."""
    count: int = client.rows("SELECT count(*) AS n FROM cases_access_log")[0]["n"]
    return count


def test_many_clicks_at_once_make_one_case_with_one_receipt(client: Client) -> None:
    headers = {**client.token(), "Idempotency-Key": "clicks"}
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.http.post(PATH, json=elder(client), headers=headers), range(8)))
    assert sorted(a.status_code for a in answers) == [200] * 7 + [201]
    assert len({a.json()["tracking_code"] for a in answers}) == 1


def test_a_broken_folder_stops_nobody_else(town: Settings, tmp_path: Any) -> None:
    shelf = tmp_path / "shelf"
    (shelf / "broken").mkdir(parents=True)
    (shelf / "broken" / "item.json").write_text('{"contract": 1, "title": "坏的事项",', encoding="utf-8")
    settings = dataclasses.replace(town, plugins=(shelf,))
    with TestClient(build(settings, background=False), base_url="http://127.0.0.1:8000") as http:
        assert http.get("/").status_code == 200
        assert http.get("/items/elder-allowance").status_code == 200
        broken = http.get("/items/broken")
        assert broken.status_code == 503
        assert "暂不能网上办理" in broken.text


def test_a_new_folder_is_served_and_a_changed_one_shows_without_restart(town: Settings, tmp_path: Any) -> None:
    from tests.guards.test_readme import folder_of_readme

    shelf = tmp_path / "shelf"
    shelf.mkdir()
    settings = dataclasses.replace(town, plugins=(shelf,))
    with TestClient(build(settings), base_url="http://127.0.0.1:8000") as http:
        assert http.get("/items/reading-card").status_code == 404
        folder = folder_of_readme(shelf)
        assert within(10, lambda: http.get("/items/reading-card").status_code == 200)
        guide = folder / "item.json"
        guide.write_text(guide.read_text(encoding="utf-8").replace("敬老阅览证申领", "换了名字的证"), encoding="utf-8")
        assert within(10, lambda: "换了名字的证" in http.get("/items/reading-card").text)


def within(seconds: float, holds: Any) -> bool:
    ends = time.monotonic() + seconds
    while time.monotonic() < ends:
        if holds():
            return True
        time.sleep(0.1)
    return False


def test_half_a_character_in_a_body_is_told_and_no_crash(client: Client) -> None:
    answer = client.http.post(
        "/api/v1/items/elder-allowance/cases",
        content=b'{"answers": {"phone": "\\ud800"}, "applicant": {"kind": "person", "id_number": "1"}}',
        headers={**client.token(), "Idempotency-Key": "half", "Content-Type": "application/json"},
    )
    assert answer.status_code == 400
    assert answer.json()["code"] == "malformed"


def test_a_crash_promises_what_was_saved_and_no_more() -> None:
    remedy = SENTENCES[500][1]
    assert remedy.startswith("已经保存的内容没有丢失；刚才填的可能要重新填。")
    assert "may have to be filled in again" in translator("en")(remedy)
