"""`/drafts/{id}/ask/{question}` and `/drafts/{id}/papers/{material}`: one page of a form that has several.

Each page is saved when it is left, whatever way; only 下一步 wants it to be right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases.draft_view import DraftView
from core.contract import Actor, Problem
from core.kernel import Kernel
from core.web.rendering import page
from forms.pages.again import MORE, WRONG, again, aside, beside, flags, leave, left
from forms.pages.correction import correction_of
from forms.pages.posting import (
    Written,
    as_sent,
    differences,
    keep,
    of_draft,
    posted_of,
    settled,
    told_before,
    with_files,
    without_file,
    written,
    wrong,
)
from forms.pages.sheet import sheet
from forms.pages.steps import step_view, way_through
from forms.pages.way import ASK, PAPERS, Step, Way

CHECK = "check"


@of_draft
async def ask(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    way, _ = way_through(request, core, found)
    step = _step(request, way)
    if step is None:
        return _elsewhere(request, found, way)
    first = way.unfinished(wrong(core, found, request.state.language))
    if first is not None and way.steps.index(first) < way.steps.index(step):
        return RedirectResponse(f"{first.href(found.id)}?first", status_code=303)
    if here := beside(request, found, step.names if step.kind == ASK else ()):
        return show(request, core, here.draft, way, step, problems=here.problems, raw=here.raw, status=409, saved=found,
                    left_out=here.files)  # fmt: skip
    problems = left(request, core, found)
    status = 422 if problems else 200
    return show(request, core, found, way, step, problems=problems, raw=found.shown, status=status)


def _step(request: Request, way: Way) -> Step | None:
    kind = PAPERS if request.url.path.startswith(f"/drafts/{request.path_params['id']}/papers/") else ASK
    return way.find(kind, request.path_params["name"])


def _elsewhere(request: Request, found: DraftView, way: Way) -> Response:
    """The question is on no page now: the form is one page in this size, or an answer took the question away."""
    name = quote(request.path_params["name"], safe="")
    return RedirectResponse(f"/drafts/{found.id}" if way else f"/drafts/{found.id}#/{name}", status_code=303)


def show(
    request: Request,
    core: Kernel,
    found: DraftView,
    way: Way,
    step: Step,
    *,
    problems: Sequence[Problem] = (),
    raw: Mapping[str, str] | None = None,
    status: int = 200,
    saved: DraftView | None = None,
    left_out: Sequence[str] = (),
    template: str = "forms/ask.html",
) -> Response:
    """`saved`: what is kept, where `found` is a stale page's and differs."""
    language = request.state.language
    only = step.names if step.kind == ASK else ()
    view = sheet(core, found, language=language, problems=problems, raw=raw, only=only)
    said = flags(request)
    context = {
        "view": view,
        "step": step_view(way, step, saved or found, view),
        "problems": problems,
        "note": next((one for one in ("saved", "first", "removed") if one in said), ""),
        "to": CHECK if CHECK in said or posted_of(request).get("_to") == CHECK else "",
        "more": MORE in said,
        "changed": differences(core, saved, found, language) if saved else (),
        "stale": saved is not None,
        "left_out": left_out,
        "correction": correction_of(core, saved or found, language),
    }
    return page(request, template, context, status=status, private=True)


@of_draft
async def ask_post(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    way, _ = way_through(request, core, found)
    step = _step(request, way)
    posted = posted_of(request)
    # A page that is no more was still filled in by somebody: what he wrote is kept, and shown where it belongs now.
    names = step.names if step is not None and step.kind == ASK else () if step else None
    got = written(core, found, posted, request.state.language, names)
    reading = got.reading
    if step is None:
        return await _kept_elsewhere(request, core, found, got, way)
    action = posted.get("action")
    if got.clash and action == "part":
        # Nothing is saved: the questions as this page has them, and the revision it came from: told when it goes on.
        view = as_sent(got.draft, posted)
        return show(request, core, view, way, step, problems=reading.lost, raw=reading.raw, template="forms/part.html")
    if got.clash:
        return await aside(found, got, step.href(found.id), posted, _to(posted))
    newer, spoilt = await with_files(core, got.draft, posted, request.state.language)
    if spoilt:
        kept = await keep(core, newer)
        problems = [*spoilt, *reading.problems]
        return await again(kept, step.href(kept.id), WRONG, _to(posted), problems=problems, raw=reading.raw)
    if "_drop" in posted:
        await without_file(core, newer, posted["_drop"])
        return RedirectResponse(f"{step.href(found.id)}?removed", status_code=303)
    kept = await keep(core, newer, again=action == "again")
    return await after(request, core, found, kept, got, step, str(action or ""))


async def _kept_elsewhere(request: Request, core: Kernel, found: DraftView, got: Written, way: Way) -> Response:
    if not got.clash:
        newer, _ = await with_files(core, got.draft, posted_of(request), request.state.language)
        await keep(core, newer)
    return _elsewhere(request, found, way)


def _to(posted: FormData) -> str:
    """`check` where the page was come to from there: it leads back there."""
    return CHECK if posted.get("_to") == CHECK else ""


async def after(
    request: Request, core: Kernel, before: DraftView, kept: DraftView, got: Written, old: Step, action: str
) -> Response:
    """Where to go on, once the page is saved; the answers may have brought pages or taken them away."""
    language = request.state.language
    posted, reading = posted_of(request), got.reading
    way, _ = way_through(request, core, kept)
    step = way.find(old.kind, old.names[0]) or next(
        (found for name in old.names if (found := way.find(old.kind, name))), None
    )
    if step is None:
        return RedirectResponse(f"/drafts/{kept.id}", status_code=303)
    here = step.href(kept.id)
    if action == "part":
        told = [*reading.lost, *told_before(core, kept, posted, language)]
        return show(request, core, kept, way, step, problems=told, raw=reading.raw, template="forms/part.html")
    if reading.action:
        still = [*reading.lost, *told_before(core, kept, posted, language)]
        return await again(kept, here, WRONG if still else "", _to(posted), problems=still, raw=reading.raw)
    if action == "back":
        previous = way.before(step)
        return RedirectResponse(previous.href(kept.id) if previous else here, status_code=303)
    if (action in ("save", "again", "code") or "_go" in posted) and reading.problems:
        # Saved but for what could not be taken, which the applicant has to hear of before he leaves.
        return await again(kept, here, WRONG, _to(posted), problems=reading.problems, raw=reading.raw)
    if away := await leave(kept, posted, raw=reading.raw):
        return away
    if action == "save":
        return await again(kept, here, "saved", raw=reading.raw)
    if action == "code":
        return RedirectResponse(f"/drafts/{kept.id}/code", status_code=303)
    if action == "again":
        return RedirectResponse(here, status_code=303)
    all_wrong = wrong(core, kept, language)
    here_wrong = [one for one in all_wrong if way.of(one) == step] if step.kind == ASK else []
    wanting = reading.told(settled(core, before, kept, here_wrong))
    if wanting:
        return await again(kept, here, WRONG, _to(posted), problems=wanting, raw=reading.raw)
    if here_wrong or (step.kind == ASK and set(step.names) - set(old.names)):
        # The answers brought up a question on this very page: it is asked before one goes on.
        return await again(kept, here, MORE, _to(posted), raw=reading.raw)
    following = way.after(step)
    if posted.get("_to") == CHECK:
        following = way.unfinished(all_wrong)
    return RedirectResponse(following.href(kept.id) if following else f"/drafts/{kept.id}/check", status_code=303)
