"""What kind of value stands somewhere, in a fault's words: texts, numbers, dates.

Knows declared types only.
"""

from __future__ import annotations

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
    """Money is kept exactly as a decimal text, so a text may be a number too; a list or a date never is."""
    return place.types == ALL_TYPES or bool(place.types & {"number", "integer", "string"})
