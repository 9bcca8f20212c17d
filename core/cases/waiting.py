"""Which sources and which parties a case under way waits for.

Knows evidence and rows; when it is asked again is said in `actions.rechecking`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.models import Waiting
from core.cases.rows import Row, row
from core.contract import Evidence, MaterialState
from core.judge.pointers import tokens, walk

if TYPE_CHECKING:
    from core.kernel import Kernel

FIRST_WAIT = timedelta(seconds=10)


def silent(evidence: Iterable[Evidence]) -> list[str]:
    """The sources that gave no answer. A lookup that was not asked because of one waits for that same one."""
    return sorted({one.source for one in evidence if one.outcome == "down"})


def waiting_rows(case_id: UUID | str, evidence: Iterable[Evidence], now: datetime) -> list[Row]:
    """For a case that is being filed; a case that is decided waits for nobody."""
    return [row(Waiting, case_id=case_id, source=source, next_at=now + FIRST_WAIT) for source in silent(evidence)]


def confirm_key(kernel: Kernel, facts: Mapping[str, Any], state: MaterialState) -> str:
    """By which the party that has to confirm finds the case; "" where the pointer gives no number."""
    if state.status != "confirm" or not state.confirm:
        return ""
    found, number = walk(facts, tokens(state.confirm))
    return kernel.keys.index(number) if found and isinstance(number, str) and number else ""
