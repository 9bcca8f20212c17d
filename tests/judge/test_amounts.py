"""Amounts: exact decimals, half up, null where a value is missing."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.judge.amounts import lines_of, total
from core.judge.numbers import number
from core.judge.verdict import judge
from tests.judge.town import CALENDAR, OFFICE, TODAY, elder

FACTS: dict[str, Any] = {
    "answers": {"area_m2": 12.5, "days": 3, "text": "2.50", "word": "many", "yes": True, "none": None, "list": [1]},
    "lookups": {"person": {"birth_date": "1935-01-01"}},
    "today": "2026-11-23",
}


def summed(lines: Any) -> str | None:
    return total(lines_of(lines), FACTS, CALENDAR)


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        (None, None),
        ([], "0.00"),
        ([{"title": "工本费", "amount": "10"}], "10.00"),
        ([{"title": "占道费", "amount": "0.30", "times": ["/answers/area_m2", "/answers/days"]}], "11.25"),
        ([{"title": "a", "amount": "0.105"}], "0.11"),
        ([{"title": "a", "amount": "0.104999"}], "0.10"),
        ([{"title": "a", "amount": "0.005"}, {"title": "b", "amount": "0.005"}], "0.01"),
        ([{"title": "a", "amount": "1", "times": ["/answers/text"]}], "2.50"),
        ([{"title": "a", "amount": "2", "times": "/answers/days"}], "6.00"),
        ([{"title": "a", "least": [{"title": "b", "amount": "3"}, {"title": "c", "amount": "2"}]}], "2.00"),
        ([{"title": "a", "greatest": [{"title": "b", "amount": "3"}, {"title": "c", "amount": "2"}]}], "3.00"),
        (
            [
                {
                    "title": "a",
                    "least": [
                        {"title": "b", "amount": "3"},
                        {"title": "c", "when": {"/answers/days": {"const": 4}}, "amount": "2"},
                    ],
                }
            ],
            "3.00",
        ),
        (
            [
                {
                    "title": "a",
                    "least": [
                        {"title": "b", "amount": "9"},
                        {
                            "title": "c",
                            "sum": [
                                {"title": "d", "amount": "3"},
                                {"title": "e", "amount": "2", "times": ["/answers/days"]},
                            ],
                        },
                    ],
                }
            ],
            "9.00",
        ),
        (
            [
                {
                    "title": "a",
                    "least": [
                        {"title": "b", "amount": "3"},
                        {"title": "c", "amount": "1", "times": ["/answers/missing"]},
                    ],
                }
            ],
            None,
        ),
        ([{"title": "a", "amount": "1", "times": ["/answers/missing"]}], None),
        ([{"title": "a", "amount": "1", "times": ["/answers/none"]}], None),
        ([{"title": "a", "amount": "1", "times": ["/answers/word"]}], None),
        ([{"title": "a", "amount": "1", "times": ["/answers/yes"]}], None),
        ([{"title": "a", "amount": "1", "times": ["/answers/list"]}], None),
        ([{"title": "a", "amount": "5"}, {"title": "b", "amount": "1", "times": ["/answers/missing"]}], None),
        (
            [{"title": "a", "amount": "1", "times": ["/answers/missing"], "when": {"/answers/days": {"const": 9}}}],
            "0.00",
        ),
        ([{"title": "a", "amount": "1", "when": {"/answers/days": {"const": 9}}}], "0.00"),
        (
            [
                {"title": "80", "amount": "50", "when": {"/lookups/person/birth_date": {"x-age": {"minimum": 80}}}},
                {"title": "90", "amount": "100", "when": {"/lookups/person/birth_date": {"x-age": {"minimum": 90}}}},
                {"title": "100", "amount": "500", "when": {"/lookups/person/birth_date": {"x-age": {"minimum": 100}}}},
            ],
            "150.00",
        ),
        ([{"title": "a", "amount": "-0.001"}], "0.00"),
        ([{"title": "a", "amount": "-0.005"}], "-0.01"),
        ([{"title": "a", "amount": "NaN"}], None),
        ([{"title": "a", "amount": "1e999999"}], None),
        ([{"title": "a", "amount": "Infinity"}], None),
    ],
)
def test_lines_are_summed_exactly_and_rounded_half_up(lines: Any, expected: str | None) -> None:
    assert summed(lines) == expected


@given(st.lists(st.decimals(-10_000, 10_000, places=4, allow_nan=False), max_size=6))
def test_no_cent_is_lost_to_binary_fractions(amounts: list[Decimal]) -> None:
    wanted = sum(amounts, Decimal(0)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    got = summed([{"title": "x", "amount": str(a)} for a in amounts])
    assert got is not None
    assert Decimal(got) == wanted
    assert got != "-0.00"


@given(st.floats(-1000, 1000, allow_nan=False))
def test_a_number_means_what_was_written(value: float) -> None:
    assert number(value) == Decimal(repr(value))


def test_fee_and_granted_amount_stand_in_the_verdict() -> None:
    result = {"title": "告知单", "amount": [{"title": "尊老金", "amount": "50"}]}
    item = elder(item={"fee": [{"title": "工本费", "amount": "4.995"}], "result": result})
    verdict = judge(item, {"applicant": {}}, OFFICE, CALENDAR, today=TODAY)
    assert (verdict.fee, verdict.amount) == ("5.00", "50.00")
    verdict = judge(elder(), {"applicant": {}}, OFFICE, CALENDAR, today=TODAY)
    assert (verdict.fee, verdict.amount) == (None, None), "nothing declared is no amount"


@pytest.mark.parametrize(
    ("outcome", "expected"), [("down", None), ("refused", None), ("empty", "0.00"), ("found", "50.00")]
)
def test_a_line_whose_condition_reads_a_lookup_without_an_answer_leaves_the_total_open(
    outcome: str, expected: str | None
) -> None:
    lines = [{"title": "加发", "amount": "50", "when": {"/lookups/disability/grade": {"maximum": 2}}}]
    found = {"lookups": {"disability": {"grade": 1}}} if outcome == "found" else {"lookups": {}}
    facts = {**FACTS, **found, "outcomes": {"disability": outcome}}
    assert total(lines_of(lines), facts, CALENDAR) == expected


TESTED = [
    {"id": "visit", "unit": "civil-affairs", "days": 1, "when": {"/answers/area_m2": {"minimum": 10}},
     "because": "10平方米以上", "findings": {"type": "object", "properties": {"hard": {"type": "boolean"}}}},
]  # fmt: skip
HARD: dict[str, Any] = {"title": "加收", "when": {"/findings/visit/hard": {"const": True}}, "amount": "50"}
LARGE: dict[str, Any] = {"title": "加收", "when": {"/answers/area_m2": {"minimum": 9}, **HARD["when"]}, "amount": "50"}


@pytest.mark.parametrize(
    ("line", "area_m2", "findings", "expected"),
    [
        (HARD, 20, None, None),
        (HARD, 20, {"hard": True}, "55.00"),
        (HARD, 20, {"hard": False}, "5.00"),
        (HARD, 2, None, "5.00"),
        (LARGE, 20, None, None),
        ({"title": "加收", "least": [HARD]}, 20, None, None),
        (
            {"title": "加收", "when": {"/answers/area_m2": {"maximum": 1}, **HARD["when"]}, "amount": "50"},
            20,
            None,
            "5.00",
        ),
    ],
    ids=[
        "not yet",
        "found",
        "found otherwise",
        "no visit",
        "known in part",
        "within another",
        "never, whatever is found",
    ],
)
def test_a_fee_is_open_while_what_it_rests_on_is_still_to_be_found(
    line: Any, area_m2: int, findings: Any, expected: str | None
) -> None:
    item = elder(item={"fee": [{"title": "工本费", "amount": "5"}, line]}, routing={"steps": TESTED})
    facts: dict[str, Any] = {"applicant": {}, "answers": {"area_m2": area_m2}}
    if findings is not None:
        facts["findings"] = {"visit": findings}
    assert judge(item, facts, OFFICE, CALENDAR, today=TODAY).fee == expected
