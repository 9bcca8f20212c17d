"""The nouns: frozen dataclasses that plugins and rooms exchange.

Knows no file, no database, no HTTP; nothing here does more than hold and name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Protocol

CONTRACT = 1
"""The plugin contract of this release; `item.json` and `source.json` name the one they were written for."""

Json = Any
Facts = Mapping[str, Any]
"""The one document every rule reads; its keys are listed in DESIGN section 5 and in `docs/facts.md`."""
RawCondition = Mapping[str, Any] | list[Mapping[str, Any]]
"""`{pointer: schema}`, or a list of those of which one must hold."""

LEVELS = ("city", "town", "village")
CHANNELS = ("web", "mobile", "hall", "phone", "station", "kiosk")
OUTCOMES = ("found", "empty", "down", "refused")
STATUSES = (
    "filed", "correction", "accepted", "not_accepted", "in_step", "paused",
    "decided", "delivered", "withdrawn", "closed",
)  # fmt: skip


# --- what can go wrong -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Problem:
    """Something the applicant can fix. `at` is a JSON Pointer into the answers ("" is the whole)."""

    at: str
    keyword: str
    message: str


class Said(str):
    """A sentence in English, as programs read it, that knows itself in Chinese, as people do."""

    zh: str

    def __new__(cls, en: str, zh: str = "") -> Said:
        made = super().__new__(cls, en)
        made.zh = zh or en
        return made


@dataclass(frozen=True, slots=True)
class Fault:
    """Something the plugin author must fix: where (file#pointer), what, the remedy, and a stable code.

    `what` and `hint` are English; those of `core.faults` are `Said` and come in Chinese through `told`.
    """

    where: str
    what: str
    hint: str = ""
    code: str = ""

    def __str__(self) -> str:
        gap = "" if not self.hint or self.what.endswith("。") else " "
        return f"{self.where}: {self.what}{gap}{self.hint} [{self.code}]"

    def told(self, language: str) -> Fault:
        """The same in the words of `zh`, or of any other language in English."""
        what, hint = (s.zh if isinstance(s, Said) and language == "zh" else str(s) for s in (self.what, self.hint))
        return Fault(self.where, what, hint, self.code)


# --- how a lookup ends -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Found:
    """The source holds it. `value` is the record (a dict), or a list of them where `many` is declared."""

    value: Any
    recorded_at: str | None = None
    """The date the register itself gives for the record (ISO 8601), where it gives one."""
    name: ClassVar[str] = "found"


@dataclass(frozen=True, slots=True)
class Empty:
    """The source answered that it holds nothing under this key."""

    reason: str = ""
    name: ClassVar[str] = "empty"


@dataclass(frozen=True, slots=True)
class Down:
    """No answer in time, an error, a record that breaks the schema, two records where one was asked.

    `reason` is for staff and logs; a citizen reads the standard sentence instead.
    """

    reason: str = ""
    name: ClassVar[str] = "down"


@dataclass(frozen=True, slots=True)
class Refused:
    """The source, or the applicant's missing consent, does not permit the question."""

    reason: str = ""
    name: ClassVar[str] = "refused"


Outcome = Found | Empty | Down | Refused


@dataclass(frozen=True, slots=True)
class Evidence:
    """What one lookup returned for one case 佐证: outcome, kept fields, and where and when it was read."""

    lookup: str
    source: str
    outcome: str
    """found, empty, down or refused."""
    value: Any = None
    """Only the fields in `take`; None unless found."""
    digest: str = ""
    """SHA-256 (hex) of the canonical JSON of `value`; "" unless found."""
    asked_at: str = ""
    """UTC, ISO 8601, seconds."""
    recorded_at: str | None = None
    ms: int = 0
    age_s: int = 0
    """Age of the answer when it came from a cache; 0 when asked afresh."""
    purpose: str = ""
    basis: str = ""
    reason: str = ""
    """For staff: why it is down or refused."""
    by_digest: str = ""
    """Digest of the question, so that a changed answer is asked again."""

    def as_json(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in self.__slots__}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> Evidence:
        return cls(**data)


# --- the office ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    """Twelve digits, zero-padded (GB/T 2260)."""
    name: str
    level: str
    parent: str | None
    retired: bool = False
    """Merged or renamed: nobody chooses it any more, but what registers and old cases say of it is still understood."""


CORRECTION_DAYS = 10
"""Working days for an answer to a correction request, until an office sets its own."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A role that decides, such as `civil-affairs`; an office is a unit in an area."""

    id: str
    name: str
    telephone: str = ""
    correction_days: int = CORRECTION_DAYS
    """Working days in which it answers that a value of its registers is called wrong; the office sets them."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where one can apply: hall 大厅, station 市民驿站, kiosk 自助终端."""

    id: str
    name: str
    kind: str
    level: str
    area: str
    address: str = ""
    telephone: str = ""
    hours: tuple[Hours, ...] = ()
    closed: tuple[Closed, ...] = ()
    counters: tuple[Counter, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """One opening of a site: on which days, from when until when, in which manner."""

    days: str
    """workday, saturday, sunday, holiday or daily; a make-up day is a workday, a holiday's Saturday is no saturday."""
    opens: str
    closes: str
    """`HH:MM`, in Asia/Shanghai; 24:00 is the end of the day."""
    kind: str = "open"
    """open 对外办公, noon 午间值班, duty 值班 or appointment 预约."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Days on which a site is shut whatever its week says, both ends included."""

    since: date
    until: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """A window 窗口 of a site and what it takes: themes and items by id; with neither, everything offered there."""

    id: str
    name: str
    themes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Office:
    """Areas, units, offices, sites and themes as one immutable snapshot."""

    areas: Mapping[str, Area] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    offices: frozenset[tuple[str, str]] = frozenset()
    """(unit id, area code)."""
    sites: Mapping[str, Site] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    """theme id → name; items name a theme by its name."""
    former: Mapping[str, str] = field(default_factory=dict)
    """id → name of units and sites that are retired: cases name them, nothing new may."""

    def site_name(self, id: str | None) -> str:
        """The site's name, also when it is retired; what was asked for where nobody knows it."""
        site = self.sites.get(id or "")
        return site.name if site else self.former.get(id or "", id or "")

    def unit_name(self, id: str | None) -> str:
        unit = self.units.get(id or "")
        return unit.name if unit else self.former.get(id or "", id or "")

    @property
    def place(self) -> str:
        """Name of the whole this office serves: its topmost area, "" before anything is seeded."""
        return next((area.name for area in self.areas.values() if not area.parent), "")

    @cached_property
    def _ways(self) -> dict[str, tuple[Area, ...]]:
        """code → its way up, filled as it is asked for: routing goes the same few ways for every step of every case."""
        return {}

    def upwards(self, code: str | None) -> Iterator[Area]:
        """The area and those above it, nearest first; stops at a code nobody declared or a loop."""
        way = self._ways.get(code or "")
        if way is None:
            seen: dict[str, Area] = {}
            above = code
            while above and above in self.areas and above not in seen:
                seen[above] = self.areas[above]
                above = self.areas[above].parent
            way = tuple(seen.values())
            if way:  # what nobody declared may be anything, and is not kept
                self._ways[code or ""] = way
        return iter(way)

    def at_level(self, code: str | None, level: str) -> Area | None:
        """The area itself or the one above it that has this level."""
        return next((a for a in self.upwards(code) if a.level == level), None)

    def name_of(self, code: str | None) -> str:
        area = self.areas.get(code or "")
        return area.name if area else (code or "")


class Calendar(Protocol):
    """Which days the office works; `core.office.calendar` gives the State Council's, tests give their own."""

    def is_working_day(self, day: date) -> bool: ...

    def is_provisional(self, day: date) -> bool:
        """True where no official notice covers the day yet and a stated rule fills in."""
        ...


# --- a service item --------------------------------------------------------------------------------------


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
    title: str = ""
    days: int | None = None
    calendar_days: int | None = None
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


@dataclass(frozen=True, slots=True)
class EffectRule:
    when: RawCondition
    then: Mapping[str, Any]
    """`priority` and/or `home_visit`."""
    because: str = ""
    basis: str = ""


@dataclass(frozen=True, slots=True)
class Routing:
    sites: Mapping[str, str] = field(default_factory=dict)
    """level → decide, accept, collect or forward; a level that is absent does not offer the item."""
    area: str = "home"
    place: tuple[str, ...] = ("/applicant/area",)
    decided_at: str | None = None
    """The level whose office decides, whoever accepts; None: the nearest one going up."""
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
    """The most where they differ by situation; `judge.rules` has the lines."""
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


@dataclass(frozen=True)
class Source:
    """A data source 数据源: the contract of one register and the connector that serves it."""

    id: str
    title: str
    unit: str
    connector: str
    query: Mapping[str, Any]
    """JSON Schema of the question."""
    record: Mapping[str, Any]
    """JSON Schema of one record that comes back."""
    public: tuple[str, ...] = ()
    """Query fields that may be taken from the answers."""
    timeout_ms: int = 1500
    cache_s: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    """As declared, `${NAME}` still unexpanded."""
    relation: Mapping[str, Any] | None = None
    folder: str = ""
    """Where it was read from, for relative paths in `settings`; "" when it came from a database."""


# --- who acts --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Actor:
    """Who in fact sits at the keyboard 经办人."""

    id: str
    """Account or client id; stable."""
    role: str
    """citizen, station_worker, clerk, operator, reviewer, …; `portal` for a client that vouches."""
    name: str = ""
    id_number: str | None = None
    unit: str | None = None
    site: str | None = None
    area: str | None = None
    channel: str = "web"


# --- what judge returns ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class MaterialState:
    """One wanted material of one case. Materials whose `when` does not hold are not listed."""

    id: str
    title: str
    status: str
    """proved, given, upload, staff, promise, later or confirm."""
    required: bool
    open: bool
    """True while it still keeps the case from approval."""
    by: tuple[str, ...] = ()
    """The lookups that proved it."""
    days: int | None = None
    """For `later`: working days to hand it in."""
    confirm: tuple[str, ...] = ()
    """For `confirm`: pointers to who must confirm; all of them have to."""
    because: str = ""
    may_promise: bool = False
    """A promise 告知承诺 would close it; none has been made yet."""
    checked: bool = False
    """A paper handed in that a member of staff has found good; his word, not a rule's, closes the case."""


@dataclass(frozen=True, slots=True)
class Decision:
    """`outcome` is approve, reject, decline or review; None for a query or a hand-off."""

    outcome: str | None
    because: str = ""
    basis: str = ""
    rule: str | None = None
    """`/decide/0` and so on: the rule that held; None when none did."""
    instead: str | None = None
    held_back: tuple[str, ...] = ()
    """Why an approval became a review, in words."""
    facts: tuple[str, ...] = ()
    """The facts that the rule read, in words: the explanation an automated decision owes (PIPL 24)."""
    conditions: tuple[str, ...] = ()
    """What the approval is granted under, a sentence each."""
    part: str = ""
    """What is granted and what is not, in words; "" where everything asked for is."""


@dataclass(frozen=True, slots=True)
class RouteStep:
    unit: str
    area: str
    """Area of the office that does the step."""
    days: int | None
    calendar_days: int | None
    title: str
    because: str
    basis: str
    counts: bool
    review: bool
    group: int
    """Steps of the same number run together."""
    id: str = ""
    """As the step declares it; "" where it needs none."""


@dataclass(frozen=True, slots=True)
class Route:
    mode: str
    """direct, same-city or proxy."""
    accepting: Site | None
    accepting_may: str | None
    """decide, accept, collect or forward: what the site's level may do; None without a site."""
    deciding_unit: str
    deciding_area: str
    place: str | None
    steps: tuple[RouteStep, ...]
    priority: str | None
    home_visit: bool
    because: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Verdict:
    """Everything judge says of one set of facts, each part with its reasons."""

    problems: tuple[Problem, ...]
    materials: tuple[MaterialState, ...]
    decision: Decision
    route: Route | None
    """None when the site does not offer the item (a problem at /site says so), or for a hand-off."""
    deadline: date | None
    deadline_because: tuple[str, ...]
    provisional: bool
    """The deadline rests on days for which no official holiday notice exists yet."""
    zero_material: bool
    fee: str | None
    amount: str | None
    valid_until: date | None = None
    """The last day of what an approval grants today; None where it has no end, and for everything but an approval."""
