"""What a post without a draft has led to: shown by an address of its own, so that 后退 and reload find it, ten minutes.

Sealed in a cookie of that address, bound to the session or visitor; knows no page. Passwords are never given to it.
"""

from __future__ import annotations

import base64
import json
import time
import zlib
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.sealing import SealBroken
from core.web import session

COOKIE = "lb_wrong"
SECONDS = 600
MOST = 3600
"""Characters: a browser keeps 4096 of a cookie, its name and path included."""


def from_our_page(headers: Headers) -> bool:
    """Whether the browser itself says that a page of this site sent the post; what says nothing is not believed."""
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("host", "")


def lead_to(request: Request, path: str, said: Mapping[str, Any], *, of: str, query: str = "") -> Response | None:
    """To an address that shows `said` to the session or visitor `of`; None where that is more than a cookie takes, and
    for a program, which has no Back button and reads the status."""
    if not from_our_page(request.headers):
        return None
    visitor = of == request.scope["state"]["visitor"]
    held = {"of": of, "visitor": visitor, "until": int(time.time()) + SECONDS, "said": said}
    plain = zlib.compress(json.dumps(held, ensure_ascii=False).encode(), 9)
    sealed = session.kernel(request).keys.seal(plain, _place(path))
    value = base64.urlsafe_b64encode(sealed).decode()
    if len(value) > MOST:
        return None
    response = RedirectResponse(f"{path}?{query}" if query else path, status_code=303)
    secure = session.kernel(request).settings.secure_cookies or request.url.scheme == "https"
    response.set_cookie(_cookie(path), value, max_age=SECONDS, path=path, httponly=True, samesite="lax", secure=secure)
    response.headers["Cache-Control"] = "no-store"
    return response


def _place(path: str) -> str:
    """Bound in: what one address is to tell does not open at another."""
    return f"cookie.wrong {path}"


def _cookie(path: str) -> str:
    """One for each address: that of `/login` is sent to `/login/second` too."""
    return f"{COOKIE}_{zlib.crc32(path.encode()):08x}"


def kept(request: Request) -> dict[str, Any]:
    """What this address is to tell; {} for any other address, session or time."""
    path = request.scope["path"]
    value = request.cookies.get(_cookie(path), "")
    if not value:
        return {}
    try:
        sealed = base64.urlsafe_b64decode(value)
        held = json.loads(zlib.decompress(session.kernel(request).keys.open(sealed, _place(path))))
    except (SealBroken, ValueError, zlib.error):
        return {}
    state = request.scope["state"]
    # The id of a session that is over opens nothing either when it is sent in place of a visitor's.
    whose = state["visitor"] if held["visitor"] and not state["sid"] else state["sid"]
    mine = held["of"] == whose and held["until"] > time.time()
    return dict(held["said"]) if mine else {}
