"""A post whose session is over or was replaced: what was written is carried over the sign-in instead of thrown away.

Knows no page it came from; shows the fields to nobody but the browser that just sent them, sends nothing by itself.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from urllib.parse import urlsplit

from starlette.datastructures import FormData, Headers
from starlette.requests import Request
from starlette.responses import Response

from core.web import rendering

FIELD = "_carried"
MOST_BYTES = 200_000
_NEVER = frozenset({"_csrf", "password", "code", FIELD})
"""Tokens and secrets: a new page has its own, and nobody's password lies in a page."""
_NOT_FROM = ("/login", "/logout", "/look")

Pairs = Sequence[tuple[str, str]]


def from_our_page(headers: Headers) -> bool:
    """Whether the browser itself says that a page of this site sent the post; what says nothing is not believed."""
    origin = headers.get("origin", "")
    return bool(origin) and urlsplit(origin).netloc == headers.get("host", "")


def pairs_of(request: Request, form: FormData) -> Pairs | None:
    """What can be carried; None for sign-in itself and for more than a page can hold. Files cannot be."""
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


def page(
    request: Request, path: str, pairs: Pairs, *, login: str = "", wrong: str = "", elsewhere: bool = False, status: int
) -> Response:
    """Signed in: one button sends it again. Not signed in: the sign-in, with what was written behind it.

    `elsewhere`: this account needs a second step, which is done in another window.
    """
    context = {
        "target": path,
        "pairs": pairs,
        "packed": packed(pairs),
        "login": login,
        "wrong": wrong,
        "elsewhere": elsewhere,
    }
    return rendering.page(request, "carried.html", context, status=status, private=True)
