"""An item that may be applied for in a window of the year: what is refused outside of it, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

import forms
from core.cases import access, actions
from core.cases.draft_view import DraftView
from core.cases.models import AccessLog, Case, Draft
from core.contract import Down, Item
from core.errors import Unprocessable
from core.kernel import Kernel
from core.web.rendering import add_templates, environment
from forms.pages.sheet import sheet
from forms.pages.shut import shut
from forms.pages.skeleton import is_plain
from tests.cases.test_law import pass_days
from tests.cases.test_moves import PDF
from tests.cases.town import CITIZEN, ELDER, PORTAL, REVIEWER, Registers, person
from tests.cases.town import item as allowance

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True
PHONE = {"phone": "13900000000"}
TEMPLATES = Path(forms.__file__).parent / "templates"
add_templates("forms", TEMPLATES)


def offered(kernel: Kernel) -> dict[str, Item]:
    """What the town's catalog has today, to be changed."""
    return cast("dict[str, Item]", kernel.catalog.items)


def window(kernel: Kernel, *, first: int, last: int, **changes: Any) -> Item:
    """Open from so many days after today to so many, and offered so from now on."""
    days = [(kernel.today() + timedelta(days=n)).isoformat() for n in (first, last)]
    item = allowance(open=[{"from": days[0], "to": days[1]}], **changes)
    offered(kernel)[item.id] = item
    return item


async def begun(kernel: Kernel, item: Item) -> DraftView:
    draft = await actions.start_draft(kernel, item, actor=CITIZEN, applicant=person(ELDER, "陈试甲"), channel="web")
    return await actions.save_draft(kernel, draft, answers=PHONE, revision=draft.revision)


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


async def test_a_window_that_is_closed_or_moved_holds_for_the_drafts_that_were_begun_before(kernel: Kernel) -> None:
    draft = await begun(kernel, window(kernel, first=-9, last=9))
    window(kernel, first=3, last=9)
    with pytest.raises(Unprocessable) as refused:
        await actions.file_draft(kernel, draft.id, actor=CITIZEN)
    assert [(one.at, one.keyword) for one in refused.value.problems] == [("/today", "open")]
    assert await Case.all().count() == 0


@pytest.mark.parametrize("windows", [True, False])
async def test_a_draft_begun_while_closed_is_filed_once_the_item_of_today_is_open(
    kernel: Kernel, windows: bool
) -> None:
    draft = await begun(kernel, window(kernel, first=3, last=9))
    if windows:
        window(kernel, first=0, last=9)
    else:
        offered(kernel)["allowance"] = allowance()
    receipt = await actions.file_draft(kernel, draft.id, actor=CITIZEN)
    assert (await Case.get(no=receipt.no)).item == "allowance"


async def test_where_the_item_is_gone_the_drafts_own_windows_hold(kernel: Kernel) -> None:
    shut = await begun(kernel, window(kernel, first=3, last=9))
    open_ = await begun(kernel, window(kernel, first=0, last=9))
    del offered(kernel)["allowance"]
    with pytest.raises(Unprocessable):
        await actions.file_draft(kernel, shut.id, actor=CITIZEN)
    await actions.file_draft(kernel, open_.id, actor=CITIZEN)


@pytest.mark.parametrize(
    ("first", "last", "late", "early"),
    [
        (200, 220, "到开放申请时，现在填的草稿已经过期，请到时重新填写。", ""),
        (-20, -3, "已经过了。", ""),
        (3, 9, "", "可以先填写，保存草稿，到时再提交。"),
        (0, 9, "", ""),
    ],
)
async def test_a_page_promises_to_keep_a_draft_only_as_long_as_it_is_kept(
    kernel: Kernel, first: int, last: int, late: str, early: str
) -> None:
    draft = await begun(kernel, allowance())
    item = window(kernel, first=first, last=last)
    said = shut(kernel, item, "zh")
    assert (said is None) == (not late and not early)
    assert said is None or said.said.endswith(late or early)
    view = sheet(kernel, draft, language="zh")
    assert bool(view.late) == bool(late)
    assert view.late.endswith(late)
    for template in ("draft.html", "ask.html"):
        source = (TEMPLATES / template).read_text(encoding="utf-8")
        (line,) = [one for one in source.splitlines() if "已保存。%(day)s" in one]
        made = environment("zh").from_string(line).render({"view": view, "saved": True, "note": "saved"})
        assert ("前都可以回来继续" in made) == (not late)
        assert (late in made) if late else "过期" not in made
    assert is_plain(view) == (not late)


async def test_the_sentence_is_said_in_english_too(kernel: Kernel) -> None:
    draft = await begun(kernel, window(kernel, first=200, last=220))
    assert sheet(kernel, draft, language="en").late.endswith("please fill it in again then.")
