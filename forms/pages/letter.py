"""`/letters/{id}`: one further letter of a case, for its reader to read and to print.

Knows only what `sent_reads` gives this actor.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from core.cases import sent_reads
from core.cases.sent_reads import SentLetter
from core.judge.retelling import own_words
from core.kernel import LEGAL_TIME, Kernel
from core.web import session
from core.web.rendering import page
from forms.pages.said import title
from forms.pages.sheet import day


@dataclass(frozen=True, slots=True)
class MyLetter:
    id: str
    title: str
    number: str
    no: str
    item: str
    at: str
    firm: str = ""


async def letter(request: Request) -> Response:
    """`?firm=`: a letter to the firm that the reader speaks for. Raises NotFound for who is not its reader."""
    core, actor = session.kernel(request), session.actor(request)
    firm = request.query_params.get("firm", "").strip().upper()[:30]
    one = await sent_reads.letter(core, actor, request.path_params["id"], firm=firm)
    context = {
        "letter": line_of(core, one, request.state.language),
        "text": Markup(one.text),  # escaped by the sandbox
        "mine": one.mine,
    }
    return page(request, "forms/letter.html", context, private=True)


def line_of(core: Kernel, one: SentLetter, language: str, *, firm: str = "") -> MyLetter:
    item = core.catalog.items.get(one.item)
    own = own_words(item, language) if item else {}
    at = day(one.at.astimezone(LEGAL_TIME).date(), language)
    named = title(item, language) if item else one.item_title
    return MyLetter(one.id, own.get(one.title, one.title), one.number, one.no, named, at, firm)
