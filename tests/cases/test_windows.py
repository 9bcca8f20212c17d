"""An item that may be applied for in a window of the year: what is refused outside of it, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.models import AccessLog, Case, Draft
from core.contract import Down, Item
from core.errors import Unprocessable
from core.kernel import Kernel
from tests.cases.test_law import pass_days
from tests.cases.test_moves import PDF
from tests.cases.town import CITIZEN, ELDER, PORTAL, REVIEWER, Registers, person
from tests.cases.town import item as allowance

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True
PHONE = {"phone": "13900000000"}


def window(kernel: Kernel, *, first: int, last: int, **changes: Any) -> Item:
    """Open from so many days after today to so many."""
    days = [(kernel.today() + timedelta(days=n)).isoformat() for n in (first, last)]
    return allowance(open=[{"from": days[0], "to": days[1]}], **changes)


async def test_outside_of_its_window_a_draft_is_kept_and_filing_asks_nobody_anything(kernel: Kernel) -> None:
    shut = window(kernel, first=3, last=5)
    draft = await actions.start_draft(kernel, shut, actor=CITIZEN, applicant=person(ELDER, "陈试甲"), channel="web")
    draft = actions.edit_draft(draft, answers=PHONE, revision=draft.revision)
    asked = await AccessLog.all().count()
    old = {name: replace(one, asked_at="2026-01-01T00:00:00+00:00") for name, one in draft.evidence.items()}
    with pytest.raises(Unprocessable) as refused:
        await actions.file_draft(kernel, replace(draft, evidence=old), actor=CITIZEN)
    (problem,) = refused.value.problems
    assert (problem.at, problem.keyword) == ("/today", "open")
    assert (kernel.today() + timedelta(days=3)).isoformat() in problem.message
    assert await AccessLog.all().count() == asked
    assert await Case.all().count() == 0
    assert (await access.draft(kernel, CITIZEN, draft.id)).answers == PHONE

    with pytest.raises(Unprocessable):
        await actions.file(kernel, shut, actor=PORTAL, applicant=person(ELDER, "陈试甲"), answers=PHONE)
    assert await AccessLog.all().count() == asked


async def test_on_the_first_and_on_the_last_day_it_is_filed(kernel: Kernel) -> None:
    for n, (first, last) in enumerate([(0, 9), (-9, 0)]):
        item = window(kernel, first=first, last=last)
        await actions.file(
            kernel, item, actor=PORTAL, applicant=person(ELDER, "陈试甲"), answers=PHONE, idempotency_key=str(n)
        )
    assert await Case.all().count() == 2
    assert await Draft.all().count() == 0


async def test_what_was_filed_in_time_is_corrected_after_the_window(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    registers.held["own-business"][ELDER] = Down("timeout")
    item = window(kernel, first=-9, last=0)
    receipt, _ = await actions.file(kernel, item, actor=PORTAL, applicant=person(ELDER, "陈试甲"), answers=PHONE)
    wanted = {"account": "请补交存折"}
    case = await actions.ask_correction(kernel, receipt.no, actor=REVIEWER, wanted=wanted, revision=1)
    pass_days(kernel, monkeypatch, 3)
    with pytest.raises(Unprocessable):
        await actions.file(kernel, item, actor=PORTAL, applicant=person(ELDER, "陈试甲"), answers=PHONE)
    case = await actions.hand_in(
        kernel, case.no, actor=PORTAL, material="account", name="存折.pdf", data=PDF, revision=case.revision
    )
    mended = await actions.simple_move(kernel, case.no, "correct", actor=PORTAL, revision=case.revision)
    assert mended.status == "filed"
