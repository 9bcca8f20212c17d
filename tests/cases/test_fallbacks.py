"""Each fallback of a material from its beginning to its end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.actions import timers
from core.cases.case_view import CaseView
from core.cases.models import Letter
from core.cases.proving import verify_all
from core.contract import Down
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.kernel import Kernel
from tests.cases import town
from tests.cases.fallbacks import filed, on, status
from tests.cases.town import (
    CITIZEN,
    ELDER,
    OTHER,
    PNG,
    REVIEWER,
    Registers,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def kernel(anyio_backend: str, tmp_path: Path, registers: Registers) -> AsyncIterator[Kernel]:
    async with town.kernel(tmp_path, registers) as made:
        yield made


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
        kernel, case.no, actor=CITIZEN, material="lease", name="a.png", data=PNG,
        revision=seen.revision,
    )  # fmt: skip
    assert status(given, "lease") == ("given", False)


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
