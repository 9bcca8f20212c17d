"""What a post to a draft wrote: read, put onto the draft, saved; and whether the draft has moved on meanwhile.

Knows the post's few names of its own (`_…`, `action`); those of the fields belong to the form engine.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases import access, actions
from core.cases.draft_view import DraftView
from core.cases.files import is_proof
from core.contract import Actor, Problem
from core.errors import Conflict, NotFound, RequestError, TooLarge, Unprocessable
from core.judge.filling import apply
from core.judge.opening import not_open
from core.judge.schema import parts_of
from core.judge.verdict import answer_problems, prepared
from core.kernel import Kernel
from core.web import session
from core.web.rendering import page
from core.web.session import form_data, kernel
from forms.engine.reader import Reading
from forms.engine.review import Line
from forms.pages.applicant import as_registered
from forms.pages.correction import spoken
from forms.pages.receipt import hand_over
from forms.pages.said import speak, title
from forms.pages.sheet import asks_by_answers, form_of
from forms.pages.uploading import FILE_FIELD, of_file, uploads

OURS = frozenset(
    {"_csrf", "_revision", "_promise", "_offered", "_was", "_told", "_to", "_drop", "_aside", "_go", "action"}
)

Handler = Callable[[Request, Kernel, Actor, DraftView], Awaitable[Response]]


def of_draft(handler: Handler) -> Callable[[Request], Awaitable[Response]]:
    """An endpoint of a draft's own page. A draft that is a case by now leads to its receipt; one that is no more, to a
    page that says so. A write that came second is tried once more on what the first one left."""

    async def endpoint(request: Request) -> Response:
        core, actor = kernel(request), session.actor(request)
        for last in (False, True):
            try:
                found = await access.draft(core, actor, request.path_params["id"])
            except NotFound as error:
                return await gone(request, core, actor, error)
            speak(request, found.item)
            try:
                return await handler(request, core, actor, found)
            except Conflict as error:
                if error.code != "stale" or last:
                    raise
        raise AssertionError("the second round returns or raises")

    return endpoint


async def gone(request: Request, core: Kernel, actor: Actor, error: NotFound) -> Response:
    """The second click and the bookmark of a draft that is long a case; one that has expired; one that never was."""
    if error.code == "filed":
        receipt = await access.receipt_of(core, actor, request.path_params["id"])
        if receipt is not None:
            return RedirectResponse(f"/cases/{receipt.no}", status_code=303)
    if error.code in ("corrected", "moved-on"):
        no = await access.corrected_by(actor, request.path_params["id"])
        if no is not None:
            return await to_case(core, actor, no, overtaken=error.code == "moved-on")
    expired = error.code == "draft-expired"
    id = await access.item_of_draft(actor, request.path_params["id"]) if expired else None
    item = core.catalog.items.get(id or "")
    context = {
        "expired": expired,
        "days": core.settings.draft_days,
        "item": item.id if item else "",
        "title": title(item, request.state.language) if item else "",
    }
    return page(request, "forms/gone.html", context, status=404, private=True)


@dataclass(frozen=True, slots=True)
class Written:
    """One post, put onto the draft as it is now, not yet saved."""

    draft: DraftView
    reading: Reading
    clash: bool
    """The draft was changed elsewhere since this page was made, and what was written here differs from that."""


def was(draft: DraftView, names: Sequence[str]) -> str:
    """A mark of what some questions hold: a page whose own questions nobody else touched is not stale."""
    held = json.dumps([draft.answers.get(name) for name in names], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(held.encode()).hexdigest()[:16]


def written(
    core: Kernel, found: DraftView, posted: FormData, language: str, names: Sequence[str] | None = None
) -> Written:
    """`names`: the questions of the one page that was posted; None for the whole form. A name the form
    holds itself is ignored and counted. Raises RequestError for one that is no question of it."""
    pairs = [
        (key, one)
        for key, one in posted.multi_items()
        if isinstance(one, str) and key not in OURS and not key.startswith(FILE_FIELD)
    ]
    known = None if names is None else {key: one for key, one in found.answers.items() if key not in names}
    reading = form_of(core, found.item).read(pairs, filling=found.filling, known=known, language=language)
    strange = [*reading.strange, *_stray_files(posted)]
    if strange:
        raise RequestError("A name that is no question of the form.", code="unknown-name", what=strange[0])
    ticked = [one for one in posted.getlist("_promise") if isinstance(one, str)]
    promises, disputed, claims = ticked, sorted(reading.wrong), dict(reading.claims)
    if names is not None:
        offered = posted.getlist("_offered")
        promises = [*(one for one in found.promises if one not in offered), *ticked]
        disputed = sorted({*(at for at in found.disputed if parts_of(at)[0] not in names), *disputed})
        claims = {**{at: one for at, one in found.claims.items() if parts_of(at)[0] not in names}, **claims}
    edited = actions.edit_draft(
        found,
        answers=reading.onto(found.answers),
        revision=found.revision,
        promises=promises,
        disputed=disputed,
        claims=claims,
        ignored=len(reading.unknown),
    )
    edited = replace(edited, told=(), shown={}, aside={} if "_aside" in posted else found.aside)
    clash = _revision(posted) != found.revision and not _same(edited, found)
    if clash and names is not None and posted.get("_was") == was(found, names):
        clash = False
    return Written(edited, reading, clash)


def _stray_files(posted: FormData) -> list[str]:
    """Files under names that take none: a form has no questions that a file answers, files are materials."""
    return [
        key
        for key, one in posted.multi_items()
        if isinstance(one, UploadFile) and one.filename and not key.startswith(FILE_FIELD)
    ]


def as_sent(draft: DraftView, posted: FormData) -> DraftView:
    """The draft under the revision that the page was made from, so that the page stays as stale as it is."""
    return replace(draft, revision=_revision(posted))


def _revision(posted: FormData) -> int:
    """The one the page was made from; -1 for what no page of ours sends."""
    text = str(posted.get("_revision") or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else -1


def _same(one: DraftView, other: DraftView) -> bool:
    return (
        one.answers == other.answers
        and one.claims == other.claims
        and set(one.promises) == set(other.promises)
        and set(one.disputed) == set(other.disputed)
    )


async def with_files(
    core: Kernel, draft: DraftView, posted: FormData, language: str
) -> tuple[DraftView, list[Problem]]:
    """The draft with the files of this post, saved, and why some were not taken (`at` is the material's own line)."""
    problems = []
    for material, upload in uploads(posted):
        await upload.seek(0)  # a write that came second reads it twice: see `of_draft`
        try:
            draft = await actions.add_file(core, draft, material, upload.filename or "", await upload.read())
        except (Unprocessable, TooLarge) as error:
            problems.append(Problem(_place(material), "file", of_file(error, upload, language)))
    return draft, problems


def _place(material: str) -> str:
    """Where the page says what is wrong with a file: at the material's line, or at the value it is to disprove."""
    return material if is_proof(material) else f"material-{material}"


async def without_file(core: Kernel, draft: DraftView, dropped: object) -> DraftView:
    """The draft without the file that a 移除 button names as `material/digest`, saved. One that is gone is no error:
    the button may have been pressed twice."""
    material, _, digest = str(dropped).rpartition("/")
    return await actions.remove_file(core, await keep(core, draft), material, digest)


async def keep(core: Kernel, newer: DraftView, *, again: bool = False) -> DraftView:
    """Save; and ask the sources where that was wished, or where the answers may call for another lookup."""
    if again or asks_by_answers(newer.item):
        return await actions.ask_again(core, newer)
    return await actions.keep_draft(newer) if newer.unsaved else newer


async def file(
    request: Request,
    core: Kernel,
    actor: Actor,
    newer: DraftView,
    refused: Callable[[DraftView, list[Problem]], Awaitable[Response]],
) -> Response:
    """File the draft. What cannot be filed is kept, and shown by `refused` with everything that keeps it back."""
    if newer.of is not None:
        return await _send(request, core, actor, newer, refused)
    newer = replace(newer, applicant=as_registered(newer.applicant, newer.item, newer.evidence))
    try:
        receipt = await actions.file_draft(core, newer, actor=actor)
    except Unprocessable as error:
        kept = await access.draft(core, actor, newer.id)
        return await refused(kept, told(core, kept, error.problems, request.state.language))
    response = RedirectResponse(f"/cases/{receipt.no}", status_code=303)
    if receipt.tracking_code:
        hand_over(request, response, receipt.no, receipt.tracking_code)
    return response


async def _send(
    request: Request,
    core: Kernel,
    actor: Actor,
    newer: DraftView,
    refused: Callable[[DraftView, list[Problem]], Awaitable[Response]],
) -> Response:
    """As `file`, of a draft that corrects a case."""
    because = str(posted_of(request).get("because") or "")
    try:
        no = await actions.send_correction(core, newer, actor=actor, because=because)
    except Unprocessable as error:
        kept = await access.draft(core, actor, newer.id)
        return await refused(kept, told(core, kept, error.problems, request.state.language))
    return await to_case(core, actor, no)


async def to_case(core: Kernel, actor: Actor, no: str, *, overtaken: bool = False) -> Response:
    """To the corrected case; a counter that only had its draft goes back to where it takes the next one."""
    if await access.may_read(core, actor, no):
        return RedirectResponse(f"/cases/{no}" + ("?overtaken" if overtaken else ""), status_code=303)
    return RedirectResponse("/admin/resume?" + ("overtaken" if overtaken else "corrected"), status_code=303)


def wrong(core: Kernel, draft: DraftView, language: str) -> list[Problem]:
    """Everything that filing would say of the answers as they are."""
    facts, filling = prepared(draft.item, draft.facts, draft.claims)
    return told(core, draft, answer_problems(draft.item, facts, filling), language)


def told(core: Kernel, draft: DraftView, problems: Sequence[Problem], language: str) -> list[Problem]:
    """The problems in the reader's language: filing speaks Chinese, and the form knows the same ones in others. So it
    does when the reader has changed his language since they were told."""
    if not problems:
        return []
    texts = (draft.item.bundle.get("texts") or {}).get(language)
    facts, filling = prepared(draft.item, draft.facts, draft.claims)
    known = [
        *answer_problems(draft.item, facts, filling, language),
        *not_open(core.newest(draft.item), core.today(), language),
        *form_of(core, draft.item).problems(
            apply(draft.filling, draft.answers), language, filling=draft.filling, texts=texts
        ),
    ]
    words = {(one.at, one.keyword): one for one in known}
    return spoken(draft, [words.get((one.at, one.keyword), one) for one in problems], language)


def settled(core: Kernel, before: DraftView, after: DraftView, problems: Sequence[Problem]) -> list[Problem]:
    """Without those of questions that these very answers brought up: they are asked now, they are not wrong."""
    if before.answers == after.answers:
        return list(problems)
    form = form_of(core, before.item)
    fresh = form.places(after.answers, filling=after.filling) - form.places(before.answers, filling=before.filling)
    return [one for one in problems if not (one.keyword == "required" and one.at in fresh)]


@dataclass(frozen=True, slots=True)
class Difference:
    """One answer that was changed elsewhere while this page lay open."""

    title: str
    saved: str
    here: str


def differences(core: Kernel, saved: DraftView, here: DraftView, language: str) -> list[Difference]:
    texts = (saved.item.bundle.get("texts") or {}).get(language)
    form = form_of(core, saved.item)

    def lines(draft: DraftView) -> dict[str, Line]:
        found = form.lines(draft.answers, language, texts=texts, areas=core.office.areas)
        return {one.at: one for one in found if one.words}

    old, new = lines(saved), lines(here)
    found = []
    for at, line in {**old, **new}.items():
        before, after = (group[at].words if at in group else "" for group in (old, new))
        if before != after:
            found.append(Difference(line.title, before, after))
    return found


def posted_of(request: Request) -> FormData:
    return form_data(request)


def told_before(core: Kernel, draft: DraftView, posted: FormData, language: str) -> list[Problem]:
    """Of what is wrong now, what the page had told already: a change on it brings up no new error."""
    told_at = {one for one in posted.getlist("_told") if isinstance(one, str)}
    return [one for one in wrong(core, draft, language) if one.at in told_at] if told_at else []
