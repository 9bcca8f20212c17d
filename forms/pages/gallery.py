"""`/gallery`: every widget and construct of the form engine with the schema that makes it, for authors.

Knows the exhibits. What is sent here is read, judged and shown again as an item's page would; nothing is kept.
"""

from __future__ import annotations

import json
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from core.errors import NotFound
from core.web.rendering import page
from core.web.session import CSRF_FIELD, form_data
from forms.engine.gallery import Entry, entries

OURS = frozenset({CSRF_FIELD, "action"})


async def gallery(request: Request) -> Response:
    titles = [one.title for one in entries(request.state.language)]
    return page(request, "forms/gallery.html", {"titles": titles})


async def exhibit(request: Request) -> Response:
    """One exhibit a page, so that names and ids stand alone as they do in a real form."""
    wrong = request.scope["query_string"] == b"wrong"
    one, number, last = _entry(request, wrong=wrong)
    return _page(request, one, number, last, {"wrong": wrong, "fields": one.html})


async def exhibit_post(request: Request) -> Response:
    one, number, last = _entry(request, wrong=False)
    language = request.state.language
    pairs = [(key, value) for key, value in form_data(request).multi_items() if key not in OURS]
    reading = one.form.read(pairs, language=language)
    # A button of the form, or the script that asks for the questions anew: nothing is told yet.
    asked = reading.action or form_data(request).get("action") == "part"
    problems = reading.lost
    if not asked:
        found = one.form.problems(one.form.prune(reading.answers), language, texts=one.texts)
        problems = reading.told(found)
    fields = one.form.render(reading.answers, problems, language, texts=one.texts, raw=reading.raw, areas=one.areas)
    context = {
        "fields": fields,
        "problems": problems,
        "summary": one.form.summary(problems, language),
        "read": json.dumps(one.form.prune(reading.answers), ensure_ascii=False, indent=2) if not asked else "",
        "review": one.form.review(reading.answers, language, texts=one.texts, areas=one.areas),
    }
    return _page(request, one, number, last, context, status=422 if problems else 200)


def _entry(request: Request, *, wrong: bool) -> tuple[Entry, int, int]:
    number = request.path_params["number"]
    shown = entries(request.state.language, wrong=wrong)
    if not 1 <= number <= len(shown):
        raise NotFound("没有这一页。")
    return shown[number - 1], number, len(shown)


def _page(request: Request, one: Entry, number: int, last: int, more: dict[str, Any], *, status: int = 200) -> Response:
    context = {
        "number": number,
        "last": last,
        "wrong": False,
        "problems": (),
        "summary": "",
        "read": "",
        "review": "",
        "entry": one,
        "schema": json.dumps(one.schema, ensure_ascii=False, indent=2),
        "ui": json.dumps(one.ui, ensure_ascii=False, indent=2) if one.ui else "",
        "texts": json.dumps(one.texts, ensure_ascii=False, indent=2) if one.texts else "",
        **more,
    }
    return page(request, "forms/exhibit.html", context, status=status)
