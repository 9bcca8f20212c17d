"""送达期限: the time that the item says, else the ten working days of the law of permits."""

from __future__ import annotations

from typing import Any

import pytest

from core.cases import access
from core.cases.models import Case
from core.judge.clock import Span, end_of_span
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_moves import approve, under_review
from tests.cases.town import CITIZEN, Registers

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True


@pytest.mark.parametrize(
    ("declared", "span", "said"),
    [
        ({"calendar_days": 20}, Span(20, "calendar_days"), "20日"),
        ({"days": 5}, Span(5), "5个工作日"),
        (None, Span(10), "10个工作日"),
    ],
)
async def test_a_decision_is_delivered_within_the_time_that_the_item_had_when_it_was_filed(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch, declared: Any, span: Span, said: str
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.item(**({"deliver": declared} if declared else {})))
    no = await under_review(kernel, registers)
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.item(deliver={"days": 1}))
    view = await approve(kernel, no)
    last = end_of_span(span, kernel.today(), kernel.calendar)
    assert (await Case.get(no=no)).deliver_by == last
    assert view.dates is not None
    assert view.dates.deliver_by is not None
    assert f"最迟 {last} 送达（{said}" in view.dates.deliver_by.lines()[0]
    assert (await access.case(kernel, CITIZEN, no)).dates == view.dates
