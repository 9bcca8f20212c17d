"""item.json: the windows in which an item may be applied for: days that exist, in one spelling, in their order.

Knows no day of a case.
"""

from __future__ import annotations

from core.catalog.inspection.around import Work
from core.catalog.places import listing, mapping
from core.judge.clock import read_date

FILE = "item.json"
_LEAP = 2028
"""In which every day of a year exists."""


def is_day(said: str) -> bool:
    """Whether it is a day of every year, `02-29` too, or a date."""
    return read_date(said if len(said) > len("03-01") else f"{_LEAP}-{said}") is not None


def check(work: Work) -> None:
    said = listing(work.guide.get("open"))
    if said and work.guide.get("handling") in ("query", "handoff"):
        work.faults.add(FILE, "/open", "window-wrong/case", handling=work.guide["handling"])
    for i, line in enumerate(map(mapping, said)):
        ends = {key: line[key] for key in ("from", "to") if isinstance(line.get(key), str)}
        days = {key: read_date(text if len(text) > 5 else f"{_LEAP}-{text}") for key, text in ends.items()}
        for key, day in days.items():
            if day is None and len(ends[key]) in (5, 10):
                work.faults.add(FILE, f"/open/{i}/{key}", "window-wrong/day", day=ends[key])
        if len(ends) < 2 or None in days.values():
            continue
        if len(ends["from"]) != len(ends["to"]):
            work.faults.add(FILE, f"/open/{i}", "window-wrong", **{"first": ends["from"], "last": ends["to"]})
        elif len(ends["from"]) == 10 and ends["to"] < ends["from"]:
            work.faults.add(FILE, f"/open/{i}", "window-wrong/order", first=ends["from"], last=ends["to"])
