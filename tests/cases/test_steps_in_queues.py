"""Steps in the queues of their offices: those that what was found adds, moves or leaves out, and those that stop the
clock."""

from __future__ import annotations

import pytest

from core.cases import access, actions
from core.cases.access import OVERDUE
from core.cases.models import Case, CaseStep
from core.judge.clock import add_working_days
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_law import pass_days
from tests.cases.test_moves import approve, under_review
from tests.cases.test_steps import BUREAU, CREDIT_CHIEF, finish, turns
from tests.cases.town import REVIEWER, SOON, STRANGER, Registers

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True
LOOKED = {
    "type": "object",
    "properties": {"result": {"type": "string", "title": "结果", "enum": ["正常", "存疑"]}},
    "required": ["result"],
}
LOOK = {"id": "look", "unit": "civil-affairs", "title": "走访", "days": 2, "findings": LOOKED}
IN_DOUBT = {
    "unit": "credit-office", "title": "信用核查", "days": 3,
    "when": {"/findings/look/result": {"const": "存疑"}}, "because": "走访存疑", "basis": "某办法第三条",
}  # fmt: skip
SIGN = {"unit": "approval-bureau", "title": "会签", "days": 1}
APART = {"unit": "credit-office", "title": "公示", "days": 5, "counts": False}
LAST = {"unit": "civil-affairs", "title": "复核", "days": 1}


async def test_a_step_that_a_finding_adds_waits_in_the_queue_of_its_office(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(LOOK, IN_DOUBT, SIGN))
    no = await under_review(kernel, registers)
    assert (await access.queue(kernel, STRANGER)).lines == ()
    await finish(kernel, no, REVIEWER, findings={"result": "存疑"})
    assert await turns(kernel, no) == ["信用核查"]
    (line,) = (await access.queue(kernel, STRANGER)).lines
    assert (line.no, line.step_due) == (no, add_working_days(kernel.today(), 3, kernel.calendar))
    case = await Case.get(no=no)
    assert (await access.queue(kernel, BUREAU)).lines == (), "the step behind it has moved on by one"
    await finish(kernel, no, STRANGER)
    assert (await access.queue(kernel, STRANGER)).lines == ()
    (line,) = (await access.queue(kernel, BUREAU)).lines
    assert line.no == no
    rows = await CaseStep.filter(case_id=case.id).order_by("position")
    assert [one.unit for one in rows] == ["civil-affairs", "credit-office", "approval-bureau"]


async def test_without_that_finding_the_next_office_has_its_turn(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(LOOK, IN_DOUBT, SIGN))
    no = await under_review(kernel, registers)
    await finish(kernel, no, REVIEWER, findings={"result": "正常"})
    assert (await access.queue(kernel, STRANGER)).lines == ()
    assert [one.no for one in (await access.queue(kernel, BUREAU)).lines] == [no]


async def test_a_step_that_a_finding_leaves_out_waits_nowhere(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    unseen = {**IN_DOUBT, "when": {"/findings/look": False}}
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(LOOK, unseen, SIGN))
    no = await under_review(kernel, registers)
    await finish(kernel, no, REVIEWER, findings={"result": "正常"})
    assert (await access.queue(kernel, STRANGER)).lines == ()
    assert [one.no for one in (await access.queue(kernel, BUREAU)).lines] == [no]
    await finish(kernel, no, BUREAU)
    view = await approve(kernel, no, revision=3)
    assert view.status == "decided"


async def test_a_step_that_stops_the_clock_is_late_by_its_own_day(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(APART, LAST))
    no = await under_review(kernel, registers)
    due = add_working_days(kernel.today(), 5, kernel.calendar)
    assert (await access.queue(kernel, STRANGER, state=OVERDUE)).lines == ()
    pass_days(kernel, monkeypatch, 20)
    for reader in (STRANGER, CREDIT_CHIEF):
        (late,) = (await access.queue(kernel, reader, state=OVERDUE)).lines
        assert (late.no, late.step_due, late.stopped_since is not None) == (no, due, True)
    assert (await access.queue(kernel, REVIEWER, state=OVERDUE)).lines == (), "the case's own clock stands still"
    revision = (await Case.get(no=no)).revision
    await actions.pause(kernel, no, actor=REVIEWER, kind="hearing", because="申请人要求", until=SOON, revision=revision)
    assert (await access.queue(kernel, STRANGER, state=OVERDUE)).lines == (), "a pause presses nobody"


async def test_one_s_own_step_that_stops_the_clock_stands_in_the_queue_by_its_own_day(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = {**APART, "unit": "civil-affairs"}
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(own, LAST))
    no = await under_review(kernel, registers)
    due = add_working_days(kernel.today(), 5, kernel.calendar)
    (line,) = (await access.queue(kernel, REVIEWER)).lines
    assert (line.no, line.step_due, line.outside) == (no, due, False)
    pass_days(kernel, monkeypatch, 20)
    (late,) = (await access.queue(kernel, REVIEWER, state=OVERDUE)).lines
    assert (late.no, late.step_due) == (no, due)
    await finish(kernel, no, REVIEWER)
    (line,) = (await access.queue(kernel, REVIEWER)).lines
    assert line.step_due is None
