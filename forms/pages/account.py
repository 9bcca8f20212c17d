"""Signing in and out, and the two cookies of taste: language and size.

Knows no password beyond handing it on; `core.office.actions` checks it.
"""

from __future__ import annotations

from urllib.parse import quote, urlsplit

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.contract import Actor
from core.errors import SignInNeeded, TooMany
from core.office import actions, second_factor
from core.office.permissions import CITIZEN_ROLES
from core.web import carried, session
from core.web.rendering import LANGUAGES, page, translator
from core.web.session import form_data, kernel, safe_next
from forms.pages.kept import kept, lead_back
from forms.pages.words import N_

SIZES = ("normal", "large", "kiosk")
YEAR = 365
WRONG_LOGIN = {
    401: N_("账号或密码不对。请核对后重新输入。"),
    429: N_("输错的次数太多，请十五分钟后再试。忘记密码的，请到服务大厅重置。"),
}


def home(actor: Actor) -> str:
    return "/me" if actor.role in CITIZEN_ROLES else "/admin/"


async def login(request: Request) -> Response:
    actor = request.state.actor
    target = request.query_params.get("next", "")
    if actor is not None:
        return RedirectResponse(safe_next(target, home(actor)), status_code=303)
    said = kept(request)
    wrong = translator(request.state.language)(WRONG_LOGIN[said["status"]]) if said else ""
    return form(
        request, target=safe_next(target, ""), name=said.get("login", ""), wrong=wrong, status=said.get("status", 200)
    )


async def login_post(request: Request) -> Response:
    posted = form_data(request)
    name, password, target = (str(posted.get(key) or "") for key in ("login", "password", "next"))
    _ = translator(request.state.language)
    pairs, onwards = carried.unpacked(posted.get(carried.FIELD)), safe_next(target, "")

    try:
        actor = await actions.sign_in(name, password)
    except (SignInNeeded, TooMany) as error:
        wrong = WRONG_LOGIN[error.status]
        if pairs and onwards:
            return carried.show(request, onwards, pairs, login=name, wrong=wrong, status=error.status)
        # A screen that the next person uses too forgets who tried.
        said = {"login": "" if session.shared(request.scope["state"]) else name[:80], "status": error.status}
        back = lead_back(request, said, query=f"next={quote(onwards, safe='/')}" if onwards else "")
        return back or form(request, target=onwards, name=name, wrong=_(wrong), status=error.status)
    stage = await second_factor.wanted(actor, demo=kernel(request).settings.demo)
    if stage and pairs and onwards:
        return carried.show(request, onwards, pairs, elsewhere=True, status=401)
    if stage:
        second = RedirectResponse(f"/login/second?next={quote(onwards, safe='/')}", status_code=303)
        session.set_cookie(request, second, session.HALF, await second_factor.begin(actor, stage))
        return second
    if pairs and onwards:
        return await _go_on(request, actor, onwards, pairs)
    return await signed_in(request, actor, target)


async def login_again(request: Request) -> Response:
    """What was carried over the end of a session; the sign-in, where nothing is any more."""
    return carried.shown(request) or RedirectResponse("/login", status_code=303)


async def _go_on(request: Request, actor: Actor, target: str, pairs: carried.Pairs) -> Response:
    """Signed in again with something written before: shown with a button that sends it, under the new session."""
    sid = await actions.open_session(actor, channel=channel_of(request, actor), replaces=None)
    request.scope["state"].update(actor=actor, sid=sid, csrf=None)
    response = carried.show(request, target, pairs, of=sid, status=200)
    session.sign_in(request, response, sid)
    return response


async def signed_in(request: Request, actor: Actor, target: str) -> Response:
    """On to where he was going, in a session of his own: an id from before is worth nothing afterwards."""
    sid = await actions.open_session(actor, channel=channel_of(request, actor), replaces=request.scope["state"]["sid"])
    response = RedirectResponse(safe_next(target, home(actor)), status_code=303)
    session.sign_in(request, response, sid)
    return response


def form(request: Request, *, target: str, name: str = "", wrong: str = "", status: int = 200) -> Response:
    """`target` is the way on; where it leads to an item, the page says which."""
    parts = target.split("/")
    item = kernel(request).catalog.items.get(parts[2]) if len(parts) > 2 and parts[1] == "items" else None
    context = {"next": target, "login": name, "wrong": wrong, "item_title": item.title if item else ""}
    return page(request, "forms/login.html", context, status=status, private=True)


def channel_of(request: Request, actor: Actor) -> str | None:
    """Where a citizen sits; staff keep the channel of their desk."""
    if actor.role not in CITIZEN_ROLES:
        return None
    if request.state.size == "kiosk":
        return "kiosk"
    return "mobile" if request.headers.get("sec-ch-ua-mobile") == "?1" else "web"


async def logout(request: Request) -> Response:
    sid = request.scope["state"]["sid"]
    if sid:
        await actions.end_session(sid)
    response = RedirectResponse("/", status_code=303)
    session.sign_out(response)
    response.headers["Cache-Control"] = "no-store"
    return response


async def look(request: Request) -> Response:
    """`/look?language=en&size=large`: keep the choice, go back to where the reader was."""
    query = request.query_params
    response = RedirectResponse(where_from(request), status_code=303)
    if query.get("language") in LANGUAGES:
        session.set_cookie(request, response, session.LANGUAGE, query["language"], days=YEAR)
    if query.get("size") in SIZES:
        session.set_cookie(request, response, session.SIZE, query["size"], days=YEAR)
    response.headers["Cache-Control"] = "no-store"
    return response


def where_from(request: Request) -> str:
    """The page the reader came from, its query included; else the path the link names."""
    came = urlsplit(request.headers.get("referer", ""))
    if came.netloc == request.headers.get("host") and came.path and came.path != "/look":
        return safe_next(f"{came.path}?{came.query}" if came.query else came.path, "/")
    return safe_next(request.query_params.get("next"), "/")
