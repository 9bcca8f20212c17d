"""The bundled items, as a town would meet them: no fault, every scenario passes, no branch unseen, both languages.

Reads the folders and the seeds; asks no source and opens no database.
"""

from __future__ import annotations

import functools
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.catalog import alike
from core.catalog.load import load
from core.catalog.snapshot import Catalog
from core.judge.coverage import unseen
from core.judge.scenario import run
from core.office.calendar import StateCalendar
from core.office.seed import read_office
from core.settings import Settings

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
CHINESE = re.compile("[一-鿿]")
READ_BY_PEOPLE = {
    "title", "summary", "description", "because", "purpose", "note", "consequence", "errorMessage", "procedure",
}  # fmt: skip
LISTS_READ_BY_PEOPLE = {"conditions", "notes"}


@functools.cache
def catalog() -> Catalog:
    return load(Settings(), read_office(ROOT / "seeds"))


ITEMS = sorted(path.parent.name for path in PLUGINS.glob("*/item.json"))
SOURCES = sorted(path.parent.name for path in PLUGINS.glob("*/source.json"))


def scenarios(item: str) -> dict[str, Any]:
    folder = PLUGINS / item / "cases"
    return alike.whole({path.stem: json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))})


def test_no_bundled_folder_has_a_fault() -> None:
    faults = [str(fault) for plugin in catalog().plugins.values() for fault in plugin.faults]
    assert faults == []


def test_there_are_thirty_items_and_fourteen_need_no_material() -> None:
    counts = catalog().counts()
    assert counts["items"] >= 30
    assert counts["zero_material"] >= 14
    assert counts["same_city"] >= 4
    assert counts["village_decides"] >= 1
    assert counts["village_collects"] >= 1
    assert counts["same_list"] >= 1


@pytest.mark.parametrize("item", ["sewage-permit", "shop-sign", "elder-allowance"])
def test_the_three_items_of_the_text_need_no_material_in_every_channel(item: str) -> None:
    facts = catalog().facts(catalog().items[item])
    assert facts["zero_material"] is True
    assert set(facts["channels"]) == {"web", "mobile", "hall", "phone", "station", "kiosk"}


@pytest.mark.parametrize("id", ITEMS)
def test_every_scenario_passes_and_none_of_the_branches_is_unseen(id: str) -> None:
    item, office, calendar = catalog().items[id], catalog().office, StateCalendar()
    results = {name: run(item, scenario, office, calendar) for name, scenario in scenarios(id).items()}
    assert {name: result.differences for name, result in results.items() if not result.passed} == {}
    assert unseen(item, [result.seen_rules for result in results.values()]) == ()


@pytest.mark.parametrize("id", ITEMS)
def test_a_decided_item_has_scenarios_for_each_outcome_and_for_each_source_that_is_down(id: str) -> None:
    item = catalog().items[id]
    if item.handling == "handoff":
        return
    told = scenarios(id).values()
    for lookup in item.lookups:
        assert any((case.get("lookups") or {}).get(lookup) in ("down", "refused") for case in told) or (
            item.lookups[lookup].allowed_when is not None
        ), f"{id}: no scenario in which {lookup} is down"
    if item.handling != "query":
        wanted = {rule.outcome for rule in item.routing.decide} | {"review"}
        seen = {case["expect"].get("decision") for case in told}
        # An item whose materials a person has to check never ends in an approval by itself.
        assert wanted - seen <= {"approve"}, f"{id}: no scenario ends in {wanted - seen}"


@pytest.mark.parametrize("id", ITEMS)
def test_all_that_people_read_is_translated(id: str) -> None:
    texts = json.loads((PLUGINS / id / "texts" / "en.json").read_text())
    missing = [
        where
        for file in ("item.json", "form.json", "form.ui.json", "lookups.json", "routing.json")
        if (PLUGINS / id / file).is_file()
        for where, said in spoken(json.loads((PLUGINS / id / file).read_text()), f"{file}#")
        if CHINESE.search(said) and where not in texts
    ]
    assert missing == []
    assert [key for key, said in texts.items() if CHINESE.search(said)] == []


def spoken(value: Any, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for key, part in value.items():
            here = f"{at}/{key.replace('~', '~0').replace('/', '~1')}"
            if key in ("when", "valid_when", "allowed_when", "const", "enum"):
                continue
            if isinstance(part, str):
                if key in READ_BY_PEOPLE or (key in ("question", "answer") and "question" in value):
                    yield here, part
            elif key in LISTS_READ_BY_PEOPLE:
                yield from ((f"{here}/{n}", said) for n, said in enumerate(part))
            else:
                yield from spoken(part, here)
    elif isinstance(value, list):
        for n, part in enumerate(value):
            yield from spoken(part, f"{at}/{n}")


@pytest.mark.parametrize("id", ITEMS + SOURCES)
def test_every_folder_says_on_which_law_it_rests(id: str) -> None:
    said = (PLUGINS / id / "README.md").read_text()
    assert said.startswith("# ")
    assert re.search(r"《.+》|\*\*转到外部服务\*\*", said), f"{id}/README.md names no law"


@pytest.mark.parametrize("id", ITEMS)
def test_what_is_made_up_says_so(id: str) -> None:
    for file in ("item.json", "routing.json", "lookups.json"):
        path = PLUGINS / id / file
        if path.is_file():
            for law in re.findall(r"《虚山市[^》]*》(?!（虚构）)", path.read_text()):
                raise AssertionError(f"{id}/{file}: {law} is made up and does not say so")


def test_an_added_item_touches_its_own_folder_only(tmp_path: Path) -> None:
    shutil.copytree(PLUGINS / "elder-allowance", tmp_path / "elder-allowance-two")
    more = load(Settings(plugins=(tmp_path,)), catalog().office)
    assert set(more.items) == {*catalog().items, "elder-allowance-two"}
    assert {id: item.digest for id, item in more.items.items() if id in catalog().items} == {
        id: item.digest for id, item in catalog().items.items()
    }
