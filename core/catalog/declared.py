"""What an item's facts may hold: every pointer somebody declares, with the schema of the value there.

Knows DESIGN section 5 and the schemas of form and sources; judges no value.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from core.catalog.places import OPEN, Lost, Node, Place, listing, mapping
from core.contract import CHANNELS, LEVELS, OUTCOMES, Source
from core.judge.schema import parts_of

STATUSES = ("proved", "given", "upload", "staff", "promise", "later", "confirm")
CONFIRMATIONS = ("waiting", "confirmed", "refused", "late")
_TEXT = {"type": "string"}
_DAY = {"type": "string", "format": "date"}


class Declared:
    """All facts of one item. `at` a pointer is a Place, or Lost."""

    def __init__(
        self,
        *,
        guide: Mapping[str, Any],
        form: Any,
        lookups: Mapping[str, Any],
        sources: Mapping[str, Source],
        findings: Mapping[str, Any] | None = None,
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
            "confirmations": _node(
                _closed({id: {"type": "string", "enum": list(CONFIRMATIONS)} for id in _confirmed(guide)})
            ),
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
            "findings": _node(_closed(dict(findings or {}))),
            "result": _node(_closed(_granted(guide))),
            "sums": _node(_closed({id: {"type": "number"} for id in _sums(guide)})),
            "today": _node(_DAY),
        }
        for root in unknown:
            self._roots[root] = _node(OPEN)
        self._fields: dict[str, frozenset[str]] = {}
        self._at: dict[str, Place | Lost] = {}
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
        if pointer not in self._at:
            self._at[pointer] = self._walked(pointer)
        return self._at[pointer]

    def _walked(self, pointer: str) -> Place | Lost:
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


def _confirmed(guide: Mapping[str, Any]) -> list[str]:
    """The materials that another party may have to confirm, in some situation or for some outcome."""
    found = []
    for material in map(mapping, listing(guide.get("materials"))):
        said = material.get("fallback")
        lines = [mapping(line).get("fallback") for line in said] if isinstance(said, list) else [said]
        ways = [way for line in lines for way in (line, *mapping(line).values())]
        if isinstance(material.get("id"), str) and any("confirm" in mapping(way) for way in ways):
            found.append(material["id"])
    return found


def _sums(guide: Mapping[str, Any]) -> list[str]:
    return [one["id"] for one in map(mapping, listing(guide.get("sums"))) if isinstance(one.get("id"), str)]


def _granted(guide: Mapping[str, Any]) -> Mapping[str, Any]:
    result = mapping(guide.get("result"))
    made: dict[str, Any] = {"amount": {"type": "number"}} if result.get("amount") else {}
    return made | ({"valid_until": _DAY} if "valid" in result or "valid_until" in result else {})


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
