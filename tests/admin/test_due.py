"""Due lights."""

from __future__ import annotations

from datetime import date

import pytest

from admin.due import due
from core.office.calendar import StateCalendar

CALENDAR = StateCalendar()
MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("deadline", "kind", "days"),
    [
        (None, "none", 0),
        (date(2026, 11, 23), "today", 0),
        (date(2026, 11, 24), "soon", 1),
        (date(2026, 11, 25), "soon", 2),
        (date(2026, 11, 30), "later", 5),
        (date(2026, 11, 20), "over", 1),
        (date(2026, 11, 16), "over", 5),
        (date(2026, 11, 22), "over", 1),  # a Sunday: past all the same
    ],
)
def test_a_light_counts_working_days(deadline: date | None, kind: str, days: int) -> None:
    light = due(deadline, MONDAY, CALENDAR)
    assert (light.kind, light.days) == (kind, days)


def test_every_kind_has_a_shape_of_its_own_or_a_word_that_differs() -> None:
    shapes = {due(day, MONDAY, CALENDAR).shape for day in (None, date(2026, 11, 20), MONDAY, date(2026, 12, 30))}
    assert len(shapes) == 4


def test_a_case_at_its_end_presses_nobody() -> None:
    assert due(date(2026, 1, 1), MONDAY, CALENDAR, over=True).kind == "done"


def test_a_date_far_away_is_counted_for_a_while_only() -> None:
    assert due(date(2999, 1, 1), MONDAY, CALENDAR).kind == "later"
