"""Lists and further properties: their rows on the page, and what the buttons add, remove and move.

Works by named submit buttons, so nothing here needs JavaScript. Knows no single widget.
"""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.judge.schema import parts_of, token
from forms.engine.codec import ANY
from forms.engine.html import esc, id_of, sentence

if TYPE_CHECKING:
    from forms.engine.page import Page
    from forms.engine.plan import Node, Question
    from forms.engine.render import Renderer

MAX_CARRIED = 100
MAX_FIXED = 24
"""Steps of a pointer below which blank rows in fixed places are not offered any more."""
EXTRA = "~+"
"""Starts the virtual name of a further property; no JSON Pointer may contain it, so nothing collides."""


def draw_rows(renderer: Renderer, question: Question, node: Node, value: Any, at: str, page: Page) -> str:
    """The rows of a list with their buttons, at least as many as the schema wants."""
    rows = value if isinstance(value, list) else []
    fixed = len(node.first)
    # A fixed row may be a list that contains itself: a blank one inside a blank one is not offered.
    endless = id(node.flat) in page.trail or at.count("/") > MAX_FIXED
    count = len(rows) if endless else max(len(rows), fixed)
    if node.rest is not None and not renderer.circular(node, page):
        count = max(count, min(node.fewest, node.most), 1 if question.required and not fixed else 0)
    words = renderer.words
    html = [f'<input type="hidden" name="_seen:{esc(at)}" value="{"[]" if value == [] else ""}">']
    editable = not node.read_only
    outer = page.trail
    try:
        for i in range(count):
            # A row that is there may contain what contains it; a blank one offered may not, or it would never end.
            page.trail = () if i < len(rows) else (*outer, id(node.flat))
            inner = node.first[i] if i < fixed else node.rest
            if inner is None:
                # Further rows that nobody asks for and the schema allows: a draft does not lose them.
                if node.schema.get("items") is not False:
                    html += [_kept(f"{at}/{j}", rows[j]) for j in range(i, min(count, i + MAX_CARRIED))]
                break
            row = rows[i] if i < len(rows) else None
            here = f"{at}/{i}"
            html.append('<div class="lf-row">')
            if i < len(rows):
                html.append(_marker(here, row, renderer.plan.node(inner, row)))
            html.append(renderer.whole(inner, row, here, page, number=None if i < fixed else i + 1))
            if i >= fixed and editable:
                html.append(_buttons(node, here, i, (fixed, len(rows)), words))
            html.append("</div>")
    finally:
        page.trail = outer
    if node.rest is not None and editable and count < node.most and node.ui.get("addable") is not False:
        named = node.title and node.title != question.name
        word = words["add"].format(title=node.title) if named else words["add_one"]
        html.append(_button("lf-add", "_add", at, word))
    return "\n".join(html)


def _kept(here: str, row: Any) -> str:
    return f'<input type="hidden" name="{esc(here)}" value="{esc(ANY.show(row))}">'


def _marker(here: str, row: Any, node: Node, *, entry: bool = False) -> str:
    """Says that this row is there although its boxes may be blank. A blank row just added is not; `entry`: but a
    further property that was just begun is `new`."""
    if isinstance(row, (Mapping, list)):
        kind = "1"
    elif row == "":
        kind = "blank"
    elif row is None and (node.nullable or not node.schema or node.kind == "none"):
        kind = "null"
    elif row is None and entry:
        kind = "new"
    else:
        return ""
    return f'<input type="hidden" name="_row:{esc(here)}" value="{kind}">'


def _buttons(node: Node, here: str, i: int, bounds: tuple[int, int], words: Mapping[str, str]) -> str:
    first, count = bounds
    html = ['<div class="lf-row-buttons">']
    if node.ui.get("orderable") is not False and count - first > 1 and i < count:
        if i > first:
            html.append(_button("lf-move", "_up", here, words["up"].format(n=i + 1)))
        if i < count - 1:
            html.append(_button("lf-move", "_down", here, words["down"].format(n=i + 1)))
    if node.ui.get("removable") is not False and i < count:
        html.append(_button("lf-remove", "_remove", here, words["remove"].format(n=i + 1)))
    html.append("</div>")
    return "".join(html)


def _button(css: str, name: str, value: str, word: str) -> str:
    """The id lets a script put the focus back where it was after the questions were drawn anew."""
    return (
        f'<button type="submit" class="{css}" id="{name}:{esc(id_of(value))}" name="{name}" value="{esc(value)}" '
        f"formnovalidate>{esc(word)}</button>"
    )


# --- further properties ----------------------------------------------------------------------------------


def extra_names(node: Node, value: Any) -> list[str]:
    """The keys of an answer that no question of the group asks for."""
    if not isinstance(value, Mapping):
        return []
    asked = node.schema.get("properties") or {}
    return [name for name in value if name not in asked]


def draw_extras(renderer: Renderer, question: Question, node: Node, value: Any, at: str, page: Page) -> str:
    """A name and a content per further property, under the editor that its name belongs to."""
    further = node.further
    if further is None:
        return ""
    names = extra_names(node, value)
    editors = [*further.patterns, *([further.rest] if further.rest is not None else [])]
    placed: dict[int, list[tuple[int, str]]] = {k: [] for k in range(len(editors))}
    for i, name in enumerate(names):
        # What belongs to no editor is shown under the one it was written in, else the last: nothing gets lost.
        said = further.said(page.raw.get(f"_kind:{at}/{token(name)}")) if further.rest is None else None
        fitting = further.fits(name)
        k = fitting[0] if fitting else said if said is not None else len(editors) - 1
        placed[k].append((i, name))
    return "\n".join(
        _draw_editor(renderer, node, k, editor, placed[k], value, at, page) for k, editor in enumerate(editors)
    )


def _draw_editor(
    renderer: Renderer,
    node: Node,
    number: int,
    editor: Question,
    entries: list[tuple[int, str]],
    value: Any,
    at: str,
    page: Page,
) -> str:
    """One editor: its entries and the button for a new one; with a heading where several have to be told apart."""
    words, further = renderer.words, node.further
    if further is None:
        return ""
    kind = renderer.plan.node(editor)
    called = kind.title if kind.title != editor.name else ""
    headed = len(further.patterns) + (further.rest is not None) > 1
    html = ['<div class="lf-extras">']
    if headed:
        hint_id = f"{esc(id_of(at))}/{EXTRA}{number}-hint" if kind.hint else ""
        described = f' aria-describedby="{hint_id}"' if hint_id else ""
        heading = called or words["further" if number < len(further.patterns) else "further_rest"]
        html = [f'<fieldset class="lf-extras lf-group"{described}><legend class="lf-label">{esc(heading)}</legend>']
        if hint_id:
            html.append(f'<p class="lf-hint" id="{hint_id}">{esc(kind.hint)}</p>')
    outer = (page.trail, page.errors, page.raw)
    page.trail = ()
    try:
        for n, (i, name) in enumerate(entries):
            here = f"{at}/{EXTRA}{i}"
            place = f"{at}/{token(name)}"
            page.errors = _moved(outer[1], place, here)
            # The id is the property's own pointer, so that the error summary leads to its name.
            html.append(
                f'<div class="lf-row"><div class="lf-field"><label class="lf-label" for="{esc(id_of(place))}">'
                f'{words["name"]}</label><input class="lf-input" type="text" id="{esc(id_of(place))}" '
                f'name="_key:{esc(here)}" value="{esc(name)}">'
                f'<input type="hidden" name="_old:{esc(here)}" value="{esc(name)}"></div>'
            )
            if number < len(further.patterns) and (further.fits(name) or f"_kind:{place}" in page.raw):
                html.append(f'<input type="hidden" name="_kind:{esc(here)}" value="{number}">')
            asked = further.question(name, page.raw.get(f"_kind:{place}"))
            inner = _titled(renderer, asked, words["content"], headed)
            html.append(_marker(here, value[name], renderer.plan.node(inner, value[name]), entry=True))
            html.append(renderer.whole(inner, value[name], here, page))
            html.append(_button("lf-remove", "_remove", place, words["remove"].format(n=n + 1)))
            html.append("</div>")
    finally:
        page.trail, page.errors, page.raw = outer
    if not node.read_only and node.ui.get("addable") is not False:
        word = words["add"].format(title=called) if called else words["add_other"]
        html.append(_button("lf-add", "_add", f"{at}/{EXTRA}{number}", word))
    html.append("</fieldset>" if headed else "</div>")
    return "\n".join(html)


def carry(known: Collection[str], value: Any, at: str) -> str:
    """Hidden inputs for properties that no question asks for and the schema allows: a draft does not lose them."""
    if not isinstance(value, Mapping) or all(name in known for name in value):
        return ""
    html: list[str] = []
    for i, name in enumerate([n for n in value if n not in known][:MAX_CARRIED]):
        here = esc(f"{at}/{EXTRA}{i}")
        html.append(f'<input type="hidden" name="_key:{here}" value="{esc(name)}">')
        html.append(f'<input type="hidden" name="{here}" value="{esc(ANY.show(value[name]))}">')
    return "".join(html)


_titles: dict[tuple[int, str, bool], tuple[Question, Question]] = {}


def _titled(renderer: Renderer, question: Question, title: str, headed: bool) -> Question:
    """The content of a further property is called so, not by its virtual name; under a heading, not by the heading
    once more. Kept, since skeletons go by identity."""
    key = (id(question), title, headed)
    known = _titles.get(key)
    if known is None or known[0] is not question:
        if len(_titles) > 2_000:
            _titles.clear()
        ui = {**question.ui, "ui:title": title, "ui:description": ""} if headed else question.ui
        known = _titles[key] = (question, replace(question, name=title, ui=ui, required=True, fixed=[]))
    return known[1]


def _moved(errors: Mapping[str, str], real: str, here: str) -> dict[str, str]:
    return {
        here + place[len(real) :]: message
        for place, message in errors.items()
        if place == real or place.startswith(real + "/")
    }


# --- what the buttons do ---------------------------------------------------------------------------------

ACTIONS = ("_add", "_remove", "_up", "_down", "_refresh")


def act(answers: Any, action: str, at: str, blank: Any) -> Any:
    """The answers after a button. `blank` is what a new row starts as. An action that fits nothing changes nothing."""
    done = copy.deepcopy(answers)
    names = parts_of(at)
    if isinstance(blank, Entry):
        holder = _holder(done, names[:-1], make=True)
        if isinstance(holder, dict):
            holder.setdefault(blank.name, blank.blank)
        return done
    if action == "_add":
        return _added(done, names, blank)
    if action in ("_remove", "_up", "_down") and names:
        holder = _holder(done, names[:-1])
        last = names[-1]
        if isinstance(holder, dict) and action == "_remove":
            holder.pop(last, None)
        elif isinstance(holder, list) and last.isdigit() and int(last[:6]) < len(holder):
            i = int(last[:6])
            other = {"_up": i - 1, "_down": i + 1}.get(action, -1)
            if action == "_remove":
                del holder[i]
            elif 0 <= other < len(holder):
                holder[i], holder[other] = holder[other], holder[i]
    return done


def renumbered(raw: Mapping[str, str], action: str, at: str) -> dict[str, str]:
    """What was chosen in rows, at the rows' new places."""
    head, _, last = at.rpartition("/")
    if (
        action not in ("_remove", "_up", "_down")
        or not last.isdigit()
        or len(last) > 5
        or (action, last) == ("_up", "0")
    ):
        return dict(raw)
    i = int(last)
    swapped = {"_up": {i: i - 1, i - 1: i}, "_down": {i: i + 1, i + 1: i}}.get(action, {})
    done: dict[str, str] = {}
    for name, value in raw.items():
        marker, _, pointer = name.partition(":")
        row, slash, rest = (
            pointer.removeprefix(f"{head}/").partition("/") if pointer.startswith(f"{head}/") else ("",) * 3
        )
        row, hash_, number = row.partition("#")
        if row.isdigit() and len(row) < 6:
            n = int(row)
            if action == "_remove" and n == i:
                continue
            n = n - 1 if action == "_remove" and n > i else swapped.get(n, n)
            name = f"{marker}:{head}/{n}{hash_}{number}{slash}{rest}"
        done[name] = value
    return done


def _added(done: Any, names: list[str], blank: Any) -> Any:
    if not names:
        return [*done, blank] if isinstance(done, list) else done
    holder = _holder(done, names[:-1], make=True)
    last = names[-1]
    if isinstance(holder, list) and last.isdigit() and int(last[:6]) < len(holder):
        found = holder[int(last[:6])]
        if isinstance(found, list):
            found.append(blank)
    elif isinstance(holder, dict):
        found = holder.get(last)
        if isinstance(blank, _Part):
            holder.setdefault(last, {})
        elif isinstance(found, list):
            found.append(blank)
        else:
            holder[last] = [blank]
    return done


@dataclass(frozen=True, slots=True)
class Entry:
    """A blank that is a further property: the name it starts with, and its content."""

    name: str
    blank: Any


class _Part(dict[str, Any]):
    """A blank that is an optional group itself, not a row of a list."""


def part() -> Any:
    return _Part()


def _holder(value: Any, names: list[str], *, make: bool = False) -> Any:
    for name in names:
        if isinstance(value, dict):
            if make and name not in value:
                value[name] = {}
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name[:6]) < len(value):
            value = value[int(name[:6])]
        else:
            return None
    return value


def offer(node: Node, at: str, words: Mapping[str, str], error: str | None = None) -> str:
    """The button that brings a part that is there only when it is wanted; with what is wrong while it is not there."""
    said, id = words["add_part"].format(title=node.title), esc(id_of(at))
    wrong = by = ""
    if error:
        wrong = f'<p class="lf-error" id="{id}-error"><span class="lf-sr">{words["error"]}</span>{sentence(error)}</p>'
        by = f' aria-describedby="{id}-error"'
    return (
        f'{wrong}<button type="submit" class="lf-add" id="{id}" name="_add" value="{esc(at)}"{by} formnovalidate>'
        f"{esc(said)}</button>"
    )


def withdraw(node: Node, at: str, words: Mapping[str, str]) -> str:
    """The button that takes it away again."""
    said = words["remove_part"].format(title=node.title)
    return (
        f'<input type="hidden" name="_row:{esc(at)}" value="1"><button type="submit" class="lf-remove" '
        f'name="_remove" value="{esc(at)}" formnovalidate>{esc(said)}</button>'
    )
