"""Every ending that is not a page of its own: problem+json for programs, a designed page for people.

Knows the sentences for each status; no exception text of ours or of a library reaches a citizen.
"""

from __future__ import annotations

import logging
import secrets
from dataclasses import asdict
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Match

from core.errors import RequestError, SignInNeeded, TooMany, Unprocessable
from core.office.permissions import STAFF_ROLES
from core.web import carried, kept, rendering, session

log = logging.getLogger("lingban.web")

SENTENCES: dict[int, tuple[str, str]] = {
    # status: (title, what to do). Chinese is the msgid of the catalog.
    400: ("提交的内容无法读取", "请返回上一页，检查后重新提交。"),
    401: ("需要先登录", "请登录后再继续。"),
    403: ("您没有权限进行这项操作", "如认为有误，请联系窗口工作人员。"),
    404: ("没有找到这个页面", "可能是地址有误，或者该内容不对您开放。"),
    405: ("不支持这种访问方式", "请从首页重新进入。"),
    409: ("内容已经变化", "有人先于您进行了操作，请刷新页面查看最新状态后再继续。"),
    413: ("提交的内容太大", "每份文件不超过 10 MB，一次提交合计不超过 20 MB。请压缩或分几次提交。"),
    422: ("填写的内容需要修改", "请按提示修改后重新提交。"),
    429: ("操作过于频繁", "请稍后再试。"),
    500: ("系统出现了故障", "已经保存的内容没有丢失；刚才填的可能要重新填。请稍后再试，或联系窗口工作人员并报上编号。"),
    503: ("该事项暂不能在线办理", "请稍后再试，或到服务大厅办理。"),
}
STALE_PAGE = ("页面已过期", "为保护您的信息，请返回上一页刷新后重新提交。")
MANDATE_ENDED = ("委托已经结束或过期", "这份申请不能再继续，内容没有提交。请申请人重新委托后再办。")
UNREADABLE, TOO_MUCH = SENTENCES[400][0], SENTENCES[413][0]
BY_CODE = {
    "csrf": STALE_PAGE,
    "mandate-ended": MANDATE_ENDED,
    "nul": (UNREADABLE, "有一项内容里有看不见的空字符（NUL），不能保存。请删去这一项，重新输入。"),
    "broken-text": (UNREADABLE, "有一项内容的文字编码不是 UTF-8，无法识别。请重新输入这一项，不要从别处粘贴。"),
    "unknown-name": (UNREADABLE, "提交的内容里有一项，这张表没有问。请回到填写的页面重新填写。"),
    "twice": (UNREADABLE, "同一项内容提交了两次，无法知道以哪一个为准。请回到填写的页面重新填写。"),
    "bad-index": (UNREADABLE, "提交的内容里有一行的序号超出了范围。请回到填写的页面重新填写。"),
    "too-many-fields": (TOO_MUCH, "一次提交的内容超过 5000 项。请减少一些，分几次填写。"),
    "too-many-rows": (TOO_MUCH, "列表的行数超过了上限。请减少一些，分几次填写。"),
    "too-many-files": (TOO_MUCH, "一次提交的文件超过 40 个。请分几次上传。"),
    "field-too-long": (TOO_MUCH, "有一项内容超过 512 KB。请缩短这一项后再提交。"),
    "file-too-large": (TOO_MUCH, SENTENCES[413][1]),
}
"""Endings that have a sentence of their own, whatever their status."""


ACTION_WORDS: dict[str, str] = {}
"""Action of the matrix → its word (msgid), for whoever is kept from it; the room that has the words names them here."""


def why_not(request: Request, error: RequestError | None) -> str:
    """A closed door's own reason, in the page's language; "" where there is none but that it is closed."""
    if error is None or error.status != 403 or error.code == "csrf":
        return ""
    say, said = rendering.translator(request.state.language), str(error)
    if said in ACTION_WORDS:
        return say("您的岗位没有“%(action)s”的权限。") % {"action": say(ACTION_WORDS[said])}
    return say(said) if any("一" <= one <= "鿿" for one in said) else ""


def wants_json(request: Request) -> bool:
    path = request.url.path
    return path.startswith("/api/") or path in ("/openapi.json", "/readyz", "/healthz")


def problem_json(
    status: int, code: str, detail: str, *, headers: dict[str, str] | None = None, **members: Any
) -> JSONResponse:
    """RFC 9457. `type` is a stable URN; `code` the same word alone."""
    title = rendering.translator("en" if _english(detail) else "zh")(SENTENCES.get(status, SENTENCES[500])[0])
    body = {"type": f"urn:lingban:problem:{code}", "title": title, "status": status}
    body |= {"detail": detail or SENTENCES.get(status, SENTENCES[500])[1], "code": code, **members}
    return JSONResponse(body, status_code=status, media_type="application/problem+json", headers=headers)


def _english(text: str) -> bool:
    """Whether a sentence is for programmers, who read where the body is broken; names in it may be Chinese."""
    letters = [one for one in text if one.isalpha()]
    plain = sum(one.isascii() for one in letters)
    return bool(letters) and letters[0].isascii() and plain > len(letters) - plain


def respond(request: Request, error: RequestError) -> Response:
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    if wants_json(request):
        if error.status == 401:
            headers["WWW-Authenticate"] = 'Bearer realm="lingban"'
        problems = {}
        if isinstance(error, Unprocessable):
            problems["problems"] = [asdict(one) for one in error.problems]
            if error.warnings:
                problems["warnings"] = [asdict(one) for one in error.warnings]
        return problem_json(error.status, error.code, str(error), headers=headers, **problems)
    if isinstance(error, SignInNeeded):
        return RedirectResponse(session.login_path(request), status_code=303)
    stale = request.scope["state"].get("stale_form")
    # Behind 下一位 a page belongs to the client before: what stands in it is nobody's to send any more.
    if stale is not None and not session.at_counter(request.scope["state"]) and kept.from_our_page(request.headers):
        pairs = carried.pairs_of(request, stale)
        if pairs is not None:
            status = error.status if request.state.actor else 401
            return carried.show(request, request.url.path, pairs, status=status)
    title, remedy = BY_CODE.get(error.code) or SENTENCES.get(error.status, SENTENCES[400])
    return error_page(request, error.status, title, remedy, error=error, headers=headers)


def error_page(
    request: Request,
    status: int,
    title: str,
    remedy: str,
    *,
    error: RequestError | None = None,
    reference: str = "",
    headers: dict[str, str] | None = None,
) -> Response:
    unit = _unit_of_item(request) if status == 503 else None
    actor = getattr(request.state, "actor", None)
    context = {
        "status": status,
        "title": title,
        "remedy": remedy,
        "error": error,
        "why": why_not(request, error),
        "reference": reference,
        "unit": unit,
        "back": request.url.path if status in (400, 403, 413) and _can_be_read(request) else "",
        # Somebody of the house who came to a closed door of it goes back to his own desk, not to the citizens' hall.
        "desk": actor is not None and actor.role in STAFF_ROLES and request.url.path.startswith("/admin"),
    }
    response = rendering.page(request, "error.html", context, status=status, private=True)
    response.headers.update(headers or {})
    return response


def _can_be_read(request: Request) -> bool:
    """Whether the address of a refused post has a page to go back to: the form it came from."""
    if request.method == "GET":
        return False
    scope = {**request.scope, "method": "GET"}
    return any(route.matches(scope)[0] is Match.FULL for route in request.app.router.routes)


def _unit_of_item(request: Request) -> Any:
    """The unit to call while an item's folder is set aside."""
    kernel = session.kernel(request)
    plugin = kernel.catalog.plugins.get(request.path_params.get("id", ""))
    return kernel.office.units.get(plugin.unit or "") if plugin else None


async def on_request_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestError)  # cannot fail: Starlette calls this handler for nothing else
    return respond(request, error)


async def on_http_exception(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(getattr(error, "headers", None) or {})
    if wants_json(request):
        return problem_json(status, {404: "not-found", 405: "method-not-allowed"}.get(status, "bad-request"), "",
                            headers=headers)  # fmt: skip
    title, remedy = SENTENCES.get(status, SENTENCES[400])
    return error_page(request, status, title, remedy, headers=headers)


async def on_crash(request: Request, error: Exception) -> Response:
    """An exception nobody foresaw: logged whole under a reference that the person can read out."""
    reference = secrets.token_hex(4).upper()
    log.error("crash %s at %s %s", reference, request.method, request.url.path, exc_info=error)
    if wants_json(request):
        return problem_json(500, "crash", "", reference=reference)
    try:
        return error_page(request, 500, *SENTENCES[500], reference=reference)
    except Exception:  # the error page itself may be what is broken
        log.exception("crash %s: the error page failed too", reference)
        return Response(f"{SENTENCES[500][0]} {reference}", status_code=500, media_type="text/plain; charset=utf-8")
