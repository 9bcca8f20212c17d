"""`/track`: progress by number and tracking code, without signing in.

A wrong number and a wrong code get the same answer, and both are counted.
"""

from __future__ import annotations

import time
from collections import OrderedDict, deque

from starlette.requests import Request
from starlette.responses import Response

from core.cases import access
from core.errors import NotFound, TooMany
from core.web.rendering import page
from core.web.session import form_data, kernel
from forms.pages.outcome import receipt_of
from forms.pages.verify import stamp

TRIES = 20
WINDOW_S = 15 * 60
_tries: OrderedDict[str, deque[float]] = OrderedDict()
"""Wrong tries by client address, in this process; beside it stands the count per case, in the database."""


async def track(request: Request) -> Response:
    return form(request, no=request.query_params.get("no", "")[:40])


async def track_post(request: Request) -> Response:
    core, posted = kernel(request), form_data(request)
    no, code = (str(posted.get(key) or "").strip()[:40] for key in ("no", "code"))
    who = request.client.host if request.client else ""
    if spent(who):
        raise TooMany(retry_after=WINDOW_S)
    try:
        case = await access.case_by_code(core, no, code)
    except (NotFound, TooMany):
        # A case that is locked answers like a number that does not exist: neither tells that it does.
        count(who)
        return form(request, no=no, wrong=True, status=404)
    view = receipt_of(core, case, request.state.language, known=False)
    context = {
        "view": view,
        "answers": (),
        "changes": (),
        "overtaken": False,
        "tracking_code": "",
        "fresh": False,
        "problems": (),
        "stamp": stamp(core, case),
    }
    return page(request, "forms/receipt.html", context, private=True)


def form(request: Request, *, no: str, wrong: bool = False, status: int = 200) -> Response:
    return page(request, "forms/track.html", {"no": no, "wrong": wrong}, status=status, private=True)


def spent(who: str) -> bool:
    tries = _tries.get(who, deque())
    while tries and tries[0] < time.monotonic() - WINDOW_S:
        tries.popleft()
    return len(tries) >= TRIES


def count(who: str) -> None:
    _tries.setdefault(who, deque()).append(time.monotonic())
    _tries.move_to_end(who)
    while len(_tries) > 10_000:
        _tries.popitem(last=False)
