"""A source comes back: cases under way are asked for by themselves, and only the same rules may decide them."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core import jobs
from core.cases import access, actions
from core.cases.actions import rechecking
from core.cases.models import AccessLog, Case, CaseEvidence, CaseMaterial, Event, Letter, Waiting
from core.cases.nouns import Receipt
from core.cases.proving import verify_all
from core.contract import Down
from core.errors import Conflict, NotAllowed, NotFound, Unavailable
from core.kernel import Kernel
from tests.cases.town import CITIZEN, ELDER, REVIEWER, SOON, STRANGER, WORKER, Registers, person

pytestmark = pytest.mark.anyio
PHONE = {"phone": "13900000000"}
ACCOUNT = {"bank_account": "6222000000000000"}


async def filed(kernel: Kernel, registers: Registers, *silent: str, **more: Any) -> Receipt:
    """An application filed while these sources say nothing."""
    for source in silent:
        registers.held[source][ELDER] = Down("no route to host")
    receipt, _ = await actions.file(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"), answers=PHONE, **more
    )
    return receipt


async def turn(kernel: Kernel) -> str:
    """One turn of the job, with every wait over."""
    await Waiting.all().update(next_at=kernel.now() - timedelta(seconds=1))
    return await jobs.recheck(kernel)


async def test_when_the_source_is_back_the_case_is_decided_by_the_same_rule(
    kernel: Kernel, registers: Registers
) -> None:
    receipt = await filed(kernel, registers, "own-business")
    assert receipt.status == "in_step"
    assert await turn(kernel) == "1 asked again, 0 decided"
    assert await Event.filter(type="rechecked").count() == 0  # nothing new: no event, no page gone stale
    registers.held["own-business"][ELDER] = ACCOUNT
    assert await turn(kernel) == "1 asked again, 1 decided"
    case = await access.case(kernel, CITIZEN, receipt.no)
    assert (case.status, case.outcome) == ("decided", "approve")
    assert case.decision["rule"] == "/decide/0"
    assert case.decision["because"] == "户籍在册且年满80周岁"
    assert [m.status for m in case.materials] == ["proved", "proved"]
    assert case.zero_material
    assert [one.type for one in case.events] == ["filed", "begun", "rechecked", "decided"]
    assert await Letter.all().count() == 1
    assert await Waiting.all().count() == 0
    assert (await verify_all())[1] == []
    assert await turn(kernel) == ""


async def test_every_question_is_logged_as_a_read_of_the_system_for_this_case(
    kernel: Kernel, registers: Registers
) -> None:
    receipt = await filed(kernel, registers, "own-business")
    await turn(kernel)
    registers.held["own-business"][ELDER] = ACCOUNT
    await turn(kernel)
    reads = await AccessLog.filter(actor="system").order_by("id")
    assert [(one.source, one.outcome) for one in reads] == [("own-business", "down"), ("own-business", "found")]
    assert {one.reference for one in reads} == {receipt.no}
    assert reads[0].purpose == "发放待遇"
    shown = await access.accesses_of(kernel, CITIZEN)
    assert shown.lines[0].actor_role == "system"


async def test_what_hung_on_the_silent_lookup_is_asked_too_and_the_declared_name_is_held_against_the_register(
    kernel: Kernel, registers: Registers
) -> None:
    receipt = await filed(kernel, registers, "natural-person")
    case = await Case.get(no=receipt.no)
    assert case.outcome == "review"
    registers.held["natural-person"][ELDER] = {"name": "陈试甲", "birth_date": "1940-01-01", "alive": True}
    await turn(kernel)
    assert (await Case.get(no=receipt.no)).status == "decided"


async def test_a_declared_value_that_the_register_holds_otherwise_goes_to_a_person(
    kernel: Kernel, registers: Registers
) -> None:
    registers.held["natural-person"][ELDER] = Down("away")
    receipt, _ = await actions.file(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"),
        answers={**PHONE, "name": "陈试误"},
    )  # fmt: skip
    registers.held["natural-person"][ELDER] = {"name": "陈试甲", "birth_date": "1940-01-01", "alive": True}
    await turn(kernel)
    case = await access.case(kernel, CITIZEN, receipt.no)
    assert case.status == "in_step"
    assert (case.answers["name"], case.said) == ("陈试甲", {"/name": "陈试误"})
    assert "不一致" in case.decision["because"]
    assert case.events[-1].data["differs"] == ["/name"]


async def test_a_rule_that_would_refuse_leaves_it_to_a_person(kernel: Kernel, registers: Registers) -> None:
    receipt = await filed(kernel, registers, "natural-person")
    registers.held["natural-person"][ELDER] = {"name": "陈试甲", "birth_date": "1990-01-01", "alive": True}
    await turn(kernel)
    case = await access.case(kernel, CITIZEN, receipt.no)
    assert (case.status, case.outcome) == ("in_step", "review")
    assert "未满80周岁" in case.decision["because"]


async def test_a_case_an_officer_has_in_hand_is_completed_but_not_decided(kernel: Kernel, registers: Registers) -> None:
    receipt = await filed(kernel, registers, "own-business")
    case = await Case.get(no=receipt.no)
    await actions.pause(
        kernel, receipt.no, actor=REVIEWER, kind="hearing", because="听证", until=SOON, revision=case.revision
    )
    case = await Case.get(no=receipt.no)
    await actions.simple_move(kernel, receipt.no, "resume", actor=REVIEWER, revision=case.revision)
    registers.held["own-business"][ELDER] = ACCOUNT
    assert await turn(kernel) == "1 asked again, 0 decided"
    case_view = await access.case(kernel, CITIZEN, receipt.no)
    assert case_view.status == "in_step"
    assert [m.status for m in case_view.materials] == ["proved", "proved"]


async def test_of_the_machine_and_an_officer_at_the_same_moment_one_wins(kernel: Kernel, registers: Registers) -> None:
    receipt = await filed(kernel, registers, "own-business")
    registers.held["own-business"][ELDER] = ACCOUNT
    case = await Case.get(no=receipt.no)
    await Waiting.all().update(next_at=kernel.now() - timedelta(seconds=1))
    officer = actions.decide(
        kernel, receipt.no, actor=REVIEWER, outcome="reject", because="材料不齐", basis="示例", revision=case.revision
    )
    done = await asyncio.gather(officer, rechecking.recheck_due(kernel), return_exceptions=True)
    assert not [one for one in done if isinstance(one, BaseException) and not isinstance(one, Conflict)]
    case = await Case.get(no=receipt.no)
    assert case.status == "decided"
    assert await Event.filter(type="decided").count() == 1
    assert (case.outcome == "approve") is isinstance(done[0], Conflict)
    assert (await verify_all())[1] == []


async def test_a_case_that_is_over_waits_for_nobody(kernel: Kernel, registers: Registers) -> None:
    receipt = await filed(kernel, registers, "own-business")
    case = await Case.get(no=receipt.no)
    await actions.simple_move(kernel, receipt.no, "withdraw", actor=CITIZEN, revision=case.revision)
    registers.held["own-business"][ELDER] = ACCOUNT
    before = len(registers.asked)
    assert await turn(kernel) == "1 asked again, 0 decided"
    assert len(registers.asked) == before
    assert await Waiting.all().count() == 0


async def test_a_source_that_rests_is_left_in_peace_and_the_waits_grow(kernel: Kernel, registers: Registers) -> None:
    await filed(kernel, registers, "own-business")
    for _ in range(2):
        await turn(kernel)
    before = len(registers.asked)
    assert await turn(kernel) == ""  # three failures in a row: its breaker is open
    assert len(registers.asked) == before
    one = await Waiting.get()
    assert one.tries == 2


async def test_approval_rests_on_answers_as_fresh_as_at_a_filing(kernel: Kernel, registers: Registers) -> None:
    receipt = await filed(kernel, registers, "own-business")
    stored = await Case.get(no=receipt.no)
    assert stored.record
    old = await CaseEvidence.get(case_id=stored.id, lookup="person")
    old.detail = {**old.detail, "asked_at": "2026-01-01T00:00:00+00:00"}
    await old.save()
    registers.held["own-business"][ELDER] = ACCOUNT
    registers.held["natural-person"][ELDER] = {"name": "陈试甲", "birth_date": "1940-01-01", "alive": False}
    await turn(kernel)
    case = await access.case(kernel, CITIZEN, receipt.no)
    assert case.status == "in_step"  # he has died since: read again before anything was granted
    assert [m.status for m in case.materials] == ["upload", "proved"]


async def test_nothing_is_granted_on_an_old_answer_while_its_source_is_silent(
    kernel: Kernel, registers: Registers
) -> None:
    receipt = await filed(kernel, registers, "own-business")
    old = await CaseEvidence.get(lookup="person")
    old.detail = {**old.detail, "asked_at": "2026-01-01T00:00:00+00:00"}
    await old.save()
    registers.held["own-business"][ELDER] = ACCOUNT
    registers.held["natural-person"][ELDER] = Down("away")
    await turn(kernel)
    case = await access.case(kernel, CITIZEN, receipt.no)
    assert case.status == "in_step"
    assert [m.status for m in case.materials] == ["proved", "proved"]


async def test_an_officer_has_the_sources_asked_again_and_decides_himself(kernel: Kernel, registers: Registers) -> None:
    receipt = await filed(kernel, registers, "own-business")
    case = await access.case(kernel, REVIEWER, receipt.no)
    with pytest.raises(Unavailable):
        await actions.ask_sources_again(kernel, receipt.no, actor=REVIEWER, revision=case.revision)
    registers.held["own-business"][ELDER] = ACCOUNT
    case = await actions.ask_sources_again(kernel, receipt.no, actor=REVIEWER, revision=case.revision)
    assert case.status == "in_step"
    assert [m.status for m in case.materials] == ["proved", "proved"]
    assert case.events[-1].data["by"]["name"] == "钱审"
    with pytest.raises(Conflict):
        await actions.ask_sources_again(kernel, receipt.no, actor=REVIEWER, revision=case.revision)
    done = await actions.decide(
        kernel, receipt.no, actor=REVIEWER, outcome="approve", because="已核实", revision=case.revision
    )
    assert done.status == "decided"


async def test_who_may_not_read_the_case_has_nobody_asked(kernel: Kernel, registers: Registers) -> None:
    receipt = await filed(kernel, registers, "own-business")
    before = len(registers.asked)
    for actor in (STRANGER, replace(WORKER, site="hall-town")):
        with pytest.raises(NotFound):
            await actions.ask_sources_again(kernel, receipt.no, actor=actor, revision=1)
    with pytest.raises(NotAllowed):
        await actions.ask_sources_again(kernel, receipt.no, actor=CITIZEN, revision=1)
    assert len(registers.asked) == before


async def test_two_workers_take_a_case_once(kernel: Kernel, registers: Registers) -> None:
    await filed(kernel, registers, "own-business")
    registers.held["own-business"][ELDER] = ACCOUNT
    await Waiting.all().update(next_at=kernel.now() - timedelta(seconds=1))
    before = len(registers.asked)
    done = await asyncio.gather(rechecking.recheck_due(kernel), rechecking.recheck_due(kernel))
    assert sum(asked for asked, _ in done) == 1
    assert len(registers.asked) == before + 1


async def test_a_promise_made_meanwhile_is_not_lost(kernel: Kernel, registers: Registers) -> None:
    receipt = await filed(kernel, registers, "own-business", promises=["account"])
    assert receipt.status == "decided"  # the promise stands in for the proof, and nothing waits
    assert await Waiting.all().count() == 0
    assert (await CaseMaterial.get(material="account")).status == "promise"


async def test_what_the_register_held_otherwise_keeps_a_person_at_it_whatever_is_answered_later(
    kernel: Kernel, registers: Registers
) -> None:
    registers.held["natural-person"][ELDER] = Down("away")
    receipt, _ = await actions.file(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"),
        answers={**PHONE, "name": "陈试误"},
    )  # fmt: skip
    registers.held["natural-person"][ELDER] = {"name": "陈试甲", "birth_date": "1940-01-01", "alive": True}
    await turn(kernel)
    assert not await rechecking.settle(kernel, str((await Case.get(no=receipt.no)).id))
    case = await access.case(kernel, REVIEWER, receipt.no)
    assert [one.status for one in case.materials] == ["proved", "proved"]
    assert case.status == "in_step"
    assert case.decision["held_back"] == ["申报的内容与后来查到的登记不一致，由工作人员核对"]
