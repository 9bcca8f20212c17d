"""A draft as its owner sees it, and the code that opens it elsewhere.

Knows no table; everything here is frozen and safe to give to a template.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from core.cases.nouns import FileRef
from core.contract import Evidence, Item, Problem, Site
from core.judge.filling import Filling, fill
from core.judge.payment import NOTHING


@dataclass(frozen=True)
class OfCase:
    """The case that a draft corrects 补正. What it holds is read from the case each time, never kept in the draft."""

    id: str
    no: str
    because: str = ""
    """What the applicant says of the correction."""
    left_out: frozenset[str] = frozenset()
    """Lookups of the case that the corrected answers no longer call for."""
    answers: Mapping[str, Any] = field(default_factory=dict)
    """As they stand in the case, what was filled in included."""
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    given: frozenset[str] = frozenset()
    """Materials that were handed in and not found wanting."""
    files: int = 0
    promised: tuple[str, ...] = ()
    barred: frozenset[str] = frozenset()
    """Materials of which a promise was found untrue: no other one closes them."""
    wanted: Mapping[str, str] = field(default_factory=dict)
    """What the office asks to be mended: material → words; what is no material's is the form's."""
    until: str = ""
    """The last day, where the item has one (ISO 8601)."""


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
    confirmations: Mapping[str, str] = field(default_factory=dict)
    """Material → confirmed, refused or late, of a case under way."""
    paid: str = NOTHING
    """What was paid of the fee, of a case under way."""
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
    of: OfCase | None = None
    """The case it corrects; None for an application that is not filed yet."""
    unsaved: bool = False
    """Edited in memory; filing takes it as it is and saves it only where there are problems."""

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The facts so far (DESIGN section 5), answers as written."""
        facts = build_facts(
            applicant=self.applicant,
            agent=self.agent,
            answers=self.answers,
            evidence=self.evidence,
            site=self.site,
            channel=self.channel,
            today=self.today,
        )
        return facts | ({"confirmations": self.confirmations} if self.confirmations else {})

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
        """Materials for which something was uploaded, here or in the case that is corrected."""
        uploaded = frozenset(file.material for file in self.files)
        return uploaded | self.of.given if self.of is not None else uploaded


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
