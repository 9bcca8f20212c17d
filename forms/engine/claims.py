"""校核纠错: what the applicant declares instead of a held value, in a box of the field's own widget.

Knows one question; its names are those of the question with a mark before them, so that a held value is never read
from the post, and a declared one never taken for a held one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from forms.engine.page import Page
from forms.engine.plan import Node, Question

if TYPE_CHECKING:
    from forms.engine.render import Renderer

MARK = "_claim:"
_WHOLE = ("group", "rows", "none", "hidden", "file", "signature")
"""Kinds without a box of their own: there one says that it is wrong, and hands in what proves it."""


def boxed(question: Question, node: Node, words: Mapping[str, str]) -> tuple[Question, Node] | None:
    """The question as it is asked once more, optional and open to writing; None where its widget is no single box."""
    if node.kind in _WHOLE or node.widget.name == "password":
        return None
    fresh = replace(question, required=False, fixed=[])
    return fresh, replace(node, title=words["claim"].format(title=node.title), read_only=False)


def draw(renderer: Renderer, question: Question, node: Node, at: str, page: Page) -> str:
    """The box beside one held value, none where one box cannot hold it, and what the caller wants under it.

    Its error is the one of the held place.
    """
    known = renderer.claims.get((id(question), id(node)))
    if known is None:
        known = (question, node, boxed(question, node, renderer.words))
        renderer.claims[id(question), id(node)] = known
    under = page.under(at, node.title) if page.under is not None else ""
    if known[2] is None:
        return under
    name = MARK + at
    value = page.filling.claimed.get(at) if page.filling is not None else None
    alone = replace(page, errors={name: page.errors[at]} if at in page.errors else {}, filling=None)
    html = renderer.apart(*known[2], value, name, alone)
    return f'<div class="lf-claim"><p class="lf-hint">{renderer.words["claim_text"]}</p>{html}</div>{under}'
