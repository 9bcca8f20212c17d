"""Materials: what proves them, what happens when nothing does, and when an item is zero-material."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.catalog.bundle import read_item
from core.contract import Item, MaterialState
from core.judge.materials import blocking_lookups, is_zero_material, judge_materials, was_zero_material
from core.judge.terms import deadline
from tests.judge.town import CALENDAR, TODAY, elder

LOOKUPS: dict[str, Any] = {
    name: {"source": "s", "by": {"id": "/applicant/id_number"}, "take": ["a", "b"], "purpose": f"核对{name}"}
    for name in ("one", "two", "three")
}
LOOKUPS["list"] = {**LOOKUPS["one"], "many": True}


def item_of(*materials: dict[str, Any]) -> Item:
    return elder(
        item={"materials": [{"id": f"m{n}", "title": f"材料{n}", **m} for n, m in enumerate(materials)]},
        lookups={"lookups": LOOKUPS},
        form={"properties": {}, "required": []},
    )


def facts(**lookups: Any) -> dict[str, Any]:
    """An outcome's name, or what was found."""
    return {
        "lookups": {n: v for n, v in lookups.items() if not isinstance(v, str)},
        "outcomes": {n: v if isinstance(v, str) else "found" for n, v in lookups.items()},
        "answers": {"kind": "lease", "seller": "x"},
    }


def states(
    material: dict[str, Any], *, given: Any = (), promised: Any = (), confirmed: Any = (), **lookups: Any
) -> tuple[MaterialState, ...]:
    return judge_materials(
        item_of(material), facts(**lookups), CALENDAR, given=given, promised=promised, confirmed=confirmed
    )


def state(material: dict[str, Any], **more: Any) -> MaterialState:
    (only,) = states(material, **more)
    return only


WHOLE = {"a": 1, "b": 2}


@pytest.mark.parametrize(
    ("value", "status"),
    [
        (WHOLE, "proved"),
        ({"a": 1, "b": None}, "upload"),
        ({"a": 1}, "upload"),
        ({"a": 0, "b": False}, "proved"),
        ("empty", "upload"),
        ("down", "upload"),
        ("refused", "upload"),
    ],
)
def test_without_valid_when_no_taken_field_may_be_null(value: Any, status: str) -> None:
    assert state({"proved_by": "one"}, one=value).status == status


def test_valid_when_alone_says_whether_the_record_proves_it() -> None:
    material = {"proved_by": "one", "valid_when": {"/lookups/one/a": {"const": 1}}}
    assert state(material, one={"a": 1, "b": None}).status == "proved"
    assert state(material, one={"a": 2, "b": 2}).status == "upload"
    assert state(material, one="down").status == "upload"


@pytest.mark.parametrize(
    ("rows", "status"),
    [([], "proved"), ([WHOLE], "proved"), ([WHOLE, {"a": None, "b": 1}], "upload"), ([WHOLE, None], "upload"),
     ([[WHOLE], []], "proved"), ([[WHOLE], [{"a": None}]], "upload")],
)  # fmt: skip
def test_a_list_proves_when_no_row_has_a_gap(rows: Any, status: str) -> None:
    assert state({"proved_by": "list"}, list=rows).status == status


def test_a_list_of_lookups_proves_together_and_an_inner_list_by_any_one() -> None:
    both = {"proved_by": ["one", "two"]}
    assert state(both, one=WHOLE, two=WHOLE).by == ("one", "two")
    assert state(both, one=WHOLE, two="empty").status == "upload"
    either = {"proved_by": ["one", ["two", "three"]]}
    assert state(either, one=WHOLE, two="empty", three=WHOLE).by == ("one", "three")
    assert state(either, one=WHOLE, two=WHOLE, three="down").by == ("one", "two")
    assert state(either, one=WHOLE, two="empty", three="empty").status == "upload"
    assert state(either, one="empty", two=WHOLE, three=WHOLE).status == "upload"


def test_a_lookup_that_was_not_asked_proves_nothing() -> None:
    only = state({"proved_by": "one"})
    assert (only.status, only.open) == ("upload", True)
    assert "没有调取" in only.because


@pytest.mark.parametrize(
    ("fallback", "status", "open_", "days", "confirm"),
    [
        ("upload", "upload", True, None, ()),
        ("staff", "staff", True, None, ()),
        ("promise", "upload", True, None, ()),
        ({"later": 10}, "later", True, 10, ()),
        ({"confirm": "/answers/seller"}, "confirm", True, None, ("/answers/seller",)),
        ({"empty": "staff", "down": "promise"}, "staff", True, None, ()),
        ({"down": "staff"}, "upload", True, None, ()),
        ({"empty": {"later": 5}}, "later", True, 5, ()),
        ({}, "upload", True, None, ()),
    ],
)
def test_what_nothing_proves_falls_back(
    fallback: Any, status: str, open_: bool, days: int | None, confirm: tuple[str, ...]
) -> None:
    only = state({"proved_by": "one", "fallback": fallback}, one="empty")
    assert (only.status, only.open, only.days, only.confirm) == (status, open_, days, confirm)


@pytest.mark.parametrize(
    ("ended", "status"), [("down", "staff"), ("refused", "upload"), ("empty", "later"), ({"a": None}, "confirm")]
)
def test_each_outcome_may_have_its_own_fallback(ended: Any, status: str) -> None:
    fallback = {"down": "staff", "empty": {"later": 3}, "found": {"confirm": "/answers/seller"}}
    assert state({"proved_by": "one", "fallback": fallback}, one=ended).status == status


def test_of_several_answers_the_one_that_may_still_come_names_the_fallback() -> None:
    material = {"proved_by": [["one", "two"]], "fallback": {"down": "staff", "empty": "upload"}}
    assert state(material, one="empty", two="down").status == "staff"
    assert state(material, one="empty", two="empty").status == "upload"


def test_without_proved_by_it_starts_at_its_fallback() -> None:
    assert state({}).status == "upload"
    assert state({"fallback": "staff"}).status == "staff"
    assert state({"fallback": {"later": 7}}).days == 7


def test_a_promise_is_a_promise_once_made_and_upload_before() -> None:
    material = {"proved_by": "one", "fallback": {"down": "promise", "empty": "upload"}}
    before = state(material, one="down")
    assert (before.status, before.open, before.may_promise) == ("upload", True, True)
    made = state(material, one="down", promised=["m0"])
    assert (made.status, made.open, made.may_promise) == ("promise", False, False)
    # Where the fallback is another, there is nothing to promise.
    other = state(material, one="empty", promised=["m0"])
    assert (other.status, other.open, other.may_promise) == ("upload", True, False)


def test_what_was_handed_in_is_given_and_what_is_proved_stays_proved() -> None:
    for fallback in ("upload", "staff", {"later": 3}, "promise"):
        only = state({"proved_by": "one", "fallback": fallback}, one="empty", given=["m0"])
        assert (only.status, only.open) == ("given", False)
    assert state({"proved_by": "one"}, one=WHOLE, given=["m0"]).status == "proved"


def test_a_confirmation_closes_what_another_party_has_to_sign() -> None:
    material = {"fallback": {"confirm": "/answers/seller"}}
    assert state(material).open
    met = state(material, confirmed=["m0"])
    assert (met.status, met.open) == ("confirm", False)


@pytest.mark.parametrize("silent", ["down", "refused", "empty", [], [None], {"rows": None}])
@pytest.mark.parametrize("pointer", ["/lookups/list/*/a", "/lookups/list/rows/*/a", "/lookups/list/*/*/a"])
def test_a_list_that_nobody_gave_is_no_consent_of_those_in_it(pointer: str, silent: Any) -> None:
    for when in ({}, {"when": {"/each/b": {"x-age": {"minimum": 18}}}}):
        only = state({"fallback": {"confirm": pointer, **when}}, list=silent)
        assert (only.status, only.open) == ("confirm", True)


def test_a_material_that_is_not_required_never_keeps_the_case_open() -> None:
    only = state({"required": False})
    assert (only.status, only.required, only.open) == ("upload", False, False)


def test_a_situation_decides_what_is_wanted() -> None:
    material = {"when": {"/answers/kind": {"const": "own"}}}
    assert states(material) == ()
    assert len(states({"when": {"/answers/kind": {"const": "lease"}}})) == 1


def test_a_situation_may_read_the_status_of_a_material_before_it() -> None:
    item = item_of({"proved_by": "one"}, {"when": {"/materials/m0": {"const": "upload"}}})
    assert len(judge_materials(item, facts(one="empty"), CALENDAR)) == 2
    assert len(judge_materials(item, facts(one=WHOLE), CALENDAR)) == 1


def test_every_state_says_why() -> None:
    assert state({"proved_by": "one"}, one=WHOLE).because == "已由“核对one”的调取结果证明"
    assert state({"proved_by": "one"}, one="down").because == "数据源暂时没有答复，需要提交"
    assert state({"fallback": {"later": 10}}).because == "可在受理后10个工作日内补交（容缺受理）"
    english = judge_materials(item_of({"proved_by": "one"}), facts(one="down"), CALENDAR, language="en")
    assert english[0].because == "the source does not answer at the moment; has to be handed in"


# --- zero material ---------------------------------------------------------------------------------------


def test_zero_material_is_counted_over_every_required_material_it_can_ever_want() -> None:
    assert is_zero_material(item_of({"proved_by": "one"}, {"required": False}))
    rare = {"when": {"/answers/kind": {"const": "own"}}}
    assert not is_zero_material(item_of({"proved_by": "one"}, rare))
    assert [m.id for m in blocking_lookups(item_of({"proved_by": "one"}, rare, {"required": False}))] == ["m1"]
    assert is_zero_material(item_of())


@pytest.mark.parametrize("handling", ["query", "handoff"])
def test_queries_and_hand_offs_are_not_counted(handling: str) -> None:
    item = elder(item={"handling": handling, "materials": []})
    assert not is_zero_material(item)
    assert not was_zero_material(item, ())


def test_a_case_is_zero_material_when_everything_required_was_proved_in_fact() -> None:
    item = item_of({"proved_by": "one"}, {"required": False}, {"when": {"/answers/kind": {"const": "own"}}})
    assert was_zero_material(item, judge_materials(item, facts(one=WHOLE), CALENDAR))
    assert not was_zero_material(item, judge_materials(item, facts(one="down"), CALENDAR, given=["m0"]))
    promised = item_of({"fallback": "promise"})
    assert not was_zero_material(promised, judge_materials(promised, facts(), CALENDAR, promised=["m0"]))


@pytest.mark.parametrize(("register", "status"), [("down", "staff"), ("refused", "promise"), ("empty", "upload")])
def test_what_was_not_asked_because_another_gave_no_answer_falls_back_as_that_one(register: str, status: str) -> None:
    lookups = {
        "register": {"source": "a", "by": {"id_number": "/applicant/id_number"}, "take": ["house"], "purpose": "p"},
        "house": {"source": "b", "by": {"house": "/lookups/register/house"}, "take": ["area"], "purpose": "p"},
    }
    material = {
        "id": "deed",
        "title": "产权",
        "proved_by": "house",
        "fallback": {"down": "staff", "refused": "promise"},
    }
    item = read_item(
        "a-house",
        {
            "item": {"title": "t", "handling": "instant", "unit": "u", "materials": [material]},
            "lookups": {"lookups": lookups},
        },
    )
    facts = {"applicant": {"id_number": "1"}, "answers": {}, "outcomes": {"register": register}, "lookups": {}}
    (state,) = judge_materials(item, facts, CALENDAR, promised=["deed"])
    assert state.status == status


@pytest.mark.parametrize(
    ("way", "status", "promised_until"),
    [("告知承诺", "promise", date(2026, 11, 24)), ("一般程序", "later", date(2026, 12, 4)), (None, "upload", None)],
)
def test_what_closes_a_material_and_how_long_it_takes_may_differ_by_situation(
    way: str | None, status: str, promised_until: date | None
) -> None:
    lines = [
        {"when": {"/answers/way": {"const": "告知承诺"}}, "fallback": "promise"},
        {"when": {"/answers/way": {"const": "一般程序"}}, "fallback": {"empty": {"later": 10}, "down": "staff"}},
    ]
    days = [
        {"when": {"/answers/way": {"const": "告知承诺"}}, "days": 1},
        {"when": {"/answers/way": {"const": "一般程序"}}, "days": 9},
        {"when": {"/answers/way": {"const": "加急"}}, "days": 3},
    ]
    materials = [{"id": "account", "title": "银行账户证明", "proved_by": "account", "fallback": lines}]
    item = elder(item={"handling": "promised", "promised_days": days, "materials": materials})
    assert item.promised_days == 9, "what may be said before anybody has applied"
    facts = {"applicant": {}, "lookups": {}, "outcomes": {"account": "empty"}, "answers": {"way": way} if way else {}}
    (state,) = judge_materials(item, facts, CALENDAR, promised={"account"})
    assert state.status == status
    made = deadline(item, None, TODAY, facts, CALENDAR)
    assert made.day == (promised_until or date(2026, 12, 4)), "where no situation holds, the longest"
