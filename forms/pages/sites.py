"""`/sites` and `/sites/{id}`: where one can go, whether it is open now, and when it opens next.

Knows sites and the calendar; what is applied for there is the catalog's.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from starlette.requests import Request
from starlette.responses import Response

from core.contract import Counter, Item, Site
from core.errors import NotFound
from core.kernel import LEGAL_TIME, Kernel
from core.office import hours
from core.office.hours import Standing
from core.web.rendering import page, translator
from core.web.session import kernel
from forms.pages import words
from forms.pages.said import title

DAYS_AHEAD = 7


@dataclass(frozen=True, slots=True)
class SiteLine:
    site: Site
    open: bool
    says: str
    """现在开放，至 17:30."""


@dataclass(frozen=True, slots=True)
class Day:
    name: str
    spans: tuple[tuple[str, str], ...]
    """(09:00–12:00, 对外办公)."""
    note: str


@dataclass(frozen=True, slots=True)
class Window:
    name: str
    takes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class AreaLines:
    code: str
    name: str
    lines: tuple[SiteLine, ...]


async def site_list(request: Request) -> Response:
    """Every site, the city's and then town by town; `area` keeps one town."""
    core = kernel(request)
    office = core.office
    wanted = office.at_level(request.query_params.get("area"), "town")
    groups = [group for group in _grouped(core, request) if wanted is None or group.code == wanted.code]
    towns = sorted((a for a in office.areas.values() if a.level == "town" and not a.retired), key=lambda a: a.code)
    context = {"groups": groups, "towns": towns, "wanted": wanted.code if wanted else "", "kinds": words.SITE_KINDS}
    return page(request, "forms/sites.html", context)


async def site_page(request: Request) -> Response:
    core = kernel(request)
    language = request.state.language
    found = core.office.sites.get(request.path_params["id"])
    if found is None:
        raise NotFound(request.path_params["id"])
    items = sorted((one for one in core.catalog.offered.values() if takes(one, found)), key=lambda one: one.id)
    context = {
        "site": found,
        "line": line_of(core, found, language),
        "place": " · ".join(area.name for area in reversed(list(core.office.upwards(found.area)))),
        "week": week_of(found, language),
        "days": days_of(core, found, language),
        "counters": [window_of(core, one, language) for one in found.counters],
        "items": [(one.id, title(one, language), words.MAY.get(one.routing.sites[found.level], "")) for one in items],
        "kinds": words.SITE_KINDS,
    }
    return page(request, "forms/site.html", context)


def takes(item: Item, site: Site) -> bool:
    channel = {"hall": "hall", "station": "station", "kiosk": "kiosk"}.get(site.kind, "")
    return site.level in item.routing.sites and channel in item.channels


def _grouped(core: Kernel, request: Request) -> list[AreaLines]:
    office = core.office
    groups: dict[str, list[SiteLine]] = {}
    for one in sorted(office.sites.values(), key=lambda s: (s.area, words.KIND_ORDER.index(s.kind), s.id)):
        above = office.at_level(one.area, "town") or office.at_level(one.area, "city")
        groups.setdefault(above.code if above else one.area, []).append(line_of(core, one, request.state.language))
    return [AreaLines(code, office.name_of(code), tuple(lines)) for code, lines in sorted(groups.items())]


def line_of(core: Kernel, site: Site, language: str) -> SiteLine:
    now = core.now().astimezone(LEGAL_TIME).replace(tzinfo=None)
    standing = hours.standing(site, now, core.calendar)
    return SiteLine(site, standing.state == "open", says(standing, now, translator(language)))


def says(standing: Standing, now: datetime, _: Callable[[str], str]) -> str:
    """One sentence: open until when, or shut and open again when."""
    if standing.state == "unknown":
        return ""
    if standing.state == "open":
        if standing.until is None:
            return _("二十四小时开放")
        kind = _(words.HOURS[standing.kind]) if standing.kind in ("noon", "duty") else _("现在开放")
        return _("%(kind)s，至 %(time)s") % {"kind": kind, "time": clock(standing.until, now.date())}
    parts = []
    if standing.state == "appointment":
        parts.append(_("现在只接待预约"))
    elif standing.note:
        parts.append(_("今天停办：%(note)s") % {"note": standing.note})
    else:
        parts.append(_("现在不开放"))
    if standing.next:
        when = when_of(standing.next.starts, now.date(), _)
        parts.append(_("%(when)s 开门") % {"when": when})
    return _("，").join(parts)


def clock(moment: datetime, today: date) -> str:
    midnight = moment.hour == moment.minute == 0
    return "24:00" if midnight and moment.date() == today + timedelta(1) else f"{moment:%H:%M}"


def when_of(moment: datetime, today: date, _: Callable[[str], str]) -> str:
    days = (moment.date() - today).days
    if days == 0:
        return _("今天 %(time)s") % {"time": f"{moment:%H:%M}"}
    if days == 1:
        return _("明天 %(time)s") % {"time": f"{moment:%H:%M}"}
    name = _(words.WEEKDAYS[moment.weekday()])
    return f"{moment:%m-%d} {name} {moment:%H:%M}"


def week_of(site: Site, language: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """The written week: (工作日, [(09:00–12:00, 对外办公)])."""
    _ = translator(language)
    rows = [
        (
            _(words.HOUR_DAYS[days]),
            [
                (f"{row.opens}–{row.closes}", _(words.HOURS[row.kind]))
                for row in sorted(site.hours, key=lambda r: r.opens)
                if row.days == days
            ],
        )
        for days in hours.DAYS
    ]
    return [(name, lines) for name, lines in rows if lines]


def days_of(core: Kernel, site: Site, language: str) -> list[Day]:
    """The days to come as they really are: holidays, make-up days and closed days worked in."""
    _ = translator(language)
    if not site.hours:
        return []
    today = core.today()
    found = []
    for n in range(DAYS_AHEAD):
        day = today + timedelta(n)
        closed = hours.closed_on(site, day)
        kind = core.calendar.kind(day)
        note = closed.note or _("停办") if closed else ""
        if not note and kind == "workday" and day.weekday() > 4:
            note = _("调休上班")
        if not note and kind == "holiday":
            note = _("法定节假日")
        name = f"{day:%m-%d} {_(words.WEEKDAYS[day.weekday()])}"
        lines = tuple(
            (f"{clock(span.starts, day)}–{clock(span.ends, day)}", _(words.HOURS[span.kind]))
            for span in hours.spans(site, day, core.calendar)
        )
        found.append(Day(name, lines, note))
    return found


def window_of(core: Kernel, counter: Counter, language: str) -> Window:
    themes = core.office.themes
    names = [translator(language)(themes[one]) for one in counter.themes if one in themes]
    items = [title(core.catalog.items[one], language) for one in counter.items if one in core.catalog.items]
    return Window(counter.name, (*names, *items))
