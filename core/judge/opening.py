"""When an item may be applied for 申请时间: windows of every year, or from one fixed day to another.

Knows the declaration and a day; refuses nothing by itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any, NamedTuple

from core.contract import Item, Problem
from core.judge.clock import YEARLY, day_of_year, month_day, read_date
from core.judge.sentences import Line, translated


class Window(NamedTuple):
    first: date
    last: date


class Opening(NamedTuple):
    """How things stand on a day."""

    now: Window | None
    """The window that is open."""
    next: Window | None
    """The one that opens next; None where none ever does, and while one is open."""
    when: Line
    """All the windows in words."""


def opening_of(item: Item, today: date) -> Opening | None:
    """None where the item may be applied for at any time."""
    declared = item.declared.get("open")
    if not declared:
        return None
    known = sorted(window for line in declared for window in windows_of(line, today.year))
    now = [one for one in known if one.first <= today <= one.last]
    later = [one for one in known if one.first > today]
    latest = max(now, key=lambda one: one.last, default=None)
    return Opening(latest, None if now or not later else later[0], _joined([_words(line) for line in declared]))


def window_end(item: Item, today: date) -> date | None:
    """The last day of the window that is open; None where none is, and where the item is open at any time."""
    found = opening_of(item, today)
    return found.now.last if found is not None and found.now else None


def windows_of(line: Mapping[str, Any], year: int) -> Iterator[Window]:
    """Of every year: the one that began the year before, this year's and the next; else the one there is."""
    if len(line["from"]) != YEARLY:
        first, last = read_date(line["from"]), read_date(line["to"])
        if first is not None and last is not None:
            yield Window(first, last)
        return
    over = line["to"] < line["from"]  # 11-01 to 02-28 ends in the year after
    for begun in (year - 1, year, year + 1):
        yield Window(day_of_year(begun, line["from"]), day_of_year(begun + over, line["to"]))


def _joined(lines: list[Line]) -> Line:
    """Several as one, which nobody has to read in a language yet."""
    first, *rest = lines
    return Line("two_windows", {"first": first, "second": _joined(rest)}) if rest else first


def _words(line: Mapping[str, Any]) -> Line:
    if len(line["from"]) == YEARLY:
        return Line("window_yearly", {"first": month_day(line["from"]), "last": month_day(line["to"])})
    return Line("window_fixed", {"first": line["from"], "last": line["to"]})


def not_open(item: Item, today: date, language: str = "zh") -> list[Problem]:
    """Why nothing may be filed that day; nothing where it may."""
    found = opening_of(item, today)
    if found is None or found.now:
        return []
    values = {"title": translated(item, language, "item.json#/title", item.title), "when": found.when}
    line = Line("not_open", {**values, "day": found.next.first}) if found.next else Line("no_more_open", values)
    return [Problem("/today", "open", line.text(language))]
