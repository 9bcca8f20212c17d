"""Until when a granted result is valid 有效期: a duration, a day that a fact names, or the earlier of both.

Knows the item's result and the facts; writes no letter.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from core.contract import Facts, Item
from core.judge.clock import day_said, read_date
from core.judge.pointers import resolve, tokens

_DURATION = re.compile(r"P(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?")
_DAY = timedelta(days=1)
MOST_YEARS = 100
_MOST = {"days": 36_500, "weeks": 5_200, "months": 1_200, "years": MOST_YEARS}
"""Of a number that a fact says: what is typed wrong must not be granted for ever, nor lead beyond the calendar."""


def valid_until(item: Item, facts: Facts, decided_on: date) -> date | None:
    """The last day of what is granted on `decided_on`; None where it has no end.

    A pointer that finds no date sets no bound, and no other beginning than the day of the decision. Raises ValueError
    for a duration that leads beyond the calendar.
    """
    result = item.declared.get("result")
    return end_of(result, facts, decided_on) if isinstance(result, Mapping) else None


def end_of(result: Mapping[str, Any], facts: Facts, decided_on: date) -> date | None:
    """As `valid_until`, of anything that declares `valid`, `valid_from`, `valid_after` and `valid_until`."""
    ends = [day for said in _listed(result.get("valid_until")) if (day := _end(facts, said, decided_on))]
    duration = _duration(result.get("valid"), facts)
    if duration:
        ends.append(last_day(_first_day(result, facts) or decided_on, duration))
    return min(ends, default=None)


def _duration(said: Any, facts: Facts) -> str:
    """As written, or of as many days, weeks, months or years as a fact says, at most a hundred years; "" where it says
    nothing."""
    if not isinstance(said, Mapping):
        return str(said or "")
    for unit, count in _counted(said, facts):
        return f"P{min(count, _MOST[unit])}{unit[0].upper()}"
    return ""


def is_too_long(result: Any, facts: Facts) -> bool:
    """Whether a fact says that what declares `valid` is valid for longer than a hundred years."""
    said = result.get("valid") if isinstance(result, Mapping) else None
    return isinstance(said, Mapping) and any(count > _MOST[unit] for unit, count in _counted(said, facts))


def _counted(said: Mapping[str, Any], facts: Facts) -> Iterator[tuple[str, int]]:
    for unit, pointer in said.items():
        count = resolve(facts, pointer)[1]
        if isinstance(count, int) and not isinstance(count, bool) and count > 0:
            yield unit, count


def _first_day(result: Mapping[str, Any], facts: Facts) -> date | None:
    if "valid_from" in result:
        return _day(facts, result["valid_from"])
    if "valid_after" in result:
        before = _day(facts, result["valid_after"])
        return before + _DAY if before and before < date.max else None
    return None


def _end(facts: Facts, said: str, decided_on: date) -> date | None:
    """The day that a pointer names, or the next `12-31` that comes, the day of the decision being one."""
    return _day(facts, said) if said.startswith("/") else day_said(decided_on, said)


def _day(facts: Facts, pointer: str) -> date | None:
    """Of rows, the earliest day that one of them has: what is granted must not outlive what it rests on."""
    said = resolve(facts, pointer)[1]
    days = map(read_date, said) if "*" in tokens(pointer) and isinstance(said, list) else [read_date(said)]
    return min((day for day in days if day is not None), default=None)


def _listed(said: Any) -> list[str]:
    return [said] if isinstance(said, str) else list(said or ())


def last_day(first: date, duration: str) -> date:
    """The last day of a time that begins on `first`: the day before the anniversary; of 29 February and the like,
    before the last day of the month. Raises ValueError for another spelling and for a day beyond the calendar."""
    after = moved(first, duration)
    if after == date.min:
        raise ValueError(f"{duration} leads beyond the calendar.")
    return after - _DAY


def moved(day: date, duration: str) -> date:
    """The day that is an ISO 8601 duration of years, months, weeks and days later; `-P3M` is earlier.

    Where the month has no such day, its last. Raises ValueError for another spelling and beyond the calendar.
    """
    sign, rest = (-1, duration[1:]) if duration[:1] == "-" else (1, duration)
    found = _DURATION.fullmatch(rest)
    if found is None or rest == "P":
        raise ValueError(f"{duration} is not a duration of years, months, weeks and days.")
    years, months, weeks, days = (sign * int(part or 0) for part in found.groups())
    month = day.month - 1 + months + 12 * years
    year, month = day.year + month // 12, month % 12 + 1
    try:
        last = calendar.monthrange(year, month)[1]
        return date(year, month, min(day.day, last)) + timedelta(weeks=weeks, days=days)
    except (ValueError, OverflowError, calendar.IllegalMonthError) as error:
        raise ValueError(f"{duration} leads beyond the calendar.") from error
