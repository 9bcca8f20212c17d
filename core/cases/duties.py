"""The duties of an approved case 后续事项: set up with its decision from what it is decided on, and as they stand.

Knows no page and writes nothing; `actions.duties` does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from core.cases.duty_view import WAITING, DutyView
from core.cases.lifecycle import PARTY
from core.cases.models import CaseDuty
from core.cases.nouns import FileRef
from core.cases.parts import Parts, keeps
from core.cases.rows import Row, row
from core.contract import Duty, Item
from core.judge.duties import duration, duties_of
from core.judge.validity import valid_until

if TYPE_CHECKING:
    from core.kernel import Kernel


def duties_for(
    kernel: Kernel,
    item: Item,
    record: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    unit: str,
    area: str | None,
    decided_on: date,
) -> tuple[Duty, ...]:
    """What an approval of that day leaves to be done, of a case that this office decides; `record` is the newer one."""
    last: date | None = None
    with contextlib.suppress(ValueError):
        last = valid_until(item, facts, decided_on)
    return duties_of(
        item, facts, kernel.office, kernel.calendar, deciding=(unit, area or ""), place=record.get("place"),
        decided_on=decided_on, amount=record.get("amount"), last=last,
    )  # fmt: skip


def in_letter(duties: Iterable[Duty]) -> list[dict[str, Any]]:
    """`case.duties` of a letter, a dict each: title, due (None where it is not known), party, every (1年, "" where it
    is done once), because."""
    return [
        {
            "title": one.title,
            "due": one.due.isoformat() if one.due else None,
            "party": one.party,
            "every": duration(one.every),
            "because": one.because,
        }
        for one in duties
    ]


def duty_rows(case_id: Any, duties: Iterable[Duty], last: str | None) -> list[Row]:
    """The first time of each; `last` is the day until which the result is valid."""
    return [
        row(
            CaseDuty,
            case_id=case_id,
            duty=one.id,
            title=one.title,
            unit=one.unit,
            area=one.area,
            party=one.party,
            due=one.due,
            detail={
                "day": one.day.isoformat() if one.day else None,
                "every": one.every,
                "last": last,
                "because": one.because,
                "basis": one.basis,
                "why": [[key, values] for key, values in one.why],
            },
        )
        for one in duties
    ]


def in_record(duties: Iterable[Duty]) -> dict[str, Any]:
    """The part of a record; most cases leave nothing to do, and then nothing is written."""
    rows = [
        {"id": one.id, "unit": one.unit, "area": one.area, "due": one.due.isoformat() if one.due else None}
        for one in duties
    ]
    return {"duties": rows} if rows else {}


def told_duties(record: Mapping[str, Any]) -> dict[str, Any]:
    """What the event of the decision says of them: id → the first day."""
    days = {one["id"]: one["due"] for one in record.get("duties", ())}
    return {"duties": days} if days else {}


def file_place(one: CaseDuty) -> str:
    """Where the files of a duty's report lie among those of the case: no material has a slash in its id."""
    return f"duty/{one.id}"


def duty_views(
    kernel: Kernel, rows: Iterable[CaseDuty], parts: Parts | None, refs: Mapping[str, Sequence[FileRef]]
) -> tuple[DutyView, ...]:
    actor = parts.actor if parts is not None else None
    return tuple(
        DutyView(
            key=str(one.id),
            id=one.duty,
            number=one.number,
            title=one.title,
            unit=one.unit,
            area=one.area,
            party=one.party,
            due=one.due,
            state=one.state,
            done_on=one.done_on,
            because=(one.detail or {}).get("because", ""),
            basis=(one.detail or {}).get("basis", ""),
            why=tuple((key, values) for key, values in (one.detail or {}).get("why", ())),
            every=(one.detail or {}).get("every", ""),
            report=(one.detail or {}).get("report", ""),
            note=(one.detail or {}).get("note", ""),
            by=(one.detail or {}).get("by", ""),
            found=(one.detail or {}).get("found", {}),
            files=tuple(refs.get(file_place(one), ())),
            reopened=(one.detail or {}).get("reopened", "") if one.state in WAITING else "",
            may_keep=one.detail is not None and actor is not None and keeps(kernel, actor, one.unit, one.area),
            may_record=one.state in WAITING and actor is not None and keeps(kernel, actor, one.unit, one.area),
            may_report=one.state == "open" and one.party and parts is not None and PARTY in parts.hats,
        )
        for one in rows
    )
