"""`/drafts/{id}`: step 3, check and fill in; then save, ask again, or file. A form of several pages starts here.

Knows the form on one page; its pages one by one are `ask`'s.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases.draft_view import DraftView
from core.contract import Actor, Problem
from core.kernel import Kernel
from core.web.rendering import page
from forms.pages.again import MORE, PAPERS, READY, WRONG, again, aside, beside, flags, leave, left
from forms.pages.called_for import called_for
from forms.pages.correction import correction_of
from forms.pages.posting import (
    as_sent,
    differences,
    file,
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
from forms.pages.sheet import sheet, started
from forms.pages.skeleton import draft_page, is_plain
from forms.pages.steps import may_have_way, way_through


@of_draft
async def draft(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    if may_have_way(request, core, found):
        way, view = way_through(request, core, found)
        if way and view.refusal and request.scope["query_string"] != b"still":
            return page(request, "forms/refused.html", {"view": view}, private=True)
        if way:
            language = request.state.language
            untouched = way.steps[0] if found.answers == started(core, found.item) else None
            step = way.unfinished(wrong(core, found, language)) or untouched
            return RedirectResponse(step.href(found.id) if step else f"/drafts/{found.id}/check", status_code=303)
    if here := beside(request, found):
        return show(request, core, here.draft, problems=here.problems, raw=here.raw, status=409, saved=found,
                    left_out=here.files)  # fmt: skip
    problems = left(request, core, found)
    return show(request, core, found, problems=problems, raw=found.shown, status=422 if problems else 200)


def show(
    request: Request,
    core: Kernel,
    found: DraftView,
    *,
    problems: Sequence[Problem] = (),
    raw: Mapping[str, str] | None = None,
    status: int = 200,
    saved: DraftView | None = None,
    left_out: Sequence[str] = (),
) -> Response:
    """`saved`: what is kept, where `found` is a stale page's and differs from it."""
    state = request.scope["state"]
    view = sheet(core, found, language=state["language"], problems=problems, raw=raw)
    said = flags(request)
    if status == 200 and not said & {MORE, PAPERS, READY, "removed"} and is_plain(view):
        return draft_page(request, view, saved="saved" in said)
    context = {
        "view": view,
        "problems": problems,
        "saved": "saved" in said,
        "removed": "removed" in said,
        "more": MORE in said,
        "papers": PAPERS in said,
        "ready": READY in said,
        "changed": differences(core, saved, found, state["language"]) if saved else (),
        "stale": saved is not None,
        "left_out": left_out,
        "correction": correction_of(core, saved or found, state["language"]),
    }
    return page(request, "forms/draft.html", context, status=status, private=True)


@of_draft
async def draft_post(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    posted = posted_of(request)
    action = posted.get("action")
    language = request.state.language
    got = written(core, found, posted, language)
    reading = got.reading
    here = f"/drafts/{found.id}"
    if got.clash and action == "part":
        # Nothing is saved: the questions as this page has them, and the revision it came from: told when it goes on.
        view = sheet(core, as_sent(got.draft, posted), language=language, problems=reading.lost, raw=reading.raw)
        return page(request, "forms/part.html", {"view": view, "step": None}, private=True)
    if got.clash:
        return await aside(found, got, here, posted)
    newer, spoilt = await with_files(core, got.draft, posted, language)
    if spoilt:
        problems = [*spoilt, *reading.problems]
        return await again(await keep(core, newer), here, WRONG, problems=problems, raw=reading.raw)
    if action == "file" and not reading.action and not reading.problems:

        async def refused(kept: DraftView, problems: list[Problem]) -> Response:
            wanting = settled(core, found, kept, problems)
            said = WRONG if wanting else MORE
            return await again(kept, here, said, problems=wanting, raw=reading.raw)

        if newer.of is None:
            if called_for(core, found, newer) and not wrong(core, newer, language):
                # The page had no place for them: whoever has them at hand is not sent away to bring them later.
                return await again(await keep(core, newer), here, PAPERS)
            return await file(request, core, actor, newer, refused)
        # A correction is sent from the page that shows what it changes.
        kept = await keep(core, newer)
        problems = wrong(core, kept, language)
        return await refused(kept, problems) if problems else RedirectResponse(f"{here}/check", status_code=303)
    if "_drop" in posted:
        await without_file(core, newer, posted["_drop"])
        return RedirectResponse(f"{here}?removed#materials", status_code=303)
    kept = await keep(core, newer, again=action == "again")
    if action == "part":
        problems = [*reading.lost, *told_before(core, kept, posted, language)]
        view = sheet(core, kept, language=language, problems=problems, raw=reading.raw)
        return page(request, "forms/part.html", {"view": view, "step": None}, private=True)
    if reading.action:
        # A button of the form itself: the page again, with what it changed in place and what it told before.
        still = [*reading.lost, *told_before(core, kept, posted, language)]
        return await again(kept, here, WRONG if still else "", problems=still, raw=reading.raw)
    if action == "check":
        # Enter in a field: all that filing would say, and nothing is filed.
        all_wrong = wrong(core, kept, language)
        wanting = reading.told(settled(core, found, kept, all_wrong))
        said = WRONG if wanting else MORE if all_wrong else READY
        return await again(kept, here, said, problems=wanting, raw=reading.raw)
    if reading.problems:
        # Saved but for what could not be taken, which the applicant has to hear of before he leaves.
        problems = reading.told(settled(core, found, kept, wrong(core, kept, language)) if action == "file" else ())
        return await again(kept, here, WRONG, problems=problems, raw=reading.raw)
    if action == "code":
        return RedirectResponse(f"{here}/code", status_code=303)
    return await leave(kept, posted, raw=reading.raw) or await again(kept, here, "saved", raw=reading.raw)
