"""A post without a draft that went wrong leads to its own address, which says so: see `core.web.kept`.

Knows which word of an address says that something is to be told.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from core.web.kept import kept as kept_here
from core.web.kept import lead_to
from forms.pages.again import WRONG, flags

__all__ = ["kept", "lead_back", "lead_to"]


def lead_back(request: Request, said: Mapping[str, Any], *, query: str = "", at: str = "") -> Response | None:
    """To `at`, else the address of this post, which tells by `said` what was wrong; None where `lead_to` gives none."""
    state = request.scope["state"]
    flag = f"{query}&{WRONG}" if query else WRONG
    return lead_to(request, at or request.scope["path"], said, of=state["sid"] or state["visitor"], query=flag)


def kept(request: Request, flag: str = WRONG) -> dict[str, Any]:
    """What this address is to tell; {} for any other address, session or time."""
    return kept_here(request) if flag in flags(request) else {}
