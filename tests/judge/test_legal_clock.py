"""The legal clock: dates from events alone, and the laws they keep whatever happens."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract import Item, Route
from core.judge.clock import add_working_days
from core.judge.legal_clock import Happening, LegalDates, legal_dates
from core.judge.routing import choose
from tests.judge.town import CALENDAR, OFFICE, TODAY, VILLAGE, Weekdays, elder

FACTS: dict[str, Any] = {"applicant": {"area": VILLAGE}}
STEPS = [
    {"unit": "civil-affairs", "days": 3, "title": "初审"},
    {"together": [{"unit": "fire", "days": 2}, {"unit": "credit-office", "calendar_days": 9}]},
    {"unit": "civil-affairs", "days": 1},
]
ITEM = elder(routing={"steps": STEPS}, item={"handling": "promised", "promised_days": 2, "statutory_days": None})


def road(item: Item = ITEM) -> Route:
    route, _ = choose(item, FACTS, OFFICE, CALENDAR, None)
    assert route is not None
    return route


def on(n: int) -> date:
    return TODAY + timedelta(days=n)


def dates(*events: tuple[str, int], today: int = 0, item: Item = ITEM) -> LegalDates:
    happened = [Happening(type, on(n)) for type, n in events]
    return legal_dates(item, road(item), happened, FACTS, CALENDAR, today=on(today))


def test_a_case_just_filed() -> None:
    made = dates(("filed", 0))
    assert made.received_on == TODAY
    assert made.correction_until == date(2026, 11, 30), "five working days"
    assert (made.accepted_on, made.deemed_accepted, made.stopped, made.deliver_by) == (None, False, False, None)
    # 3 working days to Thursday 26; 9 calendar days to Saturday 5 December, so Monday 7; one more day.
    assert [s.due for s in made.steps] == [
        date(2026, 11, 26), date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 8),
    ]  # fmt: skip
    assert made.deadline == date(2026, 12, 8)
    assert [(s.unit, s.group) for s in made.steps] == [
        ("civil-affairs", 0), ("fire", 1), ("credit-office", 1), ("civil-affairs", 2),
    ]  # fmt: skip


def test_without_a_correction_asked_in_time_it_counts_as_accepted() -> None:
    assert not dates(("filed", 0), today=7).deemed_accepted
    late = dates(("filed", 0), today=8)
    assert (late.deemed_accepted, late.accepted_on, late.correction_until) == (True, TODAY, None)
    assert "即为受理" in late.because[0]
    asked = dates(("filed", 0), ("correction_asked", 3), today=20)
    assert (asked.deemed_accepted, asked.accepted_on) == (False, None)


def test_while_the_applicant_mends_there_is_no_deadline_and_then_it_runs_anew() -> None:
    waiting = dates(("filed", 0), ("correction_asked", 2), today=10)
    assert (waiting.deadline, waiting.steps, waiting.correction_until) == (None, (), None)
    assert "等待补正" in waiting.because[-1]
    mended = dates(("filed", 0), ("correction_asked", 2), ("corrected", 7), today=10)
    assert mended.received_on == on(7)
    assert mended.deadline == dates(("filed", 7)).deadline
    assert "2026-11-30 补正齐全，次日起重新计算" in mended.because


def test_a_pause_stops_the_clock_for_just_its_days() -> None:
    plain = dates(("filed", 0)).deadline
    assert plain == date(2026, 12, 8)
    paused = dates(("filed", 0), ("paused", 1), ("resumed", 3))
    assert paused.deadline == date(2026, 12, 10), "two days stopped, two days later"
    assert "2026-11-24 中止，2026-11-26 恢复，其间不计入期限" in paused.because
    assert dates(("filed", 0), ("paused", 1), ("resumed", 1)).deadline == plain
    still = dates(("filed", 0), ("paused", 1), today=8)
    assert still.stopped
    assert still.deadline == dates(("filed", 0), ("paused", 1), ("resumed", 8)).deadline
    assert "尚未恢复" in " ".join(still.because)


def test_a_pause_of_years_is_only_a_pause() -> None:
    item = elder(item={"promised_days": 2}, routing={"steps": []})
    made = dates(("filed", 0), ("paused", 1), ("resumed", 1500), item=item)
    # The first day was counted before the pause; one working day is left.
    assert made.deadline == add_working_days(on(1500), 1, CALENDAR)


@pytest.mark.parametrize("end", ["decided", "refused", "withdrawn", "closed"])
def test_what_is_over_has_no_deadline(end: str) -> None:
    made = dates(("filed", 0), (end, 3), today=30)
    assert (made.deadline, made.correction_until, made.deemed_accepted, made.stopped) == (None, None, False, False)


def test_a_decision_is_delivered_within_ten_working_days() -> None:
    assert dates(("filed", 0), ("decided", 1)).deliver_by == add_working_days(on(1), 10, CALENDAR)
    assert dates(("filed", 0), ("decided", 1), ("delivered", 2)).deliver_by is None


def test_the_law_caps_what_the_steps_add_up_to_but_a_pause_moves_the_cap() -> None:
    item = elder(routing={"steps": STEPS}, item={"statutory_days": 5})
    assert dates(("filed", 0), item=item).deadline == date(2026, 11, 30)
    assert dates(("filed", 0), ("paused", 1), ("resumed", 2), item=item).deadline == date(2026, 12, 1)


def test_a_case_nobody_filed_has_no_dates() -> None:
    with pytest.raises(ValueError, match="filed"):
        dates(("decided", 1))


def test_unpublished_days_are_said_to_be_provisional() -> None:
    calendar = Weekdays(official_until=date(2026, 11, 30))
    made = legal_dates(ITEM, road(), [Happening("filed", TODAY)], FACTS, calendar, today=TODAY)
    assert made.provisional
    english = legal_dates(ITEM, road(), [Happening("filed", TODAY)], FACTS, calendar, today=TODAY, language="en")
    assert english.because[-1].startswith("part of these days")


# --- laws ------------------------------------------------------------------------------------------------

PAUSES = st.lists(st.integers(0, 60), max_size=6, unique=True).map(
    lambda days: [(kind, day) for kind, day in zip(itertools.cycle(["paused", "resumed"]), sorted(days), strict=False)]
)
OTHERS = st.lists(
    st.tuples(st.sampled_from(["accepted", "step_finished", "file_added"]), st.integers(0, 60)), max_size=4
)


@given(PAUSES, OTHERS, st.randoms(use_true_random=False))
def test_the_order_in_which_events_arrive_does_not_matter(
    pauses: list[tuple[str, int]], others: list[tuple[str, int]], random: Any
) -> None:
    events = [("filed", 0), *pauses, *others]
    shuffled = list(events)
    random.shuffle(shuffled)
    assert dates(*events, today=70) == dates(*shuffled, today=70)


@given(PAUSES)
def test_a_pause_never_shortens(pauses: list[tuple[str, int]]) -> None:
    without = dates(("filed", 0), today=70)
    paused = dates(("filed", 0), *pauses, today=70)
    assert without.deadline is not None
    assert paused.deadline is not None
    assert paused.deadline >= without.deadline
    for before, after in zip(without.steps, paused.steps, strict=True):
        assert after.due >= before.due


@given(st.integers(0, 10), st.integers(1, 20))
def test_a_longer_pause_is_never_better(begun: int, more: int) -> None:
    short = dates(("filed", 0), ("paused", begun), ("resumed", begun + 5)).deadline
    long = dates(("filed", 0), ("paused", begun), ("resumed", begun + 5 + more)).deadline
    assert short is not None
    assert long is not None
    assert long >= short


@given(PAUSES, OTHERS, st.integers(0, 80))
def test_no_date_lies_before_filing(pauses: list[tuple[str, int]], others: list[tuple[str, int]], today: int) -> None:
    made = dates(("filed", 0), *pauses, *others, today=today)
    every = [made.received_on, made.correction_until, made.accepted_on, made.deadline, made.deliver_by]
    assert all(day >= TODAY for day in [*every, *(s.due for s in made.steps)] if day is not None)


@given(PAUSES, OTHERS)
def test_a_replay_gives_the_same_dates(pauses: list[tuple[str, int]], others: list[tuple[str, int]]) -> None:
    events = [("filed", 0), *pauses, *others]
    assert dates(*events, today=70) == dates(*events, today=70)
