"""The legal clock: pauses stop it, and nothing ever makes a day come sooner."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from core.cases.clock import replay
from core.judge.clock import add_working_days
from core.office.calendar import StateCalendar

CALENDAR = StateCalendar()
FILED = date(2026, 11, 23)
FIRST = date(2026, 12, 21)


def on(days: int) -> date:
    return FILED + timedelta(days=days)


holds = st.sampled_from([("paused", "resumed"), ("correction_asked", "corrected")])
pairs = st.lists(st.tuples(holds, st.integers(0, 9), st.integers(0, 9)), max_size=4)


def told(drawn: list[tuple[tuple[str, str], int, int]]) -> list[tuple[str, date]]:
    events, day = [], 0
    for (stop, start), gap, long in drawn:
        events.append((stop, on(day + gap)))
        events.append((start, on(day + gap + long)))
        day += gap + long
    return events


def test_a_pause_of_three_working_days_moves_the_day_by_three() -> None:
    due = replay(FIRST, [("paused", date(2026, 11, 24)), ("resumed", date(2026, 11, 27))], CALENDAR, today=on(10))
    assert due.day == add_working_days(FIRST, 3, CALENDAR)
    assert due.running
    assert "3 个工作日" in due.because[0]


def test_a_pause_over_a_weekend_costs_nobody_a_day() -> None:
    due = replay(FIRST, [("paused", date(2026, 11, 27)), ("resumed", date(2026, 11, 29))], CALENDAR, today=on(10))
    assert due.day == FIRST


def test_while_the_clock_stands_the_day_moves_on_with_today() -> None:
    events = [("paused", date(2026, 11, 24))]
    days = [replay(FIRST, events, CALENDAR, today=on(n)) for n in range(2, 12)]
    assert not any(due.running for due in days)
    found = [due.day for due in days if due.day]
    assert found == sorted(found)
    assert found[-1] > found[0]


def test_two_things_that_hold_the_clock_together_count_once() -> None:
    both = [("paused", on(1)), ("correction_asked", on(1)), ("resumed", on(4)), ("corrected", on(4))]
    one = [("paused", on(1)), ("resumed", on(4))]
    assert replay(FIRST, both, CALENDAR, today=on(9)).day == replay(FIRST, one, CALENDAR, today=on(9)).day


def test_a_decision_ends_it() -> None:
    assert replay(FIRST, [("decided", on(3)), ("paused", on(4))], CALENDAR, today=on(9)).day is None


@given(pairs)
def test_no_pause_ever_brings_the_day_nearer(drawn: list[tuple[tuple[str, str], int, int]]) -> None:
    events = told(drawn)
    days = [replay(FIRST, events[:n], CALENDAR, today=on(60)).day for n in range(0, len(events) + 1, 2)]
    assert all(day is not None and day >= FIRST for day in days)
    assert days == sorted(day for day in days if day)


@given(pairs, st.integers(0, 8))
def test_unrelated_events_between_change_nothing(drawn: list[tuple[tuple[str, str], int, int]], place: int) -> None:
    events = told(drawn)
    with_more = [*events[:place], ("material_given", on(0)), *events[place:]]
    today = on(60)
    assert replay(FIRST, with_more, CALENDAR, today=today) == replay(FIRST, events, CALENDAR, today=today)


@given(pairs)
def test_the_same_events_give_the_same_day(drawn: list[tuple[tuple[str, str], int, int]]) -> None:
    events = told(drawn)
    assert replay(FIRST, events, CALENDAR, today=on(60)) == replay(FIRST, events, CALENDAR, today=on(60))
