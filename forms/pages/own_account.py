"""`/account`: one's own account: the password, the second factor, and where one is signed in.

Knows no other account; other people's are the administrator's (`admin.accounts`).
"""

from __future__ import annotations

from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.errors import SignInNeeded, TooMany, UsageError
from core.office import access, actions, second_factor
from core.web import session
from core.web.rendering import page, translator
from core.web.session import form_data
from forms.pages.account import channel_of

DONE = ("password", "sessions")


async def own_account(request: Request) -> Response:
    session.actor(request)
    done = request.query_params.get("done", "")
    return await _page(request, done=done if done in DONE else "")


async def change_password(request: Request) -> Response:
    actor = session.actor(request)
    posted = form_data(request)
    old, new, again = (str(posted.get(key) or "") for key in ("old", "new", "again"))
    _ = translator(request.state.language)
    if new != again:
        return await _page(request, wrong={"again": _("两次输入的新密码不一样。")}, status=422)
    if new == old:
        return await _page(request, wrong={"new": _("新密码和原来的一样。")}, status=422)
    try:
        await actions.change_password(actor, old, new)
    except UsageError:
        shortest = _("新密码至少 %(n)s 个字符。") % {"n": actions.MIN_PASSWORD}
        return await _page(request, wrong={"new": shortest}, status=422)
    except SignInNeeded:
        return await _page(request, wrong={"old": _("原密码不对。")}, status=401)
    except TooMany:
        return await _page(request, wrong={"old": _("输错的次数太多，请十五分钟后再试。")}, status=429)
    return await _stays(request, "password")


async def end_sessions(request: Request) -> Response:
    """Everywhere but here."""
    await actions.end_sessions(session.actor(request).id)
    return await _stays(request, "sessions")


async def new_codes(request: Request) -> Response:
    actor = session.actor(request)
    _ = translator(request.state.language)
    if not (await access.own_account(actor)).second:
        return RedirectResponse("/account", status_code=303)
    try:
        codes = await second_factor.new_recovery_codes(actor.id, str(form_data(request).get("code") or "")[:80])
    except SignInNeeded:
        return await _page(request, wrong={"code": _("验证码不对，或者已经用过。")}, status=401)
    except TooMany:
        return await _page(request, wrong={"code": _("输错的次数太多，请十五分钟后再试。")}, status=429)
    return page(request, "forms/recovery.html", {"codes": codes, "onwards": "/account"}, private=True)


async def _stays(request: Request, done: str) -> Response:
    """Every session ended: this browser goes on in a new one."""
    actor = session.actor(request)
    sid = await actions.open_session(actor, channel=channel_of(request, actor))
    response = RedirectResponse(f"/account?done={done}", status_code=303)
    session.sign_in(request, response, sid)
    return response


async def _page(
    request: Request, *, wrong: dict[str, str] | None = None, done: str = "", status: int = 200
) -> Response:
    context: dict[str, Any] = {
        "account": await access.own_account(session.actor(request)),
        "wrong": wrong or {},
        "done": done,
        "shortest": actions.MIN_PASSWORD,
    }
    return page(request, "forms/account.html", context, status=status, private=True)
