"""Joint applications 共同申请: who has confirmed reads the case, gets the result, and may end it; nobody before."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.actions import timers
from core.cases.case_view import CaseView
from core.cases.erasing import held_of
from core.cases.models import AccessLog, Case, CaseJoint, Letter
from core.cases.proving import verify_all
from core.catalog.bundle import read_item
from core.contract import Actor, Item
from core.errors import Conflict, NotAllowed, NotFound
from core.kernel import Kernel
from tests.cases import fallbacks
from tests.cases.test_moves import ADMINISTRATOR, PDF, SECOND
from tests.cases.town import (
    BOSS,
    CITIZEN,
    ELDER,
    FIRM,
    GUARDIAN,
    OTHER,
    REVIEWER,
    YOUNG,
    Registers,
    person,
)

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True


def together(*wanted: str) -> Item:
    """The allowance where the other party applies jointly once he has confirmed."""
    bundle = fallbacks.item(*wanted).bundle
    materials = [
        one | ({"fallback": {**one["fallback"], "joint": True}} if one["id"] == "other" else {})
        for one in bundle["item"]["materials"]
    ]
    return read_item("allowance", {**bundle, "item": {**bundle["item"], "materials": materials}})


async def filed(kernel: Kernel, *wanted: str, other: str = YOUNG, **more: Any) -> CaseView:
    receipt, _ = await actions.file(
        kernel, together(*(wanted or ("identity", "lease", "other"))), actor=CITIZEN,
        applicant=person(ELDER, "陈试甲"), answers={**fallbacks.ANSWERS, "other": other}, **more,
    )  # fmt: skip
    return await access.case(kernel, CITIZEN, receipt.no)


async def confirm(kernel: Kernel, no: str, actor: Actor = OTHER, **more: Any) -> None:
    await actions.confirm(kernel, no, actor=actor, material="other", agrees=True, **more)


async def test_nobody_reads_the_case_before_he_has_confirmed(kernel: Kernel, registers: Registers) -> None:
    case = await filed(kernel)
    (asked,) = await access.to_confirm(kernel, OTHER)
    assert asked.joint
    with pytest.raises(NotFound):
        await access.case(kernel, OTHER, case.no)
    assert (await access.cases_of(kernel, OTHER)).lines == ()
    await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=False)
    with pytest.raises(NotFound):
        await access.case(kernel, OTHER, case.no)


async def test_who_has_confirmed_reads_how_it_stands_and_the_decision(kernel: Kernel, registers: Registers) -> None:
    case = await filed(kernel, "identity", "other")
    await confirm(kernel, case.no)
    (line,) = (await access.cases_of(kernel, OTHER)).lines
    view = await access.case(kernel, OTHER, case.no)
    assert (line.no, view.status, view.outcome, view.joint) == (case.no, "decided", "approve", ("李试乙",))
    assert view.events[-1].type in ("decided", "party_confirmed")
    reads = await AccessLog.filter(actor=OTHER.id, kind="case")
    assert [one.subject_key for one in reads] == [kernel.keys.index(ELDER)], "the applicant sees who read it"
    with pytest.raises(NotFound):
        await access.case(kernel, GUARDIAN, case.no)
    assert (await verify_all())[1] == []


async def test_the_item_s_letters_name_and_reach_all_who_apply_and_what_was_confirmed_is_not_handed_in(
    kernel: Kernel, registers: Registers
) -> None:
    bundle = together("identity", "lease", "other").bundle
    letters = [{"id": "done", "title": "撤回告知书", "template": "done.html", "on": "withdrawn"}]
    text = "<p>{{ applicant.name }}{% for name in case.joint %}、{{ name }}{% endfor %}</p>"
    item = read_item(
        "allowance",
        {
            **bundle,
            "item": {**bundle["item"], "letters": letters},
            "templates": {**bundle["templates"], "done.html": text},
        },
    )
    receipt, _ = await actions.file(
        kernel, item, actor=CITIZEN, applicant=person(ELDER, "陈试甲"), answers={**fallbacks.ANSWERS, "other": YOUNG}
    )
    await confirm(kernel, receipt.no)
    view = await access.case(kernel, CITIZEN, receipt.no)
    with pytest.raises(Conflict, match="无需提交"):
        await actions.hand_in(
            kernel, receipt.no, actor=CITIZEN, material="other", name="x.pdf", data=PDF, revision=view.revision
        )
    await actions.simple_move(kernel, receipt.no, "withdraw", actor=CITIZEN, revision=view.revision)
    for actor in (CITIZEN, OTHER):
        read = await access.case(kernel, actor, receipt.no)
        assert "<p>陈试甲、李试乙</p>" in [one.text for one in read.letters]


async def test_what_registers_said_of_the_other_and_his_papers_stay_his(kernel: Kernel, registers: Registers) -> None:
    case = await filed(kernel)
    revision = (await Case.get(no=case.no)).revision
    await actions.hand_in(
        kernel, case.no, actor=CITIZEN, material="lease", name="租赁合同.pdf", data=PDF, revision=revision
    )
    await confirm(kernel, case.no)
    own, joint = await access.case(kernel, CITIZEN, case.no), await access.case(kernel, OTHER, case.no)
    lease = next(one for one in own.materials if one.id == "lease")
    assert [one.name for one in lease.files] == ["租赁合同.pdf"]
    assert any(one.value for one in own.evidence)
    assert not any(one.value for one in joint.evidence)
    assert not any(one.files for one in joint.materials)
    with pytest.raises(NotFound):
        await access.file_bytes(kernel, OTHER, case.no, lease.files[0].digest)


@pytest.mark.parametrize("ends", [OTHER, CITIZEN])
async def test_any_of_them_ends_it_and_the_others_are_told(kernel: Kernel, registers: Registers, ends: Actor) -> None:
    case = await filed(kernel)
    await confirm(kernel, case.no)
    view = await access.case(kernel, ends, case.no)
    assert "withdraw" in view.moves
    await actions.simple_move(kernel, case.no, "withdraw", actor=ends, revision=view.revision, because="不卖了")
    for reader in (CITIZEN, OTHER):
        view = await access.case(kernel, reader, case.no)
        assert view.status == "withdrawn"
        (letter,) = view.letters
        assert letter.title == "共同申请撤回告知书"
        for said in ("陈试甲、李试乙：", f"由{ends.name}撤回", "不卖了"):
            assert said in letter.text
    said = view.events[-1].data["standing"]["kind"]
    assert said == ("joint" if ends is OTHER else "self")


async def test_what_was_not_done_in_time_ends_it_for_all_and_all_are_told(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        fallbacks,
        "LEASE",
        {"id": "lease", "title": "租赁合同", "fallback": {"later": 5, "otherwise": "close"}, "basis": "一"},
    )
    case = await filed(kernel)
    await confirm(kernel, case.no)
    due = next(one.due for one in case.materials if one.id == "lease")
    assert due is not None
    assert await timers.watch_later(fallbacks.on(kernel, due + timedelta(days=1))) == 1
    view = await access.case(kernel, OTHER, case.no)
    assert view.status == "withdrawn"
    (told,) = [one.text for one in view.letters if one.title == "视为撤回申请告知书"]
    assert "陈试甲、李试乙：您申请的" in told


async def test_what_the_applicant_has_signed_only_he_takes_back(kernel: Kernel, registers: Registers) -> None:
    case = await filed(kernel)
    await confirm(kernel, case.no)
    view = await access.case(kernel, OTHER, case.no)
    assert view.as_joint
    with pytest.raises(NotAllowed, match="撤回承诺"):
        await actions.withdraw_promise(kernel, case.no, actor=OTHER, material="lease", revision=view.revision)
    with pytest.raises(Conflict):  # it is no promise, but he would be let do it
        await actions.withdraw_promise(kernel, case.no, actor=CITIZEN, material="lease", revision=view.revision)


async def test_alone_nobody_is_told_of_a_withdrawal(kernel: Kernel, registers: Registers) -> None:
    case = await filed(kernel)
    await actions.simple_move(kernel, case.no, "withdraw", actor=CITIZEN, revision=case.revision)
    assert await Letter.all().count() == 0


async def test_a_refusal_speaks_to_all_of_them_and_ends_what_they_may_do(kernel: Kernel, registers: Registers) -> None:
    case = await filed(kernel)
    await confirm(kernel, case.no)
    revision = (await Case.get(no=case.no)).revision
    await actions.decide(
        kernel, case.no, actor=REVIEWER, outcome="reject", because="不符", basis="某法第一条", revision=revision
    )
    view = await access.case(kernel, OTHER, case.no)
    assert "陈试甲、李试乙：" in view.letters[0].text
    assert "withdraw" not in view.moves
    with pytest.raises(Conflict):
        await actions.simple_move(kernel, case.no, "withdraw", actor=OTHER, revision=view.revision)


async def test_staff_who_apply_jointly_do_not_handle_it(kernel: Kernel, registers: Registers) -> None:
    case = await filed(kernel)
    await confirm(kernel, case.no)
    himself = Actor(**{**{f: getattr(REVIEWER, f) for f in ("id", "role", "name", "unit", "area")}, "id_number": YOUNG})
    assert (await access.case(kernel, REVIEWER, case.no)).joint == ("李试乙",)
    with pytest.raises(NotFound):
        await access.case(kernel, himself, case.no)


async def test_a_firm_that_applies_jointly_reads_through_who_stands_for_it(
    kernel: Kernel, registers: Registers
) -> None:
    boss = Actor(id="boss", role="citizen", name="谢样未", id_number=BOSS)
    case = await filed(kernel, other=FIRM)
    with pytest.raises(NotFound):
        await access.case(kernel, boss, case.no)
    await confirm(kernel, case.no, boss, firm=FIRM)
    assert (await access.case(kernel, boss, case.no)).joint == (f"谢样未（代 {FIRM}）",)


async def test_without_that_word_who_confirms_reads_nothing(kernel: Kernel, registers: Registers) -> None:
    case = await fallbacks.filed(kernel, "identity", "lease", "other")
    (asked,) = await access.to_confirm(kernel, OTHER)
    assert not asked.joint
    await confirm(kernel, case.no)
    with pytest.raises(NotFound):
        await access.case(kernel, OTHER, case.no)


async def test_once_his_data_is_erased_he_finds_it_no_more_and_not_while_it_is_under_way(
    kernel: Kernel, registers: Registers
) -> None:
    case = await filed(kernel)
    await confirm(kernel, case.no)
    ordered: dict[str, Any] = {"reason": "本人要求", "basis": "法院判决书（虚构）", "ordered": True}
    with pytest.raises(Conflict):
        await actions.ask_to_erase_person(kernel, YOUNG, actor=ADMINISTRATOR, **ordered)
    view = await access.case(kernel, OTHER, case.no)
    await actions.simple_move(kernel, case.no, "withdraw", actor=OTHER, revision=view.revision)
    held = await held_of(kernel, ADMINISTRATOR, YOUNG, accounts=0)
    assert [(one.no, one.until is not None) for one in held.shared] == [(case.no, True)]
    request = await actions.ask_to_erase_person(kernel, YOUNG, actor=ADMINISTRATOR, **ordered)
    await actions.confirm_erasure(kernel, request, actor=SECOND)
    assert await CaseJoint.all().count() == 0
    with pytest.raises(NotFound):
        await access.case(kernel, OTHER, case.no)
    assert (await access.case(kernel, CITIZEN, case.no)).status == "withdrawn"
