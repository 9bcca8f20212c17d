"""What an item's lookups give: outcomes, order, consent, rows, and only the fields that were declared."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from core.catalog.bundle import read_source
from core.contract import Evidence, Source
from core.sources.engine import Sources, plan, with_evidence
from tests.sources.conftest import CALENDAR, ELDER, PERSON, facts, item, lookup, source

SCHEMA = json.loads((Path(__file__).parents[2] / "schemas" / "source.schema.json").read_text("utf-8"))

pytestmark = pytest.mark.anyio
Town = Callable[..., Sources]


async def ask(town: Sources, lookups: dict[str, Any], given: dict[str, Any] | None = None, **more: Any) -> Any:
    form = more.pop("form", None)
    return await town.ask(item(lookups, form), given or facts(), calendar=CALENDAR, **more)


async def test_a_statement_without_a_column_for_a_required_field_says_which_it_gives(town: Town) -> None:
    select = "SELECT id_number AS ZJHM, name FROM person WHERE id_number = :id_number"
    wrong = source(settings={"url": "sqlite://${REGISTER}", "select": select})
    answer = await town(wrong).probe("natural-person", {"id_number": ELDER})
    assert (answer.outcome, answer.reason) == (
        "down",
        "the statement gives no column id_number; it gives ZJHM, name: name each column as its field (… AS id_number)",
    )


async def test_a_person_is_found_with_only_the_fields_taken(town: Town, person: Source) -> None:
    evidence = (await ask(town(person), {"person": lookup(take=["name", "alive"])}))["person"]
    assert evidence.outcome == "found"
    assert evidence.value == {"name": "张试", "alive": True}
    assert (evidence.source, evidence.purpose, evidence.basis) == ("natural-person", "核对", "试验")
    assert evidence.recorded_at == "2026-10-01"
    assert len(evidence.digest) == 64
    assert evidence.asked_at.endswith("+00:00")
    assert Evidence.from_json(evidence.as_json()) == evidence


async def test_a_field_the_record_leaves_out_is_null(town: Town, person: Source) -> None:
    given = facts(applicant={"id_number": "320583194202020025"})
    evidence = (await ask(town(person), {"person": lookup(take=["spouse_id", "nothing"])}, given))["person"]
    assert evidence.value == {"spouse_id": None, "nothing": None}


async def test_nobody_by_that_number_is_empty(town: Town, person: Source) -> None:
    evidence = await ask(town(person), {"person": lookup()}, facts(applicant={"id_number": "1"}))
    assert (evidence["person"].outcome, evidence["person"].value, evidence["person"].digest) == ("empty", None, "")


async def test_two_records_where_one_was_asked_is_down(town: Town, person: Source) -> None:
    evidence = await ask(town(person), {"person": lookup()}, facts(applicant={"id_number": "320583195003030031"}))
    assert evidence["person"].outcome == "down"
    assert "more than one record" in evidence["person"].reason


async def test_a_record_that_breaks_the_schema_is_down_and_says_where(town: Town, person: Source) -> None:
    evidence = await ask(town(person), {"person": lookup()}, facts(applicant={"id_number": "320583196004040044"}))
    assert evidence["person"].outcome == "down"
    assert "/birth_date (format)" in evidence["person"].reason
    assert "no date" not in evidence["person"].reason


async def test_many_gives_a_list_and_none_is_an_empty_list(town: Town, person: Source) -> None:
    lookups = {"them": lookup(many=True)}
    found = await ask(town(person), lookups, facts(applicant={"id_number": "320583195003030031"}))
    assert found["them"].value == [{"name": "王试"}, {"name": "王试二"}]
    none = await ask(town(person), lookups, facts(applicant={"id_number": "1"}))
    assert (none["them"].outcome, none["them"].value) == ("found", [])


async def test_a_lookup_follows_the_one_its_pointer_names(town: Town, person: Source) -> None:
    lookups = {
        "spouse": lookup(by={"id_number": "/lookups/person/spouse_id"}),
        "person": lookup(take=["spouse_id"]),
    }
    assert plan(item(lookups)) == (("person",), ("spouse",))
    evidence = await ask(town(person), lookups)
    assert evidence["spouse"].value == {"name": "李试"}
    assert list(evidence) == ["spouse", "person"]


async def test_a_lookup_whose_pointer_finds_nothing_is_not_asked(town: Town, person: Source) -> None:
    lookups = {"person": lookup(take=["spouse_id"]), "spouse": lookup(by={"id_number": "/lookups/person/spouse_id"})}
    evidence = await ask(town(person), lookups, facts(applicant={"id_number": "320583194202020025"}))
    assert list(evidence) == ["person"]


async def test_a_lookup_is_asked_only_where_its_condition_holds(town: Town, person: Source) -> None:
    lookups = {
        "person": lookup(take=["alive"]),
        "again": lookup(allowed_when={"/lookups/person/alive": {"const": True}}),
    }
    assert set(await ask(town(person), lookups)) == {"person", "again"}
    dead = facts(applicant={"id_number": "320583194202020025"})
    assert set(await ask(town(person), lookups, dead)) == {"person"}


async def test_without_consent_the_outcome_is_refused_and_no_source_is_asked(town: Town, person: Source) -> None:
    sources = town(person)
    lookups = {"person": lookup(consent=True)}
    refused = await ask(sources, lookups)
    assert refused["person"].outcome == "refused"
    assert sources.states()[0].counts == {}
    agreed = await ask(sources, lookups, consents=["person"], already=refused)
    assert agreed["person"].outcome == "found"
    withdrawn = await ask(sources, lookups, already=agreed)
    assert withdrawn["person"].outcome == "refused"


async def test_each_row_is_asked_and_the_list_stays_aligned(town: Town, person: Source) -> None:
    lookups = {"them": lookup(by={"id_number": "/each/id"}, each="/answers/rows")}
    rows = [{"id": ELDER}, {"id": "1"}, {}, {"id": "320583194202020025"}]
    evidence = await ask(town(person), lookups, facts(answers={"rows": rows}))
    assert evidence["them"].value == [{"name": "张试"}, None, None, {"name": "李试"}]
    assert await ask(town(person), lookups, facts(answers={"rows": []})) == {}
    broken = facts(answers={"rows": [{"id": ELDER}, {"id": "320583195003030031"}]})
    assert (await ask(town(person), lookups, broken))["them"].outcome == "down"
    many = {"them": {**lookups["them"], "many": True}}
    evidence = await ask(town(person), many, facts(answers={"rows": rows[:2]}))
    assert evidence["them"].value == [[{"name": "张试"}], []]


async def test_too_many_rows_are_not_asked(town: Town, person: Source) -> None:
    lookups = {"them": lookup(by={"id_number": "/each/id"}, each="/answers/rows")}
    evidence = await ask(town(person), lookups, facts(answers={"rows": [{"id": str(n + 1)} for n in range(101)]}))
    assert evidence["them"].outcome == "down"


async def test_an_answer_is_reused_while_young_and_asked_again_when_the_question_changed(
    town: Town, person: Source
) -> None:
    sources = town(person)
    lookups = {"person": lookup()}
    first = await ask(sources, lookups)
    again = await ask(sources, lookups, already=first)
    assert again["person"] is first["person"]
    other = await ask(sources, lookups, facts(applicant={"id_number": "320583194202020025"}), already=first)
    assert other["person"].value == {"name": "李试"}
    old = Evidence.from_json({**first["person"].as_json(), "asked_at": "2026-01-01T00:00:00+00:00"})
    assert (await ask(sources, lookups, already={"person": old}))["person"] is not old
    wider = await ask(sources, {"person": lookup(take=["name", "alive"])}, already=first)
    assert wider["person"].value == {"name": "张试", "alive": True}


async def test_an_answer_picked_from_choices_may_be_asked_by_and_no_other(town: Town, person: Source) -> None:
    form = {"type": "object", "properties": {"whom": {"type": "string", "x-choices": "/lookups/person/spouse_id"}}}
    lookups = {"person": lookup(take=["spouse_id"]), "whom": lookup(by={"id_number": "/answers/whom"})}
    picked = await ask(town(person), lookups, facts(answers={"whom": "320583194202020025"}), form=form)
    assert picked["whom"].value == {"name": "李试"}
    typed = await ask(town(person), lookups, facts(answers={"whom": ELDER}), form=form)
    assert "whom" not in typed
    public = source(settings=dict(person.settings), public=["id_number"])
    assert "whom" in await ask(town(public), lookups, facts(answers={"whom": ELDER}), form=form)


async def test_a_filled_answer_is_read_where_the_server_filled_it_from(town: Town, person: Source) -> None:
    form = {"type": "object", "properties": {"spouse": {"type": "string", "x-from": "/lookups/person/spouse_id"}}}
    lookups = {"person": lookup(take=["spouse_id"]), "spouse": lookup(by={"id_number": "/answers/spouse"})}
    evidence = await ask(town(person), lookups, facts(answers={"spouse": ELDER}), form=form)
    assert evidence["spouse"].value == {"name": "李试"}


async def test_a_question_that_does_not_fit_is_never_asked(town: Town, person: Source) -> None:
    sources = town(person)
    wrong = facts(applicant={"id_number": 5})
    evidence = await ask(sources, {"person": lookup()}, wrong)
    assert (evidence["person"].outcome, "query schema" in evidence["person"].reason) == ("down", True)
    sought = await ask(sources, {"person": lookup(must_find="/answers/no")}, wrong)
    assert sought["person"].outcome == "empty"
    assert sources.states()[0].counts == {"misfit": 2}


async def test_a_circle_and_a_missing_source_hold_nothing_up(town: Town, person: Source) -> None:
    lookups = {
        "a": lookup(by={"id_number": "/lookups/b/name"}),
        "b": lookup(by={"id_number": "/lookups/a/name"}),
        "gone": lookup("gone"),
        "person": lookup(),
    }
    evidence = await ask(town(person), lookups)
    assert {name: e.outcome for name, e in evidence.items()} == {"gone": "down", "person": "found"}
    assert plan(item(lookups)) == (("gone", "person"),)


async def test_facts_take_in_the_evidence(town: Town, person: Source) -> None:
    evidence = await ask(town(person), {"person": lookup(), "gone": lookup("gone")})
    assert with_evidence(facts(), evidence)["lookups"] == {"person": {"name": "张试"}}
    assert with_evidence(facts(), evidence)["outcomes"] == {"person": "found", "gone": "down"}


async def test_an_address_that_nobody_set_is_down_and_says_which(town: Town, person: Source) -> None:
    unset = source(settings={"url": "${NOBODY_SET_THIS}", "select": "SELECT 1"})
    evidence = await ask(town(unset), {"person": lookup()})
    assert "NOBODY_SET_THIS is not set" in evidence["person"].reason


async def test_a_relation_of_a_record_that_does_not_stand_as_it_must_is_none(town: Town) -> None:
    """A guardianship that has ended: the row is still there and still names the person."""
    select = "SELECT id_number, name, spouse_id FROM person WHERE id_number = :id_number"
    for name, answer in (("张试", "found"), ("另一个人", "empty")):
        relation = {
            "kind": "spouse",
            "by": {"id_number": "/applicant/id_number"},
            "holder": "/spouse_id",
            "when": {"/name": {"const": name}},
        }
        held = source(settings={"url": "sqlite://${REGISTER}", "select": select}, relation=relation)
        assert (await town(held).relation("spouse", "320583194202020025", {"id_number": ELDER})).name == answer, name


async def test_a_register_that_holds_several_rows_of_a_relation_says_so(town: Town, register: Path) -> None:
    """Two guardians, or one whose row has ended beside the one who is: any row that stands as it must will do."""
    two, actor = "320583195003030031", "320583194202020025"
    with closing(sqlite3.connect(register)) as connection, connection:
        connection.execute("UPDATE person SET spouse_id = ? WHERE name = '王试二'", (actor,))
    select = "SELECT id_number, name, spouse_id FROM person WHERE id_number = :id_number"
    relation = {"kind": "guardian", "by": {"id_number": "/applicant/id_number"}, "holder": "/spouse_id"}
    for more, actor_is in ((True, "found"), (False, "down")):
        said = {**relation, "many": True} if more else relation
        declared = {"contract": 1, "title": "x", "unit": "civil-affairs", "connector": "sql", **PERSON}
        declared |= {"settings": {"url": "sqlite://${REGISTER}", "select": select}, "relation": said}
        assert list(Draft202012Validator(SCHEMA).iter_errors(declared)) == []
        sources = town(read_source("natural-person", declared, ""))
        assert (await sources.relation("guardian", actor, {"id_number": two})).name == actor_is
        assert (await sources.relation("guardian", ELDER, {"id_number": two})).name == ("empty" if more else "down")


async def test_a_relation_holds_where_the_register_names_the_actor(town: Town, register: Any) -> None:
    relation = {"kind": "guardian", "by": {"id_number": "/applicant/id_number"}, "holder": "/spouse_id"}
    select = "SELECT id_number, name, spouse_id FROM person WHERE id_number = :id_number"
    held = source(settings={"url": "sqlite://${REGISTER}", "select": select}, relation=relation)
    sources = town(held)
    found = await sources.relation("guardian", "320583194202020025", {"id_number": ELDER})
    assert (found.name, getattr(found, "value", None)) == ("found", {"kind": "guardian", "source": "natural-person"})
    assert (await sources.relation("guardian", "320583195003030031", {"id_number": ELDER})).name == "empty"
    assert (await sources.relation("guardian", "", {"id_number": ELDER})).name == "empty"
    assert (await sources.relation("legal_representative", ELDER, {"credit_code": "1"})).name == "empty"
    register.unlink()
    other = town(held)
    assert (await other.relation("guardian", "320583194202020025", {"id_number": ELDER})).name == "down"


async def test_one_register_says_several_relations_each_by_its_own_rows(town: Town) -> None:
    select = "SELECT id_number, name, spouse_id FROM person WHERE id_number = :id_number"
    told = {"by": {"id_number": "/applicant/id_number"}, "holder": "/spouse_id"}
    relation = [
        {"kind": "child", **told, "when": {"/name": {"const": "另一个人"}}},
        {"kind": "parent", **told, "when": {"/name": {"const": "张试"}}},
    ]
    sources = town(source(settings={"url": "sqlite://${REGISTER}", "select": select}, relation=relation))
    names = {
        kind: (await sources.relation(kind, "320583194202020025", {"id_number": ELDER})).name
        for kind in ("child", "parent", "heir")
    }
    assert names == {"child": "empty", "parent": "found", "heir": "empty"}


async def test_a_probe_shows_the_whole_record(town: Town, person: Source) -> None:
    evidence = await town(person).probe("natural-person", {"id_number": ELDER})
    assert evidence.value["spouse_id"] == "320583194202020025"


async def test_our_own_secrets_are_no_names_for_a_source(town: Town) -> None:
    greedy = source(settings={"url": "sqlite://${LINGBAN_SECRET_KEY}", "select": "SELECT 1"})
    sources = town(greedy, environment={"LINGBAN_SECRET_KEY": "k" * 40})
    evidence = await ask(sources, {"person": lookup()})
    assert evidence["person"].reason == "LINGBAN_SECRET_KEY is not set in the environment"
    assert sources.states()[0].state == "unset"
