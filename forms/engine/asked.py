"""Which questions a form asks for given answers: of the top level with their titles, and all places at any depth.

Knows the plan; draws and reads nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from forms.engine import marks
from forms.engine.plan import MAX_BLANKS, Plan, Question

if TYPE_CHECKING:
    from core.judge.filling import Filling

_DEEPEST = 20


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of the top level. `held`: filled by the server, only to be checked."""

    name: str
    title: str
    held: bool
    optional: bool


def questions(plan: Plan, answers: Any, filling: Filling | None) -> tuple[Asked, ...]:
    """Those that are there for these answers, in the order of the form; what is hidden is none."""
    node = plan.node(plan.root, answers)
    if node.kind != "group":
        return ()
    states = marks.marks_of(filling, answers)
    found = []
    for inner in node.fields:
        state = states.state(inner.key)
        value = answers.get(inner.name) if isinstance(answers, Mapping) else None
        shown = plan.node(inner, value)
        if state != marks.HIDDEN and shown.kind != "hidden":
            found.append(Asked(inner.name, shown.title, state == marks.HELD, not inner.required))
    return tuple(found)


def places(plan: Plan, answers: Any, filling: Filling | None) -> frozenset[str]:
    """Pointers of everything that is asked for these answers."""
    states = marks.marks_of(filling, answers)
    found: set[str] = set()
    blank = 0

    def walk(question: Question, value: Any, at: str, deep: int) -> None:
        nonlocal blank
        if deep > _DEEPEST or states.state(at) in (marks.HELD, marks.HIDDEN):
            return
        found.add(at)
        node = plan.node(question, value)
        if node.kind == "group" and value is None and deep:
            blank += question.required
            if not question.required or blank > MAX_BLANKS:
                return  # a part that waits to be asked for
        if node.kind == "group":
            for inner in node.fields:
                walk(inner, value.get(inner.name) if isinstance(value, Mapping) else None, at + inner.key, deep + 1)
        elif node.kind == "rows" and isinstance(value, list):
            for i, row in enumerate(value):
                inner_row = node.first[i] if i < len(node.first) else node.rest
                if inner_row is not None:
                    walk(inner_row, row, f"{at}/{i}", deep + 1)

    walk(plan.root, answers, "", 0)
    return frozenset(found)
