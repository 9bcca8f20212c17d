"""Steps by their own offices, pauses with their law, delivery in time; and the stored dates are what the events say."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.access import OVERDUE
from core.cases.models import Case, CaseStep
from core.contract import Actor
from core.errors import Conflict, NotAllowed, RequestError, Unprocessable
from core.judge.clock import add_working_days
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_law import pass_days
from tests.cases.test_moves import approve, under_review
from tests.cases.test_table import MAKE
from tests.cases.town import CITIZEN, CITY, REVIEWER, SOON, STRANGER, TOWN, WORKER, Registers

pytestmark = pytest.mark.anyio
BUREAU = Actor(id="acc-bureau", role="reviewer", name="许批", unit="approval-bureau", area=TOWN)
CHIEF = Actor(id="acc-chief", role="supervisor", name="沈科", unit="civil-affairs", area=CITY)
CREDIT_CHIEF = Actor(id="acc-credit-chief", role="supervisor", name="韩科", unit="credit-office", area=CITY)


@pytest.fixture
async def no(kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.stepwise())
    return await under_review(kernel, registers)


async def finish(kernel: Kernel, no: str, actor: Actor, **more: Any) -> Any:
    return await actions.finish_step(kernel, no, actor=actor, revision=(await Case.get(no=no)).revision, **more)


async def turns(kernel: Kernel, no: str) -> list[str]:
    view = await access.case(kernel, REVIEWER, no)
    assert view.dates is not None
    return [one.step.title for one in view.dates.steps if one.current]


async def test_steps_go_in_order_and_side_by_side(kernel: Kernel, no: str) -> None:
    assert await turns(kernel, no) == ["初审"]
    with pytest.raises(Conflict):
        await finish(kernel, no, STRANGER, step=1)
    await finish(kernel, no, REVIEWER, because="符合")
    assert await turns(kernel, no) == ["信用会商", "会签"]
    with pytest.raises(NotAllowed):
        await finish(kernel, no, BUREAU, step=1)
    with pytest.raises(Unprocessable):
        await finish(kernel, no, STRANGER, opinion="object")
    view = await finish(kernel, no, STRANGER, opinion="object", because="有失信记录")
    assert await turns(kernel, no) == ["会签"]
    assert view.events[-1].data["opinion"] == "object"
    assert view.events[-1].data["title"] == "信用会商"
    with pytest.raises(Conflict):
        await finish(kernel, no, STRANGER, step=1)
    await finish(kernel, no, BUREAU, step=2)
    assert await turns(kernel, no) == ["公示"]


async def test_nothing_is_approved_before_every_office_has_spoken(kernel: Kernel, no: str) -> None:
    with pytest.raises(Unprocessable) as raised:
        await approve(kernel, no)
    assert [problem.at for problem in raised.value.problems] == ["/steps/1", "/steps/2"]
    assert "信用办的“信用会商”环节尚未完成" in raised.value.problems[0].message
    await finish(kernel, no, REVIEWER)
    await finish(kernel, no, STRANGER)
    await finish(kernel, no, BUREAU)
    view = await approve(kernel, no, revision=4)
    assert view.dates is not None
    assert all(one.done for one in view.dates.steps), "the decision finishes the deciding office's own steps"


async def test_an_office_that_lets_its_day_pass_is_gone_on_without_and_named(
    kernel: Kernel, no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await finish(kernel, no, REVIEWER)
    await finish(kernel, no, BUREAU)
    with pytest.raises(NotAllowed):
        await finish(kernel, no, REVIEWER, step=1, because="等不及")
    pass_days(kernel, monkeypatch, 30)
    with pytest.raises(Unprocessable):
        await finish(kernel, no, REVIEWER, step=1)
    view = await finish(kernel, no, REVIEWER, step=1, because="逾期未反馈，已电话催办")
    assert view.events[-1].data["opinion"] == "missing"


async def test_the_queue_of_an_office_holds_the_steps_that_have_their_turn(kernel: Kernel, no: str) -> None:
    assert (await access.queue(kernel, STRANGER)).lines == ()
    await finish(kernel, no, REVIEWER)
    (line,) = (await access.queue(kernel, STRANGER)).lines
    assert (line.no, line.step_due) == (no, add_working_days(kernel.today(), 1, kernel.calendar))
    assert [one.no for one in (await access.queue(kernel, REVIEWER)).lines] == [no]
    await actions.pause(kernel, no, actor=REVIEWER, kind="hearing", because="申请人要求", until=SOON, revision=2)
    assert [one.no for one in (await access.queue(kernel, STRANGER)).lines] == [no], "it stands there, stopped"
    await actions.simple_move(kernel, no, "resume", actor=REVIEWER, revision=3)
    await finish(kernel, no, STRANGER)
    assert (await access.queue(kernel, STRANGER)).lines == ()
    await actions.simple_move(kernel, no, "withdraw", actor=CITIZEN, revision=5)
    assert (await access.queue(kernel, BUREAU)).lines == ()
    assert not await CaseStep.filter(waiting__gte=0).exists()


async def test_a_supervisor_sees_what_is_overdue_in_his_unit(
    kernel: Kernel, registers: Registers, no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    fresh = await under_review(kernel, registers)
    stopped = await under_review(kernel, registers)
    await actions.pause(kernel, stopped, actor=REVIEWER, kind="hearing", because="申请人要求", until=SOON, revision=1)
    await finish(kernel, no, REVIEWER)
    assert (await access.queue(kernel, CHIEF, state=OVERDUE)).lines == ()
    pass_days(kernel, monkeypatch, 25)
    assert [one.no for one in (await access.queue(kernel, CHIEF, state=OVERDUE)).lines] == [no, fresh]
    assert [one.no for one in (await access.queue(kernel, CREDIT_CHIEF, state=OVERDUE)).lines] == [no]
    await actions.decide(kernel, fresh, actor=REVIEWER, outcome="reject", because="不符", basis="某法", revision=1)
    assert [one.no for one in (await access.queue(kernel, CHIEF, state=OVERDUE)).lines] == [no]
    pass_days(kernel, monkeypatch, 50)
    assert [one.no for one in (await access.queue(kernel, CHIEF, state=OVERDUE)).lines] == [no, fresh], "not delivered"


async def test_overdue_cases_are_read_a_page_at_a_time(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "PAGE", 2)
    numbers = [await under_review(kernel, registers) for _ in range(5)]
    pass_days(kernel, monkeypatch, 40)
    found: list[str] = []
    after: str | None = None
    while True:
        page = await access.queue(kernel, CHIEF, state=OVERDUE, after=after)
        found += [line.no for line in page.lines]
        after = page.after
        if after is None:
            break
    assert found == numbers


@pytest.mark.parametrize(
    ("changes", "at"),
    [
        ({"kind": "holiday"}, "/kind"),
        ({"because": " "}, "/because"),
        ({"kind": "public_notice", "basis": ""}, "/basis"),
        ({"until": ""}, "/until"),
        ({"until": "2020-01-01"}, "/until"),
        ({"until": "tomorrow"}, "/until"),
        ({"until": "9999-12-31"}, "/until"),
        ({"until": (date.today() + timedelta(days=370)).isoformat()}, "/until"),
    ],
)
async def test_a_pause_without_its_ground_stops_nothing(
    kernel: Kernel, no: str, changes: dict[str, Any], at: str
) -> None:
    good: dict[str, Any] = {"kind": "hearing", "because": "申请人要求听证", "until": SOON}
    with pytest.raises(Unprocessable) as raised:
        await actions.pause(kernel, no, actor=REVIEWER, revision=1, **(good | changes))
    assert [problem.at for problem in raised.value.problems] == [at]
    assert (await Case.get(no=no)).status == "in_step"


async def test_a_pause_is_told_to_the_applicant_in_writing(
    kernel: Kernel, no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await actions.pause(kernel, no, actor=REVIEWER, kind="inspection", because="需送检样品", until=SOON, revision=1)
    mine = await access.case(kernel, CITIZEN, no)
    (letter,) = mine.letters
    for words in ("需送检样品", "第四十五条", "检验、检测、检疫或鉴定", SOON, "陈试甲"):
        assert words in letter.text
    assert not mine.clock_runs
    with pytest.raises(Conflict):
        await approve(kernel, no, revision=2)
    with pytest.raises(Conflict):
        await finish(kernel, no, REVIEWER)


async def test_a_step_outside_the_legal_time_moves_the_stored_deadline(
    kernel: Kernel, no: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for actor in (REVIEWER, STRANGER, BUREAU):
        await finish(kernel, no, actor)
    case = await Case.get(no=no)
    assert case.stopped_since == kernel.today()
    first = case.deadline
    assert first is not None
    begun = kernel.today()
    today = pass_days(kernel, monkeypatch, 14)
    await finish(kernel, no, REVIEWER)
    case = await Case.get(no=no)
    held = sum(kernel.calendar.is_working_day(begun + timedelta(days=n)) for n in range(1, (today - begun).days + 1))
    planned = 5  # the notice's own days stood in the day that was told
    assert (case.stopped_since, case.deadline) == (None, add_working_days(first, held - planned, kernel.calendar))


async def test_delivery_is_registered_with_its_way_and_ends_the_ten_days(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = town.item(result={"title": "证", "delivery": ["electronic", "mail"]})
    monkeypatch.setitem(kernel.catalog.items, "allowance", item)
    no = await under_review(kernel, registers)
    view = await approve(kernel, no)
    assert view.dates is not None
    assert view.dates.deliver_by is not None
    assert (await Case.get(no=no)).deliver_by == add_working_days(kernel.today(), 10, kernel.calendar)
    for method, note, at in (("pickup", "本人", "/method"), ("mail", " ", "/note"), ("", "", "/method")):
        with pytest.raises(Unprocessable) as raised:
            await actions.deliver(kernel, no, actor=REVIEWER, method=method, note=note, revision=2)
        assert [problem.at for problem in raised.value.problems] == [at]
    with pytest.raises(NotAllowed):
        await actions.deliver(kernel, no, actor=CITIZEN, method="mail", note="SF1", revision=2)
    view = await actions.deliver(kernel, no, actor=REVIEWER, method="mail", note="SF0000000001", revision=2)
    assert view.events[-1].data["method"] == "mail"
    assert (await Case.get(no=no)).deliver_by is None
    view = await actions.simple_move(kernel, no, "close", actor=REVIEWER, revision=3)
    assert view.status == "closed"


async def test_the_applicant_says_himself_that_he_has_it(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    await approve(kernel, no)
    view = await actions.deliver(kernel, no, actor=CITIZEN, method="electronic", revision=2)
    assert (view.status, view.events[-1].actor) == ("delivered", CITIZEN.id)


async def test_nobody_handles_his_own_matter(kernel: Kernel, no: str) -> None:
    for role in ("reviewer", "supervisor"):
        himself = Actor(
            id="acc-himself", role=role, name="陈试甲", id_number=town.ELDER, unit="civil-affairs", area=TOWN
        )
        with pytest.raises(RequestError):
            await approve(kernel, no, himself)
        with pytest.raises(RequestError):
            await access.case(kernel, himself, no)


async def test_who_took_it_at_the_counter_does_not_decide_it_from_another_unit(
    kernel: Kernel, registers: Registers
) -> None:
    """Accepted at the station, moved to the deciding bureau since: still the one who took it."""
    registers.held["own-business"].pop(town.ELDER)
    applicant = town.person(town.ELDER, "陈试甲")
    item = kernel.item("allowance")
    mandate = await actions.grant_mandate(kernel, item, actor=WORKER, applicant=applicant, signed="screen")
    draft = await actions.start_draft(
        kernel, item, actor=WORKER, applicant=applicant, channel="station", mandate=mandate.id
    )
    edited = actions.edit_draft(draft, answers={"phone": "13900000000"}, revision=draft.revision)
    no = (await actions.file_draft(kernel, edited, actor=WORKER)).no
    moved = Actor(id=WORKER.id, role="reviewer", name="李工", unit="approval-bureau", area=TOWN)
    with pytest.raises(NotAllowed) as raised:
        await actions.decide(kernel, no, actor=moved, outcome="reject", because="不符", basis="某法", revision=1)
    assert raised.value.code == "separation-of-duties"
    done = await actions.decide(kernel, no, actor=BUREAU, outcome="reject", because="不符", basis="某法", revision=1)
    assert done.status == "decided"


@pytest.mark.parametrize("seed", range(12))
async def test_after_any_walk_the_stored_dates_are_what_the_events_say(
    tmp_path: Any, seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    registers, chance = Registers(), random.Random(seed)
    async with town.kernel(tmp_path, registers, town.stepwise(statutory_days=30)) as kernel:
        no = await under_review(kernel, registers, upload=chance.random() < 0.5)
        days, made = 0, 0
        for turn in range(60):
            days += chance.choice((0, 0, 1, 3))
            pass_days(kernel, monkeypatch, days)
            actor = chance.choice((REVIEWER, STRANGER, BUREAU, CITIZEN))
            moves = [m for m in MAKE if m not in ("withdraw", "refuse", "decide", "close") or turn > 45]
            row = await Case.get(no=no)
            shown = [m for m in (await access.case(kernel, actor, no)).moves if m in moves]
            move = chance.choice(shown if shown and chance.random() < 0.8 else moves)
            try:
                if move == "finish_step":
                    await finish(kernel, no, actor)
                else:
                    await MAKE[move](kernel, no, actor, row.revision)
            except RequestError:
                continue
            made += 1
            row, view = await Case.get(no=no), await access.case(kernel, CITIZEN, no)
            assert view.dates is not None
            again = (await access.case(kernel, CITIZEN, no)).dates
            assert again == view.dates
            assert (row.deadline, row.deliver_by) == (
                view.deadline, view.dates.deliver_by.day if view.dates.deliver_by else None,
            ), (seed, move)  # fmt: skip
            stored = await CaseStep.filter(case_id=row.id).order_by("position")
            if row.waiting is not None:
                assert [one.due for one in stored] == [one.due.day for one in view.dates.steps]
                assert row.stopped_since == view.dates.stopped_since
            its_turn = [one.current and row.status in ("in_step", "paused") for one in view.dates.steps]
            assert [one.waiting is not None for one in stored] == its_turn
        assert made >= 4
