"""数据源: each register's state, its past in two plots with their tables, its last troubles, and a test question.

Knows no case; a test question is a read like any other and is logged.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from admin.desk import framed, staff
from core.cases import actions
from core.cases.demand import demand
from core.cases.reaches import reaches
from core.contract import Actor, Evidence, Source
from core.errors import NotAllowed, NotFound
from core.judge.messages import sentence
from core.judge.schema import compile as compile_schema
from core.office.permissions import may
from core.sources import history
from core.sources.fitting import ALARM
from core.sources.questions import as_typed
from core.web import rendering, session
from forms.pages.said import field_title

SPANS = {"hour": ("minute", 60), "day": ("hour", 24), "month": ("day", 30)}
"""What is shown → the grain of its columns, and how many."""
WIDTH, HEIGHT = 720.0, 120.0
RECENT = timedelta(days=30)
"""How far back alarms and troubles are shown; they are kept longer."""
ORDER = ("found", "empty", "refused", "down")
"""From the ground up; trouble lies on top, where it is seen."""


@dataclass(frozen=True, slots=True)
class Bar:
    x: float
    y: float
    width: float
    height: float
    look: str


@dataclass(frozen=True, slots=True)
class Plot:
    bars: tuple[Bar, ...]
    most: int
    """What the full height stands for."""


def outcomes_plot(slots: list[history.Slot]) -> Plot:
    most = max([slot.n for slot in slots] + [1])
    step, bars = WIDTH / len(slots), []
    for place, slot in enumerate(slots):
        ground = HEIGHT
        for outcome in ORDER:
            height = round(HEIGHT * slot.counts.get(outcome, 0) / most, 1)
            if height:
                ground -= height
                bars.append(Bar(round(place * step + 1, 1), round(ground, 1), round(step - 2, 1), height, outcome))
    return Plot(tuple(bars), most)


def times_plot(slots: list[history.Slot]) -> Plot:
    """The mean time of each slot as a bar, the longest as a thin line over it."""
    most = max([slot.ms_max for slot in slots] + [1])
    step, bars = WIDTH / len(slots), []
    for place, slot in enumerate(slots):
        for ms, look, thick in ((slot.ms, "mean", 0.0), (slot.ms_max, "longest", 2.0)):
            if ms:
                height = round(HEIGHT * ms / most, 1)
                y = round(HEIGHT - height, 1)
                bars.append(Bar(round(place * step + 1, 1), y, round(step - 2, 1), thick or height, look))
    return Plot(tuple(bars), most)


def _reader(request: Request) -> Actor:
    actor = staff(request)
    if not may(actor, "source.read"):
        raise NotAllowed("source.read")
    return actor


async def sources(request: Request) -> Response:
    """Each source as it stands in this process: well, failing, or without an address; and what is still asked for."""
    actor = _reader(request)
    kernel = session.kernel(request)
    used: dict[str, int] = {}
    for item in kernel.catalog.items.values():
        for source in {lookup.source for lookup in item.lookups.values()}:
            used[source] = used.get(source, 0) + 1
    states = sorted(kernel.sources.states(), key=lambda one: (one.state == "closed", one.id))
    await history.note(kernel.sources)  # what this worker saw a moment ago is told as well
    titles = {one.id: one.title for one in states}
    since = kernel.now() - RECENT
    told = await history.troubles(actor, since=since, kinds=("record", "opened"), most=40)
    context = {
        "states": states,
        "used": used,
        "declared": kernel.catalog.sources,
        "alarms": [one for one in told if one.kind == "record"][:10],
        "opened": [one for one in told if one.kind == "opened"][:10],
        "titles": titles,
        "demand": (await demand(kernel, actor))[:12],
        "items": kernel.catalog.items,
        "reaches": await reaches(actor, kernel.now()),
    }
    return rendering.page(request, "admin/sources.html", framed(request, actor, context), private=True)


async def source(request: Request) -> Response:
    return await _page(request, _reader(request))


async def probe(request: Request) -> Response:
    """One test question, typed by hand; logged under the number that was asked by."""
    actor = _reader(request)
    if not may(actor, "source.probe"):
        raise NotAllowed("source.probe")
    kernel = session.kernel(request)
    id = request.path_params["id"]
    declared = kernel.catalog.sources.get(id)
    if declared is None:
        raise NotFound(id)
    form = session.form_data(request)
    fields = declared.query.get("properties") or {}
    by = {name: text for name in fields if (text := str(form.get(f"by/{name}") or "").strip()[:200])}
    purpose = str(form.get("purpose") or "").strip()[:200]
    if not by or not purpose:
        _ = rendering.translator(request.state.language)
        return await _page(request, actor, by=by, told=_("请填写要查的内容和查询的目的。"), status=422)
    wrong = unfit(declared, by, request.state.language)
    if wrong:
        return await _page(request, actor, by=by, wrong=wrong, status=422)
    answer = await kernel.sources.probe(id, by)
    await actions.note_probe(kernel, actor=actor, source=id, by=by, outcome=answer.outcome, purpose=purpose)
    return await _page(request, actor, by=by, answer=answer)


async def _page(
    request: Request,
    actor: Actor,
    *,
    by: dict[str, str] | None = None,
    answer: Evidence | None = None,
    told: str = "",
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    kernel = session.kernel(request)
    id = request.path_params["id"]
    declared = kernel.catalog.sources.get(id)
    state = next((one for one in kernel.sources.states() if one.id == id), None)
    if declared is None or state is None:
        raise NotFound(id)
    span = request.query_params.get("span", "day")
    grain, count = SPANS.get(span, SPANS["day"])
    await history.note(kernel.sources)
    troubles = await history.troubles(actor, since=kernel.now() - RECENT, source=id)
    slots = await history.past(actor, id, grain=grain, now=kernel.now(), slots=count)
    context: dict[str, Any] = {
        "source": declared,
        "state": state,
        "span": span if span in SPANS else "day",
        "grain": grain,
        "slots": slots,
        "asked": [slot for slot in reversed(slots) if slot.n],
        "outcomes": outcomes_plot(slots),
        "times": times_plot(slots),
        "troubles": [(one, one.reason.removeprefix(ALARM)) for one in troubles],
        "dependents": [
            (item, [one for one in item.lookups.values() if one.source == id])
            for item in kernel.catalog.items.values()
            if any(one.source == id for one in item.lookups.values())
        ],
        "reaches": await reaches(actor, kernel.now(), id),
        "items": kernel.catalog.items,
        "fields": {name: field_title(declared.query, name) for name in declared.query.get("properties") or {}},
        "titles": {name: field_title(declared.record, name) for name in declared.record.get("properties") or {}},
        "by": by or {},
        "answer": answer,
        "told": told,
        "wrong": wrong or {},
        "may_probe": may(actor, "source.probe"),
        "slot_words": slot_words,
    }
    return rendering.page(request, "admin/source.html", framed(request, actor, context), status=status, private=True)


def unfit(source: Source, by: Mapping[str, str], language: str) -> dict[str, str]:
    """Field → why what was typed is no question for it: the register is not asked, and is not to blame."""
    fields = source.query.get("properties") or {}
    typed = {name: as_typed(text, fields.get(name)) for name, text in by.items()}
    told: dict[str, str] = {}
    for error in compile_schema(source.query).errors(typed):
        missing = error.params.get("property") if error.keyword == "required" else None
        name = str(missing or error.at.strip("/").partition("/")[0])
        field = fields.get(name) or {}
        title = str(field.get("title") or name)
        told.setdefault(name, sentence(error.keyword, error.params, title=title, kind="text", language=language))
    return told


def slot_words(at: str, local: Any) -> str:
    """A slot on the office's wall clock; a day is the UTC day."""
    if len(at) == history.GRAINS["day"]:
        return at
    return str(local(f"{at}:00+00:00" if len(at) == history.GRAINS["hour"] else f"{at}+00:00"))
