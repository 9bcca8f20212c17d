"""Every legal date of a case, worked out from its events: acceptance, deadline, each step, delivery.

Knows days and kinds of events, no database and no status; the same events always give the same dates, each with the
lines that derive it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from core.contract import Calendar, RouteStep
from core.judge.clock import (
    Span,
    Stop,
    Stopped,
    Terms,
    add_working_days,
    after_stops,
    end_of_span,
    in_window,
    is_provisional,
    reckon,
    working_days_between,
)
from core.judge.sentences import Line
from core.judge.step_dates import LegalDate, StepDate, ahead_of, groups_of, later_of, step_dates, title_of

CORRECTION_DAYS = 5
"""行政许可法 32: all that is missing is told at once within five working days, else the case counts as accepted."""
DELIVERY_DAYS = 10
"""行政许可法 44: the decision is delivered within ten days, where the item says nothing; days are working days (82)."""
PAUSE_KINDS = ("hearing", "expert_review", "inspection", "auction", "public_notice")
OVER = ("decided", "refused", "withdrawn", "lapsed", "closed")


@dataclass(frozen=True, slots=True)
class Happening:
    """One event of a case, as far as the clock cares; types it does not know are read over."""

    type: str
    day: date
    """Its legal date (Asia/Shanghai)."""
    kind: str = ""
    """Of `paused`: one of PAUSE_KINDS, or the id of a ground that the item declares."""
    title: str = ""
    """Of `paused`: what the ground is called."""
    step: int | None = None
    """Of `step_finished`: the position of the step."""
    again: bool = False
    """Of `step_finished`: what was found calls for another round, so the step goes on."""
    span: Span | None = None
    """Of `extended`: by how much."""


@dataclass(frozen=True, slots=True)
class LegalDates:
    filed_on: date
    received_on: date
    """The day the time runs from: filing, or the day all was mended."""
    accept_by: LegalDate | None
    """Last day to accept or to ask for what is missing; None once that is settled."""
    accepted: LegalDate | None
    deemed_accepted: bool
    deadline: LegalDate | None
    """None once over, and while the applicant has something to mend."""
    statutory: LegalDate | None
    """What the law allows at most, where the item names it; None as for `deadline`."""
    steps: tuple[StepDate, ...]
    stopped_since: date | None
    """The clock stands still now: a pause, a step that does not count, or a correction holds it."""
    stops: tuple[Line, ...]
    deliver_by: LegalDate | None
    """Set between decision and delivery, and not while the applicant has to pay first."""

    def turn(self, position: int) -> bool:
        return any(one.position == position and one.current for one in self.steps)


def legal_dates(terms: Terms, events: Iterable[Happening], calendar: Calendar, *, today: date) -> LegalDates:
    """All dates of a case on a given day. Events may come in any order. Raises ValueError where none is `filed`."""
    known, terms = tuple(events), in_window(terms)
    filed = first(known, "filed")
    if filed is None:
        raise ValueError("No event says when the case was filed.")
    asked, mended, accepted = last(known, "correction_asked"), last(known, "corrected"), first(known, "accepted")
    if asked is not None and mended is None and accepted is not None and accepted >= asked:
        mended = accepted  # the desk took it as it was after all
    waiting = asked is not None and (mended is None or mended < asked)
    received = mended if asked is not None and mended is not None and not waiting else filed
    over = any(one.type in OVER for one in known)
    ended = min((one.day for one in known if one.type in OVER), default=None)

    until = ended or today
    unpaid, unpaid_since, unpaid_words = payments_of(known, until, calendar)
    by = add_working_days(received, CORRECTION_DAYS, Stopped(calendar, unpaid) if unpaid else calendar)
    deemed = accepted is None and not waiting and not over and unpaid_since is None and today > by
    if deemed:
        accepted = received
    accept_by = None
    if accepted is None and not waiting and not over:
        key = "accept_by" if received == filed and asked is None else "accept_again_by"
        line = Line(key, {"filed": received, "day": by})
        accept_by = LegalDate(by, (line,), is_provisional(calendar, received, by))

    done = {
        n: min((o.day for o in known if o.type == "step_finished" and o.step == n and not o.again), default=None)
        for n in range(len(terms.steps))
    }
    rounds = {
        n: sorted(one.day for one in known if one.type == "step_finished" and one.step == n and one.again)
        for n in range(len(terms.steps))
    }
    pauses, paused_since, words = pauses_of(known, until, calendar)
    words = (*unpaid_words, *words)
    apart, apart_since, apart_words = apart_of(terms.steps, done, received, until, calendar)
    stops = (*pauses, *apart, *unpaid)
    steps = step_dates(
        terms.steps, done, received, rounds=rounds, today=today,
        calendar=Stopped(calendar, stops) if stops else calendar,
        apart=Stopped(calendar, (*pauses, *unpaid)) if pauses or unpaid else calendar, idle=over or waiting,
    )  # fmt: skip
    ahead = () if over or waiting else ahead_of(steps)
    stops = (*stops, *ahead)
    running = Stopped(calendar, stops) if stops else calendar

    opening = [Line("filed_on", {"day": filed})]
    if asked is not None:
        opening.append(Line("asked_on", {"day": asked}))
    if received != filed:
        opening.append(Line("corrected_on", {"day": received}))
    due = statutory = None
    if waiting:
        stopped: date | None = asked
        words = (*words, Line("awaiting_correction", {}))
    else:
        stopped = min((day for day in (paused_since, apart_since, unpaid_since) if day is not None), default=None)
        words = (*words, *apart_words)
    if not over and not waiting:
        extended = next((one.span for one in known if one.type == "extended"), None)
        day, lines = reckon(terms, received, running, extended=extended, ahead=ahead)
        later = later_of(steps, ahead, now=apart_since is not None)
        provisional = any(line.key == "provisional" for line in lines)
        due = LegalDate(day, (*opening, *words, *lines, *later), provisional)
        if terms.statutory is not None:
            most = end_of_span(terms.statutory, received, running)
            law = [Line("by_law", {"start": received, "span": terms.statutory.line(), "day": most})]
            if extended:
                most = end_of_span(extended, most, running)
                law.append(Line("extended", {"span": extended.line(), "day": most}))
            most = after_stops(most, ahead)
            statutory = LegalDate(most, (*words, *law), is_provisional(calendar, received, most))

    decided = last(known, "decided")
    deliver_by = None
    waits, waits_since, _ = payments_of(known, today, calendar)
    if (
        decided is not None
        and waits_since is None
        and not any(one.type in ("told", "delivered", "closed") for one in known)
    ):
        within = terms.deliver or Span(DELIVERY_DAYS)
        day = end_of_span(within, decided, Stopped(calendar, waits) if waits else calendar)
        line = Line("deliver_by", {"decided": decided, "day": day, "span": within.line()})
        deliver_by = LegalDate(day, (line,), is_provisional(calendar, decided, day))
    return LegalDates(
        filed_on=filed,
        received_on=received,
        accept_by=accept_by,
        accepted=_accepted(accepted, deemed=deemed),
        deemed_accepted=deemed,
        deadline=due,
        statutory=statutory,
        steps=steps,
        stopped_since=None if over else stopped,
        stops=words,
        deliver_by=deliver_by,
    )  # fmt: skip


def open_steps(
    dates: LegalDates | None, deciding: tuple[str | None, str | None], finding: Collection[str] = ()
) -> tuple[StepDate, ...]:
    """What still has to be done before anything is approved: by others than the deciding office, here or outside, and
    by anybody where days have to pass first, or where something has to be found out (`finding`: ids of such steps)."""
    return tuple(
        one
        for one in (dates.steps if dates else ())
        if one.done is None
        and (
            one.held_until
            or one.step.id in finding
            or (one.step.review and (one.step.by or (one.step.unit, one.step.area) != deciding))
        )
    )


def _accepted(day: date | None, *, deemed: bool) -> LegalDate | None:
    if day is None:
        return None
    return LegalDate(day, (Line("deemed_accepted" if deemed else "accepted_on", {"day": day}),))


def first(events: Sequence[Happening], type: str) -> date | None:
    return min((one.day for one in events if one.type == type), default=None)


def last(events: Sequence[Happening], type: str) -> date | None:
    return max((one.day for one in events if one.type == type), default=None)


def pauses_of(
    events: Sequence[Happening], until: date, calendar: Calendar
) -> tuple[tuple[Stop, ...], date | None, tuple[Line, ...]]:
    """The pauses, a still open one up to `until`; since when one is open; and each in words.

    What happened within one day cancels out, so that the order of the events does not matter.
    """
    turns = Counter[date]()
    kinds: dict[date, Line | str] = {}
    for one in events:
        if one.type in ("paused", "resumed"):
            turns[one.day] += 1 if one.type == "paused" else -1
        if one.type == "paused":
            own = f"“{one.title}”" if one.title and one.kind not in PAUSE_KINDS else ""
            kind = own or Line(one.kind if one.kind in PAUSE_KINDS else "pause", {})
            kinds[one.day] = min(kinds.get(one.day, kind), kind, key=str)
    pauses: list[Stop] = []
    begun: date | None = None
    for day in sorted(turns):
        if turns[day] > 0 and begun is None:
            begun = day
        elif turns[day] < 0 and begun is not None:
            pauses.append((begun, day))
            begun = None
    words = [_stop("paused", one, calendar, kind=kinds[one[0]]) for one in pauses]
    if begun is not None:
        pauses.append((begun, max(begun, until)))
        words.append(Line("paused_now", {"begun": begun, "kind": kinds[begun]}))
    return tuple(pauses), begun, tuple(words)


def payments_of(
    events: Sequence[Happening], until: date, calendar: Calendar
) -> tuple[tuple[Stop, ...], date | None, tuple[Line, ...]]:
    """As `pauses_of`, of the times in which a fee that has to be paid first was asked for and not paid.

    No law is named for them: that they do not count is what the item declares, with its own basis.
    """
    turns = Counter[date]()
    for one in events:
        if one.type in ("payment_asked", "payment_made"):
            turns[one.day] += 1 if one.type == "payment_asked" else -1
    stops: list[Stop] = []
    begun: date | None = None
    for day in sorted(turns):
        if turns[day] > 0 and begun is None:
            begun = day
        elif turns[day] < 0 and begun is not None:
            stops.append((begun, day))
            begun = None
    words = [_stop("unpaid_stop", one, calendar) for one in stops if one[0] < until]
    if begun is not None:
        stops.append((begun, max(begun, until)))
        if begun <= until:
            words.append(Line("unpaid_now", {"begun": begun}))
    return tuple(stops), begun, tuple(words)


def _stop(key: str, stop: Stop, calendar: Calendar, **values: object) -> Line:
    begun, ended = stop
    return Line(key, {"begun": begun, "ended": ended, "days": working_days_between(begun, ended, calendar), **values})


def apart_of(
    steps: Sequence[RouteStep], done: dict[int, date | None], start: date, until: date, calendar: Calendar
) -> tuple[tuple[Stop, ...], date | None, tuple[Line, ...]]:
    """When only steps were under way that lie outside the legal time (行政许可法 45): they stop the clock."""
    stops: list[Stop] = []
    words: list[Line] = []
    begun = start
    for group in groups_of(steps):
        ends = [done[n] for n in group]
        counting = [done[n] for n in group if steps[n].counts]
        finished = [day for day in ends if day is not None]
        if len(counting) < len(group) and None not in counting:
            since = max([begun, *(day for day in counting if day is not None)])
            title = next(title_of(steps[n]) for n in group if not steps[n].counts)
            if None in ends:
                stops.append((since, max(since, until)))
                words.append(Line("step_apart_now", {"begun": since, "title": title}))
                return tuple(stops), since, tuple(words)
            ended = max([since, *finished])
            stops.append((since, ended))
            words.append(_stop("step_apart", stops[-1], calendar, title=title))
        if None in ends:
            break
        begun = max([begun, *finished])
    return tuple(stops), None, tuple(words)
