"""Fees and granted amounts: lines of decimals that are summed, two places, half up.

Knows lines and facts; never a binary fraction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import ROUND_HALF_UP, Context, Decimal, InvalidOperation
from typing import Any

from core.contract import Calendar, Facts
from core.judge.conditions import Condition
from core.judge.pointers import resolve

_CENT = Decimal("0.01")
_EXACT = Context(prec=60, rounding=ROUND_HALF_UP)
_LARGEST = Decimal(10) ** 30


class Line:
    """One compiled line: `amount` times every value in `times`, where `when` holds."""

    __slots__ = ("amount", "times", "when")

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self.amount = number(declared.get("amount"))
        times = declared.get("times", ())
        self.times: tuple[str, ...] = (times,) if isinstance(times, str) else tuple(times)
        self.when = Condition(declared["when"]) if declared.get("when") is not None else None

    def holds(self, facts: Facts, calendar: Calendar) -> bool:
        return self.when is None or self.when.holds(facts, calendar)

    def unknown(self, facts: Facts) -> bool:
        """Its `when` reads a lookup that gave no answer: whether the line holds, nobody knows."""
        outcomes = facts.get("outcomes") or {}
        return self.when is not None and any(outcomes.get(name) in ("down", "refused") for name in self.when.lookups)

    def value(self, facts: Facts) -> Decimal | None:
        """None when it reads a value that is missing or no number."""
        product = self.amount
        for pointer in self.times:
            factor = number(resolve(facts, pointer)[1])
            if product is None or factor is None:
                return None
            product = _EXACT.multiply(product, factor)
        return product


def lines_of(declared: Any) -> tuple[Line, ...] | None:
    """None where no amount is declared at all."""
    if not isinstance(declared, list):
        return None
    return tuple(Line(line) for line in declared)


def number(value: Any) -> Decimal | None:
    """An exact decimal of a JSON number or of a decimal written as a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        # A float's shortest spelling is the one the applicant wrote: 0.1 is a tenth.
        made = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return made if made.is_finite() and abs(made) < _LARGEST else None


def total(lines: Sequence[Line] | None, facts: Facts, calendar: Calendar) -> str | None:
    """The sum as "12.30". None: nothing declared, or a line rests on a value that is missing.

    A lookup that is Down or Refused must not make a fee or a grant look smaller than it is.
    """
    if lines is None:
        return None
    amount = Decimal(0)
    for line in lines:
        if line.holds(facts, calendar):
            value = line.value(facts)
            if value is None:
                return None
            amount = _EXACT.add(amount, value)
        elif line.unknown(facts):
            return None
    if abs(amount) >= _LARGEST:
        return None
    rounded = amount.quantize(_CENT, rounding=ROUND_HALF_UP, context=_EXACT)
    return f"{rounded:f}" if rounded else "0.00"
