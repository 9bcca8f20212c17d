"""Measures: what is worked out from dates, rows and other facts before a value is judged; in conditions and amounts."""

from __future__ import annotations

from typing import Any

import pytest

from core.judge.amounts import lines_of, total
from core.judge.conditions import Condition
from core.judge.verdict import eligibility
from tests.judge.town import CALENDAR, OFFICE, TODAY, elder

FACTS: dict[str, Any] = {
    "answers": {
        "paid": "1200.50",
        "items": [{"price": 100, "kind": "a"}, {"price": "50.25", "kind": "b"}, {"price": 30, "kind": "a"}],
        "broken": [{"price": 100}, {"price": None}],
        "empty": [],
        "day": "2026-12-31",
        "id": "0012",
    },
    "lookups": {
        "account": {"balance": 1200.5, "id": "12", "none": None, "opened": "2025-11-23"},
        "penalties": [{"on": "2020-01-01"}, {"on": "2024-01-01"}, None],
        "nested": [[{"n": 1}, {"n": 2}], [], [{"n": 4}]],
    },
    "outcomes": {"account": "found", "down": "down"},
    "today": "2026-11-23",
}


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        # A decimal written as text is a number; two texts are only equal letter by letter.
        ({"/answers/paid": {"x-maximum": "/lookups/account/balance"}}, True),
        ({"/answers/paid": {"x-exclusiveMaximum": "/lookups/account/balance"}}, False),
        ({"/answers/paid": {"x-equals": "/lookups/account/balance"}}, True),
        ({"/answers/id": {"x-equals": "/lookups/account/id"}}, False),
        ({"/answers/id": {"x-differs": "/lookups/account/id"}}, True),
        # What is not there is neither equal nor different, neither in nor out.
        ({"/answers/id": {"x-differs": "/lookups/account/none"}}, False),
        ({"/answers/id": {"x-equals": "/lookups/missing/id"}}, False),
        ({"/answers/id": {"x-not-in": "/lookups/missing"}}, False),
        ({"/answers/missing": {"x-maximum": "/lookups/account/balance"}}, False),
        # A date and a number do not compare.
        ({"/answers/day": {"x-minimum": "/lookups/account/balance"}}, False),
        ({"/answers/day": {"x-minimum": {"of": "/lookups/account/opened", "plus": "P1Y1M8D"}}}, True),
        ({"/answers/day": {"x-maximum": {"of": "/lookups/account/balance", "plus": "P1Y"}}}, False),
        ({"/answers/day": {"x-minimum": {"of": "/today", "plus": "-P9999Y"}}}, False),
        ({"/answers/paid": {"x-maximum": {"of": "/lookups/account/opened", "times": "2"}}}, False),
        # Plain keywords stand beside the measures.
        ({"/answers/paid": {"x-maximum": "/lookups/account/balance", "pattern": "^9"}}, False),
        ({"/answers/items": {"x-count": {"const": 3}, "maxItems": 3}}, True),
        # Rows.
        ({"/answers/items/*/price": {"x-sum": {"const": 180.25}}}, True),
        ({"/answers/items/*/price": {"x-sum": {"const": 130}, "x-where": {"/each/kind": {"const": "a"}}}}, True),
        ({"/answers/items/*/price": {"x-sum": {}, "x-maximum": "/lookups/account/balance"}}, True),
        ({"/answers/items/*/price": {"x-sum": {}, "x-minimum": "/lookups/account/balance"}}, False),
        ({"/answers/broken/*/price": {"x-sum": {}}}, False),
        ({"/answers/broken/*/price": {"x-count": {"const": 1}}}, True),
        ({"/answers/empty/*/price": {"x-sum": {"const": 0}}}, True),
        ({"/answers/empty/*/price": {"x-sum": {}, "x-per": "/answers/empty"}}, False),
        ({"/lookups/nested/*/*/n": {"x-sum": {"const": 7}, "x-where": {"/each/n": {"minimum": 1}}}}, True),
        (
            {
                "/lookups/penalties": {
                    "x-count": {"minimum": 1},
                    "x-where": {"/each/on": {"x-days": {"minimum": -1826}}},
                }
            },
            True,
        ),
        (
            {"/lookups/penalties": {"x-count": {"minimum": 1}, "x-where": {"/each/on": {"x-days": {"minimum": -365}}}}},
            False,
        ),
        ({"/lookups/account": {"x-count": {"const": 0}}}, False),
        # The day that is counted to.
        ({"/lookups/account/opened": {"x-age": {"const": 0}, "x-on": "11-22"}}, True),
        ({"/lookups/account/opened": {"x-age": {"const": 1}, "x-on": "11-23"}}, True),
        ({"/lookups/account/opened": {"x-days": {"const": -403}, "x-on": "/answers/day"}}, True),
        ({"/lookups/account/opened": {"x-age": {"minimum": 0}, "x-on": "/answers/missing"}}, False),
        ({"/lookups/account/opened": {"x-age": {"const": 0}, "x-on": "02-29"}}, True),
    ],
)
def test_a_measure_holds_by_what_was_worked_out(raw: Any, expected: bool) -> None:
    assert Condition(raw).holds(FACTS, CALENDAR) is expected


def test_a_condition_reads_what_its_bounds_read() -> None:
    raw = {
        "/answers/items/*/price": {
            "x-sum": {},
            "x-where": {"/each/kind": {"const": "a"}, "/lookups/list/on": {}},
            "x-per": "/answers/persons",
            "x-maximum": {"of": "/lookups/account/balance", "times": 2},
        }
    }
    condition = Condition(raw)
    assert condition.pointers == {
        "/answers/items/*/price", "/lookups/list/on", "/answers/persons", "/lookups/account/balance",
    }  # fmt: skip
    assert condition.lookups == {"list", "account"}
    assert condition.reads_any(["/answers/items/1/price"])


def test_the_reason_tells_the_sum_and_what_it_was_held_against() -> None:
    raw = {"/answers/items/*/price": {"x-sum": {}, "x-maximum": "/lookups/account/balance"}}
    (line,) = Condition(raw).explain(FACTS, CALENDAR)
    assert "合计180.25" in line
    assert "/lookups/account/balance：1200.5" in line


def test_a_refusal_whose_bound_is_not_known_yet_waits_for_the_form() -> None:
    rule = {
        "when": {"/lookups/person/score": {"x-maximum": "/answers/wish"}},
        "outcome": "reject",
        "because": "样例",
        "basis": "样例",
    }
    item = elder(routing={"decide": [rule]})
    facts = {"applicant": {}, "answers": {}, "lookups": {"person": {"score": 1}}, "outcomes": {"person": "found"}}
    assert eligibility(item, facts, OFFICE, CALENDAR, today=TODAY) is None
    known = eligibility(item, {**facts, "answers": {"wish": 2}}, OFFICE, CALENDAR, today=TODAY)
    assert known is not None
    assert known.outcome == "reject"


@pytest.mark.parametrize(
    ("line", "amount"),
    [
        ({"amount": "0.5", "each": "/answers/items", "times": "/each/price"}, "90.13"),
        ({"amount": "10", "each": "/answers/items"}, "30.00"),
        ({"amount": "10", "each": "/answers/items", "when": {"/each/kind": {"const": "a"}}}, "20.00"),
        ({"amount": "10", "each": "/answers/items", "when": {"/each/kind": {"const": "z"}}}, "0.00"),
        ({"amount": "10", "each": "/answers/empty"}, "0.00"),
        ({"amount": "10", "each": "/answers/not-given"}, "0.00"),
        # Rows that nobody knows, or one without its number, leave the total open.
        ({"amount": "10", "each": "/lookups/down"}, None),
        ({"amount": "10", "each": "/answers/broken", "times": "/each/price"}, None),
        ({"amount": "10", "each": "/lookups/penalties"}, "20.00"),
    ],
)
def test_a_line_may_stand_for_every_row(line: dict[str, Any], amount: str | None) -> None:
    assert total(lines_of([line]), FACTS, CALENDAR) == amount
