"""What an item's facts may hold: every pointer somebody declares, with the schema of the value there.

Knows DESIGN section 5 and the schemas of form and sources; judges no value.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.contract import CHANNELS, LEVELS, OUTCOMES, Source
from core.judge.schema import parts_of, resolve_ref

OPEN: Mapping[str, Any] = {}
"""The schema of a value nobody describes further."""
STATUSES = ("proved", "given", "upload", "staff", "promise", "later", "confirm")
ALL_TYPES = frozenset({"string", "number", "integer", "boolean", "object", "array", "null"})
_TEXT = {"type": "string"}
_DAY = {"type": "string", "format": "date"}


def mapping(value: Any) -> Mapping[str, Any]:
    """The value where it is an object, else an empty one: declarations are read while they may be wrong."""
    return value if isinstance(value, Mapping) else {}


def listing(value: Any) -> Sequence[Any]:
    return value if isinstance(value, list) else ()


@dataclass(frozen=True, slots=True)
class Node:
    """One schema that applies at a place, with the document its `$ref`s lead into."""

    schema: Mapping[str, Any]
    root: Any
    always: bool = True
    """False where it only applies in some branch."""


@dataclass(frozen=True, slots=True)
class Place:
    """The value at a declared pointer."""

    nodes: tuple[Node, ...]

    @property
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


class Declared:
    """All facts of one item. `at` a pointer is a Place, or Lost."""

    def __init__(
        self,
        *,
        guide: Mapping[str, Any],
        form: Any,
        lookups: Mapping[str, Any],
        sources: Mapping[str, Source],
        unknown: Collection[str] = (),
    ) -> None:
        """`unknown` names the roots of which nothing can be said, since their file cannot be read."""
        ids = [m.get("id") for m in map(mapping, listing(guide.get("materials")))]
        materials = [id for id in ids if isinstance(id, str)]
        self.lookups = {name: _answer(mapping(said), sources) for name, said in lookups.items()}
        """name → schema of what the lookup leaves in `/lookups/<name>`."""
        self._roots: dict[str, Node] = {
            "applicant": _node(_applicant(guide)),
            "agent": _node(_closed({"relation": _TEXT, "name": _TEXT, "id_number": _TEXT})),
            "answers": _node(_closed({})) if form is None else Node(mapping(form), form),
            "lookups": _node(_closed(dict.fromkeys(self.lookups, OPEN))),
            "outcomes": _node(_closed({name: {"type": "string", "enum": list(OUTCOMES)} for name in self.lookups})),
            "materials": _node(_closed({id: {"type": "string", "enum": list(STATUSES)} for id in materials})),
            "site": _node(
                _closed(
                    {
                        "id": _TEXT,
                        "level": {"type": "string", "enum": list(LEVELS)},
                        "area": _TEXT,
                        "kind": {"type": "string", "enum": ["hall", "station", "kiosk"]},
                    }
                )
            ),
            "channel": _node({"type": "string", "enum": list(CHANNELS)}),
            "today": _node(_DAY),
        }
        for root in unknown:
            self._roots[root] = _node(OPEN)
        self._fields: dict[str, frozenset[str]] = {}
        self._answers = {name: Node(schema, root) for name, (schema, root) in self.lookups.items()}

    def fields(self, lookup: str) -> frozenset[str]:
        """Every field that a record of this lookup's source may have by name, taken or not."""
        known = self._fields.get(lookup)
        if known is None:
            node = self.lookups[lookup][0]
            while "items" in node:
                node = node["items"]
            known = frozenset({*mapping(node.get("properties")), *node.get("x-untaken", ())})
            self._fields[lookup] = known
        return known

    def roots(self) -> list[str]:
        return [f"/{name}" for name in self._roots]

    def at(self, pointer: str) -> Place | Lost:
        parts = parts_of(pointer)
        if not parts or parts[0] not in self._roots:
            return Lost("", parts[0] if parts else "", tuple(self._roots), ())
        place = Place((self._roots[parts[0]],))
        upto = f"/{parts[0]}"
        for i, name in enumerate(parts[1:]):
            if parts[0] == "lookups" and i == 0 and name in self._answers:
                found: Place | None = Place((self._answers[name],))
            else:
                found = place.inner(name)
            if found is None:
                return Lost(upto, name, tuple(place.names()), place.untaken())
            place, upto = found, f"{upto}/{name}"
        return place


def _node(schema: Mapping[str, Any]) -> Node:
    return Node(schema, schema)


def _closed(properties: Mapping[str, Any]) -> Mapping[str, Any]:
    return {"type": "object", "properties": properties, "additionalProperties": False}


def _applicant(guide: Mapping[str, Any]) -> Mapping[str, Any]:
    audience = [a for a in listing(guide.get("audience", ["person"])) if a in ("person", "enterprise")]
    properties: dict[str, Any] = {
        "kind": {"type": "string", "enum": audience or ["person", "enterprise"]},
        "name": _TEXT,
        "area": _TEXT,
        "groups": {"type": "array", "items": _TEXT},
    }
    if "enterprise" not in audience or "person" in audience:
        properties["id_number"] = _TEXT
    if "enterprise" in audience:
        properties["credit_code"] = _TEXT
    return _closed(properties)


def _answer(said: Mapping[str, Any], sources: Mapping[str, Source]) -> tuple[Mapping[str, Any], Any]:
    """(schema, document of its refs) of one lookup's value: the taken fields, in a list or two where declared."""
    source = sources.get(said["source"]) if isinstance(said.get("source"), str) else None
    if source is None:
        return OPEN, OPEN
    record = source.record
    whole = Place((Node(record, record),))
    known = whole.names()
    take = [t for t in listing(said.get("take")) if isinstance(t, str)]
    schema: Mapping[str, Any] = {
        "type": "object",
        "properties": {t: _property(record, t) for t in take},
        "additionalProperties": False,
        "x-untaken": [k for k in known if k not in take],
    }
    if said.get("many") is True:
        schema = {"type": "array", "items": schema}
    if "each" in said:
        rows = schema if said.get("many") is True else {**schema, "type": ["object", "null"]}
        schema = {"type": "array", "items": rows}
    return schema, record


def _property(record: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    place = Place((Node(record, record),)).inner(name)
    if place is None:
        return OPEN
    if len(place.nodes) == 1:
        return place.nodes[0].schema
    return {"allOf": [n.schema for n in place.nodes if n.always]} if any(n.always for n in place.nodes) else OPEN
