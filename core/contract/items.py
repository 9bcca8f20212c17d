"""A service item and what it declares: lookups, materials, steps and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.contract.words import RawCondition


@dataclass(frozen=True, slots=True)
class Lookup:
    """One declared question to a source 调取."""

    name: str
    source: str
    by: Mapping[str, Any]
    """field of the source's query → JSON Pointer into the facts, or `{"const": …}`."""
    take: tuple[str, ...] = ()
    purpose: str = ""
    basis: str = ""
    many: bool = False
    each: str | None = None
    consent: bool = False
    allowed_when: RawCondition | None = None
    must_find: str | None = None


@dataclass(frozen=True, slots=True)
class Material:
    """What the law wants shown 申请材料."""

    id: str
    title: str
    required: bool = True
    proved_by: tuple[tuple[str, ...], ...] = ()
    """All of the groups prove it together; within a group any one lookup does."""
    valid_when: RawCondition | None = None
    when: RawCondition | None = None
    fallback: Any = "upload"
    """A status, `{"later": days}`, `{"confirm": pointer or pointers}`, a map outcome → one of those, or a list of
    `{when, fallback}` of which the first that holds counts."""
    declared: Mapping[str, Any] = field(default_factory=dict)
    """The material as item.json states it, for guide pages."""


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the road to a decision; `together` holds the steps that run side by side instead."""

    unit: str = ""
    by: str = ""
    """Who does it, where that is nobody of the town hall: `unit`, or else the office that decides, records it."""
    party: bool = False
    """The applicant does it."""
    otherwise: str = ""
    """Of such a step: `close` where the case is taken as withdrawn once its days are over and it is not done."""
    title: str = ""
    days: int | None = None
    calendar_days: int | None = None
    begins: tuple[str, ...] = ()
    """As `from` names them: days of a month or of a year, or `window`, from which its days run; empty: at once."""
    at_least: bool = False
    """Nobody can finish it before its days are over."""
    level: str | None = None
    place: tuple[str, ...] = ()
    """Pointers to the area whose office does the step; where none finds anything, the case's own place."""
    when: RawCondition | None = None
    because: str = ""
    basis: str = ""
    counts: bool = True
    review: bool = True
    id: str = ""
    """Names the step where its findings are read: `/findings/<id>/…`."""
    findings: Mapping[str, Any] | None = None
    """JSON Schema of what whoever does the step finds and records; None: nothing but an opinion."""
    again: Again | None = None
    together: tuple[Step, ...] = ()


@dataclass(frozen=True, slots=True)
class Again:
    """限期整改、复查: what was found calls for the step to be done anew; only its last round is read by rules."""

    when: RawCondition
    because: str
    times: int
    """How often at most; after that, what was found stands as it is."""


@dataclass(frozen=True, slots=True)
class DecideRule:
    when: RawCondition
    outcome: str
    """approve, reject, decline or review."""
    because: str = ""
    basis: str = ""
    instead: str | None = None
    conditions: tuple[str, ...] = ()
    """Of an approval: what it is granted under 附条件."""
    part: Mapping[str, Any] | None = None
    """Of an approval: `{asked, because, when?, title?}`, what is granted of what was asked for 部分准予."""
    ground: str = ""
    """Of a refusal: which of the item's `refusals` it is; "" where none is noted."""


@dataclass(frozen=True, slots=True)
class EffectRule:
    when: RawCondition
    then: Mapping[str, Any]
    """`priority` and/or `home_visit`."""
    because: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class DecidedAt:
    """One line of `decided_at`."""

    level: str | None = None
    """None: the nearest office going up."""
    of: str = "site"
    """home: looked for from the place of the matter, wherever it is filed."""
    when: RawCondition | None = None


@dataclass(frozen=True, slots=True)
class Routing:
    sites: Mapping[str, str] = field(default_factory=dict)
    """level → decide, accept, collect or forward; a level that is absent does not offer the item."""
    area: str = "home"
    place: tuple[str, ...] = ("/applicant/area",)
    decided_at: tuple[DecidedAt, ...] = ()
    """Whose office decides, whoever accepts: the first that holds; none: the nearest one going up."""
    not_after: str | None = None
    steps: tuple[Step, ...] = ()
    decide: tuple[DecideRule, ...] = ()
    rules: tuple[EffectRule, ...] = ()


@dataclass(frozen=True)
class Item:
    """One version of a service item 事项, read from its bundle and never changed afterwards."""

    id: str
    digest: str
    """SHA-256 of the whole bundle: the item version."""
    bundle: Mapping[str, Any]
    """`{"item", "form", "ui", "lookups", "routing", "texts": {lang: …}, "templates": {name: text}}`."""
    title: str
    version: str
    handling: str
    """instant, promised, query or handoff."""
    unit: str
    audience: tuple[str, ...]
    themes: tuple[str, ...]
    channels: tuple[str, ...]
    agents: tuple[str, ...]
    statutory_days: int | None
    promised_days: int
    """Both in working days, the most where they differ by situation; `judge.rules` has the lines, other times too."""
    materials: tuple[Material, ...]
    lookups: Mapping[str, Lookup]
    routing: Routing
    answer: str | None = None
    part_of: str | None = None
    url: str | None = None

    @property
    def declared(self) -> Mapping[str, Any]:
        """item.json as written: the guide's words."""
        return self.bundle["item"]  # type: ignore[no-any-return]

    @property
    def form(self) -> Mapping[str, Any]:
        return self.bundle.get("form") or {"type": "object", "properties": {}}

    @property
    def ui(self) -> Mapping[str, Any] | None:
        return self.bundle.get("ui")
