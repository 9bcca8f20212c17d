"""The desk: queue left, case right.

Knows how a case is shown; what may be done with it is `core.cases`, and doing it is `moves`.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin import duty_forms, findings, words
from admin.alarms import alarms
from admin.due import Due, due
from admin.extending import extension_of, extension_said
from admin.letter_readers import reader_said
from admin.letter_words import said as letter_said
from admin.proof import AnswerView, answer_views, evidence_views, local
from core.cases import access
from core.cases.actions.completing import finding_steps
from core.cases.actions.delivering import methods_of
from core.cases.actions.pausing import LONGEST, grounds_of
from core.cases.case_view import CaseView, EventView, MaterialView
from core.cases.duty_reads import has_duties, pressing
from core.cases.lifecycle import DESK, OFFICE, OVER, UNDER_WAY
from core.cases.lines import CaseLine
from core.cases.nouns import FileRef
from core.cases.outcomes import words_of
from core.cases.outgoing import count_to_send
from core.cases.sent_reads import reads_copies
from core.cases.standing import STAFF
from core.cases.till import TAKE
from core.catalog import versions
from core.contract import Actor, Item, Problem
from core.errors import NotAllowed, NotFound
from core.judge.legal_clock import open_steps
from core.judge.retelling import own_words, retold
from core.kernel import Kernel
from core.office import access as office_access
from core.office.permissions import STAFF_ROLES, UNIT_ROLES, may
from core.sources import reasons
from core.web import rendering, session
from forms.pages import said
from forms.pages.acted import acted
from forms.pages.correction import corrected
from forms.pages.road import held_steps, office_name, offices_of, stops_of, told_at_once
from forms.pages.words import N_


@dataclass(frozen=True, slots=True)
class QueueLine:
    line: CaseLine
    due: Due


def staff(request: Request) -> Actor:
    """The member of staff who asks. Raises SignInNeeded, NotAllowed for everybody else."""
    actor = session.actor(request)
    if actor.role not in STAFF_ROLES:
        raise NotAllowed("这里是工作人员的工作台，请用工作人员的账号登录。")
    return actor


def rooms(actor: Actor) -> list[tuple[str, str]]:
    """(address, word) of the desk's own menu, as far as this role may go."""
    offered = (
        ("/admin/", N_("待办"), True),
        ("/admin/take", N_("收件"), actor.role in STAFF),
        ("/admin/payments", N_("收费登记"), may(actor, TAKE)),
        ("/admin/duties", N_("后续事项"), has_duties(actor)),
        ("/admin/copies", N_("抄送件"), reads_copies(actor)),
        ("/admin/corrections", N_("纠错核实"), bool(actor.unit) and may(actor, "correction.answer")),
        ("/admin/catalog", N_("事项一览"), may(actor, "catalog.read")),
        ("/admin/plugins", N_("插件"), may(actor, "plugin.read")),
        ("/admin/sources", N_("数据源"), may(actor, "source.read")),
        ("/admin/load", N_("忙闲"), may(actor, "load.read")),
        ("/admin/office", N_("机构"), may(actor, "office.manage")),
        ("/admin/calendar", N_("工作日历"), may(actor, "office.manage")),
        ("/admin/staff", N_("人员"), may(actor, "account.manage")),
        ("/admin/permissions", N_("权限"), may(actor, "account.manage") or may(actor, "audit.read")),
        ("/admin/deliveries", N_("事件投递"), may(actor, "office.manage")),
        ("/admin/letters", N_("未出具的文书"), may(actor, "letter.read") and actor.role not in UNIT_ROLES),
        ("/admin/erasures", N_("信息删除"), may(actor, "erasure.confirm")),
        ("/admin/audit", N_("审计"), may(actor, "audit.read")),
    )
    return [(path, word) for path, word, allowed in offered if allowed]


def framed(request: Request, actor: Actor, context: dict[str, Any]) -> dict[str, Any]:
    """What every page of the desk needs besides its own matter."""
    office, items = session.kernel(request).office, session.kernel(request).catalog.items
    place = " · ".join(part for part in (office.unit_name(actor.unit), office.site_name(actor.site)) if part)
    language = request.state.language

    def why(reason: str) -> str:
        """Why a source did not answer, in the reader's language."""
        known = words.REASONS.get(reason)
        return rendering.translator(language)(known) if known else reasons.told(reason, language)

    return {
        "rooms": rooms(actor), "place": place, "words": words, "local": local, "office": office, "why": why,
        "kept": lambda id, text: said.kept(items, id, text, language), **context,
    }  # fmt: skip


async def to_desk(request: Request) -> Response:
    return RedirectResponse("/admin/", status_code=308)


async def queue(request: Request) -> Response:
    actor = staff(request)
    kernel = session.kernel(request)
    context = {
        **await _queue(request, actor),
        "alarms": await alarms(kernel, actor),
        "unwritten": await access.count_unwritten(kernel, actor),
        "to_send": await count_to_send(kernel, actor),
        "pressing": await pressing(kernel, actor),
    }
    return rendering.page(request, "admin/queue.html", framed(request, actor, {**context, "open": None}), private=True)


async def _queue(request: Request, actor: Actor) -> dict[str, Any]:
    kernel = session.kernel(request)
    state = request.query_params.get("state", "")
    state = state if state in words.FILTERS else ""
    after = request.query_params.get("after") or None
    if not may(actor, "queue.read"):
        return {"has_queue": False, "lines": (), "state": "", "next": None, "after": None}
    page = await access.queue(kernel, actor, after=after, state=state or None)
    today = kernel.today()
    lines = [QueueLine(one, _light(kernel, one, today)) for one in page.lines]
    return {"has_queue": True, "lines": lines, "state": state, "next": page.after, "after": after}


def _light(kernel: Kernel, line: CaseLine, today: date) -> Due:
    """What presses in this line: the reader's own step, else the deadline, else the delivery of a decision."""
    if line.status in OVER:
        return due(line.deliver_by, today, kernel.calendar, over=line.deliver_by is None)
    stopped = line.stopped_since is not None and line.step_due is None
    return due(line.step_due or line.deadline, today, kernel.calendar, stopped=stopped)


async def open_by_number(request: Request) -> Response:
    """From the box above the queue: a number, as it was read out or scanned."""
    actor = staff(request)
    typed = request.query_params.get("no", "").strip()
    try:
        view = await access.case(session.kernel(request), actor, typed)
    except NotFound:
        context = {
            **await _queue(request, actor),
            "open": None,
            "not_found": typed[:40],
            "alarms": [],
            "unwritten": 0,
            "to_send": 0,
            "pressing": None,
        }
        return rendering.page(request, "admin/queue.html", framed(request, actor, context), status=404, private=True)
    return RedirectResponse(f"/admin/cases/{view.no}", status_code=303)


async def case(request: Request) -> Response:
    actor = staff(request)
    view = await access.case(session.kernel(request), actor, request.path_params["no"])
    return await case_page(request, actor, view, done=words.DONE.get(request.query_params.get("done", ""), ""))


async def case_page(
    request: Request,
    actor: Actor,
    view: CaseView,
    *,
    done: str = "",
    told: str = "",
    failed: str = "",
    typed: dict[str, str] | None = None,
    posted: Sequence[tuple[str, str]] = (),
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response:
    """`told` is what kept a move from being made, `failed` its name, `typed` what had been written there."""
    kernel = session.kernel(request)
    item = await versions.item_by_digest(view.version)
    say = rendering.translator(request.state.language)
    own = {**own_words(item, request.state.language), **offices_of(kernel.office, view, request.state.language)}

    def tell(text: object) -> str:
        return retold(str(text or ""), request.state.language, own)

    evidence = evidence_views(view.evidence, kernel.catalog.sources, kernel.office, say)
    answers = answer_views(item, view, evidence, kernel.office, say)
    shown = {row.evidence.name for row in answers if row.evidence}
    may_ask = _may(kernel, actor, view, "case.look_up")
    tried = {one.id: [name for group in one.proved_by for name in group if name in evidence] for one in item.materials}
    proving = {name for material in view.materials for name in (*material.by, *tried.get(material.id, ()))}
    context = {
        **await _queue(request, actor),
        "open": view.no,
        "case": view,
        "item": item,
        "called": words_of(item),
        "item_title": said.title(item, request.state.language),
        "due": _case_light(kernel, view),
        "answers": answers,
        "evidence": evidence,
        "tried": tried,
        "doubted": {row.evidence.name for row in answers if row.origin == "disputed" and row.evidence},
        "other_lookups": sorted(
            (one for name, one in evidence.items() if name not in shown | proving),
            key=lambda one: _FIRST.index(one.outcome) if one.outcome in _FIRST else len(_FIRST),
        ),
        "materials": sorted(view.materials, key=_attention),
        "open_materials": [one for one in view.materials if one.required and one.open],
        "open_steps": _open_steps(kernel, item, view, request.state.language, tell),
        "unseen": [one for one in view.materials if one.required and one.status == "given" and one.told != "accepted"],
        "held_steps": held_steps(view, request.state.language, tell) if view.status not in OVER else [],
        "moves": _moves(view, item),
        "told_at_once": told_at_once(view),
        "tell": tell,
        "people": await office_access.names([*{e.actor for e in view.events}, view.actor]),
        "unit_of": _unit_name(kernel, request.state.language),
        "acted": lambda event: acted(event, kernel.office, request.state.language),
        "done": done,
        "told": told,
        "failed": failed,
        "typed": typed or {},
        "problems": problems,
        "findings": findings.drawn(
            item, view, posted=posted, problems=problems, language=request.state.language, areas=kernel.office.areas
        ),
        "found": findings.found(item, view, language=request.state.language, areas=kernel.office.areas),
        "duties": duty_forms.rows(
            kernel,
            item,
            view,
            language=request.state.language,
            failed=failed,
            posted=posted,
            problems=problems,
            tell=tell,
        ),
        "erased_answers": view.erased,
        "changed": await corrected(kernel, view, request.state.language),
        "corrected": next((one for one in view.events if one.type == "corrected"), None),
        "may_hand_in": _may(kernel, actor, view, "case.add_material"),
        "may_see_for": may_ask,
        "may_judge_paper": view.status in UNDER_WAY and bool(view.hats & {DESK, OFFICE}),
        "may_hand_over": bool(view.hats & {DESK, OFFICE}),
        "may_note_payment": bool(view.hats & {DESK, OFFICE}) and view.status in (*UNDER_WAY, "decided"),
        "looked_at": looked_at(view),
        "may_judge_promise": view.status in (*UNDER_WAY, "decided", "delivered") and OFFICE in view.hats,
        "to_ask": [tell(one) for one in _to_ask(item, view, "down")] if may_ask else [],
        "to_ask_empty": [tell(one) for one in _to_ask(item, view, "empty", _missed(item, view, answers))]
        if may_ask
        else [],
        "today": kernel.today().isoformat(),
        "pause_most": (kernel.today() + LONGEST).isoformat(),
        "refusals": item.declared.get("refusals", ()),
        "own_pauses": {id: one for id, one in grounds_of(item).items() if id not in words.PAUSES},
        "stops": stops_of(kernel.office, view, kernel.today(), request.state.language, tell),
        "delivery": _ways(view, item),
        "extension": extension_of(item),
        "reader": lambda to, unit, area, names=(): reader_said(kernel.office, to, unit, area, say, names),
        "letter_fault": letter_said(view.letter_fault, reads=True, _=say) if view.letter_fault else None,
        "may_issue": bool(view.letter_fault)
        and may(actor, "letter.issue", unit=view.deciding_unit, area=view.deciding_area, office=kernel.office),
        "extension_said": extension_said(item, view, kernel.today(), say, request.state.language),
    }
    return rendering.page(request, "admin/case.html", framed(request, actor, context), status=status, private=True)


def _open_steps(
    kernel: Kernel, item: Item, view: CaseView, language: str, tell: Callable[[str], str]
) -> list[dict[str, Any]]:
    """What keeps the case from approval, each with who is to fill in what it found, where it wants anything found."""
    finding = finding_steps(item)
    return [
        {
            "title": tell(one.step.title or one.step.by) or one.step.unit,
            "position": one.position,
            "fills": office_name(kernel.office, one.step.unit, one.step.area, language)
            if one.step.id in finding and one.held_until is None
            else "",
        }
        for one in open_steps(view.dates, (view.deciding_unit, view.deciding_area), finding)
    ]


def _case_light(kernel: Kernel, view: CaseView) -> Due:
    deliver_by = view.dates.deliver_by if view.dates else None
    if view.status in OVER:
        return due(deliver_by.day if deliver_by else None, kernel.today(), kernel.calendar, over=deliver_by is None)
    return due(view.deadline, kernel.today(), kernel.calendar, stopped=not view.clock_runs and view.dates is not None)


def _moves(view: CaseView, item: Item) -> list[str]:
    """What this person may do now, the likeliest first."""
    wanted = dict.fromkeys(("decide", *words.ALL_MOVES))
    return [name for name in wanted if name in view.moves and (name != "deliver" or _ways(view, item))]


def _ways(view: CaseView, item: Item) -> list[str]:
    """How the result may still be delivered: what was told online at once is not delivered online again."""
    return [one for one in methods_of(item) if one != "electronic" or not told_at_once(view)]


def _may(kernel: Kernel, actor: Actor, view: CaseView, action: str) -> bool:
    """Whether to show the box for something done to a case under way; doing it is judged in `core.cases` again."""
    return view.status not in OVER and may(
        actor,
        action,
        own=view.actor == actor.id,
        unit=view.deciding_unit,
        area=view.deciding_area,
        site=view.site,
        office=kernel.office,
    )


def looked_at(view: CaseView) -> dict[str, EventView]:
    """Material → the event in which its paper, as it is now, was last found good or not good.

    An approval says it of the papers that nobody had looked at before.
    """
    found: dict[str, EventView] = {}
    for event in view.events:
        material = str(event.data.get("material", ""))
        if event.type in ("material_accepted", "material_rejected"):
            found[material] = event
        elif event.data.get("checked"):
            found |= dict.fromkeys(map(str, event.data["checked"]), event)
        elif event.type == "material_given":
            found.pop(material, None)
        elif event.type == "corrected":
            for file in event.data.get("files") or ():
                found.pop(file["material"], None)
    return found


def _to_ask(item: Item, view: CaseView, outcome: str, among: Collection[str] | None = None) -> list[str]:
    """The purposes of the lookups that ended so: `down` is asked again by itself, `empty` only when somebody asks."""
    had = {one.lookup: one.outcome for one in view.evidence if among is None or one.lookup in among}
    return [one.purpose or name for name, one in item.lookups.items() if had.get(name) == outcome]


def _missed(item: Item, view: CaseView, answers: Sequence[AnswerView]) -> set[str]:
    """Lookups whose emptiness leaves something to do: a material is open for it, or the applicant wrote it himself.
    That a register holds nothing else (no freeze, no default) is good news and calls for nobody."""
    wanting = {one.id for one in view.materials if one.open}
    proving = {name for one in item.materials if one.id in wanting for group in one.proved_by for name in group}
    return proving | {row.evidence.name for row in answers if row.origin == "declared" and row.evidence}


def _attention(one: MaterialView) -> int:
    """What wants somebody first: what is still open, then what waits to be looked at, then what is good."""
    return 0 if one.required and one.open else 1 if one.open else 2 if one.status == "given" and not one.told else 3


_FIRST = ("down", "refused", "found")
"""Outcomes in the order an officer has to see them; what a register does not hold comes last."""


def _unit_name(kernel: Kernel, language: str) -> Any:
    _ = rendering.translator(language)

    def name(unit: str | None, area: str | None = None) -> str:
        """`试浦镇 · 民政局`."""
        known = kernel.office.units.get(unit or "")
        place = kernel.office.name_of(area) if area else ""
        return " · ".join(part for part in (place, _(known.name) if known else unit or "") if part)

    return name


async def file(request: Request) -> Response:
    """One uploaded file of a case, for who may read the case; shown apart so that it can do nothing here."""
    actor = staff(request)
    params = request.path_params
    return shown_apart(*await access.file_bytes(session.kernel(request), actor, params["no"], params["digest"]))


def shown_apart(ref: FileRef, data: bytes) -> Response:
    """An uploaded file in a window of its own, where nothing in it can act."""
    headers = {
        "Content-Disposition": "inline",
        "Cache-Control": "no-store",
        "Content-Security-Policy": "sandbox; default-src 'none'; style-src 'unsafe-inline'",
    }
    return Response(data, media_type=ref.media_type, headers=headers)
