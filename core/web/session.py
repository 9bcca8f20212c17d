"""Who is asking, and whether a post came from a page of ours: session cookie, CSRF, language and size.

Knows no page; reads sessions through `core.office.access` only.
"""

from __future__ import annotations

import hmac
import secrets
import time
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlsplit

from starlette.datastructures import FormData, Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from core.cases.standing import STAFF
from core.contract import Actor
from core.errors import NotAllowed, RequestError, SignInNeeded, TooLarge
from core.kernel import Kernel
from core.office import access as office_access
from core.office import actions as office_actions
from core.web import errors, posted

SESSION = "lb_sid"
VISITOR = "lb_visitor"
HALF = "lb_half"
"""Between the password and the second factor; opens no page."""
LANGUAGE = "lb_lang"
SIZE = "lb_size"
CSRF_FIELD = "_csrf"

_OPEN = ("/api/", "/static/", "/healthz", "/readyz", "/metrics", "/openapi.json")
"""Paths that read no cookie: they neither trust a session nor need its query."""


def kernel(request: Request) -> Kernel:
    return request.app.state.kernel  # type: ignore[no-any-return]


def actor(request: Request) -> Actor:
    """Who is signed in. Raises SignInNeeded, which a page answers with /login and the way back."""
    who: Actor | None = request.state.actor
    if who is None:
        raise SignInNeeded()
    return who


def form_data(request: Request) -> FormData:
    """The post, already parsed within its limits and checked to come from our own page."""
    return request.scope["state"].get("form") or FormData()


def login_path(request: Request) -> str:
    """Where to sign in, with the way back for a page that was read (never for a post)."""
    if request.method not in ("GET", "HEAD"):
        return "/login"
    query = f"?{request.url.query}" if request.url.query else ""
    return f"/login?next={quote(request.url.path + query, safe='/')}"


def safe_next(target: str | None, default: str = "/me") -> str:
    """A path of this site to go on to; anything else (another host, a scheme, a backslash) becomes the default."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")) or "\\" in target:
        return default
    parts = urlsplit(target)
    if parts.scheme or parts.netloc or any(ord(c) < 32 for c in target):
        return default
    return target


def set_cookie(request: Request, response: Response, name: str, value: str, *, days: int | None = None) -> None:
    response.set_cookie(
        name,
        value,
        max_age=days * 86400 if days else None,
        path="/",
        httponly=True,
        samesite="lax",
        secure=kernel(request).settings.secure_cookies or request.url.scheme == "https",
    )


def sign_in(request: Request, response: Response, sid: str) -> None:
    """Give the browser its new session; the visitor's identity from before is dropped with its token."""
    set_cookie(request, response, SESSION, sid)
    response.delete_cookie(VISITOR, path="/")
    response.delete_cookie(HALF, path="/")


def sign_out(response: Response) -> None:
    """Nothing of this client is left in the browser for the next one at the same screen."""
    for name in (SESSION, VISITOR, HALF):
        response.delete_cookie(name, path="/")
    forget(response)


def forget(response: Response) -> None:
    """The browser drops what it kept of our pages. Not the cookies: language and size are the screen's own."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    response.headers["Cache-Control"] = "no-store"


def at_counter(state: Mapping[str, Any]) -> bool:
    """Whether a member of staff sits there who sees one client after the other."""
    return state["actor"] is not None and state["actor"].role in STAFF


def shared(state: Mapping[str, Any]) -> bool:
    """Whether the next person sits down at this very screen: a counter, or a kiosk."""
    return state["size"] == "kiosk" or at_counter(state)


def turn(request: Request) -> str:
    """The client whose turn it is at a counter, as a mark that tells nothing; "" anywhere else."""
    state = request.scope["state"]
    return kernel(request).keys.tag("turn", state["sid"])[:12] if at_counter(state) and state["sid"] else ""


def csrf_token(request: Request) -> str:
    """The token for this browser's forms; a browser without any identity gets one with the page."""
    state = request.scope["state"]
    token: str | None = state.get("csrf")
    if token is None:
        bound = state.get("sid") or state.get("visitor")
        if not bound:
            bound = state["visitor"] = state["new_visitor"] = secrets.token_urlsafe(18)
        token = state["csrf"] = kernel(request).keys.tag("csrf", bound)
    return token


def keep_visitor(request: Request, response: Response) -> None:
    """Send the cookie that `csrf_token` made up for a browser that had none."""
    made = request.scope["state"].get("new_visitor")
    if made:
        set_cookie(request, response, VISITOR, made)


class Door:
    """ASGI middleware before every page: cookies in, actor found, posts parsed and checked once."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        send = _with_headers(send)
        state = scope.setdefault("state", {})
        state.update(actor=None, sid=None, visitor=None, language="zh", size="normal")
        headers = Headers(scope=scope)
        is_open = scope["path"].startswith(_OPEN)
        if scope["method"] not in ("GET", "HEAD", "OPTIONS"):
            files = not is_open and posted.has_files(headers)
            receive = posted.within(receive, posted.MAX_READ if files else posted.MAX_BODY)
        if is_open:
            await self.app(scope, receive, send)
            return
        _read_cookies(headers.get("cookie", ""), state)
        if state["sid"]:
            seen = await office_access.session_view(state["sid"])
            if seen is None:
                state["sid"] = None
            else:
                state["actor"] = seen.actor
                if seen.idle_s and time.time() - seen.seen_at >= office_actions.SEEN_EVERY_S:
                    await office_actions.touch(state["sid"])
        if scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        try:
            state["form"] = await _checked_form(request, headers)
        except RequestError as error:
            await errors.respond(request, error)(scope, receive, send)
            return
        try:
            await self.app(scope, receive, send)
        finally:
            await state["form"].close()


CSP = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)


_HEADERS = [
    (b"content-security-policy", CSP.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"same-origin"),
    (b"permissions-policy", b"geolocation=(), microphone=(), payment=()"),
]


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *_HEADERS]
        await send(message)

    return send_with_headers


def _read_cookies(header: str, state: dict[str, object]) -> None:
    """Our own cookies, which never need quoting; http.cookies' full grammar costs as much as a query."""
    cookies = {}
    for pair in header.split(";"):
        name, equals, value = pair.strip().partition("=")
        if equals:
            cookies[name] = value
    state["sid"] = cookies.get(SESSION) or None
    state["visitor"] = cookies.get(VISITOR) or None
    if cookies.get(LANGUAGE) == "en":
        state["language"] = "en"
    if cookies.get(SIZE) in ("large", "kiosk"):
        state["size"] = cookies[SIZE]


async def _checked_form(request: Request, headers: Headers) -> FormData:
    """The post's fields. Raises NotAllowed where it did not come from a page of ours, TooLarge over the limits."""
    site = headers.get("sec-fetch-site", "")
    origin = headers.get("origin", "")
    if site in ("cross-site", "same-site") or (
        origin and origin != "null" and urlsplit(origin).netloc != headers.get("host", "")
    ):
        raise NotAllowed("cross-origin", code="csrf")
    form = await posted.read(request)
    given = form.get(CSRF_FIELD)
    state = request.scope["state"]
    bound = state.get("sid") or state.get("visitor")
    if (
        not bound
        or not isinstance(given, str)
        or not hmac.compare_digest(given.encode(), kernel(request).keys.tag("csrf", bound).encode())
    ):
        await form.close()
        if too_large := posted.over_the_limit(form):
            raise TooLarge("A file is too large.", what=too_large)
        state["stale_form"] = form  # what was written in it is offered again: see `errors.respond`
        raise NotAllowed("stale page", code="csrf")
    try:
        posted.refuse_unreadable(form)
    except RequestError:
        await form.close()
        raise
    return form
