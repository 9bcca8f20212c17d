"""What an approval grants: under which conditions, and how much of what was asked for."""

from __future__ import annotations

from typing import Any

import pytest

from core.contract import Decision, Item, Measured
from core.judge.coverage import branches, seen_by
from core.judge.verdict import judge, judged
from tests.judge.test_decision import facts
from tests.judge.town import CALENDAR, OFFICE, TODAY, elder

MONEY = {"asked": "/answers/amount", "because": "超出上限"}
ROWS = {
    "asked": "/answers/rooms",
    "when": {"/each/seats": {"maximum": 10}},
    "title": "/each/name",
    "because": "超过10人",
}
FORM = {
    "type": "object",
    "properties": {
        "amount": {"type": "number"},
        "other": {"type": "number"},
        "rooms": {"type": "array", "items": {"type": "object", "properties": {
            "name": {"type": "string"}, "seats": {"type": "integer"}}}},
    },
}  # fmt: skip
LEAST = [
    {"title": "就低", "least": [
        {"title": "申请的", "amount": "1", "times": ["/answers/amount"]},
        {"title": "上限", "amount": "300"},
    ]}
]  # fmt: skip


def item(part: Any = None, conditions: Any = (), amount: Any = LEAST) -> Item:
    rule = {"when": {}, "outcome": "approve", "because": "符合", "basis": "法", "conditions": list(conditions)}
    made: dict[str, Any] = {"materials": [], "result": {"title": "通知", **({"amount": amount} if amount else {})}}
    routing = {"steps": [], "rules": [], "decide": [{**rule, **({"part": part} if part else {})}]}
    return elder(item=made, form=FORM, routing=routing)


def decision(made: Item, answers: dict[str, Any], language: str = "zh") -> Decision:
    return judge(made, facts(answers), OFFICE, CALENDAR, today=TODAY, language=language).decision


def test_an_approval_names_its_conditions_with_the_facts_in_them() -> None:
    said = decision(item(conditions=["不超过${/answers/amount}元", "按季报送"]), {"amount": 5})
    assert (said.outcome, said.conditions, said.part) == ("approve", ("不超过5元", "按季报送"), "")


@pytest.mark.parametrize(
    ("asked", "part"), [(299.99, ""), (300, ""), (300.01, "申请300.01元，准予300.00元；其余不予：超出上限")]
)
def test_less_than_was_asked_for_is_a_part(asked: float, part: str) -> None:
    said = decision(item(MONEY), {"amount": asked})
    assert (said.outcome, said.part) == ("approve", part)


def test_rows_are_granted_one_by_one_and_named() -> None:
    rooms = [{"name": "甲室", "seats": 8}, {"name": "乙室", "seats": 20}, {"seats": 30}]
    assert decision(item(ROWS, amount=None), {"rooms": rooms}).part == "准予：甲室。不予：乙室、第3项（超过10人）"
    english = decision(item(ROWS, amount=None), {"rooms": rooms}, "en").part
    assert english == "granted: 甲室. Not granted: 乙室, row 3 (超过10人)"
    assert decision(item(ROWS, amount=None), {"rooms": rooms[:1]}).part == ""


def test_where_nothing_can_be_granted_or_nobody_knows_how_much_a_person_decides() -> None:
    none = decision(item(ROWS, amount=None), {"rooms": [{"name": "乙室", "seats": 20}]})
    assert (none.outcome, none.part) == ("review", "")
    assert none.because == "申请的没有一样可以准予（超过10人），由工作人员审核"
    unknown = [{"title": "按查到的", "amount": "1", "times": ["/lookups/person/income"]}]
    assert decision(item(MONEY, amount=unknown), {"amount": 5}).because == "准予多少还算不出来，由工作人员核定"


def test_a_held_back_part_is_still_what_the_rule_proposes() -> None:
    step = {"unit": "fire", "days": 1, "when": {"/answers/amount": {"minimum": 1}}, "because": "查看"}
    rule = {"when": {}, "outcome": "approve", "because": "符合", "basis": "法", "part": MONEY}
    declared = dict(item(MONEY).declared)
    held = elder(item=declared, form=FORM, routing={"decide": [rule], "steps": [step], "rules": []})
    said = decision(held, {"amount": 500})
    assert (said.outcome, said.part) == ("review", "申请500.00元，准予300.00元；其余不予：超出上限")


def test_scenarios_have_to_see_the_whole_and_the_part_and_each_line_that_is_the_least() -> None:
    made = item(MONEY)
    wanted = {one for one in branches(made) if "part" in one or "least" in one}
    assert wanted == {
        "routing.json#/decide/0/part: in part", "routing.json#/decide/0/part: whole",
        "item.json#/result/amount/0/least/0", "item.json#/result/amount/0/least/1",
    }  # fmt: skip
    seen: set[str] = set()
    for asked in (5, 500):
        verdict, complete = judged(made, facts({"amount": asked}), OFFICE, CALENDAR, today=TODAY)
        seen |= seen_by(made, verdict, complete, CALENDAR)
    assert wanted <= seen


VOLUME = {"asked": "/answers/amount", "granted": "/answers/other", "unit": "立方米", "because": "超出定额"}


@pytest.mark.parametrize(
    ("answers", "outcome", "part", "much"),
    [
        ({"amount": 30, "other": 20}, "approve", "申请30立方米，准予20立方米；其余不予：超出定额", "20"),
        ({"amount": 30.5, "other": 20.25}, "approve", "申请30.5立方米，准予20.25立方米；其余不予：超出定额", "20.25"),
        ({"amount": 30, "other": 30}, "approve", "", "30"),
        ({"amount": 30, "other": 100}, "approve", "", "30"),
        ({"amount": 30, "other": 0}, "review", "", "0"),
        ({"amount": 30}, "review", "", ""),
    ],
)
def test_what_is_no_money_is_granted_in_its_own_unit(
    answers: dict[str, Any], outcome: str, part: str, much: str
) -> None:
    said = decision(item(VOLUME, amount=None), answers)
    assert (said.outcome, said.part) == (outcome, part)
    assert said.granted == Measured(much, "立方米")
    assert decision(item({**VOLUME, "granted": 20}, amount=None), {"amount": 30}).part == (
        "申请30立方米，准予20立方米；其余不予：超出定额"
    )
