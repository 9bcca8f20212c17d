"""The defaults of a schema as first answers, applied once when a draft is made and never again.

Knows the plan; a default inside a branch counts only once its branch is active.
"""

from __future__ import annotations

import copy
from typing import Any

from forms.engine.plan import Plan, Question

_DEEPEST = 12


def defaults(plan: Plan) -> Any:
    found = _of(plan, plan.root, 0)
    return found if found is not None else ({} if plan.node(plan.root).kind == "group" else None)


def _of(plan: Plan, question: Question, deep: int) -> Any:
    node = plan.node(question)
    given = node.schema.get("default")
    if given is not None:
        given = copy.deepcopy(given)
    if node.kind != "group" or deep > _DEEPEST:
        return given
    value: dict[str, Any] = dict(given) if isinstance(given, dict) else {}
    for _ in range(5):  # a default may open a branch that has defaults of its own
        node = plan.node(question, value)
        added = False
        for inner in node.fields:
            if inner.name not in value:
                found = _of(plan, inner, deep + 1)
                if found is not None:
                    value[inner.name] = found
                    added = True
        if not added:
            break
    return value or given
