"""Conditions: every pointer declared, every schema able to match what is declared there.

Knows DESIGN section 5; judges no facts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.catalog.inspection import measures
from core.catalog.inspection.around import Work
from core.catalog.inspection.kinds import is_date, mismatch, words
from core.catalog.places import ALL_TYPES, Node, Place, listing, mapping, types_of, types_of_value
from core.faults import meant, near
from core.faults.shapes import VALUES
from core.judge import schema as schemas
from core.judge.formats import KNOWN
from core.judge.measures import MEASURES
from core.judge.schema import parts_of, token

_ONLY_FOR = {
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
    "array": ("items", "prefixItems", "contains", "minContains", "maxContains", "minItems", "maxItems", "uniqueItems"),
    "object": (
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "propertyNames",
        "minProperties",
        "maxProperties",
        "dependentRequired",
        "dependentSchemas",
    ),
}
KEYWORDS = frozenset(
    (
        "type",
        "const",
        "enum",
        "not",
        "allOf",
        "anyOf",
        "oneOf",
        "if",
        "then",
        "else",
        "$comment",
        "title",
        "description",
        "unevaluatedItems",
        "unevaluatedProperties",
        *(k for ks in _ONLY_FOR.values() for k in ks),
    )
)


def check(work: Work, file: str, at: str, condition: Any, each: Place | None = None) -> None:
    """Add a fault for everything in the condition that can never be meant. `each`: what `/each` leads to, in rows."""
    if isinstance(condition, list):
        for i, one in enumerate(condition):
            _judgements(work, file, f"{at}/{i}", mapping(one), each)
    else:
        _judgements(work, file, at, mapping(condition), each)


def in_order(work: Work, file: str, at: str, lines: Any) -> None:
    """Of lines whose first that holds counts: a fault for each that stands after one which holds whenever it does."""
    always, before = 0, list[str]()
    for i, line in enumerate(map(mapping, listing(lines))):
        when = line.get("when", {})
        written = json.dumps(when, sort_keys=True)  # as text, in which 1 is not true
        if always:
            work.faults.add(file, f"{at}/{i}", "never-reached", line=always)
        elif written in before:
            work.faults.add(file, f"{at}/{i}/when", "never-reached/same", line=before.index(written) + 1)
        elif when == {} or {} in listing(when):
            always = i + 1
        before.append(written)


def pointers(condition: Any) -> list[str]:
    """Every fact that it reads, bounds included."""
    maps = condition if isinstance(condition, list) else [condition]
    return [
        p for one in maps for pointer, schema in mapping(one).items() for p in (pointer, *measures.pointers(schema))
    ]


def _judgements(work: Work, file: str, at: str, judgements: Mapping[str, Any], each: Place | None) -> None:
    for pointer, schema in judgements.items():
        here = f"{at}/{token(pointer)}"
        if each is not None and parts_of(pointer)[:1] == ["each"]:
            place = work.row(file, here, pointer, each)
        else:
            place = work.place(file, here, pointer, star=measures.may_star(schema))
        if isinstance(schema, Mapping):
            _schema(work, file, here, schema, place)


def _schema(work: Work, file: str, at: str, schema: Mapping[str, Any], place: Place | None) -> None:
    rest = {k: v for k, v in schema.items() if k not in MEASURES}
    if len(rest) < len(schema):
        measures.check(work, file, at, schema, place, condition=check)
    sound = _keywords(work, file, at, rest)
    faults = schemas.faults(rest) if sound else []
    work.faults.relay(file, at, faults)
    if sound and not faults and place is not None and "*" not in at.rpartition("/")[2]:
        _match(work, file, at, rest, place)


def date(work: Work, file: str, at: str, pointer: Any, *, each: Place | None = None) -> None:
    """A fault unless the pointer leads to a date, or with `*` to one in every row."""
    place: Place | None
    if each is not None and isinstance(pointer, str) and parts_of(pointer)[:1] == ["each"]:
        place = work.row(file, at, pointer, each)
    elif walked := _walked(work, pointer):
        work.faults.add(file, at, "undeclared-pointer", pointer=pointer, hint=meant(walked))
        return
    else:
        place = work.place(file, at, pointer, star=True)
    if place is not None and not is_date(place):
        work.faults.add(file, at, "type-mismatch/date", pointer=pointer)


def _walked(work: Work, pointer: Any) -> str:
    """The same pointer into every row of a list, where it leads nowhere because the `*` was left out; else ""."""
    parts = parts_of(pointer) if isinstance(pointer, str) and pointer.startswith("/") else []
    if not parts or isinstance(work.declared.at(pointer), Place):
        return ""
    into = ""
    for name in parts:
        straight = f"{into}/{token(name)}"
        into = straight if isinstance(work.declared.at(straight), Place) else f"{into}/*/{token(name)}"
    found = work.declared.at(into)
    return into if isinstance(found, Place) and is_date(found) else ""


def _keywords(work: Work, file: str, at: str, schema: Mapping[str, Any]) -> bool:
    """True when every keyword, down to the deepest, is one that a condition may use."""
    sound = True
    for key, value in schema.items():
        if key in MEASURES:
            work.faults.add(file, f"{at}/{key}", "misplaced-age/deep", key=key)
            sound = False
        elif key not in KEYWORDS:
            work.faults.add(
                file, f"{at}/{token(key)}", "unknown-key/condition", key=key, hint=near(key, KEYWORDS | MEASURES)
            )
            sound = False
        elif key == "format" and isinstance(value, str) and value not in KNOWN:
            work.faults.add(file, f"{at}/format", "unknown-format", name=value, hint=near(value, KNOWN))
        elif key in ("properties", "patternProperties", "dependentSchemas"):
            for name, inner in mapping(value).items():
                sound &= not isinstance(inner, Mapping) or _keywords(work, file, f"{at}/{key}/{token(name)}", inner)
        elif key in ("allOf", "anyOf", "oneOf", "prefixItems"):
            for i, inner in enumerate(listing(value)):
                sound &= not isinstance(inner, Mapping) or _keywords(work, file, f"{at}/{key}/{i}", inner)
        elif key not in ("const", "enum") and isinstance(value, Mapping) and key != "dependentRequired":
            sound &= _keywords(work, file, f"{at}/{key}", value)
    return sound


def _match(work: Work, file: str, at: str, schema: Mapping[str, Any], place: Place) -> None:
    """Told is what can never be as written: a type, a keyword for another type, a value that is not among those."""
    types = place.types
    own = types_of(Node({"type": schema["type"]} if "type" in schema else {}, {}))
    if own is not None and not own & types:
        mismatch(work, file, f"{at}/type", words(own), types)
        return
    for type_, keywords in _ONLY_FOR.items():
        reached = {"number", "integer"} if type_ == "number" else {type_}
        for keyword in keywords:
            if keyword in schema and not reached & types:
                key = "type-mismatch/keyword"
                mismatch(work, file, f"{at}/{keyword}", VALUES[type_], types, key=key, keyword=keyword)
    listed = [("const", schema["const"])] if "const" in schema else []
    listed += [(f"enum/{i}", v) for i, v in enumerate(listing(schema.get("enum")))]
    for where, wanted in listed:
        value(work, file, f"{at}/{where}", wanted, place)
    for keyword in ("not", "if", "then", "else"):
        if isinstance(schema.get(keyword), Mapping):
            _match(work, file, f"{at}/{keyword}", schema[keyword], place)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for i, part in enumerate(listing(schema.get(keyword))):
            if isinstance(part, Mapping):
                _match(work, file, f"{at}/{keyword}/{i}", part, place)
    row = place.inner("*") if "array" in types and types != ALL_TYPES else None
    for keyword in ("items", "contains"):
        if row is not None and isinstance(schema.get(keyword), Mapping):
            _match(work, file, f"{at}/{keyword}", schema[keyword], row)
    if "object" in types and types != ALL_TYPES:
        _inside(work, file, at, schema, place)


def _inside(work: Work, file: str, at: str, schema: Mapping[str, Any], place: Place) -> None:
    for name, part in mapping(schema.get("properties")).items():
        inner = place.inner(name)
        if inner is None:
            _no_field(work, file, f"{at}/properties/{token(name)}", name, place)
        elif isinstance(part, Mapping):
            _match(work, file, f"{at}/properties/{token(name)}", part, inner)
    for i, name in enumerate(listing(schema.get("required"))):
        if isinstance(name, str) and place.inner(name) is None:
            _no_field(work, file, f"{at}/required/{i}", name, place)


def _no_field(work: Work, file: str, at: str, name: str, place: Place) -> None:
    if name in place.untaken():
        work.faults.add(file, at, "not-taken/field", name=name)
    else:
        work.faults.add(file, at, "undeclared-pointer/field", pointer=name, hint=near(name, place.names()))


def value(work: Work, file: str, at: str, wanted: Any, place: Place) -> None:
    types = place.types
    if not types_of_value(wanted) & types:
        kinds = words(types_of_value(wanted))
        mismatch(work, file, at, kinds, types, key="type-mismatch/value", value=_short(wanted))
        return
    values = place.values
    if values is not None and not any(_same(wanted, v) for v in values):
        hint = near(wanted, [v for v in values if isinstance(v, str)])
        listed = ", ".join(_short(v) for v in values[:12])
        work.faults.add(file, at, "const-outside-enum", value=_short(wanted), values=listed, hint=hint)


def _same(a: Any, b: Any) -> bool:
    return a == b and isinstance(a, bool) == isinstance(b, bool)


def _short(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else text[:57] + "…"
