"""Days that nobody may cut short: a step that has to last, and a pause for a public notice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.case_view import CaseView
from core.cases.models import Case
from core.catalog.bundle import read_item
from core.contract import Item
from core.errors import Conflict, Unprocessable
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_law import pass_days
from tests.cases.test_moves import under_review
from tests.cases.town import ALLOWANCE, REVIEWER, Registers

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True


def noticed(**more: Any) -> Item:
    """The allowance, with a public notice of ten days by the office that decides."""
    steps = [{"unit": "civil-affairs", "title": "公示", "calendar_days": 10, "counts": False, "at_least": True, **more}]
    return read_item("allowance", {**ALLOWANCE, "routing": {**ALLOWANCE["routing"], "steps": steps}})


async def finish(kernel: Kernel, no: str) -> CaseView:
    return await actions.finish_step(kernel, no, actor=REVIEWER, revision=(await Case.get(no=no)).revision)


async def approve(kernel: Kernel, no: str, outcome: str = "approve") -> CaseView:
    revision = (await Case.get(no=no)).revision
    return await actions.decide(
        kernel,
        no,
        actor=REVIEWER,
        outcome=outcome,
        because="符合",
        basis="示例",
        checked=["account"],
        revision=revision,
    )


def last_day(view: CaseView) -> date:
    assert view.dates is not None
    held = view.dates.steps[0].held_until
    assert held is not None
    return held


async def test_a_public_notice_is_not_done_before_its_days_are_over(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", noticed())
    no, other = await under_review(kernel, registers), await under_review(kernel, registers)
    view = await access.case(kernel, REVIEWER, no)
    last = last_day(view)
    assert last >= kernel.today() + timedelta(days=10)
    assert ("finish_step" in view.moves, view.my_steps) == (False, ())
    with pytest.raises(Conflict) as early:
        await finish(kernel, no)
    assert f"“公示”到 {last} 才期满，{last + timedelta(days=1)} 起才能办完。" in str(early.value)
    with pytest.raises(Unprocessable) as open_:
        await approve(kernel, no)
    assert "期满前不能准予" in open_.value.problems[0].message
    assert (await approve(kernel, other, "reject")).outcome == "reject", "who may not have it need not wait"
    pass_days(kernel, monkeypatch, (last - kernel.today()).days)
    with pytest.raises(Conflict):
        await finish(kernel, no)
    pass_days(kernel, monkeypatch, (last - date.fromisoformat((await Case.get(no=no)).record["today"])).days + 1)
    view = await access.case(kernel, REVIEWER, no)
    assert ("finish_step" in view.moves, view.my_steps) == (True, (0,))
    assert view.dates is not None
    assert kernel.today() <= view.dates.steps[0].due.day, "on its first day it is not late"
    await finish(kernel, no)
    assert (await approve(kernel, no)).outcome == "approve"


async def test_no_rule_approves_over_days_that_have_to_pass(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    for more in ({}, {"review": False}):
        item = noticed(**more)
        receipt, _ = await actions.file(
            kernel, item, actor=town.CITIZEN, applicant=town.person(town.ELDER), answers={"phone": "13900000000"}
        )
        assert receipt.decision is not None
        assert receipt.decision["outcome"] == "review"
        assert "公示" in receipt.decision["because"]


async def test_a_pause_for_a_public_notice_lasts_as_long_as_it_says(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise())
    for kind, held in (("public_notice", True), ("hearing", False)):
        no = await under_review(kernel, registers)
        last = kernel.today() + timedelta(days=7)
        view = await actions.pause(
            kernel,
            no,
            actor=REVIEWER,
            kind=kind,
            because="公示名单",
            basis="《示例条例》第九条",
            until=last,
            revision=1,
        )
        assert (view.noticed_until, "resume" in view.moves) == ((last, False) if held else (None, True))
        if held:
            with pytest.raises(Conflict):
                await actions.simple_move(kernel, no, "resume", actor=REVIEWER, revision=2)
            pass_days(kernel, monkeypatch, 8)
        view = await actions.simple_move(kernel, no, "resume", actor=REVIEWER, revision=2)
        assert view.status == "in_step"
