"""A fee that comes first: asked with its sum and last day, noted with its receipt, and what waits for it meanwhile."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.actions import paying, timers
from core.cases.case_view import CaseView
from core.cases.models import Case
from core.cases.proving import verify_all
from core.contract import Actor
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.judge.clock import add_working_days
from core.kernel import Kernel
from forms.pages.outcome import happened
from tests.cases import town
from tests.cases.test_law import pass_days
from tests.cases.test_moves import approve, under_review
from tests.cases.town import CITIZEN, DAUGHTER, ELDER, OTHER, PORTAL, REVIEWER, Registers, person

pytestmark = pytest.mark.anyio
FEE = [{"title": "工本费", "amount": "12.00"}]
HOW = "到试浦镇便民服务中心 3 号窗口刷卡，或扫缴款书上的码"


def paid_item(before: str, *, fee: Any = FEE, **more: Any) -> Any:
    payment = {"before": before, "days": 5, "how": HOW, **more}
    return town.item(fee=fee, payment=payment)


def use(kernel: Kernel, monkeypatch: pytest.MonkeyPatch, before: str, **more: Any) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", paid_item(before, **more))


def one_more_elder(registers: Registers) -> None:
    registers.held["natural-person"][DAUGHTER] = {"name": "陈试丙", "birth_date": "1941-01-01", "alive": True}
    registers.held["own-business"][DAUGHTER] = {"bank_account": "6222000000000026"}


async def filed(kernel: Kernel, who: str = ELDER) -> str:
    """A case that the rules decide at once, were it not for the fee."""
    receipt, _ = await actions.file(
        kernel, kernel.item("allowance"), actor=CITIZEN if who == ELDER else PORTAL, applicant=person(who),
        answers={"phone": "13900000000"},
    )  # fmt: skip
    return receipt.no


async def seen(kernel: Kernel, no: str, actor: Actor = CITIZEN) -> CaseView:
    return await access.case(kernel, actor, no)


async def pay(kernel: Kernel, no: str, actor: Actor = REVIEWER, **more: Any) -> CaseView:
    told = {"receipt": "3205 0001", "on": kernel.today().isoformat(), "sum": "12.00", **more}
    return await actions.note_payment(kernel, no, actor=actor, revision=(await Case.get(no=no)).revision, **told)


async def reverse(kernel: Kernel, no: str, **more: Any) -> CaseView:
    told = {"receipt": "32050001", "because": "票据号抄错", **more}
    return await actions.reverse_payment(
        kernel, no, actor=REVIEWER, revision=(await Case.get(no=no)).revision, **told
    )  # fmt: skip


async def test_what_is_granted_waits_for_the_fee_and_is_told_with_it(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(kernel, monkeypatch, "delivery", basis="示例收费规定第二条")
    no = await filed(kernel)
    mine = await seen(kernel, no)
    assert (mine.status, mine.outcome) == ("decided", "approve")
    assert mine.payment is not None
    last = add_working_days(kernel.today(), 5, kernel.calendar)
    assert (mine.payment.due, mine.payment.until, mine.payment.waits) == ("12.00", last, True)
    assert (await Case.get(no=no)).pay_by == last
    (letter,) = mine.letters
    assert letter.title == "缴费通知书"
    for words in ("12.00 元", last.isoformat(), HOW, "示例收费规定第二条", "不代收任何款项", "领取、送达"):
        assert words in letter.text
    assert "deliver" not in mine.moves
    for actor, method in ((CITIZEN, "electronic"), (REVIEWER, "mail")):
        with pytest.raises(Conflict, match=r"应缴费用 12\.00 元尚未缴清，缴清后领取、送达"):
            await actions.deliver(kernel, no, actor=actor, method=method, note="x", revision=mine.revision)
    theirs = await seen(kernel, no, REVIEWER)
    assert {one.kind for one in theirs.letters} == {"payment", "result"}, "staff see what they are to hand over"

    await pay(kernel, no)
    mine = await seen(kernel, no)
    assert mine.payment is not None
    assert (mine.payment.due, [(one.receipt, one.sum, one.by) for one in mine.payment.paid]) == (
        "0.00", [("32050001", "12.00", "钱审")],
    )  # fmt: skip
    assert {one.kind for one in mine.letters} == {"payment", "result"}
    assert mine.events[-1].type == "payment_noted"
    assert mine.dates is not None
    assert mine.dates.deliver_by is None, "the answer itself tells it, once it is paid"
    assert (await Case.get(no=no)).pay_by is None
    assert (await verify_all())[1] == []


async def test_the_ten_days_to_deliver_run_from_the_payment(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(kernel, monkeypatch, "delivery")
    no = await under_review(kernel, registers)
    view = await approve(kernel, no)
    assert view.payment is not None
    assert view.dates is not None
    assert view.dates.deliver_by is None
    assert (await Case.get(no=no)).deliver_by is None
    day = pass_days(kernel, monkeypatch, 40)
    paid = await pay(kernel, no)
    assert paid.dates is not None
    assert paid.dates.deliver_by is not None
    assert paid.dates.deliver_by.day == add_working_days(day, 10, kernel.calendar)
    assert (await Case.get(no=no)).deliver_by == paid.dates.deliver_by.day
    assert "deliver" in paid.moves


@pytest.mark.parametrize("before", ["acceptance", "decision"])
async def test_no_rule_decides_before_the_fee_is_paid_and_then_it_does(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch, before: str
) -> None:
    use(kernel, monkeypatch, before)
    no = await filed(kernel)
    mine = await seen(kernel, no)
    assert (mine.status, mine.outcome) == ("in_step", "review")
    assert mine.decision["held_back"] == ["应缴费用 12.00 元尚未缴清"]
    assert (mine.accepted_on is None) == (before == "acceptance")
    assert mine.clock_runs is False
    with pytest.raises(Unprocessable) as raised:
        await approve(kernel, no)
    assert [one.at for one in raised.value.problems] == ["/payment"]
    paid = await pay(kernel, no)
    assert (paid.status, paid.outcome) == ("decided", "approve")
    assert paid.accepted_on == kernel.today()
    kinds = [one.type for one in paid.events]
    assert kinds[-1] == "decided"
    assert "数据源" not in "".join(happened(one.type, one.to_status) for one in paid.events), "no source was down"
    assert ("accepted" in kinds[2:]) == (before == "acceptance")
    assert (await verify_all())[1] == []


async def test_waiting_for_the_fee_takes_none_of_the_legal_time(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(kernel, monkeypatch, "decision")
    no = await under_review(kernel, registers)
    day = pass_days(kernel, monkeypatch, 30)
    paid = await pay(kernel, no)
    assert paid.status == "in_step", "the paper is a person's to look at"
    assert paid.deadline == add_working_days(day, 3, kernel.calendar)
    assert any("通知缴费" in line and "不计入" in line for line in paid.deadline_because)
    assert "尚未缴清" not in "".join(paid.decision["held_back"])
    back = await reverse(kernel, no)
    assert back.clock_runs is False
    assert back.payment is not None
    assert back.payment.until == add_working_days(day, 5, kernel.calendar)
    assert "应缴费用 12.00 元尚未缴清" in back.decision["held_back"]
    assert back.events[-1].data["because"] == "票据号抄错"


async def test_acceptance_by_silence_does_not_pass_over_the_fee(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(kernel, monkeypatch, "acceptance")
    no = await filed(kernel)
    pass_days(kernel, monkeypatch, 30)
    assert await timers.accept_by_silence(kernel) == 0
    assert (await Case.get(no=no)).accepted_on is None


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"sum": "11.00"}, "/sum const"),
        ({"sum": ""}, "/sum format"),
        ({"sum": "abc"}, "/sum format"),
        ({"sum": "1e1"}, "/sum format"),
        ({"sum": "1_0"}, "/sum format"),
        ({"receipt": " "}, "/receipt required"),
        ({"on": "2999-01-01"}, "/on format"),
    ],
)
async def test_a_receipt_that_does_not_show_what_is_due_is_told(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch, said: dict[str, Any], at: str
) -> None:
    use(kernel, monkeypatch, "delivery")
    no = await filed(kernel)
    with pytest.raises(Unprocessable) as raised:
        await pay(kernel, no, **said)
    assert [f"{one.at} {one.keyword}" for one in raised.value.problems] == [at]
    assert (await Case.get(no=no)).revision == 1


async def test_one_receipt_pays_several_cases_of_one_applicant_only_if_that_is_meant(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(kernel, monkeypatch, "delivery")
    first, second = await filed(kernel), await filed(kernel)
    await pay(kernel, first)
    with pytest.raises(Unprocessable) as raised:
        await pay(kernel, second)
    assert [one.at for one in raised.value.problems] == ["/together"]
    assert first in raised.value.problems[0].message
    assert (await pay(kernel, second, together=True)).payment is not None
    with pytest.raises(Conflict, match="现在没有要缴的费用"):
        await pay(kernel, first, receipt="2")


async def test_one_receipt_never_pays_for_two_applicants(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_more_elder(registers)
    use(kernel, monkeypatch, "delivery")
    mine, theirs = await filed(kernel), await filed(kernel, DAUGHTER)
    await pay(kernel, mine)
    for together in (False, True):
        with pytest.raises(Unprocessable) as raised:
            await pay(kernel, theirs, receipt="3205-0001".replace("-", " "), together=together)
        assert [one.at for one in raised.value.problems] == ["/receipt"]
        assert mine not in raised.value.problems[0].message, "who else paid is none of this payer's business"
    await reverse(kernel, mine)
    assert (await pay(kernel, theirs)).payment.due == "0.00", "taken back, it is free again"  # type: ignore[union-attr]


async def test_two_tills_that_note_one_receipt_at_one_moment_do_not_both(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    one_more_elder(registers)
    use(kernel, monkeypatch, "delivery")
    nos = [await filed(kernel), await filed(kernel, DAUGHTER)]
    ended = await asyncio.gather(*(pay(kernel, no) for no in nos), return_exceptions=True)
    assert len([one for one in ended if isinstance(one, CaseView)]) == 1, ended
    assert [type(one) for one in ended if not isinstance(one, CaseView)] in ([Conflict], [Unprocessable])
    assert (await verify_all())[1] == []


async def test_nobody_but_the_desk_notes_a_payment(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    use(kernel, monkeypatch, "delivery")
    no = await filed(kernel)
    with pytest.raises(NotAllowed):
        await pay(kernel, no, CITIZEN)
    with pytest.raises(NotFound):
        await pay(kernel, no, OTHER)


@pytest.mark.parametrize(("otherwise", "status"), [("close", "withdrawn"), ("remind", "in_step")])
async def test_who_does_not_pay_is_reminded_and_then_told(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch, otherwise: str, status: str
) -> None:
    use(kernel, monkeypatch, "decision", otherwise=otherwise)
    no = await filed(kernel)
    view = await seen(kernel, no)
    assert view.payment is not None
    assert await paying.watch_payments(kernel) == 0
    pass_days(kernel, monkeypatch, (view.payment.until - kernel.today()).days)
    assert await paying.watch_payments(kernel) == 1
    assert await paying.watch_payments(kernel) == 0
    assert (await seen(kernel, no)).events[-1].type == "payment_soon"
    pass_days(kernel, monkeypatch, (view.payment.until - kernel.today()).days + 30)
    assert await paying.watch_payments(kernel) == 1
    assert await paying.watch_payments(kernel) == 0
    after = await seen(kernel, no)
    assert after.status == status
    assert after.events[-1].type == ("lapsed" if otherwise == "close" else "payment_over")
    assert (await verify_all())[1] == []


async def test_a_refusal_asks_for_nothing_more(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(kernel, monkeypatch, "decision")
    no = await under_review(kernel, registers)
    view = await actions.decide(
        kernel, no, actor=REVIEWER, outcome="reject", because="账户不实", basis="示例规定第三条", revision=1
    )
    assert view.payment is not None
    assert view.payment.waits is False
    assert view.dates is not None
    assert view.dates.deliver_by is not None
    assert (await Case.get(no=no)).pay_by is None


async def test_a_fee_of_nothing_needs_no_payment(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    use(kernel, monkeypatch, "delivery", fee=[{"title": "工本费", "amount": "0.00"}])
    no = await filed(kernel)
    mine = await seen(kernel, no)
    assert mine.payment is None
    assert [one.kind for one in mine.letters] == ["result"]


async def test_a_fee_that_nobody_knows_yet_is_asked_for_once_it_is_known(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    unknown = [{"title": "工本费", "when": {"/lookups/account/bank_account": {"type": "string"}}, "amount": "12.00"}]
    use(kernel, monkeypatch, "decision", fee=unknown)
    no = await under_review(kernel, registers)
    assert (await seen(kernel, no)).payment is None
    with pytest.raises(Unprocessable) as raised:
        await approve(kernel, no)
    assert "应缴费用尚未算出" in raised.value.problems[0].message
    registers.held["own-business"][ELDER] = {"bank_account": "6222000000000000"}
    monkeypatch.setattr(kernel, "now", (lambda at: lambda: at)(kernel.now() + timedelta(minutes=10)))
    view = await actions.ask_sources_again(kernel, no, actor=REVIEWER, revision=1)
    assert view.payment is not None
    assert view.payment.due == "12.00"
    assert [one.kind for one in view.letters] == ["payment"]


async def test_a_part_that_is_granted_costs_a_part_of_the_fee(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    use(kernel, monkeypatch, "delivery", fee=[{"title": "手续费", "amount": "0.02", "times": "/result/amount"}])
    no = await under_review(kernel, registers)
    assert (await seen(kernel, no)).fee == "2.00"
    view = await actions.decide(
        kernel, no, actor=REVIEWER, outcome="approve", because="核定", basis="示例规定第四条",
        part="只准予六成", amount="60.00", checked=["account"], revision=1,
    )  # fmt: skip
    assert view.fee == "1.20"
    assert view.payment is not None
    assert view.payment.due == "1.20"
