"""What changes hands at a place 领取: a thing that an approval gives, or an original that goes back to who showed it.

Knows the item's `handover` and the facts; who took it, and when, is the case's.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.contract import Calendar, Facts, Handover, Item, MaterialState
from core.judge.rules import rules_of


def handed_over(
    item: Item, facts: Facts, calendar: Calendar, materials: Sequence[MaterialState]
) -> tuple[Handover, ...]:
    """The things of this case. An original goes back only of a material that no register proved."""
    shown = {state.id for state in materials if state.status != "proved"}
    return tuple(
        _thing(line)
        for when, line in rules_of(item).handover
        if (when is None or when.holds(facts, calendar)) and line.get("material") in (None, *shown)
    )


def _thing(line: Mapping[str, Any]) -> Handover:
    return Handover(line["id"], line["title"], line["place"], line.get("material"))
