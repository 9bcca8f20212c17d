"""删除个人信息: who asks, what would go and what stays, the second person's yes or no, and the proof afterwards.

Shows no name and no answer: who erases need not read. What may be erased is judged in `core.cases` alone.
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import framed, staff
from core.cases import actions, erasing
from core.cases.erasing import ASK, Held
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, NotFound, RequestError, Unprocessable
from core.judge.formats import is_credit_code, is_id_number
from core.office import access as office_access
from core.office.permissions import may
from core.web import rendering, session
from forms.pages import said
from forms.pages.words import N_

HOLDS = {
    "cases": N_("办件"),
    "parties": N_("当事人和填写的内容"),
    "evidence": N_("查询结果"),
    "materials": N_("材料的说明"),
    "confirmers": N_("请谁确认"),
    "joint": N_("共同申请人"),
    "files": N_("上传的文件"),
    "letters": N_("告知书的正文"),
    "corrections": N_("校核纠错的内容"),
    "duties": N_("后续事项的内容"),
    "mandates": N_("委托书"),
    "events": N_("经过里写的内容"),
    "drafts": N_("没有提交的草稿"),
    "accounts": N_("本人的登录账号"),
}
BARS = {
    "not-over": N_("没有办结，不能删除"),
    "kept": N_("依法保存到 %(day)s，在此之前只有法院或主管机关责令才能删除"),
    "erased": N_("已经删除"),
}
STATES = {"asked": N_("等另一个人确认"), "done": N_("已删除"), "refused": N_("没有删除")}
SAID = (
    N_("请写明谁、为什么要求删除。"), N_("请写明删除的依据。"), N_("请写明不予删除的理由。"),
    N_("已有一条等待确认的删除申请。"), N_("这条删除申请已经有人处理。"), N_("没有这条删除申请。"),
    N_("提出申请的人不能自己确认，请由另一个人确认。"), N_("您的账号不能办理个人信息删除。"),
    N_("这个人还有办件没有办结，不能删除。"), N_("办件尚未办结，不能删除。"), N_("办件信息已经删除。"),
    N_("没有查到这个办件。请核对编号。"), N_("没有保存这个号码的办件、草稿、委托书或账号。"),
)  # fmt: skip


async def overview(request: Request) -> Response:
    return await _overview(request, staff(request))


async def look(request: Request) -> Response:
    """What is held of a case or of a person; posted, so that no number stands in an address."""
    actor = staff(request)
    erasing.check_may(actor, ASK)
    what = _typed(request)["what"]
    if not what:
        return await _overview(request, actor, missing=True, status=422)
    return await _preview(request, actor, what)


async def ask(request: Request) -> Response:
    """303 to the request's own page; 409 or 422 with the sentence and what had been written."""
    actor = staff(request)
    erasing.check_may(actor, ASK)
    kernel, typed = session.kernel(request), _typed(request)
    more = {"reason": typed["reason"], "basis": typed["basis"], "ordered": typed["ordered"] == "yes"}
    try:
        if _is_person(typed["what"]):
            id = await actions.ask_to_erase_person(kernel, typed["what"], actor=actor, **more)  # type: ignore[arg-type]
        else:
            id = await actions.ask_to_erase_case(kernel, typed["what"], actor=actor, **more)  # type: ignore[arg-type]
    except (Conflict, Unprocessable) as error:
        return await _preview(request, actor, typed["what"], typed=typed, error=error)
    return RedirectResponse(f"/admin/erasures/{id}", status_code=303)


async def one(request: Request) -> Response:
    return await _one(request, staff(request))


async def answer(request: Request) -> Response:
    """`confirm` or `refuse`; 303 to the same page, which then shows the proof."""
    actor = staff(request)
    erasing.check_may(actor, erasing.CONFIRM)
    id, act = request.path_params["id"], request.path_params["act"]
    kernel = session.kernel(request)
    try:
        if act == "confirm":
            await actions.confirm_erasure(kernel, id, actor=actor)
        elif act == "refuse":
            await actions.refuse_erasure(kernel, id, actor=actor, because=_typed(request)["because"])
        else:
            raise NotFound(act)
    except (Conflict, NotAllowed, Unprocessable) as error:
        return await _one(request, actor, error=error)
    return RedirectResponse(f"/admin/erasures/{id}", status_code=303)


def _is_person(what: str) -> bool:
    """Identity numbers and credit codes have eighteen characters and a check digit; a case number is none of them."""
    return is_id_number(what) or is_credit_code(what)


def _typed(request: Request) -> dict[str, str]:
    form = session.form_data(request)
    most = {"what": 40, "reason": 2000, "basis": 400, "ordered": 3, "because": 2000}
    found = {name: str(form.get(name) or "").strip()[:length] for name, length in most.items()}
    return {**found, "what": "".join(found["what"].split()).upper()}


def _told(request: Request, error: RequestError | None) -> str:
    _ = rendering.translator(request.state.language)
    if isinstance(error, Unprocessable):
        return "".join(_(one.message) for one in error.problems)
    return _(str(error)) if error else ""


async def _held(request: Request, actor: Actor, what: str) -> Held:
    kernel = session.kernel(request)
    if not _is_person(what):
        return Held("", (await erasing.case_to_erase(kernel, actor, what),), {})
    accounts = await office_access.count_citizens(kernel.keys.index(what))
    return await erasing.held_of(kernel, actor, what, accounts=accounts)


async def _preview(
    request: Request, actor: Actor, what: str, *, typed: dict[str, str] | None = None, error: RequestError | None = None
) -> Response:
    try:
        held = await _held(request, actor, what)
    except NotFound as missing:
        return await _overview(request, actor, not_found=_told(request, missing), what=what, status=404)
    problems: tuple[Problem, ...] = error.problems if isinstance(error, Unprocessable) else ()
    context = {
        "what": what,
        "person": _is_person(what),
        "held": held,
        "said": typed or {"reason": "", "basis": "", "ordered": ""},
        "errors": {one.at.strip("/"): _told(request, Unprocessable([one])) for one in problems},
        "told": _told(request, error) if error and not problems else "",
    }
    return _page(request, actor, "admin/erasure_ask.html", context, status=error.status if error else 200)


async def _overview(
    request: Request, actor: Actor, *, missing: bool = False, not_found: str = "", what: str = "", status: int = 200
) -> Response:
    kernel, query = session.kernel(request), request.query_params
    old = "done" in query
    found = await erasing.erasures(kernel, actor, query.get("after", ""), state="done" if old else "asked")
    context = {
        "requests": found,
        "old": old,
        "names": await office_access.names([id for one in found.lines for id in (one.asked_by, one.ended_by)]),
        "may_ask": may(actor, ASK),
        "missing": missing,
        "not_found": not_found,
        "what": what,
    }
    return _page(request, actor, "admin/erasures.html", context, status=status)


async def _one(request: Request, actor: Actor, *, error: RequestError | None = None) -> Response:
    kernel = session.kernel(request)
    found = await erasing.erasure(kernel, actor, request.path_params["id"])
    accounts = 0
    if found.person and found.state == "asked":
        accounts = await office_access.count_citizens(await erasing.subject_of(found.id))
    context: dict[str, Any] = {
        "erasure": found,
        "names": await office_access.names([found.asked_by, found.ended_by]),
        "held": await erasing.of_request(kernel, found, accounts=accounts) if found.state == "asked" else None,
        "proof": await erasing.proof_of(found.case_no) if found.state == "done" and found.case_no else None,
        "case": (await erasing.of_request(kernel, found)).cases[0] if found.case_no else None,
        "mine": found.asked_by == actor.id,
        "typed": _typed(request)["because"] if error else "",
        "told": _told(request, error),
    }
    return _page(request, actor, "admin/erasure.html", context, status=error.status if error else 200)


def _page(request: Request, actor: Actor, name: str, context: dict[str, Any], *, status: int) -> Response:
    items, language = session.kernel(request).catalog.items, request.state.language

    def item_title(case: erasing.CaseToErase) -> str:
        return said.title(items[case.item], language) if case.item in items else case.title

    context = {"holds": HOLDS, "bars": BARS, "states": STATES, "item_title": item_title, **context}
    return rendering.page(request, name, framed(request, actor, context), status=status, private=True)
