"""An item whose author has texts still to write is nobody's but his; finished, it is listed without a restart."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.catalog.scaffold import new
from core.kernel import Kernel
from core.settings import Settings
from core.web.app import build
from tests.conftest import Client

PATH = "/items/lease-filing"
NOT_ONLINE = "本事项暂不能网上办理"


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return new("item", "lease-filing", tmp_path / "shelf", {"title": "房屋租赁登记备案", "unit": "civil-affairs"})


@pytest.fixture
def town(town: Settings, shelf: Path) -> Settings:
    return dataclasses.replace(town, plugins=(shelf.parent,))


def finish(shelf: Path) -> None:
    for file in shelf.rglob("*.json"):
        file.write_text(file.read_text("utf-8").replace("请填写：", ""), "utf-8")


def reload(http: TestClient) -> None:
    assert http.portal is not None
    kernel: Kernel = http.app.state.kernel  # type: ignore[attr-defined]
    http.portal.call(kernel.holder.reload_beside)


def listed(http: TestClient) -> list[bool]:
    """Whether it is found by search, by a program, and among what can be filed."""
    return [
        PATH in http.get("/", params={"q": "房屋租赁登记备案"}).text,
        bool(http.get("/api/v1/items", params={"q": "房屋租赁登记备案"}).json()["items"]),
        "/api/v1/items/lease-filing/cases" in http.get("/openapi.json").json()["paths"],
    ]


def test_it_is_in_no_list_and_its_author_tries_it_in_the_made_up_town(client: Client, shelf: Path) -> None:
    assert listed(client.http) == [False, False, False]
    page = client.http.get(PATH)
    assert (page.status_code, "没有写完" in page.text) == (200, True)
    client.sign_in()
    assert client.http.get(f"{PATH}/apply").status_code == 200
    finish(shelf)
    reload(client.http)
    assert listed(client.http) == [True, True, True]
    assert "没有写完" not in client.http.get(PATH).text


def test_on_a_real_server_only_who_reads_plugins_sees_it_and_nobody_applies(town: Settings, shelf: Path) -> None:
    told = json.loads((town.data / "demo.json").read_text("utf-8"))
    sessions = {}
    for role in ("author", "citizen"):
        # Signed in where no second factor is asked for: a session is a row, and both servers stand on one database.
        with TestClient(build(town, background=False), base_url="http://127.0.0.1:8000") as http:
            Client(http, told, town).sign_in(role)
            sessions[role] = dict(http.cookies)
    settings = dataclasses.replace(town, demo=False)
    with TestClient(build(settings, background=False), base_url="http://127.0.0.1:8000") as http:
        assert listed(http) == [False, False, False]
        assert NOT_ONLINE in http.get(PATH).text
        http.cookies.update(sessions["citizen"])
        for path in (PATH, f"{PATH}/apply"):
            answer = http.get(path)
            assert (answer.status_code, NOT_ONLINE in answer.text) == (503, True)
        assert http.get("/api/v1/items/lease-filing").status_code == 503
        http.cookies.clear()
        http.cookies.update(sessions["author"])
        page = http.get(PATH)
        assert (page.status_code, "没有写完" in page.text) == (200, True)
        assert http.get(f"{PATH}/apply").status_code == 503
        assert "没有写完" in http.get("/admin/plugins").text
        finish(shelf)
        reload(http)
        http.cookies.clear()
        assert NOT_ONLINE not in http.get(PATH).text
        assert listed(http) == [True, True, True]
