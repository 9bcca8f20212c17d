"""Routes as the tests ask for them: chosen for a person of the small town, with what is looked at said in a line."""

from __future__ import annotations

from typing import Any

from core.contract import Item, Problem, Route, Site
from core.judge.routing import choose
from tests.judge.town import (
    CALENDAR,
    OFFICE,
    VILLAGE,
)

DECIDED = {"city": "decide", "town": "decide", "village": "decide"}
SITES: dict[str, Site | None] = {**OFFICE.sites, "web": None}


def facts(area: str | None = VILLAGE, **more: Any) -> dict[str, Any]:
    applicant = {"kind": "person", "groups": [], **({"area": area} if area else {})}
    return {"applicant": applicant, "answers": {}, "lookups": {}, "outcomes": {}, "today": "2026-11-23", **more}


def went(item: Item, site: str, made: dict[str, Any] | None = None) -> Route:
    route, problems = choose(item, made or facts(), OFFICE, CALENDAR, SITES[site])
    assert route is not None, problems
    return route


def stopped(item: Item, site: str, made: dict[str, Any] | None = None, language: str = "zh") -> Problem:
    route, problems = choose(item, made or facts(), OFFICE, CALENDAR, SITES[site], language=language)
    assert route is None
    (problem,) = problems
    return problem
