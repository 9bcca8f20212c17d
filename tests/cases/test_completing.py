"""Nothing is approved past findings that nobody filled in, or on a paper that nobody looked at."""

from __future__ import annotations

from typing import Any

import pytest

from core.cases import access, actions
from core.cases.case_view import CaseView
from core.cases.models import Case, Event
from core.cases.proving import verify_all
from core.errors import Unprocessable
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_law import pass_days
from tests.cases.test_moves import approve, under_review
from tests.cases.test_steps import finish
from tests.cases.test_steps_in_queues import LOOK, LOOKED
from tests.cases.town import REVIEWER, STRANGER, Registers

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True


async def case_of(kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch, *steps: dict[str, Any]) -> str:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(*steps))
    return await under_review(kernel, registers)


async def refused(kernel: Kernel, no: str, **said: Any) -> list[tuple[str, str]]:
    revision = (await Case.get(no=no)).revision
    with pytest.raises(Unprocessable) as raised:
        await actions.decide(
            kernel, no, actor=REVIEWER, outcome="approve", because="符合", revision=revision,
            **{"checked": ["account"], **said},
        )  # fmt: skip
    return [(one.at, one.message) for one in raised.value.problems]


def done(view: CaseView) -> list[bool]:
    assert view.dates is not None
    return [one.done is not None for one in view.dates.steps]


async def test_an_approval_waits_for_what_the_deciding_office_has_to_find_out(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await case_of(kernel, registers, monkeypatch, LOOK)
    told = "试浦镇民政局的“走访”环节还没有填写结论，不能准予：由试浦镇民政局在“填写结论，完成环节”里填写。"
    assert await refused(kernel, no) == [("/steps/0", told)]
    assert not await Event.exists(type="decided")
    await finish(kernel, no, REVIEWER, findings={"result": "正常"})
    view = await approve(kernel, no, revision=2)
    assert (view.outcome, done(view)) == ("approve", [True])
    assert (await verify_all())[1] == []


async def test_a_refusal_needs_no_findings_and_leaves_the_step_as_it_is(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await case_of(kernel, registers, monkeypatch, LOOK, {"unit": "civil-affairs", "title": "复核", "days": 1})
    view = await actions.decide(
        kernel, no, actor=REVIEWER, outcome="reject", because="不符", basis="某法第一条", revision=1
    )
    assert done(view) == [False, True], "nobody has been there; the last look was the decision's own"


async def test_where_nobody_is_called_the_findings_hold_nothing_up_and_are_not_made_up(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await case_of(kernel, registers, monkeypatch, {**LOOK, "review": False})
    view = await approve(kernel, no)
    assert (view.outcome, done(view)) == ("approve", [False])


async def test_an_office_that_let_its_day_pass_may_be_gone_on_without(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = {"id": "check", "unit": "credit-office", "title": "核查", "days": 1, "findings": LOOKED}
    no = await case_of(kernel, registers, monkeypatch, other)
    (problem,) = await refused(kernel, no)
    assert "信用办的“核查”环节还没有填写结论" in problem[1]
    pass_days(kernel, monkeypatch, 10)
    await finish(kernel, no, REVIEWER, step=0, because="逾期未反馈，已电话催办")
    assert (await approve(kernel, no, revision=2)).outcome == "approve"
    assert STRANGER.unit == "credit-office"


async def test_a_paper_that_nobody_has_looked_at_is_looked_at_first_or_with_the_approval(
    kernel: Kernel, registers: Registers
) -> None:
    no = await under_review(kernel, registers)
    ((at, told),) = await refused(kernel, no, checked=())
    assert at == "/materials/account"
    assert told == "材料“银行账户证明”已交，还没有人核对，不能准予：看过、符合要求的，请勾选“已核对，符合要求”。"
    view = await approve(kernel, no)
    (account,) = [one for one in view.materials if one.id == "account"]
    assert (account.status, account.told, account.because) == ("given", "accepted", "工作人员已核对，符合要求。")
    event = await Event.get(type="decided")
    payload: Any = event.payload
    assert payload["data"]["checked"] == ["account"]
    assert (await verify_all())[1] == []


async def test_what_was_looked_at_before_is_not_asked_for_again(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    await actions.judge_paper(kernel, no, actor=REVIEWER, material="account", good=True, revision=1)
    done_ = await actions.decide(kernel, no, actor=REVIEWER, outcome="approve", because="符合", revision=2)
    assert done_.status == "decided"
    assert "checked" not in done_.events[-1].data


async def test_a_tick_beside_a_paper_that_is_not_there_says_nothing(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers, upload=False)
    assert [at for at, _ in await refused(kernel, no, checked=["account", "identity", "x"])] == ["/materials/account"]
    assert (await access.case(kernel, REVIEWER, no)).status == "in_step"
