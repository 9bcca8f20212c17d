"""`decided_at` by the amount that a step's findings settle: the office that it names decides, from then on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.models import Case, Event
from core.cases.proving import verify_all
from core.catalog.bundle import read_item
from core.contract import Actor
from core.errors import NotAllowed
from core.judge import scenario
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_moves import under_review
from tests.cases.test_steps import finish, turns
from tests.cases.town import ALLOWANCE, CITIZEN, CITY, ELDER, OFFICE, REVIEWER, TOWN, Registers

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True
IN_THE_CITY = Actor(id="acc-city", role="reviewer", name="赵审", unit="civil-affairs", area=CITY)
MUCH = {"/result/amount": {"exclusiveMinimum": 3030}}
VISIT = {
    "id": "visit", "unit": "civil-affairs", "level": "town", "title": "入户调查", "days": 1,
    "findings": {
        "type": "object",
        "properties": {"months": {"type": "integer", "title": "几个月", "minimum": 1, "maximum": 6}},
        "required": ["months"],
    },
}  # fmt: skip
ALLOWED = {"unit": "civil-affairs", "level": "city", "title": "审批", "days": 3, "when": MUCH, "because": "超过三个月"}
MADE = {
    **ALLOWANCE,
    "item": {
        **ALLOWANCE["item"],
        "result": {
            **ALLOWANCE["item"]["result"],
            "amount": [{"title": "救助金", "amount": "1010.00", "times": ["/findings/visit/months"]}],
        },
    },
    "routing": {
        **ALLOWANCE["routing"],
        "decided_at": [{"when": MUCH, "level": "city", "of": "home"}, {"level": "town", "of": "home"}],
        "steps": [VISIT, ALLOWED],
    },
}


@pytest.fixture
async def kernel(url: str, tmp_path: Path, registers: Registers) -> AsyncIterator[Kernel]:
    async with town.kernel(tmp_path, registers, read_item("allowance", MADE), url=url) as found:
        yield found


async def approve(kernel: Kernel, no: str, actor: Actor) -> Any:
    revision = (await Case.get(no=no)).revision
    return await actions.decide(
        kernel, no, actor=actor, outcome="approve", because="符合", checked=["account"], revision=revision
    )


async def test_the_office_that_the_amount_calls_for_decides_and_no_other(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    before = await Case.get(no=no)
    assert (before.deciding_unit, before.deciding_area) == ("civil-affairs", TOWN)
    view = await finish(kernel, no, REVIEWER, findings={"months": 4})
    case = await Case.get(no=no)
    assert (case.deciding_unit, case.deciding_area) == ("civil-affairs", CITY)
    record: Any = case.record
    assert record["amount"] == "4040.00"
    assert record["route"]["deciding"] == {"unit": "civil-affairs", "area": CITY}
    assert "虚山市民政局" in record["route"]["because"][0]
    assert case.deadline is not None
    assert before.deadline is not None
    assert case.deadline > before.deadline, "the city's own days come on top"
    assert view.events[-1].data["moved"] == {"unit": "civil-affairs", "area": CITY}
    assert await turns(kernel, no) == ["审批"]
    assert [one.no for one in (await access.queue(kernel, IN_THE_CITY)).lines] == [no]
    assert (await access.queue(kernel, REVIEWER)).lines == ()
    with pytest.raises(NotAllowed):
        await approve(kernel, no, REVIEWER)
    mine = await access.case(kernel, CITIZEN, no)
    assert (mine.deciding_area, mine.events[-1].data["moved"]["area"]) == (CITY, CITY)
    done = await approve(kernel, no, IN_THE_CITY)
    assert (done.status, done.amount) == ("decided", "4040.00")
    payload: Any = (await Event.get(type="decided")).payload
    assert payload["data"]["finishes"] == [1]
    assert (await verify_all())[1] == []


async def test_an_amount_within_the_town_s_power_stays_with_the_town(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    view = await finish(kernel, no, REVIEWER, findings={"months": 3})
    assert "moved" not in view.events[-1].data
    assert (await Case.get(no=no)).deciding_area == TOWN
    assert (await approve(kernel, no, REVIEWER)).amount == "3030.00"


@pytest.mark.parametrize(("months", "area"), [(3, TOWN), (4, CITY)])
async def test_a_scenario_says_the_same_as_the_case(
    kernel: Kernel, registers: Registers, months: int, area: str
) -> None:
    no = await under_review(kernel, registers)
    view = await finish(kernel, no, REVIEWER, findings={"months": months})
    case = await Case.get(no=no)
    record: Any = case.record
    told = scenario.run(
        kernel.item("allowance"),
        {
            "title": "按月数定", "applicant": record["applicant"], "answers": record["answers"], "given": ["account"],
            "lookups": {"person": {"found": registers.held["natural-person"][ELDER]}, "account": "down"},
            "findings": {"visit": {"months": months}}, "today": kernel.today().isoformat(),
            "expect": {"deciding_area": area, "amount": f"{1010 * months}.00", "mode": view.mode},
        },
        OFFICE, kernel.calendar,
    )  # fmt: skip
    assert told.differences == ()
    assert case.deciding_area == area
    assert [one.unit for one in told.verdict.route.steps] == [one["unit"] for one in record["route"]["steps"]]  # type: ignore[union-attr]
