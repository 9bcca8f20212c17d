"""source.json: a contract that can be kept, served by a connector that exists, with no secret in it.

Knows no database and no address; asks nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.catalog.faults import Faults
from core.catalog.inspection import form
from core.catalog.inspection.around import Around
from core.catalog.places import Node, Place, listing, mapping
from core.catalog.reading import Files
from core.faults import near, which
from core.judge import schema as schemas
from core.judge.schema import parts_of, token

FILE = "source.json"
_SECRET = re.compile(r"(?i)(^|[_-])(password|passwd|pwd|secret|token|api_?key|private_?key|access_?key|hmac_?key)$")
_IN_URL = re.compile(r"^[a-z][a-z0-9+.-]*://[^/@\s:]*:(?P<password>[^/@\s]+)@")
_NAME = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")
_SCHEMA_KEYS = ("query", "record")
_CONDITIONS = ("empty_when", "refused_when", "ok_when")


def check(files: Files, faults: Faults, around: Around, without_code: bool) -> None:
    """`without_code`: plugin.py is missing or cannot be used, which is told already."""
    said = mapping(files.json.get(FILE))
    unit = said.get("unit")
    if isinstance(unit, str) and unit not in around.office.units:
        titles = {one.id: one.name for one in around.office.units.values()}
        faults.add(FILE, "/unit", "unknown-unit", name=unit, hint=which(unit, titles))
    connector = said.get("connector")
    known = [*around.connectors, *([files.id] if files.has("plugin.py") and without_code else [])]
    if isinstance(connector, str) and connector not in known:
        if connector == files.id:
            faults.add(FILE, "/connector", "unknown-connector/own", name=connector)
        else:
            faults.add(FILE, "/connector", "unknown-connector", name=connector, hint=near(connector, known))
    for key in _SCHEMA_KEYS:
        _schema(said.get(key), f"/{key}", faults, around)
    query = Place((Node(mapping(said.get("query")), said.get("query")),))
    for i, field in enumerate(listing(said.get("public"))):
        if isinstance(field, str) and query.inner(field) is None:
            faults.add(FILE, f"/public/{i}", "unknown-query-field", name=field, hint=near(field, query.names()))
    relation = said.get("relation")
    for i, one in enumerate(relation if isinstance(relation, list) else [relation]):
        at = f"/relation/{i}" if isinstance(relation, list) else "/relation"
        _relation(mapping(one), at, said, query, faults)
    if connector == "http":
        _conditions(mapping(said.get("settings")), faults)
    for at, key, value in _settings(said.get("settings"), "/settings"):
        _setting(at, key, value, faults)


def _schema(said: Any, at: str, faults: Faults, around: Around) -> None:
    if not isinstance(said, Mapping):
        return
    faults.relay(FILE, at, schemas.faults(dict(said)))
    if said.get("type") != "object":
        faults.add(FILE, f"{at}/type", "not-an-object/source")
    place = Place((Node(said, said),))
    for i, name in enumerate(listing(said.get("required"))):
        if isinstance(name, str) and place.inner(name) is None:
            faults.add(FILE, f"{at}/required/{i}", "required-undeclared", name=name, hint=near(name, place.names()))
    known = known_keywords(around)
    stack: list[tuple[str, Any, bool]] = [(at, said, False)]
    while stack:
        here, node, names = stack.pop()
        if isinstance(node, list):
            stack.extend((f"{here}/{i}", part, False) for i, part in enumerate(node))
        if not isinstance(node, Mapping):
            continue
        if not names:
            form.format(faults, FILE, here, node)
        for key, value in node.items():
            if not names and key not in known:
                faults.add(FILE, f"{here}/{token(key)}", "unknown-key", key=key, hint=near(key, known))
            elif names or key not in ("enum", "const", "default", "examples", "required", "type", "errorMessage"):
                stack.append(
                    (
                        f"{here}/{token(key)}",
                        value,
                        not names and key in ("properties", "$defs", "patternProperties", "dependentSchemas"),
                    )
                )


def known_keywords(around: Around) -> list[str]:
    from core.catalog import shape

    raw, _ = shape.load(around.schemas, "form.schema.json")
    ours = ("x-from", "x-suggest", "x-choices")
    return [k for k in raw["$defs"]["keywords"]["properties"] if k not in ours]


def _relation(relation: Mapping[str, Any], root: str, said: Mapping[str, Any], query: Place, faults: Faults) -> None:
    for field, value in mapping(relation.get("by")).items():
        at = f"{root}/by/{token(field)}"
        if query.inner(field) is None:
            faults.add(FILE, at, "unknown-query-field", name=field, hint=near(field, query.names()))
        parts = parts_of(value) if isinstance(value, str) else ["applicant", "id_number"]
        known = ("kind", "name", "id_number", "credit_code", "area", "groups")
        allowed = {"applicant": known, "agent": ("relation", "name", "id_number")}.get(parts[0] if parts else "", ())
        if len(parts) < 2 or parts[1] not in allowed:
            faults.add(FILE, at, "bad-by/relation", pointer=value)
    _in_record(relation.get("holder"), f"{root}/holder", said, faults)
    for pointer, wanted in mapping(relation.get("when")).items():
        at = f"{root}/when/{token(pointer)}"
        _in_record(pointer, at, said, faults)
        faults.relay(FILE, at, schemas.faults(wanted))


def _in_record(pointer: Any, at: str, said: Mapping[str, Any], faults: Faults) -> None:
    """A fault unless the record has what the pointer names."""
    if not isinstance(pointer, str) or not pointer.startswith("/"):
        return
    place: Place | None = Place((Node(mapping(said.get("record")), said.get("record")),))
    names: list[str] = []
    for part in parts_of(pointer):
        names = place.names() if place else names
        place = place.inner(part) if place else None
    if place is None:
        faults.add(FILE, at, "unknown-field/record", name=pointer, hint=near(pointer.strip("/"), names))


def _conditions(settings: Mapping[str, Any], faults: Faults) -> None:
    """What must hold of an answer: the shape check knows its form, not whether its schemas can be used."""
    for name in _CONDITIONS:
        said = settings.get(name)
        listed = said if isinstance(said, list) else [said]
        for i, one in enumerate(listed):
            at = f"/settings/{name}" + (f"/{i}" if isinstance(said, list) else "")
            for pointer, wanted in mapping(one).items():
                faults.relay(FILE, f"{at}/{token(pointer)}", schemas.faults(wanted))


def _settings(value: Any, at: str, key: str = "") -> Iterator[tuple[str, str, str]]:
    stack = [(value, at, key)]
    while stack:
        node, here, name = stack.pop()
        if isinstance(node, Mapping):
            stack.extend((inner, f"{here}/{token(k)}", k) for k, inner in reversed(list(node.items())))
        elif isinstance(node, list):
            stack.extend((inner, f"{here}/{i}", name) for i, inner in enumerate(node))
        elif isinstance(node, str):
            yield here, name, node


def _setting(at: str, key: str, value: str, faults: Faults) -> None:
    in_url = _IN_URL.match(value)
    if (_SECRET.search(key) and value and not _NAME.search(value)) or (in_url and not _NAME.search(in_url["password"])):
        faults.add(FILE, at, "literal-secret")
    rest = _NAME.sub("", value)
    if "${" in rest:
        faults.add(FILE, at, "bad-setting", value=value[:60])
