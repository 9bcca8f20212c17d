"""From a draft to exactly one case."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from core.cases import access, actions, numbers
from core.cases.draft_view import DraftView
from core.cases.models import AccessLog, Case, CaseEvidence, CaseMaterial, Draft, Event, Letter, Outbox
from core.contract import Down
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.kernel import Kernel
from tests.cases.town import CITIZEN, ELDER, GUARDIAN, LETTER, OTHER, YOUNG, Registers, person

pytestmark = pytest.mark.anyio
PHONE = {"phone": "13900000000"}


async def started(kernel: Kernel) -> DraftView:
    return await actions.start_draft(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"), channel="web"
    )


async def written(kernel: Kernel) -> DraftView:
    draft = await started(kernel)
    return await actions.save_draft(kernel, draft, answers=PHONE, revision=draft.revision)


async def test_a_filing_with_proofs_is_decided_at_once(kernel: Kernel) -> None:
    receipt = await actions.file_draft(kernel, await written(kernel), actor=CITIZEN)
    assert receipt.status == "decided"
    assert receipt.decision == {"outcome": "approve", "because": "户籍在册且年满80周岁", "rule": "/decide/0"}
    assert [m["status"] for m in receipt.materials] == ["proved", "proved"]
    assert receipt.deadline is None
    assert numbers.read(receipt.no) == receipt.no
    assert await Draft.all().count() == 0
    assert await CaseMaterial.all().count() == 2
    assert await CaseEvidence.all().count() == 2
    assert await Event.all().count() == 2
    assert await Outbox.all().count() == 2
    assert await Letter.all().count() == 1
    assert await AccessLog.filter(kind="lookup").count() == 2


async def test_two_clicks_at_once_make_one_case(kernel: Kernel) -> None:
    draft = await written(kernel)
    first, second = await asyncio.gather(
        actions.file_draft(kernel, draft, actor=CITIZEN), actions.file_draft(kernel, draft, actor=CITIZEN)
    )
    assert first == second
    assert first.tracking_code
    assert await Case.all().count() == 1


async def test_a_retry_by_the_bare_id_gets_the_first_receipt(kernel: Kernel) -> None:
    draft = await written(kernel)
    first = await actions.file_draft(kernel, draft, actor=CITIZEN)
    assert await actions.file_draft(kernel, draft.id, actor=CITIZEN) == first
    assert await access.receipt_of(kernel, CITIZEN, draft.id) == first
    with pytest.raises(NotFound) as raised:
        await access.draft(kernel, CITIZEN, draft.id)
    assert raised.value.code == "filed"


async def test_somebody_elses_draft_is_not_found(kernel: Kernel) -> None:
    draft = await written(kernel)
    with pytest.raises(NotFound):
        await access.draft(kernel, OTHER, draft.id)
    with pytest.raises(NotFound):
        await actions.file_draft(kernel, draft, actor=OTHER)
    with pytest.raises(NotFound):
        await actions.file_draft(kernel, draft.id, actor=OTHER)
    await actions.file_draft(kernel, draft, actor=CITIZEN)
    with pytest.raises(NotFound):
        await actions.file_draft(kernel, draft.id, actor=OTHER)
    assert await access.receipt_of(kernel, OTHER, draft.id) is None


async def test_problems_store_no_case_and_keep_what_was_written(kernel: Kernel) -> None:
    draft = await started(kernel)
    edited = actions.edit_draft(draft, answers={"phone": "12"}, revision=draft.revision)
    with pytest.raises(Unprocessable) as raised:
        await actions.file_draft(kernel, edited, actor=CITIZEN)
    assert [problem.at for problem in raised.value.problems] == ["/phone"]
    assert await Case.all().count() == 0
    kept = await access.draft(kernel, CITIZEN, draft.id)
    assert kept.answers == {"phone": "12"}
    assert kept.revision > draft.revision


async def test_a_stale_page_does_not_overwrite_what_was_saved_elsewhere(kernel: Kernel) -> None:
    draft = await started(kernel)
    saved = await actions.save_draft(kernel, draft, answers=PHONE, revision=draft.revision)
    with pytest.raises(Conflict):
        await actions.save_draft(kernel, draft, answers={"phone": "1"}, revision=draft.revision)
    with pytest.raises(Conflict):
        await actions.save_draft(kernel, saved, answers={"phone": "1"}, revision=draft.revision)
    with pytest.raises(Conflict):
        await actions.file_draft(kernel, replace(draft, answers=PHONE), actor=CITIZEN)
    assert (await access.draft(kernel, CITIZEN, draft.id)).answers == PHONE


async def test_the_servers_value_stands_over_a_posted_one(kernel: Kernel) -> None:
    draft = await started(kernel)
    edited = actions.edit_draft(
        draft, answers={**PHONE, "name": "假名", "colour": "red"}, revision=draft.revision, ignored=2
    )
    receipt = await actions.file_draft(kernel, edited, actor=CITIZEN)
    view = await access.case(kernel, CITIZEN, receipt.no)
    assert view.answers["name"] == "陈试甲"
    assert view.events[0].data["ignored"] == 2


async def test_no_source_is_asked_about_a_stranger(kernel: Kernel, registers: Registers) -> None:
    with pytest.raises(NotAllowed):
        await actions.start_draft(kernel, kernel.item("allowance"), actor=OTHER, applicant=person(ELDER), channel="web")
    assert {source for source, _ in registers.asked} <= {"family"}
    assert await Draft.all().count() == 0


async def test_the_guardian_of_the_register_may_file_and_is_named_as_agent(kernel: Kernel) -> None:
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=GUARDIAN, applicant=person(ELDER), channel="web"
    )
    receipt = await actions.file_draft(
        kernel, actions.edit_draft(draft, answers=PHONE, revision=draft.revision), actor=GUARDIAN
    )
    view = await access.case(kernel, GUARDIAN, receipt.no)
    assert view.agent is not None
    assert view.agent["relation"] == "guardian"
    assert (await access.case(kernel, CITIZEN, receipt.no)).no == receipt.no


async def test_a_source_that_is_down_at_the_start_leaves_the_fallback(kernel: Kernel, registers: Registers) -> None:
    registers.held["own-business"][ELDER] = Down("timeout")
    draft = await started(kernel)
    assert draft.evidence["account"].outcome == "down"
    receipt = await actions.file_draft(
        kernel, actions.edit_draft(draft, answers=PHONE, revision=draft.revision), actor=CITIZEN
    )
    assert receipt.status == "in_step"
    assert receipt.decision is not None
    assert receipt.decision["outcome"] == "review"
    assert receipt.deadline is not None


async def test_a_promise_closes_the_material(kernel: Kernel, registers: Registers) -> None:
    registers.held["own-business"][ELDER] = Down("timeout")
    draft = await started(kernel)
    edited = actions.edit_draft(draft, answers=PHONE, revision=draft.revision, promises=["account", "nonsense"])
    receipt = await actions.file_draft(kernel, edited, actor=CITIZEN)
    assert {m["id"]: m["status"] for m in receipt.materials}["account"] == "promise"
    assert receipt.status == "decided"


async def test_fresh_outcomes_are_not_asked_again_and_old_ones_are(kernel: Kernel, registers: Registers) -> None:
    draft = await written(kernel)
    registers.asked.clear()
    old = {
        name: replace(one, asked_at="2026-01-01T00:00:00+00:00") if name == "person" else one
        for name, one in draft.evidence.items()
    }
    await actions.file_draft(kernel, replace(draft, evidence=old), actor=CITIZEN)
    assert [source for source, _ in registers.asked] == ["natural-person"]


async def test_a_reject_is_decided_at_once_with_its_basis(kernel: Kernel) -> None:
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=OTHER, applicant=person(YOUNG), channel="web"
    )
    receipt = await actions.file_draft(
        kernel, actions.edit_draft(draft, answers=PHONE, revision=draft.revision), actor=OTHER
    )
    assert receipt.status == "decided"
    view = await access.case(kernel, OTHER, receipt.no)
    assert view.decision["basis"] == "示例规定第三条"
    (letter,) = view.letters
    assert (letter.kind, letter.title) == ("reject", "不予办理决定书")
    assert "示例规定第三条" in letter.text
    assert "行政复议" in letter.text
    assert "每月" not in letter.text


async def test_the_draft_keeps_its_item_version_when_the_folder_vanishes(kernel: Kernel) -> None:
    draft = await written(kernel)
    kernel.catalog.items.pop("allowance")  # type: ignore[attr-defined]
    again = await access.draft(kernel, CITIZEN, draft.id)
    assert again.item.digest == draft.item.digest
    assert (await actions.file_draft(kernel, again, actor=CITIZEN)).status == "decided"


async def test_a_broken_letter_does_not_stop_the_decision(kernel: Kernel) -> None:
    broken = kernel.item("allowance")
    broken.bundle["templates"]["result.html"] = "{{ nobody.knows }}"
    try:
        receipt = await actions.file_draft(kernel, await written(kernel), actor=CITIZEN)
    finally:
        broken.bundle["templates"]["result.html"] = LETTER
    assert receipt.status == "decided"
    assert await Letter.all().count() == 0
