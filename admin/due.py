"""The due light of a case: how it stands with its legal date, as a word and a shape, never as colour alone.

Knows days only; the date itself is judge's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from core.contract import Calendar

SOON = 2
"""Working days left from which a case is due soon."""
_FAR = 250


SHAPES = {"over": "■", "today": "▲", "soon": "▲", "later": "●", "stopped": "‖", "none": "○", "done": "✓"}


@dataclass(frozen=True, slots=True)
class Due:
    kind: str
    """over, today, soon, later, stopped (the clock stands still), none (no date is running) or done."""
    days: int = 0
    """Working days left, or past the date for `over`."""
    day: date | None = None

    @property
    def shape(self) -> str:
        return {"over": "■", "today": "▲", "soon": "▲", "later": "●", "stopped": "‖", "none": "○", "done": "✓"}[
            self.kind
        ]


def due(deadline: date | None, today: date, calendar: Calendar, *, over: bool = False, stopped: bool = False) -> Due:
    """`over`: at its end, so that no date presses any more; `stopped`: a pause or a correction holds the clock."""
    if over:
        return Due("done", day=deadline)
    if stopped:
        return Due("stopped", day=deadline)
    if deadline is None:
        return Due("none")
    if deadline == today:
        return Due("today", day=deadline)
    if deadline < today:
        return Due("over", max(1, working_days(deadline, today, calendar)), deadline)
    days = working_days(today, deadline, calendar)
    return Due("soon" if days <= SOON else "later", days, deadline)


def working_days(after: date, until: date, calendar: Calendar) -> int:
    """Working days later than `after`, up to and with `until`; counted for a year at most."""
    span = min((until - after).days, _FAR * 2)
    return sum(calendar.is_working_day(after + timedelta(n)) for n in range(1, span + 1))
