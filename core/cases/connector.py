"""Our own cases as a source: what the applicant has filed here before, and whether it still stands.

Knows the case table and no rule: rules read it like any register, so that nobody is granted the same thing twice.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextvars import ContextVar
from datetime import date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from core import sealing
from core.cases.clock import legal_day
from core.cases.lifecycle import UNDER_WAY
from core.cases.models import Case
from core.cases.results import documents_of
from core.contract import Empty, Found, Item, Outcome, Refused, Source
from core.judge.pointers import resolve
from core.kernel import LEGAL_TIME
from core.sources.connectors import Connection

CONNECTOR = "cases"
looking_for: ContextVar[UUID | None] = ContextVar("looking_for", default=None)
"""The case that is looked at again: it is none of the applicant's earlier ones, nor is what he filed after it."""
_NEWEST = 200
_REFUSED = ("reject", "decline")


def connect(source: Source, settings: Mapping[str, Any], near: Path | None = None) -> OwnCases:
    return OwnCases()


class OwnCases(Connection):
    """Asked on the event loop, over the database of this very server."""

    shared = False
    """Who looks after another has filed must see what that one wrote, not what was read before."""

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        number = by.get("id_number") or by.get("credit_code")
        if not number:
            return Refused("asked without the number of an applicant")
        same = (str(by["answer"]), by["equals"]) if "answer" in by and "equals" in by else None
        if same is None and ("answer" in by or "equals" in by):
            return Refused("asked for the same answer without saying which, or what it is")
        key, today = sealing.current().index(str(number)), datetime.now(LEGAL_TIME).date()
        rows = await held(
            key, tuple(by["items"]), today, same=same, before=looking_for.get(), show=str(by.get("show") or "")
        )
        if "result" in by:
            rows = [one for row in rows for one in _given(row, str(by["result"]), today)]
        for row in rows:
            row.pop("results")
        if "ground" in by:
            rows = [row for row in rows if row["ground"] == by["ground"]]
        if by.get("this_year"):
            rows = [row for row in rows if row["filed_on"][:4] == f"{today.year:04}"]
        if "standing" in by:
            rows = [row for row in rows if row["standing"] is by["standing"]]
        return Found(rows) if rows else Empty()


async def held(
    applicant_key: str,
    items: Sequence[str],
    today: date,
    *,
    same: tuple[str, Any] | None = None,
    before: UUID | None = None,
    show: str = "",
) -> list[dict[str, Any]]:
    """His cases of these items, newest first. One stands while under way, and once granted until its end.

    `same`: (pointer into the answers, value), only those that were filed with it: the same front, the same road.
    `before`: only those filed before that case. `show`: the one answer that is told besides, nothing else he wrote.
    """
    found = Case.filter(applicant_key=applicant_key, item__in=list(items))
    rows = await (found.filter(id__lt=before) if before else found).order_by("-id").limit(_NEWEST)
    return [_record(row, today, show) for row in rows if same is None or _answered(row, *same)]


def _answered(case: Case, pointer: str, value: Any) -> bool:
    found, said = resolve((case.record or {}).get("answers") or {}, pointer)
    return found and said == value and isinstance(said, bool) == isinstance(value, bool)


def _shown(case: Case, pointer: str) -> Any:
    found, said = resolve((case.record or {}).get("answers") or {}, pointer) if pointer else (False, None)
    return said if found and isinstance(said, (str, int, float)) else None


def _record(row: Case, today: date, show: str = "") -> dict[str, Any]:
    until = (row.record or {}).get("valid_until")
    granted = row.outcome == "approve" and row.status != "withdrawn" and (until is None or until >= today.isoformat())
    return {
        "item": row.item,
        "title": row.title,
        "no": row.no,
        "status": row.status,
        "outcome": row.outcome,
        "filed_on": legal_day(row.filed_at).isoformat(),
        "decided_on": legal_day(row.decided_at).isoformat() if row.decided_at else None,
        "shown": _shown(row, show),
        "ground": ((row.record or {}).get("decision") or {}).get("ground") if row.outcome in _REFUSED else None,
        "valid_until": until,
        "results": documents_of(row.record, row.outcome),
        "standing": row.status in UNDER_WAY or granted,
    }


def _given(row: Mapping[str, Any], result: str, today: date) -> list[dict[str, Any]]:
    """A case in the place of each further result of this id that it gave: its name and number, its own last day. One
    under way is told as it is, since it may yet give one."""
    if row["status"] in UNDER_WAY:
        return [dict(row)]
    given = [one for one in row["results"] if one.id == result]
    return [
        {
            **row,
            "title": one.title,
            "no": one.no,
            "valid_until": one.valid_until,
            "standing": row["status"] != "withdrawn"
            and (one.valid_until is None or one.valid_until >= today.isoformat()),
        }
        for one in given
    ]


def asks_own_cases(item: Item, sources: Mapping[str, Source]) -> frozenset[str]:
    """The item's lookups that read our own cases."""
    return frozenset(
        name
        for name, lookup in item.lookups.items()
        if (source := sources.get(lookup.source)) is not None and source.connector == CONNECTOR
    )
