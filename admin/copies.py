"""抄送件: letters that were sent to this office for its information; each is read here, and marked as read.

Knows only what `sent_reads` gives this actor; the case behind a copy is not opened by it.
"""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import framed, staff
from core.cases import actions, sent_reads
from core.web import rendering, session


async def copies(request: Request) -> Response:
    actor, kernel = staff(request), session.kernel(request)
    page = await sent_reads.copies_of(kernel, actor, after=request.query_params.get("after", ""))
    context = {
        "lines": page.lines,
        "more": page.after,
        "unit": kernel.office.unit_name(actor.unit),
    }
    return rendering.page(request, "admin/copies.html", framed(request, actor, context), private=True)


async def copy(request: Request) -> Response:
    actor, kernel = staff(request), session.kernel(request)
    one = await sent_reads.copy(kernel, actor, request.path_params["id"])
    context = {"letter": one, "text": Markup(one.text), "unit": kernel.office.unit_name(actor.unit)}
    return rendering.page(request, "admin/copy.html", framed(request, actor, context), private=True)


async def read(request: Request) -> Response:
    """已阅."""
    actor, id = staff(request), request.path_params["id"]
    await actions.mark_read(session.kernel(request), actor, id)
    return RedirectResponse("/admin/copies", status_code=303)
