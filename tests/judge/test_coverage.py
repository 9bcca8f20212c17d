"""Coverage: which branches there are, and which of them a verdict went through."""

from __future__ import annotations

from typing import Any

from core.judge.coverage import branches, unseen
from core.judge.scenario import run
from tests.judge.town import ALL_FOUND, CALENDAR, OFFICE, elder, scenario

ITEM = elder(
    item={
        "materials": [
            {"id": "lease", "title": "租约", "when": {"/answers/kind": {"const": "lease"}}},
            {"id": "account", "title": "账户", "proved_by": "account"},
        ],
        "fee": [
            {"title": "工本费", "amount": "1"},
            {"title": "加急", "amount": "2", "when": {"/answers/fast": {"const": True}}},
        ],
        "result": {"amount": [{"title": "甲", "amount": "3", "when": {"/answers/kind": {"const": "own"}}}]},
    },
    form={"properties": {"kind": {"type": "string"}, "fast": {"type": "boolean"}}, "required": []},
    routing={
        "steps": [{"together": [{"unit": "fire", "days": 1, "when": {"/answers/fast": {"const": True}}}]}],
        "decide": [{"when": {"/answers/kind": {"const": "own"}}, "outcome": "approve"}],
    },
)


def seen(answers: dict[str, Any], **more: Any) -> frozenset[str]:
    return run(ITEM, scenario(answers=answers, lookups=ALL_FOUND, expect={}, **more), OFFICE, CALENDAR).seen_rules


def test_every_branch_of_an_item_is_listed_in_the_order_of_its_files() -> None:
    assert branches(ITEM) == (
        "item.json#/materials/0/when: holds",
        "item.json#/materials/0/when: does not hold",
        "item.json#/materials/1: proved",
        "item.json#/materials/1: not proved",
        "item.json#/fee/1",
        "item.json#/result/amount/0",
        "routing.json#/steps/0/together/0/when: holds",
        "routing.json#/steps/0/together/0/when: does not hold",
        "routing.json#/decide/0",
        "routing.json#/rules/0",
    )


def test_a_verdict_sees_what_it_went_through_and_no_more() -> None:
    assert seen({"kind": "own"}) == {
        "item.json#/materials/0/when: does not hold",
        "item.json#/materials/1: proved",
        "item.json#/result/amount/0",
        "routing.json#/steps/0/together/0/when: does not hold",
        "routing.json#/decide/0",
    }
    assert seen({"kind": "lease", "fast": True}) == {
        "item.json#/materials/0/when: holds",
        "item.json#/materials/1: proved",
        "item.json#/fee/1",
        "routing.json#/steps/0/together/0/when: holds",
    }


def test_scenarios_together_leave_nothing_unseen() -> None:
    applicant = {"kind": "person", "id_number": "1", "groups": ["disabled"]}
    runs = [
        seen({"kind": "own"}),
        seen({"kind": "lease", "fast": True}, applicant=applicant),
        run(ITEM, scenario(answers={}, lookups={}, expect={}), OFFICE, CALENDAR).seen_rules,
    ]
    assert unseen(ITEM, runs) == ()
    assert unseen(ITEM, []) == branches(ITEM)
