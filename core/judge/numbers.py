"""Numbers as exact decimals: never a binary fraction.

Knows JSON values only.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

LARGEST = Decimal(10) ** 30


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
