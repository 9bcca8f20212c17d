"""When a site is open: its week, the state's calendar and its closed days → open now, until when, and when next.

Pure: knows no database, no page and no clock; the moment and the calendar come in as arguments.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from core.contract import Closed, Counter, Hours, Site
from core.office.calendar import StateCalendar

DAYS = ("workday", "saturday", "sunday", "holiday", "daily")
KINDS = ("open", "noon", "duty", "appointment")
APPOINTMENT = "appointment"
"""Open for who has booked; a walk-in finds the door shut."""
AHEAD = 31
"""Days looked through for the next opening: longer than any holiday of the year."""
ALWAYS = timedelta(days=7)
"""Who is open for a week without a break is open round the clock."""
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


@dataclass(frozen=True, slots=True)
class Span:
    starts: datetime
    ends: datetime
    kind: str


@dataclass(frozen=True, slots=True)
class Standing:
    """How a site stands at a moment."""

    state: str
    """open, appointment, closed, or unknown where no hours are written down."""
    until: datetime | None = None
    """When what is open now ends; None for round the clock, or while closed."""
    kind: str = ""
    next: Span | None = None
    """The next time a walk-in is served, while nobody is now."""
    note: str = ""
    """Why it is shut today, where a closed day says so."""


def is_clock(text: str) -> bool:
    """`HH:MM`, and 24:00 for the end of a day."""
    return _CLOCK.fullmatch(text) is not None


def clashes(rows: Iterable[Hours]) -> list[tuple[Hours, Hours]]:
    """Pairs of openings of the same days that overlap: nobody could say which of the two holds."""
    found = []
    earlier: list[Hours] = []
    for row in rows:
        for other in earlier:
            if row.days == other.days and row.opens < other.closes and other.opens < row.closes:
                found.append((other, row))
        earlier.append(row)
    return found


def spans(site: Site, day: date, calendar: StateCalendar) -> list[Span]:
    """The openings of one day in order; none on a closed day."""
    if closed_on(site, day) is not None:
        return []
    kind = calendar.kind(day)
    return sorted(
        (
            Span(_at(day, row.opens), _at(day, row.closes), row.kind)
            for row in site.hours
            if row.days in (kind, "daily")
        ),
        key=lambda span: (span.starts, span.ends),
    )


def closed_on(site: Site, day: date) -> Closed | None:
    return next((one for one in site.closed if one.since <= day <= one.until), None)


def standing(site: Site, now: datetime, calendar: StateCalendar) -> Standing:
    """`now` in the legal time, without a zone or with it: only its wall clock is read."""
    if not site.hours:
        return Standing("unknown")
    now = now.replace(tzinfo=None)
    today = now.date()
    ahead = [span for n in range(AHEAD) for span in spans(site, today + timedelta(n), calendar) if span.ends > now]
    walk_in = [span for span in ahead if span.kind != APPOINTMENT]
    closed = closed_on(site, today)
    note = closed.note if closed else ""
    current = next((span for span in walk_in if span.starts <= now), None)
    if current:
        until = _joined(current, walk_in)
        return Standing("open", until if until - now < ALWAYS else None, current.kind)
    booked = next((span for span in ahead if span.kind == APPOINTMENT and span.starts <= now), None)
    following = walk_in[0] if walk_in else None
    if booked:
        return Standing(APPOINTMENT, booked.ends, APPOINTMENT, following, note)
    return Standing("closed", next=following, note=note)


def _joined(current: Span, walk_in: Iterable[Span]) -> datetime:
    """The end of the run of openings that follow on each other: morning, noon duty and afternoon are one."""
    end = current.ends
    for span in walk_in:
        if span.starts <= end:
            end = max(end, span.ends)
    return end


def _at(day: date, clock: str) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime.combine(day, time()) + timedelta(hours=hour, minutes=minute)


# --- as the database keeps it ----------------------------------------------------------------------------


def hours_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Hours, ...]:
    return tuple(Hours(row["days"], row["opens"], row["closes"], row["kind"]) for row in rows)


def closed_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Closed, ...]:
    return tuple(
        Closed(date.fromisoformat(row["since"]), date.fromisoformat(row["until"]), row["note"]) for row in rows
    )


def counters_of(rows: Iterable[Mapping[str, Any]]) -> tuple[Counter, ...]:
    return tuple(Counter(row["id"], row["name"], tuple(row["themes"]), tuple(row["items"])) for row in rows)


def kept(site: Site) -> dict[str, Any]:
    """The site's columns: what `hours_of`, `closed_of` and `counters_of` read back."""
    return {
        "name": site.name,
        "kind": site.kind,
        "level": site.level,
        "area": site.area,
        "address": site.address,
        "telephone": site.telephone,
        "hours": [{"days": h.days, "opens": h.opens, "closes": h.closes, "kind": h.kind} for h in site.hours],
        "closed": [{"since": c.since.isoformat(), "until": c.until.isoformat(), "note": c.note} for c in site.closed],
        "counters": [
            {"id": c.id, "name": c.name, "themes": list(c.themes), "items": list(c.items)} for c in site.counters
        ],
    }
