"""The keywords that stand at the top of a condition's schema only: what is worked out before the value is judged.

Ages and days from a date, counts and sums of rows, bounds that another fact holds. Knows facts and calendar, no item.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

from core.contract import Calendar, Facts
from core.judge.checks import check_of
from core.judge.clock import age, read_date, working_days_between
from core.judge.numbers import number
from core.judge.pointers import Tokens, tokens, walk
from core.judge.sentences import say, show
from core.judge.validity import moved

CLOCKS = ("x-age", "x-days", "x-working-days")
"""Number schemas, for the number worked out from a date and today, or the day that `x-on` says."""
TOTALS = ("x-count", "x-sum")
"""Number schemas, for the number of rows or their sum; of those rows only for which `x-where` holds."""

_ORDERS: Mapping[str, Callable[[Any, Any], bool]] = {
    "x-minimum": lambda value, bound: value >= bound,
    "x-exclusiveMinimum": lambda value, bound: value > bound,
    "x-maximum": lambda value, bound: value <= bound,
    "x-exclusiveMaximum": lambda value, bound: value < bound,
}
_EQUALS = {"x-equals": True, "x-differs": False}
_AMONG = {"x-in": True, "x-not-in": False}
BOUNDS = (*_ORDERS, *_EQUALS, *_AMONG)
"""A pointer to the value that this one is held against, or `{"of": pointer, "times": "1.5", "plus": "P3M"}`."""
MEASURES = frozenset((*CLOCKS, "x-on", *TOTALS, "x-where", "x-per", *BOUNDS))


class Holds(Protocol):
    """A condition, as far as it matters here."""

    pointers: frozenset[str]

    def holds(self, facts: Facts, calendar: Calendar) -> bool: ...


class Measures:
    """The measures of one test, compiled: they all hold, or the test does not."""

    __slots__ = ("_bounds", "_clocks", "_on", "_path", "_per", "_totals", "_where", "pointers")

    def __init__(self, path: Tokens, schema: Mapping[str, Any], where: Holds | None) -> None:
        self._path = path
        self._clocks = [(k, check_of(schema[k])) for k in CLOCKS if k in schema]
        self._totals = [(k, check_of(schema[k])) for k in TOTALS if k in schema]
        self._bounds = [(k, Bound(schema[k])) for k in BOUNDS if k in schema]
        self._on = schema.get("x-on")
        per = schema.get("x-per")
        self._per: Tokens | None = tokens(per) if isinstance(per, str) else None
        self._where = where
        read = {bound.pointer for _, bound in self._bounds}
        read |= {p for p in (per, self._on) if isinstance(p, str) and p.startswith("/")}
        # A row belongs to the list that the test itself reads.
        read |= {p for p in (where.pointers if where else ()) if tokens(p)[:1] != ("each",)}
        self.pointers = frozenset(read)

    def hold(self, value: Any, facts: Facts, calendar: Calendar) -> bool:
        if self._totals:
            totals = self._measured(facts, calendar)
            if totals is None or not all(check(_plain(totals[k])) for k, check in self._totals):
                return False
            value = totals["x-sum" if "x-sum" in totals else "x-count"]
        if self._clocks and not self._dates_hold(value, facts, calendar):
            return False
        return all(bound.met(keyword, value, facts) for keyword, bound in self._bounds)

    def words(self, value: Any, facts: Facts, calendar: Calendar, language: str) -> str:
        made = []
        day, on = read_date(value), self._day(facts)
        if day and on:
            made += [say(language, k, number=_days(k, day, on, calendar)) for k, _ in self._clocks]
        totals = self._measured(facts, calendar) if self._totals else None
        made += [say(language, k, number=_plain(total)) for k, total in (totals or {}).items()]
        for _, bound in self._bounds:
            found, other = bound.read(facts)
            made.append(say(language, "bound", pointer=bound.pointer, value=show(_plain(other)) if found else "—"))
        return "".join(made)

    # --- rows -------------------------------------------------------------------------------------------

    def _measured(self, facts: Facts, calendar: Calendar) -> dict[str, Decimal] | None:
        """The totals that are asked for; None where a row, or what they are shared by, holds no number."""
        rows = self._rows(facts, calendar)
        if rows is None:
            return None
        made: dict[str, Decimal] = {}
        for keyword, _ in self._totals:
            if keyword == "x-count":
                made[keyword] = Decimal(sum(value is not None for value in rows))
                continue
            numbers = [number(value) for value in rows]
            total = sum((n for n in numbers if n is not None), Decimal(0))
            shares = self._shares(facts)
            if None in numbers or shares is None:
                return None
            made[keyword] = total / shares
        return made

    def _rows(self, facts: Facts, calendar: Calendar) -> list[Any] | None:
        """What each row holds; with `*` in the pointer, the value inside the row. None where no list is."""
        star = len(self._path) - 1 - self._path[::-1].index("*") if "*" in self._path else len(self._path)
        found, rows = walk(facts, self._path[:star])
        if not found or not isinstance(rows, list):
            return None
        if "*" in self._path[:star]:
            rows = [row for part in rows if isinstance(part, list) for row in part]
        where = self._where
        return [
            walk(row, self._path[star + 1 :])[1]
            for row in rows
            if where is None or where.holds({**facts, "each": row}, calendar)
        ]

    def _shares(self, facts: Facts) -> Decimal | None:
        """By how many the sum is shared (`x-per`): a number, or the length of a list."""
        if self._per is None:
            return Decimal(1)
        value = walk(facts, self._per)[1]
        shares = Decimal(len(value)) if isinstance(value, list) else number(value)
        return shares if shares is not None and shares > 0 else None

    # --- dates ------------------------------------------------------------------------------------------

    def _day(self, facts: Facts) -> date | None:
        """The day that ages and days are counted to: `/today`, or what `x-on` says."""
        today = read_date(facts.get("today"))
        if not isinstance(self._on, str):
            return today
        if self._on.startswith("/"):
            return read_date(walk(facts, tokens(self._on))[1])
        if today and len(self._on) == len("08-31"):
            # Of every year; 29 February is the 28th in the others.
            return read_date(f"{today.year:04}-{self._on}") or read_date(f"{today.year:04}-02-28")
        return read_date(self._on)

    def _dates_hold(self, value: Any, facts: Facts, calendar: Calendar) -> bool:
        on = self._day(facts)
        if on is None:
            return False
        if isinstance(value, list) and "*" in self._path:
            # Every row's date; no row at all proves nothing.
            return bool(value) and all(self._date_holds(v, on, calendar) for v in value)
        return self._date_holds(value, on, calendar)

    def _date_holds(self, value: Any, on: date, calendar: Calendar) -> bool:
        day = read_date(value)
        return day is not None and all(check(_days(k, day, on, calendar)) for k, check in self._clocks)


def _days(keyword: str, day: date, on: date, calendar: Calendar) -> int:
    if keyword == "x-age":
        return age(day, on)
    if keyword == "x-days":
        return (day - on).days
    return working_days_between(on, day, calendar)


def _plain(value: Any) -> Any:
    """A decimal as the number that JSON would hold."""
    if not isinstance(value, Decimal):
        return value
    return int(value) if value == value.to_integral_value() else float(value)


class Bound:
    """What another fact holds, `times` a factor or `plus` a duration."""

    __slots__ = ("_path", "_plus", "_times", "pointer")

    def __init__(self, declared: Any) -> None:
        said = declared if isinstance(declared, Mapping) else {"of": declared}
        self.pointer = str(said.get("of", ""))
        self._path = tokens(self.pointer)
        self._times = number(said.get("times", 1))
        self._plus = said.get("plus")

    def read(self, facts: Facts) -> tuple[bool, Any]:
        """(found, the bound): a date, a decimal, or the value as it is."""
        found, value = walk(facts, self._path)
        if not found or value is None:
            return False, None
        if isinstance(self._plus, str):
            day = read_date(value)
            try:
                return (True, moved(day, self._plus).isoformat()) if day else (False, None)
            except ValueError:
                return False, None
        factor, amount = self._times, number(value)
        if factor is not None and factor != 1:
            return (True, amount * factor) if amount is not None else (False, None)
        return True, value

    def met(self, keyword: str, value: Any, facts: Facts) -> bool:
        """False too where there is nothing to hold against: what nobody knows decides nothing."""
        found, bound = self.read(facts)
        if not found or value is None:
            return False
        if keyword in _AMONG:
            others = bound if isinstance(bound, list) else [bound]
            return any(_same(value, other) for other in others) is _AMONG[keyword]
        if keyword in _EQUALS:
            return _same(value, bound) is _EQUALS[keyword]
        pair = _comparable(value, bound)
        return pair is not None and _ORDERS[keyword](*pair)


def _comparable(value: Any, bound: Any) -> tuple[Any, Any] | None:
    """Both as dates, or both as numbers."""
    days = read_date(value), read_date(bound)
    if days[0] and days[1]:
        return days
    numbers = number(value), number(bound)
    return None if None in numbers else numbers


def _same(value: Any, other: Any) -> bool:
    """Texts letter by letter, since two identity numbers are no quantities; numbers by their size."""
    if isinstance(value, str) and isinstance(other, str):
        return value == other
    if isinstance(value, bool) or isinstance(other, bool):
        return value is other
    numbers = number(value), number(other)
    return bool(value == other if None in numbers else numbers[0] == numbers[1])
