"""Sums of an item: read by conditions and reasons of routing.json, one against another, once they are known."""

from __future__ import annotations

from typing import Any

import pytest

from core.judge.verdict import judge
from tests.judge.town import CALENDAR, OFFICE, SCENARIO, TODAY, elder

ROWS = {
    "type": "array",
    "items": {"type": "object", "properties": {"m2": {"type": "number"}, "yes": {"type": "boolean"}}},
}
AREA = {"title": "面积", "each": "/answers/homes", "amount": "1", "times": "/each/m2"}
SUMS = [
    {"id": "all", "title": "参加表决的面积", "lines": [AREA]},
    {"id": "yes", "title": "同意的面积", "lines": [{**AREA, "when": {"/each/yes": {"const": True}}}]},
    {"id": "homes", "title": "户数", "lines": [{"title": "一户", "each": "/answers/homes", "amount": "1"}]},
]
ENOUGH = {
    "when": {"/sums/yes": {"x-minimum": {"of": "/sums/all", "times": "0.75"}}},
    "outcome": "approve", "because": "${/sums/homes}户，同意${/sums/yes}平方米，共${/sums/all}平方米",
}  # fmt: skip
LESS = {
    "when": {"/sums/yes": {"x-exclusiveMaximum": {"of": "/sums/all", "times": "0.75"}}},
    "outcome": "reject", "because": "同意的只有${/sums/yes}平方米", "basis": "《示例办法》第九条",
}  # fmt: skip


def decided(homes: Any) -> tuple[str | None, str]:
    item = elder(
        item={"sums": SUMS, "materials": []},
        form={"type": "object", "properties": {"homes": ROWS}},
        routing={"decide": [ENOUGH, LESS], "steps": [{"unit": "civil-affairs", "days": 1}]},
    )
    facts = {"applicant": SCENARIO["applicant"], "answers": {"homes": homes}, "lookups": {}, "outcomes": {}}
    decision = judge(item, facts, OFFICE, CALENDAR, today=TODAY).decision
    return decision.outcome, decision.because


@pytest.mark.parametrize(
    ("homes", "outcome", "because"),
    [
        (
            [{"m2": 90.5, "yes": True}, {"m2": 100, "yes": True}, {"m2": 60, "yes": False}],
            "approve",
            "3户，同意190.50平方米，共250.50平方米",
        ),
        ([{"m2": 90, "yes": True}, {"m2": 100, "yes": False}], "reject", "同意的只有90平方米"),
    ],
)
def test_one_sum_is_held_against_another_and_both_are_told(homes: Any, outcome: str, because: str) -> None:
    assert decided(homes) == (outcome, because)


def test_why_a_step_and_a_rule_hold_is_told_with_the_sums_too() -> None:
    big = {"/sums/all": {"x-minimum": {"of": "/sums/yes"}}}
    item = elder(
        item={"sums": SUMS, "materials": []},
        form={"type": "object", "properties": {"homes": ROWS}},
        routing={
            "decide": [ENOUGH, LESS],
            "steps": [{"unit": "civil-affairs", "days": 1, "when": big, "because": "共${/sums/all}平方米，要现场查看"}],
            "rules": [{"when": big, "then": {"priority": "green"}, "because": "共${/sums/homes}户"}],
        },
    )
    homes = [{"m2": 90.5, "yes": True}, {"m2": 100, "yes": True}]
    facts = {"applicant": SCENARIO["applicant"], "answers": {"homes": homes}, "lookups": {}, "outcomes": {}}
    verdict = judge(item, facts, OFFICE, CALENDAR, today=TODAY)
    assert verdict.route is not None
    assert verdict.route.steps[0].because == "共190.50平方米，要现场查看"
    assert any("共190.50平方米" in line for line in verdict.route.because)
    assert "共2户" in verdict.route.because
    assert "共190.50平方米" in verdict.decision.because


def test_a_sum_that_nobody_knows_decides_nothing() -> None:
    assert decided([{"m2": None, "yes": True}])[0] == "review"
