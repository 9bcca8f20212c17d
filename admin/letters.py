"""未出具的文书: cases with a letter that could not be written, why, what to do, and issuing it again.

Knows no template; why one fails is told by `core.cases`, and put into words by `letter_words`.
"""

from __future__ import annotations

import re

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import case_page, framed, staff
from admin.letter_words import Said, said
from core.cases import access, actions
from core.cases.letter_reads import Unwritten
from core.errors import Conflict
from core.office.permissions import may
from core.web import rendering, session
from forms.pages.words import N_


async def overview(request: Request) -> Response:
    issued = request.query_params.get("issued", "")
    done = issued if re.fullmatch(r"[0-9A-Z]{8,20}", issued) else ""
    return await _page(request, done=done, already="already" in request.query_params)


async def issue(request: Request) -> Response:
    """One letter again; from the case's own page (`back` is "case"), or from the list."""
    actor, no = staff(request), request.path_params["no"]
    kernel, from_case = session.kernel(request), session.form_data(request).get("back") == "case"
    try:
        fresh = await actions.issue_letter(kernel, no, actor=actor)
    except Conflict as error:
        told = _FAILS.get(error.code) or str(error)
        if from_case and may(actor, "case.read"):
            view = await access.case(kernel, actor, no)
            say = rendering.translator(request.state.language)
            return await case_page(request, actor, view, told=say(told), status=error.status)
        return await _page(request, told=told, failed=no, status=error.status)
    if from_case:
        return RedirectResponse(f"/admin/cases/{no}?done=issue", status_code=303)
    return RedirectResponse(f"/admin/letters?issued={no}{'' if fresh else '&already'}", status_code=303)


_FAILS = {
    "letter-fails": N_("现在发布的版本还是写不出这份文书。请先改好模板并发布，再重新出具。"),
    "stale": N_("办件已有新的进展，请查看最新状态后再操作。"),
}


async def _page(
    request: Request, *, done: str = "", already: bool = False, told: str = "", failed: str = "", status: int = 200
) -> Response:
    actor, kernel = staff(request), session.kernel(request)
    _ = rendering.translator(request.state.language)
    page = await access.unwritten_letters(kernel, actor, after=request.query_params.get("after", ""))

    def fault(one: Unwritten) -> Said:
        return said(one.error, reads=one.reads, _=_)

    context = {
        "letters": page.lines,
        "more": page.after,
        "total": await access.count_unwritten(kernel, actor),
        "fault": fault,
        "mends": may(actor, "plugin.read"),
        "done": done,
        "already": already,
        "told": _(told) if told else "",
        "failed": failed,
    }
    return rendering.page(request, "admin/letters.html", framed(request, actor, context), status=status, private=True)
