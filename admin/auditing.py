"""审计: does the log prove itself, each day's root, and who read whose data. Read-only, for auditors alone.

Knows no case. A run goes on in this process after the page is sent; the page tells how far it is.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import framed, staff
from core.cases import auditing, proving
from core.cases.actions.auditing import note_run
from core.contract import Actor
from core.office import access as office_access
from core.web import rendering, session
from forms.pages import said as said_in
from forms.pages import words as citizen_words


@dataclass
class Run:
    """A run under way in this process."""

    task: asyncio.Task[None] | None = None
    what: str = ""
    done: int = 0
    total: int = 0
    failed: bool = False

    @property
    def going(self) -> bool:
        return self.task is not None and not self.task.done()


def _run(request: Request) -> Run:
    state = request.app.state
    if not hasattr(state, "audit_run"):
        state.audit_run = Run()
    found: Run = state.audit_run
    return found


async def overview(request: Request) -> Response:
    actor = staff(request)
    query = request.query_params
    return await _page(request, actor, before=query.get("before", ""))


async def verify(request: Request) -> Response:
    """Start a run; a second click while one goes on starts none."""
    actor = staff(request)
    auditing.check_auditor(actor)
    run = _run(request)
    if not run.going:
        run.what, run.done, run.total, run.failed = "", 0, 0, False
        run.task = asyncio.create_task(_verify(run, actor), name="audit verify")
        session.kernel(request).tasks.append(run.task)
    return RedirectResponse("/admin/audit", status_code=303)


async def _verify(run: Run, actor: Actor) -> None:
    def tell(what: str, done: int, total: int) -> None:
        run.what, run.done, run.total = what, done, total

    try:
        report = await proving.verify(progress=tell)
    except Exception:
        run.failed = True
        raise
    await note_run(report, actor=actor.id)


async def to_search(request: Request) -> Response:
    """A bookmark of a search, or its reload in another tab: the search is posted, so only its page is there."""
    auditing.check_auditor(staff(request))
    return RedirectResponse("/admin/audit#h-reads", status_code=303)


async def reads(request: Request) -> Response:
    """A search by number, account or case; posted, so that no number stands in an address."""
    actor = staff(request)
    auditing.check_auditor(actor)
    form = session.form_data(request)
    said = {name: str(form.get(name) or "").strip()[:64] for name in ("number", "account", "reference", "after")}
    if not any(said[name] for name in ("number", "account", "reference")):
        return await _page(request, actor, said=said, missing=True, status=422)
    known = await office_access.id_by_login(said["account"]) if said["account"] else None
    page = await auditing.reads(
        session.kernel(request),
        actor,
        number=said["number"],
        account=known or said["account"],
        reference=said["reference"],
        after=said["after"],
    )
    ids = [line.actor for line in page.lines]
    names, posts = await office_access.names(ids), await office_access.posts(ids)
    return await _page(request, actor, said=said, found=page, names=names, posts=posts)


async def _page(request: Request, actor: Actor, *, before: str = "", status: int = 200, **more: Any) -> Response:
    before = before if len(before) == 10 and before.replace("-", "").isdigit() else ""
    catalog, language = session.kernel(request).catalog, request.state.language
    items, sources = catalog.items, catalog.sources
    context = {
        "runs": await auditing.runs(actor),
        "run": _run(request),
        "roots": await auditing.roots(actor, before),
        "said": {"number": "", "account": "", "reference": "", "after": ""},
        "missing": False,
        "found": None,
        "names": {},
        "posts": {},
        "kinds": citizen_words.READS,
        "ends": citizen_words.READ_ENDS,
        "item_title": lambda id: said_in.title(items[id], language) if id in items else "",
        "source_title": lambda id: sources[id].title if id in sources else "",
        **more,
    }
    return rendering.page(request, "admin/audit.html", framed(request, actor, context), status=status, private=True)
