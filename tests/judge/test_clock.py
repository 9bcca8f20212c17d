"""Working days and deadlines: the laws of counting, and every way the last day comes about."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.contract import Item, Route
from core.judge.clock import (
    Stopped,
    add_calendar_days,
    add_months,
    add_working_days,
    next_working_day,
    read_date,
    working_days_between,
)
from core.judge.routing import choose
from core.judge.terms import deadline
from core.office.calendar import StateCalendar
from tests.judge.town import CALENDAR, OFFICE, TODAY, VILLAGE, Weekdays, elder

STATE = StateCalendar()
DAYS = st.dates(date(2024, 1, 1), date(2026, 12, 31))
FACTS: dict[str, Any] = {"applicant": {"area": VILLAGE}, "today": "2026-11-23"}


@given(DAYS, st.integers(0, 60))
def test_the_nth_working_day_is_n_working_days_away(day: date, n: int) -> None:
    end = add_working_days(day, n, STATE)
    assert working_days_between(day, end, STATE) == n
    assert end == day or STATE.is_working_day(end)


@given(DAYS, st.integers(0, 30), st.integers(0, 30))
def test_counting_on_is_the_same_as_counting_at_once(day: date, n: int, m: int) -> None:
    assert add_working_days(add_working_days(day, n, STATE), m, STATE) == add_working_days(day, n + m, STATE)


@given(DAYS, DAYS)
def test_counting_back_is_the_negative(a: date, b: date) -> None:
    assert working_days_between(a, b, STATE) == -working_days_between(b, a, STATE)


@given(DAYS, st.integers(1, 40))
def test_a_further_holiday_never_shortens_a_term(day: date, n: int) -> None:
    plain = add_working_days(day, n, CALENDAR)
    assert add_working_days(day, n, Weekdays(day + timedelta(days=1))) >= plain


@settings(max_examples=25)
@given(st.dates(date(2026, 1, 1), date(2026, 12, 31)), st.integers(3600, 3800))
def test_weeks_beyond_the_exact_count_are_counted_by_weekday(day: date, span: int) -> None:
    end = day + timedelta(days=span)
    by_hand = sum((day + timedelta(days=n)).weekday() < 5 for n in range(1, span + 1))
    assert working_days_between(day, end, CALENDAR) == by_hand


def test_a_calendar_that_never_works_is_told_and_not_searched_for_ever() -> None:
    class Never(Weekdays):
        def is_working_day(self, day: date) -> bool:
            return False

    with pytest.raises(ValueError, match="no working day"):
        add_working_days(TODAY, 1, Never())


def test_make_up_days_count_and_public_holidays_do_not() -> None:
    # National Day 2025: 1 to 8 October off, Sunday 28 September and Saturday 11 October worked.
    assert add_working_days(date(2025, 9, 27), 1, STATE) == date(2025, 9, 28)
    assert add_working_days(date(2025, 9, 30), 1, STATE) == date(2025, 10, 9)
    assert add_working_days(date(2025, 10, 10), 1, STATE) == date(2025, 10, 11)
    assert next_working_day(date(2025, 10, 1), STATE) == date(2025, 10, 9)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-11-23", date(2026, 11, 23)),
        ("2026-11-23T08:00:00+08:00", date(2026, 11, 23)),
        ("2026-11-23 08:00", date(2026, 11, 23)),
        ("2026-02-30", None),
        ("20261123", None),
        ("2026-W48-1", None),
        ("2026-11-23x", None),
        ("", None),
        (None, None),
        ("2026-11-23" + " " * 100, None),
    ],
)
def test_a_date_is_read_from_iso_8601_only(text: Any, day: date | None) -> None:
    assert read_date(text) == day


# --- deadlines -------------------------------------------------------------------------------------------


def routed(item: Item) -> Route:
    route, problems = choose(item, FACTS, OFFICE, CALENDAR, None)
    assert route is not None, problems
    return route


def due(steps: list[Any], *, filed: date = TODAY, facts: dict[str, Any] | None = None, **guide: Any) -> date:
    not_after = guide.pop("not_after", None)
    routing = {"steps": steps, **({"not_after": not_after} if not_after else {})}
    item = elder(item={"statutory_days": None, "promised_days": 0, **guide}, routing=routing)
    return deadline(item, routed(item), filed, {**FACTS, **(facts or {})}, CALENDAR).day


def step(**declared: Any) -> dict[str, Any]:
    return {"unit": "civil-affairs", **declared}


def test_the_larger_of_promise_and_steps_counts() -> None:
    assert due([step(days=2)]) == date(2026, 11, 25)
    assert due([step(days=2)], promised_days=5) == date(2026, 11, 30)
    assert due([step(days=2), step(days=4)], promised_days=5) == date(2026, 12, 1)
    assert due([]) == TODAY


def test_steps_together_take_as_long_as_the_longest() -> None:
    assert due([{"together": [step(days=2), step(days=5)]}, step(days=1)]) == add_working_days(TODAY, 6, CALENDAR)


def test_what_does_not_count_takes_no_legal_time_and_is_allowed_for_in_the_day_that_is_told() -> None:
    def after(days: int) -> date:
        return add_working_days(TODAY, days, CALENDAR)

    assert due([step(days=30, counts=False)]) == after(30), "not the day of filing"
    assert due([step(days=2), step(days=30, counts=False)]) == after(32)
    assert due([{"together": [step(days=2), step(days=9)], "counts": False}, step(days=1)]) == after(10)
    assert due([{"together": [step(days=2), step(days=9, counts=False)]}]) == after(9)
    assert due([step(days=2), step(days=9, counts=False)], statutory_days=2) == after(11), "beyond no legal time"
    assert due([step(days=4), step(days=9, counts=False)], statutory_days=2) == after(13)
    assert due([step(days=9, counts=False)], promised_days=5) == after(14)


def test_days_that_nobody_may_cut_short_are_over_the_working_day_after_them() -> None:
    assert due([step(calendar_days=4)]) == date(2026, 11, 27)
    assert due([step(calendar_days=4, at_least=True)]) == date(2026, 11, 30), "they end on Friday 27"


def test_calendar_days_that_end_on_a_day_of_rest_move_on() -> None:
    assert due([step(calendar_days=5)]) == date(2026, 11, 30), "Saturday 28 moves to Monday 30"
    assert due([step(calendar_days=4)]) == date(2026, 11, 27)
    assert due([step(calendar_days=5), step(days=1)]) == date(2026, 12, 1), "the next step starts from there"


def test_a_deadline_never_passes_the_legal_time() -> None:
    assert due([step(days=30)], statutory_days=20) == add_working_days(TODAY, 20, CALENDAR)
    assert due([], promised_days=25, statutory_days=20) == add_working_days(TODAY, 20, CALENDAR)
    assert due([step(calendar_days=29)], statutory_days=20) == add_working_days(TODAY, 20, CALENDAR)


def test_a_legal_time_in_calendar_days_counts_every_day_and_moves_on_from_a_day_of_rest() -> None:
    last = next_working_day(TODAY + timedelta(days=12), CALENDAR)
    assert last > TODAY + timedelta(days=12), "the twelfth day after a Monday is a Saturday"
    assert due([step(days=30)], statutory_days=None, statutory_calendar_days=12) == last
    assert due([], promised_days=25, statutory_days=None, statutory_calendar_days=12) == last
    assert due([], promised_days=3, statutory_calendar_days=12) == add_working_days(TODAY, 3, CALENDAR)


def test_a_time_of_a_situation_is_said_in_working_days_calendar_days_or_months() -> None:
    lines = [{"when": {"/answers/units": {"exclusiveMinimum": 50}}, "calendar_days": 12}, {"days": 3}]
    many, few = {"answers": {"units": 60}}, {"answers": {"units": 50}}
    rest = next_working_day(TODAY + timedelta(days=12), CALENDAR)
    assert due([], promised_days=lines, facts=many) == rest
    assert due([], promised_days=lines, facts=few) == add_working_days(TODAY, 3, CALENDAR)
    assert due([step(days=30)], statutory_days=lines, facts=many) == rest
    assert due([step(days=30)], statutory_days=lines, facts=few) == add_working_days(TODAY, 3, CALENDAR)
    assert due([], promised_days=lines[:1], facts=few) == rest, "no situation holds: the longest"
    assert due([], promised_days=[{"months": 1}], filed=date(2027, 1, 31)) == date(2027, 3, 1), (
        "28 February is a Sunday"
    )


def test_a_deadline_never_passes_the_end_of_the_term_nor_precedes_filing() -> None:
    facts = {"answers": {"until": "2026-11-24", "before": "2026-01-01", "bad": "soon"}}
    assert due([step(days=9)], facts=facts, not_after="/answers/until") == date(2026, 11, 24)
    assert due([step(days=9)], facts=facts, not_after="/answers/before") == TODAY
    assert due([step(days=1)], facts=facts, not_after="/answers/bad") == date(2026, 11, 24)
    assert due([step(days=1)], facts=facts, not_after="/answers/missing") == date(2026, 11, 24)


def test_a_deadline_derives_itself_line_by_line() -> None:
    item = elder(item={"promised_days": 3, "statutory_days": 2})
    made = deadline(item, routed(item), TODAY, FACTS, CALENDAR)
    assert made.because == (
        "2026-11-23 提交，次日起算",
        "承诺3个工作日，至 2026-11-26",
        "不超过法定2个工作日，至 2026-11-25",
    )
    english = deadline(item, routed(item), TODAY, FACTS, CALENDAR, language="en")
    assert english.because[0] == "filed on 2026-11-23; counting starts the day after"


def test_days_without_a_published_notice_make_it_provisional() -> None:
    calendar = Weekdays(official_until=date(2026, 11, 24))
    item = elder(item={"promised_days": 1})
    assert not deadline(item, None, TODAY, FACTS, calendar).provisional
    item = elder(item={"promised_days": 2})
    made = deadline(item, None, TODAY, FACTS, calendar)
    assert made.provisional
    assert "暂定" in made.because[-1]


STEPS = st.lists(
    st.one_of(
        st.builds(lambda d: step(days=d), st.integers(0, 9)),
        st.builds(lambda d: step(calendar_days=d), st.integers(0, 15)),
        st.builds(lambda a, b: {"together": [step(days=a), step(days=b)]}, st.integers(0, 9), st.integers(0, 9)),
    ),
    max_size=4,
)


@given(STEPS, DAYS, st.integers(0, 20), st.one_of(st.none(), st.integers(0, 30)))
def test_no_deadline_lies_before_filing_or_beyond_the_law(
    steps: list[Any], filed: date, promised: int, statutory: int | None
) -> None:
    day = due(steps, filed=filed, promised_days=promised, statutory_days=statutory)
    assert day >= filed
    if statutory is not None:
        assert day <= add_working_days(filed, statutory, CALENDAR)
    else:
        assert day >= add_working_days(filed, promised, CALENDAR)


@given(STEPS, DAYS, st.integers(0, 5))
def test_a_further_step_never_brings_the_deadline_forward(steps: list[Any], filed: date, days: int) -> None:
    assert due([*steps, step(days=days)], filed=filed) >= due(steps, filed=filed)


def test_a_route_from_a_plugin_is_counted_as_it_is() -> None:
    item = elder()
    route = routed(item)
    slower = replace(route, steps=(replace(route.steps[0], days=7),))
    assert deadline(item, slower, TODAY, FACTS, CALENDAR).day == add_working_days(TODAY, 7, CALENDAR)


@pytest.mark.parametrize("n", [3660, 1_000_000_000])
def test_a_time_beyond_the_calendar_ends_on_its_last_day(n: int) -> None:
    late = date(9999, 12, 20)
    stopped = Stopped(CALENDAR, [(late, date(9999, 12, 22))])
    assert add_working_days(late, n, CALENDAR) == date.max
    assert add_calendar_days(late, n, CALENDAR) == add_calendar_days(late, n, stopped) == date.max
    assert add_months(late, n) == date.max
    assert add_calendar_days(date(2026, 11, 23), 1_000_000_000, CALENDAR) == date.max
    assert next_working_day(date.max, Weekdays(date.max)) == date.max
