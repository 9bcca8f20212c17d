"""A step that nobody of the town hall does: the office that decides waits for it, is reminded of it, records it."""

from __future__ import annotations

import pytest

from core.cases import access, actions
from core.cases.access import OVERDUE
from core.errors import NotAllowed, NotFound, Unprocessable
from core.judge.clock import add_working_days
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_law import pass_days
from tests.cases.test_moves import approve, under_review
from tests.cases.test_steps import CHIEF, finish, turns
from tests.cases.town import CITY, REVIEWER, SOON, STRANGER, TOWN, Registers

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True
EXAMINED = {
    "type": "object",
    "properties": {"result": {"type": "string", "title": "体检结论", "enum": ["合格", "不合格"]}},
    "required": ["result"],
}
HOSPITAL = {
    "id": "exam", "by": "县级以上医院", "title": "体检", "days": 5, "counts": False, "findings": EXAMINED,
}  # fmt: skip
LAST = {"unit": "civil-affairs", "title": "复核", "days": 1}


@pytest.fixture
async def no(kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(HOSPITAL, LAST))
    return await under_review(kernel, registers)


async def test_the_office_that_decides_waits_and_records_what_was_found(kernel: Kernel, no: str) -> None:
    view = await access.case(kernel, REVIEWER, no)
    assert view.dates is not None
    step = view.dates.steps[0].step
    assert (step.by, step.unit, step.area) == ("县级以上医院", "civil-affairs", TOWN)
    assert view.route is not None
    assert view.route["steps"][0]["by"] == "县级以上医院"
    assert "by" not in view.route["steps"][1]
    assert view.dates.stopped_since is not None, "counts: false"
    with pytest.raises((NotAllowed, NotFound)):
        await finish(kernel, no, STRANGER, step=0, findings={"exam": {"result": "合格"}})
    with pytest.raises(Unprocessable):
        await finish(kernel, no, REVIEWER, step=0)
    view = await finish(kernel, no, REVIEWER, step=0, findings={"result": "合格"})
    assert view.events[-1].data["outside"] == "县级以上医院"
    assert view.events[-1].data["found"] == {"result": "合格"}
    assert await turns(kernel, no) == ["复核"]
    assert view.dates is not None
    assert view.dates.stopped_since is None


async def test_a_decision_does_not_finish_what_others_do(kernel: Kernel, no: str) -> None:
    with pytest.raises(Unprocessable) as raised:
        await approve(kernel, no)
    assert [(one.at, one.message) for one in raised.value.problems] == [
        ("/steps/0", "县级以上医院的“体检”环节还没有填写结论，不能准予：由试浦镇民政局在“填写结论，完成环节”里填写。")
    ]
    view = await actions.decide(
        kernel, no, actor=REVIEWER, outcome="reject", because="不符", basis="某法第一条", revision=1
    )
    assert view.dates is not None
    assert [one.done is None for one in view.dates.steps] == [True, False]


async def test_who_waits_is_reminded_by_the_step_s_own_day_while_the_clock_stands_still(
    kernel: Kernel, no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (line,) = (await access.queue(kernel, REVIEWER)).lines
    due = add_working_days(kernel.today(), 5, kernel.calendar)
    assert (line.step_due, line.outside, line.stopped_since is not None) == (due, True, True)
    assert (await access.queue(kernel, REVIEWER, state=OVERDUE)).lines == ()
    pass_days(kernel, monkeypatch, 20)
    for reader in (REVIEWER, CHIEF):
        (late,) = (await access.queue(kernel, reader, state=OVERDUE)).lines
        assert (late.no, late.step_due, late.outside) == (no, due, True)
    await actions.pause(kernel, no, actor=REVIEWER, kind="hearing", because="申请人要求", until=SOON, revision=1)
    assert (await access.queue(kernel, REVIEWER, state=OVERDUE)).lines == (), "a pause presses nobody"
    await actions.simple_move(kernel, no, "resume", actor=REVIEWER, revision=2)
    await finish(kernel, no, REVIEWER, step=0, findings={"result": "合格"})
    (line,) = (await access.queue(kernel, REVIEWER)).lines
    assert (line.step_due, line.outside) == (None, False)


async def test_a_named_unit_waits_instead_of_the_office_that_decides(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = {"by": "专家组", "unit": "credit-office", "title": "评审", "days": 3}
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise(panel, LAST))
    no = await under_review(kernel, registers)
    (line,) = (await access.queue(kernel, STRANGER)).lines
    assert (line.no, line.outside) == (no, True)
    view = await access.case(kernel, STRANGER, no)
    assert view.dates is not None
    assert (view.dates.steps[0].step.unit, view.dates.steps[0].step.area) == ("credit-office", CITY)
    await finish(kernel, no, STRANGER, step=0)
    assert await turns(kernel, no) == ["复核"]
