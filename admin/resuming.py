"""接续: a clerk, station worker or operator goes on with a draft that the person before him began elsewhere.

Knows the code, the number and the mandate as they are told; what they open is `core.cases`' to say.
"""

from __future__ import annotations

from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin import signing
from admin.desk import framed
from admin.taking import taker
from core.cases import access, actions
from core.cases.draft_view import Resumable
from core.contract import Actor, Problem
from core.errors import NotAllowed, NotFound, TooMany, Unavailable, Unprocessable
from core.web import rendering, session
from forms.pages import said
from forms.pages.asks import asks


@dataclass(frozen=True, slots=True)
class Told:
    """What the person at the counter says, as typed."""

    code: str = ""
    number: str = ""


async def resume(request: Request) -> Response:
    return _page(request, taker(request), Told())


async def resume_post(request: Request) -> Response:
    """First code and number, which find the draft; then the mandate, which is read out with the item's name."""
    actor = taker(request)
    kernel = session.kernel(request)
    form = session.form_data(request)
    told = Told(str(form.get("code") or "")[:40], "".join(str(form.get("number") or "").split()).upper()[:40])
    mandated = form.get("mandate") == "yes"
    try:
        found = await access.resumable(kernel, actor, told.code, told.number)
        if not (found.own or found.mandated or mandated):
            missed = form.get("step") == "mandate"
            problem = Problem("mandate", "required", "请先请申请人确认委托，再勾选。")
            return _page(request, actor, told, found=found, problems=(problem,) if missed else (), status=200)
        signed = signing.read(actor, form)
        missing = signing.problems(signed, rendering.translator(request.state.language))
        if missing and not (found.own or found.mandated):
            return _page(request, actor, told, found=found, signed=signed, problems=tuple(missing), status=422)
        way = signed.way if actor.channel == "phone" else "presence"
        draft = await actions.take_over(
            kernel, actor=actor, code=told.code, number=told.number, mandated=mandated, signed=way, proof=signed.proof()
        )
    except Unprocessable as error:
        return _page(request, actor, told, problems=error.problems, status=422)
    except (NotFound, NotAllowed, TooMany, Unavailable) as error:
        problem = Problem("code", error.code, str(error))
        return _page(request, actor, told, problems=(problem,), status=error.status)
    return RedirectResponse(f"/drafts/{draft.id}", status_code=303)


def _page(
    request: Request,
    actor: Actor,
    told: Told,
    *,
    found: Resumable | None = None,
    signed: signing.Signed | None = None,
    problems: tuple[Problem, ...] = (),
    status: int = 200,
) -> Response:
    kernel, language = session.kernel(request), request.state.language
    _ = rendering.translator(language)
    item = found.draft.item if found else None
    context = {
        "told": told,
        "errors": {one.at: one.message for one in problems},
        "signing": {"said": signed or signing.blank(actor), "ways": signing.ways(actor), "days": signing.DAYS},
        "item_title": said.title(item, language) if item else "",
        "asks": asks(item, kernel.catalog.sources, kernel.office, language) if item else (),
        "problems": [Problem(one.at, one.keyword, _(one.message)) for one in problems],
        "returned": request.scope["query_string"] == b"returned",
        "corrected": request.scope["query_string"] == b"corrected",
        "overtaken": request.scope["query_string"] == b"overtaken",
    }
    return rendering.page(request, "admin/resume.html", framed(request, actor, context), status=status, private=True)
