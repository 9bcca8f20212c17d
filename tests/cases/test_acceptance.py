"""受理: by itself only where nothing is left for a person to look at; else by whoever has looked, or by silence."""

from __future__ import annotations

from typing import Any

import pytest

from core.cases import access, actions
from core.cases.actions import timers
from core.cases.case_view import CaseView
from core.cases.models import Case, Event
from core.cases.proving import verify_all
from core.contract import Actor
from core.errors import Conflict, NotAllowed
from core.judge.clock import add_working_days
from core.judge.legal_clock import CORRECTION_DAYS
from core.kernel import Kernel
from tests.cases.test_law import pass_days
from tests.cases.test_moves import approve, under_review
from tests.cases.town import CITIZEN, REVIEWER, REVIEWER_2, Registers

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True


async def seen(kernel: Kernel, no: str, actor: Actor = REVIEWER) -> CaseView:
    return await access.case(kernel, actor, no)


async def test_a_paper_that_nobody_has_looked_at_is_not_accepted_by_the_system(
    kernel: Kernel, registers: Registers
) -> None:
    no = await under_review(kernel, registers)
    view = await seen(kernel, no)
    assert [one.type for one in view.events] == ["filed", "begun"]
    assert (view.status, view.accepted_on) == ("in_step", None)
    assert view.dates is not None
    assert view.dates.accept_by is not None
    assert view.dates.accept_by.day == add_working_days(kernel.today(), CORRECTION_DAYS, kernel.calendar)
    assert {"accept", "refuse", "ask_correction"} <= {*view.moves}


async def test_a_person_accepts_it_once_and_the_office_goes_on(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    view = await actions.accept(kernel, no, actor=REVIEWER, revision=1)
    assert (view.status, view.accepted_on, view.accepted_by) == ("in_step", kernel.today(), REVIEWER.id)
    assert not {"accept", "refuse", "ask_correction"} & {*view.moves}
    assert (view.events[-1].type, view.events[-1].to_status) == ("accepted", "in_step")
    for late in (
        actions.accept(kernel, no, actor=REVIEWER_2, revision=2),
        actions.refuse(kernel, no, actor=REVIEWER_2, because="不属本机关", basis="某法", revision=2),
        actions.ask_correction(kernel, no, actor=REVIEWER_2, wanted={"account": "看不清"}, revision=2),
    ):
        with pytest.raises(Conflict) as raised:
            await late
        assert raised.value.code == "already-accepted"
    with pytest.raises(NotAllowed):
        await approve(kernel, no, revision=2)
    assert (await approve(kernel, no, REVIEWER_2, revision=2)).status == "decided"
    assert (await verify_all())[1] == []


async def test_what_the_paper_shows_to_be_none_of_its_business_is_not_accepted(
    kernel: Kernel, registers: Registers
) -> None:
    no = await under_review(kernel, registers)
    view = await actions.refuse(kernel, no, actor=REVIEWER, because="不属本机关", basis="某法", revision=1)
    assert (view.status, view.outcome) == ("not_accepted", "decline")
    assert (await seen(kernel, no, CITIZEN)).accepted_on is None


async def test_silence_accepts_it_from_the_day_it_came_in(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await under_review(kernel, registers)
    came = kernel.today()
    assert await timers.accept_by_silence(kernel) == 0
    pass_days(kernel, monkeypatch, 20)
    assert await timers.accept_by_silence(kernel) == 1
    case = await Case.get(no=no)
    assert (case.status, case.accepted_on) == ("in_step", came)
    told: Any = (await Event.get(type="accepted")).payload
    assert told["data"]["on"] == came.isoformat()


async def test_a_decision_accepts_what_nobody_has_accepted(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    view = await approve(kernel, no)
    assert (view.status, view.accepted_on) == ("decided", kernel.today())
