"""Lists, a page at a time, and their lines: cases, looks at personal data, events nobody took, what awaits a signature.

Knows no query and no reader.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from core.cases.handover import Thing
from core.cases.paying import Payment
from core.cases.results import Document

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; hand `after` back for the next one. None: this is the last."""

    lines: tuple[T, ...]
    after: str | None = None


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
    outside: bool = False
    """That step is done by nobody of the town hall: the office waits for it."""
    payment: Payment | None = None
    """What was asked for, where something waits for the fee."""
    to_take: tuple[Thing, ...] = ()
    """What waits at a place for the applicant."""
    to_do: tuple[tuple[str, date | None], ...] = ()
    """(title, day) of what its holder has to do before long, or has not done in time."""
    results: tuple[Document, ...] = ()
    """What an approval gave besides the first result."""


@dataclass(frozen=True, slots=True)
class AccessLine:
    """One line of "who has looked at my data" 数据使用记录."""

    at: datetime
    kind: str
    actor: str
    actor_role: str
    item: str
    reference: str
    lookup: str
    source: str
    outcome: str
    purpose: str
    basis: str
    no: str = ""
    """The reader's own case that it was for, also where it was asked while he wrote it; "" where there is none."""
    earlier: tuple[AccessLine, ...] = ()
    """The same question put before this, newest first."""


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An event that no attempt could deliver, for a person to look at and send again."""

    id: str
    listener: str
    event: Mapping[str, Any]
    since: datetime
    """When the first attempt failed."""
    error: str


@dataclass(frozen=True, slots=True)
class ToConfirm:
    """What another party is asked to confirm, and no more of the case than that."""

    no: str
    item: str
    title: str
    applicant_name: str
    material: str
    material_title: str
    filed_at: datetime
    joint: bool = False
    """Who confirms applies jointly by that."""
