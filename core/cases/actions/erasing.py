"""Erasing a person's data: one account asks, another confirms; the chain stays whole, for it holds only salted digests.

A case is kept for its time first (`Settings.case_keep_years`). The access log is kept as long as the law wants it kept,
whatever is erased here (`upkeep.forget_reads`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q

from core.cases import files
from core.cases.actions.moves import add_event
from core.cases.erasing import (
    ASK,
    bar_of,
    case_of,
    check_may,
    drafts_about,
    erasure_row,
    holds_of,
    kept_until,
    mandates_about,
)
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
    LetterFault,
    Mandate,
    PaidReceipt,
    Resume,
    Turn,
)
from core.cases.rows import Missed, Statement, delete, insert, new_id, row, update, write
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, Unprocessable
from core.office import actions as office_actions
from core.office.persons import accounts_of

if TYPE_CHECKING:
    from core.kernel import Kernel

ALREADY = "已有一条等待确认的删除申请。"
ENDED = "这条删除申请已经有人处理。"


async def ask_to_erase_case(
    kernel: Kernel, no: str, *, actor: Actor, reason: str, basis: str, ordered: bool = False
) -> str:
    """The request's id; it is an event of the case. Nothing is erased before another account confirms.

    `ordered`: a court or authority wants it gone before its time of keeping is over, and `basis` names the order; a
    request of the person himself has to wait (PIPL 47).
    Raises NotAllowed, Unprocessable, NotFound, Conflict (not over yet, still to be kept, erased, asked already).
    """
    check_may(actor, ASK)
    told = _said(reason, basis)
    case = await case_of(no)
    check_erasable(kernel, case, ordered=ordered)
    made = row(
        Erasure, id=new_id(), case_no=case.no, open_key=case.no, ordered=ordered, detail=told, asked_by=actor.id,
        asked_at=kernel.now(),
    )  # fmt: skip
    try:
        await add_event(
            kernel, case, "erasure_asked", to=case.status, data={**told, "ordered": ordered}, actor=actor,
            changes={"updated_at": case.updated_at}, more=insert([made]),
        )  # fmt: skip
    except IntegrityError:
        raise Conflict(ALREADY, code="asked") from None
    return str(made.values["id"])


async def ask_to_erase_person(
    kernel: Kernel, number: str, *, actor: Actor, reason: str, basis: str, ordered: bool = False
) -> str:
    """All that is held of the person of this number: drafts, mandates, account, and those cases whose time is over.

    Raises as `ask_to_erase_case`; Conflict too while a case of his is under way.
    """
    check_may(actor, ASK)
    told = _said(reason, basis)
    key = kernel.keys.index(number)
    await _nothing_under_way(kernel, key)
    made = row(
        Erasure, id=new_id(), subject_key=key, open_key=key, ordered=ordered, detail=told, asked_by=actor.id,
        asked_at=kernel.now(),
    )  # fmt: skip
    try:
        await write(insert([made]))
    except IntegrityError:
        raise Conflict(ALREADY, code="asked") from None
    await office_actions.note_erasure("erasure.asked", by=actor, request=str(made.values["id"]))
    return str(made.values["id"])


async def refuse_erasure(kernel: Kernel, id: str, *, actor: Actor, because: str) -> None:
    """Not confirmed; who asked may take it back himself. Raises NotAllowed, NotFound, Unprocessable, Conflict."""
    asked = await _asked(kernel, id, actor)
    if not because.strip():
        raise Unprocessable([Problem("/because", "required", "请写明不予删除的理由。")])
    ends = {"state": "refused", "open_key": None, "subject_key": "", "ended_by": actor.id, "ended_at": kernel.now(),
            "detail": {**(asked.detail or {}), "because": because.strip()[:2000]}}  # fmt: skip
    ended = update(Erasure, ends, {"id": asked.id, "state": "asked"}, must=True)
    if asked.case_no is None:
        try:
            await write(ended)
        except Missed:
            raise Conflict(ENDED, code="ended") from None
        await office_actions.note_erasure("erasure.refused", by=actor, request=id)
        return
    case = await case_of(asked.case_no)
    await add_event(
        kernel, case, "erasure_refused", to=case.status, data={"because": because.strip()[:2000]}, actor=actor,
        changes={"updated_at": case.updated_at}, more=[ended],
    )  # fmt: skip


async def confirm_erasure(kernel: Kernel, id: str, *, actor: Actor) -> None:
    """The second account says yes, and it is done. What was true when it was asked must still be.

    Raises NotAllowed (code separation-of-duties for who asked), NotFound, Conflict.
    """
    asked = await _asked(kernel, id, actor)
    if asked.asked_by in await accounts_of(actor):
        raise NotAllowed("提出申请的人不能自己确认，请由另一个人确认。", code="separation-of-duties")
    if asked.case_no is not None:
        case = await case_of(asked.case_no)
        check_erasable(kernel, case, ordered=asked.ordered)
        gone = await holds_of(case)
        await _erase_case(kernel, case, asked, actor=actor, ended=[_done(kernel, asked, gone, actor)])
        return
    await _erase_person(kernel, asked, actor=actor)


async def _erase_person(kernel: Kernel, asked: Erasure, *, actor: Actor) -> None:
    """Case after case, each whole by itself, then the rest: whoever is interrupted confirms once more."""
    key = asked.subject_key
    await _nothing_under_way(kernel, key)
    gone: dict[str, int] = {"cases": 0}
    for case in await Case.filter(applicant_key=key, erased_at=None).order_by("id"):
        if bar_of(kernel, case) == "" or asked.ordered:
            await _erase_case(kernel, case, asked, actor=actor)
            gone["cases"] += 1
    drafts, mandates = await drafts_about(kernel, key), await mandates_about(key)
    papers = {str(one["digest"]) for mandate in mandates for one in mandate.content["files"]}
    for draft in await Draft.filter(id__in=drafts).only("id", "content"):
        papers |= {str(one["digest"]) for one in draft.content["files"]}
    joint = await CaseJoint.filter(key=key).count()
    gone |= {"drafts": len(drafts), "mandates": len(mandates), "joint": joint}
    gone["accounts"] = await office_actions.erase_person(key, by=actor, request=str(asked.id))
    now = kernel.now()
    try:
        await write(
            [delete(Draft, {"id": one}) for one in drafts],
            [delete(Resume, {"draft": one}) for one in drafts],
            # What he applied for jointly is the other's case too, and stays that one's; he finds it no more.
            [delete(CaseJoint, {"key": key})],
            [update(Mandate, {**_GONE, "revoked_at": one.revoked_at or now}, {"id": one.id}) for one in mandates],
            _done(kernel, asked, gone, actor),
        )
    except Missed:
        raise Conflict(ENDED, code="ended") from None
    await _unlink(kernel, papers)


async def _nothing_under_way(kernel: Kernel, key: str) -> None:
    joint = await CaseJoint.filter(key=key).values_list("case_id", flat=True)
    for case in await Case.filter(Q(applicant_key=key) | Q(id__in=joint)):
        if bar_of(kernel, case) == "not-over":
            raise Conflict("这个人还有办件没有办结，不能删除。", code="not-over")


def _done(kernel: Kernel, asked: Erasure, gone: dict[str, int], actor: Actor) -> Statement:
    """What the person said goes with his data; the ground stays."""
    return update(
        Erasure,
        {"state": "done", "open_key": None, "subject_key": "", "ended_by": actor.id, "ended_at": kernel.now(),
         "gone": gone, "detail": {"basis": (asked.detail or {}).get("basis", "")}},
        {"id": asked.id, "state": "asked"},
        must=True,
    )  # fmt: skip


async def _asked(kernel: Kernel, id: str, actor: Actor) -> Erasure:
    asked = await erasure_row(kernel, actor, id)
    if asked.state != "asked":
        raise Conflict(ENDED, code="ended")
    return asked


def _said(reason: str, basis: str) -> dict[str, str]:
    wrong = []
    if not reason.strip():
        wrong.append(Problem("/reason", "required", "请写明谁、为什么要求删除。"))
    if not basis.strip():
        wrong.append(Problem("/basis", "required", "请写明删除的依据。"))
    if wrong:
        raise Unprocessable(wrong)
    return {"reason": reason.strip()[:2000], "basis": basis.strip()[:400]}


def check_erasable(kernel: Kernel, case: Case, *, ordered: bool) -> None:
    """Raises Conflict with the reason, where the law or the state of the case forbids it."""
    bar = bar_of(kernel, case)
    if bar == "not-over":
        raise Conflict("办件尚未办结，不能删除。", code="not-over")
    if bar == "erased":
        raise Conflict("办件信息已经删除。", code="erased")
    if bar == "kept" and not ordered:
        raise Conflict(
            f"办件要依法保存到{kept_until(kernel, case).isoformat()}，在此之前不能删除（个人信息保护法第四十七条）；"
            "法院或主管机关依法责令提前删除的，请写明文书。",
            code="kept",
        )


async def _erase_case(
    kernel: Kernel, case: Case, asked: Erasure, *, actor: Actor, ended: list[Statement] | None = None
) -> None:
    """Everything personal of the case: parties, answers, evidence, letters, files, and what its events said.

    Number, item, dates, outcome and the digests stay.
    """
    held = {
        str(one) for one in await CaseFile.filter(case_id=case.id).exclude(digest="").values_list("digest", flat=True)
    }
    here: dict[str, Any] = {"case_id": case.id}
    mandates = await _mandates(kernel, case)
    for mandate in mandates:
        held |= {str(one["digest"]) for one in (mandate.content or {}).get("files", ())}
    applicant = case.applicant_key
    await add_event(
        kernel,
        case,
        "erased",
        to=case.status,
        data={"basis": (asked.detail or {}).get("basis", ""), "ordered": asked.ordered, "asked_by": asked.asked_by},
        actor=actor,
        changes={
            "record": None,
            "erased_at": kernel.now(),
            "applicant_key": "",
            "agent_key": None,
            # An unsalted digest of what was sent: whoever guesses the contents could tell that they were these.
            "body_digest": "",
        },
        more=[
            update(CaseEvidence, {"detail": None}, here),
            update(Correction, {"detail": None}, here),
            update(CaseDuty, {"detail": None, "state": "ended"}, here),
            update(CaseMaterial, {"because": "", "confirm_key": ""}, here),
            update(CaseConfirmer, {"key": ""}, here),
            delete(CaseJoint, here),
            update(CaseFile, {"name": None, "digest": ""}, here),
            update(Letter, {"text": None, "digest": "", "to_key": None, "whom": None, "sent": None}, here),
            delete(LetterFault, here),
            *(update(Mandate, _GONE, {"id": one.id}) for one in mandates),
            # Every event but the one that says who erased, and on what ground.
            *(update(Event, {"payload": None}, {**here, "seq": seq}) for seq in range(1, case.events_count + 1)),
            *(ended or ()),
        ],
    )
    if not await Case.exists(applicant_key=applicant):
        await Turn.filter(key=applicant).delete()
        await PaidReceipt.filter(payer=applicant).update(payer="")
    await _unlink(kernel, held)


_GONE = {"content": None, "ended": None, "principal_key": "", "holder_key": "", "signer_key": "", "digest": ""}


async def _unlink(kernel: Kernel, digests: set[str]) -> None:
    """Files that nothing names any more; what somebody else sent too, stays."""
    for digest in digests:
        if not await CaseFile.filter(digest=digest).exists():
            await asyncio.to_thread(files.path_of(kernel, digest).unlink, missing_ok=True)


async def _mandates(kernel: Kernel, case: Case) -> list[Mandate]:
    """Mandates for this case alone, and the one it was filed under once that is good for nothing else."""
    found = await Mandate.filter(case_no=case.no)
    id = ((case.record or {}).get("standing") or {}).get("mandate")
    held = await Mandate.get_or_none(id=UUID(id)) if id else None
    if held is not None and (held.revoked_at is not None or held.valid_until <= kernel.now()):
        found.append(held)
    return found
