"""`lingban new`: whatever is answered, the folder passes its own check and its own scenarios."""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.catalog.hooks import Hooks
from core.catalog.inspect import inspect
from core.catalog.load import BUILT_IN_CONNECTORS, load
from core.catalog.scaffold import HANDLINGS, askable, new
from core.catalog.snapshot import Catalog
from core.contract import LEVELS, Found, Item
from core.errors import UsageError
from core.judge import scenario
from core.judge.coverage import unseen
from core.judge.schema import compile
from core.office.calendar import StateCalendar
from core.office.seed import read_office
from core.settings import Settings
from tests.catalog.world import SCHEMAS

AUDIENCES = (["person"], ["enterprise"], ["person", "enterprise"])
SITES = ("city:decide,town:decide,village:collect", "city:accept", "village:decide,city:decide,town:decide")


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    chosen = Settings(data=tmp_path_factory.mktemp("data"))
    return load(chosen, read_office(chosen.seeds))


def checked(catalog: Catalog, folder: Path) -> Item:
    """The item in the folder, which has no fault and no scenario that fails."""
    found = inspect(
        folder,
        office=catalog.office,
        sources=catalog.sources,
        items=catalog.items,
        connectors=BUILT_IN_CONNECTORS,
        schemas=SCHEMAS,
    )
    assert [str(f) for f in found.faults] == []
    assert found.item is not None
    for name, said in (found.scenarios or {}).items():
        assert scenario.run(found.item, said, catalog.office, StateCalendar()).differences == (), name
    return found.item


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("handling", ["instant", "promised"])
def test_what_may_be_held_once_is_declined_the_second_time(
    catalog: Catalog, tmp_path: Path, handling: str, audience: list[str]
) -> None:
    folder = new("item", "dog-licence", tmp_path / "into", {"handling": handling, "audience": audience, "once": True})
    item = checked(catalog, folder)
    said = {path.stem: json.loads(path.read_text("utf-8")) for path in (folder / "cases").iterdir()}
    declined = [one for one in said.values() if one["expect"]["decision"] == "decline"]
    assert len(declined) == len(audience), "one for each kind of applicant"
    runs = [scenario.run(item, one, catalog.office, StateCalendar()) for one in said.values()]
    assert [one for one in unseen(item, (run.seen_rules for run in runs)) if "/decide" in one] == []
    assert scenario.run(item, declined[0], catalog.office, StateCalendar()).verdict.decision.because.startswith(
        "您2026"
    )


@pytest.mark.parametrize(("handling", "audience"), list(itertools.product(HANDLINGS, AUDIENCES)))
def test_a_new_item_passes_its_own_check_and_scenarios(
    catalog: Catalog, tmp_path: Path, handling: str, audience: list[str]
) -> None:
    folder = new("item", "dog-licence", tmp_path / "into", {"handling": handling, "audience": audience})
    item = checked(catalog, folder)
    assert item.handling == handling
    assert handling == "handoff" or list((folder / "cases").glob("*.json"))


@pytest.mark.parametrize("sites", SITES)
def test_a_new_item_is_offered_where_the_answers_say(catalog: Catalog, tmp_path: Path, sites: str) -> None:
    answers = {"title": "养犬登记", "sources": "natural-person, household", "sites": sites, "themes": "便民"}
    item = checked(catalog, new("item", "dog-licence", tmp_path / "into", answers))
    assert item.title == "养犬登记"
    assert item.routing.sites == dict(pair.split(":") for pair in sites.split(","))
    assert {lookup.source for lookup in item.lookups.values()} <= {"natural-person", "household"}


LEVEL_DUTIES = st.fixed_dictionaries(
    {}, optional={level: st.sampled_from(["decide", "accept", "collect", "forward"]) for level in LEVELS}
).filter(bool)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_answered_the_new_item_is_sound(
    catalog: Catalog, tmp_path_factory: Any, data: st.DataObject
) -> None:
    units = sorted({unit for unit, _ in catalog.office.offices})
    answers = {
        "handling": data.draw(st.sampled_from(HANDLINGS)),
        "audience": (audience := data.draw(st.sampled_from(AUDIENCES))),
        "sources": (sources := data.draw(st.lists(st.sampled_from(sorted(catalog.sources)), unique=True))),
        "sites": data.draw(LEVEL_DUTIES),
        "unit": data.draw(st.sampled_from(units)),
        "themes": data.draw(st.lists(st.sampled_from(sorted(catalog.office.themes.values())), unique=True)),
    }
    if answers["handling"] == "query" and not any(askable(catalog.sources[id], audience) for id in sources):
        with pytest.raises(UsageError, match="Name one that can be asked"):
            new("item", "dog-licence", tmp_path_factory.mktemp("into"), answers, sources=catalog.sources)
        return
    item = checked(
        catalog,
        new(
            "item",
            "dog-licence",
            tmp_path_factory.mktemp("into"),
            answers,
            sources=catalog.sources,
            office=catalog.office,
        ),
    )
    assert item.handling == answers["handling"]


@pytest.mark.parametrize("handling", HANDLINGS)
@pytest.mark.parametrize("audience", AUDIENCES)
def test_every_single_source_makes_a_sound_item(
    catalog: Catalog, tmp_path: Path, handling: str, audience: list[str]
) -> None:
    for id, source in catalog.sources.items():
        if handling != "query" or askable(source, audience):
            answers = {"handling": handling, "audience": audience, "sources": [id]}
            checked(catalog, new("item", f"new-{id}", tmp_path, answers, sources=catalog.sources))


def test_a_new_item_needs_no_answer_at_all(catalog: Catalog, tmp_path: Path) -> None:
    folder = new("item", "dog-licence", tmp_path)
    assert catalog.facts(checked(catalog, folder))["zero_material"]
    assert json.loads((folder / "item.json").read_text(encoding="utf-8"))["$schema"].endswith("item.schema.json")


@pytest.mark.parametrize(
    ("audience", "by"),
    [("person", {"id_number": "11010519491231002X"}), ("enterprise", {"credit_code": "91350100M000100Y43"})],
)
def test_a_new_source_passes_its_own_check_and_answers(tmp_path: Path, audience: str, by: dict[str, str]) -> None:
    folder = new("source", "dog-register", tmp_path / "into", {"title": "犬只登记簿", "audience": audience})
    chosen = Settings(data=tmp_path, plugins=(folder,))
    hooks = Hooks()
    catalog = load(chosen, read_office(chosen.seeds), hooks)
    assert [str(f) for f in catalog.plugins["dog-register"].faults] == []
    source = catalog.sources["dog-register"]
    register = hooks.connectors()["dog-register"](source, {})
    answer = register.ask(by)
    assert isinstance(answer, Found)
    assert answer.value.items() >= by.items()
    assert compile(dict(source.record)).is_valid(answer.value)


@pytest.mark.parametrize("name", ["Dog", "dog licence", "../dog", "", "1dog", "狗"])
def test_a_name_that_cannot_be_an_id_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="id"):
        new("item", name, tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_exists_is_never_written_over(tmp_path: Path) -> None:
    (tmp_path / "dog-licence").mkdir()
    with pytest.raises(UsageError, match="exists"):
        new("item", "dog-licence", tmp_path)


@pytest.mark.parametrize(
    "answers",
    [{"handling": "quick"}, {"audience": "dogs"}, {"sources": "no-such"}, {"sites": "county:decide"}],
)
def test_an_answer_that_means_nothing_is_refused_with_what_there_is(tmp_path: Path, answers: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        new("item", "dog-licence", tmp_path, answers)
    assert list(tmp_path.iterdir()) == []


def test_the_template_itself_is_no_plugin(catalog: Catalog) -> None:
    assert not [id for id in catalog.plugins if "template" in id]
