"""`/items/{id}`: the guide 办事指南: can I, what do I need, how long, what does it cost; then one button.

Knows what an item declares; judges nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from core.contract import Item, Material, Office, Site, Source
from core.errors import NotFound
from core.judge.blanks import named_facts, without_facts
from core.judge.clock import span_in
from core.judge.duties import term
from core.judge.materials import is_zero_material
from core.judge.opening import opening_of
from core.judge.rules import rules_of
from core.kernel import Kernel
from core.office.permissions import may
from core.web.rendering import page, translator
from core.web.session import kernel
from forms.pages import words
from forms.pages.asks import Ask, asks
from forms.pages.course import Stage, Sum, fact_title, price_of, stages, sums, times_of, validity
from forms.pages.in_time import InTime, asked_by
from forms.pages.said import lines, said, speak, title
from forms.pages.shut import shut
from forms.pages.situations import situation


@dataclass(frozen=True, slots=True)
class GuideMaterial:
    id: str
    title: str
    required: bool
    situational: bool
    when: str
    """In which situation it is wanted; "" where that cannot be said, or it always is."""
    sources: str
    fallbacks: tuple[tuple[str, int | None], ...]
    """How it is closed where it is not proved, and in how many days; several where situations differ."""
    note: str
    sample: bool
    """Whether an example can be looked at."""
    basis: str


@dataclass(frozen=True, slots=True)
class Level:
    title: str
    may: str
    sites: tuple[Site, ...]


@dataclass(frozen=True, slots=True)
class Link:
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class GuideView:
    id: str
    title: str
    summary: str
    theme: Link | None
    handling: str
    online: bool
    unit: str
    telephone: str
    who: tuple[str, ...]
    conditions: tuple[str, ...]
    open: str
    """When it may be applied for; "" where always."""
    open_until: str
    """The last day of the window that is open; "" where none is, or the item has none."""
    shut: str
    """Why it may not be applied for today, and when it opens next."""
    kept: bool
    """Whether a draft written today can still be filed then."""
    zero_material: bool
    wanted: int
    promised: str
    extension: str
    """By how much the time may be extended; "" where it may not."""
    statutory: str
    times: tuple[tuple[str, str], ...]
    """(situation, time promised in it), of lines that have a title."""
    visits: int | None
    url: str | None
    materials: tuple[GuideMaterial, ...]
    asks: tuple[Ask, ...]
    levels: tuple[Level, ...]
    reach: str
    channels: tuple[str, ...]
    payment: str
    """What waits for the fee; "" where nothing does."""
    fees: tuple[Sum, ...]
    price: str
    """What it costs, where one sum is the same for everybody."""
    amounts: tuple[Sum, ...]
    """What is paid out."""
    stages: tuple[Stage, ...]
    apart: tuple[str, ...]
    """The steps of every case whose time does not count."""
    basis: tuple[str, ...]
    type: str
    code: str
    result: str
    results: tuple[tuple[str, str], ...]
    """(what else is given, when or how often it is and how long it holds), in words."""
    valid: str
    quota: str
    joint_units: tuple[str, ...]
    hours: str
    complaints: str
    appointment: bool
    delivery: tuple[str, ...]
    delivered: str
    """Within which time after the decision, where the item says it."""
    handover: tuple[tuple[str, str, str], ...]
    """(thing, place, in which situation): what may be to be taken."""
    in_time: tuple[InTime, ...]
    """What the applicant has to do in time."""
    pauses: tuple[tuple[str, str, str], ...]
    """(ground on which the clock may be stopped, its law, how long), in words."""
    duties: tuple[tuple[str, str, str, bool, str], ...]
    """(what is still to be done after an approval, by when, why, whether the holder has to, in which situation)."""
    version: str
    digest: str
    notes: tuple[str, ...]
    faq: tuple[tuple[str, ...], ...]
    siblings: tuple[Link, ...]
    unfinished: int


async def guide(request: Request) -> Response:
    core = kernel(request)
    id = request.path_params["id"]
    item = core.catalog.items.get(id)
    actor = request.state.actor
    if item is None or not (core.offers(id) or (actor is not None and may(actor, "plugin.read"))):
        return set_aside(request, core, id)
    speak(request, item)
    return page(request, "forms/guide.html", {"view": guide_of(core, item, request.state.language)})


def set_aside(request: Request, core: Kernel, id: str) -> Response:
    """The page of an item whose folder is in quarantine, or whose texts are not written yet: not online, and whom to
    call. Its faults are for staff."""
    plugin = core.catalog.plugins.get(id)
    if plugin is None or plugin.kind != "item":
        raise NotFound(id)
    context = {"name": plugin.title or id, "unit": core.office.units.get(plugin.unit or "")}
    return page(request, "forms/set_aside.html", context, status=503)


def guide_of(core: Kernel, item: Item, language: str) -> GuideView:
    office, sources, declared = core.office, core.catalog.sources, item.declared
    _ = translator(language)
    unit = office.units.get(item.unit)
    result = declared.get("result") or {}
    materials = tuple(material_of(item, n, m, sources, language) for n, m in enumerate(item.materials))
    opening = opening_of(item, core.today())
    closed = shut(core, item, language)
    way = stages(item, office, language)
    return GuideView(
        id=item.id,
        title=title(item, language),
        summary=said(item, language, "item.json#/summary", declared.get("summary") or ""),
        theme=next((Link(id, name) for id, name in office.themes.items() if name in item.themes), None),
        handling=item.handling,
        online=bool({"web", "mobile"} & {*item.channels}) or item.handling == "handoff",
        unit=_(unit.name) if unit else "",
        telephone=declared.get("telephone") or (unit.telephone if unit else ""),
        who=tuple(words.WHO[one] for one in item.audience if one in words.WHO),
        conditions=lines(item, language, "conditions"),
        open=opening.when.text(language) if opening else "",
        open_until=opening.now.last.isoformat() if opening and opening.now else "",
        shut=closed.said if closed else "",
        kept=closed is None or closed.kept,
        zero_material=is_zero_material(item),
        wanted=sum(not m.sources and m.required for m in materials),
        promised=words.times(rules_of(item).promised, language),
        extension=span.line().text(language) if (span := span_in(declared.get("extension") or {})) else "",
        statutory=words.times(rules_of(item).statutory, language),
        times=times_of(item, language),
        visits=declared.get("visits"),
        url=item.url,
        materials=materials,
        asks=asks(item, sources, office, language),
        levels=levels_of(item, office),
        reach=words.REACH.get(item.routing.area, ""),
        channels=tuple(words.CHANNELS[one] for one in item.channels if one in words.CHANNELS),
        payment=words.UNPAID[declared["payment"]["before"]] if declared.get("payment") else "",
        fees=sums(item, sources, language, "/fee"),
        price=price_of(declared.get("fee")),
        amounts=sums(item, sources, language, "/result/amount"),
        stages=way,
        apart=tuple(dict.fromkeys(one.title for one in way if not one.counts and not one.when)),
        basis=lines(item, language, "basis"),
        type=said(item, language, "item.json#/type", declared.get("type") or ""),
        unfinished=len(core.catalog.plugins[item.id].unfinished) if item.id in core.catalog.plugins else 0,
        code=declared.get("code") or "",
        result=said(item, language, "item.json#/result/title", result.get("title") or ""),
        results=tuple(_also(item, sources, language, n, line) for n, line in enumerate(result.get("also") or ())),
        valid=validity(item, sources, language, result),
        quota=said(item, language, "item.json#/quota", declared.get("quota") or ""),
        joint_units=tuple(_(office.units[one].name) for one in declared.get("joint_units", ()) if one in office.units),
        hours=said(item, language, "item.json#/hours", declared.get("hours") or ""),
        complaints=said(item, language, "item.json#/complaints", declared.get("complaints") or ""),
        appointment=bool(declared.get("appointment")),
        delivered=span.line().text(language) if (span := span_in(declared.get("deliver") or {})) else "",
        delivery=tuple(words.DELIVERY[one] for one in result.get("delivery", ()) if one in words.DELIVERY),
        handover=tuple(
            (
                said(item, language, f"item.json#/handover/{n}/title", one["title"]),
                said(item, language, f"item.json#/handover/{n}/place", one["place"]),
                sometimes(item, language, one),
            )
            for n, one in enumerate(declared.get("handover") or ())
        ),
        in_time=asked_by(item, language),
        pauses=tuple(
            (
                said(item, language, f"item.json#/pauses/{n}/title", one["title"]),
                said(item, language, f"item.json#/pauses/{n}/basis", one["basis"]),
                lasting(one, language),
            )
            for n, one in enumerate(declared.get("pauses") or ())
        ),
        duties=tuple(
            (
                said(item, language, f"item.json#/duties/{n}/title", one["title"]),
                term(one, language),
                without_facts(said(item, language, f"item.json#/duties/{n}/because", one["because"])),
                bool(one.get("party")),
                sometimes(item, language, one),
            )
            for n, one in enumerate(declared.get("duties") or ())
        ),
        version=item.version,
        digest=item.digest[:8],
        notes=lines(item, language, "notes"),
        faq=tuple(
            tuple(said(item, language, f"item.json#/faq/{n}/{key}", one.get(key, "")) for key in ("question", "answer"))
            for n, one in enumerate(declared.get("faq") or ())
        ),
        siblings=tuple(
            Link(other.id, title(other, language))
            for other in core.catalog.offered.values()
            if item.part_of and other.part_of == item.part_of and other.id != item.id
        ),
    )


def material_of(item: Item, n: int, material: Material, sources: Mapping[str, Source], language: str) -> GuideMaterial:
    names: list[str] = []
    for lookup in (name for group in material.proved_by for name in group):
        declared = item.lookups.get(lookup)
        source = sources.get(declared.source) if declared else None
        if source and (name := translator(language)(source.title)) not in names:
            names.append(name)
    return GuideMaterial(
        id=material.id,
        title=said(item, language, f"item.json#/materials/{n}/title", material.title),
        required=material.required,
        situational=material.when is not None,
        when=situation(item, language, material.when),
        sources=translator(language)("、").join(names),
        fallbacks=tuple((words.FALLBACKS[kind], days) for kind, days in words.fallbacks(material.fallback)),
        note=said(item, language, f"item.json#/materials/{n}/note", material.declared.get("note") or ""),
        sample=bool(material.declared.get("sample")),
        basis=material.declared.get("basis") or "",
    )


def _also(item: Item, sources: Mapping[str, Source], language: str, n: int, line: Mapping[str, Any]) -> tuple[str, str]:
    """(what else is given, how often or when, and how long it holds)."""
    _ = translator(language)
    told = []
    each = line.get("each") or ""
    if each:
        told.append(_(words.EACH))
    told.append(sometimes(item, language, line, each))
    if valid := validity(item, sources, language, line):
        told.append(_("有效期：%(valid)s") % {"valid": valid})
    name = said(item, language, f"item.json#/result/also/{n}/title", line["title"])
    for fact in named_facts(name):
        name = name.replace(f"${{{fact}}}", fact_title(item, sources, language, fact, each))
    return name, "".join(told)


def sometimes(item: Item, language: str, line: Mapping[str, Any], each: str = "") -> str:
    """In which situation it holds, in brackets; "" where always."""
    if "when" not in line:
        return ""
    _ = translator(language)
    when = situation(item, language, line["when"], each)
    return _("（%(when)s）") % {"when": when} if when else _(words.SOMETIMES)


def lasting(pause: Mapping[str, Any], language: str) -> str:
    """How long a ground stops the clock; "" where nothing says it."""
    span = span_in(pause)
    sentence = words.AT_LEAST if pause.get("at_least") else words.AT_MOST
    return translator(language)(sentence) % {"time": span.line().text(language)} if span else ""


def levels_of(item: Item, office: Office) -> tuple[Level, ...]:
    """The sites of each level that offers the item, city first."""
    return tuple(
        Level(words.LEVELS[level], words.MAY.get(may, may), sites)
        for level, may in ((one, item.routing.sites.get(one)) for one in words.LEVELS)
        if may and (sites := tuple(site for site in office.sites.values() if site.level == level))
    )
