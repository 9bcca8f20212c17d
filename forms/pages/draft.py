"""`/drafts/{id}`: step 3, check and fill in; then save, ask again, or file.

Knows the post's few names of its own (`_…`, `action`); those of the fields belong to the form engine.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases import access, actions
from core.cases.nouns import DraftView
from core.contract import Actor, Problem
from core.errors import NotFound, Unprocessable
from core.judge.filling import apply
from core.kernel import Kernel
from core.web import session
from core.web.rendering import page
from core.web.session import form_data, kernel
from forms.engine.reader import Reading
from forms.pages.applicant import as_registered
from forms.pages.receipt import hand_over
from forms.pages.sheet import asks_by_answers, form_of, sheet
from forms.pages.skeleton import draft_page, is_plain

FILE_FIELD = "_material/"
OURS = frozenset({"_csrf", "_revision", "_promise", "action"})


async def draft(request: Request) -> Response:
    core, actor = kernel(request), session.actor(request)
    try:
        found = await access.draft(core, actor, request.path_params["id"])
    except NotFound as error:
        return await already_filed(request, core, actor, error)
    return show(request, core, found)


async def already_filed(request: Request, core: Kernel, actor: Actor, error: NotFound) -> Response:
    """The second click, and the bookmark of a draft that is long a case."""
    receipt = await access.receipt_of(core, actor, request.path_params["id"]) if error.code == "filed" else None
    if receipt is None:
        raise error
    return RedirectResponse(f"/cases/{receipt.no}", status_code=303)


def show(
    request: Request,
    core: Kernel,
    found: DraftView,
    *,
    problems: Sequence[Problem] = (),
    raw: Mapping[str, str] | None = None,
    status: int = 200,
) -> Response:
    view = sheet(core, found, language=request.scope["state"]["language"], problems=problems, raw=raw)
    saved = request.scope["query_string"] == b"saved"
    if status == 200 and is_plain(view):
        return draft_page(request, view, saved=saved)
    context = {"view": view, "problems": problems, "saved": saved}
    return page(request, "forms/draft.html", context, status=status, private=True)


async def draft_post(request: Request) -> Response:
    core, actor = kernel(request), session.actor(request)
    try:
        found = await access.draft(core, actor, request.path_params["id"])
    except NotFound as error:
        return await already_filed(request, core, actor, error)
    posted = form_data(request)
    newer, reading = written(core, found, posted)
    uploads = [
        (key[len(FILE_FIELD) :], one)
        for key, one in posted.multi_items()
        if key.startswith(FILE_FIELD) and isinstance(one, UploadFile) and one.filename
    ]
    for material, upload in uploads:
        try:
            newer = await actions.add_file(core, newer, material, upload.filename or "", await upload.read())
        except Unprocessable as error:
            kept = await actions.ask_again(core, newer)
            here = [replace(problem, at=f"material-{material}") for problem in error.problems]
            return show(request, core, kept, problems=here, status=422)
    if posted.get("action") == "file" and not reading.action:
        return await file(request, core, newer, actor)
    kept = await keep(core, found, newer, again=posted.get("action") == "again")
    if reading.action:
        # A button of the form itself: the page again, with what it changed in place.
        return show(request, core, kept, raw=reading.raw)
    return RedirectResponse(f"/drafts/{found.id}?saved", status_code=303)


def written(core: Kernel, found: DraftView, posted: FormData) -> tuple[DraftView, Reading]:
    """The draft with what this post wrote. A name the form does not know, or holds itself, is ignored and counted."""
    pairs = [
        (key, one)
        for key, one in posted.multi_items()
        if isinstance(one, str) and key not in OURS and not key.startswith(FILE_FIELD)
    ]
    reading = form_of(core, found.item).read(pairs, filling=found.filling)
    revision = str(posted.get("_revision") or "")
    edited = actions.edit_draft(
        found,
        answers=reading.onto(found.answers),
        revision=int(revision) if revision.isascii() and revision.isdigit() and len(revision) < 10 else -1,
        promises=[one for one in posted.getlist("_promise") if isinstance(one, str)],
        disputed=sorted(reading.wrong),
        ignored=len(reading.unknown),
    )
    return edited, reading


async def keep(core: Kernel, found: DraftView, newer: DraftView, *, again: bool) -> DraftView:
    """Save; and ask the sources where that was wished, or where the answers may call for another lookup."""
    if again or asks_by_answers(newer.item):
        return await actions.ask_again(core, newer)
    if not newer.unsaved:
        return newer
    return await actions.save_draft(
        core,
        found,
        answers=newer.answers,
        revision=found.revision,
        promises=newer.promises,
        disputed=newer.disputed,
        ignored=newer.ignored - found.ignored,
    )


async def file(request: Request, core: Kernel, newer: DraftView, actor: Actor) -> Response:
    """File what was posted. What cannot be filed is kept, and shown with everything that keeps it back."""
    newer = replace(newer, applicant=as_registered(newer.applicant, newer.item, newer.evidence))
    try:
        receipt = await actions.file_draft(core, newer, actor=actor)
    except Unprocessable as error:
        kept = await access.draft(core, actor, newer.id)
        problems = told(core, kept, error.problems, request.state.language)
        return show(request, core, kept, problems=problems, status=422)
    response = RedirectResponse(f"/cases/{receipt.no}", status_code=303)
    if receipt.tracking_code:
        hand_over(request, response, receipt.no, receipt.tracking_code)
    return response


def told(core: Kernel, draft: DraftView, problems: Sequence[Problem], language: str) -> list[Problem]:
    """The problems in the reader's language: filing speaks Chinese, and the form knows the same ones in others."""
    if language == "zh":
        return list(problems)
    texts = (draft.item.bundle.get("texts") or {}).get(language)
    answers = apply(draft.filling, draft.answers)
    known = form_of(core, draft.item).problems(answers, language, filling=draft.filling, texts=texts)
    words = {(one.at, one.keyword): one for one in known}
    return [words.get((one.at, one.keyword), one) for one in problems]
