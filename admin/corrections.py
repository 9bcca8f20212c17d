"""纠错核实: what applicants call wrong in this unit's registers, each with its own day, and the unit's answer.

Knows no case; whether an answer is allowed is judged in `core.cases` alone.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import framed, shown_apart, staff
from admin.due import due
from core.cases import access, actions
from core.cases.correcting import ANSWERS, correction_days, corrections_for
from core.contract import Actor
from core.errors import Conflict, Unprocessable
from core.web import rendering, session


async def corrections(request: Request) -> Response:
    return await _page(request, staff(request), done="done" in request.query_params)


async def answer(request: Request) -> Response:
    """303 to the list when it is told; 409 or 422 with the sentence and what had been written."""
    actor = staff(request)
    form = session.form_data(request)
    id, said, reason = request.path_params["id"], str(form.get("answer") or ""), str(form.get("reason") or "")
    try:
        await actions.answer_correction(session.kernel(request), id, actor=actor, answer=said, reason=reason)
    except (Conflict, Unprocessable) as error:
        typed = {"id": id, "answer": said, "reason": reason}
        told = rendering.translator(request.state.language)(str(error))
        return await _page(request, actor, told=told, typed=typed, status=error.status)
    return RedirectResponse("/admin/corrections?done", status_code=303)


async def file(request: Request) -> Response:
    """What the applicant showed for one value, for the unit that is asked to correct it."""
    params = request.path_params
    kernel, actor = session.kernel(request), staff(request)
    return shown_apart(*await access.proof_bytes(kernel, actor, params["id"], params["digest"]))


async def _page(
    request: Request,
    actor: Actor,
    *,
    done: bool = False,
    told: str = "",
    typed: dict[str, str] | None = None,
    status: int = 200,
) -> Response:
    kernel = session.kernel(request)
    after = request.query_params.get("after") or None
    old = "answered" in request.query_params
    waiting = await corrections_for(kernel, actor, None if old else after)
    answered = await corrections_for(kernel, actor, after if old else None, answered=True)
    today = kernel.today()
    context = {
        "waiting": [] if old else [(one, due(one.due, today, kernel.calendar)) for one in waiting.lines],
        "more": f"/admin/corrections?after={waiting.after}" if waiting.after and not old else "",
        "answered": answered.lines if old else answered.lines[:5],
        "more_answered": f"/admin/corrections?answered&after={answered.after}"
        if old and answered.after
        else "/admin/corrections?answered"
        if not old and len(answered.lines) > 5
        else "",
        "old": old,
        "days": correction_days(kernel.office, actor.unit),
        "unit": kernel.office.unit_name(actor.unit),
        "sources": kernel.catalog.sources,
        "answers": ANSWERS,
        "done": done,
        "told": told,
        "typed": typed or {},
    }
    return rendering.page(
        request, "admin/corrections.html", framed(request, actor, context), status=status, private=True
    )
