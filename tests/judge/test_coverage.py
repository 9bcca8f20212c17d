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


HALLS = {"city": "320583000000", "town": "320583103000"}


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
        "lookups.json#/lookups/person: down",
        "lookups.json#/lookups/credit: down",
        "lookups.json#/lookups/account: down",
        "routing.json#/sites/city",
        "routing.json#/sites/town",
        "routing.json#/sites/village",
        "routing.json#/steps/0/together/0/when: holds",
        "routing.json#/steps/0/together/0/when: does not hold",
        "routing.json#/decide/0",
        "routing.json#/rules/0",
    )


BRANCHING = elder(
    item={
        "materials": [
            {"id": "account", "title": "账户", "proved_by": "account", "fallback": {"down": "staff", "empty": "upload"}}
        ]
    },
    form={
        "type": "object",
        "properties": {
            "kind": {"type": "string"},
            "lease": {
                "type": "object",
                "if": {"properties": {"own": {"const": True}}, "required": ["own"]},
                "then": {"required": ["deed"]},
            },
        },
        "required": [],
        "allOf": [{"if": {"properties": {"kind": {"const": "own"}}, "required": ["kind"]}, "then": {}}],
    },
    lookups={
        "lookups": {
            "account": {
                "source": "own-business", "by": {"id_number": "/applicant/id_number"}, "take": ["bank_account"],
                "purpose": "发放", "basis": "一", "allowed_when": {"/answers/kind": {"const": "own"}},
            }
        }
    },
    routing={"decide": []},
)  # fmt: skip


def ways(**more: Any) -> set[str]:
    told = run(BRANCHING, scenario(expect={}, **more), OFFICE, CALENDAR).seen_rules
    return {branch for branch in told if "proved" not in branch and "/steps" not in branch and "/rules" not in branch}


def test_ways_of_a_fallback_a_form_a_lookup_and_a_site_are_branches_too() -> None:
    listed = set(branches(BRANCHING))
    village = {"level": "village", "area": "320583103205", "kind": "station"}
    down = ways(answers={"kind": "own", "lease": {"own": True}}, lookups={"account": "down"}, site=village)
    assert down == {
        "item.json#/materials/0/fallback/down",
        "form.json#/allOf/0/if: holds",
        "form.json#/properties/lease/if: holds",
        "lookups.json#/lookups/account: down",
        "lookups.json#/lookups/account/allowed_when: holds",
        "routing.json#/sites/village",
    }
    empty = ways(answers={"kind": "own", "lease": {"own": False}}, lookups={"account": "empty"}, site=None)
    assert empty == {
        "item.json#/materials/0/fallback/empty",
        "form.json#/allOf/0/if: holds",
        "form.json#/properties/lease/if: does not hold",
        "lookups.json#/lookups/account: empty",
        "lookups.json#/lookups/account/allowed_when: holds",
    }
    assert "lookups.json#/lookups/account/allowed_when: does not hold" in ways(
        answers={"kind": "lease"}, lookups={"account": "empty"}
    )
    assert (down | empty) <= listed


def test_a_verdict_sees_what_it_went_through_and_no_more() -> None:
    assert seen({"kind": "own"}) == {
        "item.json#/materials/0/when: does not hold",
        "item.json#/materials/1: proved",
        "item.json#/result/amount/0",
        "routing.json#/steps/0/together/0/when: does not hold",
        "routing.json#/decide/0",
        "routing.json#/sites/village",
    }
    assert seen({"kind": "lease", "fast": True}) == {
        "item.json#/materials/0/when: holds",
        "item.json#/materials/1: proved",
        "item.json#/fee/1",
        "routing.json#/steps/0/together/0/when: holds",
        "routing.json#/sites/village",
    }


def test_scenarios_together_leave_nothing_unseen() -> None:
    applicant = {"kind": "person", "id_number": "1", "groups": ["disabled"]}
    runs = [
        seen({"kind": "own"}),
        seen({"kind": "lease", "fast": True}, applicant=applicant),
        run(ITEM, scenario(answers={}, lookups={}, expect={}), OFFICE, CALENDAR).seen_rules,
        run(
            ITEM, scenario(answers={}, lookups=dict.fromkeys(ALL_FOUND, "down"), expect={}), OFFICE, CALENDAR
        ).seen_rules,
        *(seen({}, site={"level": level, "area": area, "kind": "hall"}) for level, area in HALLS.items()),
    ]
    assert unseen(ITEM, runs) == ()
    assert unseen(ITEM, []) == branches(ITEM)


def test_a_row_without_a_record_is_a_branch_of_a_lookup_that_asks_for_each() -> None:
    rows = {
        "source": "household", "by": {"id_number": "/each/n"}, "take": ["name"], "purpose": "核对", "basis": "一",
        "each": "/answers/family", "allowed_when": {"/applicant/kind": {"const": "person"}},
    }  # fmt: skip
    family = {"type": "array", "items": {"type": "object", "properties": {"n": {"type": "string"}}}}
    proved = {"id": "family", "title": "家庭", "proved_by": "rows", "valid_when": {"/lookups/rows": {"type": "array"}}}
    item = elder(
        item={"materials": [proved]},
        form={"properties": {"family": family}, "required": []},
        lookups={"lookups": {"rows": rows, "lists": {**rows, "many": True}}},
        routing={"decide": []},
    )
    at = "lookups.json#/lookups/rows/each: "
    wanted = [one for one in branches(item) if "/each: " in one]
    assert wanted == [f"{at}every row has a record", f"{at}a row has none"], "of a list of lists none is a list"

    def went(rows: Any) -> set[str]:
        told = scenario(answers={"family": [{"n": "1"}, {"n": "2"}]}, lookups={"rows": {"found": rows}}, expect={})
        return {one for one in run(item, told, OFFICE, CALENDAR).seen_rules if "/each: " in one}

    assert went([{"name": "甲"}, {"name": "乙"}]) == {f"{at}every row has a record"}
    assert went([{"name": "甲"}, None]) == {f"{at}a row has none"}


def test_never_below_nothing_asks_for_no_scenario_of_its_own() -> None:
    floor = {"title": "不低于0", "amount": "0"}
    lines = [{"title": "差额", "amount": "-1", "times": "/answers/a"}, {"title": "保底", "amount": "50"}]
    most = elder(item={"result": {"amount": [{"title": "择高", "greatest": [floor, *lines]}]}})
    assert [one for one in branches(most) if "greatest" in one] == [
        "item.json#/result/amount/0/greatest/1",
        "item.json#/result/amount/0/greatest/2",
    ]
    least = elder(item={"result": {"amount": [{"title": "就低", "least": [floor, *lines]}]}})
    assert len([one for one in branches(least) if "least" in one]) == 3
