"""Where a matter belongs, which office is nearest, how a site stands to it.

Knows areas, offices and sites; no item and no rule.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from core.contract import LEVELS, Area, Facts, Office, Site
from core.judge.pointers import resolve

_CODE = 12
_PREFIXES = (9, 6, 4, 2)
"""GB/T 2260: street or town, county or county-level city, city, province."""
DEFAULT_PLACE = "/applicant/area"


def site_of(facts: Facts, office: Office) -> Site | None:
    """The site of the facts; its name from the office where one such site is known."""
    told = facts.get("site")
    if not told:
        return None
    known = office.sites.get(told.get("id") or "")
    if known:
        return known
    level, area, kind = told.get("level", ""), told.get("area", ""), told.get("kind", "")
    for site in office.sites.values():
        if (site.level, site.area) == (level, area) and kind in ("", site.kind):
            return site
    return Site(told.get("id") or "", told.get("name") or "", kind, level, area)


def place_of(facts: Facts, pointers: Collection[str], *, default: str | None = DEFAULT_PLACE) -> str | None:
    """The first area that one of the pointers finds, else the applicant's (`default`); None when nobody says."""
    for pointer in (*pointers, *((default,) if default else ())):
        found, value = resolve(facts, pointer)
        for one in value if isinstance(value, list) else [value]:
            if found and isinstance(one, str) and one:
                return area_code(one)
    return None


def area_code(text: str) -> str:
    """Twelve digits; a shorter national code is padded with zeros."""
    return text.ljust(_CODE, "0") if text.isdigit() and len(text) in (6, 9) else text


def upwards(office: Office, code: str | None) -> Iterator[Area]:
    """As `office.upwards`; for a code nobody declared, from the nearest declared one that its digits lie in."""
    if code and code not in office.areas and code.isdigit():
        code = next((up for n in _PREFIXES if (up := code[:n].ljust(_CODE, "0")) in office.areas), code)
    return office.upwards(code)


def is_home(office: Office, site_area: str, place: str) -> bool:
    """Whether a site lies inside or above the town of a place; a place above the towns is its own measure."""
    line = list(upwards(office, place))
    if not line:
        return site_area == place
    town = next((n for n, area in enumerate(line) if area.level == "town"), 0)
    if any(area.code == site_area for area in line[town:]):
        return True
    return any(area.code == line[town].code for area in upwards(office, site_area))


def town_of(office: Office, place: str) -> str:
    """The name of the town a place lies in, for a person; of the place itself above the towns; "" from outside."""
    line = list(upwards(office, place))
    town = next((area for area in line if area.level == "town"), line[0] if line else None)
    return town.name if town else ""


def nearest_office(
    office: Office, unit: str, start: str | None, skip: Collection[str] = (), *, home: str | None = None
) -> str:
    """Area of the nearest office with this role, going up and skipping levels.

    Where the way up has none, the one on the way up from `home` serves (a village committee is asked at home, wherever
    the case was filed), then a skipped one; from outside the city, the role's highest office; where nobody has the
    role, the topmost area, so that somebody sees the case.
    """
    offices = office.offices
    having = []
    for area in upwards(office, start):
        if (unit, area.code) in offices:
            if area.level not in skip:
                return area.code
            having.append(area)
    line = list(upwards(office, start))
    near: Area | None = None
    if home and home != start:
        having += [area for area in upwards(office, home) if (unit, area.code) in office.offices]
        near = next((area for area in having if area.level not in skip), None)
    near = near or next(iter(having), None)
    if near is None and not line:
        every = [office.areas[code] for role, code in office.offices if role == unit and code in office.areas]
        near = min(every, key=lambda area: (_height(area), area.code), default=None)
    if near is None and line:
        near = line[-1]
    return near.code if near else (start or "")


def _height(area: Area) -> int:
    return LEVELS.index(area.level) if area.level in LEVELS else len(LEVELS)


def office_at(office: Office, unit: str, start: str | None, level: str) -> str | None:
    """Area of the role's office of one level above a place; None where that level has none."""
    for area in upwards(office, start):
        if area.level == level:
            return area.code if (unit, area.code) in office.offices else None
    return None
