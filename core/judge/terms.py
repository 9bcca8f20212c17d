"""What an item declares of a case's time under these facts, and the deadline that follows on the day of filing.

Knows the declaration and the facts; what happens to a case afterwards is `legal_clock`'s.
"""

from __future__ import annotations

from datetime import date

from core.contract import Calendar, Facts, Item, Route
from core.judge.clock import Deadline, Terms, read_date
from core.judge.legal_clock import Happening, legal_dates
from core.judge.pointers import resolve
from core.judge.rules import first_holding, rules_of


def terms_of(item: Item, route: Route | None, facts: Facts, calendar: Calendar) -> Terms:
    last = read_date(resolve(facts, item.routing.not_after)[1]) if item.routing.not_after else None
    extension = item.declared.get("extension") or {}
    held = first_holding(rules_of(item).promised, facts, calendar)
    # Where no situation holds, nothing shorter than the longest was promised.
    promised = held[1] if held else item.promised_days
    steps = route.steps if route else ()
    return Terms(
        promised,
        item.statutory_days,
        last,
        steps,
        extension.get("days", 0),
        item.declared.get("statutory_calendar_days"),
    )


def deadline(
    item: Item, route: Route | None, filed_on: date, facts: Facts, calendar: Calendar, *, language: str = "zh"
) -> Deadline:
    """The deadline of a case filed on that day, before anything else has happened to it (`legal_clock` goes on)."""
    terms = terms_of(item, route, facts, calendar)
    due = legal_dates(terms, [Happening("filed", filed_on)], calendar, today=filed_on).deadline
    if due is None:
        raise ValueError("A case that was only filed has a deadline.")
    return Deadline(due.day, due.lines(language), due.provisional)
