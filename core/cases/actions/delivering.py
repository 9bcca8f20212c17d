"""Delivery 送达: the decision reaches the applicant, by which way, when, and by whom.

Knows the ways; the ten working days for it are judge's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from core.cases.actions.moves import MOVED_ON, add_event, after, check_move, make_move, seen
from core.cases.case_view import CaseView
from core.cases.handover import taken, things_of
from core.cases.lifecycle import DESK, OFFICE, PARTY
from core.cases.mandating import of_case, runs, still_runs
from core.cases.models import Case, CaseJoint
from core.cases.paying import check_paid
from core.cases.rows import Statement
from core.cases.standing import relation_of, standing_under
from core.catalog import versions
from core.contract import Actor, Item, Problem
from core.contract.relations import OF_A_PERSON
from core.errors import Conflict, NotAllowed, Unprocessable
from core.judge.formats import is_id_number

if TYPE_CHECKING:
    from core.kernel import Kernel

NUMBER = "请照领取人的身份证填写公民身份号码，本人领取也要填。"
METHODS = ("electronic", "mail", "pickup")


def methods_of(item: Item) -> tuple[str, ...]:
    """The ways this item's result may be delivered; all where it names none."""
    named = (item.declared.get("result") or {}).get("delivery") or METHODS
    return tuple(one for one in METHODS if one in named)


async def deliver(
    kernel: Kernel,
    no: str,
    *,
    actor: Actor,
    method: str,
    note: str = "",
    collector: str = "",
    revision: int,
) -> CaseView:
    """`note` is the postal number or who picked it up; `collector` the identity number on the card that he showed
    at a pickup. The applicant himself says only that he has it electronically.

    Raises Unprocessable (a way the item does not have, mail or pickup without note), Conflict, NotAllowed (also for a
    collector whom neither a mandate that runs nor a register lets collect).
    """
    case, parts = await seen(kernel, no, actor)
    check_move(case, "deliver", hats=parts.hats, revision=revision)
    item = await versions.item_by_digest(case.version)
    if parts.hats == {PARTY} and method != "electronic":
        raise NotAllowed("邮寄和自取由工作人员登记。", code="not-your-move")
    if method not in methods_of(item):
        raise Unprocessable([Problem("/method", "enum", "请选择送达方式。")])
    if case.outcome == "approve":
        check_paid(item, case.record, "deliver")
    if method != "electronic" and not note.strip():
        sentence = "请写明邮寄单号。" if method == "mail" else "请写明由谁领取。"
        raise Unprocessable([Problem("/note", "required", sentence)])
    data: dict[str, Any] = {"method": method, "note": note.strip()[:200]}
    guard: tuple[Statement, ...] = ()
    if method == "pickup" and not collector.strip():
        # A name alone would let anybody collect: the number tells whether it is he, or who may in his place.
        raise Unprocessable([Problem("/collector", "required", NUMBER)])
    if method == "pickup":
        data["collector"], guard = await _collects(kernel, case, item, actor, collector)
    await make_move(kernel, case, "deliver", hats=parts.hats, revision=revision, actor=actor, data=data, more=guard)
    return await after(kernel, case, actor)


async def hand_over(
    kernel: Kernel, no: str, *, actor: Actor, thing: str, note: str, collector: str, revision: int
) -> CaseView:
    """One thing of the case is taken at its place: `note` is the name of who took it, `collector` the number on the
    card that he showed. When the last thing that an approval gives is taken, the decision is delivered by that.

    Raises Unprocessable, Conflict (moved on, taken already, not yet to be taken), NotAllowed (also for a collector whom
    neither a mandate that runs nor a register lets collect).
    """
    case, parts = await seen(kernel, no, actor)
    if not parts.hats & {DESK, OFFICE}:
        raise NotAllowed("领取由窗口工作人员登记。", code="not-your-move")
    if case.revision != revision:
        raise Conflict(MOVED_ON, code="stale")
    waiting = [one for one in things_of(case.record, case.outcome) if one.taken_on is None]
    found = next((one for one in waiting if one.id == thing), None)
    if found is None:
        raise Conflict("这一样已经领走，或者现在还不能领。", code="nothing-to-take")
    name = note.strip()[:200]
    if not name:
        raise Unprocessable([Problem("/note", "required", "请写明由谁领取。")])
    if not collector.strip():
        raise Unprocessable([Problem("/collector", "required", NUMBER)])
    item = await versions.item_by_digest(case.version)
    if found.material is None:
        check_paid(item, case.record, "deliver")
    who, guard = await _collects(kernel, case, item, actor, collector)
    data = {"thing": found.id, "title": found.title, "place": found.place, "note": name, "collector": who}
    last = found.material is None and not any(one.material is None and one.id != thing for one in waiting)
    given = ("delivered", "delivered", {"method": "pickup", "note": name, "collector": who})
    await add_event(
        kernel,
        case,
        "handed_over",
        to=case.status,
        actor=actor,
        data=data,
        changes={"record": taken(case.record or {}, found.id, on=kernel.today().isoformat(), by=name)},
        more=guard,
        then=given if last and case.status == "decided" else None,
    )
    return await after(kernel, case, actor)


async def _collects(
    kernel: Kernel, case: Case, item: Item, actor: Actor, number: str
) -> tuple[dict[str, Any], tuple[Statement, ...]]:
    """By what right the person of this number collects. Raises Unprocessable, NotAllowed, Unavailable."""
    number = "".join(number.split()).upper()
    if not is_id_number(number):
        told = "领取人的公民身份号码应为 18 位且校验位正确，请照身份证填写。"
        raise Unprocessable([Problem("/collector", "format", told)])
    key = kernel.keys.index(number)
    if key == case.applicant_key:
        return {"standing": {"kind": "self"}}, ()
    if await CaseJoint.exists(case_id=case.id, key=key):
        return {"standing": {"kind": "joint"}}, ()
    now = kernel.now()
    held = [one for one in await of_case(case) if one.holder_key == key and (one.case_no or key == case.agent_key)]
    live = next((one for one in held if runs(one, now)), None)
    if live is not None:
        return {"standing": standing_under(live)}, (still_runs(str(live.id), now),)
    applicant = (case.record or {}).get("applicant") or {}
    # Whoever may apply for a person by what a register says may collect for him.
    of_person = list(dict.fromkeys(["guardian", *(kind for kind in item.agents if kind in OF_A_PERSON)]))
    kinds = ["legal_representative"] if applicant.get("kind") == "enterprise" else of_person
    kind = None if held else await relation_of(
        kernel, item, actor=actor, number=number, applicant=applicant, kinds=kinds
    )  # fmt: skip
    if kind is None:
        told = "领取人没有申请人有效的委托书，不能代领。请申请人委托，或由本人领取。"
        raise NotAllowed(told, code="mandate-ended" if held else "mandate-needed")
    return {"standing": {"kind": "relation", "relation": kind}}, ()
