"""The answer of the unit that keeps the register: corrected, right as it is, or why neither; the applicant is told.

Knows one request at a time. After "corrected" the register is asked again, and the same rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.cases.actions.moves import add_event
from core.cases.actions.rechecking import look_again
from core.cases.correcting import ANSWERS, CorrectionView, correction, correction_view
from core.cases.lifecycle import UNDER_WAY
from core.cases.models import Case, Correction
from core.cases.rejudging import held
from core.cases.rows import update
from core.contract import Actor, Problem
from core.errors import Conflict, NotFound, Unavailable, Unprocessable

if TYPE_CHECKING:
    from core.kernel import Kernel


async def answer_correction(kernel: Kernel, id: str, *, actor: Actor, answer: str, reason: str) -> CorrectionView:
    """Raises Unprocessable (no answer, no reason), Conflict (answered already, or the case moved at this moment)."""
    one = await correction(actor, id)
    why = reason.strip()[:2000]
    if answer not in ANSWERS:
        raise Unprocessable([Problem("/answer", "enum", "请选择核实结果。")])
    if not why:
        raise Unprocessable([Problem("/reason", "required", "请写明核实情况，申请人会看到。")])
    if one.answer:
        raise Conflict("这条纠错已经答复。", code="answered")
    case = await Case.get(id=one.case_id)
    changes: dict[str, Any] = {}
    record = case.record
    if answer == "corrected" and record is not None and case.status in UNDER_WAY:
        # The register speaks again: what was declared instead of its value has done its service.
        changes["record"] = {
            **record,
            "disputed": [at for at in record.get("disputed", ()) if at != one.pointer],
            "claims": {at: value for at, value in record.get("claims", {}).items() if at != one.pointer},
        }
    values = {
        "answer": answer,
        "answered_by": actor.id,
        "answered_at": kernel.now(),
        "detail": {**(one.detail or {}), "reason": why} if one.detail is not None else None,
    }
    await add_event(
        kernel, case, f"value_{answer}", to=case.status, actor=actor, data={"at": one.pointer, "because": why},
        changes=changes, more=[update(Correction, values, {"id": one.id, "answer": ""}, must=True)],
    )  # fmt: skip
    if answer == "corrected":
        await _ask_again(kernel, one)
    return correction_view(await Correction.get(id=one.id))


async def _ask_again(kernel: Kernel, one: Correction) -> None:
    case = await Case.get(id=one.case_id)
    if case.status not in UNDER_WAY or case.record is None:
        return
    try:
        await look_again(kernel, await held(kernel, case), [one.lookup], machine=True, changed=True)
    except (Conflict, NotFound, Unavailable):
        return  # a person sees that the register was corrected, and goes on
