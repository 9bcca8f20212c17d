"""A case with its materials, events and letters, for somebody `access` has let in.

Knows no table; everything here is frozen and safe to give to a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from core.cases.duty_view import DutyView
from core.cases.handover import Thing
from core.cases.nouns import FileRef, Receipt
from core.cases.paying import Payment
from core.cases.receipt import told
from core.cases.results import Document, Grantable
from core.contract import Evidence
from core.judge.legal_clock import LegalDates


@dataclass(frozen=True, slots=True)
class MaterialView:
    id: str
    title: str
    status: str
    required: bool
    open: bool
    by: tuple[str, ...]
    due: date | None
    confirm: str | None
    because: str
    files: tuple[FileRef, ...] = ()
    told: str = ""
    """What the applicant was last told of it: soon, over, false, withdrawn, signed or refused."""


@dataclass(frozen=True, slots=True)
class EventView:
    seq: int
    type: str
    at: datetime
    actor: str
    actor_role: str
    from_status: str | None
    to_status: str
    data: Mapping[str, Any]
    """What the event says besides; empty once erased."""
    digest: str


@dataclass(frozen=True, slots=True)
class LetterView:
    kind: str
    title: str
    text: str
    """HTML, escaped when it was rendered; "" once erased."""
    at: datetime
    id: str = ""
    number: str = ""
    reader: str = "applicant"
    """applicant, party, unit or outside: who it is for."""
    to_unit: str | None = None
    to_area: str | None = None
    read_at: datetime | None = None
    """When the unit has read its copy."""
    whom: Mapping[str, str] = field(default_factory=dict)
    """Of one to somebody outside: name, and what is known of address, phone, email; empty once erased."""
    sent_at: datetime | None = None
    sent: Mapping[str, str] = field(default_factory=dict)
    """How that one was sent: method, note, on, by."""


@dataclass(frozen=True)
class CaseView:
    """A case with everything known of it, for somebody `access` has let in."""

    no: str
    item: str
    version: str
    title: str
    handling: str
    channel: str
    status: str
    outcome: str | None
    revision: int
    actor: str
    actor_role: str
    accepted_by: str | None
    site: str | None
    mode: str | None
    deciding_unit: str | None
    deciding_area: str | None
    rank: int
    zero_material: bool
    filed_at: datetime
    accepted_on: date | None
    deadline: date | None
    clock_runs: bool
    """False while a pause, a step outside the legal time or a correction holds the clock, and once nothing is due."""
    provisional: bool
    decided_at: datetime | None
    applicant: Mapping[str, Any]
    called: str
    """The name that a register told for the applicant's own number; "" where none did."""
    agent: Mapping[str, Any] | None
    answers: Mapping[str, Any]
    decision: Mapping[str, Any]
    """outcome, because, rule, basis, instead, held_back."""
    route: Mapping[str, Any] | None
    deadline_because: tuple[str, ...]
    dates: LegalDates | None
    """Every legal date with its derivation; None once erased."""
    fee: str | None
    amount: str | None
    payment: Payment | None
    """What was asked for, where something waits for the fee; None where nothing was."""
    materials: tuple[MaterialView, ...]
    evidence: tuple[Evidence, ...]
    events: tuple[EventView, ...]
    letters: tuple[LetterView, ...]
    letter_fault: str
    """Why a letter could not be written; for staff, "" where nothing failed."""
    decision_written: bool = True
    """False where that is the letter of the decision."""
    moves: tuple[str, ...] = ()
    """Moves of the lifecycle table that the reader may make now."""
    hats: frozenset[str] = frozenset()
    """The reader's parts in the case (core.cases.lifecycle)."""
    my_steps: tuple[int, ...] = ()
    noticed_until: date | None = None
    """Paused for a public notice that runs until the end of this day."""
    """Positions of the steps that the reader may finish now."""
    corrections: tuple[Any, ...] = ()
    """What the applicant called wrong, as `correcting.CorrectionView`."""
    erased: bool = False
    declared: tuple[str, ...] = ()
    """Pointers of values the applicant declared because no source held them."""
    disputed: tuple[str, ...] = ()
    claims: Mapping[str, Any] = field(default_factory=dict)
    """Disputed pointer → what the applicant declared instead: that value stands in `answers`."""
    said: Mapping[str, Any] = field(default_factory=dict)
    """Pointer → what he declared while a register was silent that was later found to hold the value in `answers`."""
    proofs: Mapping[str, tuple[FileRef, ...]] = field(default_factory=dict)
    """Disputed pointer → the files that the applicant showed for it."""
    handover: tuple[Thing, ...] = ()
    """What is handed over at a place, taken or not."""
    duties: tuple[DutyView, ...] = ()
    """What the approval leaves to be done, the nearest day first, done or not."""
    results: tuple[Document, ...] = ()
    """What an approval gave besides the first result."""
    grantable: tuple[Grantable, ...] = ()
    """Further results that the reader could grant now, where he may decide."""
    joint: tuple[str, ...] = ()
    """Names of those who apply jointly with the applicant."""
    as_joint: bool = False
    """Whoever reads it is one of those."""
    head: str = ""
    """Digest of the last event: what a receipt's signed mark stands on."""

    def as_json(self) -> dict[str, Any]:
        """The body of `GET /api/v1/cases/{no}`."""
        things = {"handover": [one.as_json() for one in self.handover]} if self.handover else {}
        given = {"results": [one.as_json() for one in self.results]} if self.results else {}
        duties = {"duties": [one.as_json() for one in self.duties]} if self.duties else {}
        return {**self.receipt.as_json(), **things, **given, **duties}

    @property
    def receipt(self) -> Receipt:
        return Receipt(
            no=self.no,
            tracking_code=None,
            status=self.status,
            decision=told(self.decision, self.outcome),
            materials=tuple({"id": m.id, "status": m.status, "by": list(m.by)} for m in self.materials),
            route=self.route,
            deadline=self.deadline.isoformat() if self.deadline else None,
        )
