"""Which lookups are asked: keys, permission, choices, rows, and the order they rest on each other in."""

from __future__ import annotations

from typing import Any

import pytest

from core.contract import Item
from core.judge.plan import waves
from core.judge.rules import rules_of
from core.judge.scenario import run
from tests.judge.town import CALENDAR, OFFICE, elder

FORM: dict[str, Any] = {
    "properties": {
        "no": {"type": "string"},
        "house": {"type": "string", "x-choices": "/lookups/houses/*/certificate"},
        "held": {"type": "string", "x-from": "/lookups/person/spouse"},
        "family": {"type": "array", "items": {"properties": {"n": {"type": "string"}}}},
    },
    "required": [],
}
NAMED = {"n": "/applicant/id_number"}
LOOKUPS: dict[str, Any] = {
    "late": {"by": {"n": "/lookups/person/spouse"}, "take": ["name"]},
    "person": {"by": NAMED, "take": ["spouse"]},
    "constant": {"by": {"kind": {"const": "A"}, **NAMED}, "take": []},
    "agent": {"by": {"n": "/agent/id_number"}, "take": []},
    "houses": {"by": NAMED, "take": ["certificate"], "many": True},
    "picked": {"by": {"c": "/answers/house"}, "take": ["area"]},
    "named": {"by": {"c": "/answers/house", **NAMED}, "take": ["area"]},
    "allowed": {"by": {"no": "/answers/no"}, "take": ["x"], "allowed_when": {"/answers/no": {"pattern": "^A"}}},
    "filled": {"by": {"n": "/answers/held"}, "take": ["x"]},
    "members": {"by": {"n": "/each/n"}, "each": "/answers/family", "take": ["name"]},
    "minors": {
        "by": {"n": "/each/n"},
        "each": "/answers/family",
        "take": ["name"],
        "allowed_when": {"/each/n": {"const": "1"}},
    },
}


def item_of() -> Item:
    declared = {name: {"source": "s", "purpose": name, **lookup} for name, lookup in LOOKUPS.items()}
    return elder(form=FORM, lookups={"lookups": declared}, item={"materials": []}, routing={"decide": [], "steps": []})


ITEM = item_of()


def asked(name: str, answers: Any = None, **more: Any) -> Any:
    facts = {"applicant": {"id_number": "1"}, "answers": answers or {}, "lookups": {}, "outcomes": {}, **more}
    made = rules_of(ITEM).plan[name].keys(facts, CALENDAR)
    return made if LOOKUPS[name].get("each") else next(iter(made), None)


def test_a_key_is_put_together_from_pointers_and_constants() -> None:
    assert asked("constant") == {"kind": "A", "n": "1"}
    assert asked("person") == {"n": "1"}


@pytest.mark.parametrize("applicant", [{}, {"id_number": None}, {"id_number": ""}])
def test_a_pointer_that_finds_nothing_asks_nothing(applicant: dict[str, Any]) -> None:
    assert asked("person", applicant=applicant) is None
    assert asked("agent") is None


def test_an_answer_asks_only_where_it_is_allowed() -> None:
    assert asked("allowed", {"no": "A1"}) == {"no": "A1"}
    assert asked("allowed", {"no": "B1"}) is None
    assert asked("allowed") is None


def test_a_picked_answer_asks_only_when_it_was_among_the_choices() -> None:
    found = {"lookups": {"houses": [{"certificate": "A"}]}}
    assert asked("picked", {"house": "A"}, **found) == {"c": "A"}
    assert asked("picked", {"house": "Z"}, **found) is None
    assert asked("named", {"house": "Z"}, **found) == {"c": "Z", "n": "1"}, "it names the applicant as well"


def test_rows_are_asked_one_by_one() -> None:
    rows = {"family": [{"n": "1"}, {"n": "2"}, {}]}
    assert asked("members", rows) == [{"n": "1"}, {"n": "2"}, None]
    assert asked("minors", rows) == [{"n": "1"}, None, None]
    assert asked("minors", {"family": [{"n": "2"}]}) == [None]
    nothings: list[Any] = [{}, {"family": []}, {"family": "x"}, {"family": [{}]}]
    for nothing in nothings:
        assert not any(asked("members", nothing))


def test_each_comes_after_what_it_rests_on() -> None:
    order = rules_of(ITEM).order
    assert sorted(order) == sorted(LOOKUPS)
    assert order.index("person") < order.index("late")
    assert waves(rules_of(ITEM).plan)[1] == ("late", "picked", "filled")
    assert order.index("person") < order.index("filled"), "an answer that is filled rests on its lookup"


def test_a_circle_is_not_followed() -> None:
    circle = {
        "a": {"source": "s", "by": {"n": "/lookups/b/x"}, "take": ["x"]},
        "b": {"source": "s", "by": {"n": "/lookups/a/x"}, "take": ["x"]},
    }
    rules = rules_of(elder(lookups={"lookups": circle}))
    assert waves(rules.plan) == ()
    assert rules.order == ("a", "b")


def test_lookups_that_answers_stand_before_are_known() -> None:
    rules = rules_of(ITEM)
    assert rules.by_answers == {"picked", "named", "allowed", "filled", "members", "minors"}


# --- the same in a scenario ------------------------------------------------------------------------------


def told(answers: Any = None, consents: Any = None, **lookups: Any) -> dict[str, Any]:
    scenario: dict[str, Any] = {
        "title": "x",
        "applicant": {"kind": "person", "id_number": "1"},
        "answers": answers or {},
        "lookups": lookups,
        "expect": {},
    }
    if consents is not None:
        scenario["consents"] = consents
    return {name: (e.outcome, e.value) for name, e in run(ITEM, scenario, OFFICE, CALENDAR).evidence.items()}


def test_what_is_not_named_is_empty_and_a_list_is_found_empty() -> None:
    made = told()
    assert made["person"] == ("empty", None)
    assert made["houses"] == ("found", [])
    assert "late" not in made
    assert "members" not in made


def test_one_lookup_opens_the_next() -> None:
    made = told(person={"found": {"spouse": "2"}}, late={"found": {"name": "乙", "secret": 1}})
    assert made["late"] == ("found", {"name": "乙"})
    assert made["filled"] == ("empty", None), "the filled answer asked"


def test_rows_that_are_not_named_found_nothing() -> None:
    made = told({"family": [{"n": "1"}, {"n": "2"}]})
    assert made["members"] == ("found", [None, None])
    made = told({"family": [{"n": "1"}, {"n": "2"}]}, members={"found": [{"name": "甲", "age": 1}, None]})
    assert made["members"] == ("found", [{"name": "甲"}, None])
    assert told({"family": [{"n": "1"}]}, members="down")["members"] == ("down", None)


def test_a_consent_that_is_not_listed_was_refused() -> None:
    declared = {"secret": {"source": "s", "by": NAMED, "take": ["x"], "consent": True}}
    item = elder(lookups={"lookups": declared}, item={"materials": []}, routing={"decide": [], "steps": []})
    scenario = {"applicant": {"id_number": "1"}, "lookups": {"secret": {"found": {"x": 1}}}, "expect": {}}
    assert run(item, scenario, OFFICE, CALENDAR).evidence["secret"].outcome == "found"
    assert run(item, {**scenario, "consents": []}, OFFICE, CALENDAR).evidence["secret"].outcome == "refused"
