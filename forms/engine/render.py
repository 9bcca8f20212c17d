"""Answers into HTML: a skeleton per place and state, filled with the answers.

Knows plan and skeletons (`skeletons` builds them); judges nothing and reads nothing back. Held values come in through a
Filling.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from markupsafe import Markup

from forms.engine import claims, marks
from forms.engine.areas import NO_AREAS, full_name, picker, said_of, with_areas
from forms.engine.html import Templates, esc, id_of
from forms.engine.page import Page, Skeleton, chosen_of
from forms.engine.plan import MAX_NESTED, Node, Plan, Question
from forms.engine.rows import offer, withdraw
from forms.engine.skeletons import LIVE, Builder, refresh

MAX_SKELETONS = 500
"""Kept per form and language; beyond them all are drawn anew, since a post must not fill the memory."""


class Renderer:
    """Draws one form in one language. Thread-safe: skeletons are only ever added."""

    def __init__(self, plan: Plan, templates: Templates, words: Mapping[str, str]) -> None:
        self.plan = plan
        self.templates = templates
        self.words = words
        self.builder = Builder(self)
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
            html.append(refresh(Markup("#"), self.words))
        return f'<div class="lf-form" id="#"{LIVE if live else ""}>{"".join(html)}</div>'

    def whole(
        self, question: Question, value: Any, at: str, page: Page, *, anchored: bool = False, number: int | None = None
    ) -> str:
        """One place with all below it. `anchored`: its pointer is always the same, so it is part of the skeleton."""
        node = self.plan.node(question, value, chosen_of(page.raw, at))
        below = page.marks.below(at)
        if node.kind == "group" and value is None and self.circular(node, page):
            return offer(node, at, self.words, page.errors.get(at))
        key = (
            id(question),
            id(node),
            at if anchored else None,
            number is not None,
            below,
            len(page.trail),
            page.only if not at else None,
            page.full,
        )
        known = self._skeletons.get(key)
        if known is None:
            if len(self._skeletons) > MAX_SKELETONS:
                self._skeletons.clear()
            made = self.builder.skeleton(question, node, at if anchored else None, below, page, number is not None)
            known = self._skeletons[key] = (made, question, node, None)
        outer = page.trail
        page.trail = (*outer, *known[0].inlined)
        if node.kind == "group":
            page.places += known[0].places
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
        return id(node.flat) in page.trail or len(page.trail) >= MAX_NESTED or page.full

    def apart(self, question: Question, node: Node, value: Any, at: str, page: Page) -> str:
        """A place outside the form's own order, drawn by itself under its own name."""
        if node.widget.name == "area":
            return self.area(question, node, value, at, page)
        key = ("apart", id(question), id(node), at)
        known = self._skeletons.get(key)
        if known is None:
            if len(self._skeletons) > MAX_SKELETONS:
                self._skeletons.clear()
            known = (self.builder.skeleton(question, node, at, marks.NONE, page, False), question, node, None)
            self._skeletons[key] = known
        return self._fill(known[0], value, at, page, None)

    def choices(self, question: Question, node: Node, value: Any, at: str, page: Page) -> str:
        """A question whose options were looked up for this very person: never kept in a skeleton."""
        offered = marks.choices_at(page.filling, at) if page.filling else []
        made = marks.with_choices(node, offered, self.plan)
        skeleton = self.builder.skeleton(question, made, at, marks.NONE, page, False)
        return self._fill(skeleton, value, at, page, None)

    def area(self, question: Question, node: Node, value: Any, at: str, page: Page) -> str:
        """The area picker: a list where the areas are known, a box for the code where they are not."""
        own = marks.noted(page.marks.state(at))
        if not page.areas:
            skeleton = self.builder.skeleton(question, node, at, own, page, False, NO_AREAS)
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
            known = (self.builder.skeleton(question, made, at, own, page, False, shown), question, made, page.areas)
            if not shown.find:
                self._skeletons[key] = known
        return self._fill(known[0], value, at, page, None)

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
