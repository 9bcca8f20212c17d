"""委托书 of one case at the desk: which there are, a new one taken before this member of staff, an end with a reason.

Knows the page; who may grant and end is `core.cases.actions.mandates`.
"""

from __future__ import annotations

from collections.abc import Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin import signing
from admin.desk import framed
from admin.taking import taker
from core.cases import access, actions
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, TooLarge, Unavailable, Unprocessable
from core.web import rendering, session
from forms.pages.words import SIGNED

BOXES = {**signing.PLACES, "/agent/name": "agent_name", "/agent/id_number": "agent_number", "/because": "because"}


async def page(request: Request) -> Response:
    return await _page(request, taker(request))


async def grant(request: Request) -> Response:
    """For this case alone, to the member of staff himself or to who came with the applicant."""
    actor = taker(request)
    kernel, form = session.kernel(request), session.form_data(request)
    said = signing.read(actor, form)
    name = str(form.get("agent_name") or "").strip()[:60]
    number = "".join(str(form.get("agent_number") or "").split()).upper()[:40]
    problems = signing.problems(said, rendering.translator(request.state.language))
    if problems:
        return await _page(request, actor, said=said, problems=problems, status=422)
    try:
        await actions.grant_for_case(
            kernel,
            request.path_params["no"],
            actor=actor,
            agent={"name": name, "id_number": number} if name or number else None,
            signed=said.way,
            until=said.until(kernel),
            proof=await signing.scan(kernel, said, form, said.proof()),
        )
    except (Unprocessable, NotAllowed, Conflict, TooLarge, Unavailable) as error:
        told = error.problems if isinstance(error, Unprocessable) else [Problem("", error.code, str(error))]
        return await _page(request, actor, said=said, problems=told, status=error.status)
    return RedirectResponse(f"/admin/cases/{request.path_params['no']}/mandates", status_code=303)


async def end(request: Request) -> Response:
    """Because the principal came and said so: with the reason."""
    actor = taker(request)
    no, id = request.path_params["no"], request.path_params["id"]
    because = str(session.form_data(request).get("because") or "")
    try:
        await actions.revoke_for_case(session.kernel(request), no, id, actor=actor, because=because)
    except Unprocessable as error:
        return await _page(request, actor, problems=error.problems, status=422)
    return RedirectResponse(f"/admin/cases/{no}/mandates", status_code=303)


async def _page(
    request: Request,
    actor: Actor,
    *,
    said: signing.Signed | None = None,
    problems: Sequence[Problem] = (),
    status: int = 200,
) -> Response:
    kernel = session.kernel(request)
    _ = rendering.translator(request.state.language)
    view = await access.case(kernel, actor, request.path_params["no"])
    told = [Problem(BOXES.get(one.at, one.at), one.keyword, _(one.message)) for one in problems]
    now = kernel.now()
    ways = {way: word for way, word in signing.ways(actor).items() if way != "screen"}
    context = {
        "case": view,
        "mandates": [(one, one.state(now)) for one in await access.mandates_of_case(kernel, actor, view.no)],
        "signed": SIGNED,
        "signing": {"said": said or signing.blank(actor), "ways": ways, "days": signing.DAYS},
        "problems": told,
        "errors": {one.at: one.message for one in told},
    }
    return rendering.page(
        request, "admin/case_mandates.html", framed(request, actor, context), status=status, private=True
    )
