"""Each step of a way by day: when it begins, is due and was done, and what of it lies ahead outside the legal time.

Knows the steps, on which day each was done, and the calendars they run on; no events.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.contract import Calendar, RouteStep
from core.judge.clock import (
    Stop,
    add_working_days,
    begin_of,
    begins_said,
    end_of_step,
    is_provisional,
    last_of_step,
)
from core.judge.sentences import Line


@dataclass(frozen=True, slots=True)
class LegalDate:
    day: date
    because: tuple[Line, ...]
    provisional: bool = False
    """Some day on the way has no official holiday notice yet."""

    def lines(self, language: str = "zh") -> tuple[str, ...]:
        return tuple(line.text(language) for line in self.because)


@dataclass(frozen=True, slots=True)
class StepDate:
    """One step of the way: its own days run from when the step before was done, or is expected to be."""

    position: int
    step: RouteStep
    begins: date
    due: LegalDate
    done: date | None
    current: bool
    """It is this step's turn; of a `together`, several have it."""
    held_until: date | None = None
    """Until the end of this day nobody can finish it (`at_least`); None where nothing holds it today."""


def groups_of(steps: Sequence[RouteStep]) -> list[list[int]]:
    """Positions of the steps that run side by side, group after group."""
    groups: list[list[int]] = []
    for n, step in enumerate(steps):
        if n and steps[n - 1].group == step.group:
            groups[-1].append(n)
        else:
            groups.append([n])
    return groups


def ahead_of(dates: Sequence[StepDate]) -> tuple[Stop, ...]:
    """When only steps will be under way that lie outside the legal time and are not done, as far as their days say.

    The law does not count those days; who waits has to live through them, so the day he is told allows for them.
    """
    stops: list[Stop] = []
    for group in groups_of([one.step for one in dates]):
        counting = [one.done or one.due.day for n in group if (one := dates[n]).step.counts]
        waited = [one.due.day for n in group if not (one := dates[n]).step.counts and one.done is None]
        since = max([dates[group[0]].begins, *counting])
        if waited and max(waited) > since:
            stops.append((since, max(waited)))
    return tuple(stops)


def later_of(dates: Sequence[StepDate], ahead: Sequence[Stop], *, now: bool) -> list[Line]:
    """What does not count and is still to come, with its days where they are known."""
    lines = []
    for one in dates:
        if one.step.counts or one.done is not None:
            continue
        stop = next((stop for stop in ahead if stop[0] < one.due.day <= stop[1]), None)
        if stop is not None:
            lines.append(Line("apart_ahead", {"title": title_of(one.step), "begun": stop[0], "ended": one.due.day}))
        elif not (now and one.current):
            lines.append(Line("later_apart", {"title": title_of(one.step)}))
    return lines


def turn_of(steps: Sequence[RouteStep], done: dict[int, date | None], position: int) -> bool:
    """Whether all groups before this step's are done."""
    return all(done[n] is not None for n in range(position) if steps[n].group != steps[position].group)


def step_dates(
    steps: Sequence[RouteStep],
    done: dict[int, date | None],
    start: date,
    *,
    rounds: Mapping[int, Sequence[date]],
    today: date,
    calendar: Calendar,
    apart: Calendar,
    idle: bool,
) -> tuple[StepDate, ...]:
    """When each step is due: groups in order, the steps of one side by side, each in its own days.

    `rounds`: the days on which a step was found to need another round, which begins its days anew. The legal time of
    the whole does not begin anew: only a step that lies outside it (`counts`) stops the clock, until its last round.
    `apart` is the calendar of steps that do not count: the clock they stop is not their own. `idle`: it is nobody's
    turn.
    """
    dates: list[StepDate] = []
    begun, reason = start, Line("step_begins", {"day": start})
    for group in groups_of(steps):
        ends: list[date] = []
        turn = not idle and all(turn_of(steps, done, n) for n in group)
        for n in group:
            step = steps[n]
            own = calendar if step.counts else apart
            because = [reason]
            began = begun
            for number, day in enumerate(rounds.get(n, ()), 1):
                began = max(began, day)
                because.append(Line("step_again", {"round": number, "day": began}))
            if step.begins:
                began = begin_of(step.begins, began)
                because.append(Line("step_from", {"begins": begins_said(step.begins), "day": began}))
            last, due = last_of_step(step, began, own), end_of_step(step, began, own)
            if step.days:
                because.append(Line("step_days", {"days": step.days, "day": add_working_days(began, step.days, own)}))
            if step.calendar_days:
                because.append(Line("step_calendar_days", {"days": step.calendar_days, "day": last}))
            if step.at_least:
                because.append(Line("step_at_least", {"last": last, "day": last + timedelta(days=1), "due": due}))
            if not (step.days or step.calendar_days):
                because.append(Line("step_no_days", {}))
            provisional = is_provisional(own, began, due)
            if provisional:
                because.append(Line("provisional", {}))
            finished = done[n]
            if finished is not None:
                because.append(Line("step_done", {"day": finished}))
            date_ = LegalDate(due, tuple(because), provisional)
            held = last if step.at_least and finished is None and today <= last else None
            dates.append(StepDate(n, step, began, date_, finished, turn and finished is None, held))
            ends.append(due if finished is None else max(finished, begun))
        closed = all(done[n] is not None for n in group)
        begun = max(ends)
        reason = Line("step_follows" if closed else "step_expected", {"day": begun})
    return tuple(dates)


def title_of(step: RouteStep) -> object:
    return step.title or Line("this_step", {})
