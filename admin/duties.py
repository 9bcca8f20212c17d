"""后续事项: what an office has to do after approvals, as a list; and recording on a case's page that it is done.

Knows the questions that the item asks of whoever does it; whether they are answered soundly is `core.cases`.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import case_page, framed, staff
from admin.due import due
from admin.duty_forms import asked_of
from admin.moves import Said
from core.cases import access, actions
from core.cases.duty_reads import duties_of_office
from core.catalog import versions
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.office.permissions import may
from core.web import rendering, session
from core.web.posted import revision_in
from forms.engine.rows import ACTIONS


async def duties(request: Request) -> Response:
    """`?all`: also those whose day is far off, or is not known."""
    actor = staff(request)
    kernel = session.kernel(request)
    every = "all" in request.query_params
    page = await duties_of_office(kernel, actor, after=request.query_params.get("after") or None, every=every)
    today = kernel.today()
    context = {
        "lines": [(one, due(one.due, today, kernel.calendar)) for one in page.lines],
        "more": f"/admin/duties?{'all&' if every else ''}after={page.after}" if page.after else "",
        "every": every,
        "unit": kernel.office.unit_name(actor.unit),
    }
    return rendering.page(request, "admin/duties.html", framed(request, actor, context), private=True)


async def record(request: Request) -> Response:
    """303 to the case when it is recorded; 409, 422 or 403 with the sentence where it is not."""
    actor = staff(request)
    kernel = session.kernel(request)
    no, key, act = (request.path_params[name] for name in ("no", "key", "act"))
    if not may(actor, "case.step"):
        raise NotAllowed("您的账号不能登记后续事项。")
    if act not in ("done", "end", "reopen"):
        raise NotFound(act)
    said = Said(session.form_data(request).multi_items())
    revision = revision_in(said)
    view = await access.case(kernel, actor, no)
    item = await versions.item_by_digest(view.version)
    failed, typed = f"duty/{key}/{act}", {"because": said.get("because", "")}
    asked = next((one for one in asked_of(item, view) if one.view.key == key), None)
    if act == "done" and asked is not None and any(name in ACTIONS for name, _ in said.pairs):
        return await case_page(request, actor, view, failed=failed, typed=typed, posted=said.pairs)
    try:
        if act == "done":
            found = asked.values(said.pairs) if asked is not None else None
            await actions.finish_duty(
                kernel, no, actor=actor, duty=key, note=typed["because"], findings=found, revision=revision
            )
        else:
            make = actions.end_duty if act == "end" else actions.reopen_duty
            await make(kernel, no, actor=actor, duty=key, because=typed["because"], revision=revision)
    except (Conflict, Unprocessable, NotAllowed) as error:
        fresh = await access.case(kernel, actor, no)
        return await case_page(
            request, actor, fresh, told=rendering.translator(request.state.language)(str(error)), failed=failed,
            typed=typed, posted=said.pairs, status=error.status,
            problems=error.problems if isinstance(error, Unprocessable) else (),
        )  # fmt: skip
    return RedirectResponse(f"/admin/cases/{no}?done=duty_{act}#h-duties", status_code=303)
