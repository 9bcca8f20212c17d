"""Which sources, materials and parties a case under way waits for.

Knows evidence and rows; when it is asked again is said in `actions.rechecking`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.models import CaseConfirmer, CaseMaterial, Waiting
from core.cases.rows import Row, row
from core.contract import Evidence, MaterialState
from core.judge.confirming import parties

if TYPE_CHECKING:
    from core.kernel import Kernel

FIRST_WAIT = timedelta(seconds=10)


def silent(evidence: Iterable[Evidence]) -> list[str]:
    """The sources that gave no answer. A lookup that was not asked because of one waits for that same one."""
    return sorted({one.source for one in evidence if one.outcome == "down"})


def waiting_rows(case_id: UUID | str, evidence: Iterable[Evidence], now: datetime) -> list[Row]:
    """For a case that is being filed; a case that is decided waits for nobody."""
    return [row(Waiting, case_id=case_id, source=source, next_at=now + FIRST_WAIT) for source in silent(evidence)]


def confirm_keys(kernel: Kernel, facts: Mapping[str, Any], state: MaterialState) -> list[str]:
    """By which each party that has to confirm finds the case; "" of one whose number is not known."""
    if state.status != "confirm":
        return []
    numbers = parties(facts, state.confirm, state.confirm_when, calendar=kernel.calendar)
    return [kernel.keys.index(number) if number else "" for number in numbers]


def confirm_key(kernel: Kernel, facts: Mapping[str, Any], state: MaterialState) -> str:
    """The key of the one party there is; "" where there are several, who have rows of their own."""
    keys = confirm_keys(kernel, facts, state)
    return keys[0] if len(keys) == 1 else ""


def pointers_said(state: MaterialState) -> str | None:
    """Who has to confirm, as the column keeps it: the pointers one after the other."""
    return ", ".join(state.confirm)[:200] or None


def material_row(
    kernel: Kernel,
    case_id: UUID | str,
    facts: Mapping[str, Any],
    state: MaterialState,
    *,
    position: int,
    due: date | None,
) -> Row:
    """A wanted material as a case keeps it: when it is filed, and when a later look at the sources wants one more."""
    return row(
        CaseMaterial,
        case_id=case_id,
        position=position,
        material=state.id,
        title=state.title,
        status=state.status,
        required=state.required,
        open=state.open,
        by=list(state.by),
        due=due,
        confirm=pointers_said(state),
        confirm_key=confirm_key(kernel, facts, state),
        because=state.because,
    )


def confirmer_rows(kernel: Kernel, case_id: UUID | str, facts: Mapping[str, Any], state: MaterialState) -> list[Row]:
    """A row for each of several parties; none where one party's key stands with the material itself."""
    keys = confirm_keys(kernel, facts, state)
    return [
        row(CaseConfirmer, case_id=case_id, material=state.id, position=n, key=key)
        for n, key in enumerate(keys if len(keys) > 1 else ())
    ]
