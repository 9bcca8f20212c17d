"""校核纠错: the applicant says "this is wrong", the register's unit is asked once, and its answer reaches the case."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.cases import access, actions, correcting
from core.cases.case_view import CaseView
from core.cases.correcting import corrections_for
from core.cases.models import Case, CaseEvidence, Correction, Event
from core.contract import Actor, Down
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.kernel import Kernel
from tests.cases.town import CITIZEN, ELDER, OTHER, REVIEWER, SOURCES, TOWN, Registers, person

pytestmark = pytest.mark.anyio
POLICE = Actor(id="police", role="reviewer", name="吴警", unit="public-security", area=TOWN)


@pytest.fixture(autouse=True)
def kept_by_the_police(kernel: Kernel) -> None:
    kernel.catalog.sources = {  # type: ignore[misc]  # the town's catalog is a plain holder
        **SOURCES, "natural-person": replace(SOURCES["natural-person"], unit="public-security"),
    }  # fmt: skip


async def filed(kernel: Kernel, **claims: Any) -> CaseView:
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"), channel="web"
    )
    edited = actions.edit_draft(
        draft, answers={"phone": "13900000000"}, revision=draft.revision, disputed=["/name", "/name"],
        claims={f"/{name}": value for name, value in claims.items()},
    )  # fmt: skip
    receipt = await actions.file_draft(kernel, edited, actor=CITIZEN)
    return await access.case(kernel, CITIZEN, receipt.no)


async def test_one_request_for_each_case_and_value_goes_to_the_unit_with_a_day_of_its_own(kernel: Kernel) -> None:
    case = await filed(kernel)
    (one,) = (await corrections_for(kernel, POLICE)).lines
    assert (one.no, one.title, one.held, one.applicant) == (case.no, "姓名", "陈试甲", "陈试甲")
    assert one.due > kernel.today()
    assert (await corrections_for(kernel, REVIEWER)).lines == ()
    with pytest.raises(NotAllowed):
        await corrections_for(kernel, CITIZEN)
    with pytest.raises(NotFound):
        await actions.answer_correction(kernel, one.id, actor=REVIEWER, answer="right", reason="不归我管")


async def test_what_was_corrected_is_read_again_and_no_longer_in_doubt(kernel: Kernel, registers: Registers) -> None:
    registers.held["own-business"][ELDER] = Down("away")
    case = await filed(kernel)
    (one,) = (await corrections_for(kernel, POLICE)).lines
    for answer, reason in (("perhaps", "不知道"), ("right", " ")):
        with pytest.raises(Unprocessable):
            await actions.answer_correction(kernel, one.id, actor=POLICE, answer=answer, reason=reason)
    registers.held["natural-person"][ELDER] = {"name": "陈试佳", "birth_date": "1940-01-01", "alive": True}
    await actions.answer_correction(kernel, one.id, actor=POLICE, answer="corrected", reason="录入有误，已更正")
    after = await access.case(kernel, CITIZEN, case.no)
    assert after.answers["name"] == "陈试佳"
    assert after.disputed == ()
    assert (after.corrections[0].answer, after.corrections[0].reason) == ("corrected", "录入有误，已更正")
    assert "value_corrected" in [event.type for event in after.events]
    with pytest.raises(Conflict):
        await actions.answer_correction(kernel, one.id, actor=POLICE, answer="right", reason="又看了看")
    assert await Event.filter(type__startswith="value_").count() == 1


async def test_what_was_found_right_leaves_the_doubt_to_the_reviewer(kernel: Kernel) -> None:
    case = await filed(kernel)
    (one,) = (await corrections_for(kernel, POLICE)).lines
    await actions.answer_correction(kernel, one.id, actor=POLICE, answer="right", reason="与户口簿一致")
    after = await access.case(kernel, CITIZEN, case.no)
    assert (after.status, set(after.disputed)) == ("decided", {"/name"})
    assert after.corrections[0].answer == "right"
    assert (await Correction.get()).answered_by == "police"
    assert (await Case.get(no=case.no)).status == case.status


# --- a declared value ------------------------------------------------------------------------------------


async def test_the_case_goes_on_with_the_declared_value_and_a_person_decides(kernel: Kernel) -> None:
    case = await filed(kernel, name="陈试佳")
    assert (case.answers["name"], case.claims, set(case.disputed)) == ("陈试佳", {"/name": "陈试佳"}, {"/name"})
    assert (case.status, case.outcome) == ("in_step", "review")
    assert "申请人认为登记的内容有误并另行申报，需要人工核对" in case.decision["held_back"]
    (one,) = (await corrections_for(kernel, POLICE)).lines
    assert (one.held, one.declared) == ("陈试甲", "陈试佳")
    assert one.read_at


async def test_a_declared_value_never_gets_into_the_evidence(kernel: Kernel) -> None:
    plain = await filed(kernel)
    claimed = await filed(kernel, name="陈试佳")
    assert [(e.lookup, e.value, e.digest) for e in claimed.evidence] == [
        (e.lookup, e.value, e.digest) for e in plain.evidence
    ]
    assert all("陈试佳" not in str(row.detail) for row in await CaseEvidence.all())


async def test_a_declared_value_is_checked_like_the_field(kernel: Kernel) -> None:
    with pytest.raises(Unprocessable) as refused:
        await filed(kernel, name=7)
    assert [problem.at for problem in refused.value.problems] == ["/name"]


async def test_what_is_not_disputed_or_not_held_is_no_claim(kernel: Kernel) -> None:
    case = await filed(kernel, phone="13911111111", birth_date="1999-01-01")
    assert (case.claims, case.answers["phone"]) == ({}, "13900000000")


async def test_once_the_register_is_corrected_its_value_stands_again(kernel: Kernel, registers: Registers) -> None:
    case = await filed(kernel, name="陈试佳")
    (one,) = (await corrections_for(kernel, POLICE)).lines
    registers.held["natural-person"][ELDER] = {"name": "陈试嘉", "birth_date": "1940-01-01", "alive": True}
    await actions.answer_correction(kernel, one.id, actor=POLICE, answer="corrected", reason="已更正")
    after = await access.case(kernel, CITIZEN, case.no)
    assert (after.answers["name"], after.claims, after.disputed) == ("陈试嘉", {}, ())


async def test_a_register_found_right_leaves_the_declared_value_to_a_person(kernel: Kernel) -> None:
    case = await filed(kernel, name="陈试佳")
    (one,) = (await corrections_for(kernel, POLICE)).lines
    await actions.answer_correction(kernel, one.id, actor=POLICE, answer="right", reason="与户口簿一致")
    after = await access.case(kernel, CITIZEN, case.no)
    assert (after.status, after.claims, set(after.disputed)) == ("in_step", {"/name": "陈试佳"}, {"/name"})


async def test_both_lists_are_read_in_pages_and_miss_nobody(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(correcting, "PAGE", 2)
    made = [(await filed(kernel)).no for _ in range(5)]

    async def read(**more: Any) -> list[str]:
        found: list[str] = []
        after: str | None = None
        while True:
            page = await corrections_for(kernel, POLICE, after, **more)
            found += [one.no for one in page.lines]
            after = page.after
            if after is None:
                return found

    assert await read() == made
    for one in (await corrections_for(kernel, POLICE)).lines:
        await actions.answer_correction(kernel, one.id, actor=POLICE, answer="right", reason="一致")
    assert (await read(), await read(answered=True)) == (made[2:], made[1::-1])
    mine = await correcting.corrections_by(kernel, CITIZEN)
    assert [one.no for one in mine.lines] == made[:2:-1]
    assert [one.no for one in (await correcting.corrections_by(kernel, CITIZEN, mine.after)).lines] == made[2:0:-1]
    assert (await correcting.corrections_by(kernel, OTHER)).lines == ()
    for after in ("x", "2026-01-01_x", "y_z"):
        with pytest.raises(NotFound):
            await corrections_for(kernel, POLICE, after)
