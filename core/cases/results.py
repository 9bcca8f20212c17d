"""The further results of a case as its record keeps them: which, under which number, until when.

Knows which are granted only through `judge`; the documents themselves are `notices`'.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.cases import handover
from core.contract import Calendar, Facts, FurtherResult, Item
from core.judge.handover import with_results
from core.judge.results import further_results
from core.judge.validity import valid_until


@dataclass(frozen=True, slots=True)
class Document:
    """One further result that was granted."""

    id: str
    """As the item declares it: `certificate`."""
    title: str
    no: str
    """Its own number: the case's, and its place among the further results of the case."""
    valid_until: str | None = None
    row: int | None = None
    """The row that it is for; None: it is for no row."""

    def as_json(self) -> dict[str, Any]:
        return {"id": self.id, "title": self.title, "no": self.no, "valid_until": self.valid_until}


@dataclass(frozen=True, slots=True)
class Grantable:
    """A further result that a person may grant."""

    key: str
    title: str
    proposed: bool
    """The rules would give it."""


def numbered(no: str, granted: Sequence[FurtherResult]) -> tuple[Document, ...]:
    """With the numbers they carry from now on: `20261123K7Q2M9XD4-1`, `-2` and so on."""
    return tuple(
        Document(one.id, one.title, f"{no}-{n}", one.valid_until.isoformat() if one.valid_until else None, one.row)
        for n, one in enumerate(granted, start=1)
    )


def key_of(one: FurtherResult) -> str:
    """How a form names it before it has a number: `certificate`, or `certificate/2` for the third row."""
    return one.id if one.row is None else f"{one.id}/{one.row}"


def chosen(granted: Sequence[FurtherResult], keys: Collection[str] | None) -> tuple[FurtherResult, ...]:
    """Those that a person grants; None: all of them."""
    return tuple(one for one in granted if keys is None or key_of(one) in keys)


def recorded(documents: Sequence[Document]) -> dict[str, Any]:
    """The part of a record; most cases have one result only, and then nothing is written."""
    rows = [{**one.as_json(), "row": one.row} for one in documents]
    return {"results": rows} if rows else {}


def documents_of(record: Mapping[str, Any] | None, outcome: str | None) -> tuple[Document, ...]:
    """What was granted besides the first result."""
    rows = (record or {}).get("results", ()) if outcome == "approve" else ()
    return tuple(Document(**one) for one in rows)


def granting(
    record: Mapping[str, Any],
    item: Item,
    facts: Facts,
    calendar: Calendar,
    *,
    no: str,
    on: date,
    keys: Collection[str] | None = None,
) -> dict[str, Any]:
    """What an approval of that day adds to the record: until when, which further results, what they come with.

    The record has the decision already. `keys` are the further results that a person grants; without them, what the
    rules give: of rows, those that the rule grants which approved, or which proposed the part that he granted. A
    duration beyond the calendar adds nothing: the letter fails by it, where staff are told.
    """
    with contextlib.suppress(ValueError):
        last = valid_until(item, facts, on)
        granted = further_results(item, facts, calendar, on, rule=None if keys is not None else _rule(record))
        granted = chosen(granted, keys)
        things = handover.recorded(with_results(item, facts, calendar, granted))
        own = [*record.get("handover", ()), *things.get("handover", ())]
        return {
            "valid_until": last.isoformat() if last else None,
            **recorded(numbered(no, granted)),
            **({"handover": own} if own else {}),
        }
    return {}


def _rule(record: Mapping[str, Any]) -> str | None:
    decision: Mapping[str, Any] = record.get("decision") or {}
    proposed: Mapping[str, Any] = record.get("proposed") or {}
    rule = decision.get("rule") or (proposed.get("rule") if decision.get("part") else None)
    return str(rule) if rule else None


def grantable(
    record: Mapping[str, Any], item: Item, facts: Facts, calendar: Calendar, *, on: date
) -> tuple[Grantable, ...]:
    """Every further result that there is to grant, and which of them the rules propose."""
    with contextlib.suppress(ValueError):
        rule = (record.get("decision") or {}).get("rule")
        proposed = {key_of(one) for one in further_results(item, facts, calendar, on, rule=rule)}
        return tuple(
            Grantable(key_of(one), one.title, key_of(one) in proposed)
            for one in further_results(item, facts, calendar, on)
        )
    return ()
