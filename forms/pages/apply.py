"""`/items/{id}/apply`: who applies, and what will be looked up, from whom, why. The post starts the draft.

A browser that only reads this page makes nobody's records be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases import access, actions
from core.cases.mandate_view import MandateView
from core.contract import Actor, Item, Problem
from core.errors import NotAllowed, Unavailable, Unprocessable
from core.judge.formats import masked
from core.kernel import Kernel
from core.office import access as office_access
from core.office.permissions import STAFF_ROLES, may
from core.web import session
from core.web.rendering import page, translator
from core.web.session import form_data, kernel
from forms.pages import applicant as parties
from forms.pages import query
from forms.pages.applicant import Whom
from forms.pages.asks import Ask, asks
from forms.pages.guide import set_aside
from forms.pages.kept import kept, lead_back
from forms.pages.outcome import on_the_wall
from forms.pages.said import speak, title
from forms.pages.sheet import form_of, started
from forms.pages.shut import shut
from forms.pages.words import N_


@dataclass(frozen=True, slots=True)
class ApplyView:
    id: str
    title: str
    handling: str
    actor_name: str
    actor_number: str
    kinds: tuple[str, ...]
    whom: Whom
    asks: tuple[Ask, ...]
    sources: int
    consents: frozenset[str]
    fields: str
    shut: str
    """Why it may not be filed today."""
    under: Held | None
    """The mandate that this application is made under."""
    offers: tuple[Held, ...]
    """Mandates that the reader holds for this item."""


@dataclass(frozen=True, slots=True)
class Held:
    """A mandate of the reader's, as a line."""

    id: str
    no: str
    who: str
    until: str


async def apply(request: Request) -> Response:
    core, id = kernel(request), request.path_params["id"]
    if not core.offers(id):
        return set_aside(request, core, id)
    item = core.item(id)
    if item.handling == "handoff":
        return RedirectResponse(f"/items/{id}", status_code=303)
    speak(request, item)
    actor = _filer(request)
    if said := kept(request):
        posted = FormData([tuple(one) for one in said["pairs"]])
        problems = [Problem(*one) for one in said["problems"]]
        held = await _held(core, actor) if "mandate" in item.agents else []
        return show(request, core, item, actor, posted, held=held, problems=problems, status=said["status"])
    known = await office_access.credit_code(actor) if parties.FIRM in parties.kinds(item) else None
    asked = {"credit_code": known or "", "whom": parties.FIRM if known else ""}
    held = await _held(core, actor) if "mandate" in item.agents or "mandate" in request.query_params else []
    if id := request.query_params.get("mandate"):
        mandate = next((one for one in held if one.id == id), None) or await access.mandate(core, actor, id)
        if not serves(core, item, mandate):
            return uncovered(request, core, item, mandate)
        asked = {**parties.under(mandate.principal), "mandate": mandate.id}
    return show(request, core, item, actor, FormData(asked), held=[one for one in held if serves(core, item, one)])


async def _held(core: Kernel, actor: Actor) -> list[MandateView]:
    """The mandates under which the reader may act; a counter works under those of who stands before it."""
    return [] if actor.role in STAFF_ROLES else [one for one in await access.mandates_of(core, actor) if one.held]


def serves(core: Kernel, item: Item, mandate: MandateView) -> bool:
    """Whether an application for this item can be made under it now."""
    covered = item.id in {id for id, _ in mandate.items} and mandate.case_no is None
    kind = mandate.principal.get("kind")
    return covered and mandate.held and mandate.state(core.now()) == "live" and kind in item.audience and (
        "mandate" in item.agents
    )  # fmt: skip


def uncovered(request: Request, core: Kernel, item: Item, mandate: MandateView) -> Response:
    """Plainly, instead of an application for oneself that nobody meant."""
    language = request.state.language
    known = [core.catalog.items[id] for id, _ in mandate.items if id in core.catalog.items]
    context = {
        "id": item.id,
        "title": title(item, language),
        "mandate": mandate,
        "state": mandate.state(core.now()),
        "covers": [(one.id, title(one, language)) for one in known if serves(core, one, mandate)],
    }
    return page(request, "forms/uncovered.html", context, status=403, private=True)


def _filer(request: Request) -> Actor:
    """Who may file at all. Raises SignInNeeded, NotAllowed for staff whose post is another."""
    actor = session.actor(request)
    if not may(actor, "case.file"):
        raise NotAllowed("case.file")
    return actor


async def apply_post(request: Request) -> Response:
    core = kernel(request)
    item = core.item(request.path_params["id"])
    speak(request, item)
    actor = _filer(request)
    posted = form_data(request)
    whom = parties.read(item, posted)
    consents = frozenset(str(name) for name in posted.getlist("consent"))
    mandate = str(posted.get("mandate") or "") or None
    problems = parties.problems(whom, request.state.language)
    if problems:
        return await refused(request, core, item, actor, problems, status=422)
    applicant = parties.applicant(whom, actor)
    try:
        if item.handling == "query":
            return await query.answer(request, core, item, actor, applicant, consents, mandate)
        draft = await actions.start_draft(
            core,
            item,
            actor=actor,
            applicant=applicant,
            channel=actor.channel,
            consents=consents,
            mandate=mandate,
            answers=started(core, item),
        )
    except Unprocessable as error:
        return await refused(request, core, item, actor, error.problems, status=422)
    except (NotAllowed, Unavailable) as error:
        sentences = REFUSALS.get(error.code)
        if sentences is None:
            raise
        sentence = sentences.get(whom.kind) or next(iter(sentences.values()))
        at = {parties.FIRM: "credit_code", parties.OTHER: "id_number"}.get(whom.kind, "")
        return await refused(request, core, item, actor, (Problem(at, error.code, sentence),), status=error.status)
    return RedirectResponse(f"/drafts/{draft.id}", status_code=303)


REFUSALS: dict[str, dict[str, str]] = {
    "no-standing": {
        parties.FIRM: N_(
            "没有查到您可以代该申请人办理的依据。企业的事项由登记的法定代表人办理，或者由有企业委托书的代办员办理。"
        ),
        parties.OTHER: N_(
            "没有查到您可以代这个人办理的依据。请先由他本人委托您（在“我的”里或到窗口），并且委托书包括这个事项。"
        ),
    },
    "relation-down": {"": N_("暂时无法核实您与申请人的关系，请稍后再试，或到服务大厅办理。")},
    "mandate-needed": {"": N_("请先取得申请人的委托书，再代为办理。")},
    "mandate-name": {"": N_("委托书上的受托人姓名与您账号的姓名不一致，请委托人照您的身份证重新委托。")},
}


async def refused(
    request: Request, core: Kernel, item: Item, actor: Actor, problems: Sequence[Problem], *, status: int
) -> Response:
    """The page again, by its own address where the browser can keep what was written."""
    posted = form_data(request)
    pairs = [(key, one) for key, one in posted.multi_items() if isinstance(one, str) and key != session.CSRF_FIELD]
    told = [(one.at, one.keyword, one.message) for one in problems]
    back = lead_back(request, {"pairs": pairs, "problems": told, "status": status})
    if back is not None:
        return back
    held = await _held(core, actor) if "mandate" in item.agents else []
    return show(request, core, item, actor, posted, held=held, problems=problems, status=status)


def show(
    request: Request,
    core: Kernel,
    item: Item,
    actor: Actor,
    posted: FormData,
    *,
    held: Sequence[MandateView] = (),
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response:
    """`posted`: what stands in the boxes."""
    language = request.state.language
    asked = asks(item, core.catalog.sources, core.office, language)
    fields = ""
    if item.handling == "query" and item.form.get("properties"):
        texts = (item.bundle.get("texts") or {}).get(language)
        reading = query.read_answers(core, item, posted, language) if problems else None
        fields = form_of(core, item).render(
            reading.answers if reading else None,
            [problem for problem in problems if problem.at.startswith("/")],
            language,
            texts=texts,
            raw=reading.raw if reading else None,
            areas=core.office.areas,
        )
    lines = [_line(one) for one in held if serves(core, item, one)]
    closed = shut(core, item, language)
    view = ApplyView(
        id=item.id,
        title=title(item, language),
        handling=item.handling,
        actor_name=actor.name,
        actor_number=masked(actor.id_number),
        kinds=parties.kinds(item),
        whom=parties.read(item, posted),
        asks=asked,
        sources=len({one.source for one in asked}),
        consents=frozenset(str(name) for name in posted.getlist("consent")),
        fields=fields,
        shut=closed.said if closed else "",
        under=next((one for one in lines if one.id == posted.get("mandate")), None),
        offers=tuple(lines),
    )
    errors = {problem.at: translator(language)(problem.message) for problem in problems}
    context = {"view": view, "problems": problems, "errors": errors}
    return page(request, "forms/apply.html", context, status=status, private=True)


def _line(one: MandateView) -> Held:
    return Held(one.id, one.no, one.principal_name, on_the_wall(one.valid_until - timedelta(seconds=1)))
