"""Erasing a person's data from a case that is over; the chain stays whole, for it holds only salted digests.

Knows no deadline of retention of cases: who may erase when is the archive's rule, and the actor answers for it. The
access log is kept as long as the law wants it kept, whatever is erased here (`upkeep.forget_reads`).
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from core.cases import files, numbers
from core.cases.actions.moves import add_event
from core.cases.lifecycle import OVER
from core.cases.models import Case, CaseEvidence, CaseFile, CaseMaterial, Correction, Event, Letter, Mandate
from core.cases.rows import Statement, update
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel


async def erase_case(kernel: Kernel, no: str, *, actor: Actor, basis: str) -> None:
    """Everything personal of the case: parties, answers, evidence, letters, files, and what its events said.

    Number, item, dates, outcome and the digests stay. Raises NotAllowed, NotFound, Conflict (not over yet, or erased).
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
    held = {str(one) for one in await CaseFile.filter(case_id=case.id).values_list("digest", flat=True)}
    here = {"case_id": case.id}
    mandate = await _mandate(kernel, case)
    await add_event(
        kernel,
        case,
        "erased",
        to=case.status,
        data={"basis": basis.strip()[:400]},
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
            update(CaseMaterial, {"because": ""}, here),
            update(CaseFile, {"name": None, "digest": ""}, here),
            update(Letter, {"text": None, "digest": ""}, here),
            update(Mandate, _GONE, {"case_no": case.no}),
            *mandate,
            # Every event but the one that says who erased, and on what ground.
            *(update(Event, {"payload": None}, {**here, "seq": seq}) for seq in range(1, case.events_count + 1)),
        ],
    )
    for digest in held:
        others = await CaseFile.filter(digest=digest, case__erased_at=None).exists()
        if not others:
            await asyncio.to_thread(files.path_of(kernel, digest).unlink, missing_ok=True)


_GONE = {"content": None, "ended": None, "principal_key": "", "holder_key": "", "signer_key": "", "digest": ""}


async def _mandate(kernel: Kernel, case: Case) -> list[Statement]:
    """The mandate the case was filed under goes with it, once it is good for nothing else."""
    id = ((case.record or {}).get("standing") or {}).get("mandate")
    held = await Mandate.get_or_none(id=id) if id else None
    if held is None or (held.revoked_at is None and held.valid_until > kernel.now()):
        return []
    return [update(Mandate, _GONE, {"id": held.id})]
