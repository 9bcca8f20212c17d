"""Making a move from the desk: one post, one move, and the newer state for whoever came second.

Knows the forms of `case.html`; whether a move is allowed is judged in `core.cases.actions` alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin import findings, words
from admin.desk import case_page, staff
from core.cases import access, actions
from core.cases.case_view import CaseView
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, NotFound, RequestError, TooLarge, Unavailable, Unprocessable
from core.kernel import Kernel
from core.web import rendering, session
from core.web.posted import revision_in
from forms.pages.correction import UNSENT, unsent

_KEPT = (
    "because",
    "basis",
    "conditions",
    "part",
    "amount",
    "outcome",
    "material",
    "kind",
    "until",
    "opinion",
    "step",
    "method",
    "note",
    "collector",
    "days",
    "thing",
    "receipt",
    "on",
    "sum",
    "together",
    "measure",
    "result",
    "results",
    "checked",
)
"""Fields that are shown again when a move could not be made."""


_RESULT = "result/"
"""Before the key of each further result that is granted; `results` says that the form asked."""
_CHECKED = "checked/"
"""Before the id of each material whose paper was looked at with the approval."""


class Said(dict[str, str]):
    """A post's fields, the last of each name; `pairs` are those of questions, where a name may come often."""

    def __init__(self, items: Iterable[tuple[str, Any]]) -> None:
        texts = [(name, value) for name, value in items if isinstance(value, str)]
        super().__init__(texts)
        self.pairs = [(name, value) for name, value in texts if findings.is_question(name)]


Maker = Callable[[Kernel, str, Actor, int, Mapping[str, str]], Awaitable[CaseView]]


def _as_said(move: Callable[..., Awaitable[CaseView]], *fields: str) -> Maker:
    """A move that takes these fields of the post as they were written; one that is not there is empty."""

    async def made(kernel: Kernel, no: str, actor: Actor, revision: int, said: Mapping[str, str]) -> CaseView:
        texts = {name: said.get(name, "") for name in fields}
        return await move(kernel, no, actor=actor, revision=revision, **texts)

    return made


async def _decide(kernel: Kernel, no: str, actor: Actor, revision: int, said: Mapping[str, str]) -> CaseView:
    return await actions.decide(
        kernel,
        no,
        actor=actor,
        outcome=said.get("outcome", ""),
        because=said.get("because", ""),
        basis=said.get("basis") or None,
        conditions=said.get("conditions", "").splitlines(),
        part=said.get("part", ""),
        amount=said.get("amount", ""),
        results=[name.removeprefix(_RESULT) for name in said if name.startswith(_RESULT)]
        if "results" in said
        else None,
        measure=said.get("measure", ""),
        ground=said.get("ground", ""),
        checked=[name.removeprefix(_CHECKED) for name in said if name.startswith(_CHECKED)],
        revision=revision,
    )


async def _ask_correction(kernel: Kernel, no: str, actor: Actor, revision: int, said: Mapping[str, str]) -> CaseView:
    """All that is missing at once: each material's own line, and one for the form."""
    wanted = {
        name.removeprefix("wanted/"): text for name, text in said.items() if name.startswith("wanted/") and text.strip()
    }
    return await actions.ask_correction(kernel, no, actor=actor, wanted=wanted, revision=revision)


async def _finish_step(kernel: Kernel, no: str, actor: Actor, revision: int, said: Mapping[str, str]) -> CaseView:
    step = said.get("step", "")
    own = {name: said.get(f"{name}/{step}", said.get(name, "")) for name in ("opinion", "because")}
    return await actions.finish_step(
        kernel,
        no,
        actor=actor,
        step=int(step) if step.isdecimal() and len(step) < 4 else None,
        opinion=own["opinion"],
        because=own["because"],
        findings=await findings.read(kernel, no, actor, said),
        revision=revision,
    )


async def _extend(kernel: Kernel, no: str, actor: Actor, revision: int, said: Mapping[str, str]) -> CaseView:
    number = said.get("number", "").strip()
    return await actions.extend(
        kernel,
        no,
        actor=actor,
        because=said.get("because", ""),
        number=int(number) if number.isascii() and number.isdigit() and len(number) < 5 else 0,
        revision=revision,
    )


async def _note_payment(kernel: Kernel, no: str, actor: Actor, revision: int, said: Mapping[str, str]) -> CaseView:
    return await actions.note_payment(
        kernel,
        no,
        actor=actor,
        receipt=said.get("receipt", ""),
        on=said.get("on", ""),
        sum=said.get("sum", ""),
        together="together" in said,
        revision=revision,
    )


MAKERS: dict[str, Maker] = {
    "decide": _decide,
    "accept": _as_said(actions.accept),
    "refuse": _as_said(actions.refuse, "because", "basis"),
    "ask_correction": _ask_correction,
    "finish_step": _finish_step,
    "pause": _as_said(actions.pause, "kind", "because", "basis", "until"),
    "extend": _extend,
    "deliver": _as_said(actions.deliver, "method", "note", "collector"),
    "hand_over": _as_said(actions.hand_over, "thing", "note", "collector"),
    "note_payment": _note_payment,
    "reverse_payment": _as_said(actions.reverse_payment, "receipt", "because"),
}


async def make(request: Request) -> Response:
    """303 to the case when it is done; 409 with the newer state, 422 or 403 with the sentence where it is not."""
    actor = staff(request)
    kernel = session.kernel(request)
    no, move = request.path_params["no"], request.path_params["move"]
    if move not in MAKERS and move not in actions.SIMPLE:
        raise NotFound(move)
    said = Said(session.form_data(request).multi_items())
    revision = revision_in(said)
    if move == "finish_step" and findings.is_redrawn(said):
        view = await access.case(kernel, actor, no)
        return await case_page(request, actor, view, failed=move, typed=_kept(said), posted=said.pairs)
    done = move
    try:
        maker = MAKERS.get(move)
        if maker is not None:
            view = await maker(kernel, no, actor, revision, said)
            if move == "finish_step" and view.events and view.events[-1].data.get("again"):
                done = "again"
        else:
            because = said.get("because", "")
            if move == "correct" and await unsent(kernel, actor, no, request.state.language):
                raise Unprocessable(
                    [Problem("/because", "unsent", rendering.translator(request.state.language)(UNSENT))]
                )
            await actions.simple_move(kernel, no, move, actor=actor, revision=revision, because=because)
    except (Conflict, Unprocessable, NotAllowed) as error:
        return await _told(request, actor, no, move, error, said)
    if move == "finish_step" and (left := await findings.begun(kernel, no, actor, said)):
        # Two steps that run together stand on one page: what was written for the other one stays there.
        view = await access.case(kernel, actor, no)
        return await case_page(request, actor, view, done=words.DONE[done], failed=move, typed=_kept(said), posted=left)
    return RedirectResponse(f"/admin/cases/{no}?done={done}", status_code=303)


async def hand_in(request: Request) -> Response:
    """A paper that was brought or fetched, into a material that is still wanted."""
    actor = staff(request)
    kernel = session.kernel(request)
    no, material = request.path_params["no"], request.path_params["material"]
    form = session.form_data(request)
    said = {name: value for name, value in form.multi_items() if isinstance(value, str)}
    revision = revision_in(said)
    sent = form.get("file")
    try:
        if not isinstance(sent, UploadFile) or not sent.filename:
            _ = rendering.translator(request.state.language)
            raise Unprocessable([Problem(f"/materials/{material}", "required", _("请先选择文件。"))])
        data = await sent.read()
        await actions.hand_in(
            kernel, no, actor=actor, material=material, name=sent.filename, data=data, revision=revision
        )
    except (Conflict, Unprocessable, NotAllowed, TooLarge) as error:
        return await _told(request, actor, no, f"material/{material}", error, said)
    return RedirectResponse(f"/admin/cases/{no}?done=hand_in", status_code=303)


async def look_up(request: Request) -> Response:
    """由窗口代查: the sources are asked again, now, by this officer."""
    actor = staff(request)
    no = request.path_params["no"]
    said = {name: value for name, value in session.form_data(request).multi_items() if isinstance(value, str)}
    revision = revision_in(said)
    try:
        await actions.ask_sources_again(session.kernel(request), no, actor=actor, revision=revision)
    except (Conflict, NotAllowed, Unavailable) as error:
        return await _told(request, actor, no, "look_up", error, said)
    return RedirectResponse(f"/admin/cases/{no}?done=look_up", status_code=303)


async def material(request: Request) -> Response:
    """Of one material: `seen` records what the desk saw elsewhere, `promise-false` that a promise was untrue,
    `good` and `not-good` what came of looking at its paper."""
    actor = staff(request)
    kernel = session.kernel(request)
    no, id, act = (request.path_params[name] for name in ("no", "material", "act"))
    said = {name: value for name, value in session.form_data(request).multi_items() if isinstance(value, str)}
    revision = revision_in(said)
    because = said.get("because", "")
    try:
        if act == "seen":
            await actions.note_seen(kernel, no, actor=actor, material=id, saw=because, revision=revision)
        elif act == "promise-false":
            await actions.find_promise_false(
                kernel, no, actor=actor, material=id, because=because, basis=said.get("basis", ""), revision=revision
            )
        elif act in ("good", "not-good"):
            await actions.judge_paper(
                kernel, no, actor=actor, material=id, good=act == "good", because=because, revision=revision
            )
        else:
            raise NotFound(act)
    except (Conflict, Unprocessable, NotAllowed) as error:
        return await _told(request, actor, no, f"material/{id}/{act}", error, said)
    return RedirectResponse(f"/admin/cases/{no}?done={act}", status_code=303)


def _kept(said: Mapping[str, str]) -> dict[str, str]:
    return {name: text for name, text in said.items() if name.partition("/")[0] in (*_KEPT, "wanted")}


async def _told(
    request: Request, actor: Actor, no: str, move: str, error: RequestError, said: Mapping[str, str]
) -> Response:
    view = await access.case(session.kernel(request), actor, no)
    problems = error.problems if isinstance(error, Unprocessable) else ()
    return await case_page(
        request,
        actor,
        view,
        told=rendering.translator(request.state.language)(str(error)),
        failed=move,
        typed=_kept(said),
        posted=getattr(said, "pairs", ()),
        problems=problems,
        status=error.status,
    )
