"""What time does by itself, and what may be forgotten."""

from __future__ import annotations

import asyncio
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from core import jobs
from core.cases import access, actions, proving
from core.cases.actions import timers, upkeep
from core.cases.models import Case, CaseEvidence, DailyRoot, Draft, Event, Letter
from core.errors import Conflict, NotAllowed, NotFound
from core.judge.clock import add_working_days
from core.kernel import Kernel
from tests.cases import town
from tests.cases.tampering import rewrite_chain
from tests.cases.test_moves import ADMINISTRATOR, approve, erase, under_review
from tests.cases.town import CITIZEN, ELDER, REVIEWER, SOON, Registers, person

pytestmark = pytest.mark.anyio


def pass_days(kernel: Kernel, monkeypatch: pytest.MonkeyPatch, days: int) -> date:
    now = datetime.now(ZoneInfo("UTC")) + timedelta(days=days)
    monkeypatch.setattr(kernel, "now", lambda: now)
    day = now.astimezone(ZoneInfo("Asia/Shanghai")).date()
    monkeypatch.setattr(kernel, "today", lambda: day)
    return day


async def test_silence_accepts_from_the_day_of_receipt(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await under_review(kernel, registers, upload=False)
    filed = kernel.today()
    assert (await Case.get(no=no)).accepted_on is None
    assert await timers.accept_by_silence(kernel) == 0
    pass_days(kernel, monkeypatch, 20)
    assert await timers.accept_by_silence(kernel) == 1
    assert await timers.accept_by_silence(kernel) == 0
    view = await access.case(kernel, CITIZEN, no)
    assert view.accepted_on == filed
    with pytest.raises(Conflict):
        await actions.ask_correction(kernel, no, actor=REVIEWER, wanted={"account": "?"}, revision=view.revision)


async def test_a_correction_comes_too_late_after_five_working_days(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await under_review(kernel, registers, upload=False)
    pass_days(kernel, monkeypatch, 20)
    with pytest.raises(Conflict) as raised:
        await actions.ask_correction(kernel, no, actor=REVIEWER, wanted={"account": "?"}, revision=1)
    assert raised.value.code == "correction-too-late"


async def test_a_pause_moves_the_deadline_on(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await under_review(kernel, registers)
    first = (await access.case(kernel, CITIZEN, no)).deadline
    assert first is not None
    paused_on = kernel.today()
    await actions.pause(kernel, no, actor=REVIEWER, kind="expert_review", because="需专家评审", until=SOON, revision=1)
    today = pass_days(kernel, monkeypatch, 10)
    assert not (await access.case(kernel, CITIZEN, no)).clock_runs
    view = await actions.simple_move(kernel, no, "resume", actor=REVIEWER, revision=2)
    held = sum(
        kernel.calendar.is_working_day(paused_on + timedelta(days=n)) for n in range(1, (today - paused_on).days + 1)
    )
    assert view.deadline == add_working_days(first, held, kernel.calendar)
    assert (await Case.get(no=no)).deadline == view.deadline
    assert any("因专家评审中止" in line and "不计入期限" in line for line in view.deadline_because)


async def test_silence_consents_only_where_the_item_says_so(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = await under_review(kernel, registers)
    lenient = town.item(overdue="approve")
    monkeypatch.setitem(kernel.catalog.items, "allowance", lenient)
    granted = await under_review(kernel, registers)
    incomplete = await under_review(kernel, registers, upload=False)
    pass_days(kernel, monkeypatch, 40)
    assert await timers.approve_by_silence(kernel) == 1
    assert (await access.case(kernel, CITIZEN, granted)).outcome == "approve"
    for no in (plain, incomplete):
        assert (await access.case(kernel, CITIZEN, no)).status == "in_step"


async def test_many_cases_that_wait_lawfully_keep_none_from_its_turn(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(timers, "PAGE", 2)
    open_ones = [await under_review(kernel, registers, upload=False) for _ in range(5)]
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.item(overdue="approve"))
    incomplete = [await under_review(kernel, registers, upload=False) for _ in range(5)]
    granted = await under_review(kernel, registers)
    pass_days(kernel, monkeypatch, 40)
    assert await timers.approve_by_silence(kernel) == 1
    assert (await access.case(kernel, CITIZEN, granted)).outcome == "approve"
    assert await timers.accept_by_silence(kernel) == len(open_ones) + len(incomplete)


async def test_the_legal_clock_of_two_workers_at_once_acts_once(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.item(overdue="approve"))
    waiting = [await under_review(kernel, registers, upload=False) for _ in range(3)]
    granted = [await under_review(kernel, registers) for _ in range(3)]
    pass_days(kernel, monkeypatch, 40)
    accepted = await asyncio.gather(*(timers.accept_by_silence(kernel) for _ in range(2)))
    approved = await asyncio.gather(*(timers.approve_by_silence(kernel) for _ in range(2)))
    assert (sum(accepted), sum(approved)) == (len(waiting) + len(granted), len(granted))
    for no, wanted in [*((no, "accepted") for no in waiting), *((no, "decided") for no in granted)]:
        view = await access.case(kernel, CITIZEN, no)
        assert [one.type for one in view.events].count(wanted) == 1


async def test_expired_drafts_go_and_are_not_found_before(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER), channel="web"
    )
    pass_days(kernel, monkeypatch, 31)
    with pytest.raises(NotFound):
        await access.draft(kernel, CITIZEN, draft.id)
    with pytest.raises(NotFound):
        await actions.file_draft(kernel, draft, actor=CITIZEN)
    assert await upkeep.drop_expired_drafts(kernel) == 1
    assert await Draft.all().count() == 0


async def test_erasing_leaves_nothing_personal_and_the_chain_whole(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    for actor, error in ((CITIZEN, NotAllowed), (REVIEWER, NotAllowed), (ADMINISTRATOR, Conflict)):
        with pytest.raises(error):
            await actions.ask_to_erase_case(kernel, no, actor=actor, reason="申请人要求", basis="申请人要求")
    await approve(kernel, no)
    await erase(kernel, no, basis="法院判决书（虚构）", ordered=True)
    row = await Case.get(no=no)
    assert (row.record, row.applicant_key, row.body_digest) == (None, "", "")
    assert {one.digest for one in await Letter.all()} <= {""}
    assert await CaseEvidence.exclude(detail=None).count() == 0
    assert await Letter.exclude(text=None).count() == 0
    assert [event.seq for event in await Event.exclude(payload=None)] == [row.events_count]
    assert not [path for path in kernel.settings.files.rglob("*") if path.is_file()]
    assert (await proving.verify_all()) == (1, [])
    with pytest.raises(Conflict):
        await erase(kernel, no, basis="再次", ordered=True)
    view = await access.case(kernel, REVIEWER, no)
    assert view.erased
    assert view.applicant == {}


async def test_the_daily_root_holds_after_new_events_and_finds_a_rewritten_past(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await under_review(kernel, registers)
    pass_days(kernel, monkeypatch, 1)
    assert await jobs.root(kernel) or True
    end = kernel.now()
    await DailyRoot.all().delete()
    assert await upkeep.root_day(kernel, kernel.today(), end) is not None
    assert await upkeep.root_day(kernel, kernel.today(), end) is None
    pass_days(kernel, monkeypatch, 2)
    await approve(kernel, no)
    assert (await proving.verify_all()) == (1, [])
    # Somebody with the whole database rewrites the chain of a case so that it holds in itself.
    await rewrite_chain(no, actor="somebody-else")
    looked, broken = await proving.verify_all()
    assert looked == 1
    assert len(broken) == 1
    assert "daily root" in broken[0]


async def test_verify_names_the_case_and_the_first_broken_link(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    await Event.filter(seq=2).update(actor="somebody-else")
    assert (await proving.verify_all())[1] == [f"{no}: event 2 was changed"]
    await Event.filter(seq=3).delete()
    await Event.filter(seq=2).delete()
    assert "tail was cut" in (await proving.verify_all())[1][0]
    await Event.all().delete()
    assert "tail was cut" in (await proving.verify_all())[1][0]
