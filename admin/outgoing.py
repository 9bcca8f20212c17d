"""待寄出的文书: letters to somebody outside, each to print, to send, and to note how it was sent.

Knows only what `core.cases.outgoing` gives this actor; whether the note counts is judged in `core.cases`.
"""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import framed, staff
from core.cases import actions, outgoing
from core.errors import Conflict, Unprocessable
from core.web import rendering, session
from core.web.posted import revision_in

KEPT = ("method", "note", "on")


async def to_send(request: Request) -> Response:
    """Raises NotAllowed for who sends none."""
    actor, kernel = staff(request), session.kernel(request)
    page = await outgoing.to_send(kernel, actor, after=request.query_params.get("after", ""))
    context = {"lines": page.lines, "more": page.after, "unit": kernel.office.unit_name(actor.unit)}
    return rendering.page(request, "admin/outgoing.html", framed(request, actor, context), private=True)


async def one(request: Request) -> Response:
    return await _page(request)


async def sent(request: Request) -> Response:
    """303 to the same page when it is noted; 409 or 422 with the sentences and what was written where it is not."""
    actor, id = staff(request), request.path_params["id"]
    form = {name: value for name, value in session.form_data(request).multi_items() if isinstance(value, str)}
    try:
        await actions.note_sent(
            session.kernel(request),
            id,
            actor=actor,
            method=form.get("method", ""),
            note=form.get("note", ""),
            on=form.get("on", ""),
            revision=revision_in(form),
        )
    except (Conflict, Unprocessable) as error:
        return await _page(request, error=error, typed={key: form.get(key, "") for key in KEPT})
    return RedirectResponse(f"/admin/outgoing/{id}", status_code=303)


async def _page(
    request: Request, *, error: Conflict | Unprocessable | None = None, typed: dict[str, str] | None = None
) -> Response:
    actor, kernel = staff(request), session.kernel(request)
    letter = await outgoing.outgoing(kernel, actor, request.path_params["id"])
    context = {
        "letter": letter,
        "text": Markup(letter.text),  # escaped by the sandbox
        "methods": actions.SENT_BY,
        "problems": [one.message for one in error.problems] if isinstance(error, Unprocessable) else [],
        "conflict": str(error) if isinstance(error, Conflict) else "",
        "typed": {"on": kernel.today().isoformat(), **(typed or {})},
        "today": kernel.today().isoformat(),
    }
    framed_ = framed(request, actor, context)
    status = 200 if error is None else error.status
    return rendering.page(request, "admin/outgoing_one.html", framed_, status=status, private=True)
