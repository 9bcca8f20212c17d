"""The duties of an approved case 后续事项: set up with its decision, from what the case is decided on.

Knows no page and writes nothing; `actions.duties` does.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from core.contract import Duty, Item
from core.judge.duties import duration, duties_of
from core.judge.validity import valid_until

if TYPE_CHECKING:
    from core.kernel import Kernel


def duties_for(
    kernel: Kernel,
    item: Item,
    record: Mapping[str, Any],
    facts: Mapping[str, Any],
    *,
    unit: str,
    area: str | None,
    decided_on: date,
) -> tuple[Duty, ...]:
    """What an approval of that day leaves to be done, of a case that this office decides; `record` is the newer one."""
    last: date | None = None
    with contextlib.suppress(ValueError):
        last = valid_until(item, facts, decided_on)
    return duties_of(
        item, facts, kernel.office, kernel.calendar, deciding=(unit, area or ""), place=record.get("place"),
        decided_on=decided_on, amount=record.get("amount"), last=last,
    )  # fmt: skip


def in_letter(duties: Iterable[Duty]) -> list[dict[str, Any]]:
    """`case.duties` of a letter, a dict each: title, due (None where it is not known), party, every (1年, "" where it
    is done once), because."""
    return [
        {
            "title": one.title,
            "due": one.due.isoformat() if one.due else None,
            "party": one.party,
            "every": duration(one.every),
            "because": one.because,
        }
        for one in duties
    ]
