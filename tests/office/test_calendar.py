"""The state calendar."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core.office.calendar import FIRST_YEAR, LAST_YEAR, StateCalendar


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 11, 23), True),  # a Monday
        (date(2026, 11, 22), False),  # a Sunday
        (date(2026, 10, 1), False),  # National Day, a Thursday
        (date(2024, 2, 18), True),  # a Sunday made up for Spring Festival
        (date(2025, 9, 28), True),  # a Sunday made up for October
        (date(2025, 10, 8), False),  # the last day of the 2025 holiday, a Wednesday
    ],
)
def test_working_days_follow_the_published_notice(day: date, works: bool) -> None:
    calendar = StateCalendar()
    assert calendar.is_working_day(day) is works
    assert not calendar.is_provisional(day)


def test_every_day_of_2024_to_2026_is_as_the_library_says() -> None:
    import chinese_calendar

    calendar = StateCalendar()
    day = date(2024, 1, 1)
    while day.year < 2027:
        assert calendar.is_working_day(day) == chinese_calendar.is_workday(day), day
        day += timedelta(1)


def test_beyond_the_notice_weekdays_work_and_the_date_is_provisional() -> None:
    calendar = StateCalendar()
    friday, saturday = date(LAST_YEAR + 2, 1, 7), date(LAST_YEAR + 2, 1, 8)
    assert friday.weekday() == 4
    assert calendar.is_working_day(friday)
    assert not calendar.is_working_day(saturday)
    assert calendar.is_provisional(friday)
    assert calendar.is_provisional(date(FIRST_YEAR - 1, 12, 31))


def test_the_office_lays_its_own_days_over_the_notice() -> None:
    flood, fair = date(2026, 11, 23), date(LAST_YEAR + 1, 1, 2)
    calendar = StateCalendar({flood: False, fair: True})
    assert not calendar.is_working_day(flood)
    assert calendar.is_working_day(fair)
    assert not calendar.is_provisional(fair)
