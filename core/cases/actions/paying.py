"""Payments 缴费 at the desk: the receipt that shows a fee was paid is noted, or taken back with its reason.

Knows who may; no money moves through here. What waits for it goes on by itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.cases.actions.lapsing import CLOSE, lapse
from core.cases.actions.moves import MOVED_ON, add_event, after, said, seen
from core.cases.actions.rechecking import settle
from core.cases.case_view import CaseView
from core.cases.lifecycle import DESK, OFFICE, UNDER_WAY
from core.cases.models import Case, CaseMaterial, PaidReceipt
from core.cases.paying import Payment, due_of, payment_in
from core.cases.proposing import restated
from core.cases.till import at_till, claim, release
from core.catalog import versions
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, Unprocessable
from core.judge.clock import add_working_days, read_date
from core.judge.numbers import typed
from core.judge.payment import NOTHING, last_day, payment_of
from core.judge.sentences import say

if TYPE_CHECKING:
    from core.kernel import Kernel

REMIND_DAYS = 2
"""Working days before the last day on which who has to pay is reminded."""
LONG_AGO = timedelta(days=366)


async def note_payment(
    kernel: Kernel, no: str, *, actor: Actor, receipt: str, on: str, sum: str, revision: int, together: bool = False
) -> CaseView:
    """The fee was paid: number of the receipt, its day, its sum, which must be what is due.

    `together`: one paper that paid other cases of the same applicant too. Raises Unprocessable, Conflict (moved on,
    nothing due), NotAllowed.
    """
    case, payment = await _open(kernel, no, actor, revision)
    await _note(kernel, case, payment, actor, receipt=receipt, on=on, sum=sum, together=together)
    return await after(kernel, case, actor)


async def take_payment(
    kernel: Kernel, no: str, *, actor: Actor, receipt: str, on: str, sum: str, revision: int, together: bool = False
) -> None:
    """The same at a till, of a case that the actor may not read: see `core.cases.till`. Raises as above."""
    case = await at_till(kernel, actor, no)
    _check_open(case, revision)
    await _note(kernel, case, payment_in(case.record), actor, receipt=receipt, on=on, sum=sum, together=together)


async def _note(
    kernel: Kernel,
    case: Case,
    payment: Payment | None,
    actor: Actor,
    *,
    receipt: str,
    on: str,
    sum: str,
    together: bool,
) -> None:
    if payment is None or not payment.waits:
        raise Conflict("这个办件现在没有要缴的费用。", code="nothing-due")
    problems = []
    number_said = "".join(receipt.split())[:60]
    if not number_said:
        problems.append(Problem("/receipt", "required", "请填写缴费票据的号码。"))
    else:
        problems += await _used(kernel, case, payment, number_said, together=together)
    day = read_date(on)
    if day is None or not kernel.today() - LONG_AGO < day <= kernel.today():
        problems.append(Problem("/on", "format", "请填写票据上的缴费日期，今天或以前一年内。"))
    amount = typed(sum)
    if amount is None:
        problems.append(Problem("/sum", "format", f"请用数字填写缴费金额，应缴的是 {payment.due} 元。"))
    elif amount != Decimal(payment.due):
        problems.append(Problem("/sum", "const", f"缴费金额应当等于应缴的 {payment.due} 元，请照票据填写。"))
    if problems or day is None:
        raise Unprocessable(problems)
    paid = {"receipt": number_said, "on": day.isoformat(), "sum": payment.due, "by": actor.name}
    await record_paid(kernel, case, paid, actor=actor)
    await settle(kernel, str(case.id))


async def record_paid(kernel: Kernel, case: Case, paid: Mapping[str, Any], *, actor: Actor | None) -> None:
    """One receipt into the record and the chain; what waited for acceptance only is accepted by it. Raises Conflict."""
    record = case.record or {}
    kept = {**record["payment"], "paid": [*record["payment"]["paid"], dict(paid)]}
    newer, proposed = await restated(kernel, case, {}, record={**record, "payment": kept})
    told = {"due": due_of(kept), **({"turn": "made"} if due_of(kept) == NOTHING else {})}
    changes: dict[str, Any] = {"record": newer}
    tells = bool(kept.get("tells")) and case.status == "decided" and due_of(kept) == NOTHING
    then = None
    if kept["before"] == "acceptance" and case.accepted_on is None and case.status in ("filed", "in_step"):
        wanted = await CaseMaterial.filter(case_id=case.id, required=True)
        missing = any(one.open or (one.status == "given" and one.told != "accepted") for one in wanted)
        if not missing and due_of(kept) == NOTHING:
            changes["accepted_on"] = kernel.today()
            to = "accepted" if case.status == "filed" else case.status
            then = ("accepted", to, {"because": say("zh", "paid_accepted")})
    await add_event(
        kernel,
        case,
        "payment_noted",
        to=case.status,
        actor=actor,
        data={
            "receipt": paid["receipt"],
            "on": paid["on"],
            "sum": paid["sum"],
            "payment": told,
            "told": tells,
            **proposed,
        },
        changes=changes,
        then=then,
        more=claim(kernel.keys.index(paid["receipt"]), case.applicant_key),
    )


async def reverse_payment(
    kernel: Kernel, no: str, *, actor: Actor, receipt: str, because: str, revision: int
) -> CaseView:
    """A receipt that was noted wrongly is taken back, with the reason; the term to pay begins anew.

    Raises Unprocessable (no reason), Conflict (no such receipt, or what waited for it was handed over), NotAllowed.
    """
    case, payment = await _open(kernel, no, actor, revision)
    reason = said(because)
    found = next((one for one in payment.paid if one.receipt == receipt), None) if payment else None
    if payment is None or found is None:
        raise Conflict("没有登记过这个票据号。", code="no-such-receipt")
    if case.status not in (*UNDER_WAY, "decided") or (case.status == "decided" and payment.before != "delivery"):
        raise Conflict("等这笔费用的事已经办完，不能再撤销登记。", code="payment-used")
    record, today = case.record or {}, kernel.today()
    item = await versions.item_by_digest(case.version)
    declared = payment_of(item) or {}
    left = [one for one in record["payment"]["paid"] if one["receipt"] != receipt]
    until = payment.until if payment.waits else last_day(declared, today, kernel.calendar)
    kept = {**record["payment"], "paid": left, "until": until.isoformat(), "told": ""}
    newer, proposed = await restated(kernel, case, {}, record={**record, "payment": kept})
    told = {"due": due_of(kept), "until": kept["until"]}
    turned = {"turn": "asked"} if not payment.waits and due_of(kept) != NOTHING else {}
    await add_event(
        kernel,
        case,
        "payment_reversed",
        to=case.status,
        actor=actor,
        data={"receipt": receipt, "sum": found.sum, "because": reason, "payment": told | turned, **proposed},
        changes={"record": newer},
        more=[release(kernel.keys.index(receipt))],
    )
    return await after(kernel, case, actor)


async def _open(kernel: Kernel, no: str, actor: Actor, revision: int) -> tuple[Case, Payment | None]:
    case, parts = await seen(kernel, no, actor)
    if not parts.hats & {DESK, OFFICE}:
        raise NotAllowed("缴费由窗口工作人员登记。", code="not-your-move")
    _check_open(case, revision)
    return case, payment_in(case.record)


def _check_open(case: Case, revision: int) -> None:
    if case.revision != revision:
        raise Conflict(MOVED_ON, code="stale")
    if case.status not in (*UNDER_WAY, "decided", "delivered"):
        raise Conflict("办件已经结束，不再登记缴费。", code="move-not-possible")


async def _used(kernel: Kernel, case: Case, payment: Payment, receipt: str, *, together: bool) -> list[Problem]:
    """Where this receipt stands already: of another applicant, never; of his own other case, only if that is meant."""
    if any(paid.receipt == receipt for paid in payment.paid):
        return [Problem("/receipt", "uniqueItems", "这个票据号在本办件里已经登记过。")]
    held = await PaidReceipt.get_or_none(number=kernel.keys.index(receipt), uses__gt=0)
    if held is not None and held.payer != case.applicant_key:
        told = "这个票据号已为另一个申请人的办件登记，一张票据不能为两个申请人缴费。请核对票据号。"
        return [Problem("/receipt", "uniqueItems", told)]
    other = "" if together else await _also_in(case, receipt)
    if other:
        told = f"这个票据号已登记在同一申请人的办件 {other}。确实是一张票据一并缴纳的，请勾选后再登记。"
        return [Problem("/together", "uniqueItems", told)]
    return []


async def _also_in(case: Case, receipt: str) -> str:
    """The number of the applicant's case in which this receipt was noted already."""
    for one in await Case.filter(applicant_key=case.applicant_key).only("id", "no", "record"):
        payment = payment_in(one.record)
        if payment is not None and any(paid.receipt == receipt for paid in payment.paid):
            return one.no
    return ""


async def watch_payments(kernel: Kernel) -> int:
    """Who has to pay is reminded before the last day and told when it has passed; where the item says so, the case is
    then taken as withdrawn."""
    today, done = kernel.today(), 0
    soon = add_working_days(today, REMIND_DAYS, kernel.calendar)
    async for case in Case.filter(pay_by__lte=soon):
        payment = payment_in(case.record)
        if payment is None or not payment.waits:
            continue
        over = payment.until < today
        record, told = dict(case.record or {}), "over" if over else "soon"
        if record["payment"]["told"] in (told, "over"):
            continue
        record["payment"] = {**record["payment"], "told": told}
        lapses = over and payment.otherwise == CLOSE and case.status in UNDER_WAY
        told_so = say("zh", "pay_over" if over else "pay_soon", sum=payment.due, day=payment.until)
        why = say("zh", "pay_lapsed") if lapses else told_so
        data = {"because": why, "due": str(payment.until), "sum": payment.due}
        changes: dict[str, Any] = {"record": record}
        try:
            if lapses:
                await lapse(kernel, case, because=why, basis=payment.basis, data=data, changes=changes)
            else:
                type = "payment_over" if over else "payment_soon"
                await add_event(kernel, case, type, to=case.status, data=data, changes=changes)
        except Conflict:
            continue  # somebody acted at this very moment; the next turn sees to it
        done += 1
    return done
