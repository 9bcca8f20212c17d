"""What this room hands out: views of drafts and cases, receipts and pages of lists.

Knows no table; everything here is frozen and safe to give to a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any, Generic, TypeVar

from core.cases.handover import Thing
from core.cases.lines import CaseLine as CaseLine  # kept apart for its length
from core.cases.receipt import told
from core.contract import Evidence, Item, Problem, Site
from core.judge.filling import Filling, fill
from core.judge.legal_clock import LegalDates

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class FileRef:
    """One uploaded file: where it belongs, what it is called, and the digest it is found under."""

    material: str
    name: str
    digest: str
    size: int
    media_type: str

    def as_json(self) -> dict[str, Any]:
        return {
            "material": self.material,
            "name": self.name,
            "digest": self.digest,
            "size": self.size,
            "media_type": self.media_type,
        }


@dataclass(frozen=True)
class DraftView:
    """A draft as its owner sees it. `facts` and `filling` are computed from what the draft holds, when asked for."""

    id: str
    item: Item
    owner: str
    owner_role: str
    revision: int
    expires_at: datetime
    channel: str
    applicant: Mapping[str, Any]
    agent: Mapping[str, Any] | None
    site: Site | None
    standing: Mapping[str, Any]
    """Why the actor may act: `{"kind": "self|portal|relation|mandate", …}`."""
    answers: Mapping[str, Any]
    """What the applicant wrote; never what was filled for him."""
    evidence: Mapping[str, Evidence]
    consents: frozenset[str]
    refused: frozenset[str]
    """Lookups whose consent was asked for and denied."""
    promises: tuple[str, ...]
    confirmed: tuple[str, ...]
    """Materials that their other party has signed; never set by the applicant."""
    disputed: tuple[str, ...]
    """Pointers (in the answers) of held values that the applicant calls wrong."""
    files: tuple[FileRef, ...]
    today: date
    claims: Mapping[str, Any] = field(default_factory=dict)
    """Disputed pointer → what the applicant declares instead; never part of the evidence."""
    ignored: int = 0
    """Posted names that the form does not know, or that it holds itself."""
    source_titles: Mapping[str, str] = field(default_factory=dict)
    told: tuple[Problem, ...] = ()
    """What the last post left wrong, so that the page that tells it can be asked for again by its address."""
    shown: Mapping[str, str] = field(default_factory=dict)
    """Controls of the last page that are no answers (a branch, a level of areas) and look the same when it is drawn."""
    aside: Mapping[str, Any] = field(default_factory=dict)  # what a page that came second wrote, unsaved
    lent: Mapping[str, Any] | None = None
    """Whose draft it is while a counter goes on with it: owner, role, channel, site, standing, agent as they were."""
    unsaved: bool = False
    """Edited in memory; filing takes it as it is and saves it only where there are problems."""

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The facts so far (DESIGN section 5), answers as written."""
        return build_facts(
            applicant=self.applicant,
            agent=self.agent,
            answers=self.answers,
            evidence=self.evidence,
            site=self.site,
            channel=self.channel,
            today=self.today,
        )

    @cached_property
    def filling(self) -> Filling:
        """What is filled in, with the source and the moment of each value."""
        chips = {
            name: {
                "title": self.source_titles.get(one.source, one.source),
                "asked_at": one.asked_at,
                "purpose": one.purpose,
                "outcome": one.outcome,
            }
            for name, one in self.evidence.items()
        }
        return fill(self.item, self.facts, sources=chips, claims=self.claims)

    @property
    def given(self) -> frozenset[str]:
        """Materials for which something was uploaded."""
        return frozenset(file.material for file in self.files)


def build_facts(
    *,
    applicant: Mapping[str, Any],
    agent: Mapping[str, Any] | None,
    answers: Mapping[str, Any],
    evidence: Mapping[str, Evidence],
    site: Site | None,
    channel: str,
    today: date,
) -> dict[str, Any]:
    """The one document every rule reads, in the order DESIGN section 5 lists its keys."""
    facts: dict[str, Any] = {"applicant": applicant}
    if agent is not None:
        facts["agent"] = agent
    facts["answers"] = answers
    facts["lookups"] = {name: one.value for name, one in evidence.items() if one.outcome == "found"}
    facts["outcomes"] = {name: one.outcome for name, one in evidence.items()}
    if site is not None:
        facts["site"] = {"id": site.id, "level": site.level, "area": site.area, "kind": site.kind}
    facts["channel"] = channel
    facts["today"] = today.isoformat()
    return facts


@dataclass(frozen=True, slots=True)
class ResumeCode:
    """The code that opens a draft elsewhere, once; it ends with the draft."""

    code: str
    expires_at: datetime

    @property
    def spoken(self) -> str:
        """In two groups, for reading out."""
        return f"{self.code[:4]} {self.code[4:]}"


@dataclass(frozen=True, slots=True)
class Resumable:
    """A draft found by its code, before it changes hands. `own`: it is the actor's already; `mandated`: he holds a live
    mandate of the applicant for it."""

    draft: DraftView
    own: bool
    mandated: bool


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a filing answers; `as_json` is the body of the API, to the letter."""

    no: str
    tracking_code: str | None
    """None where the case is only read again."""
    status: str
    decision: Mapping[str, Any] | None
    materials: tuple[Mapping[str, Any], ...]
    route: Mapping[str, Any] | None
    deadline: str | None

    def as_json(self) -> dict[str, Any]:
        body: dict[str, Any] = {"no": self.no}
        if self.tracking_code is not None:
            body["tracking_code"] = self.tracking_code
        body["status"] = self.status
        body["decision"] = self.decision
        body["materials"] = list(self.materials)
        body["route"] = self.route
        body["deadline"] = self.deadline
        return body


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
    materials: tuple[MaterialView, ...]
    evidence: tuple[Evidence, ...]
    events: tuple[EventView, ...]
    letters: tuple[LetterView, ...]
    letter_fault: str
    """Why the decision has no letter; for staff, "" where nothing failed."""
    moves: tuple[str, ...] = ()
    """Moves of the lifecycle table that the reader may make now."""
    hats: frozenset[str] = frozenset()
    """The reader's parts in the case (core.cases.lifecycle)."""
    my_steps: tuple[int, ...] = ()
    """Positions of the steps that the reader may finish now."""
    corrections: tuple[Any, ...] = ()
    """What the applicant called wrong, as `correcting.CorrectionView`."""
    erased: bool = False
    declared: tuple[str, ...] = ()
    """Pointers of values the applicant declared because no source held them."""
    disputed: tuple[str, ...] = ()
    claims: Mapping[str, Any] = field(default_factory=dict)
    """Disputed pointer → what the applicant declared instead: that value stands in `answers`."""
    proofs: Mapping[str, tuple[FileRef, ...]] = field(default_factory=dict)
    """Disputed pointer → the files that the applicant showed for it."""
    handover: tuple[Thing, ...] = ()
    """What is handed over at a place, taken or not."""
    head: str = ""
    """Digest of the last event: what a receipt's signed mark stands on."""

    def as_json(self) -> dict[str, Any]:
        """The body of `GET /api/v1/cases/{no}`."""
        things = {"handover": [one.as_json() for one in self.handover]} if self.handover else {}
        return {**self.receipt.as_json(), **things}

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


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; hand `after` back for the next one. None: this is the last."""

    lines: tuple[T, ...]
    after: str | None = None


@dataclass(frozen=True, slots=True)
class QueryAnswer:
    """What a query item 查询 answers: the lookup it shows, and how that lookup ended."""

    item: Item
    evidence: Evidence | None
    """None where the lookup was not asked."""
    lookups: Mapping[str, Evidence] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """For the API: only how it ended and what may be shown."""
        one = self.evidence
        return {
            "item": self.item.id,
            "answer": None
            if one is None
            else {"lookup": one.lookup, "outcome": one.outcome, "value": one.value, "asked_at": one.asked_at},
        }


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
