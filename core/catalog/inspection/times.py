"""item.json: the time that is promised against the time that the law allows, each one number or lines by situation.

Knows how long a time takes in an ordinary week; no case, no holiday.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any, TypeGuard

from core.catalog.inspection import conditions
from core.catalog.inspection.around import Work
from core.catalog.inspection.windows import is_day
from core.catalog.places import listing, mapping
from core.contract import Said
from core.faults import say
from core.judge.clock import SPANS, WINDOW, YEARLY, Span, end_of_span, span_of

FILE = "item.json"

_MOST = 3660
"""As in the schema, which tells of more; what is compared here is counted day by day."""
_WORDS = {
    "days": ("{n} working days", "{n} 个工作日"),
    "calendar_days": ("{n} calendar days", "{n} 日（自然日）"),
    "months": ("{n} months", "{n} 个月"),
}
_YEAR = [date(2027, 1, 1) + timedelta(days=n) for n in range(365)]


class _Weeks:
    """Weeks without a holiday: what is too long in them is too long by itself."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5  # Saturday

    def is_provisional(self, day: date) -> bool:
        return False


def check(work: Work) -> None:
    guide = work.guide
    promised = [*_lines(work, "/promised_days", guide.get("promised_days"))]
    allowed = [*_lines(work, "/statutory_days", guide.get("statutory_days"))]
    calendar_days = guide.get("statutory_calendar_days")
    if calendar_days is not None and allowed:
        work.faults.add(FILE, "/statutory_calendar_days", "promised-over-statutory/both")
    elif _is_number(calendar_days):
        allowed = [("/statutory_calendar_days", None, Span(calendar_days, "calendar_days"))]
    _extension(work, guide.get("extension"))
    for at, when, span in promised:
        over = _over(when, span, allowed)
        if over is None:
            continue
        if span.unit == over.unit == "days":
            said: dict[str, Any] = {"promised": span.number, "statutory": over.number}
            work.faults.add(FILE, at, "promised-over-statutory", **said)
        else:
            said = {"promised": _said(span), "statutory": _said(over)}
            work.faults.add(FILE, at, "promised-over-statutory/units", **said)


def _extension(work: Work, said: Any) -> None:
    units = [unit for unit in SPANS if unit != "by" and unit in mapping(said)]
    if isinstance(said, Mapping) and len(units) != 1:
        work.faults.add(FILE, "/extension", "time-of-a-line/extended-both" if units else "time-of-a-line/extended")


def begins(work: Work, file: str, at: str, said: Mapping[str, Any]) -> None:
    """`from` of a time: a window that there is, days that exist."""
    named = said.get("from")
    if named is not None and "by" in said:
        work.faults.add(file, f"{at}/from", "time-of-a-line/from")
    if named == WINDOW and not work.guide.get("open"):
        work.faults.add(file, f"{at}/from", "window-wrong/none")
    for i, day in enumerate(listing(named)):
        if isinstance(day, str) and len(day) == YEARLY and not is_day(day):
            work.faults.add(file, f"{at}/from/{i}", "window-wrong/day", day=day)


_Line = tuple[str, Any, Span]
"""(where, its condition or None, the time)."""


def _lines(work: Work, at: str, said: Any) -> Iterator[_Line]:
    """Each time that is written soundly; of lines, the conditions are looked at."""
    conditions.in_order(work, FILE, at, said)
    if _is_number(said):
        yield at, None, Span(said)
    for i, line in enumerate(map(mapping, listing(said))):
        if "when" in line:
            conditions.check(work, FILE, f"{at}/{i}/when", line["when"])
        begins(work, FILE, f"{at}/{i}", line)
        units = [unit for unit in SPANS if unit in line]
        if len(units) != 1:
            work.faults.add(FILE, f"{at}/{i}", "time-of-a-line/both" if units else "time-of-a-line")
        elif units == ["by"]:
            if (
                isinstance(line["by"], str)
                and len(line["by"]) in (YEARLY, len("2026-09-30"))
                and not is_day(line["by"])
            ):
                work.faults.add(FILE, f"{at}/{i}/by", "window-wrong/day", day=line["by"])
        elif _is_number(line[units[0]]):
            yield f"{at}/{i}/{units[0]}", line.get("when"), span_of(line)


def _over(when: Any, span: Span, allowed: list[_Line]) -> Span | None:
    """The legal time that the promise overruns for certain: of the same situation; of a promise for all, any of them;
    else every one of them, and so the longest."""
    same = [law for _, other, law in allowed if other == when]
    wanted = same or [law for _, _, law in allowed]
    over = [law for law in wanted if is_longer(span, law)]
    if when is not None and len(over) < len(wanted):
        return None
    return max(over, key=lambda law: law.least, default=None)


def is_longer(span: Span, law: Span) -> bool:
    """Of two sound times. In one unit by its number; else in days, from whatever day of the year both begin."""
    if span.begins != law.begins:
        return False  # nobody knows how long the wait is
    if span.unit == law.unit:
        return span.number > law.number
    weeks = _Weeks()
    return all(end_of_span(span, day, weeks) > end_of_span(law, day, weeks) for day in _YEAR)


def _said(span: Span) -> Said:
    return say(*_WORDS[span.unit], n=span.number)


def _is_number(said: Any) -> TypeGuard[int]:
    return isinstance(said, int) and not isinstance(said, bool) and 0 <= said <= _MOST
