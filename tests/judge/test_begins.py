"""Times that begin at the end of a window, or on the next day on which such cases are taken together."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.cases.clock import terms_json, terms_of_record
from core.judge.clock import Span, begin_of, end_of_span, span_of
from core.judge.legal_clock import Happening, legal_dates
from core.judge.routing import choose
from core.judge.terms import deadline, terms_of
from tests.judge.town import CALENDAR, OFFICE, elder

OPEN = [{"from": "03-01", "to": "04-30"}]


def due(day: date, *, steps: Any = (), **declared: Any) -> tuple[date, str]:
    item = elder(item={"promised_days": 1, "statutory_days": None, **declared}, routing={"steps": list(steps)})
    facts = {"today": day.isoformat(), "answers": {}}
    route, _ = choose(item, facts, OFFICE, CALENDAR, None) if steps else (None, None)
    found = deadline(item, route, day, facts, CALENDAR)
    return found.day, "；".join(found.because)


@pytest.mark.parametrize(
    ("begins", "start", "begun"),
    [
        (("05", "20"), date(2026, 6, 5), date(2026, 6, 5)),
        (("05", "20"), date(2026, 6, 6), date(2026, 6, 20)),
        (("05", "20"), date(2026, 12, 21), date(2027, 1, 5)),
        (("31",), date(2027, 2, 3), date(2027, 2, 28)),
        (("03-31", "06-30"), date(2026, 7, 1), date(2027, 3, 31)),
        (("2026-04-30",), date(2026, 3, 2), date(2026, 4, 30)),
        (("2026-04-30",), date(2026, 5, 2), date(2026, 5, 2)),
        ((), date(2026, 5, 2), date(2026, 5, 2)),
    ],
)
def test_the_next_of_the_days_is_the_first_on_or_after_the_start(
    begins: tuple[str, ...], start: date, begun: date
) -> None:
    assert begin_of(begins, start) == begun


def test_a_promise_from_the_windows_end_is_the_same_day_for_all_who_filed_in_it() -> None:
    said = [{"days": 20, "from": "window"}]
    for day in (date(2026, 3, 2), date(2026, 4, 30)):
        found, because = due(day, open=OPEN, promised_days=said)
        assert found == end_of_span(Span(20), date(2026, 4, 30), CALENDAR)
        assert "从 2026-04-30 起20个工作日" in because
    assert due(date(2026, 3, 2), open=OPEN, promised_days=said, statutory_days=20)[0] == end_of_span(
        Span(20), date(2026, 3, 2), CALENDAR
    ), "the law's own time runs from acceptance where it says nothing else"
    assert due(date(2026, 3, 2), open=OPEN, promised_days=said, statutory_days=[{"days": 20, "from": "window"}])[
        0
    ] == end_of_span(Span(20), date(2026, 4, 30), CALENDAR)


def test_a_batch_begins_a_promise_and_a_step() -> None:
    found, because = due(date(2026, 6, 8), promised_days=[{"days": 5, "from": ["05", "20"]}])
    assert found == date(2026, 6, 26), "the 20th is a Saturday: Monday is the first day"
    assert "从最近一个集中办理日（每月5日、每月20日）起5个工作日" in because
    steps = [{"unit": "civil-affairs", "days": 1}, {"unit": "civil-affairs", "days": 3, "from": ["20"]}]
    found, _ = due(date(2026, 6, 8), steps=steps)
    assert found == date(2026, 6, 24)


def test_what_was_filed_in_a_window_keeps_its_end_also_for_a_step_that_comes_later() -> None:
    steps = [{"unit": "civil-affairs", "days": 2, "from": "window"}]
    item = elder(item={"promised_days": 1, "statutory_days": None, "open": OPEN}, routing={"steps": steps})
    facts = {"today": "2026-03-02", "answers": {}}
    route, _ = choose(item, facts, OFFICE, CALENDAR, None)
    record = terms_json(terms_of(item, route, facts, CALENDAR))
    assert record["terms"]["window"] == "2026-04-30"
    terms = terms_of_record(record)
    assert terms is not None
    assert route is not None
    assert terms.steps == route.steps, "as the way is laid anew, to be told from another"
    made = legal_dates(terms, [Happening("filed", date(2026, 3, 2))], CALENDAR, today=date(2026, 3, 3))
    (step,) = made.steps
    assert step.begins == date(2026, 4, 30)
    assert step.due.day == end_of_span(Span(2), date(2026, 4, 30), CALENDAR)
    assert "从 2026-04-30 起算" in "".join(step.due.lines())


def test_the_time_is_kept_as_it_was_said() -> None:
    for said in ({"days": 5, "from": ["05", "20"]}, {"months": 1, "from": ["window"]}, {"days": 3}):
        assert span_of(span_of(said).as_json()).as_json() == said


def test_a_case_of_before_keeps_its_working_days_of_extension() -> None:
    kept = {"promised": {"days": 5}, "statutory": None, "not_after": None, "extension_days": 10}
    terms = terms_of_record({"terms": kept, "steps": []})
    assert terms is not None
    assert terms.extension == Span(10)
