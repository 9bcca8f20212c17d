"""`/drafts/{id}`: step 3, check and fill in; then save, ask again, or file.

Knows the post's few names of its own (`_…`, `action`); those of the fields belong to the form engine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases import access, actions
from core.cases.nouns import DraftView, Receipt
from core.contract import Actor, Problem
from core.errors import Conflict, NotFound, Unprocessable
from core.kernel import Kernel
from core.web import session
from core.web.rendering import page
from core.web.session import form_data, kernel
from forms.pages.receipt import hand_over
from forms.pages.sheet import asks_by_answers, form_of, sheet

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
    status: int = 200,
) -> Response:
    view = sheet(core, found, language=request.state.language, problems=problems)
    context = {"view": view, "problems": problems, "saved": "saved" in request.query_params}
    return page(request, "forms/draft.html", context, status=status, private=True)


async def draft_post(request: Request) -> Response:
    core, actor = kernel(request), session.actor(request)
    try:
        found = await access.draft(core, actor, request.path_params["id"])
    except NotFound as error:
        return await already_filed(request, core, actor, error)
    posted = form_data(request)
    if str(posted.get("_revision")) != str(found.revision):
        raise Conflict("这份申请已在别处更改，请查看最新内容后再继续。", code="stale")
    newer = written(found, posted)
    uploads = [
        (key[len(FILE_FIELD) :], one)
        for key, one in posted.multi_items()
        if key.startswith(FILE_FIELD) and isinstance(one, UploadFile) and one.filename
    ]
    if posted.get("action") == "file" and not uploads:
        return await file(request, core, found, newer, actor)
    saved = await save(core, found, newer)
    try:
        for material, upload in uploads:
            saved = await actions.add_file(core, saved, material, upload.filename or "", await upload.read())
    except Unprocessable as error:
        return show(request, core, await access.draft(core, actor, found.id), problems=error.problems, status=422)
    if posted.get("action") == "file":
        return await file(request, core, saved, saved, actor)
    if posted.get("action") == "again" or asks_by_answers(saved.item):
        await actions.ask_again(core, saved, actor=actor)
    return RedirectResponse(f"/drafts/{found.id}?saved", status_code=303)


def written(found: DraftView, posted: FormData) -> DraftView:
    """The draft with what this post wrote. A name the form does not know, or holds itself, is ignored and counted."""
    pairs = [(key, one) for key, one in posted.multi_items() if isinstance(one, str) and key not in OURS]
    reading = form_of(found.item).read(pairs, filling=found.filling)
    materials = {one.id for one in found.item.materials}
    return replace(
        found,
        answers=reading.answers,
        promises=tuple(one for one in posted.getlist("_promise") if isinstance(one, str) and one in materials),
        ignored=found.ignored + len(reading.unknown),
    )


async def save(core: Kernel, found: DraftView, newer: DraftView) -> DraftView:
    return await actions.save_draft(
        core,
        found,
        answers=newer.answers,
        revision=found.revision,
        promises=newer.promises,
        disputed=newer.disputed,
        ignored=newer.ignored - found.ignored,
    )


async def file(request: Request, core: Kernel, found: DraftView, newer: DraftView, actor: Actor) -> Response:
    """File what was posted. What is not filed is saved, and shown with everything that keeps it back."""
    try:
        receipt: Receipt = await actions.file_draft(core, newer, actor=actor)
    except Unprocessable as error:
        saved = found if newer is found else await save(core, found, newer)
        return show(request, core, saved, problems=error.problems, status=422)
    response = RedirectResponse(f"/cases/{receipt.no}", status_code=303)
    if receipt.tracking_code:
        hand_over(request, response, receipt.no, receipt.tracking_code)
    return response
