"""What is to be done after an approval: by whom, by which day, how that comes about, and when it comes again."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from core.contract import Duty
from core.judge.coverage import branches
from core.judge.duties import duration, duties_of, next_time, term, told
from tests.judge.town import CALENDAR, CITY, OFFICE, Weekdays, elder

DECIDED = date(2026, 11, 23)
FACTS: dict[str, Any] = {
    "answers": {"finished_on": "2027-03-01", "phone": "1"},
    "applicant": {"area": "320583103205"},
    "materials": {"account": "promise"},
}


def made(
    *lines: dict[str, Any],
    last: date | None = None,
    decided_on: date = DECIDED,
    unit: str = "civil-affairs",
    area: str = "320583103000",
) -> tuple[Duty, ...]:
    declared = [{"id": f"d{n}", "title": "核查", "unit": "civil-affairs"} | line for n, line in enumerate(lines)]
    return duties_of(
        elder(item={"duties": declared}), FACTS, OFFICE, CALENDAR, deciding=(unit, area), place="320583103205",
        decided_on=decided_on, amount="50.00", last=last,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ({"days": 5}, "2026-11-30"),
        ({"calendar_days": 4}, "2026-11-27"),
        ({"calendar_days": 5}, "2026-11-30"),  # a Saturday
        ({"within": "P2M"}, "2027-01-25"),  # the 23rd is a Saturday
        ({"within": "P1Y"}, "2027-11-23"),
        ({"on": "06-30"}, "2027-06-30"),
        ({"on": "11-23"}, "2027-11-23"),  # the day itself is over for this year
        ({"on": "12-31"}, "2026-12-31"),
        ({"on": "12-31", "within": "P6M"}, "2027-12-31"),
        ({"on": "02-29"}, "2027-03-01"),  # the 28th, a Sunday
        ({"calendar_days": 30, "after": "/answers/finished_on"}, "2027-03-31"),
    ],
)
def test_a_duty_is_due_after_its_term(line: dict[str, Any], due: str) -> None:
    assert [one.due for one in made(line)] == [date.fromisoformat(due)]


def test_the_derivation_is_told_line_by_line_in_both_languages() -> None:
    (one,) = made({"within": "P2M"})
    assert told(one.why) == (
        "自作出决定之日 2026-11-23 起算",
        "2个月内，至 2027-01-23",
        "遇休息日顺延至 2027-01-25",
    )
    assert told(one.why, "en")[:2] == ("counted from the decision on 2026-11-23", "within 2 months, until 2027-01-23")


def test_a_day_whose_holidays_are_not_published_is_said_to_be_for_now() -> None:
    first = next_time(date(2027, 1, 4), "P1Y", 2, Weekdays(official_until=date(2027, 12, 31)), last=None)
    assert first is not None
    assert told(first[1]) == (
        "每1年一次，第2次至 2028-01-04",
        "其中部分日期的放假安排尚未公布，按周一至周五（元旦、劳动节、国庆节除外）为工作日暂定",
    )


def test_a_term_before_the_end_of_the_result_is_not_moved_past_it() -> None:
    (one,) = made({"within": "-P1M", "after": "/result/valid_until"}, last=date(2027, 6, 28))
    assert one.due == date(2027, 5, 28)
    (one,) = made({"within": "-P1M", "after": "/result/valid_until"}, last=date(2027, 6, 30))
    assert one.due == date(2027, 5, 30)  # a Sunday
    assert made({"within": "-P1M", "after": "/result/valid_until"}) == ()


def test_what_is_counted_from_a_day_that_nobody_knows_stands_without_a_day() -> None:
    (one,) = made({"calendar_days": 30, "after": "/answers/nothing"})
    assert (one.due, told(one.why)) == (None, ("从哪天起算还不知道",))


def test_a_repeated_duty_ends_with_the_result() -> None:
    yearly = {"on": "06-30", "every": "P1Y"}
    assert made(yearly, last=date(2027, 6, 29)) == ()
    (one,) = made(yearly, last=date(2028, 6, 30))
    assert one.day == date(2027, 6, 30)
    second = next_time(one.day, one.every, 2, CALENDAR, last=date(2028, 6, 30))
    assert second is not None
    assert second[0] == date(2028, 6, 30)
    assert next_time(one.day, one.every, 3, CALENDAR, last=date(2028, 6, 30)) is None
    # One that is done once stands even beyond the end: clearing up after a permit, say.
    assert len(made({"within": "P1Y"}, last=date(2027, 1, 1))) == 1


def test_the_day_of_a_later_time_does_not_drift() -> None:
    first = date(2027, 1, 31)
    days = [next_time(first, "P1M", n, CALENDAR, last=None) for n in (2, 3)]
    assert [one[0] for one in days if one] == [date(2027, 3, 1), date(2027, 3, 31)]  # 28 February is a Sunday


def test_a_condition_reads_the_materials_and_what_is_granted() -> None:
    promised = {"days": 5, "when": {"/materials/account": {"const": "promise"}}, "because": "x"}
    assert len(made(promised)) == 1
    assert made(promised | {"when": {"/materials/account": {"const": "given"}}}) == ()
    assert len(made(promised | {"when": {"/result/amount": {"minimum": 50}}})) == 1
    until = {"when": {"/result/valid_until": {"x-days": {"minimum": 30}}}}
    assert made(promised | until) == ()
    assert len(made(promised | until, last=date(2026, 12, 23))) == 1
    assert made(promised | until, last=date(2026, 12, 22)) == ()


def test_the_office_is_the_nearest_to_who_decides_or_one_of_the_level_where_the_matter_lies() -> None:
    here, city, watch = made(
        {"days": 1},
        {"days": 1, "level": "city"},
        {"days": 1, "unit": "civil-affairs", "party": True},
        unit="approval-bureau",
    )
    assert (here.unit, here.area) == ("civil-affairs", "320583103000")
    assert city.area == "320583000000"
    assert (watch.party, watch.unit) == (True, "civil-affairs")
    declared = [{"id": "report", "title": "年报", "party": True, "days": 1}]
    (own,) = duties_of(
        elder(item={"duties": declared}), FACTS, OFFICE, CALENDAR, deciding=("approval-bureau", CITY), place=None,
        decided_on=DECIDED, amount=None, last=None,
    )  # fmt: skip
    assert (own.unit, own.area) == ("approval-bureau", CITY)


def test_a_sentence_names_facts() -> None:
    (one,) = made({"days": 1, "because": "${/answers/finished_on} 竣工"})
    assert one.because == "2027-03-01 竣工"


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({"within": "P2M"}, "决定之日起，2个月内"),
        ({"within": "P1Y", "every": "P1Y"}, "决定之日起，1年内，以后每1年一次"),
        ({"on": "06-30", "every": "P1Y"}, "每年6月30日前"),
        ({"on": "12-31", "within": "P6M", "every": "P1Y"}, "决定之日起，满6个月以后，每年12月31日前"),
        ({"on": "12-31", "within": "P1Y"}, "决定之日起，满1年以后，第一个12月31日前"),
        ({"within": "-P30D", "after": "/result/valid_until"}, "有效期届满之日起算，提前30天"),
        ({"calendar_days": 30, "after": "/answers/x"}, "30个自然日内"),
    ],
)
def test_the_guide_says_by_when(line: dict[str, Any], words: str) -> None:
    assert term(line) == words


def test_durations_are_said_in_words() -> None:
    assert [duration("P1Y6M"), duration("P2W", "en"), duration("P1Y", "en")] == ["1年6个月", "2 weeks", "1 year"]


def test_both_ways_of_a_condition_want_a_scenario() -> None:
    item = elder(
        item={"duties": [{"id": "a", "title": "a", "unit": "x", "days": 1, "when": {"/today": {}}, "because": "x"}]}
    )
    found = [one for one in branches(item) if "duties" in one]
    assert found == ["item.json#/duties/0/when: holds", "item.json#/duties/0/when: does not hold"]


@pytest.mark.parametrize(
    "line", [{"days": 30}, {"calendar_days": 30}, {"within": "P1Y"}, {"within": "P1D", "on": "12-31"}]
)
@pytest.mark.parametrize("told_day", ["9999-12-20", "9999-12-31"])
def test_from_a_day_at_the_end_of_the_calendar_nothing_is_counted(line: dict[str, Any], told_day: str) -> None:
    declared = {"id": "d", "title": "核查", "unit": "civil-affairs", "after": "/answers/finished_on", **line}
    facts = {**FACTS, "answers": {"finished_on": told_day}}
    (duty,) = duties_of(
        elder(item={"duties": [declared]}), facts, OFFICE, CALENDAR, deciding=("civil-affairs", ""), place=None,
        decided_on=DECIDED, amount=None, last=None,
    )  # fmt: skip
    assert (duty.day, duty.due) == (None, None)


def test_a_day_at_the_beginning_of_the_calendar_breaks_nothing() -> None:
    facts = {**FACTS, "answers": {"finished_on": "0001-01-01"}}
    declared = {"id": "d", "title": "核查", "calendar_days": 1, "after": "/answers/finished_on"}
    (duty,) = duties_of(
        elder(item={"duties": [declared]}), facts, OFFICE, CALENDAR, deciding=("civil-affairs", ""), place=None,
        decided_on=DECIDED, amount=None, last=None,
    )  # fmt: skip
    assert duty.day == date(1, 1, 2)
