"""Lists ask the database as often for many rows as for few: a page of twenty is no twenty questions."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.erasing import erasures
from core.cases.lines import Page
from core.contract import Actor
from core.kernel import Kernel
from tests.cases.fallbacks import filed
from tests.cases.town import CITIZEN, ELDER, OTHER, REVIEWER, WORKER, person

pytestmark = pytest.mark.anyio

FEW, MANY = 3, 12
Row = Callable[[Kernel], Awaitable[None]]
List = Callable[[Kernel], Awaitable[Any]]
ADMIN = Actor(id="admin", role="administrator", name="管")
SUPERVISOR = Actor(id="head", role="supervisor", name="长", unit=REVIEWER.unit, area=REVIEWER.area)
ELSEWHERE = Actor(id="other", role="supervisor", name="它", unit="credit-office", area=REVIEWER.area)


async def a_case_to_confirm(kernel: Kernel) -> None:
    await filed(kernel, "identity", "other")


async def a_draft_in_other_hands(kernel: Kernel) -> None:
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"), channel="web"
    )
    code = await actions.resume_code(kernel, draft)
    await actions.take_over(kernel, actor=WORKER, code=code.code, number=ELDER, mandated=True, signed="screen")


async def a_request_to_erase(kernel: Kernel) -> None:
    case = await filed(kernel, "identity", "other")
    await actions.simple_move(kernel, case.no, "withdraw", actor=CITIZEN, revision=case.revision)
    await actions.ask_to_erase_case(kernel, case.no, actor=ADMIN, reason="判决", basis="判决书", ordered=True)


async def to_erase_elsewhere(kernel: Kernel) -> Any:
    """He sees none of them, and is not made to look through all."""
    return await erasures(kernel, ELSEWHERE)


@pytest.mark.parametrize(
    ("row", "shown"),
    [
        (a_case_to_confirm, lambda kernel: access.to_confirm(kernel, OTHER)),
        (a_case_to_confirm, lambda kernel: access.queue(kernel, REVIEWER)),
        (a_case_to_confirm, lambda kernel: access.cases_of(kernel, CITIZEN)),
        (a_case_to_confirm, lambda kernel: access.accesses_of(kernel, CITIZEN)),
        (a_draft_in_other_hands, lambda kernel: access.drafts_of(kernel, WORKER)),
        (a_draft_in_other_hands, lambda kernel: access.lent_drafts(kernel, CITIZEN)),
        (a_request_to_erase, lambda kernel: erasures(kernel, SUPERVISOR)),
        (a_request_to_erase, to_erase_elsewhere),
    ],
    ids=["to confirm", "queue", "own cases", "who looked", "drafts", "lent", "to erase", "to erase elsewhere"],
)
async def test_a_list_asks_as_often_for_many_rows_as_for_few(
    kernel: Kernel, caplog: pytest.LogCaptureFixture, row: Row, shown: List
) -> None:
    async def asked() -> tuple[int, int]:
        await shown(kernel)  # versions of items and the like are read once
        caplog.clear()
        with caplog.at_level(logging.DEBUG, logger="tortoise.db_client"):
            found = await shown(kernel)
        rows = len(found.lines if isinstance(found, Page) else found)
        return rows, sum(one.name == "tortoise.db_client" for one in caplog.records)

    for _ in range(FEW):
        await row(kernel)
    rows, few = await asked()
    assert few
    for _ in range(MANY - FEW):
        await row(kernel)
    more, many = await asked()
    assert many == few
    assert more > rows or shown is to_erase_elsewhere
