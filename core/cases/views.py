"""A case's rows as one view.

Knows no permission but the parts it is given: without them (a tracking code) nothing personal but the status shows.
"""

from __future__ import annotations

import asyncio
from datetime import datetime
from typing import TYPE_CHECKING

from core.cases.case_view import CaseView, EventView, LetterView, MaterialView
from core.cases.clock import dates_of, happened, no_correction, no_extension, noticed_until
from core.cases.correcting import corrections_of
from core.cases.duties import duty_views
from core.cases.files import is_proof
from core.cases.handover import things_of
from core.cases.joint import names_of
from core.cases.letters import DOCUMENT
from core.cases.lifecycle import BEFORE_ACCEPTANCE, OVER, possible
from core.cases.models import Case, CaseDuty, CaseEvidence, CaseFile, CaseMaterial, Event, Letter
from core.cases.nouns import FileRef
from core.cases.parts import Parts, does_step
from core.cases.paying import payment_in
from core.cases.proposing import stored_facts
from core.cases.results import Grantable, documents_of, grantable
from core.cases.sending import why_unwritten
from core.catalog import versions
from core.contract import Evidence
from core.judge.legal_clock import LegalDates
from core.judge.rules import rules_of
from core.judge.step_dates import StepDate

if TYPE_CHECKING:
    from core.kernel import Kernel


async def case_view(kernel: Kernel, row: Case, parts: Parts | None) -> CaseView:
    """`parts` None: whoever holds the tracking code, who sees how the case stands and not what is in it."""
    materials, evidence, files, events, letters = await asyncio.gather(
        CaseMaterial.filter(case_id=row.id).order_by("position"),
        CaseEvidence.filter(case_id=row.id).order_by("lookup"),
        CaseFile.filter(case_id=row.id).order_by("id"),
        Event.filter(case_id=row.id).order_by("seq"),
        Letter.filter(case_id=row.id).order_by("id"),
    )
    record = row.record or {}
    known = parts is not None
    dates = dates_of(kernel, row.record, happened(events))
    due = dates.deadline if dates and row.status not in OVER else None
    mine = _my_steps(kernel, row, parts, dates)
    payment = payment_in(record)
    # What waits for the fee is not read before it is paid; staff see what they are to hand over.
    staff = parts is not None and parts.as_staff
    held = payment is not None and payment.waits and not staff
    # Only an approval leaves anything to be done: no other case asks for it.
    duties = await CaseDuty.filter(case_id=row.id).order_by("due", "id") if record.get("duties") else []
    noticed = noticed_until(row.status, events, kernel.today())
    moves = tuple(one for one in _moves(kernel, row, parts, mine, dates) if one != "resume" or noticed is None)
    refs: dict[str, list[FileRef]] = {}
    if known and not (parts is not None and parts.joint):
        for file in files:
            ref = FileRef(file.material, file.name or "", file.digest, file.size, file.media_type)
            refs.setdefault(file.material, []).append(ref)
    return CaseView(
        no=row.no,
        item=row.item,
        version=row.version,
        title=row.title,
        handling=row.handling,
        channel=row.channel,
        status=row.status,
        outcome=row.outcome,
        head=row.head,
        revision=row.revision,
        actor=row.actor if known else "",
        actor_role=row.actor_role,
        accepted_by=row.accepted_by if known else None,
        site=row.site,
        mode=row.mode,
        deciding_unit=row.deciding_unit,
        deciding_area=row.deciding_area,
        rank=row.rank,
        zero_material=row.zero_material,
        filed_at=row.filed_at,
        accepted_on=row.accepted_on,
        deadline=due.day if due else None,
        clock_runs=due is not None and dates is not None and dates.stopped_since is None,
        provisional=due.provisional if due else False,
        decided_at=row.decided_at,
        applicant=record.get("applicant", {}) if known else {},
        called=str(record.get("called") or "") if known else "",
        agent=record.get("agent") if known else None,
        joint=tuple(names_of(record)) if known else (),
        as_joint=parts is not None and parts.joint,
        answers=record.get("answers", {}) if known else {},
        decision=record.get("decision") or {"outcome": row.outcome, "because": "", "rule": None},
        route=record.get("route"),
        deadline_because=due.lines() if due else (),
        dates=dates,
        fee=record.get("fee"),
        amount=record.get("amount") if known else None,
        payment=payment,
        materials=tuple(
            MaterialView(
                id=one.material,
                title=one.title,
                status=one.status,
                required=one.required,
                open=one.open,
                by=tuple(one.by),
                due=one.due,
                confirm=one.confirm,
                because=one.because,
                files=tuple(refs.get(one.material, ())),
                told=one.told,
            )
            for one in materials
        ),
        evidence=tuple(_evidence(one, parts) for one in evidence) if parts is not None else (),
        events=tuple(_event(one, known=known) for one in events),
        letter_fault=why_unwritten(row.record),
        decision_written=not record.get("letter_fault"),
        letters=tuple(
            LetterView(
                one.kind,
                one.title,
                one.text or "",
                one.at,
                str(one.id),
                one.number,
                one.reader,
                one.to_unit,
                one.to_area,
                one.read_at,
                one.whom or {},
                one.sent_at,
                one.sent or {},
            )
            for one in letters
            if not (held and one.kind in ("result", DOCUMENT)) and (one.reader == "applicant" or staff)
        )
        if known
        else (),
        moves=moves,
        my_steps=mine,
        noticed_until=noticed,
        hats=parts.hats if parts is not None else frozenset(),
        corrections=await corrections_of(row.id) if known else (),
        erased=row.erased_at is not None,
        declared=tuple(record.get("declared", ())) if known else (),
        disputed=tuple(record.get("disputed", ())) if known else (),
        claims=record.get("claims", {}) if known else {},
        said=record.get("said", {}) if known else {},
        handover=things_of(record, row.outcome) if known else (),
        duties=duty_views(kernel, duties, parts, refs) if known else (),
        results=documents_of(record, row.outcome) if known and not held else (),
        grantable=await _grantable(kernel, row) if "decide" in moves else (),
        proofs={at: tuple(files) for at, files in refs.items() if is_proof(at)},
    )


async def _grantable(kernel: Kernel, row: Case) -> tuple[Grantable, ...]:
    item = await versions.item_by_digest(row.version)
    if not rules_of(item).also:
        return ()
    return grantable(row.record or {}, item, await stored_facts(row), kernel.calendar, on=kernel.today())


def _my_steps(kernel: Kernel, row: Case, parts: Parts | None, dates: LegalDates | None) -> tuple[int, ...]:
    """What has its turn and is this reader's: his office's steps, and for the deciding office an overdue one."""
    if parts is None or parts.actor is None or dates is None or row.status != "in_step":
        return ()
    return tuple(
        one.position
        for one in dates.steps
        if one.current
        and one.held_until is None
        and (
            does_step(kernel, parts.actor, one.step.unit, one.step.area)
            or (parts.decides and is_late(kernel, row, one))
        )
    )


def is_late(kernel: Kernel, row: Case, one: StepDate) -> bool:
    """Another office's step whose day has passed: the deciding office may go on without it."""
    return kernel.today() > one.due.day and (one.step.unit, one.step.area) != (row.deciding_unit, row.deciding_area)


def _moves(
    kernel: Kernel, row: Case, parts: Parts | None, mine: tuple[int, ...], dates: LegalDates | None
) -> tuple[str, ...]:
    """What this reader may do now, and would not be refused at once."""
    if parts is None:
        return ()
    found = possible(row.status, parts.hats)
    if not mine:
        found = tuple(one for one in found if one != "finish_step")
    if row.accepted_on is not None:
        found = tuple(one for one in found if one not in BEFORE_ACCEPTANCE)
    payment = payment_in(row.record)
    if payment is not None and payment.waits:
        waiting = {"accept": payment.before == "acceptance", "deliver": row.outcome == "approve"}
        found = tuple(one for one in found if not waiting.get(one))
    if "ask_correction" in found and no_correction(kernel, row) is not None:
        found = tuple(one for one in found if one != "ask_correction")
    if "extend" in found and no_extension(kernel, row, dates) is not None:
        found = tuple(one for one in found if one != "extend")
    return found


def _evidence(row: CaseEvidence, parts: Parts) -> Evidence:
    if row.detail is None or not parts.evidence:
        return Evidence(lookup=row.lookup, source=row.source, outcome=row.outcome, asked_at=row.asked_at)
    return Evidence.from_json(row.detail)


def _event(row: Event, *, known: bool) -> EventView:
    return EventView(
        seq=row.seq,
        type=row.type,
        at=datetime.fromisoformat(row.at),
        actor=row.actor if known else "",
        actor_role=row.actor_role,
        from_status=row.from_status,
        to_status=row.to_status,
        data=row.payload["data"] if known and row.payload else {},
        digest=row.digest,
    )
