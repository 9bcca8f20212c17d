"""The legal dates of a case, worked out from its events: correction, acceptance, deadline, steps, delivery.

Knows days and the kinds of events, no database and no status; the same events always give the same dates.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.contract import Calendar, Facts, Item, Route
from core.judge.clock import Pause, Stopped, add_working_days, deadline, end_of_step
from core.judge.sentences import say

CORRECTION_DAYS = 5
"""行政许可法 32: all that is missing is told at once within five working days, else the case counts as accepted."""
DELIVERY_DAYS = 10
"""行政许可法 44: the decision is delivered within ten days; days are working days (82)."""
OVER = ("decided", "refused", "withdrawn", "closed")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a case, as far as the clock cares."""

    type: str
    """filed, correction_asked, corrected, accepted, begun, paused, resumed, decided, delivered, refused, withdrawn,
    closed; others are read over."""
    day: date
    """Its legal date (Asia/Shanghai)."""


@dataclass(frozen=True, slots=True)
class StepDate:
    """When one step of the route is due, as planned from the day the time runs from."""

    unit: str
    title: str
    group: int
    due: date


@dataclass(frozen=True, slots=True)
class LegalDates:
    received_on: date
    """The day the time runs from: filing, or the day all was mended."""
    correction_until: date | None
    """Last day to ask for what is missing; None once accepted, asked or over."""
    accepted_on: date | None
    deemed_accepted: bool
    deadline: date | None
    """None once over, and while the applicant has something to mend."""
    steps: tuple[StepDate, ...]
    stopped: bool
    """The clock stands still now."""
    deliver_by: date | None
    """Set between decision and delivery."""
    because: tuple[str, ...]
    provisional: bool


def legal_dates(
    item: Item,
    route: Route | None,
    events: Iterable[Happening],
    facts: Facts,
    calendar: Calendar,
    *,
    today: date,
    language: str = "zh",
) -> LegalDates:
    """All dates of a case on a given day. Events may come in any order. Raises ValueError where none is `filed`."""
    known = sorted(events, key=lambda e: e.day)
    filed = first(known, "filed")
    if filed is None:
        raise ValueError("No event says when the case was filed.")
    asked, mended = last(known, "correction_asked"), last(known, "corrected")
    waiting = asked is not None and (mended is None or mended < asked)
    received = mended if mended is not None and not waiting else filed
    over = any(e.type in OVER for e in known)
    pauses, stopped = pauses_of(known, today)
    running = Stopped(calendar, pauses) if pauses else calendar
    because: list[str] = []

    ask_until = add_working_days(filed, CORRECTION_DAYS, calendar)
    accepted = min((e.day for e in known if e.type in ("accepted", "begun")), default=None)
    deemed = accepted is None and asked is None and not over and today > ask_until
    if deemed:
        accepted = filed
        because.append(say(language, "deemed_accepted", day=filed))
    may_ask = accepted is None and asked is None and not over
    if may_ask:
        because.append(say(language, "correction_until", day=ask_until))

    due: date | None = None
    provisional, steps = False, tuple[StepDate, ...]()
    if waiting and not over:
        because.append(say(language, "awaiting_correction"))
    elif not over:
        made = deadline(item, route, received, facts, running, language=language)
        due, provisional = made.day, made.provisional
        if received != filed:
            because.append(say(language, "corrected_on", day=received))
        because += _pause_words(pauses, stopped, language)
        because += made.because if received == filed else made.because[1:]
        steps = step_dates(route, received, running)

    decided, delivered = last(known, "decided"), last(known, "delivered")
    deliver_by = None
    if decided is not None and delivered is None:
        deliver_by = add_working_days(decided, DELIVERY_DAYS, calendar)
        because.append(say(language, "deliver_by", decided=decided, day=deliver_by))
    return LegalDates(
        received_on=received,
        correction_until=ask_until if may_ask else None,
        accepted_on=accepted,
        deemed_accepted=deemed,
        deadline=due,
        steps=steps,
        stopped=stopped and not over,
        deliver_by=deliver_by,
        because=tuple(because),
        provisional=provisional,
    )


def first(events: Sequence[Happening], type: str) -> date | None:
    return min((e.day for e in events if e.type == type), default=None)


def last(events: Sequence[Happening], type: str) -> date | None:
    return max((e.day for e in events if e.type == type), default=None)


def pauses_of(events: Iterable[Happening], today: date) -> tuple[tuple[Pause, ...], bool]:
    """The pauses, a still open one up to today, and whether one is open.

    What happened within one day cancels out, so that the order of the events does not matter.
    """
    turns = Counter[date]()
    for event in events:
        if event.type in ("paused", "resumed"):
            turns[event.day] += 1 if event.type == "paused" else -1
    pauses: list[Pause] = []
    begun: date | None = None
    for day in sorted(turns):
        if turns[day] > 0 and begun is None:
            begun = day
        elif turns[day] < 0 and begun is not None:
            pauses.append((begun, day))
            begun = None
    if begun is not None:
        pauses.append((begun, max(begun, today)))
    return tuple(pauses), begun is not None


def step_dates(route: Route | None, start: date, calendar: Calendar) -> tuple[StepDate, ...]:
    """When each step is due: steps in order, those of one group side by side, each in its own time."""
    dates: list[StepDate] = []
    group, begun, end = 0, start, start
    for step in route.steps if route else ():
        if step.group != group:
            group, begun = step.group, end
        due = end_of_step(step, begun, calendar)
        end = max(end, due)
        dates.append(StepDate(step.unit, step.title, step.group, due))
    return tuple(dates)


def _pause_words(pauses: Sequence[Pause], stopped: bool, language: str) -> list[str]:
    words = [say(language, "paused", begun=begun, ended=ended) for begun, ended in pauses]
    if stopped:
        words[-1] = say(language, "paused_now", begun=pauses[-1][0])
    return words
