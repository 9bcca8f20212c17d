"""Days that the office settles itself, over the State Council's notice: `calendar.csv`, in seeds and uploaded in admin.

Knows no database and no notice.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from core.office.seed_sites import day_of
from core.office.sheet import Faults, Row, unique

COLUMNS = ("day", "working", "note")
CALENDAR_SHEET: Mapping[str, tuple[str, ...]] = {"calendar": COLUMNS}
WORKING = {"yes": True, "no": False, "上班": True, "休息": False}


def read_days(rows: Iterable[Row], faults: Faults) -> dict[date, tuple[bool, str]]:
    found: dict[date, tuple[bool, str]] = {}
    for row in unique(rows, ("day",), faults):
        day = day_of(row, "day", faults)
        working = WORKING.get(row["working"])
        if working is None:
            faults.unknown(row, "working", "an answer", WORKING)
        if day is not None and working is not None:
            found[day] = (working, row["note"][:200])
    return found
