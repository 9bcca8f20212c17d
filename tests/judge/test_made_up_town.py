"""Every item of the catalog at every site for every home of the made-up town, as `routing_table.csv` says.

The table is a second reading of DESIGN section 4 (`routing_table.py`), kept so that a person can read where what goes.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core import settings
from core.catalog.load import load
from core.contract import Item, Office, Route, Site, Step
from core.judge.routing import choose
from core.office.calendar import StateCalendar
from core.office.seed import read
from tests.judge import routing_table as second

CALENDAR = StateCalendar()
OUTSIDE = "341100100000"
FIRST = {"town": "320583103000", "village": "320583103001"}
Table = Mapping[tuple[str, ...], Mapping[str, str]]


@pytest.fixture(scope="module")
def office() -> Office:
    return read(settings.bundled("seeds")).office


@pytest.fixture(scope="module")
def items(office: Office, tmp_path_factory: pytest.TempPathFactory) -> list[Item]:
    data: Path = tmp_path_factory.mktemp("data")
    every = load(settings.read(data=data, environ={}), office).items.values()
    return [item for item in every if item.handling != "handoff" and (item.routing.sites or item.handling != "query")]


@pytest.fixture(scope="module")
def table() -> Table:
    with second.TABLE.open(encoding="utf-8") as file:
        return {tuple(row[key] for key in second.KEYS): row for row in csv.DictReader(file)}


def everywhere(office: Office) -> Iterator[tuple[Site | None, str | None]]:
    for home in (*office.areas, OUTSIDE, None):
        yield None, home
        for site in office.sites.values():
            yield site, home


def facts(home: str | None) -> dict[str, Any]:
    applicant = {} if home is None else {"area": home}
    return {"applicant": applicant, "answers": {}, "lookups": {}, "outcomes": {}, "today": "2026-11-23"}


def spelled(area: str, site: Site | None, home: str | None) -> set[str]:
    """All that the table may call an office's area, seen from a site and a home."""
    level = second.level_of(area)
    if level == "city":
        return {level}
    length = 9 if level == "town" else 12
    whose = {"home": home or "", "site": site.area if site else "", "first": FIRST[level]}
    return {f"{name} {level}" for name, code in whose.items() if code[:length] == area[:length]}


def situations(item: Item) -> Iterator[tuple[Item, str]]:
    """The item once for each situation that its `decided_at` tells apart, as if that one always held."""
    declared = item.bundle["routing"]
    told = [replace(one, when=None) for one in item.routing.decided_at]
    for n, decider in enumerate(second.deciders(declared)):
        only = replace(item.routing, decided_at=tuple(told[n : n + 1]))
        yield (item if len(told) < 2 else replace(item, digest="", routing=only)), decider


def steps_of(item: Item, route: Route) -> Iterator[tuple[Step, str]]:
    """Each declared step that this route has, with the area of its office."""
    declared = [one for step in item.routing.steps for one in (step.together or (step,))]
    for step in route.steps:
        if step.by:
            assert (step.unit, step.area) == (route.deciding_unit, route.deciding_area)
            continue
        yield (
            next(one for one in declared if (one.unit, one.id, one.days) == (step.unit, step.id, step.days)),
            step.area,
        )


def test_the_table_is_what_the_second_reading_of_the_rules_writes(table: Table) -> None:
    written = {tuple(row[key] for key in second.KEYS): row for row in second.rows()}
    assert written == table, (
        "An item declares its levels in a new way: python -m tests.judge.routing_table, and read it"
    )


def test_every_item_goes_where_the_table_says(items: list[Item], office: Office, table: Table) -> None:
    having, city = second.offices(), next(code for code, area in office.areas.items() if not area.parent)
    assert len(items) >= 25
    compared, met = 0, set()
    for item, decider in (one for every in items for one in situations(every)):
        may = tuple(item.routing.sites.get(level, "") for level in ("city", "town", "village"))
        area = item.routing.area if item.handling != "query" else ""

        def cell(
            of: str, unit: str, site: Site | None, home: str | None, *, levels: tuple[str, ...] = (*may, area)
        ) -> str:
            variant = second.variant(having[unit], site.area if site else None, home)
            row = table[(of, *levels, variant, second.kind_of_home(home, city))]
            return row[second.place_of_site(site.area if site else None, home)]

        for site, home in everywhere(office):
            at = f"{item.id} at {site.id if site else 'web'} for {home}"
            route, problems = choose(item, facts(home), office, CALENDAR, site)
            expected = cell(f"case{decider}", item.unit, site, home)
            compared += 1
            if route is None:
                assert [p.keyword for p in problems] == [expected], at
                continue
            met.add(route.mode)
            mode, _, whose = expected.partition(": ")
            assert route.mode == mode, at
            assert whose in spelled(route.deciding_area, site, home), at
            assert route.deciding_unit == ("approval-bureau" if route.mode == "proxy" else item.unit), at
            assert route.because, at
            for step, its_area in steps_of(item, route):
                of = f"step at {step.level}" if step.level else "step"
                assert cell(of, step.unit, site, home) in spelled(its_area, site, home), f"{at}, step of {step.unit}"
                compared += 1
            if home and second.kind_of_home(home, city) == "village":
                wanted = {(route.deciding_unit, route.deciding_area), *((s.unit, s.area) for s in route.steps)}
                assert wanted <= office.offices, f"{at}: nobody there has that role"
    assert met == {"direct", "same-city", "proxy"}
    assert compared > 25 * 27 * 40


def test_where_a_matter_belongs_is_asked_in_the_declared_order(items: list[Item], office: Office) -> None:
    """`place` before the applicant's own area: the route is that of somebody who lives where the matter lies."""
    matter, elsewhere = "320583104201", "320583103205"
    placed = [item for item in items if item.routing.place]
    assert len(placed) >= 10
    for item in placed:
        for pointer in item.routing.place:
            said = facts(elsewhere)
            room: Any = said
            *path, last = pointer.strip("/").split("/")
            for name in path:
                room = room.setdefault(name, {})
            room[last] = matter
            for site in (None, *office.sites.values()):
                got, problems = choose(item, said, office, CALENDAR, site)
                same, wanted = choose(
                    item, facts(elsewhere if "applicant" in pointer else matter), office, CALENDAR, site
                )
                if pointer == "/applicant/area":
                    same, wanted = choose(item, facts(matter), office, CALENDAR, site)
                assert [p.keyword for p in problems] == [p.keyword for p in wanted], (item.id, pointer)
                if got and same:
                    assert (got.mode, got.deciding_area) == (same.mode, same.deciding_area), (item.id, pointer, site)
                    assert [s.area for s in got.steps] == [s.area for s in same.steps], (item.id, pointer, site)
