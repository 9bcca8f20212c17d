"""What an item declares of a case's time under these facts, and the deadline that follows on the day of filing.

Knows the declaration and the facts; what happens to a case afterwards is `legal_clock`'s.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from core.contract import Calendar, Facts, Item, Route
from core.judge.clock import Deadline, Span, Terms, day_said, end_of_span, fixed, read_date, span_in
from core.judge.legal_clock import Happening, legal_dates
from core.judge.opening import window_end
from core.judge.pointers import resolve
from core.judge.rules import Situations, first_holding, rules_of


def terms_of(item: Item, route: Route | None, facts: Facts, calendar: Calendar) -> Terms:
    last = _last(item.routing.not_after, facts)
    rules = rules_of(item)
    window = window_end(item, read_date(facts.get("today")) or date.min)
    steps = route.steps if route else ()
    promised, law = (_held(lines, facts, calendar, window) for lines in (rules.promised, rules.statutory))
    extension, deliver = (span_in(item.declared.get(key) or {}) for key in ("extension", "deliver"))
    return Terms(promised or Span(0), law, last, steps, extension, window, deliver)


def _last(said: str | None, facts: Facts) -> date | None:
    """The day that a pointer names, or the next `10-31` that comes."""
    if not said or said.startswith("/"):
        return read_date(resolve(facts, said)[1]) if said else None
    return day_said(read_date(facts.get("today")) or date.min, said)


def _held(lines: Situations, facts: Facts, calendar: Calendar, window: date | None) -> Span | None:
    """The time of the first situation that holds. Where none does, nothing shorter than the longest was said."""
    held = first_holding(lines, facts, calendar)
    said: list[Span] = [held[1]] if held else [span for _, span in lines]
    spans = [replace(span, begins=fixed(span.begins, window)) for span in said]
    if len(spans) == 1:
        return spans[0]
    day = read_date(facts.get("today")) or date.min
    return max(spans, key=lambda span: end_of_span(span, day, calendar), default=None)


def deadline(
    item: Item, route: Route | None, filed_on: date, facts: Facts, calendar: Calendar, *, language: str = "zh"
) -> Deadline:
    """The deadline of a case filed on that day, before anything else has happened to it (`legal_clock` goes on)."""
    terms = terms_of(item, route, facts, calendar)
    due = legal_dates(terms, [Happening("filed", filed_on)], calendar, today=filed_on).deadline
    if due is None:
        raise ValueError("A case that was only filed has a deadline.")
    return Deadline(due.day, due.lines(language), due.provisional)
