"""Who takes it and who decides it: mode, deciding office, steps, priority, each with its reason.

Knows the declared route, the office and the facts; asks nobody and moves nothing.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from functools import lru_cache

from core.contract import LEVELS, Calendar, DecidedAt, Facts, Item, Office, Problem, Route, RouteStep, Site
from core.judge.blanks import filled
from core.judge.places import is_home, nearest_office, office_at, place_of, town_of, upwards
from core.judge.rules import StepRule, first_holding, rules_of
from core.judge.sentences import enumerate_names, level_name, say, translated

BUREAU = "approval-bureau"
"""The unit that acts for a site that can only collect 审批局代办."""


def choose(
    item: Item, facts: Facts, office: Office, calendar: Calendar, site: Site | None, *, language: str = "zh"
) -> tuple[Route | None, tuple[Problem, ...]]:
    """The route of a case, or the problem that no route starts at this site. (None, ()) for a hand-off."""
    if item.handling == "handoff":
        return None, ()
    routing = item.routing
    place = place_of(facts, routing.place)
    may = routing.sites.get(site.level) if site else None
    if site and may is None and (routing.sites or item.handling != "query"):
        return None, (_not_offered(item, site, language),)
    mode = mode_of(office, site, may, place)
    # A query is answered wherever it is offered: its routing says `sites` only, and no office takes it.
    if mode == "same-city" and routing.area == "home" and item.handling != "query":
        message = say(language, "home_only", title=_title(item, language), place=_home(office, place, language))
        return None, (Problem("/site", "area", message),)
    skip = {level for level, does in routing.sites.items() if does in ("collect", "forward")}
    start = site.area if site and (mode == "same-city" or place is None) else place
    ways: tuple[str | None, str | None]
    if mode == "proxy" and site:
        unit, ways = BUREAU, (site.area, None)
    else:
        unit, ways = item.unit, (start, place)
    rules = rules_of(item)
    held = first_holding(rules.decided_at, facts, calendar)
    decider: DecidedAt = held[1] if held else DecidedAt()
    if decider.of == "home" and any(upwards(office, place)):
        ways = (place, None)
    below = LEVELS[LEVELS.index(decider.level) + 1 :] if decider.level else ()
    area = _at_level(office, unit, ways, decider.level) or nearest_office(
        office, unit, ways[0], skip.union(below), home=ways[1]
    )
    if held and site and may == "decide" and (site.level in below or not _lies_in(office, site.area, area)):
        may = "accept"  # it decides in other situations; in this one another office does
    because = [_mode_reason(item, office, site, mode, may, place, unit, area, language)]
    steps = []
    for rule in rules.steps:
        for condition in rule.when:  # loops, as in `Condition.holds`: a generator costs as much as what it tries
            if not condition.holds(facts, calendar):
                break
        else:
            own = place_of(facts, rule.step.place, default=None) if rule.step.place else None
            ways = (own, own) if own else (start, place)
            step = _step(rule, office, ways, skip, language, deciding=(unit, area))
            if "${" in step.because:
                step = replace(step, because=filled(step.because, facts))
            steps.append(step)
            if step.because:
                by = step.by or office_name(office, step.unit, step.area)
                because.append(say(language, "step_because", office=by, because=step.because))
    priority: str | None = None
    home_visit = False
    for effect in rules.effects:
        if effect.when.holds(facts, calendar):
            priority = priority or effect.rule.then.get("priority")
            home_visit = home_visit or bool(effect.rule.then.get("home_visit"))
            if effect.rule.because:
                why = translated(item, language, f"routing.json#{effect.place}/because", effect.rule.because)
                because.append(filled(why, facts))
    route = Route(mode, site, may, unit, area, place, tuple(steps), priority, home_visit, tuple(dict.fromkeys(because)))
    return route, ()


def mode_of(office: Office, site: Site | None, may: str | None, place: str | None) -> str:
    """proxy where the level only collects; same-city away from home; else direct."""
    if site is None:
        return "direct"
    if may == "collect":
        return "proxy"
    if place is not None and not is_home(office, site.area, place):
        return "same-city"
    return "direct"


def _lies_in(office: Office, site_area: str, area: str) -> bool:
    return any(one.code == area for one in upwards(office, site_area))


def office_name(office: Office, unit: str, area: str) -> str:
    known = office.units.get(unit)
    return office.name_of(area) + (known.name if known else unit)


def site_name(office: Office, site: Site) -> str:
    return site.name or office.name_of(site.area) or site.id


def _home(office: Office, place: str | None, language: str) -> str:
    town = town_of(office, place or "")
    return say(language, "home", town=town) if town else say(language, "home_unknown")


def _title(item: Item, language: str) -> str:
    return translated(item, language, "item.json#/title", item.title)


def _not_offered(item: Item, site: Site, language: str) -> Problem:
    title = _title(item, language)
    levels = [level_name(language, level) for level in item.routing.sites]
    if not levels:
        return Problem("/site", "sites", say(language, "nowhere", title=title))
    message = say(
        language,
        "no_level",
        title=title,
        level=level_name(language, site.level),
        levels=enumerate_names(language, levels),
    )
    return Problem("/site", "sites", message)


def _mode_reason(
    item: Item,
    office: Office,
    site: Site | None,
    mode: str,
    may: str | None,
    place: str | None,
    unit: str,
    area: str,
    language: str,
) -> str:
    office_text = office_name(office, unit, area)
    if site is not None and mode == "proxy":
        level, title = level_name(language, site.level), _title(item, language)
        return say(language, "proxy", site=site_name(office, site), office=office_text, title=title, level=level)
    if place is not None and not any(upwards(office, place)):
        return say(language, "outside", city=office.place, office=office_text)
    if site is None:
        return say(language, "no_site", office=office_text)
    name = site_name(office, site)
    if mode == "same-city":
        return say(language, "same_city", site=name, place=_home(office, place, language), office=office_text)
    way = {"accept": "direct_accept", "forward": "direct_forward"}.get(may or "", "direct_decide")
    return say(language, way, site=name, office=office_text)


def _at_level(office: Office, unit: str, ways: tuple[str | None, str | None], level: str | None) -> str | None:
    """The office of a level that a declaration names; None where it names none or nobody has the role there."""
    if level is None:
        return None
    return office_at(office, unit, ways[0], level) or office_at(office, unit, ways[1], level)


def _step(
    rule: StepRule,
    office: Office,
    ways: tuple[str | None, str | None],
    skip: Collection[str],
    language: str,
    *,
    deciding: tuple[str, str],
) -> RouteStep:
    """`ways`: where the search for an office starts, and the home where it goes on. `deciding` waits for what is done
    outside where no unit is named for that."""
    step, (start, home) = rule.step, ways
    unit = step.unit or deciding[0]
    area = deciding[1] if not step.unit else _at_level(office, unit, ways, step.level)
    return _at_office(rule, language, unit, area or nearest_office(office, unit, start, skip, home=home))


@lru_cache(maxsize=4096)
def _at_office(rule: StepRule, language: str, unit: str, area: str) -> RouteStep:
    """The same for every case that goes this way, so it is made once."""
    step, words = rule.step, rule.said(language)
    return RouteStep(
        unit=unit,
        area=area,
        days=step.days,
        calendar_days=step.calendar_days,
        title=words.title,
        because=words.because,
        basis=step.basis,
        counts=rule.counts,
        review=rule.review,
        group=rule.group,
        id=step.id,
        by=words.by,
        begins=step.begins,
        at_least=step.at_least,
        party=step.party,
        otherwise=step.otherwise,
    )
