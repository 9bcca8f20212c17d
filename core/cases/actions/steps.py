"""Steps 环节: each finished by its own office with its opinion, in order, side by side where they run together.

Knows one step at a time; which has its turn is the legal clock's word.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.cases.actions.findings import found_at
from core.cases.actions.moves import after, check_move, dates_now, make_move, said, seen
from core.cases.case_view import CaseView
from core.cases.clock import happenings
from core.cases.mending import mending_letter
from core.cases.models import Case
from core.cases.parts import does_step
from core.cases.paying import demanded
from core.cases.proposing import spoken_to
from core.cases.rows import insert
from core.cases.views import is_late
from core.catalog import versions
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, Unprocessable
from core.judge.legal_clock import LegalDates
from core.judge.step_dates import StepDate

if TYPE_CHECKING:
    from core.kernel import Kernel

OPINIONS = ("agree", "object", "none")
"""同意, 不同意, 无意见: said to the deciding office, which weighs them."""


async def finish_step(
    kernel: Kernel,
    no: str,
    *,
    actor: Actor,
    revision: int,
    step: int | None = None,
    opinion: str = "agree",
    because: str = "",
    findings: Mapping[str, Any] | None = None,
) -> CaseView:
    """One office has done its part. Without `step`: the only one that has its turn and is this actor's.

    A step whose findings call for another round (`again`) keeps its turn, its days beginning anew.
    Where a step of another office is overdue, the deciding office may go on without it, and says why. Raises
    Unprocessable (which step, no reason), Conflict (not its turn, or done), NotAllowed (another office's step).
    """
    case, parts = await seen(kernel, no, actor)
    check_move(case, "finish_step", hats=parts.hats, revision=revision)
    dates = await dates_now(kernel, case)
    one = _which(kernel, case, actor, dates, step)
    own = does_step(kernel, actor, one.step.unit, one.step.area)
    if not own and not (parts.decides and is_late(kernel, case, one)):
        raise NotAllowed("这个环节由其他部门办理。", code="not-your-step")
    if opinion not in OPINIONS:
        raise Unprocessable([Problem("/opinion", "enum", "请选择本环节的意见。")])
    reason = said(because) if opinion == "object" or not own else because.strip()[:2000]
    if one.held_until is not None:
        raise Conflict(held_words(one), code="not-over")
    found = await found_at(kernel, case, one.step, one.position, findings) if own else None
    data = {
        "step": one.position,
        "title": one.step.title,
        "unit": one.step.unit,
        "area": one.step.area,
        **({"outside": one.step.by} if one.step.by else {}),
        "opinion": opinion if own else "missing",
        "because": reason,
        **({"finding": one.step.id, "found": found.values} if found else {}),
        **({"again": True, "mend": found.again} if found and found.again else {}),
    }
    letter = None
    record = found.record if found else None
    moved = found.moved if found else None
    changes: dict[str, Any] = {}
    if moved is not None:
        # Before the letters and the event, which name the office that decides.
        case.deciding_unit, case.deciding_area = moved.deciding_unit, moved.deciding_area
        data["moved"] = {"unit": moved.deciding_unit, "area": moved.deciding_area}
        changes |= {
            "deciding_unit": moved.deciding_unit, "deciding_area": moved.deciding_area,
            "site_may": moved.accepting_may,
        }  # fmt: skip
    if record is not None:
        asked = demanded(
            kernel, await versions.item_by_digest(case.version), record, outcome=case.outcome, case_id=str(case.id),
            no=case.no, applicant=await spoken_to(case), unit=case.deciding_unit,
        )  # fmt: skip
        record, letter = asked.record, insert(asked.letters)
        data |= asked.told
    if found and found.again:
        then = await dates_now(kernel, case, happenings("step_finished", kernel.now(), data))
        until = (
            next((o.due.day for o in then.steps if o.position == one.position), one.due.day) if then else one.due.day
        )
        letter = insert([mending_letter(kernel, case, one.step, mend=found.again, because=reason, until=until)])
    await make_move(
        kernel,
        case,
        "finish_step",
        hats=parts.hats,
        revision=revision,
        actor=actor,
        data=data,
        changes={**changes, "record": record} if record else None,
        more=letter or (),
    )
    return await after(kernel, case, actor)


def held_words(one: StepDate) -> str:
    """Until when nobody can finish it; only for a step that is held."""
    title = f"“{one.step.title}”" if one.step.title else "这个环节"
    last = one.held_until or one.due.day
    return f"{title}到 {last} 才期满，{last + timedelta(days=1)} 起才能办完。"


def _which(kernel: Kernel, case: Case, actor: Actor, dates: LegalDates | None, position: int | None) -> StepDate:
    steps = dates.steps if dates else ()
    if position is None:
        turn = [one for one in steps if one.current]
        mine = [one for one in turn if does_step(kernel, actor, one.step.unit, one.step.area)] or turn
        if len(mine) != 1:
            raise Unprocessable([Problem("/step", "required", "请选择要完成的环节。")])
        return mine[0]
    one = next((one for one in steps if one.position == position), None)
    if one is None:
        raise Unprocessable([Problem("/step", "enum", "没有这个环节。")])
    if one.done is not None:
        raise Conflict("这个环节已经完成。", code="step-done")
    if not one.current:
        raise Conflict("前面的环节还没有完成，还没有轮到这个环节。", code="not-its-turn")
    return one
