"""Until when a result is valid: a duration from a day, a day that a fact names, the earlier of both."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.judge.validity import last_day, moved, valid_until
from tests.judge.town import elder

TODAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("first", "duration", "last"),
    [
        ("2026-11-23", "P1Y", "2027-11-22"),
        ("2026-11-23", "P5Y", "2031-11-22"),
        ("2026-01-31", "P1M", "2026-02-27"),
        ("2024-02-29", "P1Y", "2025-02-27"),
        ("2026-12-31", "P1Y2M", "2028-02-28"),
        ("2026-11-23", "P2W", "2026-12-06"),
        ("2026-11-23", "P10D", "2026-12-02"),
    ],
)
def test_a_result_is_valid_to_the_day_before_the_anniversary(first: str, duration: str, last: str) -> None:
    assert last_day(date.fromisoformat(first), duration) == date.fromisoformat(last)


def test_a_duration_may_lead_back() -> None:
    assert moved(date(2026, 3, 31), "-P1M") == date(2026, 2, 28)


@pytest.mark.parametrize("duration", ["P", "", "1Y", "PT5H", "P9999Y", "P1Y ", "P-1Y"])
def test_another_spelling_is_refused(duration: str) -> None:
    with pytest.raises(ValueError, match=r"duration|calendar"):
        last_day(TODAY, duration)


FACTS = {
    "answers": {"from": "2026-12-01", "days": 10, "half": 1.5, "lease_until": "2027-03-01"},
    "lookups": {
        "permit": {"valid_until": "2027-01-31", "name": "样例"},
        "permits": [{"until": "2027-05-31"}, None, {"until": "2027-04-30"}, {"until": None}],
        "each": [[{"until": "2028-01-01"}], [], [{"until": "2027-12-31"}]],
    },
}


@pytest.mark.parametrize(
    ("result", "last"),
    [
        ({}, None),
        ({"valid": "P1Y"}, "2027-11-22"),
        ({"valid": "P4Y", "valid_after": "/lookups/permit/valid_until"}, "2031-01-31"),
        ({"valid": "P1Y", "valid_from": "/answers/from"}, "2027-11-30"),
        ({"valid": {"days": "/answers/days"}, "valid_from": "/answers/from"}, "2026-12-10"),
        ({"valid_until": "/answers/lease_until"}, "2027-03-01"),
        ({"valid_until": "12-31"}, "2026-12-31"),
        ({"valid_until": "11-23"}, "2026-11-23"),
        ({"valid_until": "11-22"}, "2027-11-22"),
        ({"valid_until": "02-29"}, "2027-02-28"),
        ({"valid_until": ["06-30", "/answers/lease_until"]}, "2027-03-01"),
        ({"valid_until": "12-31", "valid": "P1Y"}, "2026-12-31"),
        ({"valid": "P1Y", "valid_until": "/answers/lease_until"}, "2027-03-01"),
        ({"valid": "P1M", "valid_until": "/answers/lease_until"}, "2026-12-22"),
        ({"valid_until": ["/answers/lease_until", "/lookups/permit/valid_until"]}, "2027-01-31"),
        # Of rows the earliest: what is granted must not outlive what it rests on. A row without a date sets no bound.
        ({"valid_until": "/lookups/permits/*/until"}, "2027-04-30"),
        ({"valid_until": ["/lookups/permits/*/until", "/answers/lease_until"]}, "2027-03-01"),
        ({"valid_until": "/lookups/each/*/*/until"}, "2027-12-31"),
        ({"valid": "P1Y", "valid_after": "/lookups/permits/*/until"}, "2028-04-30"),
        ({"valid": "P1Y", "valid_from": "/lookups/permits/*/until"}, "2028-04-29"),
        ({"valid_until": "/lookups/none/*/until"}, None),
        ({"valid_until": "/lookups/permits"}, None),
        # What is not there, or is no date, sets no bound and moves no beginning.
        ({"valid": "P1Y", "valid_until": "/answers/missing"}, "2027-11-22"),
        ({"valid": "P1Y", "valid_after": "/lookups/permit/name"}, "2027-11-22"),
        ({"valid": {"days": "/answers/half"}}, None),
        ({"valid_until": "/answers/missing"}, None),
    ],
)
def test_the_last_day_comes_from_the_result_as_declared(result: dict[str, Any], last: str | None) -> None:
    item = elder(item={"result": {"title": "样例证", **result}})
    day = valid_until(item, FACTS, TODAY)
    assert (day.isoformat() if day else None) == last


@pytest.mark.parametrize(
    ("unit", "last"),
    [("years", "2126-11-22"), ("months", "2126-11-22"), ("weeks", "2126-07-21"), ("days", "2126-10-29")],
)
def test_a_number_that_a_fact_says_grants_a_hundred_years_at_most(unit: str, last: str) -> None:
    item = elder(item={"result": {"valid": {unit: "/answers/dogs"}}})
    assert valid_until(item, {"answers": {"dogs": 999_999_999_999}}, TODAY) == date.fromisoformat(last)
