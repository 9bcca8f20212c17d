"""Working days 工作日, and the day by which a case must be decided 办结时限.

Knows no events and no case: filing day, calendar and route come in, the day and its derivation go out. A time that
leads beyond the calendar ends on its last day.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import lru_cache
from typing import Any

from core.contract import Calendar, RouteStep
from core.judge.sentences import Line

Stop = tuple[date, date]
"""(the day the clock was stopped, the day it ran again)."""

_DAY = timedelta(days=1)
_EXACT_DAYS = 3660
"""Beyond ten years no notice exists anywhere: Monday to Friday are counted, so that 9999-12-31 costs nothing."""
_LONGEST_REST = 400
_LONGEST_DATE = 40
_FRIDAY = 4


@dataclass(frozen=True, slots=True)
class Span:
    """A time as a law or a promise says it: so many working days, calendar days or months."""

    number: int
    unit: str = "days"
    """One of SPANS; `days` are working days, and `by` is a day: of every year (930), or one (20260930)."""
    begins: tuple[str, ...] = ()
    """The days from the first of which it runs: of every month (`05`), of every year (`03-31`), or one (`2026-04-30`);
    WINDOW is the end of the window in which the case was filed. Empty: from the day the rest runs from."""

    @property
    def least(self) -> int:
        """The fewest days that it can take, counting every day."""
        if self.unit == "by":
            return 0
        return self.number * (28 if self.unit == "months" else 1)

    def line(self) -> Line:
        if self.unit == "by":
            return Line("span_by", {"day": month_day(self.said) if len(self.said) == YEARLY else self.said})
        line = Line(f"span_{self.unit}", {"n": self.number})
        return Line("span_from", {"begins": begins_said(self.begins), "span": line}) if self.begins else line

    @property
    def said(self) -> str:
        """Of `by`: the day, `09-30` or `2026-09-30`."""
        month, day = divmod(self.number % 10000, 100)
        year = self.number // 10000
        return f"{year:04}-{month:02}-{day:02}" if year else f"{month:02}-{day:02}"

    def as_json(self) -> dict[str, Any]:
        more = {"from": list(self.begins)} if self.begins else {}
        return {self.unit: self.said if self.unit == "by" else self.number, **more}


WINDOW = "window"
SPANS = ("days", "calendar_days", "months", "by")
MONTHLY, YEARLY = len("05"), len("03-01")


def span_in(said: Mapping[str, Any]) -> Span | None:
    """As `span_of`, where there may be none."""
    return span_of(said) if any(one in said for one in SPANS) else None


def span_of(said: Mapping[str, Any]) -> Span:
    """The time in a line `{"days": …}`, `{"calendar_days": …}`, `{"months": …}` or `{"by": "09-30"}`."""
    unit = next(one for one in SPANS if one in said)
    number = int(said[unit].replace("-", "")) if unit == "by" else said[unit]
    return Span(number, unit, begins_in(said))


def begins_in(said: Mapping[str, Any]) -> tuple[str, ...]:
    """The days that `from` names, WINDOW for `window`."""
    begins = said.get("from") or ()
    return (begins,) if isinstance(begins, str) else tuple(begins)


@dataclass(frozen=True, slots=True)
class Terms:
    """What was declared of a case's time when it was filed; with its events, enough for every date of it."""

    promised: Span
    statutory: Span | None
    not_after: date | None
    steps: tuple[RouteStep, ...]
    extension: Span | None = None
    """By how much at most the head of the office may extend the time, once; None where the item declares nothing."""
    window: date | None = None
    """The last day of the window in which it was filed; None where the item is open at any time."""
    deliver: Span | None = None
    """Within which a decision is delivered; None: as the law has it for permits."""


@dataclass(frozen=True, slots=True)
class Deadline:
    """`day` is the last day in time; `because` derives it, line by line."""

    day: date
    because: tuple[str, ...]
    provisional: bool
    """Some day on the way has no official holiday notice yet."""


def read_date(value: object) -> date | None:
    """The date of an ISO 8601 date or date-time; None for anything else."""
    return _date_of(value) if isinstance(value, str) and len(value) <= _LONGEST_DATE else None


@lru_cache(maxsize=4096)
def _date_of(value: str) -> date | None:
    if len(value) < 10 or value[4] != "-" or value[7] != "-":
        return None
    if len(value) > 10 and value[10] not in "Tt ":
        return None
    try:
        return date.fromisoformat(value[:10])
    except ValueError:
        return None


def age(birth: date, today: date) -> int:
    """Whole years; who was born on 29 February is a year older on 1 March (民法典 200, 周岁)."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def add_working_days(day: date, n: int, calendar: Calendar) -> date:
    """The n-th working day after `day`; the day itself is not counted (民法典 201). 0 is the day itself."""
    # The stops are one case's own; the office's days are counted again for every case of the day.
    return _counted(day, n, calendar) if isinstance(calendar, Stopped) else _known(day, n, calendar)


def _counted(day: date, n: int, calendar: Calendar) -> date:
    rest = 0
    while n > 0 and day < date.max:
        day += _DAY
        if calendar.is_working_day(day):
            n -= 1
            rest = 0
        elif not is_stopped(calendar, day):  # a pause may last years, a rest may not
            rest += 1
            if rest > _LONGEST_REST:
                raise ValueError("The calendar has no working day within 400 days.")
    return day


_known = lru_cache(maxsize=4096)(_counted)


def next_working_day(day: date, calendar: Calendar) -> date:
    """The day itself if it is worked, else the first worked day after it (民法典 203)."""
    return day if calendar.is_working_day(day) else add_working_days(day, 1, calendar)


def working_days_between(start: date, end: date, calendar: Calendar) -> int:
    """Working days after `start` up to and with `end`; negative, counted the other way, when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start, calendar)
    span = (end - start).days
    exact = min(span, _EXACT_DAYS)
    count = sum(calendar.is_working_day(start + timedelta(days=n)) for n in range(1, exact + 1))
    return count + _weekdays(start + timedelta(days=exact), span - exact)


def _weekdays(start: date, days: int) -> int:
    """Mondays to Fridays among the `days` days after `start`."""
    weeks, rest = divmod(days, 7)
    first = start.weekday()
    return weeks * 5 + sum((first + n) % 7 <= _FRIDAY for n in range(1, rest + 1))


class Stopped:
    """A calendar on which the clock stands still: of every stop, the days after it began up to its end.

    Those days are neither working days nor days of a term in calendar days (行政许可法 45).
    """

    def __init__(self, calendar: Calendar, stops: Sequence[Stop]) -> None:
        self.office_days, self._stops = calendar, tuple(stops)

    def is_working_day(self, day: date) -> bool:
        return not self.is_stopped(day) and self.office_days.is_working_day(day)

    def is_provisional(self, day: date) -> bool:
        return self.office_days.is_provisional(day)

    def is_stopped(self, day: date) -> bool:
        return any(begun < day <= ended for begun, ended in self._stops)


def is_stopped(calendar: Calendar, day: date) -> bool:
    return isinstance(calendar, Stopped) and calendar.is_stopped(day)


def add_calendar_days(day: date, n: int, calendar: Calendar) -> date:
    """The n-th day after `day`, rest days counted, days on which the clock stands still not."""
    if not isinstance(calendar, Stopped):
        return day + timedelta(days=min(n, (date.max - day).days))
    while n > 0 and day < date.max:
        day += _DAY
        n -= not calendar.is_stopped(day)
    return day


def add_months(day: date, n: int) -> date:
    """The same day n months later; where the month has no such day, its last (民法典 202)."""
    years, month = divmod(day.month - 1 + n, 12)
    year = day.year + years
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def day_of_year(year: int, said: str) -> date:
    """`03-01` in that year; 29 February is the 28th in the others."""
    return read_date(f"{year:04}-{said}") or date(year, 3, 1) - timedelta(days=1)


def day_said(day: date, said: str) -> date:
    """The first `12-31`, or `05` of a month, on or after that day; a date is itself."""
    if len(said) == MONTHLY:
        this = _day_of_month(day, int(said))
        return this if this >= day else _day_of_month(add_months(day.replace(day=1), 1), int(said))
    if len(said) != YEARLY:
        return read_date(said) or day
    this = day_of_year(day.year, said)
    return this if this >= day else day_of_year(day.year + 1, said)


def _day_of_month(day: date, number: int) -> date:
    """That day of the month of `day`; where it has none, its last."""
    return day.replace(day=min(number, monthrange(day.year, day.month)[1]))


def begin_of(begins: Sequence[str], start: date) -> date:
    """The first of these days on or after `start`; `start` where none is named, and where the one day is over."""
    return max(start, min((day_said(start, said) for said in begins if said != WINDOW), default=start))


def fixed(begins: tuple[str, ...], window: date | None) -> tuple[str, ...]:
    """`window` as its date: later windows change nothing for who has filed."""
    if WINDOW not in begins:
        return begins
    return (window.isoformat(),) if window is not None else ()


def in_window(terms: Terms) -> Terms:
    """The terms with what their steps begin at as dates. Kept are the steps as they are declared, so that the way laid
    anew can be told from the way that was laid."""
    if not any(WINDOW in step.begins for step in terms.steps):
        return terms
    steps = tuple(replace(step, begins=fixed(step.begins, terms.window)) for step in terms.steps)
    return replace(terms, steps=steps)


def begins_said(begins: Sequence[str]) -> Line:
    """From what a time runs: the end of the window, a date, or the next of some days."""
    if begins == (WINDOW,):
        return Line("from_window", {})
    if len(begins[0]) > YEARLY:
        return Line("from_day", {"day": begins[0]})
    months = [one for one in begins if len(one) == MONTHLY]
    words = [Line("month_day_only", {"day": int(one)}) for one in months]
    words += [month_day(one) for one in begins if len(one) == YEARLY]
    return Line("from_batch", {"days": _listed(words)})


def _listed(words: Sequence[Line]) -> Line:
    first, *rest = words
    return Line("two_days", {"first": first, "second": _listed(rest)}) if rest else first


def month_day(said: str) -> Line:
    month, _, day = said.partition("-")
    return Line("month_day", {"day": int(day), "name": Line(f"month_{int(month)}", {})})


def end_of_span(span: Span, start: date, calendar: Calendar) -> date:
    """The last day of a time that runs after `start`; one that ends on a day of rest moves to the next working day
    (民法典 203). Of months too, a day on which the clock stands still does not count."""
    if span.unit == "by":
        return max(start, day_said(start, span.said))
    start = begin_of(span.begins, start)
    if span.unit == "days":
        return add_working_days(start, span.number, calendar)
    days = span.number if span.unit == "calendar_days" else (add_months(start, span.number) - start).days
    return next_working_day(add_calendar_days(start, days, calendar), calendar)


def end_of_step(step: RouteStep, start: date, calendar: Calendar) -> date:
    """When a step begun on `start` is due: on the last of its days, or, where nobody may cut them short, on the first
    working day after them."""
    last = last_of_step(step, start, calendar)
    return add_working_days(last, 1, calendar) if step.at_least else last


def last_of_step(step: RouteStep, start: date, calendar: Calendar) -> date:
    """The last of its days; calendar days that end on a day of rest move to the next working day (民法典 203)."""
    start = begin_of(step.begins, start)
    end = add_working_days(start, step.days or 0, calendar)
    if step.calendar_days:
        end = max(end, next_working_day(add_calendar_days(start, step.calendar_days, calendar), calendar))
    return end


def end_of_steps(steps: Iterable[RouteStep], start: date, calendar: Calendar) -> date:
    """Steps run in order, those of one group side by side; a step that does not count takes no legal time."""
    group, begun, end = 0, start, start
    for step in steps:
        if step.group != group:
            group, begun = step.group, end
        if step.counts:
            end = max(end, end_of_step(step, begun, calendar))
    return end


def is_provisional(calendar: Calendar, start: date, end: date) -> bool:
    """Whether some day on the way has no official notice yet."""
    return _provisional(calendar.office_days if isinstance(calendar, Stopped) else calendar, start, end)


@lru_cache(maxsize=4096)
def _provisional(calendar: Calendar, start: date, end: date) -> bool:
    return any(calendar.is_provisional(start + timedelta(days=n)) for n in range((end - start).days + 1))


def after_stops(day: date, ahead: Iterable[Stop]) -> date:
    """`day`, or the end of what is still to come after it: nothing is decided before every step is done."""
    for begun, ended in sorted(ahead):
        day = max(day, ended) if begun >= day else day
    return day


def reckon(
    terms: Terms, start: date, calendar: Calendar, *, extended: Span | None = None, ahead: Sequence[Stop] = ()
) -> tuple[date, tuple[Line, ...]]:
    """From `start`: the larger of what is promised and the steps that count, never beyond the legal time.

    `extended`: by how much that time was extended, which the law allows on top of its own. `ahead`: when
    steps outside the legal time are expected; `calendar` stands still then.
    """
    promised = end_of_span(terms.promised, start, calendar)
    by_steps = end_of_steps((step for step in terms.steps if not step.joined), start, calendar)
    day = max(promised, by_steps)
    if by_steps > promised:
        because = [Line("by_steps", {"day": day})]
    else:
        because = [Line("by_promise", {"span": terms.promised.line(), "day": day})]
    law = terms.statutory
    # An early day needs no counting.
    if law is not None and (day - start).days > law.least and (last := end_of_span(law, start, calendar)) < day:
        day = last
        because.append(Line("by_statute", {"span": law.line(), "day": day}))
    if extended:
        day = end_of_span(extended, day, calendar)
        because.append(Line("extended", {"span": extended.line(), "day": day}))
    day = after_stops(day, ahead)
    if terms.not_after and terms.not_after < day:
        # No date before filing: what ended earlier leaves the day of filing itself.
        day = max(terms.not_after, start)
        because.append(Line("by_end", {"day": day}))
    if is_provisional(calendar, start, day):
        because.append(Line("provisional", {}))
    return day, tuple(because)
