"""A post whose session is over or was replaced: what was written is carried over the sign-in instead of thrown away.

Knows no page it came from; shows the fields to nobody but the browser that just sent them, sends nothing by itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from core.web import kept, rendering, session

FIELD = "_carried"
MOST_BYTES = 200_000
_NEVER = frozenset({"_csrf", "password", "code", FIELD})
"""Tokens and secrets: a new page has its own, and nobody's password lies in a page."""
AGAIN = "/login/again"
"""Where what was carried is shown: 后退 and reload ask for it, and send nothing a second time."""
_NOT_FROM = ("/login", "/logout", "/look", "/account")
"""Addresses whose posts are passwords and codes, or nothing that was written."""
_DESK = "/admin"
"""Its screens are a counter's, also while nobody is signed in there."""

Pairs = Sequence[tuple[str, str]]


def pairs_of(request: Request, form: FormData) -> Pairs | None:
    """What can be carried; None for sign-in and the own account, and for more than a page can hold. Files cannot be."""
    if request.url.path.startswith(_NOT_FROM):
        return None
    pairs = [(name, one) for name, one in form.multi_items() if isinstance(one, str) and name not in _NEVER]
    size = sum(len(name.encode()) + len(one.encode()) for name, one in pairs)
    return pairs if pairs and size <= MOST_BYTES else None


def packed(pairs: Pairs) -> str:
    return json.dumps(pairs, ensure_ascii=False)


def unpacked(text: object) -> Pairs:
    """() for what no page of ours packed."""
    try:
        found = json.loads(text) if isinstance(text, str) and len(text) <= 2 * MOST_BYTES else []
    except ValueError:
        return ()
    listed = isinstance(found, list) and all(
        isinstance(one, list) and len(one) == 2 and isinstance(one[0], str) and isinstance(one[1], str) for one in found
    )
    return [(name, value) for name, value in found if name not in _NEVER] if listed else ()


def show(request: Request, path: str, pairs: Pairs, *, of: str = "", status: int, **more: Any) -> Response:
    """Lead to the page that shows it to the session or visitor `of`; drawn at once where it is more than an address can
    keep, and on a screen that the next person uses too, whose browser is to keep nothing."""
    state = request.scope["state"]
    back = None
    if not session.shared(state) and not path.startswith(_DESK):
        session.csrf_token(request)  # a browser without any identity gets one, to which it is bound
        said = {"path": path, "pairs": list(pairs), "status": status, **more}
        back = kept.lead_to(request, AGAIN, said, of=of or state["sid"] or state["visitor"])
    if back is None:
        return page(request, path, pairs, status=status, **more)
    session.keep_visitor(request, back)
    return back


def shown(request: Request) -> Response | None:
    """What was carried, at its own address; None where nothing is, or no longer, or where the next person looks too."""
    said = {} if session.shared(request.scope["state"]) else kept.kept(request)
    return page(request, said.pop("path"), said.pop("pairs"), **said) if said else None


def page(
    request: Request, path: str, pairs: Pairs, *, login: str = "", wrong: str = "", elsewhere: bool = False, status: int
) -> Response:
    """Signed in: one button sends it again. Not signed in: the sign-in, with what was written behind it.

    `elsewhere`: this account needs a second step, which is done in another window. `wrong`: why the sign-in failed
    (msgid), told in the language this is read in.
    """
    context = {
        "target": path,
        "pairs": pairs,
        "packed": packed(pairs),
        "login": login,
        "wrong": rendering.translator(request.state.language)(wrong) if wrong else "",
        "elsewhere": elsewhere,
    }
    return rendering.page(request, "carried.html", context, status=status, private=True)
