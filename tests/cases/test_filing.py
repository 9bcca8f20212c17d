"""From a draft to exactly one case."""

from __future__ import annotations

import pytest

from core.cases import actions, numbers
from core.cases.models import AccessLog, CaseEvidence, CaseMaterial, Draft, Event, Letter, Outbox
from core.cases.nouns import DraftView
from core.kernel import Kernel
from tests.cases.town import CITIZEN, ELDER, person

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
    assert await Event.all().count() == 3
    assert await Outbox.all().count() == 3
    assert await Letter.all().count() == 1
    assert await AccessLog.filter(kind="lookup").count() == 2
