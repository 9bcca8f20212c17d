"""form.json: a schema that can be filled, asking only what nobody else knows.

Knows JSON Schema and our x- keywords; makes no page of it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from core.catalog.faults import Faults
from core.catalog.fragments import Inliner
from core.catalog.inspection import reachable
from core.catalog.inspection.around import Work
from core.catalog.inspection.kinds import mismatch, words
from core.catalog.places import ALL_TYPES, Node, Place, expand, listing, mapping
from core.faults import near
from core.judge import schema as schemas
from core.judge.dialects import is_data
from core.judge.formats import KNOWN
from core.judge.schema import parts_of, token

FILE = "form.json"
_CURRENT = "https://json-schema.org/draft/2020-12/schema"
_DRAFT = re.compile(r"https?://json-schema\.org/(draft-0[467]|draft/2019-09)/schema#?")
_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas")


def modern(raw: Any) -> Any:
    """The form in the words of 2020-12, whichever draft its `$schema` names."""
    dialect = raw.get("$schema") if isinstance(raw, dict) else None
    return schemas.upgrade(raw) if isinstance(dialect, str) and _DRAFT.fullmatch(dialect) else raw


def prepare(work: Work) -> None:
    """Write the fragments out; everything else reads `work.form`."""
    raw = work.files.json.get(FILE)
    if isinstance(raw, dict):
        dialect = raw.get("$schema", _CURRENT)
        if isinstance(dialect, str) and dialect.rstrip("#") != _CURRENT and not _DRAFT.fullmatch(dialect):
            work.faults.add(FILE, "/$schema", "wrong-value/dialect", name=dialect, current=_CURRENT)
        inliner = Inliner(work.around.schemas, work.faults)
        work.form = inliner.inline(modern(raw))
        work.note_texts(inliner.texts)


def check(work: Work) -> None:
    form = work.form
    if not isinstance(form, Mapping):
        return
    work.faults.relay(FILE, "", schemas.faults(form))
    if "object" not in Place((Node(form, form),)).types or form.get("type", "object") != "object":
        work.faults.add(FILE, "/type", "not-an-object")
    for at, node in subschemas(form):
        _keywords(work, at, node)
        _required(work, at, node)
        _message(work, at, node)
    reachable.check(work)


def subschemas(form: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every schema in the form with its pointer, data such as `enum` and `default` left out."""
    stack: list[tuple[str, Any, bool]] = [("", form, False)]
    while stack:
        at, node, names = stack.pop()
        if isinstance(node, Mapping):
            if not names:
                yield at, node
            for key, value in reversed(list(node.items())):
                if names or not is_data(key):
                    stack.append((f"{at}/{token(key)}", value, not names and key in _MAPS))
        elif isinstance(node, list):
            stack.extend((f"{at}/{i}", part, False) for i, part in reversed(list(enumerate(node))))


# --- our keywords ----------------------------------------------------------------------------------------


def _keywords(work: Work, at: str, node: Mapping[str, Any]) -> None:
    for keyword, stars in (("x-from", True), ("x-suggest", False), ("x-choices", True)):
        if keyword in node:
            _bound(work, f"{at}/{keyword}", keyword, node, stars)
    if is_file(node):
        work.faults.add(FILE, at, "file-in-form")
    format(work.faults, FILE, at, node)
    if isinstance(node.get("if"), Mapping):
        for where, name in _unrequired(work.form, node["if"], f"{at}/if"):
            work.faults.add(FILE, where, "if-without-required", name=name)
    _needless(work, at, node)


def is_file(node: Mapping[str, Any]) -> bool:
    """The schema asks for a file's bytes."""
    return "contentMediaType" in node or "contentEncoding" in node or node.get("format") in ("data-url", "binary")


def format(faults: Faults, file: str, at: str, node: Mapping[str, Any]) -> None:
    """JSON Schema passes over a format it does not know: the author believes that something is checked."""
    said = node.get("format")
    if isinstance(said, str) and said not in KNOWN:
        faults.add(file, f"{at}/format", "unknown-format", name=said, hint=near(said, KNOWN))


def _bound(work: Work, at: str, keyword: str, node: Mapping[str, Any], stars: bool) -> None:
    pointer = node[keyword]
    parts = parts_of(pointer) if isinstance(pointer, str) else []
    if parts and parts[0] in ("answers", "outcomes", "materials", "today", "channel"):
        work.faults.add(FILE, at, "undeclared-pointer/fill", pointer=pointer)
        return
    place = work.place(FILE, at, pointer, star=stars)
    if place is None:
        return
    own = Place((Node(node, work.form),))
    kinds = own.types
    if keyword == "x-choices" and "array" in kinds and kinds != ALL_TYPES:
        row = own.inner("*")
        kinds = row.types if row else ALL_TYPES
    if keyword == "x-choices" and "*" not in parts and not place.types & {"array"}:
        work.faults.add(FILE, at, "not-a-list/choices", pointer=pointer)
    elif keyword == "x-choices" and "*" not in parts:
        row = place.inner("*")
        place = row or place
    if not place.types & kinds:
        mismatch(work, FILE, at, words(kinds), place.types)


def _needless(work: Work, at: str, node: Mapping[str, Any]) -> None:
    """A question of the first level whose data element a source holds that is asked about the applicant anyway.

    Deeper ones are left alone: a member's name and the applicant's name are one element of two people.
    """
    element = node.get("x-element")
    parts = parts_of(at)
    if not isinstance(element, str) or len(parts) != 2 or parts[0] != "properties":
        return
    if any(k in node for k in ("x-from", "x-suggest", "x-choices")):
        return
    holding: dict[str, tuple[str, str]] = {}
    for name, said in work.lookups.items():
        said = mapping(said)
        source = work.around.sources.get(str(said.get("source")))
        if source is None or not about_the_applicant(said):
            continue
        for field, schema in mapping(source.record.get("properties")).items():
            if mapping(schema).get("x-element") == element:
                if field in listing(said.get("take")):
                    return  # it is filled
                holding.setdefault(source.id, (field, token(name)))
    for id, (field, lookup) in holding.items():
        work.faults.add(
            FILE, f"{at}/x-element", "needless-question", element=element, source=id, field=field, lookup=lookup
        )


def about_the_applicant(said: Mapping[str, Any]) -> bool:
    """The lookup gives one record, and it is the applicant's own."""
    values = list(mapping(said.get("by")).values())
    own = [v for v in values if isinstance(v, str)]
    return (
        bool(own)
        and all(v in ("/applicant/id_number", "/applicant/credit_code") for v in own)
        and said.get("many") is not True
        and "each" not in said
    )


# --- what can be filled ----------------------------------------------------------------------------------


def _unrequired(root: Any, test: Mapping[str, Any], at: str) -> Iterator[tuple[str, str]]:
    """Names that an `if` tests and does not require: JSON Schema lets an absent one pass."""
    parts = list(expand(Node(test, root)))
    required = {str(name) for part in parts for name in listing(part.schema.get("required"))}
    for name, wanted in mapping(test.get("properties")).items():
        if wanted is True or wanted == {} or wanted is False:
            continue
        if name not in required:
            yield f"{at}/properties/{token(name)}", name
        elif isinstance(wanted, Mapping):
            yield from _unrequired(root, wanted, f"{at}/properties/{token(name)}")
    for keyword in ("allOf", "anyOf", "oneOf"):
        for i, part in enumerate(listing(test.get(keyword))):
            if isinstance(part, Mapping):
                yield from (f for f in _unrequired(root, part, f"{at}/{keyword}/{i}") if f[1] not in required)


def _required(work: Work, at: str, node: Mapping[str, Any]) -> None:
    """A required name that no `properties` around it declares can never be answered."""
    names = [(f"{at}/required/{i}", n) for i, n in enumerate(listing(node.get("required")))]
    for trigger, needed in mapping(node.get("dependentRequired")).items():
        names += [(f"{at}/dependentRequired/{token(trigger)}/{i}", n) for i, n in enumerate(listing(needed))]
    if not names:
        return
    holder = _holder(work.form, at)
    if holder is None:
        return
    for where, name in names:
        if isinstance(name, str) and holder.inner(name) is None:
            work.faults.add(FILE, where, "required-undeclared", name=name, hint=near(name, holder.names()))


_SAME_VALUE = ("allOf", "anyOf", "oneOf", "then", "else", "if", "not", "dependentSchemas")


def _holder(form: Any, at: str) -> Place | None:
    """The place of the value that the schema at this pointer speaks of, with all that is declared for it."""
    parts = parts_of(at)
    if "$defs" in parts[:1]:
        return None  # used from elsewhere, where more may be declared
    # Climb over branches: what `then` requires may be declared by the schema around it.
    place = Place((Node(form, form),))
    node: Any = form
    i = 0
    while i < len(parts):
        key = parts[i]
        if key == "properties" and i + 1 < len(parts):
            inner = place.inner(parts[i + 1])
            if inner is None:
                return None
            place, i = inner, i + 2
        elif key == "items":
            inner = place.inner("*")
            if inner is None:
                return None
            place, i = inner, i + 1
        elif key in _SAME_VALUE:
            i += 2 if key in ("allOf", "anyOf", "oneOf", "dependentSchemas") else 1
            if key in ("if", "not"):
                node = _at(form, parts[:i])
                place = Place((*place.nodes, Node(mapping(node), form)))
        else:
            return None
    return place


def _at(root: Any, parts: list[str]) -> Any:
    for part in parts:
        if isinstance(root, Mapping):
            root = root.get(part)
        elif isinstance(root, list) and part.isdigit() and int(part) < len(root):
            root = root[int(part)]
        else:
            return None
    return root


def _message(work: Work, at: str, node: Mapping[str, Any]) -> None:
    said = node.get("errorMessage")
    if not isinstance(said, Mapping):
        return
    for keyword, text in said.items():
        here = f"{at}/errorMessage/{token(keyword)}"
        if keyword in ("properties", "items"):
            continue
        if keyword != "_" and keyword not in node:
            work.faults.add(FILE, here, "bad-message/keyword", name=keyword, hint=near(keyword, node))
        elif isinstance(text, Mapping):
            if keyword not in ("required", "dependentRequired"):
                work.faults.add(FILE, here, "bad-message/one")
            for name, sentence in text.items():
                if keyword == "required" and name not in listing(node.get("required")):
                    work.faults.add(
                        FILE,
                        f"{here}/{token(name)}",
                        "bad-message/required",
                        name=name,
                        hint=near(name, [str(n) for n in listing(node.get("required"))]),
                    )
                elif not isinstance(sentence, str):
                    work.faults.add(FILE, f"{here}/{token(name)}", "bad-message")
        elif not isinstance(text, str):
            work.faults.add(FILE, here, "bad-message")
