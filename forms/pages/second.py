"""`/login/second`: the second step of a sign-in, or the enrolment of a device before it.

Knows no secret beyond showing it once; `core.office.second_factor` checks every code.
"""

from __future__ import annotations

from urllib.parse import quote

import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.errors import SignInNeeded, TooMany
from core.office import actions, second_factor
from core.office.second_factor import Waiting
from core.web import session
from core.web.rendering import page, translator
from core.web.session import form_data, safe_next
from forms.pages.account import channel_of, home, signed_in
from forms.pages.kept import kept, lead_back
from forms.pages.own_account import recovery_codes
from forms.pages.words import N_

WRONG_CODE = {
    401: N_("验证码不对，或者已经用过。请等下一个验证码出现后再输入；手机时间要准。"),
    429: N_("输错的次数太多，请十五分钟后再试。手机丢失的，用恢复码登录，或请系统管理员重置。"),
}
"""By status: why a code was not taken."""


async def second(request: Request) -> Response:
    half = await second_factor.waiting(request.cookies.get(session.HALF))
    if half is None:
        return _over(request)
    said = kept(request)
    return _form(request, half, target=safe_next(request.query_params.get("next"), ""), status=said.get("status", 200))


async def second_post(request: Request) -> Response:
    posted = form_data(request)
    code, target = (str(posted.get(key) or "")[:80] for key in ("code", "next"))
    sid = request.cookies.get(session.HALF) or ""
    half = await second_factor.waiting(sid)
    if half is None:
        return _over(request)
    onwards = safe_next(target, "")
    try:
        if half.stage == "code":
            return await signed_in(request, await second_factor.confirm(sid, code), target)
        actor, codes = await second_factor.enrol(sid, code)
    except (SignInNeeded, TooMany) as error:
        if error.code == "half-expired":
            return _over(request)
        query = f"next={quote(onwards, safe='/')}" if onwards else ""
        back = lead_back(request, {"status": error.status}, query=query)
        return back or _form(request, half, target=onwards, status=error.status)
    new = await actions.open_session(actor, channel=channel_of(request, actor), replaces=request.scope["state"]["sid"])
    response = recovery_codes(request, new, codes, safe_next(target, home(actor)))
    session.sign_in(request, response, new)
    return response


def _over(request: Request) -> Response:
    response = RedirectResponse("/login", status_code=303)
    response.delete_cookie(session.HALF, path="/")
    return response


def _form(request: Request, half: Waiting, *, target: str, status: int = 200) -> Response:
    wrong = translator(request.state.language)(WRONG_CODE[status]) if status in WRONG_CODE else ""
    square = ""
    if half.stage == "enrol":
        square = Markup(segno.make(half.uri, error="m").svg_inline(scale=5, border=4, light="#fff"))
    groups = " ".join(half.secret[n : n + 4] for n in range(0, len(half.secret), 4))
    context = {"half": half, "square": square, "secret": groups, "next": target, "wrong": wrong}
    return page(request, "forms/second.html", context, status=status, private=True)
