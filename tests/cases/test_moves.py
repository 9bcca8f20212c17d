"""Deciding and moving: who may, in which state, and what happens to whoever comes second."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from core.cases import access, actions, proving, queues
from core.cases.case_view import CaseView
from core.cases.models import AccessLog, Case, Event, Outbox
from core.contract import Actor, Down
from core.errors import Conflict, NotAllowed, NotFound, TooMany, Unprocessable
from core.judge.legal_clock import CORRECTION_DAYS
from core.kernel import Kernel
from core.office import actions as office_actions
from core.office.seed import Person
from tests.cases.town import (
    BOSS,
    CITIZEN,
    ELDER,
    OFFICE,
    OTHER,
    REVIEWER,
    REVIEWER_2,
    STRANGER,
    TOWN,
    WORKER,
    Registers,
    person,
)  # fmt: skip

pytestmark = pytest.mark.anyio
PDF = b"%PDF-1.7 a made-up page"
ADMINISTRATOR = Actor(id="acc-admin", role="administrator", name="吴管")
SECOND = Actor(id="acc-admin-2", role="administrator", name="郑管")


async def under_review(kernel: Kernel, registers: Registers, *, upload: bool = True) -> str:
    """A case that a person must decide: the account register was down, the account was handed in on paper."""
    registers.held["own-business"][ELDER] = Down("timeout")
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"), channel="web"
    )
    if upload:
        draft = await actions.add_file(kernel, draft, "account", "存折.pdf", PDF)
    edited = actions.edit_draft(draft, answers={"phone": "13900000000"}, revision=draft.revision)
    receipt = await actions.file_draft(kernel, edited, actor=CITIZEN)
    assert receipt.status == "in_step"
    return receipt.no


async def approve(kernel: Kernel, no: str, actor: Actor = REVIEWER, revision: int = 1) -> CaseView:
    return await actions.decide(
        kernel, no, actor=actor, outcome="approve", because="材料属实", checked=["account"], revision=revision
    )


async def erase(kernel: Kernel, no: str, *, basis: str, ordered: bool = False) -> None:
    """One asks, another confirms."""
    id = await actions.ask_to_erase_case(
        kernel, no, actor=ADMINISTRATOR, reason="陈试甲要求删除", basis=basis, ordered=ordered
    )
    await actions.confirm_erasure(kernel, id, actor=SECOND)


async def test_a_reviewer_approves_and_the_applicant_reads_it(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    view = await approve(kernel, no)
    assert (view.status, view.outcome, view.revision) == ("decided", "approve", 2)
    mine = await access.case(kernel, CITIZEN, no)
    assert mine.decision["because"] == "材料属实"
    assert [letter.kind for letter in mine.letters] == ["result"]
    assert mine.deadline is None
    assert mine.events[-1].type == "decided"
    assert (await proving.verify_all()) == (1, [])


async def test_a_rejection_names_its_basis(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    for because, basis in (("", "某条"), ("不符", None), ("不符", "  ")):
        with pytest.raises(Unprocessable):
            await actions.decide(kernel, no, actor=REVIEWER, outcome="reject", because=because, basis=basis, revision=1)
    view = await actions.decide(
        kernel, no, actor=REVIEWER, outcome="reject", because="不符", basis="某法第一条", revision=1
    )
    assert view.outcome == "reject"


async def test_of_two_reviewers_one_wins_and_the_other_is_told(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    results = await asyncio.gather(
        approve(kernel, no),
        actions.decide(kernel, no, actor=REVIEWER_2, outcome="reject", because="不符", basis="某法第一条", revision=1),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in results) == ["CaseView", "Conflict"]
    assert await Event.filter(type="decided").count() == 1
    assert (await proving.verify_all())[1] == []


async def test_a_stale_page_decides_nothing(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    with pytest.raises(Conflict):
        await approve(kernel, no, revision=7)
    assert (await access.case(kernel, CITIZEN, no)).status == "in_step"


async def test_no_approval_while_a_required_material_is_open(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers, upload=False)
    with pytest.raises(Unprocessable) as raised:
        await approve(kernel, no)
    assert [problem.at for problem in raised.value.problems] == ["/materials/account"]


@pytest.mark.parametrize("actor", [STRANGER, OTHER, WORKER])
async def test_for_everybody_else_the_case_does_not_exist(kernel: Kernel, registers: Registers, actor: Actor) -> None:
    no = await under_review(kernel, registers)
    for attempt in (access.case(kernel, actor, no), approve(kernel, no, actor)):
        with pytest.raises(NotFound):
            await attempt


async def test_the_applicant_does_not_decide(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    with pytest.raises(NotAllowed):
        await approve(kernel, no, CITIZEN)


async def test_who_accepted_does_not_decide_alone(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    await Case.filter(no=no).update(accepted_by=REVIEWER.id)
    with pytest.raises(NotAllowed) as raised:
        await approve(kernel, no)
    assert raised.value.code == "separation-of-duties"
    assert (await approve(kernel, no, REVIEWER_2)).status == "decided"


async def two_accounts(*roles: str) -> list[Actor]:
    """Of one human, each of its own role; those of staff work in the office that decides."""
    made = []
    for n, role in enumerate(roles):
        one = Person(f"account-{n}", "钱审", role, "civil-affairs" if role == "reviewer" else None, id_number=BOSS)
        made.append(await office_actions.create_account(one, password="long-enough-1", office=OFFICE))
    return [replace(one, area=TOWN) if one.role == "reviewer" else one for one in made]


async def test_who_accepted_does_not_decide_by_another_account_of_his(kernel: Kernel, registers: Registers) -> None:
    first, second = await two_accounts("reviewer", "reviewer")
    no = await under_review(kernel, registers)
    await Case.filter(no=no).update(accepted_by=first.id)
    with pytest.raises(NotAllowed) as raised:
        await approve(kernel, no, second)
    assert raised.value.code == "separation-of-duties"
    assert (await Case.get(no=no)).status == "in_step"
    assert (await approve(kernel, no, REVIEWER_2)).status == "decided"


async def test_what_somebody_filed_as_a_citizen_he_does_not_see_as_staff(kernel: Kernel, registers: Registers) -> None:
    citizen, staff = await two_accounts("citizen", "reviewer")
    no = await under_review(kernel, registers)
    assert (await access.case(kernel, staff, no)).no == no
    await Case.filter(no=no).update(actor=citizen.id)
    with pytest.raises(NotFound):
        await access.case(kernel, staff, no)


async def test_who_asks_for_an_erasure_does_not_confirm_it_by_another_account(
    kernel: Kernel, registers: Registers
) -> None:
    first, second = await two_accounts("administrator", "administrator")
    no = await under_review(kernel, registers)
    await approve(kernel, no)
    id = await actions.ask_to_erase_case(
        kernel, no, actor=first, reason="本人要求", basis="示例文书", ordered=True
    )  # fmt: skip
    with pytest.raises(NotAllowed, match="另一个人"):
        await actions.confirm_erasure(kernel, id, actor=second)
    assert (await Case.get(no=no)).record is not None


async def test_a_decided_case_is_not_decided_again(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    await approve(kernel, no)
    with pytest.raises(Conflict):
        await approve(kernel, no, revision=2)


async def test_the_applicant_withdraws_and_nothing_moves_after(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    view = await actions.simple_move(kernel, no, "withdraw", actor=CITIZEN, revision=1)
    assert view.status == "withdrawn"
    assert view.moves == ()
    with pytest.raises(Conflict):
        await approve(kernel, no, revision=2)


async def test_a_correction_is_asked_once_and_for_everything(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers, upload=False)
    with pytest.raises(Unprocessable):
        await actions.ask_correction(kernel, no, actor=REVIEWER, wanted={}, revision=1)
    view = await actions.ask_correction(kernel, no, actor=REVIEWER, wanted={"account": "请上传存折首页"}, revision=1)
    assert view.status == "correction"
    view = await actions.hand_in(kernel, no, actor=CITIZEN, material="account", name="存折.pdf", data=PDF, revision=2)
    assert {m.id: m.status for m in view.materials}["account"] == "given"
    view = await actions.simple_move(kernel, no, "correct", actor=CITIZEN, revision=3)
    assert view.status == "filed"
    with pytest.raises(Conflict):
        await actions.ask_correction(kernel, no, actor=REVIEWER, wanted={"account": "再来"}, revision=4)
    view = await actions.accept(kernel, no, actor=REVIEWER_2, revision=4)
    assert (await approve(kernel, no, revision=5)).outcome == "approve"
    assert (await proving.verify_all()) == (1, [])


async def test_moves_shown_are_moves_that_work(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    seen: dict[str, Any] = {actor.id: (await access.case(kernel, actor, no)).moves for actor in (CITIZEN, REVIEWER)}
    assert seen[CITIZEN.id] == ("withdraw",)
    assert "decide" in seen[REVIEWER.id]
    assert "withdraw" not in seen[REVIEWER.id]


async def test_the_queue_is_the_offices_own_green_channel_first(kernel: Kernel, registers: Registers) -> None:
    numbers = [await under_review(kernel, registers) for _ in range(3)]
    await Case.filter(no=numbers[2]).update(rank=0, waiting=0)
    page = await access.queue(kernel, REVIEWER)
    assert [line.no for line in page.lines] == [numbers[2], numbers[0], numbers[1]]
    assert (await access.queue(kernel, STRANGER)).lines == ()
    with pytest.raises(NotAllowed):
        await access.queue(kernel, CITIZEN)
    other_town = Actor(id="r3", role="reviewer", unit="civil-affairs", area="320583104000")
    assert (await access.queue(kernel, other_town)).lines == ()
    chief = Actor(id="s", role="supervisor", unit="civil-affairs", area="320583000000")
    assert len((await access.queue(kernel, chief)).lines) == 3
    await approve(kernel, numbers[0])
    assert [line.no for line in (await access.queue(kernel, REVIEWER)).lines] == [numbers[2], numbers[1]]
    done = await access.queue(kernel, REVIEWER, state="decided")
    assert [line.no for line in done.lines] == [numbers[0]]
    assert TOWN


async def test_pages_of_a_list_are_read_by_key_without_gap_or_repeat(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(access, "PAGE", 2)
    numbers = [await under_review(kernel, registers) for _ in range(5)]
    for queue in (True, False):
        seen: list[str] = []
        after = None
        while True:
            page = await (
                access.queue(kernel, REVIEWER, after=after) if queue else access.cases_of(kernel, CITIZEN, after)
            )
            seen += [line.no for line in page.lines]
            after = page.after
            if after is None:
                break
        assert sorted(seen) == sorted(numbers)
        assert len(seen) == 5


async def test_a_case_opens_by_number_and_code_and_shows_nothing_personal(kernel: Kernel, registers: Registers) -> None:
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"), channel="web"
    )
    receipt = await actions.file_draft(
        kernel,
        actions.edit_draft(draft, answers={"phone": "13900000000"}, revision=draft.revision),
        actor=CITIZEN,
    )
    code = receipt.tracking_code or ""
    view = await access.case_by_code(kernel, receipt.no.lower(), f" {code.lower()} ")
    assert view.status == "decided"
    assert (view.applicant, view.answers, view.letters, view.evidence) == ({}, {}, (), ())
    row = await Case.get(no=receipt.no)
    assert code not in str({name: getattr(row, name) for name in row._meta.fields_map if name != "record"})


async def test_ten_wrong_codes_close_the_door_for_a_while(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    for _ in range(access.MAX_TRIES):
        with pytest.raises(NotFound):
            await access.case_by_code(kernel, no, "WRONG00000")
    with pytest.raises(TooMany) as raised:
        await access.case_by_code(kernel, no, "WRONG00000")
    assert 0 < raised.value.retry_after <= 900


async def test_a_read_by_staff_is_logged_and_shown_to_the_person(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    before = await AccessLog.all().count()
    await access.case(kernel, CITIZEN, no)
    assert await AccessLog.all().count() == before
    await access.case(kernel, REVIEWER, no)
    page = await access.accesses_of(kernel, CITIZEN)
    assert (page.lines[0].kind, page.lines[0].actor, page.lines[0].reference) == ("case", REVIEWER.id, no)


async def test_every_event_has_its_row_in_the_outbox_without_answers(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    await approve(kernel, no)
    rows = await Outbox.all().order_by("seq")
    assert [row.event["type"] for row in rows] == ["filed", "begun", "decided"]
    for row in rows:
        assert set(row.event) == {"id", "type", "at", "case", "item", "version", "from", "to", "unit", "area"}
        assert row.event["case"] == no
        assert "1390000" not in str(row.event)
    assert CORRECTION_DAYS == 5


async def test_a_case_decided_while_the_queue_is_read_is_left_out(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting = queues.waiting
    no = await under_review(kernel, registers)
    assert [line.no for line in (await access.queue(kernel, REVIEWER)).lines] == [no]

    async def somebody_is_faster(*arguments: Any, **named: Any) -> Any:
        keys = await waiting(*arguments, **named)
        await Case.filter(no=no).update(status="decided", waiting=None)
        return keys

    monkeypatch.setattr(queues, "waiting", somebody_is_faster)
    assert (await access.queue(kernel, REVIEWER)).lines == ()
