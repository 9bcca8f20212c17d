"""Each fallback of a material from its beginning to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.actions import timers
from core.cases.case_view import CaseView
from core.cases.models import CaseMaterial, Letter
from core.cases.proving import verify_all
from core.catalog.bundle import read_item
from core.contract import Actor, Down
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.kernel import Kernel
from tests.cases import fallbacks, town
from tests.cases.town import (
    BOSS,
    CITIZEN,
    DAUGHTER,
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
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
async def kernel(anyio_backend: str, tmp_path: Path, registers: Registers) -> AsyncIterator[Kernel]:
    async with town.kernel(tmp_path, registers) as made:
        yield made


async def filed(kernel: Kernel, *materials: str, actor: Actor = CITIZEN, **more: Any) -> CaseView:
    receipt, _ = await actions.file(
        kernel, fallbacks.item(*materials), actor=actor, applicant=person(ELDER, "陈试甲"),
        answers=fallbacks.ANSWERS, **more,
    )  # fmt: skip
    return await access.case(kernel, actor, receipt.no)


def status(case: CaseView, material: str) -> tuple[str, bool]:
    one = next(m for m in case.materials if m.id == material)
    return one.status, one.open


# --- staff ----------------------------------------------------------------------------------------------


async def test_what_an_officer_saw_closes_the_material_for_a_person_to_decide(
    kernel: Kernel, registers: Registers
) -> None:
    registers.held["natural-person"][ELDER] = Down("away")
    case = await filed(kernel, "identity")
    assert status(case, "identity") == ("staff", True)
    with pytest.raises(Unprocessable):
        await actions.note_seen(kernel, case.no, actor=REVIEWER, material="identity", saw=" ", revision=case.revision)
    with pytest.raises(NotAllowed):
        await actions.note_seen(
            kernel, case.no, actor=CITIZEN, material="identity", saw="我自己看过", revision=case.revision
        )
    seen = await actions.note_seen(
        kernel, case.no, actor=REVIEWER, material="identity", saw="电话向派出所核实，户籍在册", revision=case.revision
    )
    assert status(seen, "identity") == ("given", False)
    assert seen.status == "in_step"
    assert seen.events[-1].data["because"] == "电话向派出所核实，户籍在册"
    with pytest.raises(Conflict):
        await actions.note_seen(
            kernel, case.no, actor=REVIEWER, material="identity", saw="再来", revision=seen.revision
        )


# --- promise --------------------------------------------------------------------------------------------


async def test_a_promise_is_kept_word_for_word_with_its_consequence(kernel: Kernel, registers: Registers) -> None:
    registers.held["own-business"][ELDER] = Down("away")
    case = await filed(kernel, "identity", "account", promises=["account"])
    letter = await Letter.get(kind="promise")
    assert "陈试甲" in letter.text
    assert "承诺不实的，停发并追回。" in letter.text
    assert "网上勾选" in letter.text
    assert case.status == "decided"


async def test_a_promise_taken_back_opens_the_material_again(kernel: Kernel, registers: Registers) -> None:
    registers.held["own-business"][ELDER] = Down("away")
    case = await filed(kernel, "identity", "account", "lease", promises=["account"])
    assert status(case, "account") == ("promise", False)
    with pytest.raises(NotAllowed):
        await actions.withdraw_promise(kernel, case.no, actor=REVIEWER, material="account", revision=case.revision)
    after = await actions.withdraw_promise(kernel, case.no, actor=CITIZEN, material="account", revision=case.revision)
    assert status(after, "account") == ("upload", True)
    with pytest.raises(Conflict):
        await actions.withdraw_promise(kernel, case.no, actor=CITIZEN, material="account", revision=after.revision)


async def test_an_untrue_promise_opens_the_material_and_is_told_in_a_notice(
    kernel: Kernel, registers: Registers
) -> None:
    registers.held["own-business"][ELDER] = Down("away")
    case = await filed(kernel, "identity", "account", "lease", promises=["account"])
    with pytest.raises(Unprocessable):
        await actions.find_promise_false(
            kernel, case.no, actor=REVIEWER, material="account", because="账户不是本人的", basis="",
            revision=case.revision,
        )  # fmt: skip
    after = await actions.find_promise_false(
        kernel, case.no, actor=REVIEWER, material="account", because="账户不是本人的", basis="示例规定第九条",
        revision=case.revision,
    )  # fmt: skip
    assert status(after, "account") == ("upload", True)
    assert [one.kind for one in after.letters] == ["promise", "promise_false"]
    with pytest.raises(Unprocessable):
        await actions.decide(
            kernel, case.no, actor=REVIEWER, outcome="approve", because="同意", revision=after.revision
        )


async def test_an_untrue_promise_of_a_granted_case_is_told_once_and_leaves_the_decision_to_its_own_procedure(
    kernel: Kernel, registers: Registers
) -> None:
    registers.held["own-business"][ELDER] = Down("away")
    case = await filed(kernel, "identity", "account", promises=["account"])
    said: dict[str, Any] = {"actor": REVIEWER, "material": "account", "because": "不实", "basis": "示例规定"}
    after = await actions.find_promise_false(kernel, case.no, revision=case.revision, **said)
    assert (after.status, after.outcome) == ("decided", "approve")
    assert after.letters[-1].kind == "promise_false"
    with pytest.raises(Conflict):
        await actions.find_promise_false(kernel, case.no, revision=after.revision, **said)
    assert (await verify_all())[1] == []


# --- later ----------------------------------------------------------------------------------------------


class OnDay:
    """The kernel's clock moved on; everything else is the kernel's own."""

    def __init__(self, kernel: Kernel, day: date) -> None:
        self._kernel, self._day = kernel, day

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernel, name)

    def today(self) -> date:
        return self._day


def on(kernel: Kernel, day: date) -> Any:
    return OnDay(kernel, day)


async def test_what_may_follow_later_is_reminded_of_then_called_overdue_then_still_taken(
    kernel: Kernel, registers: Registers
) -> None:
    case = await filed(kernel, "identity", "lease")
    assert status(case, "lease") == ("later", True)
    due = next(m.due for m in case.materials if m.id == "lease")
    assert due is not None
    assert await timers.watch_later(on(kernel, kernel.today())) == 0
    assert await timers.watch_later(on(kernel, due)) == 1
    assert await timers.watch_later(on(kernel, due)) == 0
    seen = await access.case(kernel, CITIZEN, case.no)
    assert seen.events[-1].type == "later_soon"
    assert str(due) in seen.events[-1].data["because"]
    assert await timers.watch_later(on(kernel, due + timedelta(days=1))) == 1
    assert await timers.watch_later(on(kernel, due + timedelta(days=9))) == 0
    seen = await access.case(kernel, CITIZEN, case.no)
    assert seen.events[-1].type == "later_over"
    assert (seen.status, status(seen, "lease")) == ("in_step", ("later", True))
    with pytest.raises(Unprocessable):
        await actions.decide(kernel, case.no, actor=REVIEWER, outcome="approve", because="同意", revision=seen.revision)
    given = await actions.hand_in(
        kernel, case.no, actor=CITIZEN, material="lease", name="a.png", data=b"\x89PNG\r\n\x1a\n" + b"\0" * 64,
        revision=seen.revision,
    )  # fmt: skip
    assert status(given, "lease") == ("given", False)


# --- confirm --------------------------------------------------------------------------------------------


async def test_only_the_other_party_confirms_and_the_rules_are_asked_again(
    kernel: Kernel, registers: Registers
) -> None:
    case = await filed(kernel, "identity", "other")
    assert case.status == "in_step"
    (asked,) = await access.to_confirm(kernel, OTHER)
    assert (asked.no, asked.material, asked.applicant_name) == (case.no, "other", "陈试甲")
    for stranger in (CITIZEN, REVIEWER, Actor(id="x", role="citizen", id_number=DAUGHTER)):
        assert await access.to_confirm(kernel, stranger) == []
        with pytest.raises(NotFound):
            await actions.confirm(kernel, case.no, actor=stranger, material="other", agrees=True)
    await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=True)
    done = await access.case(kernel, CITIZEN, case.no)
    assert (done.status, done.outcome, status(done, "other")) == ("decided", "approve", ("confirm", False))
    assert await access.to_confirm(kernel, OTHER) == []
    with pytest.raises(Conflict):
        await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=True)


async def test_a_firm_confirms_through_its_legal_representative_alone(kernel: Kernel, registers: Registers) -> None:
    boss = Actor(id="boss", role="citizen", name="谢样未", id_number=BOSS)
    receipt, _ = await actions.file(
        kernel, fallbacks.item("identity", "other"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"),
        answers={**fallbacks.ANSWERS, "other": FIRM},
    )  # fmt: skip
    case = await access.case(kernel, CITIZEN, receipt.no)
    assert await access.to_confirm(kernel, boss) == []
    (asked,) = await access.to_confirm(kernel, boss, firm=FIRM)
    assert (asked.no, asked.material) == (case.no, "other")
    for stranger in (CITIZEN, REVIEWER, OTHER):
        assert await access.to_confirm(kernel, stranger, firm=FIRM) == []
        with pytest.raises(NotFound):
            await actions.confirm(kernel, case.no, actor=stranger, material="other", agrees=True, firm=FIRM)
    with pytest.raises(NotFound):
        await actions.confirm(kernel, case.no, actor=boss, material="other", agrees=True)
    await actions.confirm(kernel, case.no, actor=boss, material="other", agrees=True, firm=FIRM)
    done = await access.case(kernel, CITIZEN, case.no)
    assert (done.status, done.outcome, status(done, "other")) == ("decided", "approve", ("confirm", False))
    assert (await verify_all())[1] == []


async def test_a_no_of_the_other_party_keeps_it_open(kernel: Kernel, registers: Registers) -> None:
    case = await filed(kernel, "identity", "other")
    await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=False)
    after = await access.case(kernel, CITIZEN, case.no)
    assert (after.status, status(after, "other")) == ("in_step", ("confirm", True))
    assert (await CaseMaterial.get(material="other")).because == "对方表示不同意。"
    assert await access.to_confirm(kernel, OTHER) == []


async def shared(kernel: Kernel, *numbers: str, born: tuple[str, ...] = (), **more: Any) -> CaseView:
    people = [{"id": one} | ({"born": born[n]} if n < len(born) else {}) for n, one in enumerate(numbers)]
    answers = {"phone": "13900000000", "people": people}
    receipt, _ = await actions.file(
        kernel, fallbacks.several(**more), actor=CITIZEN, applicant=person(ELDER, "陈试甲"), answers=answers
    )
    return await access.case(kernel, CITIZEN, receipt.no)


async def heard(kernel: Kernel) -> CaseView:
    """A case whose rules read what the other party says, and that looks him up once he has confirmed."""
    theirs = {
        "source": "natural-person", "by": {"id_number": "/answers/other"}, "take": ["birth_date"],
        "allowed_when": {"/confirmations/other": {"const": "confirmed"}}, "purpose": "核对成年", "basis": "示例规定",
    }  # fmt: skip
    adult = {"/confirmations/other": {"const": "confirmed"}, "/lookups/theirs/birth_date": {"x-age": {"minimum": 18}}}
    decide = [
        {"when": {"/confirmations/other": {"const": "refused"}}, "outcome": "review", "because": "对方不同意，先协商"},
        {"when": {"/confirmations/other": {"const": "waiting"}}, "outcome": "review", "because": "等对方确认"},
        {"when": {"/confirmations/other": {"const": "late"}}, "outcome": "review", "because": "对方没有答复"},
        {"when": adult, "outcome": "approve", "because": "对方已确认，已成年"},
    ]
    plain = fallbacks.item("identity", "other").bundle
    lookups = {"lookups": {**plain["lookups"]["lookups"], "theirs": theirs}}
    made = read_item("allowance", {**plain, "lookups": lookups, "routing": {**plain["routing"], "decide": decide}})
    receipt, _ = await actions.file(
        kernel, made, actor=CITIZEN, applicant=person(ELDER, "陈试甲"), answers=fallbacks.ANSWERS
    )
    case = await access.case(kernel, CITIZEN, receipt.no)
    assert (case.decision["rule"], case.decision["because"]) == ("/decide/1", "等对方确认")
    return case


async def test_the_word_of_the_other_party_opens_a_lookup_of_him_and_decides(
    kernel: Kernel, registers: Registers
) -> None:
    case = await heard(kernel)
    assert ("natural-person", YOUNG) not in registers.asked
    await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=True)
    done = await access.case(kernel, CITIZEN, case.no)
    assert registers.asked.count(("natural-person", YOUNG)) >= 1
    assert (done.status, done.outcome, done.decision["rule"]) == ("decided", "approve", "/decide/3")


async def test_rules_tell_a_no_of_the_other_party_from_his_silence(kernel: Kernel, registers: Registers) -> None:
    case = await heard(kernel)
    await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=False)
    after = await access.case(kernel, CITIZEN, case.no)
    assert (after.status, after.decision["rule"]) == ("in_step", "/decide/0")
    assert ("natural-person", YOUNG) not in registers.asked


GROWN = {"/each/born": {"x-age": {"minimum": 18}}}


async def test_of_several_parties_only_those_confirm_for_whom_the_condition_holds(
    kernel: Kernel, registers: Registers
) -> None:
    case = await shared(kernel, YOUNG, DAUGHTER, born=("1990-01-01", "2020-01-01"), when=GROWN)
    assert await access.to_confirm(kernel, GUARDIAN) == []
    with pytest.raises(NotFound):
        await actions.confirm(kernel, case.no, actor=GUARDIAN, material="both", agrees=True)
    await actions.confirm(kernel, case.no, actor=OTHER, material="both", agrees=True)
    done = await access.case(kernel, CITIZEN, case.no)
    assert (done.status, done.outcome, status(done, "both")) == ("decided", "approve", ("confirm", False))


async def test_a_party_of_whom_the_condition_cannot_be_told_has_to_confirm_too(
    kernel: Kernel, registers: Registers
) -> None:
    case = await shared(kernel, YOUNG, DAUGHTER, born=("1990-01-01",), when=GROWN)
    for party in (OTHER, GUARDIAN):
        assert [one.material for one in await access.to_confirm(kernel, party)] == ["both"]
        assert status(await access.case(kernel, CITIZEN, case.no), "both") == ("confirm", True)
        await actions.confirm(kernel, case.no, actor=party, material="both", agrees=True)
    done = await access.case(kernel, CITIZEN, case.no)
    assert (done.status, status(done, "both")) == ("decided", ("confirm", False))


async def test_where_the_condition_holds_for_nobody_nobody_is_waited_for(kernel: Kernel, registers: Registers) -> None:
    done = await shared(kernel, YOUNG, DAUGHTER, born=("2019-01-01", "2020-01-01"), when=GROWN)
    assert (done.status, done.outcome, status(done, "both")) == ("decided", "approve", ("confirm", False))


async def test_of_several_parties_all_have_to_confirm_each_for_himself(kernel: Kernel, registers: Registers) -> None:
    case = await shared(kernel, YOUNG, DAUGHTER, YOUNG)
    for party in (OTHER, GUARDIAN):
        assert [one.material for one in await access.to_confirm(kernel, party)] == ["both"]
    assert await access.to_confirm(kernel, CITIZEN) == []
    await actions.confirm(kernel, case.no, actor=OTHER, material="both", agrees=True)
    half = await access.case(kernel, CITIZEN, case.no)
    assert (half.status, status(half, "both")) == ("in_step", ("confirm", True))
    assert (await CaseMaterial.get(material="both")).because == "已有 1 方确认，还有 1 方没有确认。"
    assert await access.to_confirm(kernel, OTHER) == []
    with pytest.raises(Conflict):
        await actions.confirm(kernel, case.no, actor=OTHER, material="both", agrees=True)
    await actions.confirm(kernel, case.no, actor=GUARDIAN, material="both", agrees=True)
    done = await access.case(kernel, CITIZEN, case.no)
    assert (done.status, done.outcome, status(done, "both")) == ("decided", "approve", ("confirm", False))
    assert (await verify_all())[1] == []


async def test_one_no_of_several_makes_the_item_want_what_it_names_instead(
    kernel: Kernel, registers: Registers
) -> None:
    registers.held["natural-person"][ELDER] = Down("away")
    case = await shared(kernel, YOUNG, DAUGHTER, otherwise="upload")
    await actions.confirm(kernel, case.no, actor=GUARDIAN, material="both", agrees=False)
    after = await access.case(kernel, CITIZEN, case.no)
    assert status(after, "both") == ("upload", True)
    assert await access.to_confirm(kernel, OTHER) == [], "nobody else is asked in vain"
    with pytest.raises(Conflict):
        await actions.confirm(kernel, case.no, actor=OTHER, material="both", agrees=True)
    registers.held["natural-person"].pop(ELDER)
    asked = await actions.ask_sources_again(kernel, case.no, actor=REVIEWER, revision=after.revision)
    assert status(asked, "both") == ("upload", True), "what is asked again does not ask them again"
    given = await actions.hand_in(
        kernel, case.no, actor=CITIZEN, material="both", name="a.png", data=PNG, revision=asked.revision
    )
    assert status(given, "both") == ("given", False)


async def test_who_says_nothing_in_time_is_waited_for_no_longer(kernel: Kernel, registers: Registers) -> None:
    case = await shared(kernel, YOUNG, DAUGHTER, days=3, otherwise="staff")
    due = next(m.due for m in case.materials if m.id == "both")
    assert due is not None
    assert await timers.watch_confirmers(on(kernel, due)) == 0
    assert await timers.watch_confirmers(on(kernel, due + timedelta(days=1))) == 1
    assert await timers.watch_confirmers(on(kernel, due + timedelta(days=1))) == 0
    seen = await access.case(kernel, CITIZEN, case.no)
    assert seen.events[-1].type == "party_silent"
    assert (seen.status, status(seen, "both")) == ("in_step", ("staff", True))


@pytest.mark.parametrize("numbers", [(), (ELDER,), (YOUNG, "")])
async def test_where_a_party_is_not_known_or_is_the_applicant_nobody_confirms_for_him(
    kernel: Kernel, registers: Registers, numbers: tuple[str, ...]
) -> None:
    case = await shared(kernel, *numbers)
    assert status(case, "both") == ("confirm", True)
    for party in await access.to_confirm(kernel, OTHER):
        await actions.confirm(kernel, case.no, actor=OTHER, material=party.material, agrees=True)
    assert status(await access.case(kernel, CITIZEN, case.no), "both") == ("confirm", True)


# --- a paper looked at ----------------------------------------------------------------------------------


async def with_paper(kernel: Kernel, registers: Registers) -> CaseView:
    registers.held["natural-person"][ELDER] = Down("away")
    return await filed(kernel, "identity", files={"identity": [("a.png", PNG)]})


async def test_a_paper_found_good_is_named_with_who_and_when_and_a_person_still_decides(
    kernel: Kernel, registers: Registers
) -> None:
    case = await with_paper(kernel, registers)
    good = await actions.judge_paper(
        kernel, case.no, actor=REVIEWER, material="identity", good=True, revision=case.revision
    )
    assert status(good, "identity") == ("given", False)
    assert good.status == "in_step"
    assert (good.events[-1].type, good.events[-1].actor) == ("material_accepted", REVIEWER.id)
    with pytest.raises(Conflict):
        await actions.judge_paper(
            kernel, case.no, actor=REVIEWER, material="identity", good=True, revision=good.revision
        )
    assert (await verify_all())[1] == []


async def test_a_paper_found_wanting_is_wanted_again_whatever_is_asked_again(
    kernel: Kernel, registers: Registers
) -> None:
    case = await with_paper(kernel, registers)
    bad = {"actor": REVIEWER, "material": "identity", "good": False, "revision": case.revision}
    with pytest.raises(Unprocessable):
        await actions.judge_paper(kernel, case.no, because=" ", **bad)  # type: ignore[arg-type]
    again = await actions.judge_paper(kernel, case.no, because="照片模糊，请重拍", **bad)  # type: ignore[arg-type]
    assert status(again, "identity") == ("upload", True)
    with pytest.raises(Unprocessable):
        await actions.decide(kernel, case.no, actor=REVIEWER, outcome="approve", because="x", revision=again.revision)
    registers.held["natural-person"].pop(ELDER)
    await actions.ask_sources_again(kernel, case.no, actor=REVIEWER, revision=again.revision)
    still = await access.case(kernel, REVIEWER, case.no)
    assert status(still, "identity") == ("upload", True), "the same paper proves no more than before"
    fresh = await actions.hand_in(
        kernel, case.no, actor=CITIZEN, material="identity", name="b.png", data=PNG + b"1",
        revision=still.revision,
    )  # fmt: skip
    assert status(fresh, "identity") == ("given", False)
    assert next(m for m in fresh.materials if m.id == "identity").told == ""


async def test_of_two_who_look_at_one_paper_the_second_is_told(kernel: Kernel, registers: Registers) -> None:
    case = await with_paper(kernel, registers)

    async def look(good: bool) -> str:
        try:
            await actions.judge_paper(
                kernel, case.no, actor=REVIEWER, material="identity", good=good, because="模糊", revision=case.revision
            )
        except Conflict as conflict:
            return conflict.code
        return "done"

    assert sorted(await asyncio.gather(look(True), look(False))) == ["done", "stale"]
    events = [e.type for e in (await access.case(kernel, REVIEWER, case.no)).events]
    assert sum(type in ("material_accepted", "material_rejected") for type in events) == 1


async def test_who_is_neither_desk_nor_office_of_the_case_looks_at_nothing(
    kernel: Kernel, registers: Registers
) -> None:
    case = await with_paper(kernel, registers)
    for actor, error in ((CITIZEN, NotAllowed), (OTHER, NotFound)):
        with pytest.raises(error):
            await actions.judge_paper(
                kernel, case.no, actor=actor, material="identity", good=True, revision=case.revision
            )
    with pytest.raises(NotFound):
        await actions.judge_paper(kernel, case.no, actor=REVIEWER, material="no", good=True, revision=case.revision)


async def test_the_events_alone_tell_what_the_record_proposes(kernel: Kernel, registers: Registers) -> None:
    registers.held["own-business"].pop(ELDER)
    case = await filed(kernel, "identity", "account", files={"account": [("a.png", PNG)]})
    look = {"actor": REVIEWER, "material": "account"}

    async def replayed() -> dict[str, Any]:
        view = await access.case(kernel, REVIEWER, case.no)
        said: dict[str, Any] = {}
        for event in view.events:
            said = event.data.get("decision") or said
        assert said == {name: view.decision[name] for name in said}
        return said

    bad = await actions.judge_paper(
        kernel, case.no, good=False, because="照片模糊", revision=case.revision, **look  # type: ignore[arg-type]
    )  # fmt: skip
    assert (await replayed())["held_back"] == ["“银行账户证明”尚未齐备（不符合要求：照片模糊）"]
    fresh = await actions.hand_in(
        kernel, case.no, actor=CITIZEN, material="account", name="b.png", data=PNG + b"1", revision=bad.revision
    )
    assert (await replayed())["held_back"] == ["“银行账户证明”已提交，需要人工核对"]
    await actions.judge_paper(kernel, case.no, good=True, revision=fresh.revision, **look)  # type: ignore[arg-type]
    good = await replayed()
    assert (good["outcome"], good["because"], good["held_back"]) == ("approve", "户籍在册且年满80周岁", [])
    registers.held["own-business"][ELDER] = {"bank_account": "6222000000000000"}
    again = await access.case(kernel, REVIEWER, case.no)
    done = await actions.ask_sources_again(kernel, case.no, actor=REVIEWER, revision=again.revision)
    assert status(done, "account") == ("proved", False)
    assert await replayed() == good
    assert (await verify_all())[1] == []
