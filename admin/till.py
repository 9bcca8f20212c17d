"""收费登记: a receipt is noted at a till for a case that was filed elsewhere, by the number on its payment notice.

Knows what is due and nothing else of the case; whether a receipt counts is judged in `core.cases`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import framed, staff
from core.cases import actions, numbers, till
from core.catalog import versions
from core.contract import Actor
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.office.permissions import may
from core.web import rendering, session
from core.web.posted import revision_in
from forms.pages import said

KEPT = ("receipt", "on", "sum", "together")


async def look(request: Request) -> Response:
    """`?no=`: what is due of that case."""
    actor = _cashier(request)
    done = request.query_params.get("done") == "1"
    return await _page(request, actor, request.query_params.get("no", "").strip(), done=done)


async def note(request: Request) -> Response:
    """303 to the same page when it is noted; 409 or 422 with the sentence and what was written where it is not."""
    actor = _cashier(request)
    form = {name: value for name, value in session.form_data(request).multi_items() if isinstance(value, str)}
    no = form.get("no", "").strip()
    try:
        await actions.take_payment(
            session.kernel(request),
            no,
            actor=actor,
            receipt=form.get("receipt", ""),
            on=form.get("on", ""),
            sum=form.get("sum", ""),
            together="together" in form,
            revision=revision_in(form),
        )
    except (Conflict, Unprocessable) as error:
        return await _page(request, actor, no, error=error, typed={k: v for k, v in form.items() if k in KEPT})
    return RedirectResponse(f"/admin/payments?no={numbers.read(no)}&done=1", status_code=303)


def _cashier(request: Request) -> Actor:
    actor = staff(request)
    if not may(actor, till.TAKE):
        raise NotAllowed(till.TAKE)
    return actor


async def _page(
    request: Request,
    actor: Actor,
    no: str,
    *,
    done: bool = False,
    error: Conflict | Unprocessable | None = None,
    typed: Mapping[str, str] | None = None,
) -> Response:
    kernel, language = session.kernel(request), request.state.language
    found, title, status, told = None, "", error.status if error else 200, str(error) if error else ""
    if no:
        try:
            found = await till.to_pay(kernel, actor, no)
            title = said.title(await versions.item_by_digest(found.version), language)
        except NotFound as missing:
            status, told = missing.status, str(missing)
    context: dict[str, Any] = {
        "no": no[:40],
        "found": found,
        "item_title": title,
        "told": rendering.translator(language)(told) if told else "",
        "problems": error.problems if isinstance(error, Unprocessable) else (),
        "failed": "note_payment" if error else "",
        "typed": typed or {},
        "done": done and found is not None,
        "today": kernel.today().isoformat(),
    }
    return rendering.page(request, "admin/till.html", framed(request, actor, context), status=status, private=True)
