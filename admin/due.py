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


@dataclass(frozen=True, slots=True)
class Due:
    kind: str
    """over, today, soon, later, none (no date is running) or done."""
    days: int = 0
    """Working days left, or past the date for `over`."""
    day: date | None = None

    @property
    def shape(self) -> str:
        return {"over": "■", "today": "▲", "soon": "▲", "later": "●", "none": "○", "done": "✓"}[self.kind]


def due(deadline: date | None, today: date, calendar: Calendar, *, over: bool = False) -> Due:
    """`over`: the case is at its end, so no date presses any more."""
    if over:
        return Due("done", day=deadline)
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
