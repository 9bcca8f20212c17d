"""What kind of value stands somewhere, in a fault's words: texts, numbers, dates.

Knows declared types only.
"""

from __future__ import annotations

import re

from core.catalog.inspection.around import Work
from core.catalog.places import ALL_TYPES, Place
from core.contract import Said
from core.faults import either
from core.faults.shapes import VALUES


def mismatch(
    work: Work, file: str, at: str, wanted: Said, types: frozenset[str], *, key: str = "type-mismatch", **blanks: object
) -> None:
    """What is wanted here can never be what the value is declared as."""
    work.faults.add(file, at, key, hint="", wanted=wanted, types=words(types), **blanks)


def words(types: frozenset[str]) -> Said:
    shown = types - {"integer"} if "number" in types else types
    return either([VALUES[t] for t in sorted(shown)])


def is_date(place: Place) -> bool:
    if "string" not in place.types:
        return False
    return place.types == ALL_TYPES or bool(place.formats & {"date", "date-time"})


def is_number(place: Place) -> bool:
    """Money is kept exactly as a decimal text, so a text whose pattern takes digits may be a number too; any other
    text, a list or a date never is."""
    if place.types == ALL_TYPES or place.types & {"number", "integer"}:
        return True
    patterns = [one for node in place.nodes if isinstance(one := node.schema.get("pattern"), str)]
    return "string" in place.types and any(map(_takes_digits, patterns))


def _takes_digits(pattern: str) -> bool:
    try:
        return any(re.search(pattern, digits) for digits in ("1", "10.50"))
    except (re.error, RecursionError):
        return True  # another dialect, or a fault that is told where the pattern stands
