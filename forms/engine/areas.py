"""The area picker: areas of the office as one list grouped by the area above, which works without JavaScript.

Knows areas by code, name, level and parent; which of them exist is given per request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from forms.engine.codec import Option, key_of
from forms.engine.plan import Node

Areas = Mapping[str, Any]
"""Code → something with `code`, `name`, `level` and `parent` (`core.contract.Area`)."""


def offered(areas: Areas, level: str) -> list[tuple[str, list[Any]]]:
    """(name of the area above, the areas in it), top down; `level` keeps only areas of that level."""
    below: dict[str | None, list[Any]] = {}
    for area in areas.values():
        below.setdefault(area.parent if area.parent in areas else None, []).append(area)
    groups: list[tuple[str, list[Any]]] = []
    waiting: list[tuple[str, str | None]] = [("", None)]
    while waiting:
        title, parent = waiting.pop(0)
        children = sorted(below.get(parent, ()), key=lambda a: str(a.code))
        kept = [a for a in children if not level or a.level == level]
        if kept:
            groups.append((title, kept))
        waiting += [(str(a.name), a.code) for a in children]
    return groups


def full_name(areas: Areas | None, code: Any) -> str:
    """`示例市 · 示例镇 · 示例村`; the code itself where nobody knows it."""
    names: list[str] = []
    at = code
    while areas and isinstance(at, str) and at in areas and len(names) < 6:
        names.append(str(areas[at].name))
        at = areas[at].parent
    return " · ".join(reversed(names)) if names else str(code)


def with_areas(node: Node, groups: list[tuple[str, list[Any]]]) -> Node:
    """The node as a list of areas to pick from."""
    options = tuple(Option(str(a.code), str(a.code), str(a.name)) for _, areas in groups for a in areas)
    return replace(
        node,
        kind="options",
        options=options,
        by_text={o.text: o.value for o in options},
        by_value={key_of(o.value): i for i, o in enumerate(options)},
    )
