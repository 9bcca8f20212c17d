"""Going on elsewhere: `/drafts/{id}/code` gives the resume code, `/resume` takes one; giving up, and taking back.

Knows no draft beyond what `core.cases` hands out; whose a code is, is said there.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases import access, actions
from core.cases.draft_view import DraftView
from core.cases.standing import STAFF
from core.contract import Actor
from core.errors import NotFound, TooMany, Unavailable, Unprocessable
from core.kernel import LEGAL_TIME, Kernel
from core.web import session
from core.web.rendering import page, translator
from core.web.session import form_data, kernel
from forms.pages.kept import kept, lead_back
from forms.pages.posting import of_draft
from forms.pages.said import title
from forms.pages.sheet import day


async def resume(request: Request) -> Response:
    if session.actor(request).role in STAFF:
        return RedirectResponse("/admin/resume", status_code=303)
    said = kept(request)
    wrong = translator(request.state.language)(said["wrong"]) if said else ""
    return _ask(request, said.get("code", ""), wrong, said.get("status", 200))


def _ask(request: Request, code: str, wrong: str, status: int) -> Response:
    return page(request, "forms/resume.html", {"code": code, "wrong": wrong}, status=status, private=True)


async def resume_post(request: Request) -> Response:
    core, actor = kernel(request), session.actor(request)
    code = str(form_data(request).get("code") or "")[:40]
    try:
        draft = await actions.take_over(core, actor=actor, code=code)
    except (NotFound, TooMany, Unavailable, Unprocessable) as error:
        back = lead_back(request, {"code": code, "wrong": str(error), "status": error.status})
        return back or _ask(request, code, translator(request.state.language)(str(error)), error.status)
    return RedirectResponse(f"/drafts/{draft.id}", status_code=303)


@of_draft
async def code(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    return page(request, "forms/code.html", _told(found, request), private=True)


@of_draft
async def code_post(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    made = await actions.resume_code(core, found)
    return page(request, "forms/code.html", {**_told(found, request), "code": made.spoken}, private=True)


@of_draft
async def discard(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    return page(request, "forms/discard.html", _told(found, request), private=True)


@of_draft
async def discard_post(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    await actions.discard_draft(core, found)
    return RedirectResponse("/me?discarded", status_code=303)


def _told(found: DraftView, request: Request) -> dict[str, object]:
    language = request.state.language
    return {
        "id": found.id,
        "title": title(found.item, language),
        "expires": day(found.expires_at.astimezone(LEGAL_TIME).date(), language),
        "lent": found.lent is not None,
        "of": found.of is not None,
        "code": "",
    }


async def hand_back(request: Request) -> Response:
    """By whom the draft belongs to, from his own list; or by the counter that has it."""
    core, actor = kernel(request), session.actor(request)
    id = request.path_params["id"]
    await actions.hand_back(core, id, actor=actor)
    mine = any(one.id == id for one in await access.drafts_of(core, actor))
    return RedirectResponse(f"/drafts/{id}" if mine else "/admin/resume?returned", status_code=303)
