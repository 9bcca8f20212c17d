"""A place in a JSON document that a schema describes: its types, its listed values, and what lies further in.

Knows JSON Schema; nothing of items and facts.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from core.judge.schema import resolve_ref

OPEN: Mapping[str, Any] = {}
"""The schema of a value nobody describes further."""
ALL_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})


def mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is an object, else an empty one: declarations are read while they may be wrong."""
    # What was parsed is a dict; to ask that first spares the costly question of the abstract class.
    return value if type(value) is dict or isinstance(value, Mapping) else {}


def listing(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


@dataclass(frozen=True, slots=True)
class Node:
    """One schema that applies at a place, with the document its `$ref`s lead into."""

    schema: Mapping[str, Any]
    root: Any
    always: bool = True
    """False where it only applies in some branch."""


@dataclass(frozen=True)
class Place:
    """The value at a declared pointer. Many rules read the same one, so what follows from its schemas is kept."""

    nodes: tuple[Node, ...]

    @cached_property
    def types(self) -> frozenset[str]:
        """JSON types the value may have; `integer` is in wherever `number` is."""
        sure = [t for n in self.nodes if n.always and (t := types_of(n)) is not None]
        if sure:
            return frozenset.intersection(*sure)
        some = [types_of(n) for n in self.nodes if not n.always]
        if some and all(t is not None for t in some) and not any(n.always for n in self.nodes):
            return frozenset().union(*(t for t in some if t is not None))
        return ALL_TYPES

    @property
    def values(self) -> list[Any] | None:
        """The values it may have, where they are listed."""
        sure = [v for n in self.nodes if n.always and (v := values_of(n)) is not None]
        if sure:
            return min(sure, key=len)
        if any(n.always for n in self.nodes):
            return None
        some = [values_of(n) for n in self.nodes]
        return None if not some or any(v is None for v in some) else [x for v in some for x in v or ()]

    @property
    def formats(self) -> frozenset[str]:
        return frozenset(str(f) for n in self.nodes for e in expand(n) if isinstance(f := e.schema.get("format"), str))

    def has(self, keyword: str) -> bool:
        return any(keyword in e.schema for n in self.nodes for e in expand(n))

    def inner(self, name: str) -> Place | None:
        """The place one step further in, None when nobody declares it. `*` stands for any row."""
        found = tuple(step for node in self.nodes for e in expand(node) for step in _step(e, name))
        return Place(found) if found else None

    def names(self) -> list[str]:
        return list(
            dict.fromkeys(k for n in self.nodes for e in expand(n) for k in mapping(e.schema.get("properties")))
        )

    def untaken(self) -> tuple[str, ...]:
        return tuple(x for n in self.nodes for e in expand(n) for x in e.schema.get("x-untaken", ()))


@dataclass(frozen=True, slots=True)
class Lost:
    """A pointer nobody declares: the part of it that is declared, the name that is not, and what is there."""

    upto: str
    name: str
    known: tuple[str, ...]
    untaken: tuple[str, ...]


def expand(node: Node, depth: int = 0) -> Iterator[Node]:
    """The node and every schema that applies to the same value: `$ref`, allOf, branches; `if` declares nothing."""
    yield node
    if depth > 20:
        return
    schema, root = node.schema, node.root
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref.startswith("#"):
        try:
            target = resolve_ref(root, ref)
        except LookupError:
            target = None
        if isinstance(target, Mapping):
            yield from expand(Node(target, root, node.always), depth + 1)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for part in listing(schema.get(keyword)):
            if isinstance(part, Mapping):
                yield from expand(Node(part, root, node.always and keyword == "allOf"), depth + 1)
    for keyword in ("then", "else"):
        part = schema.get(keyword)
        if isinstance(part, Mapping):
            yield from expand(Node(part, root, False), depth + 1)
    for part in mapping(schema.get("dependentSchemas")).values():
        if isinstance(part, Mapping):
            yield from expand(Node(part, root, False), depth + 1)


def _step(node: Node, name: str) -> Iterator[Node]:
    schema, root = node.schema, node.root
    properties = mapping(schema.get("properties"))
    if name in properties:
        if properties[name] is not False:
            yield Node(mapping(properties[name]), root, node.always)
    elif isinstance(schema.get("additionalProperties"), Mapping):
        yield Node(schema["additionalProperties"], root, node.always)
    elif mapping(schema.get("patternProperties")) or _is_open(schema):
        yield Node(OPEN, root, node.always)
    if name == "*" or name.isdigit():
        rows = listing(schema.get("prefixItems"))
        if name.isdigit() and int(name[:9]) < len(rows):
            yield Node(mapping(rows[int(name)]), root, node.always)
        elif isinstance(schema.get("items"), Mapping):
            yield Node(schema["items"], root, node.always)
        elif "array" in (types_of(node) or ()) and "items" not in schema:
            yield Node(OPEN, root, node.always)


_SAYS = frozenset(
    (
        "properties",
        "$ref",
        "allOf",
        "anyOf",
        "oneOf",
        "then",
        "else",
        "dependentSchemas",
        "items",
        "prefixItems",
        "const",
        "enum",
        "required",
        "x-untaken",
        "not",
    )
)


def _is_open(schema: Mapping[str, Any]) -> bool:
    """An object of which nothing is said may hold anything."""
    if schema.get("additionalProperties") is False or _SAYS & schema.keys():
        return False
    kind = schema.get("type", "object")
    return kind == "object" or (isinstance(kind, list) and "object" in kind)


def types_of(node: Node, depth: int = 0) -> frozenset[str] | None:
    """The types a schema allows by itself; None when it does not say."""
    schema = node.schema
    said: list[frozenset[str]] = []
    kind = schema.get("type")
    named = [kind] if isinstance(kind, str) else kind if isinstance(kind, list) else []
    if known := _with_integer([k for k in named if isinstance(k, str)]):
        said.append(known)
    listed = [schema["const"]] if "const" in schema else schema.get("enum")
    if isinstance(listed, list):
        said.append(frozenset(t for v in listed for t in types_of_value(v)))
    if depth < 20:
        for inner, always in _same_place(node):
            parts = [types_of(i, depth + 1) for i in inner]
            if always:
                said += [p for p in parts if p is not None]
            elif parts and all(p is not None for p in parts):
                said.append(frozenset().union(*(p for p in parts if p is not None)))
    return frozenset.intersection(*said) if said else None


def values_of(node: Node, depth: int = 0) -> list[Any] | None:
    schema = node.schema
    if "const" in schema:
        return [schema["const"]]
    if isinstance(schema.get("enum"), list):
        return list(schema["enum"])
    if depth < 20:
        for inner, always in _same_place(node):
            parts = [values_of(i, depth + 1) for i in inner]
            known = [p for p in parts if p is not None]
            if always and known:
                return min(known, key=len)
            if not always and known and len(known) == len(parts):
                return [v for p in known for v in p]
    return None


def _same_place(node: Node) -> Iterator[tuple[list[Node], bool]]:
    """Schemas for the same value: (all of these hold, True) or (one of these holds, False)."""
    schema, root = node.schema, node.root
    ref = schema.get("$ref")
    if isinstance(ref, str) and ref.startswith("#"):
        with contextlib.suppress(LookupError):
            yield [Node(mapping(resolve_ref(root, ref)), root)], True
    for keyword in ("allOf", "anyOf", "oneOf"):
        parts = [Node(p, root) for p in listing(schema.get(keyword)) if isinstance(p, Mapping)]
        if parts:
            yield parts, keyword == "allOf"


def _with_integer(types: Sequence[str]) -> frozenset[str]:
    return (frozenset(types) & ALL_TYPES) | ({"integer"} if "number" in types else frozenset())


def types_of_value(value: Any) -> frozenset[str]:
    if value is None:
        return frozenset({"null"})
    if isinstance(value, bool):
        return frozenset({"boolean"})
    if isinstance(value, int) or (isinstance(value, float) and value.is_integer()):
        return frozenset({"integer", "number"})
    if isinstance(value, float):
        return frozenset({"number"})
    if isinstance(value, str):
        return frozenset({"string"})
    return frozenset({"array"}) if isinstance(value, list) else frozenset({"object"})
