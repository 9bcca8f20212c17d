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


REST = (
    # 国务院办公厅关于 2024 年部分节假日安排的通知（国办发明电〔2023〕7 号）
    ("2024-01-01", "2024-01-01"), ("2024-02-10", "2024-02-17"), ("2024-04-04", "2024-04-06"),
    ("2024-05-01", "2024-05-05"), ("2024-06-10", "2024-06-10"), ("2024-09-15", "2024-09-17"),
    ("2024-10-01", "2024-10-07"),
    # 2025 年（国办发明电〔2024〕12 号）
    ("2025-01-01", "2025-01-01"), ("2025-01-28", "2025-02-04"), ("2025-04-04", "2025-04-06"),
    ("2025-05-01", "2025-05-05"), ("2025-05-31", "2025-06-02"), ("2025-10-01", "2025-10-08"),
    # 2026 年（国办发明电〔2025〕7 号）
    ("2026-01-01", "2026-01-03"), ("2026-02-15", "2026-02-23"), ("2026-04-04", "2026-04-06"),
    ("2026-05-01", "2026-05-05"), ("2026-06-19", "2026-06-21"), ("2026-09-25", "2026-09-27"),
    ("2026-10-01", "2026-10-07"),
)  # fmt: skip
"""First and last day of each holiday, as the notices give them: written down here, taken from no library."""
MAKE_UP = (
    "2024-02-04", "2024-02-18", "2024-04-07", "2024-04-28", "2024-05-11", "2024-09-14", "2024-09-29", "2024-10-12",
    "2025-01-26", "2025-02-08", "2025-04-27", "2025-09-28", "2025-10-11",
    "2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10",
)  # fmt: skip
"""Weekend days that are worked instead."""


def published(day: date) -> bool:
    """Whether the notices make this a working day."""
    if day.isoformat() in MAKE_UP:
        return True
    return day.weekday() < 5 and not any(first <= day.isoformat() <= last for first, last in REST)


def test_no_day_of_2024_to_2026_differs_from_the_state_council_s_notices() -> None:
    calendar = StateCalendar()
    days = [date(2024, 1, 1) + timedelta(n) for n in range((date(2027, 1, 1) - date(2024, 1, 1)).days)]
    assert len(days) == 366 + 365 + 365
    assert [day for day in days if calendar.is_working_day(day) != published(day)] == []
    assert not any(calendar.is_provisional(day) for day in days)


def test_each_make_up_day_is_a_weekend_and_each_kind_of_day_has_its_name() -> None:
    calendar = StateCalendar()
    assert all(date.fromisoformat(day).weekday() > 4 for day in MAKE_UP)
    assert {calendar.kind(date.fromisoformat(day)) for day in MAKE_UP} == {"workday"}
    assert {calendar.kind(date.fromisoformat(first)) for first, _ in REST} == {"holiday"}
    assert [calendar.kind(date(2026, 11, n)) for n in (27, 28, 29)] == ["workday", "saturday", "sunday"]


def test_beyond_the_notice_weekdays_work_and_the_date_is_provisional() -> None:
    calendar = StateCalendar()
    friday, saturday = date(LAST_YEAR + 2, 1, 7), date(LAST_YEAR + 2, 1, 8)
    assert friday.weekday() == 4
    assert calendar.is_working_day(friday)
    assert not calendar.is_working_day(saturday)
    assert calendar.is_provisional(friday)
    assert calendar.is_provisional(date(FIRST_YEAR - 1, 12, 31))


def test_beyond_the_notice_the_holidays_of_fixed_days_are_kept() -> None:
    calendar = StateCalendar()
    for month, days in ((1, (1,)), (5, (1, 2)), (10, (1, 2, 3))):
        assert {calendar.kind(date(LAST_YEAR + 1, month, day)) for day in days} == {"holiday"}
    assert calendar.kind(date(LAST_YEAR + 1, 5, 4)) == "workday" or date(LAST_YEAR + 1, 5, 4).weekday() > 4
    assert calendar.is_provisional(date(LAST_YEAR + 1, 1, 1))


def test_the_office_lays_its_own_days_over_the_notice() -> None:
    flood, fair = date(2026, 11, 23), date(LAST_YEAR + 1, 1, 2)
    calendar = StateCalendar({flood: False, fair: True})
    assert not calendar.is_working_day(flood)
    assert calendar.is_working_day(fair)
    assert not calendar.is_provisional(fair)
