"""The page of a draft, drawn once for each shape it can have, then filled by joining strings.

Knows which values a shape leaves open. It draws with the page's own template, so the two never differ.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse

from core.contract import Actor
from core.web import session
from core.web.rendering import environment, unremembered
from forms.pages.sheet import Sheet

_MARK = f"lb{secrets.token_hex(8)}x"
"""Letters and digits only, so that neither HTML nor a URL changes it; new for each process, so nobody can write it."""
_HOLE = re.compile(f"{_MARK}([a-z0-9]+)z")
MOST = 500
TEMPLATE = "forms/draft.html"

Shape = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Skeleton:
    """Text and names of holes in turn, starting and ending with text."""

    parts: tuple[str, ...]

    def filled(self, values: Mapping[str, str]) -> str:
        found = list(self.parts)
        for place in range(1, len(found), 2):
            found[place] = values[found[place]]
        return "".join(found)


_drawn: dict[Shape, Skeleton] = {}


def is_plain(view: Sheet) -> bool:
    """Whether nothing rare is on the page: then its shape recurs, and drawing it once pays."""
    return not (
        view.summary
        or view.down
        or view.refusal
        or view.lent
        or view.late
        or view.of
        or any(one.files for one in view.materials)
    )


def draft_page(request: Request, view: Sheet, *, saved: bool) -> HTMLResponse:
    """What `rendering.page` would give for a plain view."""
    state = request.scope["state"]
    actor: Actor = state["actor"]
    core = session.kernel(request)
    place = core.office.place
    materials = tuple((one.id, one.look, one.ask, one.promised, not one.at) for one in view.materials)
    language, size = state["language"], state["size"]
    shape = (
        view.digest,
        language,
        state.get("wanted"),
        size,
        actor.role,
        place,
        not view.agent,
        view.changed,
        saved,
        view.uploads,
        materials,
    )
    skeleton = _drawn.get(shape)
    if skeleton is None:
        if len(_drawn) >= MOST:
            _drawn.clear()
        skeleton = _drawn[shape] = _draw(request, view, saved=saved)
    values = {
        "token": session.csrf_token(request),
        "turn": session.turn(request),
        "name": str(escape(actor.name)),
        "path": str(escape(request.scope["path"])),
        "id": view.id,
        "revision": str(view.revision),
        "applicant": str(escape(view.applicant)),
        "agent": str(escape(view.agent)),
        "expires": view.expires,
        "fields": view.fields,
    }
    for n, one in enumerate(view.materials):
        values[f"how{n}"] = str(escape(one.how))
        values[f"at{n}"] = one.at
    html = skeleton.filled(values)
    response = HTMLResponse(unremembered(html) if session.shared(state) else html)
    response.headers["Content-Language"] = "zh-CN" if state["language"] == "zh" else state["language"]
    response.headers["Cache-Control"] = "no-store"
    response.headers["Vary"] = "Cookie"
    return response


def _draw(request: Request, view: Sheet, *, saved: bool) -> Skeleton:
    state = request.scope["state"]

    def hole(name: str) -> str:
        return f"{_MARK}{name}z"

    field = Markup(f'<input type="hidden" name="{session.CSRF_FIELD}" value="{hole("token")}">')
    open_view = replace(
        view,
        id=hole("id"),
        revision=hole("revision"),  # type: ignore[arg-type]  # a hole stands where the number will
        applicant=hole("applicant"),
        agent=hole("agent") if view.agent else "",
        expires=hole("expires"),
        fields=hole("fields"),
        materials=tuple(
            replace(one, how=hole(f"how{n}"), at=hole(f"at{n}") if one.at else "")
            for n, one in enumerate(view.materials)
        ),
    )
    html = (
        environment(state["language"])
        .get_template(TEMPLATE)
        .render(
            {
                "request": request,
                "actor": replace(state["actor"], name=hole("name")),
                "language": state["language"],
                "size": state["size"],
                "path": hole("path"),
                "csrf_field": lambda: field,
                "demo": session.kernel(request).settings.demo,
                "turn": hole("turn") if session.at_counter(state) else "",
                "view": open_view,
                "problems": (),
                "saved": saved,
                "removed": False,
                "more": False,
                "papers": False,
                "ready": False,
                "changed": (),
                "stale": False,
                "correction": None,
            }
        )
    )
    return Skeleton(tuple(_HOLE.split(html)))
