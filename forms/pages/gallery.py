"""`/gallery`: every widget and construct of the form engine with the schema that makes it, for authors.

Knows the exhibits; nothing typed here is sent anywhere.
"""

from __future__ import annotations

import json

from starlette.requests import Request
from starlette.responses import Response

from core.errors import NotFound
from core.web.rendering import page
from forms.engine.gallery import entries


async def gallery(request: Request) -> Response:
    titles = [one.title for one in entries(request.state.language)]
    return page(request, "forms/gallery.html", {"titles": titles})


async def exhibit(request: Request) -> Response:
    """One exhibit a page, so that names and ids stand alone as they do in a real form."""
    number, wrong = request.path_params["number"], request.scope["query_string"] == b"wrong"
    shown = entries(request.state.language, wrong=wrong)
    if not 1 <= number <= len(shown):
        raise NotFound("没有这一页。")
    one = shown[number - 1]
    context = {
        "number": number,
        "last": len(shown),
        "wrong": wrong,
        "entry": one,
        "schema": json.dumps(one.schema, ensure_ascii=False, indent=2),
        "ui": json.dumps(one.ui, ensure_ascii=False, indent=2) if one.ui else "",
    }
    return page(request, "forms/exhibit.html", context)
