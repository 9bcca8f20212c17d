"""Every `if` of a form and the test it makes, so that a run of scenarios can tell which way each went.

Knows the schema of a form, no answers; within a list an `if` may go both ways at once and is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from core.judge.schema import Schema, part, token


@dataclass(frozen=True, slots=True)
class If:
    at: str
    """Pointer of the schema that holds the `if`."""
    way: tuple[str, ...]
    """Names on the way to the tested value, from the root of the answers."""
    test: Schema


def ifs_of(form: Any) -> Iterator[If]:
    stack: list[tuple[str, tuple[str, ...], Any]] = [("", (), form)]
    while stack:
        at, way, node = stack.pop()
        if not isinstance(node, Mapping):
            continue
        if "if" in node and ("then" in node or "else" in node):
            yield If(at, way, part(form, f"{at}/if"))
        stack += [(f"{at}/allOf/{n}", way, one) for n, one in enumerate(node.get("allOf") or ())]
        stack += [(f"{at}/{key}", way, node[key]) for key in ("then", "else") if key in node]
        inner = node.get("properties")
        if isinstance(inner, Mapping):
            stack += [(f"{at}/properties/{token(name)}", (*way, name), one) for name, one in inner.items()]
