"""The states that a Filling puts places in: held by the server, no question, a pick-list, declared, suggested.

Knows the Filling noun by its attributes only; draws the quiet text of a held value and its source chip.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from forms.engine.codec import key_of, options_of, plain
from forms.engine.html import Slots, esc
from forms.engine.plan import Node, Plan

if TYPE_CHECKING:
    from core.judge.filling import Filling

HELD, HIDDEN, CHOICES, DECLARED, SUGGESTED = "held", "hidden", "choices", "declared", "suggested"

WHYS = ("empty", "down", "refused")
NOTED = (DECLARED, SUGGESTED, *(f"{DECLARED}_{why}" for why in WHYS))
"""States whose place has a note of the same name in `words`."""


@dataclass(frozen=True, slots=True)
class Marks:
    """Pointer → state; hashable, so that a skeleton is kept per combination (a form has few). `*` is any row."""

    states: frozenset[tuple[str, str]] = frozenset()

    def state(self, at: str) -> str:
        """The state of one place; a row that has one of its own has that, not the one of `*`."""
        found = ""
        for place, state in self.states:
            if place == at:
                return state
            if "/*" in place and fits(place, at):
                found = state
        return found

    def below(self, at: str) -> Marks:
        """The same as seen from a place: pointers relative to it."""
        if not self.states or not at:
            return self
        depth = at.count("/")
        kept: dict[str, tuple[bool, str]] = {}
        for place, state in self.states:
            steps = place.split("/")
            head = "/".join(steps[: depth + 1])
            if len(steps) > depth and (head == at or fits(head, at)):
                rest = "".join(f"/{s}" for s in steps[depth + 1 :])
                own = head == at
                if rest not in kept or own:
                    kept[rest] = (own, state)
        return Marks(frozenset((rest, state) for rest, (_, state) in kept.items())) if kept else NONE


def fits(pattern: str, at: str) -> bool:
    """Whether a pointer with `*` for rows names a concrete one."""
    if "/*" not in pattern:
        return pattern == at
    wanted, steps = pattern.split("/"), at.split("/")
    return len(wanted) == len(steps) and all(
        w == s or (w == "*" and s.isdigit()) for w, s in zip(wanted, steps, strict=True)
    )


def choices_at(filling: Filling, at: str) -> Sequence[Mapping[str, Any]]:
    """What may be picked at a place; for a row just added, what may be picked in any row."""
    offered = filling.choices.get(at)
    if offered is None:
        offered = next((o for place, o in filling.choices.items() if fits(place, at)), [])
    return offered


NONE = Marks()


def noted(state: str) -> Marks:
    """The mark of one place drawn by itself: the note that it was not found, or filled in as a suggestion."""
    return Marks(frozenset({("", state)})) if state in NOTED else NONE


def declared_as(why: str) -> str:
    """The state of a declared place, which is the name of its note: nothing held, no answer, or not permitted."""
    return f"{DECLARED}_{why}" if why in WHYS else DECLARED


def marks_of(filling: Filling | None, answers: Any) -> Marks:
    """The states that a filling implies."""
    if filling is None:
        return NONE
    states = {(p, HELD) for p in filling.values}
    states |= {(p, HIDDEN) for p in filling.hidden if p not in filling.values}
    taken = {p for p, _ in states}
    states |= {(p, CHOICES) for p, offered in filling.choices.items() if offered and p not in taken}
    taken = {p for p, _ in states}
    states |= {(p, declared_as(filling.why.get(p, ""))) for p in filling.declared if p not in taken}
    states |= {(p, SUGGESTED) for p in filling.suggested if p not in taken and p not in filling.declared}
    return Marks(frozenset(states)) if states else NONE


def with_choices(node: Node, offered: Sequence[Mapping[str, Any]], plan: Plan) -> Node:
    """The node as a pick-list of `[{value, title}]`."""
    options = options_of([(o["value"], o.get("title")) for o in offered], plan.words)
    schema = {"enum": [o.value for o in options]}
    widget = plan.widgets.choose(schema, {k: v for k, v in node.ui.items() if k == "widget"}, many=False)
    if node.kind in ("rows", "boxes"):
        widget = plan.widgets.choose(schema, {}, many=True)
    return replace(
        node,
        widget=widget,
        kind=widget.kind,
        options=options,
        by_text={o.text: o.value for o in options},
        by_value={key_of(o.value): i for i, o in enumerate(options)},
    )


def shown(value: Any, node: Node | None, words: Mapping[str, str]) -> str:
    """A value as quiet text: titles for constants, a date in words, yes and no, lists with commas."""
    if value is None:
        return words["none"]
    if node is not None and node.by_value and not isinstance(value, list):
        option = node.by_value.get(key_of(value))
        if option is not None:
            return node.options[option].title
    if isinstance(value, bool):
        return words["yes" if value else "no"]
    if isinstance(value, list):
        return words["list"].join(shown(v, node if node and node.kind == "boxes" else None, words) for v in value)
    if isinstance(value, Mapping):
        return words["list"].join(shown(v, None, words) for v in value.values())
    text = plain(value)
    if node is not None and node.widget.kind == "date" and words["year"] == "年":
        parts = text.split("-")
        if len(parts) == 3 and all(p.isdigit() for p in parts):
            return f"{int(parts[0])} 年 {int(parts[1])} 月 {int(parts[2])} 日"
    if node is not None and node.widget.suffix:
        return f"{text} {words[node.widget.suffix]}"
    return text


def fill_held(
    parts: list[str],
    at: str,
    text: str,
    slots: Slots,
    filling: Filling,
    wrong: frozenset[str],
    words: Mapping[str, str],
) -> None:
    """Write one held value, the chip that names its source, and whether it is disputed."""
    value_hole, chip, tick = slots.hole("held"), slots.hole("chip"), slots.hole("wrong")
    if value_hole is not None:
        value_hole.put(parts, esc(text))
    source = filling.sources.get(filling.held.get(at, ""), {})
    title = source.get("title", "") if isinstance(source, Mapping) else ""
    if chip is not None and title:
        chip.put(parts, f'<span class="lf-chip">{esc(words["source"].format(title=title))}</span>')
    if at in wrong:
        opened = slots.hole("open")
        if tick is not None:
            tick.put(parts, " checked")
        if opened is not None:
            opened.put(parts, " open")
