"""`errorMessage` in a schema, with the meaning ajv-errors gives it: the author's own words for what is wrong.

Knows nothing of languages: an author writes one language here and overlays the others.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from core.judge.schema import Error, parts_of, resolve_ref

_NAMED = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs"})
_BELOW = frozenset(
    {"properties", "patternProperties", "items", "prefixItems", "additionalProperties", "contains",
     "unevaluatedItems", "unevaluatedProperties"}
)  # fmt: skip
_POINTED = re.compile(r"\$\{\s*(/[^}]*|\d+(?:/[^}]*|#)?)\s*\}")


def message_for(root: Any, error: Error, answers: Any) -> str | None:
    """The nearest `errorMessage` that speaks of this error, its pointers filled in; None when none does."""
    at = parts_of(error.at)
    for schema, depth, rest in reversed(list(_along(root, error.path))):
        said = schema.get("errorMessage")
        if said is None:
            continue
        text = _said(said, error, at[depth:], rest)
        if isinstance(text, str):
            return _filled(text, answers, at[:depth])
    return None


def _along(root: Any, path: tuple[str | int, ...]) -> Any:
    """Every schema on the way to the keyword: (schema, how deep in the instance, the steps still to go)."""
    node, depth, i = root, 0, 0
    while True:
        if isinstance(node, Mapping):
            yield node, depth, path[i:]
        if i >= len(path) - 1 or not isinstance(node, Mapping):
            return
        step = str(path[i])
        if step == "$ref":
            try:
                node = resolve_ref(root, str(node.get("$ref")))
            except LookupError:
                return
            i += 1
            continue
        if step in _BELOW:
            depth += 1
        node = node.get(step)
        i += 1
        if (step in _NAMED or isinstance(node, list)) and i < len(path) - 1:
            key = path[i]
            if isinstance(node, list):
                node = node[key] if isinstance(key, int) and key < len(node) else None
            else:
                node = node.get(key) if isinstance(node, Mapping) else None
            i += 1


def _said(said: Any, error: Error, below: list[str], rest: tuple[str | int, ...]) -> Any:
    """ajv-errors: a string speaks of everything here and below; a map of keywords here, of children, of the rest."""
    if isinstance(said, str):
        return said
    if not isinstance(said, Mapping):
        return None
    here = len(rest) == 1
    if here:
        word = said.get(str(rest[0]))
        if isinstance(word, Mapping):
            word = word.get(str(error.params.get("property", "")))
        if isinstance(word, str):
            return word
    required = error.keyword in ("required", "dependentRequired")
    deep = below[:-1] if required else below
    if deep:
        children = said.get("properties")
        if isinstance(children, Mapping) and isinstance(children.get(deep[0]), str):
            return children[deep[0]]
        items = said.get("items")
        if isinstance(items, list) and deep[0].isdigit() and int(deep[0]) < len(items):
            return items[int(deep[0])]
        if isinstance(items, str):
            return items
    return said.get("_")


def _filled(text: str, answers: Any, base: list[str]) -> str:
    """`${/absolute}` and `${1/relative}` JSON Pointers into the answers, as ajv-errors has them."""

    def value(match: re.Match[str]) -> str:
        pointed = match[1]
        if pointed.startswith("/"):
            found = _at(answers, parts_of(pointed))
        else:
            up, tail = re.fullmatch(r"(\d+)(.*)", pointed, re.S).groups()  # type: ignore[union-attr]
            steps = min(int(up[:6]), len(base))
            where = base[: len(base) - steps]
            if tail == "#":
                kept = base[: len(base) - steps]
                return kept[-1] if kept else ""
            found = _at(answers, where + parts_of(tail))
        if found is None:
            return ""
        return found if isinstance(found, str) else json.dumps(found, ensure_ascii=False)

    return _POINTED.sub(value, text)


def _at(value: Any, names: list[str]) -> Any:
    for name in names:
        if isinstance(value, Mapping):
            value = value.get(name)
        elif isinstance(value, list) and name.isdigit() and int(name[:9]) < len(value):
            value = value[int(name[:9])]
        else:
            return None
    return value
