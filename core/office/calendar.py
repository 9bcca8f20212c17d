"""Which days the office works: the State Council's yearly notice, with make-up days 调休.

Knows no item and no deadline; counting days is `judge.clock`'s work.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

# The tables themselves: the library's own functions search both tables for the year range at every call.
from chinese_calendar.constants import holidays, workdays

_HOLIDAYS = frozenset(holidays)
_MAKE_UP_DAYS = frozenset(workdays)
FIRST_YEAR = min(_HOLIDAYS).year
LAST_YEAR = max(_HOLIDAYS).year
"""The years whose notice is known here; the one for the next year comes late in the year before."""

_SATURDAY = 5
_FIXED = frozenset({(1, 1), (5, 1), (5, 2), (10, 1), (10, 2), (10, 3)})
"""(month, day) of the holidays of fixed days: 全国年节及纪念日放假办法 (order 795 of the State Council),
article 2. Those of the lunar calendar, and the days that are worked to make up for them, wait for the notice."""


class StateCalendar:
    """The official calendar, over which the office may lay single days (`core.contract.Calendar`).

    For a year without a notice, Monday to Friday but for the fixed holidays count as working days, and every day is
    provisional. A day that the
    office itself has set (`overrides`: day → does it work) is settled and no longer provisional.
    """

    def __init__(self, overrides: Mapping[date, bool] | None = None) -> None:
        self._overrides = dict(overrides or {})

    def is_working_day(self, day: date) -> bool:
        settled = self._overrides.get(day)
        if settled is not None:
            return settled
        if day.weekday() >= _SATURDAY:
            return day in _MAKE_UP_DAYS
        return not _is_holiday(day)

    def kind(self, day: date) -> str:
        """workday, saturday, sunday or holiday: a make-up day is a workday, a holiday's Saturday is no saturday."""
        if self.is_working_day(day):
            return "workday"
        if day.weekday() < _SATURDAY or _is_holiday(day) or day in self._overrides:
            return "holiday"
        return "saturday" if day.weekday() == _SATURDAY else "sunday"

    def is_provisional(self, day: date) -> bool:
        return not FIRST_YEAR <= day.year <= LAST_YEAR and day not in self._overrides


def _is_holiday(day: date) -> bool:
    return day in _HOLIDAYS if FIRST_YEAR <= day.year <= LAST_YEAR else (day.month, day.day) in _FIXED
