"""One place with all in it that depends on no answer, rendered once: the skeleton that `render` fills.

Knows plan and templates; what depends on answers it leaves as a hole, with who draws it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from core.judge.clock import read_date
from core.judge.levels import every_property
from core.judge.schema import token
from forms.engine import marks
from forms.engine.areas import Picker
from forms.engine.codec import plain
from forms.engine.html import Holes, Slots, id_of
from forms.engine.marks import Marks
from forms.engine.page import Draft, Page, Skeleton, Sub
from forms.engine.plan import MAX_NESTED, MAX_PLACES, Node, Question, awaits
from forms.engine.rows import carry, draw_extras, draw_rows
from forms.engine.widgets import TEMPLATES

if TYPE_CHECKING:
    from forms.engine.render import Renderer

LIVE = ' data-lf-live=""'
"""Marks a form whose questions depend on answers: the site's script asks the server for it anew on a change."""


class Builder:
    """Builds the skeletons of one form in one language; keeps none."""

    def __init__(self, renderer: Renderer) -> None:
        self.renderer = renderer
        """Draws what is left open here, once there are answers."""
        self.plan = renderer.plan
        self.templates = renderer.templates
        self.words = renderer.words

    def skeleton(
        self,
        question: Question,
        node: Node,
        anchor: str | None,
        below: Marks,
        page: Page,
        numbered: bool,
        areas: Picker | None = None,
    ) -> Skeleton:
        holes, made = Holes(), Skeleton()
        if anchor is None:
            made.name_hole, name = holes.new()
            made.id_hole, id_mark = holes.new()
        else:
            name, id_mark = Markup.escape(anchor), Markup.escape(id_of(anchor))
        draft = Draft(holes, made, name, id_mark, below, page.trail, anchor is not None)
        draft.only = page.only if question is self.plan.root else None
        draft.full = page.full
        if numbered:
            made.number_hole, draft.number = holes.new()
        draft.areas = areas
        html = self._place(draft, question, node, "", ())
        made.parts = holes.split(html)
        made.own = draft.leaf.fill() if draft.leaf else None
        for path, leaves in draft.fills.items():
            fills = [(key, fill) for key, slots in leaves if (fill := slots.fill()) is not None]
            made.groups.append((path, fills))
        return made

    def _place(self, draft: Draft, question: Question, node: Node, rel: str, path: tuple[str, ...]) -> Markup:
        """One place inlined into the skeleton; `rel` is its pointer, `path` its keys, from the anchor."""
        draws, state = self.renderer, draft.marks.state(rel)
        if state == marks.HIDDEN:
            return Markup("")
        draft.made.places += 1
        f = self._facts(draft, question, node, rel, state)
        slots = Slots(draft.holes, node, f["id"] + "-hint" if f["hint"] else None, self.words)
        if state == marks.HELD:
            draft.made.held.append((rel, question, node, slots))
            return self._render("held", f, slots)
        if state == marks.CHOICES:
            return self._hole(
                draft, path, lambda value, at, page: self.renderer.choices(question, node, value, at, page)
            )
        if node.widget.name == "area" and draft.areas is None:
            return self._hole(draft, path, lambda value, at, page: draws.area(question, node, value, at, page))
        draft.made.errors[rel] = slots
        if node.kind == "group":
            return self._group(draft, question, node, rel, path, f, slots)
        branches = self._branches(draft, node, rel) if node.branches else Markup("")
        if node.kind == "rows":
            inner = self._hole(draft, path, lambda value, at, page: draw_rows(draws, question, node, value, at, page))
            return branches + self._wrap("rows", f, slots, inner)
        if path:
            draft.fills.setdefault(path[:-1], []).append((path[-1], slots))
        else:
            draft.leaf = slots
        if node.kind == "none":
            return branches
        template = node.widget.name if node.widget.template not in _OURS else node.widget.template
        if node.kind == "options" and node.read_only and template in ("radio", "select"):
            template = "locked"
        if node.kind == "options" and node.widget.name == "area":
            template = "areas"
        control = self._render(template, f, slots)
        if node.kind in ("hidden", "const"):
            return branches + control
        return branches + self._wrap("fieldset" if node.widget.fieldset else "field", f, slots, control)

    def _group(
        self,
        draft: Draft,
        question: Question,
        node: Node,
        rel: str,
        path: tuple[str, ...],
        f: dict[str, Any],
        slots: Slots,
    ) -> Markup:
        draft.made.inlined += (id(node.flat),)
        draws = self.renderer
        branched = {name for b, _ in node.branches for lv in b.options for name in every_property(lv)}
        parts: list[Markup] = []
        controls = self._branches(draft, node, rel) if node.branches else Markup("")
        fields = node.fields
        last = True
        if draft.only is not None and not path:
            # What belongs to no question of its own (branch controls, further properties) stands on one page only.
            last = not fields or fields[-1].name in draft.only
            fields = tuple(inner for name in draft.only for inner in fields if inner.name == name)
            if branched and not branched.intersection(draft.only):
                controls = Markup("")
        for inner in fields:
            if controls and inner.name in branched:
                parts.append(controls)
                controls = Markup("")
            parts.append(self._field(draft, inner, f"{rel}/{token(inner.name)}", (*path, inner.name)))
        parts.append(controls)
        if not last:
            pass
        elif node.further is not None:
            parts.append(
                self._hole(draft, path, lambda value, at, page: draw_extras(draws, question, node, value, at, page))
            )
        elif node.carries:
            known = every_property(self.plan.active.level(question.schema))
            parts.append(self._hole(draft, path, lambda value, at, page: carry(known, value, at)))
        if node.dynamic and (path or draft.only is None or len(draft.only) > 1):
            parts.append(refresh(f["name"], self.words))
        body = Markup("\n").join(p for p in parts if p)
        if not path and question is self.plan.root:
            live = Markup(LIVE) if node.dynamic and draft.only is None else ""
            css = "lf-form" if draft.only is None else "lf-fields"
            # Errors of the whole link here.
            anchor = Markup(' id="#"') if draft.only is None else ""
            return Markup('<div class="{}"{}{}>{}{}</div>').format(css, anchor, live, slots.error, body)
        return self._wrap("group", f, slots, body)

    def _field(self, draft: Draft, inner: Question, rel: str, path: tuple[str, ...]) -> Markup:
        """A property of a group: inlined where nothing about it depends on the answers, else a hole."""
        level = self.plan.active.level(inner.schema)
        if not level.dynamic:
            node = self.plan.node(inner)
            trail = (*draft.trail, *draft.made.inlined)
            held = draft.marks.state(rel)
            full = draft.full or draft.made.places >= MAX_PLACES or len(path) >= MAX_NESTED
            circular = node.kind == "group" and (id(node.flat) in trail or full)
            if held or not circular:
                return self._place(draft, inner, node, rel, path)
        anchored = draft.constant
        return self._hole(
            draft, path, lambda value, at, page: self.renderer.whole(inner, value, at, page, anchored=anchored)
        )

    def _hole(self, draft: Draft, path: tuple[str, ...], sub: Sub) -> Markup:
        hole, mark = draft.holes.new()
        rel = "".join(f"/{token(p)}" for p in path)
        draft.made.subs.append((hole, path, rel, sub))
        return mark

    def _facts(self, draft: Draft, question: Question, node: Node, rel: str, state: str) -> dict[str, Any]:
        """What a widget's template is told about its question (docs/forms.md lists it)."""
        words, ui = self.words, node.ui
        title: Any = node.title
        if not rel and draft.number is not None:
            entry = Markup.escape(words["entry"]).format(n=draft.number) if "{n}" in words["entry"] else draft.number
            own = node.schema.get("title") or ui.get("title")
            title = Markup("{} {}").format(own, entry) if own else entry
        attrs = dict(node.widget.attrs)
        for key in ("autocomplete", "inputmode", "placeholder"):
            if isinstance(ui.get(key), str) and ui[key]:
                attrs[key] = ui[key]
        hint = node.hint or (words[node.widget.hint] if node.widget.hint else "")
        if not node.hint and node.widget.hint == "date_hint" and (example := _day_in(node.schema.get("examples"))):
            # A day that must lie ahead is not explained by one of 1950.
            hint = words["date_example"].format(year=example.year, month=example.month, day=example.day)
        if not hint and ui.get("camera") and node.kind == "file":
            hint = words["camera"]
        helped = ui.get("help")
        if isinstance(helped, str) and helped.strip():
            hint = f"{hint} {helped}".strip()
        if isinstance(node.schema.get("maxLength"), int) and node.widget.name == "textarea":
            attrs["maxlength"] = str(node.schema["maxLength"])
        pointer = Markup.escape(rel)
        return {
            "id": draft.id + Markup.escape(id_of(rel)) if rel or draft.id else Markup("#"),
            "name": draft.name + pointer if rel or draft.name else Markup("#"),
            "title": title,
            "label": True,
            "hint": hint,
            "note": words[state] if state in marks.NOTED else "",
            "awaited": words["awaited"] if awaits(question, node) else "",
            "required": (question.required and not node.nullable)
            or (not rel and (draft.number is not None or question is self.plan.root)),
            "nullable": node.nullable,
            "read_only": node.read_only,
            "options": node.options,
            "inline": bool(ui.get("inline")),
            "attrs": attrs,
            "suffix": words[node.widget.suffix] if node.widget.suffix else "",
            "rows": rows if isinstance(rows := ui.get("rows"), int) and 1 <= rows <= 60 else 4,
            "widget": node.widget.name,
            "accept": node.accept,
            "autocomplete": ui.get("autocomplete") if isinstance(ui.get("autocomplete"), str) else "",
            "areas": draft.areas,
            "camera": ("user" if ui.get("camera") == "user" else "environment") if ui.get("camera") else "",
            "constant": plain(node.schema.get("const", "")),
            "ui": ui,
            "schema": node.schema,
        }

    def _render(self, template: str, f: Mapping[str, Any], slots: Slots, **more: Any) -> Markup:
        return self.templates.render(template, {"f": f, "slot": slots, "w": self.words, **more})

    def _wrap(self, template: str, f: Mapping[str, Any], slots: Slots, control: Markup) -> Markup:
        if template == "field" and f["widget"] == "box":
            f = {**f, "label": False}
        return self._render(template, f, slots, control=control)

    def _branches(self, draft: Draft, node: Node, rel: str) -> Markup:
        parts: list[Markup] = []
        for n, (branch, chosen) in enumerate(node.branches):
            if branch.by is not None:
                continue
            titles = [t or self.words["entry"].format(n=i + 1) for i, t in enumerate(branch.titles)]
            pointer = draft.name + Markup.escape(rel)
            name = Markup("_branch:{}#{}").format(pointer, n)
            id = Markup("_branch:{}#{}").format(draft.id + Markup.escape(id_of(rel)), n)
            title = self.words["branches" if branch.several else "branch"]
            context = {"title": title, "options": titles, "chosen": chosen, "several": branch.several}
            context.update(name=name, id=id)
            parts.append(self.templates.render("branch", context))
        return Markup("\n").join(parts)


def _day_in(examples: Any) -> date | None:
    """The first of the author's examples that is a day."""
    return next((day for one in examples if (day := read_date(one))), None) if isinstance(examples, list) else None


def refresh(name: Markup, words: Mapping[str, str]) -> Markup:
    """The button that asks for the questions anew, where no script does."""
    return Markup(
        '<button type="submit" class="lf-refresh" name="_refresh" value="{}" formnovalidate>{}</button>'
    ).format(name, words["refresh"])


_OURS = frozenset(path.stem for path in TEMPLATES.glob("*.html"))
