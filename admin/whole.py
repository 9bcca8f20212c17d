"""事项一览, the leader's page: the whole catalog by level, every number counted from the folders, with its list.

Knows no case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from urllib.parse import urlencode

from starlette.requests import Request
from starlette.responses import Response

from admin import words
from admin.desk import framed, staff
from core.catalog.snapshot import COUNTED, counts_of
from core.contract import LEVELS, Item
from core.errors import NotAllowed
from core.kernel import LEGAL_TIME
from core.office.permissions import may
from core.web import rendering, session
from forms.pages.words import N_

COUNTS = {
    "zero_material": N_("零材料"),
    "instant": N_("即办件"),
    "same_city": N_("同城通办"),
    "same_list": N_("市镇同一清单"),
    "village_decides": N_("村（社区）直接办理"),
    "village_collects": N_("村（社区）收集代办"),
    "village_forwards": N_("村（社区）收集转办"),
}
FILTERS = ("unit", "theme", "level", "may", "show")


async def catalog(request: Request) -> Response:
    """All items, or those of a unit, a theme, a level and what may be done there, or one of the counts."""
    actor = staff(request)
    if not may(actor, "catalog.read"):
        raise NotAllowed("catalog.read")
    kernel = session.kernel(request)
    office = kernel.office
    asked = {name: request.query_params.get(name, "") for name in FILTERS}
    everything = sorted(kernel.catalog.items.values(), key=lambda one: (one.unit, one.id))
    chosen = [one for one in everything if matches(one, asked, office.themes)]
    context = {
        "items": chosen,
        "total": len(everything),
        "asked": asked,
        "counts": counts_of(chosen),
        "names": COUNTS,
        "links": {name: f"/admin/catalog?{urlencode(_with(asked, 'show', name))}" for name in COUNTS},
        "filtered": any(asked.values()),
        "facts": {one.id: kernel.catalog.facts(one) for one in chosen},
        "by_level": by_level(chosen),
        "levels": LEVELS,
        "units": {id: office.unit_name(id) for id in sorted({one.unit for one in everything})},
        "themes": {id: name for id, name in office.themes.items() if any(name in one.themes for one in everything)},
        "printed": kernel.now().astimezone(LEGAL_TIME).strftime("%Y-%m-%d %H:%M"),
    }
    return rendering.page(request, "admin/catalog.html", framed(request, actor, context), private=True)


def matches(item: Item, asked: Mapping[str, str], themes: Mapping[str, str]) -> bool:
    """Whether the item passes every filter that is set; a filter that names nothing known lets nothing through."""
    if asked["unit"] and item.unit != asked["unit"]:
        return False
    if asked["theme"] and themes.get(asked["theme"]) not in item.themes:
        return False
    if asked["show"] and not (asked["show"] in COUNTED and COUNTED[asked["show"]](item)):
        return False
    sites = item.routing.sites
    if asked["level"]:
        here = sites.get(asked["level"], "none")
        return here == asked["may"] if asked["may"] else here != "none"
    return not asked["may"] or (not sites if asked["may"] == "none" else asked["may"] in sites.values())


def _with(asked: Mapping[str, str], name: str, value: str) -> dict[str, str]:
    """The filters with one changed; setting what is set already takes it off again."""
    changed = {**asked, name: "" if asked[name] == value else value}
    return {key: text for key, text in changed.items() if text}


def by_level(items: Iterable[Item]) -> dict[str, dict[str, int]]:
    """level → what its sites may do → how many items; "none" counts what is not offered there."""
    found = {level: {**dict.fromkeys(words.MAY, 0), "none": 0} for level in LEVELS}
    for item in items:
        if item.handling == "handoff":  # done elsewhere: no site of ours takes it
            continue
        for level in LEVELS:
            found[level][item.routing.sites.get(level, "none")] += 1
    return found
