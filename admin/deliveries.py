"""事件投递: how each listener stands, what was laid aside and why, and sending it again.

Knows no event's contents but ids and statuses; what is retried is `core.cases.actions.outbox`.
"""

from __future__ import annotations

from uuid import UUID

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import framed, staff
from core.cases import access, actions
from core.errors import NotFound
from core.web import rendering, session


async def overview(request: Request) -> Response:
    actor = staff(request)
    kernel, query = session.kernel(request), request.query_params
    listener = query.get("listener", "")[:128]
    context = {
        "queues": await access.deliveries(kernel, actor),
        "dead": await access.dead_letters(kernel, actor, after=query.get("after", ""), listener=listener),
        "listener": listener,
        "again": query.get("again", "") if query.get("again", "").isdigit() else "",
    }
    return rendering.page(request, "admin/deliveries.html", framed(request, actor, context), private=True)


async def again(request: Request) -> Response:
    """One dead letter, all of a listener, or all: `id`, `listener` or neither."""
    actor, form = staff(request), session.form_data(request)
    id, listener = str(form.get("id") or ""), str(form.get("listener") or "")[:128]
    try:
        id = str(UUID(id)) if id else ""
    except ValueError:
        raise NotFound(id[:40]) from None
    count = await actions.redeliver(session.kernel(request), actor=actor, id=id, listener=listener)
    return RedirectResponse(f"/admin/deliveries?again={count}", status_code=303)
