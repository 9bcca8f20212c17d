"""`decided_at` reads what a register says: where it was silent at filing, the office is chosen once it answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import jobs
from core.cases import access, actions
from core.cases.models import Case, CaseStep, Event, Outbox, Waiting
from core.cases.proving import verify_all
from core.catalog.bundle import read_item
from core.contract import Actor, Down
from core.errors import NotFound
from core.kernel import Kernel
from tests.cases import town
from tests.cases.town import ALLOWANCE, CITIZEN, CITY, ELDER, REVIEWER, SOON, TOWN, Registers, person

pytestmark = pytest.mark.anyio
IN_THE_CITY = Actor(id="acc-city", role="reviewer", name="赵审", unit="civil-affairs", area=CITY)
ACCOUNT = {"bank_account": "6222000000000000"}
OLDER = {"/lookups/person/birth_date": {"x-age": {"minimum": 90}}}


@pytest.fixture
async def kernel(url: str, tmp_path: Path, registers: Registers) -> AsyncIterator[Kernel]:
    """The allowance, decided in the town for whoever is under ninety, in the city else and where his age is unknown;
    a person always decides."""
    routing = {
        **ALLOWANCE["routing"],
        "area": "anywhere",
        "decided_at": [{"when": {"/lookups/person/birth_date": {"x-age": {"exclusiveMaximum": 90}}}, "level": "town"},
                       {"level": "city"}],
        "steps": [{"unit": "civil-affairs", "days": 2, "when": OLDER, "because": "九十岁以上另行核对"}],
        "decide": [],
    }  # fmt: skip
    made = read_item("allowance", {**ALLOWANCE, "routing": routing})
    async with town.kernel(tmp_path, registers, made, url=url) as found:
        yield found


async def filed(kernel: Kernel, registers: Registers) -> str:
    """Filed while nobody says how old he is: the city decides."""
    registers.held["natural-person"][ELDER] = Down("no route to host")
    receipt, _ = await actions.file(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"),
        answers={"phone": "13900000000", "name": "陈试甲"},
    )  # fmt: skip
    assert await deciding(receipt.no) == ("civil-affairs", CITY)
    return receipt.no


async def deciding(no: str) -> tuple[str | None, str | None]:
    case = await Case.get(no=no)
    return case.deciding_unit, case.deciding_area


async def answers(kernel: Kernel, registers: Registers, born: str) -> None:
    registers.held["natural-person"][ELDER] = {"name": "陈试甲", "birth_date": born, "alive": True}
    await Waiting.all().update(next_at=kernel.now() - timedelta(seconds=1))
    await jobs.recheck(kernel)


async def test_the_office_that_the_late_answer_calls_for_decides(kernel: Kernel, registers: Registers) -> None:
    no = await filed(kernel, registers)
    before = await Case.get(no=no)
    await answers(kernel, registers, "1940-01-01")
    assert await deciding(no) == ("civil-affairs", TOWN)
    case = await access.case(kernel, REVIEWER, no)
    assert case.status == "in_step"
    with pytest.raises(NotFound):
        await access.case(kernel, Actor(**{**_plain(REVIEWER), "id": "acc-other", "area": "320583104000"}), no)
    after = await Case.get(no=no)
    record: Any = after.record
    assert record["route"]["deciding"] == {"unit": "civil-affairs", "area": TOWN}
    assert "试浦镇民政局" in record["route"]["because"][0]
    assert after.deadline == before.deadline
    event = await Event.filter(type="rechecked").get()
    told: Any = event.payload
    assert told["data"]["moved"] == {"unit": "civil-affairs", "area": TOWN}
    rechecked: Any = [one.event for one in await Outbox.all() if one.event["type"] == "rechecked"]
    assert [(one["unit"], one["area"]) for one in rechecked] == [("civil-affairs", TOWN)]
    assert (await verify_all())[1] == []


async def test_where_the_same_office_decides_nothing_moves(kernel: Kernel, registers: Registers) -> None:
    no = await filed(kernel, registers)
    await answers(kernel, registers, "1930-01-01")
    assert await deciding(no) == ("civil-affairs", CITY)
    told: Any = (await Event.filter(type="rechecked").get()).payload
    assert "moved" not in told["data"]
    assert await CaseStep.all().count() == 1, "the step that his age calls for has joined"


async def test_an_office_that_has_acted_keeps_the_case(kernel: Kernel, registers: Registers) -> None:
    no = await filed(kernel, registers)
    case = await Case.get(no=no)
    await actions.pause(
        kernel, no, actor=IN_THE_CITY, kind="hearing", because="听证", until=SOON, revision=case.revision
    )
    case = await Case.get(no=no)
    await actions.simple_move(kernel, no, "resume", actor=IN_THE_CITY, revision=case.revision)
    await answers(kernel, registers, "1940-01-01")
    assert await deciding(no) == ("civil-affairs", CITY)
    assert await Event.filter(type="rechecked").count() == 1


def _plain(actor: Actor) -> dict[str, Any]:
    return {name: getattr(actor, name) for name in actor.__dataclass_fields__}
