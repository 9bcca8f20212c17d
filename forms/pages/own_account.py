"""`/account`: one's own account: the password, the second factor, and where one is signed in.

Knows no other account; other people's are the administrator's (`admin.accounts`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.errors import SignInNeeded, TooMany, UsageError
from core.office import access, actions, second_factor
from core.web import session
from core.web.rendering import page, translator
from core.web.session import form_data
from forms.pages.account import channel_of
from forms.pages.kept import kept, lead_back, lead_to
from forms.pages.words import N_

DONE = ("password", "sessions")
WRONG = {
    "differ": ("again", 422, N_("两次输入的新密码不一样。")),
    "same": ("new", 422, N_("新密码和原来的一样。")),
    "short": ("new", 422, N_("新密码至少 %(n)s 个字符。")),
    "old": ("old", 401, N_("原密码不对。")),
    "old-often": ("old", 429, N_("输错的次数太多，请十五分钟后再试。")),
    "code": ("code", 401, N_("验证码不对，或者已经用过。")),
    "code-often": ("code", 429, N_("输错的次数太多，请十五分钟后再试。")),
}
"""Why something was not changed: the field, the status, the sentence."""
CODES = "codes"


async def own_account(request: Request) -> Response:
    session.actor(request)
    done = request.query_params.get("done", "")
    return await _page(request, done=done if done in DONE else "", why=kept(request).get("why", ""))


async def change_password(request: Request) -> Response:
    actor = session.actor(request)
    posted = form_data(request)
    old, new, again = (str(posted.get(key) or "") for key in ("old", "new", "again"))
    if new != again:
        return await _refused(request, "differ")
    if new == old:
        return await _refused(request, "same")
    try:
        await actions.change_password(actor, old, new)
    except UsageError:
        return await _refused(request, "short")
    except SignInNeeded:
        return await _refused(request, "old")
    except TooMany:
        return await _refused(request, "old-often")
    return await _stays(request, "password")


async def end_sessions(request: Request) -> Response:
    """Everywhere but here."""
    await actions.end_sessions(session.actor(request).id)
    return await _stays(request, "sessions")


async def new_codes(request: Request) -> Response:
    actor = session.actor(request)
    if not (await access.own_account(actor)).second:
        return RedirectResponse("/account", status_code=303)
    try:
        codes = await second_factor.new_recovery_codes(actor.id, str(form_data(request).get("code") or "")[:80])
    except SignInNeeded:
        return await _refused(request, "code")
    except TooMany:
        return await _refused(request, "code-often")
    return recovery_codes(request, request.scope["state"]["sid"], codes, "/account")


def recovery_codes(request: Request, sid: str, codes: Sequence[str], onwards: str) -> Response:
    """The new codes, in that session only, at an address that can be reloaded before they are written down."""
    said = {"codes": list(codes), "onwards": onwards}
    return lead_to(request, "/account/recovery", said, of=sid, query=CODES) or _codes(request, said)


async def shown_codes(request: Request) -> Response:
    session.actor(request)
    said = kept(request, CODES)
    return _codes(request, said) if said else RedirectResponse("/account", status_code=303)


def _codes(request: Request, said: Mapping[str, Any]) -> Response:
    return page(request, "forms/recovery.html", said, private=True)


async def _stays(request: Request, done: str) -> Response:
    """Every session ended: this browser goes on in a new one."""
    actor = session.actor(request)
    sid = await actions.open_session(actor, channel=channel_of(request, actor))
    response = RedirectResponse(f"/account?done={done}", status_code=303)
    session.sign_in(request, response, sid)
    return response


async def _refused(request: Request, why: str) -> Response:
    return lead_back(request, {"why": why}, at="/account") or await _page(request, why=why)


async def _page(request: Request, *, why: str = "", done: str = "") -> Response:
    field, status, said = WRONG.get(why, ("", 200, ""))
    told = translator(request.state.language)(said) % {"n": actions.MIN_PASSWORD} if said else ""
    context: dict[str, Any] = {
        "account": await access.own_account(session.actor(request)),
        "wrong": {field: told} if said else {},
        "done": done,
        "shortest": actions.MIN_PASSWORD,
    }
    return page(request, "forms/account.html", context, status=status, private=True)
