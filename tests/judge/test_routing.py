"""Routes: mode and deciding office, for every item × site × home of a small town."""

from __future__ import annotations

import itertools
import json
import time
from datetime import date
from typing import Any

import pytest

from core.contract import Area, Office, Site
from core.judge.places import area_code, is_home, nearest_office, place_of, site_of
from core.judge.routing import choose
from core.judge.verdict import judge
from tests.judge.routes import DECIDED, SITES, facts, stopped, went
from tests.judge.town import (
    CALENDAR,
    CITY,
    NEXT_VILLAGE,
    OFFICE,
    OTHER_TOWN,
    OTHER_VILLAGE,
    SCENARIO,
    TOWN,
    VILLAGE,
    elder,
)

COLLECTED = {"city": "decide", "town": "decide", "village": "collect"}

# The whole table, written by hand: sites' roles × item's area × home → mode and deciding office.
TABLE = [
    # roles,                                            area,        home,        site,         mode,        deciding
    (COLLECTED, "same-city", VILLAGE, "web", "direct", TOWN),
    (COLLECTED, "same-city", VILLAGE, "hall-city", "direct", TOWN),
    (COLLECTED, "same-city", VILLAGE, "hall-town", "direct", TOWN),
    (COLLECTED, "same-city", VILLAGE, "station-a", "proxy", TOWN),
    (COLLECTED, "same-city", VILLAGE, "station-c", "proxy", CITY),
    (COLLECTED, "same-city", VILLAGE, "hall-other", "same-city", OTHER_TOWN),
    (DECIDED, "same-city", VILLAGE, "station-a", "direct", VILLAGE),
    (DECIDED, "same-city", NEXT_VILLAGE, "station-a", "direct", TOWN),
    (DECIDED, "same-city", VILLAGE, "station-c", "same-city", OTHER_TOWN),
    (DECIDED, "same-city", OTHER_VILLAGE, "station-a", "same-city", VILLAGE),
    ({"city": "decide", "town": "collect"}, "same-city", VILLAGE, "hall-city", "direct", VILLAGE),
    ({"city": "decide", "town": "collect"}, "same-city", NEXT_VILLAGE, "hall-city", "direct", CITY),
    ({"city": "decide", "town": "collect"}, "same-city", VILLAGE, "hall-town", "proxy", CITY),
    ({"city": "decide", "village": "forward"}, "same-city", VILLAGE, "station-a", "direct", TOWN),
    ({"city": "decide", "village": "forward"}, "same-city", VILLAGE, "web", "direct", TOWN),
    ({"city": "decide", "village": "forward"}, "same-city", VILLAGE, "station-c", "same-city", OTHER_TOWN),
    ({"town": "accept"}, "home", VILLAGE, "hall-town", "direct", VILLAGE),
    ({"town": "accept"}, "home", TOWN, "hall-town", "direct", TOWN),
    ({"town": "accept"}, "anywhere", VILLAGE, "hall-other", "same-city", OTHER_TOWN),
    ({"city": "decide"}, "home", CITY, "hall-city", "direct", CITY),
    ({"town": "decide"}, "home", CITY, "hall-town", "direct", CITY),
]  # fmt: skip


@pytest.mark.parametrize(("roles", "area", "home", "site", "mode", "deciding"), TABLE)
def test_every_route_is_the_one_written_by_hand(
    roles: dict[str, str], area: str, home: str, site: str, mode: str, deciding: str
) -> None:
    route = went(elder(routing={"sites": roles, "area": area}), site, facts(home))
    assert (route.mode, route.deciding_area) == (mode, deciding)
    assert route.deciding_unit == ("approval-bureau" if mode == "proxy" else "civil-affairs")
    assert route.because, "no route without a reason"


@pytest.mark.parametrize(
    ("level", "home", "site", "mode", "deciding"),
    [
        ("city", VILLAGE, "web", "direct", CITY),
        ("city", VILLAGE, "hall-town", "direct", CITY),
        ("city", VILLAGE, "hall-other", "same-city", CITY),
        ("city", VILLAGE, "station-a", "proxy", CITY),
        ("town", VILLAGE, "web", "direct", TOWN),
        ("town", VILLAGE, "hall-other", "same-city", OTHER_TOWN),
        ("town", CITY, "web", "direct", CITY),
        ("city", "110000000000", "web", "direct", CITY),
        ("village", NEXT_VILLAGE, "web", "direct", TOWN),
    ],
)
def test_the_office_of_the_level_that_decides_is_found_wherever_it_is_filed(
    level: str, home: str, site: str, mode: str, deciding: str
) -> None:
    routing = {
        "sites": {"city": "accept", "town": "accept", "village": "collect"},
        "area": "anywhere",
        "decided_at": level,
        "steps": [{"unit": "civil-affairs", "days": 2}, {"unit": "civil-affairs", "level": "town", "days": 3}],
    }
    route = went(elder(routing=routing), site, facts(home))
    assert (route.mode, route.deciding_area) == (mode, deciding)
    if (level, home, site) == ("city", VILLAGE, "hall-town"):
        assert route.because[0] == "张浦镇政务服务大厅受理，转样例市民政部门决定。"
        assert [step.area for step in route.steps] == [TOWN, TOWN], "a step goes where it says, not where is decided"


@pytest.mark.parametrize(
    ("home", "site", "mode", "deciding"),
    [
        (VILLAGE, "hall-other", "same-city", TOWN),
        (VILLAGE, "hall-town", "direct", TOWN),
        (VILLAGE, "web", "direct", TOWN),
        ("110000000000", "hall-other", "same-city", OTHER_TOWN),
    ],
)
def test_what_the_home_decides_goes_home_wherever_it_is_filed(home: str, site: str, mode: str, deciding: str) -> None:
    routing = {"sites": {"town": "decide"}, "area": "same-city", "decided_at": {"level": "town", "of": "home"}}
    route = went(elder(routing=routing), site, facts(home))
    assert (route.mode, route.deciding_area) == (mode, deciding)
    may = "accept" if (site, deciding) == ("hall-other", TOWN) else None if site == "web" else "decide"
    assert route.accepting_may == may, "who accepts for another office does not review"


@pytest.mark.parametrize(
    ("amount", "deciding", "may", "reason"),
    [
        ("300.00", TOWN, "decide", "张浦镇政务服务大厅可以直接办理，由张浦镇民政部门决定。"),
        ("900.00", CITY, "accept", "张浦镇政务服务大厅受理，转样例市民政部门决定。"),
    ],
)
def test_how_much_is_granted_says_which_level_decides(amount: str, deciding: str, may: str, reason: str) -> None:
    routing = {
        "sites": {"city": "decide", "town": "decide"},
        "decided_at": [{"when": {"/result/amount": {"minimum": 500.5}}, "level": "city"}, {"level": "town"}],
        "decide": [
            {"when": {"/result/amount": {"maximum": 500}}, "outcome": "approve", "because": "小额"},
            {"when": {"/result/amount": {"minimum": 800}}, "outcome": "review", "because": "大额"},
        ],
    }
    result = {"title": "补助", "amount": [{"title": "补助", "amount": amount}]}
    item = elder(routing=routing, item={"result": result, "materials": []})
    found = judge(item, facts(VILLAGE) | {"site": {"id": "hall-town"}}, OFFICE, CALENDAR, today=date(2026, 11, 23))
    assert found.route is not None
    assert (found.route.deciding_area, found.route.accepting_may) == (deciding, may)
    assert found.route.because[0] == reason
    assert found.decision.rule == ("/decide/0" if deciding == TOWN else "/decide/1")


def test_a_level_that_has_no_office_here_leaves_it_to_the_nearest_above_and_never_below() -> None:
    without = Office(
        areas=OFFICE.areas, units=OFFICE.units, sites=OFFICE.sites, offices=OFFICE.offices - {("civil-affairs", TOWN)}
    )
    item = elder(routing={"sites": {"town": "accept"}, "area": "home", "decided_at": "town"})
    route, problems = choose(item, facts(VILLAGE), without, CALENDAR, SITES["hall-town"])
    assert route is not None, problems
    assert route.deciding_area == CITY


@pytest.mark.parametrize(
    ("roles", "area", "home", "site", "keyword"),
    [
        ({"city": "decide"}, "same-city", VILLAGE, "hall-town", "sites"),
        ({"city": "decide"}, "same-city", VILLAGE, "station-a", "sites"),
        ({}, "same-city", VILLAGE, "station-a", "sites"),
        ({"town": "decide"}, "home", VILLAGE, "hall-other", "area"),
        ({"village": "decide"}, "home", VILLAGE, "station-c", "area"),
        ({"town": "decide"}, "home", "110000000000", "hall-town", "area"),
    ],
)
def test_where_it_is_not_offered_is_a_problem_at_the_site(
    roles: dict[str, str], area: str, home: str, site: str, keyword: str
) -> None:
    problem = stopped(elder(routing={"sites": roles, "area": area}), site, facts(home))
    assert (problem.at, problem.keyword) == ("/site", keyword)
    assert "老年人尊老金待遇申领" in problem.message


def test_whoever_collects_at_home_or_away_goes_by_proxy() -> None:
    item = elder(routing={"sites": {"village": "collect"}, "area": "home"})
    assert went(item, "station-c").mode == "proxy", "the mode is proxy, so `home` does not stand in the way"


def test_an_item_at_no_site_can_be_filed_online() -> None:
    item = elder(routing={"sites": {}})
    assert went(item, "web").accepting is None
    assert stopped(item, "hall-town").message == "“老年人尊老金待遇申领”不在服务点办理，请在网上申请。"
    assert "online" in stopped(item, "hall-town", language="en").message


def test_a_query_without_routing_is_answered_at_every_site_and_one_with_sites_at_those() -> None:
    query = elder(item={"handling": "query"}, routing={"sites": {}, "decide": [], "steps": []})
    assert went(query, "station-a").mode == "direct"
    limited = elder(item={"handling": "query"}, routing={"sites": {"town": "decide"}, "decide": [], "steps": []})
    assert went(limited, "hall-town").mode == "direct"
    assert stopped(limited, "station-a").keyword == "sites"


def test_a_hand_off_goes_nowhere_here() -> None:
    assert choose(elder(item={"handling": "handoff"}), facts(), OFFICE, CALENDAR, None) == (None, ())


# --- place -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("place", "deciding"),
    [
        ("/answers/road", OTHER_TOWN),
        (["/answers/missing", "/answers/road"], OTHER_TOWN),
        (["/answers/null", "/answers/road"], OTHER_TOWN),
        (["/answers/missing"], VILLAGE),
        ("/answers/short", TOWN),
        ("/answers/list", OTHER_TOWN),
    ],
)
def test_a_matter_belongs_where_its_place_says_first(place: Any, deciding: str) -> None:
    answers = {"road": OTHER_VILLAGE, "null": None, "short": "320583103", "list": ["", OTHER_TOWN]}
    item = elder(routing={"place": place, "sites": {"city": "decide"}})
    assert went(item, "web", facts(answers=answers)).deciding_area == deciding


def test_codes_are_padded_and_unknown_villages_belong_to_their_town() -> None:
    assert area_code("320583") == CITY
    assert area_code("320583103205") == VILLAGE
    assert area_code("新村") == "新村"
    item = elder(routing={"sites": {"town": "decide"}, "area": "home"})
    assert went(item, "hall-town", facts("320583103999")).deciding_area == TOWN
    assert stopped(item, "hall-other", facts("320583103999")).keyword == "area"


def test_without_any_place_the_site_stands_in() -> None:
    item = elder(routing={"sites": {"town": "decide"}, "area": "home"})
    route = went(item, "hall-other", facts(None))
    assert (route.mode, route.deciding_area, route.place) == ("direct", OTHER_TOWN, None)
    assert went(item, "web", facts(None)).deciding_area == CITY
    assert went(item, "web", facts("110000000000")).deciding_area == CITY, "from outside, the highest office"


@pytest.mark.parametrize("place", ["110101001001", "341100", "国外", "9"])
def test_a_place_outside_the_city_ends_in_a_plain_sentence_or_a_route(place: str) -> None:
    item = elder(routing={"sites": {"city": "decide", "town": "decide"}, "area": "same-city"})
    for at, area in (("web", CITY), ("hall-town", TOWN)):
        route = went(item, at, facts(place))
        assert route.deciding_area == area
        assert route.because[0].startswith("事情所在的地方不在样例市，由")
    home = elder(routing={"sites": {"town": "decide"}, "area": "home"})
    assert stopped(home, "hall-town", facts(place)).keyword == "area"


def test_the_first_place_that_is_found_counts() -> None:
    assert place_of({"applicant": {"area": ""}}, ()) is None
    assert place_of({"applicant": {"area": 7}}, ()) is None
    assert place_of({"applicant": {"area": TOWN}, "a": {"b": None}}, ("/a/b",)) == TOWN


CODES = (CITY, TOWN, VILLAGE, OTHER_TOWN, OTHER_VILLAGE)


@pytest.mark.parametrize(("site", "place"), list(itertools.product(CODES, repeat=2)))
def test_home_is_inside_or_above_the_town_of_the_place(site: str, place: str) -> None:
    town = OFFICE.at_level(place, "town")
    measure = town.code if town else place
    inside = any(a.code == measure for a in OFFICE.upwards(site))
    above = any(a.code == site for a in OFFICE.upwards(measure))
    assert is_home(OFFICE, site, place) is (inside or above)


# --- offices and steps -----------------------------------------------------------------------------------


def test_the_nearest_office_going_up_skips_levels_that_collect() -> None:
    assert nearest_office(OFFICE, "civil-affairs", VILLAGE) == VILLAGE
    assert nearest_office(OFFICE, "civil-affairs", VILLAGE, {"village"}) == TOWN
    assert nearest_office(OFFICE, "civil-affairs", VILLAGE, {"village", "town"}) == CITY
    assert nearest_office(OFFICE, "credit-office", VILLAGE) == CITY
    assert nearest_office(OFFICE, "nobody", VILLAGE) == CITY, "the topmost area, where somebody will see it"
    assert nearest_office(OFFICE, "nobody", None) == ""
    assert nearest_office(OFFICE, "credit-office", VILLAGE, {"city"}) == CITY, "better a skipped office than none"


def test_a_loop_of_areas_ends() -> None:
    areas = {"1": Area("1", "一", "town", "2"), "2": Area("2", "二", "city", "1")}
    assert nearest_office(Office(areas=areas), "x", "1") == "2"


def test_the_reasons_are_sentences() -> None:
    item = elder()
    assert went(item, "station-a").because[0] == (
        "甲社区市民驿站只能代收，由张浦镇行政审批局代办，因为“老年人尊老金待遇申领”在村（社区）级服务点为收件后代办。"
    )
    assert went(item, "hall-other").because[0] == ("邻镇政务服务大厅不在属地张浦镇，按同城通办由邻镇民政部门办理。")
    assert went(item, "hall-town").because[0] == "张浦镇政务服务大厅可以直接办理，由张浦镇民政部门决定。"
    outside = went(item, "hall-other", facts("110000000000")).because[0]
    assert outside == "事情所在的地方不在样例市，由邻镇民政部门办理。", "no bare code"
    home = elder(routing={"area": "home"})
    assert "请到属地张浦镇的服务点办理" in stopped(home, "hall-other").message
    assert "a site in the home area" in stopped(home, "hall-other", facts("110000000000"), "en").message
    assert went(elder(routing={"sites": {"town": "accept"}}), "hall-town").because[0].endswith("决定。")
    black = facts(lookups={"credit": {"list": "black"}}, outcomes={"credit": "found"})
    assert "需经样例市信用办办理：列入失信名单" in went(item, "web", black).because
    english, _ = choose(item, facts(), OFFICE, CALENDAR, SITES["station-a"], language="en")
    assert english is not None
    assert english.because[0].startswith("甲社区市民驿站 can only collect; ")


def test_a_site_of_the_facts_is_the_offices_own_where_it_is_known() -> None:
    assert (
        site_of({"site": {"level": "village", "area": VILLAGE, "kind": "station"}}, OFFICE) == OFFICE.sites["station-a"]
    )
    assert site_of({"site": {"id": "hall-city"}}, OFFICE) == OFFICE.sites["hall-city"]
    unknown = site_of({"site": {"level": "village", "area": NEXT_VILLAGE, "kind": "kiosk"}}, OFFICE)
    assert unknown == Site("", "", "kiosk", "village", NEXT_VILLAGE)
    assert site_of({}, OFFICE) is None


def test_one_routing_decision_takes_at_most_five_times_the_parsing_of_its_facts() -> None:
    made = {
        **facts(),
        "applicant": SCENARIO["applicant"],
        "answers": {"phone": "13900000000", "name": "样例老人"},
        "lookups": {"person": SCENARIO["lookups"]["person"]["found"], "credit": {"list": "black"}},
        "outcomes": {"person": "found", "credit": "found", "account": "down"},
        "materials": {"identity": "proved", "account": "upload"},
        "site": {**SCENARIO["site"], "id": "station-a"},
        "channel": "station",
    }
    text = json.dumps(made, ensure_ascii=False)
    item, site = elder(), SITES["station-a"]
    ratios = []
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(200):
            choose(item, made, OFFICE, CALENDAR, site)
        middle = time.perf_counter()
        for _ in range(200):
            json.loads(text)
        ratios.append((middle - start) / (time.perf_counter() - middle))
    assert min(ratios) <= 5, f"a route took {min(ratios):.1f} times the parsing of its facts"


def test_a_site_that_forwards_says_so() -> None:
    item = elder(routing={"sites": {"village": "forward"}})
    route = went(item, "station-a", facts(VILLAGE))
    assert route.accepting_may == "forward"
    assert "收集，交" in route.because[0]
