"""The legal clock: dates from events alone, each with its derivation, and the laws they keep whatever happens."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core.contract import Item
from core.judge.clock import Span, Terms, add_working_days, next_working_day
from core.judge.legal_clock import Happening, LegalDates, legal_dates
from core.judge.routing import choose
from core.judge.terms import deadline, terms_of
from core.office.calendar import StateCalendar
from tests.judge.town import CALENDAR, OFFICE, TODAY, VILLAGE, Weekdays, elder

FACTS: dict[str, Any] = {"applicant": {"area": VILLAGE}}
STEPS = [
    {"unit": "civil-affairs", "days": 3, "title": "初审"},
    {"together": [{"unit": "fire", "days": 2}, {"unit": "credit-office", "calendar_days": 9}]},
    {"unit": "civil-affairs", "days": 1},
]
ITEM = elder(routing={"steps": STEPS}, item={"handling": "promised", "promised_days": 2, "statutory_days": None})
WITH_NOTICE = elder(
    routing={
        "steps": [
            {"unit": "civil-affairs", "days": 2, "title": "审查"},
            {"unit": "civil-affairs", "days": 5, "title": "公示", "counts": False},
            {"unit": "civil-affairs", "days": 1, "title": "复核"},
        ]
    },
    item={"handling": "promised", "promised_days": 0, "statutory_days": 20},
)


def terms(item: Item = ITEM) -> Terms:
    route, _ = choose(item, FACTS, OFFICE, CALENDAR, None)
    assert route is not None
    return terms_of(item, route, FACTS, CALENDAR)


def on(n: int) -> date:
    return TODAY + timedelta(days=n)


def dates(*events: tuple[Any, ...], today: int = 0, item: Item = ITEM) -> LegalDates:
    """Events as (type, days after filing[, step])."""
    happened = [Happening(one[0], on(one[1]), step=one[2] if len(one) > 2 else None) for one in events]
    return legal_dates(terms(item), happened, CALENDAR, today=on(today))


@pytest.mark.parametrize("time", [{"calendar_days": 31}, {"months": 1}])
@pytest.mark.parametrize("key", ["promised_days", "statutory_days"])
def test_a_pause_moves_a_time_in_calendar_days_or_months_by_its_days(time: dict[str, int], key: str) -> None:
    other = {"promised_days": [{"days": 200}]} if key == "statutory_days" else {"statutory_days": None}
    item = elder(item={"handling": "promised", key: [time], **other}, routing={"steps": []})
    end = TODAY + timedelta(days=31 if "calendar_days" in time else 30)
    for pause in (0, 4, 11):
        made = dates(("filed", 0), ("paused", 2), ("resumed", 2 + pause), today=14, item=item)
        assert last_day(made) == next_working_day(end + timedelta(days=pause), CALENDAR)


def last_day(made: LegalDates) -> date:
    assert made.deadline is not None
    return made.deadline.day


def words(made: LegalDates) -> str:
    return "\n".join(made.deadline.lines()) if made.deadline else ""


def test_a_case_just_filed() -> None:
    made = dates(("filed", 0))
    assert made.received_on == TODAY
    assert made.accept_by is not None
    assert made.accept_by.day == date(2026, 11, 30), "five working days"
    assert (made.accepted, made.deemed_accepted, made.stopped_since, made.deliver_by) == (None, False, None, None)
    # 3 working days to Thursday 26; 9 calendar days to Saturday 5 December, so Monday 7; one more day.
    assert [one.due.day for one in made.steps] == [
        date(2026, 11, 26), date(2026, 11, 30), date(2026, 12, 7), date(2026, 12, 8),
    ]  # fmt: skip
    assert last_day(made) == date(2026, 12, 8)
    assert [(one.step.unit, one.current) for one in made.steps] == [
        ("civil-affairs", True), ("fire", False), ("credit-office", False), ("civil-affairs", False),
    ]  # fmt: skip


def test_an_extension_comes_on_top_of_the_legal_time_once_and_never_beyond_the_end_of_the_term() -> None:
    item = elder(
        routing={"steps": [{"unit": "civil-affairs", "days": 30}], "not_after": "/lookups/permit/until"},
        item={"statutory_days": 20, "extension": {"days": 10, "basis": "某法"}},
    )
    for until, last in (("2099-01-01", on(42)), ("2026-12-30", date(2026, 12, 30))):
        route, _ = choose(item, FACTS, OFFICE, CALENDAR, None)
        known = terms_of(item, route, {**FACTS, "lookups": {"permit": {"until": until}}}, CALENDAR)
        assert known.extension == Span(10)
        made = [
            Happening("filed", TODAY),
            Happening("extended", on(3), span=Span(10)),
            Happening("extended", on(4), span=Span(10)),
        ]
        dates_ = legal_dates(known, made, CALENDAR, today=on(5))
        assert last_day(dates_) == last
        assert dates_.statutory is not None
        assert dates_.statutory.day == on(42), "twenty working days and ten more"
        assert "经批准延长10个工作日" in words(dates_)


def test_the_first_day_is_the_one_that_filing_promised() -> None:
    for item in (ITEM, WITH_NOTICE, elder(routing={"steps": STEPS}, item={"statutory_days": 5})):
        route, _ = choose(item, FACTS, OFFICE, CALENDAR, None)
        promised = deadline(item, route, TODAY, FACTS, CALENDAR)
        made = dates(("filed", 0), item=item)
        assert made.deadline is not None
        assert (made.deadline.day, made.deadline.provisional) == (promised.day, promised.provisional)
        assert made.deadline.lines()[: len(promised.because)] == promised.because


def test_every_date_says_how_it_came_about() -> None:
    made = dates(("filed", 0), ("paused", 1), ("resumed", 3), ("step_finished", 4, 0), today=5)
    assert made.deadline is not None
    assert made.statutory is None
    assert all(one.due.lines() for one in made.steps)
    assert made.steps[1].due.lines() == ("上一环节 2026-11-27 完成，次日起算", "2个工作日，至 2026-12-01")
    assert "其间 2 个工作日不计入期限" in words(made)
    assert "2026-11-23 提交，次日起算" in words(made)
    english = " ".join(line.text("en") for line in made.deadline.because)
    assert not any("一" <= letter <= "鿿" for letter in english.replace("初审", "")), english


def test_without_a_correction_asked_in_time_it_counts_as_accepted() -> None:
    assert not dates(("filed", 0), today=7).deemed_accepted
    late = dates(("filed", 0), today=8)
    assert late.accepted is not None
    assert (late.deemed_accepted, late.accepted.day, late.accept_by) == (True, TODAY, None)
    assert "即为受理" in late.accepted.lines()[0]
    asked = dates(("filed", 0), ("correction_asked", 3), today=20)
    assert (asked.deemed_accepted, asked.accepted) == (False, None)


def test_while_the_applicant_mends_there_is_no_deadline_and_then_it_runs_anew() -> None:
    waiting = dates(("filed", 0), ("correction_asked", 2), today=10)
    assert (waiting.deadline, waiting.accept_by, waiting.stopped_since) == (None, None, on(2))
    assert not any(one.current for one in waiting.steps)
    mended = dates(("filed", 0), ("correction_asked", 2), ("corrected", 7), today=10)
    assert mended.received_on == on(7)
    assert last_day(mended) == last_day(dates(("filed", 7)))
    assert "2026-11-30 补正齐全，次日起重新计算" in words(mended)
    taken = dates(("filed", 0), ("correction_asked", 2), ("accepted", 4), today=10)
    assert taken.received_on == on(4), "the desk took it as it was after all"


def test_a_pause_stops_the_clock_for_just_its_days() -> None:
    plain = last_day(dates(("filed", 0)))
    assert last_day(dates(("filed", 0), ("paused", 1), ("resumed", 3))) == date(2026, 12, 10)
    assert last_day(dates(("filed", 0), ("paused", 1), ("resumed", 1))) == plain
    still = dates(("filed", 0), ("paused", 1), today=8)
    assert still.stopped_since == on(1)
    assert last_day(still) == last_day(dates(("filed", 0), ("paused", 1), ("resumed", 8), today=8))
    assert "尚未恢复" in words(still)


def test_a_pause_of_years_is_only_a_pause() -> None:
    item = elder(item={"promised_days": 2}, routing={"steps": []})
    made = dates(("filed", 0), ("paused", 1), ("resumed", 6000), today=6001, item=item)
    # The first day was counted before the pause; one working day is left.
    assert last_day(made) == add_working_days(on(6000), 1, CALENDAR)


def test_a_step_outside_the_legal_time_stops_the_clock_while_it_runs() -> None:
    plain = dates(("filed", 0), item=WITH_NOTICE)
    assert last_day(plain) == date(2026, 12, 3), "two days and one, and the notice's five, which the law does not count"
    assert "“公示”预计 2026-11-25 至 2026-12-02，不计入法定期限，已算在告知的日期里" in words(plain)
    running = dates(("filed", 0), ("step_finished", 2, 0), today=9, item=WITH_NOTICE)
    assert running.stopped_since == on(2)
    assert running.steps[1].current
    assert running.steps[1].due.day == date(2026, 12, 2), "the notice has days of its own"
    assert last_day(running) == date(2026, 12, 3), "what is to come of it is allowed for"
    late = dates(("filed", 0), ("step_finished", 2, 0), today=14, item=WITH_NOTICE)
    assert last_day(late) > date(2026, 12, 3), "it stands still as long as the notice runs"
    ended = dates(("filed", 0), ("step_finished", 2, 0), ("step_finished", 9, 1), today=9, item=WITH_NOTICE)
    assert ended.stopped_since is None
    assert last_day(ended) == date(2026, 12, 3), "as it was told"
    early = dates(("filed", 0), ("step_finished", 2, 0), ("step_finished", 3, 1), today=3, item=WITH_NOTICE)
    assert last_day(early) < date(2026, 12, 3), "days that were not needed are not waited for"
    assert "至 2026-12-02 为“公示”，5 个工作日不计入期限" in words(ended)


def test_steps_of_a_group_have_their_turn_together_and_the_next_waits_for_both() -> None:
    first = dates(("filed", 0), ("step_finished", 1, 0), today=1)
    assert [one.current for one in first.steps] == [False, True, True, False]
    assert first.steps[1].due.day == add_working_days(on(1), 2, CALENDAR), "from when the step before was done"
    one = dates(("filed", 0), ("step_finished", 1, 0), ("step_finished", 2, 1), today=2)
    assert [step.current for step in one.steps] == [False, False, True, False]
    both = dates(("filed", 0), ("step_finished", 1, 0), ("step_finished", 2, 1), ("step_finished", 3, 2), today=3)
    assert [step.current for step in both.steps] == [False, False, False, True]
    assert both.steps[3].begins == on(3)


@pytest.mark.parametrize("end", ["decided", "refused", "withdrawn", "closed"])
def test_what_is_over_has_no_deadline(end: str) -> None:
    made = dates(("filed", 0), (end, 3), today=30)
    assert (made.deadline, made.statutory, made.accept_by, made.deemed_accepted) == (None, None, None, False)
    assert not any(one.current for one in made.steps)


def test_a_decision_is_delivered_within_ten_working_days() -> None:
    made = dates(("filed", 0), ("decided", 1))
    assert made.deliver_by is not None
    assert made.deliver_by.day == add_working_days(on(1), 10, CALENDAR)
    assert "10个工作日内" in made.deliver_by.lines()[0]
    for told in ("delivered", "told"):
        assert dates(("filed", 0), ("decided", 1), (told, 2)).deliver_by is None


def test_the_law_caps_what_the_steps_add_up_to_but_a_pause_moves_the_cap() -> None:
    item = elder(routing={"steps": STEPS}, item={"statutory_days": 5})
    made = dates(("filed", 0), item=item)
    assert last_day(made) == date(2026, 11, 30)
    assert made.statutory is not None
    assert made.statutory.day == date(2026, 11, 30)
    assert last_day(dates(("filed", 0), ("paused", 1), ("resumed", 2), item=item)) == date(2026, 12, 1)


def test_a_case_nobody_filed_has_no_dates() -> None:
    with pytest.raises(ValueError, match="filed"):
        dates(("decided", 1))


def test_unpublished_days_are_said_to_be_provisional() -> None:
    calendar = Weekdays(official_until=date(2026, 11, 30))
    made = legal_dates(terms(), [Happening("filed", TODAY)], calendar, today=TODAY)
    assert made.deadline is not None
    assert made.deadline.provisional
    assert made.deadline.because[-1].text("en").startswith("part of these days")
    assert [one.due.provisional for one in made.steps] == [False, False, True, True]


def test_make_up_days_are_worked() -> None:
    """2026-02-14 and 02-28 are Saturdays worked for the Spring Festival."""
    item = elder(item={"promised_days": 3, "statutory_days": None}, routing={"steps": []})
    made = legal_dates(terms(item), [Happening("filed", date(2026, 2, 12))], StateCalendar(), today=date(2026, 2, 12))
    assert last_day(made) == date(2026, 2, 24), "13, 14, then after the holidays the 24th"


# --- laws ------------------------------------------------------------------------------------------------

laws = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""A loaded machine is slow at drawing histories; that says nothing about the clock."""
ITEMS = (ITEM, WITH_NOTICE, elder(routing={"steps": STEPS}, item={"statutory_days": 5, "promised_days": 3}))
items = st.sampled_from(ITEMS)
PAUSES = st.lists(st.integers(0, 60), max_size=6, unique=True).map(
    lambda days: [(kind, day) for kind, day in zip(itertools.cycle(["paused", "resumed"]), sorted(days), strict=False)]
)
FINISHED = st.lists(st.tuples(st.just("step_finished"), st.integers(0, 60), st.integers(0, 3)), max_size=4)
OTHERS = st.lists(
    st.tuples(st.sampled_from(["accepted", "material_given", "rechecked"]), st.integers(0, 60)), max_size=4
)
MENDED = st.sampled_from([[], [("correction_asked", 2)], [("correction_asked", 2), ("corrected", 5)]])
HISTORIES = st.tuples(PAUSES, FINISHED, OTHERS, MENDED).map(lambda parts: [("filed", 0), *itertools.chain(*parts)])


@laws
@given(items, HISTORIES, st.randoms(use_true_random=False))
def test_the_order_in_which_events_arrive_does_not_matter(item: Item, events: list[Any], random: Any) -> None:
    shuffled = list(events)
    random.shuffle(shuffled)
    assert dates(*events, today=70, item=item) == dates(*shuffled, today=70, item=item)


@laws
@given(items, HISTORIES, st.integers(0, 60))
def test_an_event_that_has_nothing_to_do_with_time_changes_nothing(item: Item, events: list[Any], day: int) -> None:
    assert dates(*events, ("material_given", day), today=70, item=item) == dates(*events, today=70, item=item)


@laws
@given(items, PAUSES, FINISHED)
def test_a_pause_never_shortens(item: Item, pauses: list[Any], finished: list[Any]) -> None:
    without = dates(("filed", 0), *finished, today=70, item=item)
    paused = dates(("filed", 0), *finished, *pauses, today=70, item=item)
    assert last_day(paused) >= last_day(without)
    for before, after in zip(without.steps, paused.steps, strict=True):
        assert after.due.day >= before.due.day


@laws
@given(items, st.integers(0, 10), st.integers(1, 20))
def test_a_longer_pause_is_never_better(item: Item, begun: int, more: int) -> None:
    short = dates(("filed", 0), ("paused", begun), ("resumed", begun + 5), today=70, item=item)
    long = dates(("filed", 0), ("paused", begun), ("resumed", begun + 5 + more), today=70, item=item)
    assert last_day(long) >= last_day(short)


@laws
@given(items, HISTORIES, st.integers(0, 80), st.sampled_from(["", "decided", "withdrawn"]))
def test_no_date_lies_before_filing(item: Item, events: list[Any], today: int, end: str) -> None:
    made = dates(*events, *([(end, today)] if end else []), today=today, item=item)
    told = (made.accept_by, made.accepted, made.deadline, made.statutory, made.deliver_by)
    every = [made.received_on, *(one.day for one in told if one), *(one.due.day for one in made.steps)]
    assert all(day >= TODAY for day in every)
    assert all(one.begins >= TODAY for one in made.steps)


@laws
@given(items, HISTORIES)
def test_while_the_clock_stands_the_day_only_moves_on(item: Item, events: list[Any]) -> None:
    days = [dates(*events, today=70 + n, item=item) for n in range(0, 12, 3)]
    found = [last_day(made) for made in days if made.deadline]
    assert found == sorted(found)


def test_a_round_that_calls_for_another_begins_the_days_of_its_step_anew_and_the_last_one_ends_it() -> None:
    def made(*rounds: tuple[int, bool], today: int) -> LegalDates:
        happened = [Happening("filed", TODAY), Happening("accepted", TODAY), Happening("step_finished", on(1), step=0)]
        happened += [Happening("step_finished", on(n), step=1, again=again) for n, again in rounds]
        return legal_dates(terms(WITH_NOTICE), happened, CALENDAR, today=on(today))

    once = made((3, True), today=4)
    assert once.steps[1].done is None
    assert once.turn(1)
    assert once.steps[1].due.day == add_working_days(on(3), 5, CALENDAR)
    assert "第1次办理后要求整改" in "".join(once.steps[1].due.lines())
    assert once.stopped_since == on(1), "a step outside the legal time stops the clock until its last round"
    twice = made((3, True), (7, True), today=8)
    assert twice.steps[1].due.day == add_working_days(on(7), 5, CALENDAR)
    assert len(twice.steps[1].due.because) == len(once.steps[1].due.because) + 1, "each round has its own line"
    over = made((3, True), (7, True), (9, False), today=10)
    assert over.steps[1].done == on(9)
    assert over.turn(2)
    assert over.stopped_since is None
