"""Every item of the catalog at every site for every home of the made-up town, against a second reading of the rules.

The reading here is the one of DESIGN section 4, sentence by sentence, with sets of areas; the judge walks upwards.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from core import settings
from core.catalog.load import load
from core.contract import Item, Office, Site
from core.judge.routing import BUREAU, choose
from core.office.calendar import StateCalendar
from core.office.seed import read

CALENDAR = StateCalendar()


@pytest.fixture(scope="module")
def office() -> Office:
    return read(settings.bundled("seeds")).office


@pytest.fixture(scope="module")
def items(office: Office, tmp_path_factory: pytest.TempPathFactory) -> list[Item]:
    data: Path = tmp_path_factory.mktemp("data")
    return list(load(settings.read(data=data, environ={}), office).items.values())


def family(office: Office, code: str) -> list[str]:
    """The area and all above it, the nearest first."""
    line = [code]
    while parent := office.areas[line[-1]].parent:
        line.append(parent)
    return line


def inside(office: Office, town: str) -> set[str]:
    return {code for code in office.areas if town in family(office, code)}


def mode(office: Office, item: Item, site: Site | None, home: str) -> str:
    """direct, same-city, proxy, or the keyword of the problem."""
    if site is None:
        return "direct"
    if site.level not in item.routing.sites:
        return "direct" if item.handling == "query" and not item.routing.sites else "sites"
    if item.routing.sites[site.level] == "collect":
        return "proxy"
    town = next((c for c in family(office, home) if office.areas[c].level == "town"), home)
    if site.area in inside(office, town) | set(family(office, town)):
        return "direct"
    return "area" if item.routing.area == "home" else "same-city"


def nearest(office: Office, item: Item, unit: str, start: str) -> str | None:
    skipped = {level for level, may in item.routing.sites.items() if may == "collect"}
    line = [c for c in family(office, start) if (unit, c) in office.offices]
    return next((c for c in line if office.areas[c].level not in skipped), None)


def homes(office: Office) -> list[str]:
    """The city, every town, and two villages of each: further villages differ in nothing but their code."""
    kept: list[str] = []
    for area in office.areas.values():
        if area.level != "village" or sum(office.areas[k].parent == area.parent for k in kept) < 2:
            kept.append(area.code)
    return kept


def everywhere(office: Office) -> Iterator[tuple[Site | None, str]]:
    for home in homes(office):
        yield None, home
        for site in office.sites.values():
            yield site, home


def test_every_item_goes_where_the_rules_say(items: list[Item], office: Office) -> None:
    routed = [item for item in items if item.handling != "handoff"]
    assert len(routed) >= 25
    seen = set()
    for item in routed:
        for site, home in everywhere(office):
            facts = {"applicant": {"area": home}, "answers": {}, "lookups": {}, "outcomes": {}, "today": "2026-11-23"}
            route, problems = choose(item, facts, office, CALENDAR, site)
            at = f"{item.id} at {site.id if site else 'web'} for {home}"
            wanted = mode(office, item, site, home)
            seen.add(wanted)
            if route is None:
                assert [p.keyword for p in problems] == [wanted], at
                continue
            assert route.mode == wanted, at
            assert route.because, at
            unit = BUREAU if wanted == "proxy" else item.unit
            start = site.area if site and wanted in ("proxy", "same-city") else home
            assert route.deciding_unit == unit, at
            expected = nearest(office, item, unit, start) or nearest(office, item, unit, home)
            if expected is not None:
                assert route.deciding_area == expected, at
            if office.areas[home].level != "village":
                continue  # a village committee decides for homes in a village
            assert (unit, route.deciding_area) in office.offices, f"{at}: nobody there has that role"
            for step in route.steps:
                assert (step.unit, step.area) in office.offices, f"{at}: nobody does the step of {step.unit}"
    assert seen == {"direct", "same-city", "proxy", "sites", "area"}
