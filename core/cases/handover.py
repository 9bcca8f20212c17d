"""The things of a case that change hands at a place, as its record keeps them: what, where, and who took it when.

Knows no right to take; `actions.delivering` checks it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from core.contract import Handover


@dataclass(frozen=True, slots=True)
class Thing:
    id: str
    title: str
    place: str
    material: str | None = None
    """The material whose original it is; None: a thing that the approval gives."""
    taken_on: str | None = None
    taken_by: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "title": self.title, "place": self.place, "taken_on": self.taken_on}


def recorded(things: Iterable[Handover]) -> dict[str, Any]:
    """The part of a new record; most cases have nothing to hand over, and then nothing is written."""
    rows = [{"id": _id(one), "title": one.title, "place": one.place, "material": one.material} for one in things]
    return {"handover": rows} if rows else {}


def _id(one: Handover) -> str:
    return one.id if one.result is None else f"{one.id}-{one.result}"


def things_of(record: Mapping[str, Any] | None, outcome: str | None) -> tuple[Thing, ...]:
    """What is to be taken or has been: an original whatever is decided, the rest once the case is approved."""
    rows = (Thing(**one) for one in (record or {}).get("handover", ()))
    return tuple(one for one in rows if one.material is not None or outcome == "approve")


def taken(record: Mapping[str, Any], id: str, *, on: str, by: str) -> dict[str, Any]:
    """The record with this thing taken."""
    rows = [one | ({"taken_on": on, "taken_by": by} if one["id"] == id else {}) for one in record["handover"]]
    return {**record, "handover": rows}
