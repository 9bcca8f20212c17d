"""What the applicant has to do in time: a step of his, a correction, a paper to follow; and what comes of it else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.actions import lapsing, timers
from core.cases.case_view import CaseView
from core.cases.models import Case
from core.cases.proving import verify_all
from core.kernel import Kernel
from forms.pages.in_time import waited_for
from forms.pages.outcome import sentence
from tests.cases import fallbacks, town
from tests.cases.fallbacks import filed, on, status
from tests.cases.test_law import pass_days
from tests.cases.test_moves import under_review
from tests.cases.test_steps import finish, turns
from tests.cases.town import CITIZEN, REVIEWER, SOON, Registers

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True
LAW = "《示例办法》第八条"
PHOTO = {"party": True, "title": "到窗口采集人像", "days": 5, "counts": False, "because": "本人到场", "basis": LAW}
LAST = {"unit": "civil-affairs", "title": "制证", "days": 1}


async def seen(kernel: Kernel, no: str) -> CaseView:
    return await access.case(kernel, CITIZEN, no)


async def photo(kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch, **more: Any) -> str:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise({**PHOTO, **more}, LAST))
    return await under_review(kernel, registers)


def due(view: CaseView) -> Any:
    assert view.dates is not None
    return view.dates.steps[0].due.day


@pytest.mark.parametrize(("otherwise", "ends"), [("close", True), ("remind", False)])
async def test_a_step_of_the_applicant_is_reminded_of_and_ends_the_case_where_the_item_says_so(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch, otherwise: str, ends: bool
) -> None:
    no = await photo(kernel, registers, monkeypatch, otherwise=otherwise)
    last = due(await seen(kernel, no))
    (mine,) = waited_for(await seen(kernel, no), "zh", str)
    assert (mine.what, mine.why, "按撤回申请处理" in mine.otherwise) == ("到窗口采集人像", "本人到场", ends)
    assert await lapsing.watch_steps(kernel) == 0
    pass_days(kernel, monkeypatch, (last - kernel.today()).days)
    assert await lapsing.watch_steps(kernel) == 1
    assert await lapsing.watch_steps(kernel) == 0
    view = await seen(kernel, no)
    assert view.events[-1].type == "act_soon"
    assert f"“到窗口采集人像”应在 {last} 前完成" in view.events[-1].data["because"]
    pass_days(kernel, monkeypatch, 20)
    assert await lapsing.watch_steps(kernel) == 1
    assert await lapsing.watch_steps(kernel) == 0
    view = await seen(kernel, no)
    assert (view.status, view.events[-1].type) == (("withdrawn", "lapsed") if ends else ("in_step", "act_over"))
    told = [one.text for one in view.letters if one.title == "视为撤回申请告知书"]
    assert len(told) == ends
    if ends:
        assert LAW in told[0]
        assert f"“到窗口采集人像”应在 {last} 前完成，期限已过，按撤回申请处理" in told[0]
        assert sentence(view, "", str) == "逾期，已按撤回申请处理"
    else:
        await finish(kernel, no, REVIEWER)
        assert await turns(kernel, no) == ["制证"]
    assert (await verify_all())[1] == []


async def test_who_came_in_time_loses_nothing_and_a_pause_is_not_his_delay(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no, other = [await photo(kernel, registers, monkeypatch, otherwise="close") for _ in range(2)]
    await finish(kernel, no, REVIEWER)
    await actions.pause(kernel, other, actor=REVIEWER, kind="hearing", because="申请人要求", until=SOON, revision=1)
    pass_days(kernel, monkeypatch, 40)
    assert await lapsing.watch_steps(kernel) == 0
    await actions.simple_move(kernel, other, "resume", actor=REVIEWER, revision=2)
    assert await lapsing.watch_steps(kernel) == 0
    assert due(await seen(kernel, other)) > kernel.today()


@pytest.mark.parametrize(("otherwise", "ends"), [("close", True), ("remind", False)])
async def test_who_does_not_mend_in_time_is_reminded_and_taken_to_have_withdrawn(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch, otherwise: str, ends: bool
) -> None:
    mend = {"days": 10, "otherwise": otherwise, "basis": LAW}
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.item(correction=mend))
    no = await under_review(kernel, registers, upload=False)
    view = await actions.ask_correction(
        kernel, no, actor=REVIEWER, wanted={"account": "写明账号"}, revision=(await Case.get(no=no)).revision
    )
    until = view.events[-1].data["until"]
    (mine,) = waited_for(await seen(kernel, no), "zh", str)
    assert mine.what == "补正"
    assert await lapsing.watch_corrections(kernel) == 0
    pass_days(kernel, monkeypatch, 30)
    assert await lapsing.watch_corrections(kernel) == 1
    assert await lapsing.watch_corrections(kernel) == 0
    view = await seen(kernel, no)
    assert (view.status, view.events[-1].type) == (("withdrawn", "lapsed") if ends else ("correction", "act_over"))
    assert f"“补正”应在 {until} 前完成" in view.events[-1].data["because"]


async def test_a_paper_that_may_follow_and_does_not_ends_the_case_where_the_item_says_so(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    lease = {"id": "lease", "title": "租赁合同", "fallback": {"later": 5, "otherwise": "close"}, "basis": LAW}
    monkeypatch.setattr(fallbacks, "LEASE", lease)
    case = await filed(kernel, "identity", "lease")
    assert status(case, "lease") == ("later", True)
    held = next(one for one in case.materials if one.id == "lease")
    assert held.due is not None
    assert "逾期不补交的按撤回申请处理" in held.because
    assert await timers.watch_later(on(kernel, held.due)) == 1
    assert "按撤回申请处理" in (await seen(kernel, case.no)).events[-1].data["because"]
    assert await timers.watch_later(on(kernel, held.due + timedelta(days=1))) == 1
    view = await seen(kernel, case.no)
    assert (view.status, view.events[-1].type) == ("withdrawn", "lapsed")
    assert any(LAW in one.text for one in view.letters)
