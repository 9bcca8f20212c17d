"""Answers as they will be filed, for the page where one checks them before sending, and for staff who read them.

Knows plan and answers; asks nothing, so there is not one input in what it draws.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.judge.schema import token
from forms.engine import marks, uploads
from forms.engine.areas import Areas, full_name
from forms.engine.html import esc, id_of
from forms.engine.plan import Node, Plan, Question, awaits
from forms.engine.rows import extra_names

if TYPE_CHECKING:
    from core.judge.filling import Filling

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Line:
    """One answer in words. `deep` is 0 at the top; a line without words is the title of those below it."""

    at: str
    title: str
    words: str
    deep: int
    picture: str = ""
    """The data URL of a picture that is the answer, or its first page."""


def lines(plan: Plan, answers: Any, filling: Filling | None, areas: Areas | None) -> list[Line]:
    """Every answer of an active question, in the order of the form; blanks are left out."""
    found: list[Line] = []
    _place(plan, plan.root, answers, "", (0, found, filling, areas))
    return found


def _place(plan: Plan, question: Question, value: Any, at: str, more: tuple[int, list[Line], Any, Any]) -> None:
    deep, found, filling, areas = more
    if filling is not None and at in filling.values:
        value = filling.claimed.get(at, filling.values[at])
    if value is None and question.required and awaits(question, node := plan.node(question)):
        found.append(Line(at, node.title, plan.words["awaited_said"], max(deep - 1, 0)))
        return
    if value is None or value in ("", {}, []) or deep > _DEEPEST:
        return
    node = plan.node(question, value)
    if node.kind == "hidden" or node.widget.name == "password":
        return
    if node.kind == "group" and isinstance(value, Mapping):
        if at:
            found.append(Line(at, node.title, "", deep - 1))
        for inner in node.fields:
            _place(plan, inner, value.get(inner.name), at + inner.key, (deep + 1, found, filling, areas))
        if (further := node.further) is not None:
            for name in extra_names(node, value):
                asked = plan.node(further.question(name), value[name])
                found.append(Line(f"{at}/{token(name)}", name, said(asked, value[name], plan.words, areas), deep))
    elif node.kind == "rows" and isinstance(value, list):
        found.append(Line(at, node.title, "", max(deep - 1, 0)))
        for i, row in enumerate(value):
            entry = node.first[i] if i < len(node.first) else node.rest
            if entry is not None:
                _row(plan, entry, row, f"{at}/{i}", (deep, found, filling, areas), i)
    else:
        shown = uploads.picture(value) if node.kind in ("file", "signature") else ""
        found.append(Line(at, node.title, said(node, value, plan.words, areas), max(deep - 1, 0), shown))


def _row(plan: Plan, inner: Question, row: Any, at: str, more: tuple[int, list[Line], Any, Any], i: int) -> None:
    deep, found, _, areas = more
    node = plan.node(inner, row)
    title = plan.words["entry"].format(n=i + 1)
    if node.kind in ("group", "rows"):
        start = len(found)
        _place(plan, inner, row, at, (deep + 1, *more[1:]))
        if len(found) > start:
            found[start] = Line(at, title, "", deep)
    elif row is not None:
        found.append(Line(at, title, said(node, row, plan.words, areas), deep))


def said(node: Node, value: Any, words: Mapping[str, str], areas: Areas | None) -> str:
    """One answer in words."""
    if node.widget.name == "area" and isinstance(value, str):
        return full_name(areas, value)
    if node.kind in ("file", "signature") and str(value).startswith("data:"):
        return words["signed"] if node.kind == "signature" else uploads.name_of(value) or words["file_none"]
    return marks.shown(value, node, words)


def draw(found: list[Line], change: str) -> str:
    """A description list; `change` is the word of the link back to the question, "" for no links."""
    html = ['<dl class="lf-review">']
    for line in found:
        indent = f" lf-deep-{min(line.deep, 4)}" if line.deep else ""
        if not line.words:
            html.append(f'<div class="lf-line lf-head{indent}"><dt>{esc(line.title)}</dt><dd></dd></div>')
            continue
        link = ""
        if change:
            link = f' <a href="#{esc(id_of(line.at))}">{change}<span class="lf-sr">{esc(line.title)}</span></a>'
        said = esc(line.words)
        if line.picture:
            said = f'<img class="lf-picture" alt="" src="{esc(line.picture)}"> {said}'
        html.append(f'<div class="lf-line{indent}"><dt>{esc(line.title)}</dt><dd>{said}{link}</dd></div>')
    html.append("</dl>")
    return "".join(html)
