"""What an erasure takes and what it leaves, before it is done and afterwards; who may see which request.

Knows no page and writes nothing but that somebody looked; erasing itself is `actions.erasing`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tortoise.expressions import Subquery

from core.cases import numbers
from core.cases.lifecycle import OVER
from core.cases.lines import Page
from core.cases.logbook import note
from core.cases.models import (
    Case,
    CaseConfirmer,
    CaseDuty,
    CaseEvidence,
    CaseFile,
    CaseJoint,
    CaseMaterial,
    Correction,
    Draft,
    Erasure,
    Event,
    Letter,
    Mandate,
)
from core.cases.proving import chain_of
from core.cases.reaching import reached
from core.cases.reads import read_row
from core.contract import Actor
from core.errors import NotAllowed, NotFound
from core.kernel import LEGAL_TIME
from core.office.permissions import ALL, may, reach

if TYPE_CHECKING:
    from core.kernel import Kernel

PAGE = 20
ASK, CONFIRM = "erasure.ask", "erasure.confirm"
NOBODY = "您的账号不能办理个人信息删除。"
NO_REQUEST = "没有这条删除申请。"
NO_CASE = "没有查到这个办件。请核对编号。"
NOBODY_KNOWN = "没有保存这个号码的办件、草稿、委托书或账号。"


@dataclass(frozen=True, slots=True)
class CaseToErase:
    """One case as the page shows it: no name and no answer, for who erases need not read."""

    no: str
    item: str
    title: str
    status: str
    outcome: str | None
    filed_at: datetime
    until: date | None
    """The first day on which it may be erased without an order; None while it is not over."""
    bar: str
    """Why it may not be erased yet: not-over, kept (an order lifts it), erased; "" where it may."""
    holds: Mapping[str, int]
    """kind → how many rows of it are personal."""


@dataclass(frozen=True, slots=True)
class ErasureView:
    id: str
    person: bool
    """All that is held of a person, not one case."""
    case_no: str
    state: str
    ordered: bool
    reason: str
    basis: str
    because: str
    """Why the second person did not confirm."""
    asked_by: str
    asked_at: datetime
    ended_by: str
    ended_at: datetime | None
    gone: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Held:
    """All that is held of one person."""

    key: str
    cases: tuple[CaseToErase, ...]
    holds: Mapping[str, int]
    """drafts, mandates, accounts."""
    shared: tuple[CaseToErase, ...] = ()
    """Cases of others in which this person applies jointly: what they say of him goes with them."""

    @property
    def empty(self) -> bool:
        return not self.cases and not any(self.holds.values())


@dataclass(frozen=True, slots=True)
class Chained:
    """What proves that an erased case is whole."""

    no: str
    events: int
    head: str
    wrong: str
    """The first link that does not hold; "" where all do."""


def kept_until(kernel: Kernel, case: Case) -> date:
    """The first day on which a case that is over may be erased: so many years after the last that happened to it."""
    last = case.updated_at.astimezone(LEGAL_TIME).date()
    year = last.year + kernel.settings.case_keep_years
    try:
        return last.replace(year=year)
    except ValueError:  # 29 February, in a year that has none
        return date(year, 3, 1)


def check_may(actor: Actor, action: str) -> None:
    if not may(actor, action):
        raise NotAllowed(NOBODY)


async def case_to_erase(kernel: Kernel, actor: Actor, no: str) -> CaseToErase:
    """Raises NotAllowed, NotFound."""
    check_may(actor, ASK)
    return await _shown(kernel, await case_of(no))


async def case_of(no: str) -> Case:
    number = numbers.read(no)
    case = await Case.get_or_none(no=number) if number else None
    if case is None:
        raise NotFound(NO_CASE)
    return case


async def held_of(kernel: Kernel, actor: Actor, number: str, *, accounts: int) -> Held:
    """All that is held of the person or firm of this number; that it was looked for is a read of its data.

    `accounts` is how many accounts of citizens the office room knows for it. Raises NotAllowed, NotFound for nothing.
    """
    check_may(actor, ASK)
    found = await held_by_key(kernel, kernel.keys.index(number), accounts=accounts)
    if found.empty:
        raise NotFound(NOBODY_KNOWN)
    log = read_row(
        at=kernel.now(), kind="erasure", actor=actor.id, actor_role=actor.role, subject_key=found.key, item="",
        purpose="办理个人信息删除",
    )  # fmt: skip
    await note([log])
    return found


async def held_by_key(kernel: Kernel, key: str, *, accounts: int) -> Held:
    cases = await Case.filter(applicant_key=key).order_by("-id")
    holds = {
        "drafts": len(await drafts_about(kernel, key)),
        "mandates": len(await mandates_about(key)),
        "joint": await CaseJoint.filter(key=key).count(),
        "accounts": accounts,
    }
    joint = await CaseJoint.filter(key=key).values_list("case_id", flat=True)
    shared = await Case.filter(id__in=joint).exclude(applicant_key=key).order_by("-id") if joint else []
    return Held(
        key,
        tuple([await _shown(kernel, one) for one in cases]),
        holds,
        tuple([await _shown(kernel, one) for one in shared]),
    )


async def drafts_about(kernel: Kernel, key: str) -> list[UUID]:
    """Drafts for this person, or by which he acts for somebody; sealed, so that each is opened. They are few: they
    expire."""
    found = []
    async for draft in Draft.all().only("id", "content"):
        parties = (draft.content.get("applicant") or {}, draft.content.get("agent") or {})
        numbers_ = {str(one.get(name)) for one in parties for name in ("id_number", "credit_code") if one.get(name)}
        if key in {kernel.keys.index(number) for number in numbers_}:
            found.append(draft.id)
    return found


async def mandates_about(key: str) -> list[Mandate]:
    """Mandates of this person, or to him, that no case rests on which has to be kept."""
    mine = [
        one for name in ("principal_key", "holder_key", "signer_key") for one in await Mandate.filter(**{name: key})
    ]
    needed = set()
    for one in {one.id: one for one in mine}.values():
        cases = await Case.filter(applicant_key=one.principal_key, erased_at=None) if one.used else []
        needed |= {((case.record or {}).get("standing") or {}).get("mandate") for case in cases}
    return [one for id, one in {one.id: one for one in mine}.items() if str(id) not in needed and one.content]


def bar_of(kernel: Kernel, case: Case) -> str:
    if case.erased_at is not None:
        return "erased"
    if case.status not in OVER:
        return "not-over"
    return "kept" if kernel.today() < kept_until(kernel, case) else ""


async def _shown(kernel: Kernel, case: Case) -> CaseToErase:
    return CaseToErase(
        no=case.no,
        item=case.item,
        title=case.title,
        status=case.status,
        outcome=case.outcome,
        filed_at=case.filed_at,
        until=kept_until(kernel, case) if case.status in OVER else None,
        bar=bar_of(kernel, case),
        holds=await holds_of(case),
    )


async def holds_of(case: Case) -> dict[str, int]:
    """How many rows of each kind an erasure empties."""
    here: dict[str, Any] = {"case_id": case.id}
    return {
        "parties": int(case.record is not None),
        "evidence": await CaseEvidence.filter(**here, detail__isnull=False).count(),
        "materials": await CaseMaterial.filter(**here).exclude(because="", confirm_key="").count(),
        "confirmers": await CaseConfirmer.filter(**here).exclude(key="").count(),
        "joint": await CaseJoint.filter(**here).count(),
        "files": await CaseFile.filter(**here).exclude(digest="").count(),
        "letters": await Letter.filter(**here, text__isnull=False).count(),
        "corrections": await Correction.filter(**here, detail__isnull=False).count(),
        "duties": await CaseDuty.filter(**here, detail__isnull=False).count(),
        "mandates": await Mandate.filter(case_no=case.no, content__isnull=False).count(),
        "events": await Event.filter(**here, payload__isnull=False).count(),
    }


async def erasures(kernel: Kernel, actor: Actor, after: str = "", *, state: str = "asked") -> Page[ErasureView]:
    """Requests the actor may see, the newest first. Raises NotAllowed, NotFound for an `after` of no page of ours."""
    check_may(actor, CONFIRM)
    query = Erasure.filter(state="asked") if state == "asked" else Erasure.exclude(state="asked")
    if after:
        try:
            query = query.filter(id__lt=UUID(after))
        except ValueError:
            raise NotFound(NO_REQUEST) from None
    held = reach(actor, CONFIRM)
    if held is not None and held.scope != ALL:
        query = query.filter(case_no__in=Subquery(reached(kernel, Case.all(), held.scope, actor).values("no")))
    rows = await query.order_by("-id").limit(PAGE + 1)
    shown = rows[:PAGE]
    return Page(tuple(_view(one) for one in shown), str(shown[-1].id) if len(rows) > PAGE else None)


async def erasure(kernel: Kernel, actor: Actor, id: str) -> ErasureView:
    """Raises NotAllowed, NotFound."""
    return _view(await erasure_row(kernel, actor, id))


async def erasure_row(kernel: Kernel, actor: Actor, id: str) -> Erasure:
    check_may(actor, CONFIRM)
    try:
        row = await Erasure.get_or_none(id=UUID(id))
    except ValueError:
        row = None
    if row is None or not await _sees(kernel, actor, row):
        raise NotFound(NO_REQUEST)
    return row


async def _sees(kernel: Kernel, actor: Actor, row: Erasure) -> bool:
    """Who reaches one unit only sees that unit's cases, and nothing that is about a person as a whole."""
    if row.case_no is None:
        held = reach(actor, CONFIRM)
        return held is not None and held.scope == ALL
    case = await Case.get(no=row.case_no)
    return may(actor, CONFIRM, unit=case.deciding_unit, area=case.deciding_area, office=kernel.office)


async def of_request(kernel: Kernel, row: ErasureView, *, accounts: int = 0) -> Held:
    """What the request is about, as it stands now."""
    if not row.person:
        return Held("", (await _shown(kernel, await case_of(row.case_no)),), {})
    held = await Erasure.get(id=UUID(row.id))
    return await held_by_key(kernel, held.subject_key, accounts=accounts)


async def open_request(no: str) -> str:
    """The id of the request for this case that nobody has answered. Raises NotFound."""
    case = await case_of(no)
    row = await Erasure.get_or_none(open_key=case.no)
    if row is None:
        raise NotFound(NO_REQUEST)
    return str(row.id)


async def subject_of(id: str) -> str:
    return (await Erasure.get(id=UUID(id))).subject_key


async def proof_of(no: str) -> Chained:
    """The case's chain computed again, link by link."""
    case = await case_of(no)
    wrong = await chain_of(str(case.id))
    return Chained(case.no, case.events_count, case.head, wrong.what if wrong else "")


def _view(row: Erasure) -> ErasureView:
    detail = row.detail or {}
    return ErasureView(
        id=str(row.id),
        person=row.case_no is None,
        case_no=row.case_no or "",
        state=row.state,
        ordered=row.ordered,
        reason=detail.get("reason", ""),
        basis=detail.get("basis", ""),
        because=detail.get("because", ""),
        asked_by=row.asked_by,
        asked_at=row.asked_at,
        ended_by=row.ended_by or "",
        ended_at=row.ended_at,
        gone=row.gone or {},
    )
