"""One case as a list shows it.

Knows no list and no reader.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from core.cases.handover import Thing


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of a list."""

    no: str
    item: str
    title: str
    status: str
    outcome: str | None
    channel: str
    site: str | None
    rank: int
    filed_at: datetime
    deadline: date | None
    applicant_name: str
    zero_material: bool = False
    stopped_since: date | None = None
    """The legal clock stands still: no date presses."""
    deliver_by: date | None = None
    step_due: date | None = None
    """Where it is in the reader's queue for a step of his office: that step's last day."""
    to_take: tuple[Thing, ...] = ()
    """What waits at a place for the applicant."""
