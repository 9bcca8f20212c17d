"""Fees and granted amounts: lines of decimals that are summed, two places, half up.

Knows lines and facts; never a binary fraction.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from core.contract import Calendar, Facts
from core.judge.conditions import Condition
from core.judge.numbers import LARGEST, number
from core.judge.pointers import overlap, resolve, tokens

_CENT = Decimal("0.01")
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)


class Line:
    """One compiled line: `amount` times every value in `times`, where `when` holds; with `each`, once for every row.

    Instead of `amount` it may say `least` or `greatest` 就低、择高: of the lines within, the one that comes to so much;
    or `sum`, so that several together are held against one.
    """

    __slots__ = ("_each", "among", "amount", "times", "way", "when")

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self.amount = number(declared.get("amount"))
        times = declared.get("times", ())
        self.times: tuple[str, ...] = (times,) if isinstance(times, str) else tuple(times)
        self.when = Condition(declared["when"]) if declared.get("when") is not None else None
        self._each: str | None = declared.get("each")
        self.way = next((way for way in WITHIN if way in declared), "")
        self.among: tuple[Line, ...] = tuple(map(Line, declared.get(self.way, ()))) if self.way else ()

    @property
    def is_floor(self) -> bool:
        """Nothing, whatever the case: `{"amount": "0"}`."""
        return self.amount == 0 and not self.times and self.when is None and self._each is None

    def holds(self, facts: Facts, calendar: Calendar) -> bool:
        """With `each`: for some row."""
        if self._each is None:
            return self.when is None or self.when.holds(facts, calendar)
        rows = self._rows(facts)
        return rows is None or any(self._holds_for(row, facts, calendar) for row in rows)

    def reads_any(self, pointers: Collection[str]) -> bool:
        """Whether its condition or what it comes to rests on one of these facts."""
        own = [self._each] if self._each is not None else []
        read = any(overlap(mine, other) for mine in (*self.times, *own) for other in pointers)
        read = read or any(line.reads_any(pointers) for line in self.among)
        return read or (self.when is not None and self.when.reads_any(pointers))

    def unknown(self, facts: Facts) -> bool:
        """Its `when` reads a lookup that gave no answer: whether the line holds, nobody knows."""
        outcomes = facts.get("outcomes") or {}
        return self.when is not None and any(outcomes.get(name) in ("down", "refused") for name in self.when.lookups)

    def rests_on(self, coming: Collection[str], facts: Facts, calendar: Calendar) -> bool:
        """Whether it holds, or which line within does, depends on facts that are still to come."""

        def unknown(at: str) -> bool:
            return any(overlap(at, other) for other in coming)

        every = [facts] if self._each is None else [{**facts, "each": row} for row in self._rows(facts) or ()]
        for one in every:
            held = True if self.when is None else self.when.holds_knowing(one, calendar, unknown)
            if held is None or (held and any(line.rests_on(coming, one, calendar) for line in self.among)):
                return True
        return False

    def value(self, facts: Facts, calendar: Calendar) -> Decimal | None:
        """None when it reads a value that is missing or no number, or rows that nobody knows."""
        if self._each is None:
            return self._once(facts, calendar)
        rows = self._rows(facts)
        amount = Decimal(0)
        for row in rows or ():
            if self._holds_for(row, facts, calendar):
                value = self._once({**facts, "each": row}, calendar)
                if value is None:
                    return None
                amount = _EXACT.add(amount, value)
        return amount if rows is not None else None

    def picked(self, facts: Facts, calendar: Calendar) -> frozenset[int]:
        """Of `least` or `greatest`: the lines that it came to, of each row one."""
        if not self.among or not self.holds(facts, calendar):
            return frozenset()
        every = [facts] if self._each is None else [{**facts, "each": row} for row in self._rows(facts) or ()]
        held = [one for one in every if self.when is None or self.when.holds(one, calendar)]
        return frozenset(n for one in held if (n := self._pick(one, calendar)[0]) is not None)

    def _rows(self, facts: Facts) -> Sequence[Any] | None:
        """None where nobody knows them; what the applicant left out is no row."""
        found, rows = resolve(facts, self._each or "")
        if isinstance(rows, list):
            return [row for row in rows if row is not None]
        return () if not found and tokens(self._each or "")[:1] == ("answers",) else None

    def _holds_for(self, row: Any, facts: Facts, calendar: Calendar) -> bool:
        return self.when is None or self.when.holds({**facts, "each": row}, calendar)

    def _once(self, facts: Facts, calendar: Calendar) -> Decimal | None:
        return self._pick(facts, calendar)[1] if self.way else self._product(facts)

    def _pick(self, facts: Facts, calendar: Calendar) -> tuple[int | None, Decimal | None]:
        """(which of the lines within, what it comes to); nothing where one that counts is not known."""
        known: list[tuple[Decimal, int]] = []
        for n, line in enumerate(self.among):
            if line.holds(facts, calendar):
                value = line.value(facts, calendar)
                if value is None:
                    return None, None
                known.append((value, n))
            elif line.unknown(facts):
                return None, None
        if not known:
            return None, Decimal(0)
        if self.way == "sum":
            return None, sum((value for value, _ in known), Decimal(0))
        value, n = PICKS[self.way](known, key=lambda one: one[0])
        return n, value

    def _product(self, facts: Facts) -> Decimal | None:
        product = self.amount
        for pointer in self.times:
            factor = number(resolve(facts, pointer)[1])
            if product is None or factor is None:
                return None
            product = _EXACT.multiply(product, factor)
        return product


PICKS: Mapping[str, Callable[..., tuple[Decimal, int]]] = {"least": min, "greatest": max}
"""Of lines that come to the same, the first."""
WITHIN = (*PICKS, "sum")
"""What a line may say instead of `amount`."""


def lines_of(declared: Any) -> tuple[Line, ...] | None:
    """None where no amount is declared at all."""
    if not isinstance(declared, list):
        return None
    return tuple(Line(line) for line in declared)


def total(
    lines: Sequence[Line] | None, facts: Facts, calendar: Calendar, *, coming: Collection[str] = ()
) -> str | None:
    """The sum as "12.30". None: nothing declared, or a line rests on a value that is missing.

    A lookup that is Down or Refused must not make a fee or a grant look smaller than it is, nor must findings that are
    still to come (`coming`: pointers).
    """
    if lines is None or (coming and any(line.rests_on(coming, facts, calendar) for line in lines)):
        return None
    amount = Decimal(0)
    for line in lines:
        if line.holds(facts, calendar):
            value = line.value(facts, calendar)
            if value is None:
                return None
            amount = _EXACT.add(amount, value)
        elif line.unknown(facts):
            return None
    if abs(amount) >= LARGEST:
        return None
    rounded = amount.quantize(_CENT, rounding=ROUND_HALF_UP, context=_EXACT)
    return f"{rounded:f}" if rounded else "0.00"
