"""Filling: held, declared, hidden, suggested, picked."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract import Item, Problem
from core.judge.fields import fields_of
from core.judge.filling import Filling, apply, choice_problems, fill, must_find_problems
from core.judge.verdict import judge
from tests.judge.town import CALENDAR, OFFICE, TODAY, elder

LOOKUPS: dict[str, Any] = {
    "person": {
        "source": "p",
        "by": {"n": "/applicant/id_number"},
        "take": ["name", "phone", "address"],
        "purpose": "核对",
    },
    "houses": {"source": "h", "by": {"n": "/applicant/id_number"}, "take": ["certificate"], "many": True},
    "house": {
        "source": "h",
        "by": {"c": "/answers/house"},
        "take": ["owner"],
        "must_find": "/answers/house",
        "purpose": "核对房屋",
    },
    "members": {
        "source": "p",
        "by": {"n": "/each/n"},
        "each": "/answers/family",
        "take": ["name"],
        "must_find": "/answers/family/*/n",
    },
}
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "x-from": "/lookups/person/name"},
        "agent": {"type": "string", "x-from": "/agent/name"},
        "kind": {"type": "string", "x-from": "/applicant/kind"},
        "phone": {"type": "string", "x-suggest": "/lookups/person/phone"},
        "house": {"type": "string", "x-choices": "/lookups/houses/*/certificate"},
        "owner": {"type": "string", "x-from": "/lookups/house/owner"},
        "home": {
            "type": "object",
            "properties": {"street": {"type": "string", "x-from": "/lookups/person/address/street"}},
        },
        "family": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "n": {"type": "string"},
                    "name": {"type": "string", "x-from": "/lookups/members/*/name"},
                    "same": {"type": "string", "x-from": "/lookups/members/name"},
                },
                "required": ["n", "name"],
            },
        },
    },
    "required": ["name", "owner"],
}


def item_of(form: dict[str, Any] = FORM) -> Item:
    return elder(form=form, lookups={"lookups": LOOKUPS}, item={"materials": []}, routing={"decide": [], "rules": []})


ITEM = item_of()


def facts(answers: dict[str, Any] | None = None, **lookups: Any) -> dict[str, Any]:
    return {
        "applicant": {"kind": "person", "id_number": "1"},
        "answers": answers or {},
        "lookups": {n: v for n, v in lookups.items() if not isinstance(v, str)},
        "outcomes": {n: v if isinstance(v, str) else "found" for n, v in lookups.items()},
        "today": "2026-11-23",
    }


def test_what_a_lookup_found_is_held() -> None:
    filling = fill(ITEM, facts(person={"name": "甲", "phone": "13900000000", "address": {"street": "虚路1号"}}))
    assert filling.values["/name"] == "甲"
    assert filling.held["/name"] == "person"
    assert filling.values["/home/street"] == "虚路1号"
    assert filling.suggested == {"/phone": "13900000000"}
    assert filling.values["/kind"] == "person"
    assert filling.held["/kind"] == "applicant"


@pytest.mark.parametrize("ended", ["empty", "down", "refused", {"name": None}, {}])
def test_a_lookup_that_gave_nothing_leaves_a_declared_question(ended: Any) -> None:
    filling = fill(ITEM, facts(person=ended))
    assert "/name" in filling.declared
    assert "/name" not in filling.held
    assert filling.suggested == {}


def test_a_lookup_that_was_not_asked_leaves_no_question() -> None:
    filling = fill(ITEM, facts(person={"name": "甲"}))
    assert "/owner" in filling.hidden
    assert "/agent" in filling.hidden, "nobody acts for him"
    assert {"/name", "/owner"} & filling.declared == set()


def test_the_servers_value_stands_and_what_is_no_question_is_left_out() -> None:
    written = {"name": "伪造", "owner": "伪造", "phone": "13900000001"}
    filling = fill(ITEM, facts(written, person={"name": "甲"}))
    assert apply(filling, written) == {"name": "甲", "kind": "person", "phone": "13900000001"}
    assert written["name"] == "伪造", "the draft keeps what was written"


def test_nothing_is_wrong_with_a_required_field_that_is_no_question() -> None:
    verdict = judge(ITEM, facts(person={"name": "甲"}), OFFICE, CALENDAR, today=TODAY)
    assert verdict.problems == ()
    verdict = judge(ITEM, facts(person="down"), OFFICE, CALENDAR, today=TODAY)
    assert [p.at for p in verdict.problems] == ["/name"]


def test_what_was_found_can_be_picked_and_nothing_else() -> None:
    found = facts({"house": "B"}, houses=[{"certificate": "A"}, {"certificate": "B"}, {"certificate": "A"}, {}])
    filling = fill(ITEM, found)
    assert filling.choices == {"/house": [{"value": "A", "title": "A"}, {"value": "B", "title": "B"}]}
    assert choice_problems(filling, {"house": "B"}) == ()
    assert choice_problems(filling, {}) == ()
    (problem,) = choice_problems(filling, {"house": "Z"})
    assert (problem.at, problem.keyword, problem.message) == ("/house", "x-choices", "请从列出的选项中选择。")


def test_several_can_be_picked_and_a_held_value_is_nobodys_pick() -> None:
    filling = Filling(choices={"/a": [{"value": "A", "title": "A"}], "/rows/*/a": []})
    assert choice_problems(filling, {"a": ["A"]}) == ()
    assert len(choice_problems(filling, {"a": ["A", "Z"]}, "en")) == 1
    held = Filling(choices=filling.choices, values={"/a": "Z"}, held={"/a": "person"})
    assert choice_problems(held, {"a": "Z"}) == ()


@pytest.mark.parametrize("houses", [[], "down", "empty"])
def test_where_nothing_was_found_to_pick_from_it_is_a_plain_question(houses: Any) -> None:
    filling = fill(ITEM, facts({"house": "Z"}, houses=houses))
    assert filling.choices == {}
    assert choice_problems(filling, {"house": "Z"}) == ()


def test_rows_are_filled_each_by_its_own_record() -> None:
    rows = {"family": [{"n": "1"}, {"n": "2", "name": "自填"}, {"n": "3"}]}
    filling = fill(ITEM, facts(rows, members=[{"name": "甲"}, None]))
    assert filling.values["/family/0/name"] == "甲"
    assert filling.values["/family/0/same"] == "甲", "without * the row's own record is meant"
    assert {"/family/1/name", "/family/1/same"} <= filling.declared
    assert {"/family/2/name", "/family/2/same"} <= filling.hidden, "a row added since was not asked for yet"
    assert apply(filling, rows)["family"] == [
        {"n": "1", "name": "甲", "same": "甲"}, {"n": "2", "name": "自填"}, {"n": "3"},
    ]  # fmt: skip


def test_a_whole_list_can_be_held() -> None:
    form = {"properties": {"all": {"type": "array", "x-from": "/lookups/houses"}}, "required": []}
    filling = fill(item_of(form), facts(houses=[{"certificate": "A"}]))
    assert filling.values == {"/all": [{"certificate": "A"}]}


def test_an_empty_lookup_that_must_find_is_a_problem_at_its_field() -> None:
    (problem,) = must_find_problems(ITEM, facts({"house": "Z"}, house="empty"))
    assert problem == Problem("/house", "must_find", "“核对房屋”没有查到记录，请核对填写的内容。")
    assert must_find_problems(ITEM, facts({"house": "Z"}, house="down")) == ()
    assert must_find_problems(ITEM, facts({"house": "Z"}, house={"owner": "x"})) == ()
    rows = {"family": [{"n": "1"}, {"n": "2"}]}
    at = [p.at for p in must_find_problems(ITEM, facts(rows, members=[{"name": "甲"}, None]))]
    assert at == ["/family/1/n"]


def test_a_row_without_a_record_is_named_where_the_whole_list_must_be_found() -> None:
    lookups = {**LOOKUPS, "members": {**LOOKUPS["members"], "must_find": "/answers/family", "purpose": "核对同户"}}
    item = elder(form=FORM, lookups={"lookups": lookups}, item={"materials": []}, routing={"decide": []})
    made = facts({"family": [{"n": "1"}, {"n": "2"}]}, members=[{"name": "甲"}, None])
    told = [(p.at, p.message) for p in must_find_problems(item, made)]
    assert told == [("/family", "第2行：“核对同户”没有查到记录，请核对这一行填写的内容。")]
    (english,) = must_find_problems(item, made, "en")
    assert english.message.startswith("Row 2: ")


def test_declared_values_are_known_to_the_verdict() -> None:
    decide = [{"when": {"/answers/name": {"const": "甲"}}, "outcome": "approve", "because": "同名"}]
    item = elder(form=FORM, lookups={"lookups": LOOKUPS}, item={"materials": []}, routing={"decide": decide})
    held = judge(item, facts(person={"name": "甲"}), OFFICE, CALENDAR, today=TODAY)
    assert held.decision.outcome == "approve"
    declared = judge(item, facts({"name": "甲"}, person="down"), OFFICE, CALENDAR, today=TODAY)
    assert (declared.decision.outcome, declared.decision.rule) == ("review", None)


VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=3)),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["name", "n", "owner", "house", "family", "street"]), inner, max_size=4),
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["name", "home", "family", "house", "owner", "kind"]), VALUES), VALUES)
def test_whatever_is_posted_the_servers_values_stand(posted: dict[str, Any], members: Any) -> None:
    lookups = {"person": {"name": "甲", "address": {"street": "路"}}}
    made = facts(posted, **lookups)
    made["lookups"]["members"], made["outcomes"]["members"] = members, "found"
    filling = fill(ITEM, made)
    answers = apply(filling, posted)
    assert answers["name"] == "甲"
    assert answers["home"] == {**(posted["home"] if isinstance(posted.get("home"), dict) else {}), "street": "路"}
    assert "owner" not in answers
    assert apply(filling, answers) == answers
    judge(ITEM, made, OFFICE, CALENDAR, today=TODAY)


# --- fields ----------------------------------------------------------------------------


def test_fields_are_found_behind_references_branches_and_rows() -> None:
    form = {
        "$defs": {
            "who": {"type": "object", "properties": {"name": {"x-from": "/lookups/a/name"}}},
            "tree": {"properties": {"child": {"$ref": "#/$defs/tree"}, "tag": {"x-suggest": "/lookups/a/tag"}}},
        },
        "properties": {
            "one": {"$ref": "#/$defs/who"},
            "rows": {"items": {"$ref": "#/$defs/who"}},
            "t": {"$ref": "#/$defs/tree"},
        },
        "if": {"properties": {"never": {"x-from": "/lookups/a/b"}}},
        "then": {"properties": {"then": {"x-choices": "/lookups/a/c"}}},
        "allOf": [{"properties": {"all": {"x-from": "/lookups/a/d"}}}],
        "dependentSchemas": {"one": {"properties": {"dep": {"x-from": "/lookups/a/e"}}}},
    }
    places = {f.pointer for f in fields_of(form)}
    assert {"/one/name", "/rows/*/name", "/then", "/all", "/dep", "/t/tag", "/t/child/tag"} <= places
    assert "/never" not in places
    assert len(places) < 40, "recursion is bounded"


def test_a_form_that_branches_without_end_is_followed_only_so_far() -> None:
    branches = {name: {"$ref": "#"} for name in "abcdefgh"}
    form = {"properties": {"x": {"x-from": "/lookups/a/x"}, **branches}}
    assert fields_of(form)[0].pointer == "/x"


@pytest.mark.parametrize("form", [True, {}, {"$ref": "#/nowhere"}, {"properties": 3, "items": [], "allOf": {}}])
def test_a_form_that_says_nothing_has_no_fields(form: Any) -> None:
    assert fields_of(form) == ()


def test_an_empty_filling_says_so() -> None:
    assert not Filling()
    assert Filling(hidden=frozenset({"/a"}))
