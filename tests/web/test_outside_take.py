"""A rule, a mapping, a hook or a template sees only what its item takes; who reaches further is refused and named.

What is declared is refused when the folder is read (fault `not-taken`); what code and templates work out for
themselves, when they read it.
"""

from __future__ import annotations

import copy
import dataclasses
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from core.contract import Item
from core.settings import Settings
from core.sources.taken import AGAIN_S, Reaches
from core.web.app import build
from tests.conftest import Client
from tests.sources.conftest import item, lookup

ROOT = Path(__file__).resolve().parents[2]
ID = "elder-allowance"
HOOKS = """
from lingban import hookimpl


@hookimpl
def check_answers(item, facts):
    {check}


@hookimpl
def choose_route(item, facts, route):
    {choose}
"""
QUIET = {"check": "return None", "choose": "return None"}
Edit = Callable[[Path], None]


def hook(**lines: str) -> Edit:
    return lambda folder: (folder / "plugin.py").write_text(HOOKS.format(**{**QUIET, **lines}), encoding="utf-8")  # type: ignore[return-value]


def letter(line: str) -> Edit:
    def edit(folder: Path) -> None:
        file = folder / "templates" / "result.html"
        file.write_text(line + file.read_text(encoding="utf-8"), encoding="utf-8")

    return edit


def declared(file: str, change: Callable[[Any], None]) -> Edit:
    def edit(folder: Path) -> None:
        said = json.loads((folder / file).read_text(encoding="utf-8"))
        change(said)
        (folder / file).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")

    return edit


@pytest.fixture
def served(town: Settings, tmp_path: Path) -> Iterator[Callable[[Edit], Client]]:
    """The made-up town with the elder's allowance edited."""
    running: list[TestClient] = []

    def start(edit: Edit) -> Client:
        folder = tmp_path / "shelf" / ID
        shutil.copytree(ROOT / "plugins" / ID, folder)
        edit(folder)
        settings = dataclasses.replace(town, plugins=(folder.parent,))
        http = TestClient(build(settings), base_url="http://127.0.0.1:8000")
        http.__enter__()
        running.append(http)
        return Client(http, json.loads((town.data / "demo.json").read_text(encoding="utf-8")), settings)

    yield start
    for http in running:
        http.__exit__(None, None, None)


def seen_in_admin(client: Client, path: str, *words: str) -> bool:
    client.sign_in("administrator")
    page = client.http.get(path).text
    return all(word in page for word in words)


AT_RUN_TIME = {
    "check_answers": (hook(check='return [] if facts["lookups"]["person"]["sex"] else []'), 503, "sex"),
    "check_answers, asked politely": (hook(check='facts["lookups"]["person"].get("address")'), 201, "address"),
    "choose_route": (hook(choose='facts["lookups"]["person"].get("address")'), 201, "address"),
    "templates/result.html": (letter('{% set f = "se" ~ "x" %}<p>{{ lookups.person[f] }}</p>'), 201, "sex"),
    "templates/result.html, asked politely": (letter("<p>{{ lookups.person.get('address', '') }}</p>"), 201, "address"),
}


@pytest.mark.parametrize("door", AT_RUN_TIME)
def test_what_code_reads_beyond_is_refused_and_shown_at_the_source_desk(
    served: Callable[[Edit], Client], door: str
) -> None:
    from tests.web.test_trouble import PATH, elder, within

    edit, status, field = AT_RUN_TIME[door]
    client = served(edit)
    answer = client.http.post(PATH, json=elder(client), headers=client.token())
    assert answer.status_code == status, answer.text
    named = (door.partition(",")[0], f"/lookups/person/{field}", "尊老金")
    assert within(15, lambda: seen_in_admin(client, "/admin/sources/natural-person", *named))
    assert seen_in_admin(client, "/admin/sources", *named)
    assert not seen_in_admin(client, "/admin/sources/own-business", f"/lookups/person/{field}")


def test_a_lookup_nobody_declared_is_named_on_the_overview(served: Callable[[Edit], Client]) -> None:
    from tests.web.test_trouble import PATH, elder, within

    client = served(hook(check='facts["lookups"].get("houses")'))
    assert client.http.post(PATH, json=elder(client), headers=client.token()).status_code == 201
    assert within(15, lambda: seen_in_admin(client, "/admin/sources", "check_answers", "/lookups/houses"))


def reads_sex(said: Any) -> None:
    said["decide"][0]["when"]["/lookups/person/sex"] = {"const": "女"}


def fills_address(said: Any) -> None:
    said["properties"]["name"]["x-from"] = "/lookups/person/address"


AT_LOAD = {
    "rule": (declared("routing.json", reads_sex), "routing.json"),
    "mapping": (declared("form.json", fills_address), "form.json"),
    "letter template": (letter("<p>{{ lookups.person.sex }}</p>"), "templates/result.html"),
}


@pytest.mark.parametrize("door", AT_LOAD)
def test_what_is_declared_beyond_sets_the_item_aside_with_its_fault(
    served: Callable[[Edit], Client], door: str
) -> None:
    from tests.web.test_trouble import PATH, elder

    edit, file = AT_LOAD[door]
    client = served(edit)
    assert client.http.post(PATH, json=elder(client), headers=client.token()).status_code == 503
    assert seen_in_admin(client, f"/admin/plugins/{ID}", file, "take")


# --- the facts as code sees them -------------------------------------------------------------------------


@pytest.fixture
def trial() -> Item:
    return item({"person": lookup("natural-person"), "houses": lookup("real-estate", many=True)})


FACTS = {"answers": {"a": 1}, "lookups": {"person": {"name": "张试"}, "houses": [{"name": "一"}, None]}}


def test_what_is_taken_is_read_as_ever_and_a_copy_is_the_copiers_own(trial: Item) -> None:
    reaches = Reaches()
    seen = reaches.watch(trial, "check_answers", "d-1", FACTS)
    assert seen["lookups"]["person"]["name"] == seen["lookups"]["person"].get("name") == "张试"
    assert seen == FACTS
    assert json.loads(json.dumps(seen)) == FACTS
    for copied in (copy.deepcopy(seen), dict(seen["lookups"]["person"]), seen["lookups"]["person"] | {"x": 1}):
        assert copied.get("sex") is None
    assert type(copy.deepcopy(seen)["lookups"]["person"]) is dict
    assert "sex" not in seen["lookups"]["person"]
    assert reaches.fetch() == []


def test_a_declared_lookup_that_found_nothing_is_no_reach(trial: Item) -> None:
    reaches = Reaches()
    seen = reaches.watch(trial, "check_answers", "d-1", {"lookups": {}})
    assert seen["lookups"].get("person") is None
    with pytest.raises(KeyError):
        seen["lookups"]["person"]
    assert reaches.fetch() == []


def test_each_reach_is_noted_once_an_hour_with_door_field_and_source(trial: Item) -> None:
    now = [0.0]
    reaches = Reaches(lambda: now[0])
    for _ in range(3):
        seen = reaches.watch(trial, "check_answers", "d-1", FACTS)
        with pytest.raises(KeyError, match='does not take "area" of the lookup "houses"'):
            seen["lookups"]["houses"][0]["area"]
        assert seen["lookups"].get("secrets") is None
    first, second = reaches.fetch()
    assert (first.door, first.lookup, first.source, first.field) == ("check_answers", "houses", "real-estate", "area")
    assert (second.lookup, second.source, second.field, second.reference) == ("secrets", "", "", "d-1")
    now[0] = AGAIN_S
    reaches.watch(trial, "check_answers", "d-2", FACTS)["lookups"].get("secrets")
    assert [one.reference for one in reaches.fetch()] == ["d-2"]
