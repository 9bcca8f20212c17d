"""Extending the time of a case: who may, once, within its time, told in writing, and in every date that follows."""

from __future__ import annotations

from typing import Any

import pytest

from core.cases import access, actions
from core.cases.models import Case
from core.contract import Actor
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.judge.clock import add_working_days, end_of_span, span_of
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_law import pass_days
from tests.cases.test_moves import under_review
from tests.cases.town import CITIZEN, CITY, REVIEWER, Registers

pytestmark = pytest.mark.anyio
LAW = "《中华人民共和国行政许可法》第四十二条"
CHIEF = Actor(id="acc-chief", role="supervisor", name="沈科", unit="civil-affairs", area=CITY)
OTHER_CHIEF = Actor(id="acc-credit-chief", role="supervisor", name="韩科", unit="credit-office", area=CITY)


@pytest.fixture
async def no(kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch) -> str:
    item = town.stepwise(statutory_days=20, extension={"days": 10, "basis": LAW})
    monkeypatch.setitem(kernel.catalog.items, "allowance", item)
    return await under_review(kernel, registers)


async def extend(kernel: Kernel, no: str, actor: Actor = CHIEF, **more: Any) -> Any:
    told = {"because": "检测机构排期较晚", "revision": (await Case.get(no=no)).revision, **more}
    return await actions.extend(kernel, no, actor=actor, **told)


async def test_the_head_of_the_office_extends_once_and_the_applicant_is_told(kernel: Kernel, no: str) -> None:
    before = (await access.case(kernel, CITIZEN, no)).deadline
    assert before is not None
    assert "extend" in (await access.case(kernel, CHIEF, no)).moves
    await extend(kernel, no, number=7)
    mine = await access.case(kernel, CITIZEN, no)
    assert mine.deadline == add_working_days(before, 7, kernel.calendar) == (await Case.get(no=no)).deadline
    assert mine.deadline is not None
    assert mine.dates is not None
    assert mine.dates.statutory is not None
    for said in (mine.deadline_because, mine.dates.statutory.lines()):
        assert any("经批准延长7个工作日" in line for line in said)
    (letter,) = mine.letters
    assert letter.title == "延长办理期限告知书"
    for words in ("检测机构排期较晚", LAW, before.isoformat(), mine.deadline.isoformat(), "7个工作日"):
        assert words in letter.text
    assert mine.events[-1].type == "extended"
    assert (mine.status, mine.events[-1].to_status) == ("in_step", "in_step")
    assert "extend" not in (await access.case(kernel, CHIEF, no)).moves
    with pytest.raises(Conflict, match="只能延长一次"):
        await extend(kernel, no)
    assert (await access.case(kernel, CITIZEN, no)).deadline == mine.deadline


@pytest.mark.parametrize("who", [REVIEWER, OTHER_CHIEF, CITIZEN])
async def test_nobody_else_extends_it(kernel: Kernel, no: str, who: Actor) -> None:
    with pytest.raises((NotAllowed, NotFound)):
        await extend(kernel, no, who)
    assert (await Case.get(no=no)).revision == 1


async def test_who_accepted_it_himself_does_not_extend_it(kernel: Kernel, no: str) -> None:
    await Case.filter(no=no).update(accepted_by=CHIEF.id)
    with pytest.raises(NotAllowed):
        await extend(kernel, no)


@pytest.mark.parametrize(
    ("changes", "at"), [({"because": " "}, "/because"), ({"number": 0}, "/number"), ({"number": 11}, "/number")]
)
async def test_an_extension_without_its_reason_or_beyond_the_law_is_told(
    kernel: Kernel, no: str, changes: dict[str, Any], at: str
) -> None:
    with pytest.raises(Unprocessable) as raised:
        await extend(kernel, no, **changes)
    assert [problem.at for problem in raised.value.problems] == [at]
    assert (await Case.get(no=no)).revision == 1


async def test_what_is_over_cannot_be_extended(kernel: Kernel, no: str, monkeypatch: pytest.MonkeyPatch) -> None:
    pass_days(kernel, monkeypatch, 60)
    assert "extend" not in (await access.case(kernel, CHIEF, no)).moves
    with pytest.raises(Conflict, match="已过办结期限"):
        await extend(kernel, no)


async def test_an_item_that_names_no_law_for_it_is_never_extended(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    assert "extend" not in (await access.case(kernel, CHIEF, no)).moves
    with pytest.raises(Conflict, match="没有可以延长"):
        await extend(kernel, no)


@pytest.mark.parametrize(("said", "words"), [({"calendar_days": 30}, "30日（自然日"), ({"months": 2}, "2个月")])
async def test_the_law_may_say_it_in_calendar_days_or_months(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch, said: dict[str, int], words: str
) -> None:
    item = town.stepwise(statutory_days=20, extension={**said, "basis": LAW})
    monkeypatch.setitem(kernel.catalog.items, "allowance", item)
    no = await under_review(kernel, registers)
    before = (await access.case(kernel, CITIZEN, no)).deadline
    assert before is not None
    with pytest.raises(Unprocessable):
        await extend(kernel, no, number=31)
    await extend(kernel, no)
    mine = await access.case(kernel, CITIZEN, no)
    assert mine.deadline == end_of_span(span_of(said), before, kernel.calendar)
    assert mine.events[-1].data.items() >= said.items()
    assert words in mine.letters[0].text
    assert any(words in line for line in mine.deadline_because)
