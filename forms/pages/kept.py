"""What a refused post wrote on a page that has no draft: shown again by the page's own address, for ten minutes.

Sealed in a cookie of that address, bound to the session; knows no page. Passwords are never given to it.
"""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from core.sealing import SealBroken
from core.web.carried import from_our_page
from core.web.session import kernel
from forms.pages.again import WRONG, flags

COOKIE = "lb_wrong"
SECONDS = 600
MOST = 3600
"""Characters: a browser keeps 4096 of a cookie, its name and path included."""
_PLACE = "cookie.wrong"


def lead_back(request: Request, said: Mapping[str, Any], *, query: str = "") -> Response | None:
    """To the address of this post, which tells what `said` holds; None where that is more than a cookie takes, and for
    a program, which has no Back button and reads the status."""
    if not from_our_page(request.headers):
        return None
    state = request.scope["state"]
    held = {"of": state["sid"] or state["visitor"], "until": int(time.time()) + SECONDS, "said": said}
    sealed = kernel(request).keys.seal(json.dumps(held, ensure_ascii=False).encode(), _PLACE)
    value = base64.urlsafe_b64encode(sealed).decode()
    if len(value) > MOST:
        return None
    path = request.scope["path"]
    response = RedirectResponse(f"{path}?{query}&{WRONG}" if query else f"{path}?{WRONG}", status_code=303)
    secure = kernel(request).settings.secure_cookies or request.url.scheme == "https"
    response.set_cookie(COOKIE, value, max_age=SECONDS, path=path, httponly=True, samesite="lax", secure=secure)
    response.headers["Cache-Control"] = "no-store"
    return response


def kept(request: Request) -> dict[str, Any]:
    """What this address is to tell; {} for any other address, session or time."""
    value = request.cookies.get(COOKIE, "")
    if not value or WRONG not in flags(request):
        return {}
    try:
        held = json.loads(kernel(request).keys.open(base64.urlsafe_b64decode(value), _PLACE))
    except (SealBroken, ValueError):
        return {}
    state = request.scope["state"]
    mine = held["of"] == (state["sid"] or state["visitor"]) and held["until"] > time.time()
    return dict(held["said"]) if mine else {}
