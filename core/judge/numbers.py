"""Numbers as exact decimals: never a binary fraction.

Knows JSON values, and numbers as people type them.
"""

from __future__ import annotations

import re
from decimal import Decimal, InvalidOperation
from typing import Any

LARGEST = Decimal(10) ** 30
_WIDE = str.maketrans("，．。－＋", ",..-+")
_TYPED = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)")
_EXPONENT = re.compile(r"[+-]?[\d,.]+[eEｅＥ][+-]?\d+")
MOST_DIGITS = 60
"""Of a number as a form's reader takes it; what is longer stays text."""
_MOST_MONEY = 14
"""Digits before the point that format `cn-money` takes."""
_CENTS = 2
_MONEY = re.compile(r"-?\d+\.?\d*")


def number(value: Any) -> Decimal | None:
    """An exact decimal of a JSON number or of a decimal written as a string; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (int, float, str, Decimal)):
        return None
    try:
        # A float's shortest spelling is the one the applicant wrote: 0.1 is a tenth.
        made = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    return made if made.is_finite() and abs(made) < LARGEST else None


def typed(text: str) -> Decimal | None:
    """A number as a person writes it in a box: figures, with commas if he likes, never an exponent or a `_`."""
    plain = "".join(text.translate(_WIDE).replace(",", "").split())
    return number(plain) if _TYPED.fullmatch(plain) else None


def slip(value: str | float, *, money: bool) -> tuple[str, dict[str, Any]] | None:
    """Keyword and parameters of the sentence for an answer that is no such number as was asked for and yet looks like
    one; None where it looks like none. `money`: it should be one that format `cn-money` takes."""
    if not isinstance(value, str):
        return ("type.fraction", {})
    text = value.strip().translate(_WIDE)
    if _EXPONENT.fullmatch(text):
        return ("type.exponent", {})
    if len(text) > MOST_DIGITS and text.isdecimal():
        return ("type.long", {})
    if not money or not _MONEY.fullmatch(text):
        return None
    if text.startswith("-"):
        return ("minimum", {"limit": 0})
    whole, _, part = text.partition(".")
    if len(part) > _CENTS:
        return ("multipleOf", {"multiple_of": 0.01})
    return ("type.long", {}) if len(whole) > _MOST_MONEY else None
