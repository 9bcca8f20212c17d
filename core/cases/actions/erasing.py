"""Erasing a person's data from a case that is over; the chain stays whole, for it holds only salted digests.

A case is kept for its time first (`Settings.case_keep_years`). The access log is kept as long as the law wants it kept,
whatever is erased here (`upkeep.forget_reads`).
"""

from __future__ import annotations

import asyncio
from datetime import date
from typing import TYPE_CHECKING

from core.cases import files, numbers
from core.cases.actions.moves import add_event
from core.cases.lifecycle import OVER
from core.cases.models import (
    Case,
    CaseConfirmer,
    CaseEvidence,
    CaseFile,
    CaseMaterial,
    Correction,
    Event,
    Letter,
    Mandate,
    Turn,
)
from core.cases.rows import Statement, update
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.kernel import LEGAL_TIME
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel


async def erase_case(kernel: Kernel, no: str, *, actor: Actor, basis: str, ordered: bool = False) -> None:
    """Everything personal of the case: parties, answers, evidence, letters, files, and what its events said.

    Number, item, dates, outcome and the digests stay. `ordered`: a court or authority wants it gone before its time of
    keeping is over, and `basis` names the order; a request of the person himself has to wait (PIPL 47).
    Raises NotAllowed, NotFound, Conflict (not over yet, still to be kept, or erased).
    """
    if not may(actor, "office.manage"):
        raise NotAllowed("您的账号不能删除办件信息。")
    if not basis.strip():
        raise Unprocessable([Problem("/basis", "required", "请写明删除的依据。")])
    number = numbers.read(no)
    case = await Case.get_or_none(no=number) if number else None
    if case is None:
        raise NotFound("没有查到这个办件。")
    if case.status not in OVER:
        raise Conflict("办件尚未办结，不能删除。", code="not-over")
    if case.erased_at is not None:
        raise Conflict("办件信息已经删除。", code="erased")
    until = kept_until(kernel, case)
    if kernel.today() < until and not ordered:
        raise Conflict(
            f"办件要依法保存到{until.isoformat()}，在此之前不能删除（个人信息保护法第四十七条）；"
            "法院或主管机关依法责令提前删除的，请写明文书。",
            code="kept",
        )
    held = {str(one) for one in await CaseFile.filter(case_id=case.id).values_list("digest", flat=True)}
    here = {"case_id": case.id}
    mandate = await _mandate(kernel, case)
    applicant = case.applicant_key
    await add_event(
        kernel,
        case,
        "erased",
        to=case.status,
        data={"basis": basis.strip()[:400], "ordered": ordered},
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
            update(CaseMaterial, {"because": "", "confirm_key": ""}, here),
            update(CaseConfirmer, {"key": ""}, here),
            update(CaseFile, {"name": None, "digest": ""}, here),
            update(Letter, {"text": None, "digest": ""}, here),
            update(Mandate, _GONE, {"case_no": case.no}),
            *mandate,
            # Every event but the one that says who erased, and on what ground.
            *(update(Event, {"payload": None}, {**here, "seq": seq}) for seq in range(1, case.events_count + 1)),
        ],
    )
    if not await Case.exists(applicant_key=applicant):
        await Turn.filter(key=applicant).delete()
    for digest in held:
        others = await CaseFile.filter(digest=digest, case__erased_at=None).exists()
        if not others:
            await asyncio.to_thread(files.path_of(kernel, digest).unlink, missing_ok=True)


_GONE = {"content": None, "ended": None, "principal_key": "", "holder_key": "", "signer_key": "", "digest": ""}


def kept_until(kernel: Kernel, case: Case) -> date:
    """The first day on which a case that is over may be erased: so many years after the last that happened to it."""
    last = case.updated_at.astimezone(LEGAL_TIME).date()
    year = last.year + kernel.settings.case_keep_years
    try:
        return last.replace(year=year)
    except ValueError:  # 29 February, in a year that has none
        return date(year, 3, 1)


async def _mandate(kernel: Kernel, case: Case) -> list[Statement]:
    """The mandate the case was filed under goes with it, once it is good for nothing else."""
    id = ((case.record or {}).get("standing") or {}).get("mandate")
    held = await Mandate.get_or_none(id=id) if id else None
    if held is None or (held.revoked_at is None and held.valid_until > kernel.now()):
        return []
    return [update(Mandate, _GONE, {"id": held.id})]
