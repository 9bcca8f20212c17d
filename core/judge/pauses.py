"""Pauses that a scenario tells: on which ground and from when to when the clock of its case stands still.

Knows the grounds of the law and those an item declares; what a pause does to a date is `legal_clock`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from core.contract import Calendar, Item
from core.judge.clock import end_of_span, read_date, span_in
from core.judge.legal_clock import PAUSE_KINDS, Happening
from core.judge.sentences import say


def told(
    item: Item, scenario: Mapping[str, Any], filed_on: date, calendar: Calendar, language: str = "zh"
) -> tuple[tuple[Happening, ...], tuple[str, ...]]:
    """(what happens to the clock, what of it cannot be), each a line that names where it is told.

    A pause without `resumed` ends when its ground is over: on the last of its days, and after it where nobody may go
    on before.
    """
    grounds = {one["id"]: one for one in item.declared.get("pauses") or ()}
    events: list[Happening] = []
    wrong: list[str] = []
    running = filed_on
    for n, one in enumerate(scenario.get("pauses") or ()):
        kind, begun = one["kind"], read_date(one["on"])
        ground = grounds.get(kind, {})
        if begun is None or not (ground or kind in PAUSE_KINDS):
            continue  # told by check
        span = span_in(ground)
        last = end_of_span(span, begun, calendar) if span else None
        held = bool(ground.get("at_least")) and last is not None
        earliest = last + timedelta(days=1) if held and last is not None else begun
        resumed = read_date(one.get("resumed")) or (max(earliest, last) if last else None)
        at = f"pauses/{n}"
        if begun < running:
            wrong.append(say(language, "pause_too_early", at=at, day=running))
        elif resumed is None:
            wrong.append(say(language, "pause_without_end", at=at))
        elif resumed < earliest:
            wrong.append(say(language, "pause_ends_early", at=at, day=earliest))
        else:
            events.append(Happening("paused", begun, kind=kind, title=str(ground.get("title") or "")))
            events.append(Happening("resumed", resumed))
            running = resumed
    return tuple(events), tuple(wrong)
