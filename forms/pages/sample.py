"""`…/samples/{material}`: the filled-in example 样张 of a paper that the applicant has to bring, to read and to print.

Knows the item as the page that leads here reads it: the guide as it stands, a draft and a case in their own version.
"""

from __future__ import annotations

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from core.cases import access
from core.cases.draft_view import DraftView
from core.cases.letters import render
from core.catalog import versions
from core.contract import Actor, Item
from core.errors import NotFound
from core.kernel import Kernel
from core.web import session
from core.web.rendering import page
from forms.pages.posting import of_draft
from forms.pages.said import said, speak, title


async def of_item(request: Request) -> Response:
    """Raises NotFound where the item is not offered, or the paper has none."""
    id = request.path_params["id"]
    core = session.kernel(request)
    if not core.offers(id):
        raise NotFound(id)
    return show(request, core.catalog.items[id], back=f"/items/{id}")


@of_draft
async def of_the_draft(request: Request, core: Kernel, actor: Actor, found: DraftView) -> Response:
    return show(request, found.item, back=f"/drafts/{found.id}", private=True)


async def of_case(request: Request) -> Response:
    case = await access.case(session.kernel(request), session.actor(request), request.path_params["no"])
    item = await versions.item_by_digest(case.version)
    return show(request, item, back=f"/cases/{case.no}", private=True)


def show(request: Request, item: Item, *, back: str, private: bool = False) -> Response:
    id = request.path_params["material"]
    for n, material in enumerate(item.materials):
        if material.id == id and material.declared.get("sample"):
            speak(request, item)
            language = request.state.language
            context = {
                "material": said(item, language, f"item.json#/materials/{n}/title", material.title),
                "note": said(item, language, f"item.json#/materials/{n}/note", material.declared.get("note") or ""),
                "item": title(item, language),
                "back": back,
                "text": Markup(render(item, material.declared["sample"], {})),  # escaped by the sandbox
            }
            return page(request, "forms/sample.html", context, private=private)
    raise NotFound(id)
