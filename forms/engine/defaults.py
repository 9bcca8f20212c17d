"""The defaults of a schema as first answers, applied once when a draft is made and never again.

Knows the plan; a default inside a branch counts only once its branch is active.
"""

from __future__ import annotations

import copy
from dataclasses import dataclass
from typing import Any

from forms.engine.plan import Plan, Question

_DEEPEST = 12
_MOST = 5_000
"""Places looked at. Where a schema has more, groups that contain one another in ever new ways, the deepest are left to
the applicant: they are what a page does not draw before they are asked for."""


def defaults(plan: Plan) -> Any:
    try:
        found = _of(plan, plan.root, (), _Walk(_DEEPEST, _MOST))
    except _Full:
        found = _shallow(plan)
    return found if found is not None else ({} if plan.node(plan.root).kind == "group" else None)


def _shallow(plan: Plan) -> Any:
    """Those that lie as deep as there are few enough places in all: one branch does not use up what another needs."""
    found = _of(plan, plan.root, (), _Walk(0, None))
    for deepest in range(1, _DEEPEST):
        try:
            found = _of(plan, plan.root, (), _Walk(deepest, _MOST))
        except _Full:
            break
    return found


class _Full(Exception):
    """There are more places than are looked at."""


@dataclass(slots=True)
class _Walk:
    deepest: int
    left: int | None
    """Places that may still be looked at; None: all."""

    def spend(self) -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise _Full


def _of(plan: Plan, question: Question, trail: tuple[int, ...], walk: _Walk) -> Any:
    walk.spend()
    node = plan.node(question)
    given = node.schema.get("default")
    if given is not None:
        given = copy.deepcopy(given)
    if node.kind != "group" or len(trail) > walk.deepest or id(node.flat) in trail:
        return given  # a group inside itself waits on the page, too, until it is asked for
    trail = (*trail, id(node.flat))
    value: dict[str, Any] = dict(given) if isinstance(given, dict) else {}
    for _ in range(5):  # a default may open a branch that has defaults of its own
        node = plan.node(question, value)
        added = False
        for inner in node.fields:
            if inner.name not in value:
                found = _of(plan, inner, trail, walk)
                if found is not None:
                    value[inner.name] = found
                    added = True
        if not added:
            break
    return value or given
