"""Which letter a decision calls for, and the facts it is written from.

Knows no template engine's inside; `letters` renders.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core.cases.filing import Judged
from core.cases.letters import render
from core.cases.models import Letter
from core.cases.rows import Row, row
from core.contract import Item

if TYPE_CHECKING:
    from core.kernel import Kernel


def notice(kernel: Kernel, case_id: str, *, no: str, judged: Judged, now: datetime) -> Row | None:
    """The letter of a case decided at filing. Raises LetterFailed."""
    verdict = judged.verdict
    return decision_letter(
        kernel,
        judged.application.item,
        case_id,
        no=no,
        facts=judged.facts,
        decision={
            "outcome": verdict.decision.outcome,
            "because": verdict.decision.because,
            "basis": verdict.decision.basis,
        },
        unit=verdict.route.deciding_unit if verdict.route else judged.application.item.unit,
        area=verdict.route.deciding_area if verdict.route else None,
        fee=verdict.fee,
        amount=verdict.amount,
        filed_on=judged.application.today,
        today=judged.application.today,
        now=now,
    )


def decision_letter(
    kernel: Kernel,
    item: Item,
    case_id: str,
    *,
    no: str,
    facts: Mapping[str, Any],
    decision: Mapping[str, Any],
    unit: str,
    area: str | None,
    fee: str | None,
    amount: str | None,
    filed_on: date,
    today: date,
    now: datetime,
) -> Row | None:
    """The result of an approval, by the item's own template; None where the item has none."""
    result = item.declared.get("result") or {}
    if decision["outcome"] != "approve" or not result.get("template"):
        return None
    deciding = kernel.office.units.get(unit)
    text = render(
        item,
        result["template"],
        {
            **facts,
            "item": {"title": item.title, "code": item.declared.get("code", ""), "result": result.get("title", "")},
            "case": {"no": no, "filed_on": filed_on.isoformat(), "fee": fee, "amount": amount},
            "decision": {**decision, "day": today.isoformat()},
            "office": {
                "unit": deciding.name if deciding else unit,
                "area": kernel.office.name_of(area),
                "telephone": deciding.telephone if deciding else "",
            },
        },
    )
    return row(
        Letter,
        case_id=case_id,
        kind="result",
        title=result.get("title") or item.title,
        text=text,
        digest=hashlib.sha256(text.encode()).hexdigest(),
        at=now,
    )
