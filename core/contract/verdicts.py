"""What judge returns."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.contract.office import Site
from core.contract.problems import Problem
from core.contract.words import RawCondition


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
    confirm_when: RawCondition | None = None
    """Of the rows that `confirm` points to: those whose party is asked."""


@dataclass(frozen=True, slots=True)
class Measured:
    """How much is granted of what is no money: 20 立方米."""

    number: str
    """Never more than was asked for; "" where nobody can tell yet."""
    unit: str


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
    granted: Measured | None = None
    """How much, where what is asked for is counted in a unit of its own."""
    ground: str = ""
    """Of a refusal: which of the item's `refusals` it is; "" where none is noted."""


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
    by: str = ""
    """Who does it outside the town hall, in words; the office of `unit` and `area` waits for it and records it."""
    at_least: bool = False
    """Its days have to be over before it is done: a public notice, time to think it over."""
    party: bool = False
    """The applicant does it, and `by` says so."""
    otherwise: str = ""
    """`close`: where the applicant has not done it in its days, the case is taken as withdrawn."""
    joined: bool = False
    """A late answer called for it after the applicant was told a day: it runs within that time."""
    begins: tuple[str, ...] = ()
    """Its days run from the first of these days on: of every month (`05`), of every year (`03-31`), or one date."""


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
class Handover:
    """A thing that changes hands at a place: given by the approval, or an original that goes back."""

    id: str
    title: str
    place: str
    material: str | None = None
    """The material whose original goes back, whatever is decided; None: the approval gives it."""
    result: int | None = None
    """Of a thing that each of several further results comes with: which of them, from 1."""


@dataclass(frozen=True, slots=True)
class FurtherResult:
    """What an approval gives besides its first result: one line of `result.also`, for one row where it walks rows."""

    id: str
    title: str
    row: int | None = None
    """Position of the row that it is for."""
    valid_until: date | None = None


@dataclass(frozen=True, slots=True)
class Duty:
    """What is still to be done once the case is approved 后续事项: its first time, or a later one."""

    id: str
    title: str
    unit: str
    area: str
    """Of the office that does it; of a party's duty, of the office that sees to it."""
    party: bool
    """The holder of the result has to do it himself."""
    due: date | None
    """None: the day it is counted from is not known."""
    day: date | None
    """`due` before a day of rest moved it: what the next time is counted from."""
    because: str = ""
    basis: str = ""
    why: tuple[tuple[str, Mapping[str, Any]], ...] = ()
    """How `due` comes about: keys of `judge.sentences` and their values; `judge.duties.told` makes words of it."""
    every: str = ""
    """ISO 8601 duration from one time to the next; "" where it is done once."""


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
    handover: tuple[Handover, ...] = ()
    duties: tuple[Duty, ...] = ()
    """What an approval leaves to be done, each its first time; empty for everything but an approval."""
    unpaid: str | None = None
    """What waits until the fee is paid: acceptance, decision or delivery."""
    results: tuple[FurtherResult, ...] = ()
    """What an approval gives besides its first result; empty for everything but an approval."""
