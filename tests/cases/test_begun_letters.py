"""A letter when a step has its turn 举证通知书、现场核查通知书: once, with the day by which the step is due."""

from __future__ import annotations

from typing import Any

import pytest

from core.cases import access, actions
from core.cases.models import Letter
from core.cases.proving import verify_all
from core.catalog.bundle import read_item
from core.contract import Item
from core.judge.clock import add_working_days
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_moves import under_review
from tests.cases.test_steps import finish
from tests.cases.test_steps_in_queues import IN_DOUBT, LOOK
from tests.cases.town import CITIZEN, REVIEWER, Registers

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True
PROVES = {"id": "proof", "by": "用人单位", "title": "举证", "days": 5}


def item(*steps: dict[str, Any], on: str = "begun:proof", text: str = "{{ event.title }} {{ event.until }}") -> Item:
    made = town.stepwise(*steps)
    letters = [{"id": "notice", "title": "举证通知书", "template": "notice.html", "on": on, "number": True}]
    templates = {**made.bundle["templates"], "notice.html": f"<p>{{{{ letter.no }}}} {text}</p>"}
    return read_item(
        "allowance",
        {**made.bundle, "item": {**made.bundle["item"], "letters": letters}, "templates": templates},
    )


async def notices(no: str) -> list[str]:
    return [str(one.text) for one in await Letter.filter(case__no=no, declared="notice").order_by("id")]


async def case_of(kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch, made: Item) -> str:
    monkeypatch.setitem(kernel.catalog.items, "allowance", made)
    return await under_review(kernel, registers)


async def test_it_comes_when_the_step_has_its_turn_and_not_before(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await case_of(kernel, registers, monkeypatch, item(LOOK, PROVES))
    assert await notices(no) == []
    view = await finish(kernel, no, REVIEWER, findings={"result": "正常"})
    due = add_working_days(kernel.today(), 5, kernel.calendar)
    assert await notices(no) == [f"<p>{no}-W1 举证 {due}</p>"]
    assert view.events[-1].type == "letters_written"
    mine = await access.case(kernel, CITIZEN, no)
    assert [one.title for one in mine.letters] == ["举证通知书"]
    await finish(kernel, no, REVIEWER)
    assert len(await notices(no)) == 1
    assert (await verify_all())[1] == []


async def test_of_the_first_step_it_comes_with_the_filing(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await case_of(kernel, registers, monkeypatch, item(PROVES))
    assert len(await notices(no)) == 1


async def test_a_step_that_a_finding_adds_has_it_too(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = item(LOOK, {**IN_DOUBT, "id": "doubt"}, PROVES, on="begun:doubt")
    no = await case_of(kernel, registers, monkeypatch, made)
    await finish(kernel, no, REVIEWER, findings={"result": "存疑"})
    assert ["信用核查" in one for one in await notices(no)] == [True]


async def test_a_correction_in_between_writes_no_second_one(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", item(PROVES))
    no = await under_review(kernel, registers, upload=False)
    await actions.ask_correction(kernel, no, actor=REVIEWER, wanted={"account": "请补交"}, revision=1)
    await actions.simple_move(kernel, no, "correct", actor=CITIZEN, revision=2)
    await actions.simple_move(kernel, no, "begin", actor=REVIEWER, revision=3)
    assert (await access.case(kernel, REVIEWER, no)).status == "in_step"
    assert len(await notices(no)) == 1
