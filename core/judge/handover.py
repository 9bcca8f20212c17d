"""What changes hands at a place 领取: a thing that an approval gives, or an original that goes back to who showed it.

Knows the item's `handover` and the facts; who took it, and when, is the case's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from core.contract import Calendar, Facts, FurtherResult, Handover, Item, MaterialState
from core.judge.rules import rules_of


def handed_over(
    item: Item, facts: Facts, calendar: Calendar, materials: Sequence[MaterialState]
) -> tuple[Handover, ...]:
    """The things of this case. An original goes back only of a material that no register proved."""
    shown = {state.id for state in materials if state.status != "proved"}
    return tuple(
        _thing(line)
        for when, line in rules_of(item).handover
        if (when is None or when.holds(facts, calendar)) and "result" not in line
        if line.get("material") in (None, *shown)
    )


def with_results(
    item: Item, facts: Facts, calendar: Calendar, results: Sequence[FurtherResult]
) -> tuple[Handover, ...]:
    """The things that further results come with, one for each of them; of rows, each by the name of its result."""
    return tuple(
        replace(_thing(line), title=f"{line['title']}·{one.title}" if one.row is not None else line["title"], result=n)
        for when, line in rules_of(item).handover
        if "result" in line and (when is None or when.holds(facts, calendar))
        for n, one in enumerate(results, start=1)
        if one.id == line["result"]
    )


def _thing(line: Mapping[str, Any]) -> Handover:
    return Handover(line["id"], line["title"], line["place"], line.get("material"))
