"""校核纠错: a value that the applicant calls wrong, asked of the unit that keeps the register, once a case and value.

Knows rows and who may see them; what an answer changes is in `actions.corrections`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tortoise.expressions import Q

from core.cases.draft_view import DraftView
from core.cases.lines import Page
from core.cases.models import CaseFile, Correction
from core.cases.nouns import FileRef
from core.cases.rows import Row, row, select_all
from core.contract import CORRECTION_DAYS, Actor, Office
from core.errors import NotAllowed, NotFound
from core.judge.clock import add_working_days
from core.judge.pointers import tokens
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

ANSWERS = ("corrected", "right", "other")
PAGE = 20


@dataclass(frozen=True, slots=True)
class CorrectionView:
    id: str
    no: str
    source: str
    unit: str
    title: str
    """The question, as the form words it."""
    held: str
    """What the register said; "" once erased."""
    declared: str
    """What the applicant declares instead; "" where he only says that it is wrong."""
    read_at: str
    """When the register said so (UTC, ISO 8601)."""
    applicant: str
    number: str
    asked_at: datetime
    due: date
    answer: str
    reason: str
    answered_at: datetime | None
    days: int = 0
    """Working days from `asked_at` to `due`, as they stood then; 0 where the request does not say."""
    files: tuple[FileRef, ...] = ()
    """What the applicant showed for it; none once erased."""
    lookup: str = ""
    """The lookup that gave the value."""

    @property
    def open(self) -> bool:
        return not self.answer


def correction_rows(kernel: Kernel, application: DraftView, case_id: str, *, no: str, now: datetime) -> list[Row]:
    """One request for each disputed value that a register holds; what no register holds is nobody's to correct."""
    filling, item = application.filling, application.item
    made = []
    for pointer in dict.fromkeys(application.disputed):
        evidence = application.evidence.get(filling.held.get(pointer, ""))
        if evidence is None:
            continue
        source = kernel.catalog.sources.get(evidence.source)
        days = correction_days(kernel.office, source.unit if source else "")
        schema = schema_at(item.form, pointer)
        title = schema.get("title")
        applicant = application.applicant
        made.append(
            row(
                Correction,
                case_id=case_id,
                no=no,
                pointer=pointer[:200],
                lookup=evidence.lookup,
                source=evidence.source,
                unit=source.unit if source else "",
                due=add_working_days(kernel.today(), days, kernel.calendar),
                asked_at=now,
                detail={
                    "title": title if isinstance(title, str) else pointer.strip("/"),
                    "held": in_words(schema, filling.values.get(pointer)),
                    "declared": in_words(schema, filling.claimed.get(pointer)),
                    "read_at": evidence.asked_at,
                    "applicant": applicant.get("name", ""),
                    "number": applicant.get("credit_code") or applicant.get("id_number") or "",
                    "days": days,
                },
            )
        )
    return made


def correction_days(office: Office, unit: str | None) -> int:
    """Working days in which this unit checks and answers. That a wrong value is checked and corrected is law
    (政务数据共享条例, 国务院令第809号, in force 2025-08-01); the days are the office's, and the page says so."""
    known = office.units.get(unit or "")
    return known.correction_days if known else CORRECTION_DAYS


def schema_at(form: Any, pointer: str) -> Mapping[str, Any]:
    """The question's own schema, its rows' items followed; {} where branches hide it."""
    found = form
    for name in tokens(pointer):
        if not isinstance(found, Mapping):
            return {}
        found = found.get("items") if name.isdigit() and "items" in found else (found.get("properties") or {}).get(name)
    return found if isinstance(found, Mapping) else {}


def in_words(schema: Mapping[str, Any], value: Any) -> str:
    """A value as the form words it, for a register's staff who never see the form; "" for nothing."""
    if value is None:
        return ""
    for one in schema.get("oneOf") or ():
        if isinstance(one, Mapping) and "const" in one and one["const"] == value and one.get("title"):
            return str(one["title"])
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, list):
        return "、".join(in_words(schema.get("items") or {}, one) for one in value)
    if isinstance(value, Mapping):
        inner = schema.get("properties") or {}
        return "，".join(in_words(inner.get(name) or {}, one) for name, one in value.items())
    return str(value)


def correction_view(one: Correction, files: Sequence[FileRef] = ()) -> CorrectionView:
    detail: dict[str, Any] = one.detail or {}
    return CorrectionView(
        id=str(one.id),
        no=one.no,
        source=one.source,
        unit=one.unit,
        title=detail.get("title", ""),
        held=detail.get("held", ""),
        declared=detail.get("declared", ""),
        read_at=detail.get("read_at", ""),
        applicant=detail.get("applicant", ""),
        number=detail.get("number", ""),
        asked_at=one.asked_at,
        due=one.due,
        answer=one.answer,
        reason=detail.get("reason", ""),
        answered_at=one.answered_at,
        days=detail.get("days", 0),
        files=tuple(files),
        lookup=one.lookup,
    )


async def proofs_of(rows: Collection[Correction]) -> dict[tuple[str, str], list[FileRef]]:
    """(case, pointer) → the files shown for it."""
    found: dict[tuple[str, str], list[FileRef]] = {}
    wanted = {one.pointer for one in rows}
    files = await CaseFile.filter(case_id__in=[one.case_id for one in rows], material__in=wanted) if rows else []
    for file in sorted(files, key=lambda one: one.id):
        if file.digest:
            ref = FileRef(file.material, file.name or "", file.digest, file.size, file.media_type)
            found.setdefault((str(file.case_id), file.material), []).append(ref)
    return found


async def corrections_of(case_id: UUID) -> tuple[CorrectionView, ...]:
    """Those of one case, for who may read the case."""
    return await _views(await Correction.filter(case_id=case_id).order_by("id"))


async def _views(rows: Sequence[Correction]) -> tuple[CorrectionView, ...]:
    files = await proofs_of(rows)
    return tuple(correction_view(one, files.get((str(one.case_id), one.pointer), ())) for one in rows)


async def corrections_for(
    kernel: Kernel, actor: Actor, after: str | None = None, *, answered: bool = False
) -> Page[CorrectionView]:
    """What the actor's unit is to check, the nearest day first; or, `answered`, what it has answered, newest first.

    Raises NotAllowed by role, NotFound for an `after` that no page of ours gave.
    """
    if actor.unit is None or not may(actor, "correction.answer"):
        raise NotAllowed("您的账号没有纠错核实事项。")
    mine = Correction.filter(unit=actor.unit)
    if answered:
        query = mine.exclude(answer="").order_by("-id")
        query = query.filter(id__lt=_key(after)) if after else query
    else:
        query = mine.filter(answer="").order_by("due", "id")
        if after:
            day, _, last = after.partition("_")
            due = _day(day)
            query = query.filter(Q(Q(due__gt=due), Q(due=due, id__gt=_key(last)), join_type="OR"))
    return await _page(await query.limit(PAGE + 1), by_day=not answered)


async def corrections_by(kernel: Kernel, actor: Actor, after: str | None = None) -> Page[CorrectionView]:
    """What this person called wrong in his own cases, newest first. Raises NotFound for a bad `after`."""
    if not actor.id_number:
        return Page(())
    words = [kernel.keys.index(actor.id_number)]
    since = ""
    if after:
        since, words = "AND k.id < ? ", [*words, _key(after)]
    found = await select_all(
        "SELECT k.id AS id FROM cases_correction AS k JOIN cases_case AS c ON c.id = k.case_id "
        f"WHERE c.applicant_key = ? {since}ORDER BY k.id DESC LIMIT {PAGE + 1}",
        *words,
    )
    keys = [str(row["id"]) for row in found]
    rows = {str(row.id): row for row in await Correction.filter(id__in=keys)}
    return await _page([rows[key] for key in keys if key in rows], by_day=False)


async def _page(rows: Sequence[Correction], *, by_day: bool) -> Page[CorrectionView]:
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    token = None if last is None else f"{last.due.isoformat()}_{last.id}" if by_day else str(last.id)
    return Page(await _views(shown), token)


def _key(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise NotFound("没有这一页。") from None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotFound("没有这一页。") from None


async def correction(actor: Actor, id: str) -> Correction:
    """One that the actor's unit is to check. Raises NotFound for everybody else, NotAllowed by role."""
    if not may(actor, "correction.answer"):
        raise NotAllowed("您的账号不能答复纠错。")
    key = _key(id)
    found = await Correction.get_or_none(id=key, unit=actor.unit or "")
    if found is None:
        raise NotFound("没有这条纠错。")
    return found
