"""The legal clock of one case, replayed from its events: pauses and corrections stop it, a decision ends it.

Knows no table: days and a calendar come in, the day and its derivation go out. Replaying gives the same day again.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from core.contract import Calendar
from core.judge.clock import add_working_days, working_days_between

STOPS = {"paused": "resumed", "correction_asked": "corrected"}
"""What stops the clock, and what starts it again (行政许可法 32, 45)."""
ENDS = frozenset({"decided", "refused", "withdrawn", "closed"})


@dataclass(frozen=True, slots=True)
class Due:
    day: date | None
    """None once nothing is due any more."""
    because: tuple[str, ...]
    running: bool
    """False while a pause or a correction holds the clock."""


def replay(first: date | None, events: Iterable[tuple[str, date]], calendar: Calendar, *, today: date) -> Due:
    """`first` is the deadline given at filing; `events` are (type, legal day) in order.

    While the clock stands, the day moves on with `today`: it is the day that would be due if it ran again now.
    """
    if first is None:
        return Due(None, (), running=False)
    day = first
    because: list[str] = []
    stopped: dict[str, date] = {}
    held_until: date | None = None

    def run_on(until: date) -> None:
        """Working days since the clock stopped, added once although several things held it at the same time."""
        nonlocal day, held_until
        begun = min(stopped.values())
        if held_until is not None:
            begun = max(begun, held_until)
        days = max(0, working_days_between(begun, until, calendar))
        if days:
            day = add_working_days(day, days, calendar)
            because.append(f"{begun.isoformat()} 至 {until.isoformat()} 不计入办理时限，顺延 {days} 个工作日。")
        held_until = until

    for type, on in events:
        if type in ENDS:
            return Due(None, tuple(because), running=False)
        if type in STOPS:
            if stopped:
                run_on(on)
            stopped[STOPS[type]] = on
        elif type in stopped:
            run_on(on)
            del stopped[type]
    if stopped:
        run_on(max(today, held_until or today))
    return Due(day, tuple(because), running=not stopped)
