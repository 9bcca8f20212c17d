"""Answers into HTML: a skeleton per place and state, inlined as far as nothing depends on the answers.

Knows plan and skeletons; judges nothing and reads nothing back. Held values come in through a Filling.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from core.judge.levels import every_property
from core.judge.schema import token
from forms.engine import claims, marks
from forms.engine.areas import NO_AREAS, Picker, full_name, picker, said_of, with_areas
from forms.engine.codec import plain
from forms.engine.html import Holes, Slots, Templates, esc, id_of
from forms.engine.marks import Marks
from forms.engine.page import Draft, Page, Skeleton, Sub, chosen_of
from forms.engine.plan import MAX_BLANKS, MAX_INLINED, MAX_NESTED, Node, Plan, Question, awaits
from forms.engine.rows import carry, draw_extras, draw_rows, offer, withdraw
from forms.engine.widgets import TEMPLATES

MAX_SKELETONS = 500
"""Kept per form and language; beyond them all are drawn anew, since a post must not fill the memory."""
LIVE = ' data-lf-live=""'
"""Marks a form whose questions depend on answers: the site's script asks the server for it anew on a change."""


class Renderer:
    """Draws one form in one language. Thread-safe: skeletons are only ever added."""

    def __init__(self, plan: Plan, templates: Templates, words: Mapping[str, str]) -> None:
        self.plan = plan
        self.templates = templates
        self.words = words
        self._skeletons: dict[tuple[Any, ...], tuple[Skeleton, Question, Node, Any]] = {}
        """With each the objects whose identity is in its key, so that they live as long."""
        self.claims: dict[tuple[int, int], tuple[Question, Node, tuple[Question, Node] | None]] = {}

    def form(self, answers: Any, page: Page) -> str:
        if page.only is not None:
            # A page of one question has no other that its answer could bring or take.
            mark = LIVE if len(page.only) > 1 and self.plan.active.level(self.plan.root.schema).dynamic else ""
            return f'<div class="lf-form"{mark}>{self.whole(self.plan.root, answers, "", page, anchored=True)}</div>'
        if not self.plan.pages:
            return self.whole(self.plan.root, answers, "", page, anchored=True)
        html: list[str] = []
        for one in self.plan.pages:
            if page.number in (None, one.number) and one.holds(answers):
                page.only = one.fields
                fields = self.whole(self.plan.root, answers, "", page, anchored=True)
                said = f'<p class="lf-hint">{esc(one.description)}</p>' if one.description else ""
                title = f'<h2 class="lf-page-title">{esc(one.title)}</h2>' if page.number is None else ""
                html.append(f'<section class="lf-page">{title}{said}{fields}</section>')
        live = self.plan.active.level(self.plan.root.schema).dynamic
        if not live and any(one.when for one in self.plan.pages):
            live = True
            html.append(self._refresh(Markup("#")))
        return f'<div class="lf-form" id="#"{LIVE if live else ""}>{"".join(html)}</div>'

    def whole(
        self, question: Question, value: Any, at: str, page: Page, *, anchored: bool = False, number: int | None = None
    ) -> str:
        """One place with all below it. `anchored`: its pointer is always the same, so it is part of the skeleton."""
        node = self.plan.node(question, value, chosen_of(page.raw, at))
        below = page.marks.below(at)
        if node.kind == "group" and value is None and self.circular(node, page):
            return offer(node, at, self.words)
        key = (
            id(question),
            id(node),
            at if anchored else None,
            number is not None,
            below,
            len(page.trail),
            page.only if not at else None,
        )
        known = self._skeletons.get(key)
        if known is None:
            if len(self._skeletons) > MAX_SKELETONS:
                self._skeletons.clear()
            made = self._skeleton(question, node, at if anchored else None, below, page, number is not None)
            known = self._skeletons[key] = (made, question, node, None)
        outer = page.trail
        page.trail = (*outer, *known[0].inlined)
        try:
            html = self._fill(known[0], value, at, page, number)
        finally:
            page.trail = outer
        if node.kind == "group" and value is not None and id(node.flat) in outer:
            html += withdraw(node, at, self.words)
        return html

    def circular(self, node: Node, page: Page) -> bool:
        """Whether a blank place is one too many: inside itself, nested too deep, or on too full a page."""
        page.blanks += 1
        return id(node.flat) in page.trail or len(page.trail) >= MAX_NESTED or page.blanks > MAX_BLANKS

    def apart(self, question: Question, node: Node, value: Any, at: str, page: Page) -> str:
        """A place outside the form's own order, drawn by itself under its own name."""
        if node.widget.name == "area":
            return self._area(question, node, value, at, page)
        key = ("apart", id(question), id(node), at)
        known = self._skeletons.get(key)
        if known is None:
            if len(self._skeletons) > MAX_SKELETONS:
                self._skeletons.clear()
            known = (self._skeleton(question, node, at, marks.NONE, page, False), question, node, None)
            self._skeletons[key] = known
        return self._fill(known[0], value, at, page, None)

    # -- building --

    def _skeleton(
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
        state = draft.marks.state(rel)
        if state == marks.HIDDEN:
            return Markup("")
        f = self._facts(draft, question, node, rel, state)
        slots = Slots(draft.holes, node, f["id"] + "-hint" if f["hint"] else None, self.words)
        if state == marks.HELD:
            draft.made.held.append((rel, question, node, slots))
            return self._render("held", f, slots)
        if state == marks.CHOICES:
            return self._hole(draft, path, lambda value, at, page: self._choices(question, node, value, at, page))
        if node.widget.name == "area" and draft.areas is None:
            return self._hole(draft, path, lambda value, at, page: self._area(question, node, value, at, page))
        draft.made.errors[rel] = slots
        if node.kind == "group":
            return self._group(draft, question, node, rel, path, f, slots)
        branches = self._branches(draft, node, rel) if node.branches else Markup("")
        if node.kind == "rows":
            inner = self._hole(draft, path, lambda value, at, page: draw_rows(self, question, node, value, at, page))
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
                self._hole(draft, path, lambda value, at, page: draw_extras(self, question, node, value, at, page))
            )
        elif node.carries:
            known = every_property(self.plan.active.level(question.schema))
            parts.append(self._hole(draft, path, lambda value, at, page: carry(known, value, at)))
        if node.dynamic and (path or draft.only is None or len(draft.only) > 1):
            parts.append(self._refresh(f["name"]))
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
            full = len(draft.made.inlined) >= MAX_INLINED or len(path) >= MAX_NESTED
            circular = node.kind == "group" and (id(node.flat) in trail or full)
            if held or not circular:
                return self._place(draft, inner, node, rel, path)
        anchored = draft.constant
        return self._hole(draft, path, lambda value, at, page: self.whole(inner, value, at, page, anchored=anchored))

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

    def _refresh(self, name: Markup) -> Markup:
        return Markup(
            '<button type="submit" class="lf-refresh" name="_refresh" value="{}" formnovalidate>{}</button>'
        ).format(name, self.words["refresh"])

    def _choices(self, question: Question, node: Node, value: Any, at: str, page: Page) -> str:
        """A question whose options were looked up for this very person: never kept in a skeleton."""
        offered = marks.choices_at(page.filling, at) if page.filling else []
        made = marks.with_choices(node, offered, self.plan)
        skeleton = self._skeleton(question, made, at, marks.NONE, page, False)
        return self._fill(skeleton, value, at, page, None)

    def _area(self, question: Question, node: Node, value: Any, at: str, page: Page) -> str:
        """The area picker: a list where the areas are known, a box for the code where they are not."""
        own = marks.noted(page.marks.state(at))
        if not page.areas:
            skeleton = self._skeleton(question, node, at, own, page, False, NO_AREAS)
            return self._fill(skeleton, value, at, page, None)
        level = node.ui.get("level")
        said, find = said_of(page.raw, at)
        shown = picker(page.areas, level if isinstance(level, str) else "", value, said, find)
        key = ("area", id(question), id(node), at, id(page.areas), shown.under, own)
        known = self._skeletons.get(key)
        if known is None or known[3] is not page.areas or shown.find:
            if len(self._skeletons) > MAX_SKELETONS:
                self._skeletons.clear()
            made = with_areas(node, shown)
            known = (self._skeleton(question, made, at, own, page, False, shown), question, made, page.areas)
            if not shown.find:
                self._skeletons[key] = known
        return self._fill(known[0], value, at, page, None)

    # -- filling --

    def _fill(self, skeleton: Skeleton, value: Any, at: str, page: Page, number: int | None) -> str:
        parts = skeleton.parts.copy()
        if skeleton.name_hole is not None and skeleton.id_hole is not None:
            skeleton.name_hole.put(parts, esc(at))
            skeleton.id_hole.put(parts, esc(id_of(at)))
        if skeleton.number_hole is not None:
            skeleton.number_hole.put(parts, str(number))
        if value is not None:
            if skeleton.own is not None:
                skeleton.own(parts, value)
            for path, leaves in skeleton.groups:
                inner = value
                for key in path:
                    inner = inner.get(key) if isinstance(inner, Mapping) else None
                if isinstance(inner, Mapping):
                    get = inner.get
                    for key, fill in leaves:
                        answer = get(key)
                        if answer is not None:
                            fill(parts, answer)
        for hole, path, rel, sub in skeleton.subs:
            inner = value
            for key in path:
                inner = inner.get(key) if isinstance(inner, Mapping) else None
            hole.put(parts, sub(inner, at + rel, page))
        if page.errors:
            error_word = self.words["error"]
            for place, message in page.errors.items():
                if place.startswith(at):
                    slots = skeleton.errors.get(place[len(at) :])
                    if slots is not None:
                        slots.show_error(parts, place or "#", message, error_word)
        for rel, question, node, slots in skeleton.held:
            if page.filling is not None:
                held = page.filling.values.get(at + rel)
                area = node.widget.name == "area"
                text = full_name(page.areas, held) if area else marks.shown(held, node, self.words)
                marks.fill_held(parts, at + rel, text, slots, page.filling, page.wrong, self.words)
                claim = slots.hole("claim")
                if claim is not None:
                    claim.put(parts, claims.draw(self, question, node, at + rel, page))
        return "".join(parts)


_OURS = frozenset(path.stem for path in TEMPLATES.glob("*.html"))
