"""`/cases/{no}`: step 5: the result, the letter to print, and what the applicant may still do.

Knows who may read a case only through `core.cases.access`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from markupsafe import Markup
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.cases import access, actions
from core.cases.case_view import CaseView
from core.cases.letters import DECISIONS, DOCUMENT
from core.cases.sending import KIND
from core.catalog import versions
from core.contract import Problem
from core.errors import NotFound, TooLarge, Unprocessable
from core.kernel import LEGAL_TIME, Kernel
from core.web import session
from core.web.rendering import page, translator
from core.web.session import form_data, kernel
from forms.engine.review import Line
from forms.pages.correction import UNSENT, corrected, unsent
from forms.pages.outcome import MOVES, asked_for, receipt_of
from forms.pages.said import brought
from forms.pages.sheet import day, form_of
from forms.pages.uploading import of_file, uploads
from forms.pages.verify import stamp
from forms.pages.words import N_

MISSING = N_("请提交“%(title)s”；交不了的，在“补正说明”里写明原因。")
UNSAID = N_("请打开表单改正，或者在“补正说明”里写明改成什么：%(what)s")
CODE = "lb_code"
"""The cookie that carries the tracking code from the filing to its receipt, once."""


async def receipt(request: Request) -> Response:
    core, actor = kernel(request), session.actor(request)
    case = await access.case(core, actor, request.path_params["no"])
    code = handed_over(request, case.no)
    response = await show(request, core, case, code=code)
    if code:
        response.delete_cookie(CODE, path=f"/cases/{case.no}")
    return response


async def show(
    request: Request,
    core: Kernel,
    case: CaseView,
    *,
    code: str = "",
    problems: Sequence[Problem] = (),
    status: int = 200,
    typed: Mapping[str, str] | None = None,
) -> Response:
    view = receipt_of(core, case, request.state.language)
    context = {
        "view": view,
        "papers": await brought_to(case, [one.id for one in view.materials if one.wanted], request.state.language),
        "answers": await filled_in(core, case, request.state.language),
        "tracking_code": code,
        "fresh": bool(code),
        "problems": problems,
        "typed": typed or {},
        "stamp": stamp(core, case),
        "changes": await corrected(core, case, request.state.language),
        "overtaken": "overtaken" in request.query_params,
    }
    return page(request, "forms/receipt.html", context, status=status, private=True)


async def brought_to(case: CaseView, wanted: Sequence[str], language: str) -> dict[str, tuple[str, bool]]:
    """Of each paper that can be handed in now: its note, and whether it has an example."""
    item = await versions.item_by_digest(case.version) if wanted else None
    return {id: brought(item, id, language) for id in wanted} if item is not None else {}


async def filled_in(core: Kernel, case: CaseView, language: str) -> list[Line]:
    """What was filled in, in words, for who may read it; [] for everybody else, and once it is erased."""
    if not case.answers:
        return []
    item = await versions.item_by_digest(case.version)
    texts = (item.bundle.get("texts") or {}).get(language)
    return form_of(core, item).lines(case.answers, language, texts=texts, areas=core.office.areas)


def unmended(case: CaseView, because: str, language: str) -> list[Problem]:
    """The one correction is not spent on nothing: what is still missing of what was asked for is told first."""
    _, asked = translator(language), asked_for(case)
    if because.strip() or not asked:
        return []
    materials = {one.id: one for one in case.materials}
    missing = [materials[id].title for id in asked if id in materials and materials[id].open]
    words = [text for id, text in asked.items() if id not in materials]
    return [
        *(Problem("/because", "required", _(MISSING) % {"title": one}) for one in missing),
        *(Problem("/because", "required", _(UNSAID) % {"what": one}) for one in words),
    ]


async def receipt_post(request: Request) -> Response:
    """What the applicant may still do: hand in what is missing, say that it is mended, withdraw."""
    core, actor = kernel(request), session.actor(request)
    no, posted = request.path_params["no"], form_data(request)
    revision = int(str(posted.get("_revision") or "0").strip("-")[:9] or 0)
    action = posted.get("action")
    try:
        for material, upload in uploads(posted) if action != "withdraw" else ():
            try:
                data, name = await upload.read(), upload.filename or ""
                case = await actions.hand_in(
                    core, no, actor=actor, material=material, name=name, data=data, revision=revision
                )
            except (TooLarge, Unprocessable) as error:
                said = Problem(f"/materials/{material}", "file", of_file(error, upload, request.state.language))
                raise Unprocessable([said]) from error
            revision = case.revision
        if action == "deliver":
            await actions.deliver(core, no, actor=actor, method="electronic", revision=revision)
        elif action in MOVES:
            because = str(posted.get("because") or "")[:2000]
            if action == "correct" and await unsent(core, actor, no, request.state.language):
                raise Unprocessable([Problem("/because", "unsent", UNSENT)])
            if action == "correct" and (
                problems := unmended(await access.case(core, actor, no), because, request.state.language)
            ):
                raise Unprocessable(problems)
            await actions.simple_move(core, no, str(action), actor=actor, revision=revision, because=because)
    except Unprocessable as error:
        case = await access.case(core, actor, no)
        return await show(request, core, case, problems=error.problems, status=422)
    return RedirectResponse(f"/cases/{no}", status_code=303)


async def withdraw_promise(request: Request) -> Response:
    """The applicant takes a promise back, while nothing is decided."""
    core, actor = kernel(request), session.actor(request)
    no, material = request.path_params["no"], request.path_params["material"]
    revision = int(str(form_data(request).get("_revision") or "0").strip("-")[:9] or 0)
    await actions.withdraw_promise(core, no, actor=actor, material=material, revision=revision)
    return RedirectResponse(f"/cases/{no}#materials", status_code=303)


async def report_duty(request: Request) -> Response:
    """The holder has done what he had to do after the approval; 422 with what is wrong, and what he wrote."""
    core, actor = kernel(request), session.actor(request)
    no, key = request.path_params["no"], request.path_params["key"]
    posted = form_data(request)
    revision = int(str(posted.get("_revision") or "0").strip("-")[:9] or 0)
    text, sent = str(posted.get("report") or ""), posted.get("file")
    upload = (sent.filename, await sent.read()) if isinstance(sent, UploadFile) and sent.filename else None
    try:
        await actions.report_duty(core, no, actor=actor, duty=key, revision=revision, text=text, upload=upload)
    except (TooLarge, Unprocessable) as error:
        problems = error.problems if isinstance(error, Unprocessable) else [Problem("/file", "file", str(error))]
        case = await access.case(core, actor, no)
        return await show(request, core, case, problems=problems, status=error.status, typed={key: text})
    return RedirectResponse(f"/cases/{no}#duties", status_code=303)


async def confirm(request: Request) -> Response:
    """Another party's yes or no, from its own account (`/me` lists what it is asked)."""
    core, actor = kernel(request), session.actor(request)
    no, material = request.path_params["no"], request.path_params["material"]
    said = form_data(request)
    answer, firm = said.get("answer"), str(said.get("firm") or "")[:30]
    if answer not in ("yes", "no"):
        raise Unprocessable([Problem("/answer", "required", "请选择同意或不同意。")])
    await actions.confirm(core, no, actor=actor, material=material, agrees=answer == "yes", firm=firm)
    return RedirectResponse("/me?confirmed#confirm", status_code=303)


async def notice(request: Request) -> Response:
    """The letters to print; the decision in a plain notice of the same facts where no letter tells it. `?document=`
    and a number: that certificate alone. Raises NotFound."""
    core, actor = kernel(request), session.actor(request)
    case = await access.case(core, actor, request.path_params["no"])
    view = receipt_of(core, case, request.state.language)
    held = case.payment is not None and case.payment.waits
    told = [one for one in case.letters if one.kind not in (DOCUMENT, KIND)]
    # The documents stand in the order of the results; their texts were escaped by the sandbox.
    given = zip(case.results, [one for one in case.letters if one.kind == DOCUMENT], strict=False)
    documents = [(one.no, letter.title, Markup(letter.text)) for one, letter in given if letter.text]
    only = request.query_params.get("document", "")
    if only:
        documents = [one for one in documents if one[0] == only]
        if not documents:
            raise NotFound("没有这份文书。")
    letters = [] if only else [(one.title, Markup(one.text)) for one in told if one.text]
    unit = core.office.units.get(case.deciding_unit or "")
    context = {
        "view": view,
        "letters": letters,
        "documents": documents,
        "title": documents[0][1] if only else letters[-1][0] if letters else "",
        "plain": not only
        and (not letters or (view.final and not held and not any(one.kind in DECISIONS for one in told))),
        "stamp": stamp(core, case),
        "unit": unit.name if unit else "",
        "day": day((case.decided_at or case.filed_at).astimezone(LEGAL_TIME).date(), request.state.language),
    }
    return page(request, "forms/notice.html", context, private=True)


def hand_over(request: Request, response: Response, no: str, code: str) -> None:
    session.set_cookie(request, response, CODE, f"{no}:{code}")
    # The receipt's own path only, and not for long: nobody else's page ever carries it.
    name, value = response.raw_headers.pop()
    path = f"Path=/cases/{no}; Max-Age=300"
    response.raw_headers.append((name, value.replace(b"Path=/", path.encode(), 1)))


def handed_over(request: Request, no: str) -> str:
    kept, _, code = request.cookies.get(CODE, "").partition(":")
    return code if kept == no else ""
