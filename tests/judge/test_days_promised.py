"""A promise by a day of the year, or by one day: the deadline, its lines, and the day beyond which nothing is due."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.judge.clock import span_of
from core.judge.terms import deadline
from tests.judge.town import CALENDAR, elder


def due(day: date, *, steps: int = 1, **declared: Any) -> tuple[date, str]:
    routing = {"steps": [{"unit": "civil-affairs", "days": steps}]}
    if "not_after" in declared:
        routing["not_after"] = declared.pop("not_after")
    item = elder(item={"promised_days": [{"days": 1}], "statutory_days": None, **declared}, routing=routing)
    facts = {"today": day.isoformat(), "answers": {}}
    found = deadline(item, None, day, facts, CALENDAR)
    return found.day, "；".join(found.because)


@pytest.mark.parametrize(
    ("by", "day", "until", "said"),
    [
        ("09-30", date(2026, 6, 1), date(2026, 9, 30), "承诺9月30日前，至 2026-09-30"),
        ("09-30", date(2026, 9, 30), date(2026, 9, 30), "承诺9月30日前"),
        ("09-30", date(2026, 10, 1), date(2027, 9, 30), "至 2027-09-30"),
        ("02-29", date(2026, 1, 5), date(2026, 2, 28), "承诺2月29日前，至 2026-02-28"),
        ("2026-12-05", date(2026, 6, 1), date(2026, 12, 5), "承诺2026-12-05前，至 2026-12-05"),
        ("2026-03-01", date(2026, 6, 1), date(2026, 6, 1), "至 2026-06-01"),
    ],
)
def test_a_promise_by_a_day_is_that_day_whatever_weekday_it_is(by: str, day: date, until: date, said: str) -> None:
    found, because = due(day, promised_days=[{"by": by}])
    assert found == until
    assert said in because


def test_the_day_is_kept_as_it_was_said() -> None:
    for by in ("09-30", "2026-09-30", "02-29"):
        assert span_of(span_of({"by": by}).as_json()).as_json() == {"by": by}


def test_the_law_stays_the_most(  # a promise by a far day does not outlast what the law allows
) -> None:
    found, because = due(date(2026, 6, 1), promised_days=[{"by": "12-31"}], statutory_days=20)
    assert found == date(2026, 6, 29)
    assert "不超过法定20个工作日" in because


@pytest.mark.parametrize(("said", "until"), [("06-03", date(2026, 6, 3)), ("2026-06-02", date(2026, 6, 2))])
def test_nothing_is_due_after_a_day_of_the_year(said: str, until: date) -> None:
    found, because = due(date(2026, 6, 1), promised_days=[{"days": 10}], not_after=said)
    assert found == until
    assert "不晚于期限届满之日" in because
