"""The steps of a route: which offices, in which order, together, when; and the effects of rules."""

from __future__ import annotations

from typing import Any

import pytest

from core.contract import Office
from core.judge.routing import choose
from tests.judge.routes import DECIDED, SITES, facts, went
from tests.judge.town import (
    CALENDAR,
    CITY,
    OFFICE,
    OTHER_TOWN,
    TOWN,
    VILLAGE,
    elder,
)

STEPS = [
    {"unit": "civil-affairs", "days": 2, "title": "初审"},
    {"together": [{"unit": "credit-office", "days": 1}, {"unit": "fire", "days": 3, "level": "city"}]},
    {"unit": "civil-affairs", "days": 1, "level": "city"},
    {"unit": "fire", "level": "village", "calendar_days": 9, "counts": False},
]


def test_steps_name_their_offices_in_order_and_together() -> None:
    route = went(elder(routing={"steps": STEPS}), "hall-town")
    assert [(s.unit, s.area, s.group) for s in route.steps] == [
        ("civil-affairs", TOWN, 0),
        ("credit-office", CITY, 1),
        ("fire", CITY, 1),
        ("civil-affairs", CITY, 2),
        ("fire", CITY, 3),
    ]
    assert route.steps[0].title == "初审"
    assert (route.steps[4].counts, route.steps[4].calendar_days) == (False, 9)


def test_same_city_steps_start_from_the_site_and_proxy_steps_from_the_place() -> None:
    item = elder()
    assert went(item, "hall-other").steps[0].area == OTHER_TOWN
    assert went(item, "station-c").steps[0].area == TOWN


def test_a_role_the_site_has_nobody_for_is_asked_at_home() -> None:
    committee = Office(
        OFFICE.areas, OFFICE.units, OFFICE.offices | {("village-committee", VILLAGE)}, OFFICE.sites, OFFICE.themes
    )
    steps = [{"unit": "village-committee", "days": 3}, {"unit": "village-committee", "days": 1, "level": "village"}]
    item = elder(routing={"steps": steps})
    route, _ = choose(item, facts(VILLAGE), committee, CALENDAR, SITES["hall-other"])
    assert route is not None
    assert (route.mode, [s.area for s in route.steps]) == ("same-city", [VILLAGE, VILLAGE])


def test_a_step_is_taken_when_its_condition_and_the_one_around_it_hold() -> None:
    steps = [
        {"unit": "civil-affairs", "when": {"/answers/a": {"const": 1}}, "because": "甲"},
        {
            "together": [
                {"unit": "fire", "when": {"/answers/b": {"const": 1}}, "because": "乙"},
                {"unit": "credit-office"},
            ],
            "when": {"/answers/a": {"const": 1}},
            "because": "外",
        },
    ]
    item = elder(routing={"steps": steps})

    def units(**answers: int) -> list[tuple[str, str]]:
        return [(s.unit, s.because) for s in went(item, "web", facts(answers=answers)).steps]

    assert units() == []
    assert units(b=1) == []
    assert units(a=1) == [("civil-affairs", "甲"), ("credit-office", "外")]
    assert units(a=1, b=1) == [("civil-affairs", "甲"), ("fire", "乙"), ("credit-office", "外")]


def test_all_rules_that_hold_apply() -> None:
    rules = [
        {"when": {"/applicant/kind": {"const": "person"}}, "then": {"home_visit": True}, "because": "上门"},
        {"when": {"/applicant/groups": {"contains": {"const": "x"}}}, "then": {"priority": "never"}, "because": "不"},
        {"when": {}, "then": {"priority": "green"}, "because": "绿"},
        {"when": {}, "then": {"priority": "blue"}, "because": "蓝"},
    ]
    route = went(elder(routing={"rules": rules}), "web")
    assert (route.priority, route.home_visit) == ("green", True)
    assert {"上门", "绿", "蓝"} <= set(route.because)
    assert "不" not in route.because


# --- reasons a person understands ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "area"),
    [
        ("/answers/other", OTHER_TOWN),
        (["/answers/missing", "/answers/other"], OTHER_TOWN),
        ("/answers/missing", VILLAGE),
    ],
)
def test_a_step_may_be_done_where_another_fact_says(place: Any, area: str) -> None:
    step = {"unit": "civil-affairs", "days": 1, "place": place}
    item = elder(routing={"sites": DECIDED, "steps": [step, {"unit": "civil-affairs", "days": 1}]})
    route = went(item, "web", facts(VILLAGE, answers={"other": OTHER_TOWN}))
    assert [one.area for one in route.steps] == [area, VILLAGE]
