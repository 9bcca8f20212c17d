"""When a site is open, on the published calendar of 2026."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.contract import Closed, Hours, Site
from core.office.calendar import StateCalendar
from core.office.hours import closed_of, counters_of, hours_of, is_clock, kept, spans, standing

CALENDAR = StateCalendar()
HALL = Site(
    "hall",
    "大厅",
    "hall",
    "town",
    "320583103000",
    hours=(
        Hours("workday", "09:00", "12:00"),
        Hours("workday", "12:00", "13:30", "noon"),
        Hours("workday", "13:30", "17:30"),
        Hours("saturday", "09:00", "11:30", "duty"),
        Hours("sunday", "09:00", "11:30", "appointment"),
    ),
    closed=(Closed(date(2026, 12, 7), date(2026, 12, 8), "停电检修"),),
)
KIOSK = Site("kiosk", "终端", "kiosk", "town", "320583103000", hours=(Hours("daily", "00:00", "24:00"),))


@pytest.mark.parametrize(
    ("now", "state", "until"),
    [
        ("2026-11-27 08:59", "closed", None),
        ("2026-11-27 09:00", "open", "2026-11-27 17:30"),  # morning, noon duty and afternoon are one
        ("2026-11-27 12:30", "open", "2026-11-27 17:30"),
        ("2026-11-27 17:30", "closed", None),
        ("2026-11-28 10:00", "open", "2026-11-28 11:30"),  # a Saturday
        ("2026-11-29 10:00", "appointment", "2026-11-29 11:30"),  # a Sunday
        ("2026-10-03 10:00", "closed", None),  # a Saturday of the National Day holiday is no Saturday
        ("2026-10-10 15:00", "open", "2026-10-10 17:30"),  # a Saturday that is worked is a workday
        ("2026-12-07 10:00", "closed", None),  # closed by the office itself
    ],
)
def test_a_hall_is_open_by_its_week_the_state_s_calendar_and_its_closed_days(
    now: str, state: str, until: str | None
) -> None:
    found = standing(HALL, datetime.fromisoformat(now), CALENDAR)
    assert (found.state, found.until) == (state, datetime.fromisoformat(until) if until else None)


@pytest.mark.parametrize(
    ("now", "opens"),
    [
        ("2026-11-27 07:00", "2026-11-27 09:00"),
        ("2026-11-27 18:00", "2026-11-28 09:00"),
        ("2026-11-29 10:00", "2026-11-30 09:00"),  # a booked Sunday is no opening for who walks in
        ("2026-12-06 18:00", "2026-12-09 09:00"),  # over the two closed days
        ("2026-09-30 18:00", "2026-10-08 09:00"),  # over the whole holiday
    ],
)
def test_while_it_is_shut_the_next_opening_is_named(now: str, opens: str) -> None:
    found = standing(HALL, datetime.fromisoformat(now), CALENDAR)
    assert found.next is not None
    assert found.next.starts == datetime.fromisoformat(opens)


def test_a_closed_day_says_why() -> None:
    assert standing(HALL, datetime(2026, 12, 7, 10), CALENDAR).note == "停电检修"


def test_a_kiosk_that_never_shuts_has_no_until() -> None:
    found = standing(KIOSK, datetime(2026, 10, 1, 3, 0), CALENDAR)
    assert (found.state, found.until) == ("open", None)


def test_a_site_without_hours_claims_nothing() -> None:
    assert standing(Site("a", "甲", "hall", "town", "1"), datetime(2026, 11, 27, 10), CALENDAR).state == "unknown"


def test_a_day_that_the_office_makes_up_is_a_workday_there_too() -> None:
    saturday = date(2026, 12, 12)
    assert [span.kind for span in spans(HALL, saturday, CALENDAR)] == ["duty"]
    assert len(spans(HALL, saturday, StateCalendar({saturday: True}))) == 3
    assert spans(HALL, saturday, StateCalendar({saturday: False})) == []


def test_what_the_database_keeps_reads_back_the_same() -> None:
    told = kept(HALL)
    assert (hours_of(told["hours"]), closed_of(told["closed"])) == (HALL.hours, HALL.closed)
    assert counters_of(told["counters"]) == HALL.counters


@pytest.mark.parametrize("text", ["9:00", "09:60", "24:01", "25:00", "0900", "", "09:00:00", "０9:00"])
def test_a_time_is_two_digits_a_colon_and_two_digits(text: str) -> None:
    assert not is_clock(text)


@given(st.datetimes(datetime(2024, 1, 1), datetime(2027, 6, 1)))
def test_what_is_open_ends_later_and_what_is_shut_opens_later(now: datetime) -> None:
    found = standing(HALL, now, CALENDAR)
    if found.state == "open":
        assert found.until is not None
        assert found.until > now
        assert standing(HALL, found.until, CALENDAR).state != "open"
    elif found.next is not None:
        assert found.next.starts > now
        assert standing(HALL, found.next.starts, CALENDAR).state == "open"
