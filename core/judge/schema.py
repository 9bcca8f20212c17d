"""The one door to jsonschema-rs: JSON Schemas brought up to 2020-12, limited, compiled once, judged fast.

Knows no form, no item and no network: a remote `$ref` is refused, never fetched.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice
from typing import Any
from urllib.parse import quote, unquote

import jsonschema_rs

from core.contract import Fault
from core.errors import DeclarationError
from core.faults import fault
from core.judge.dialects import is_data, upgrade
from core.judge.explosive import explodes
from core.judge.formats import FORMATS

__all__ = ["MAX_DEPTH", "MAX_NODES", "Error", "Schema", "compile", "faults", "resolve_ref", "upgrade"]

MAX_DEPTH = 100
"""Levels of JSON nesting in a schema; jsonschema-rs itself stops at 255."""
MAX_NODES = 100_000
"""Values in a schema, all levels together."""
MAX_PATTERN = 2_000
MAX_ERRORS = 1_000
"""Errors told of one set of answers; nobody mends more at a time, and a hostile post must not cost more."""
_KEPT = 512
_BACKTRACKS = 20_000
_SLIPS = 50
_TOLD_ONLY = ("schema", "pattern")
"""Faults of one keyword, which is left out; the rest of the schema can be used."""


@dataclass(frozen=True, slots=True)
class Error:
    """One violated keyword. `at` is the JSON Pointer of the offending value in the instance."""

    at: str
    keyword: str
    params: Mapping[str, Any] = field(default_factory=dict)
    path: tuple[str | int, ...] = ()
    """How evaluation came to the keyword, `$ref` steps included; what `errorMessage` is looked up along."""
    raw: Any = field(default=None, compare=False, repr=False)
    outer: str = ""
    """The `anyOf` or `oneOf` of the same place that this explains; what a validator would name."""

    @property
    def schema_pointer(self) -> str:
        """Where the keyword stands in the (upgraded) schema."""
        return pointer(self.raw.schema_path) if self.raw is not None else pointer(self.path)


def token(part: object) -> str:
    """One segment of a JSON Pointer, escaped (RFC 6901)."""
    text = str(part)
    return text.replace("~", "~0").replace("/", "~1") if "~" in text or "/" in text else text


def pointer(parts: Any) -> str:
    if len(parts) == 1:
        return f"/{token(parts[0])}"
    return "".join([f"/{token(p)}" for p in parts])


def parts_of(at: str) -> list[str]:
    return [p.replace("~1", "/").replace("~0", "~") for p in at.split("/")[1:]]


class Schema:
    """A compiled schema. Thread-safe; get one by `compile`, which caches by content."""

    __slots__ = ("_validator", "source")

    def __init__(self, source: Any, validator: Any) -> None:
        self.source = source
        self._validator = validator

    def is_valid(self, value: Any) -> bool:
        try:
            return bool(self._validator.is_valid(value))
        except (ValueError, TypeError, OverflowError):
            return False

    def errors(self, value: Any) -> list[Error]:
        """Every violated keyword, branches of anyOf/oneOf folded into one error with `branches` in its params."""
        raw = self.raw_errors(value)
        return [Error("", "unreadable")] if raw is None else [error_of(e) for e in raw]

    def raw_errors(self, value: Any) -> list[Any] | None:
        """The library's own errors, for who knows most of them already; None: the value cannot be judged at all."""
        try:
            return list(islice(self._validator.iter_errors(value), MAX_ERRORS))
        except (ValueError, TypeError, OverflowError):
            # Nested too deep, a lone surrogate, not JSON at all: nothing a schema can place.
            return None


def error_of(e: Any) -> Error:
    """One error of the library in our words."""
    kind = e.kind
    name = kind.name
    path = tuple(e.evaluation_path)
    at = pointer(e.instance_path)
    if name == "required":
        missing = kind.property
        if path and path[-1] == "dependentRequired":
            name = "dependentRequired"
        return Error(f"{at}/{token(missing)}", name, {"property": missing}, path, e)
    params: dict[str, Any]
    if name in ("anyOf", "oneOf"):
        branches = getattr(kind, "context", ())
        params = {"branches": [[error_of(inner) for inner in branch] for branch in branches]}
        params["matched"] = sum(not branch for branch in branches)
    elif name in ("propertyNames", "not"):
        params = {}
    else:
        params = kind.as_dict()
        if name in ("backtrackLimitExceeded", "regexEngineFailure"):
            name = "pattern"
    return Error(at, name, params, path, e)


# --- compiling -------------------------------------------------------------------------------------------

_cache: OrderedDict[bytes, Schema] = OrderedDict()
_lock = threading.Lock()


def compile(schema: Any) -> Schema:
    """The compiled form of any JSON Schema of draft 04 to 2020-12. Raises DeclarationError with its faults."""
    try:
        text = json.dumps(schema, sort_keys=True, separators=(",", ":"))
    except (RecursionError, TypeError, ValueError) as e:
        raise DeclarationError([fault("", "schema/kind", reason=type(e).__name__)]) from e
    key = hashlib.blake2b(text.encode()).digest()
    with _lock:
        if key in _cache:
            _cache.move_to_end(key)
            return _cache[key]
    made = _compiled(schema)
    with _lock:
        _cache[key] = made
        if len(_cache) > _KEPT:
            _cache.popitem(last=False)
    return made


def _compiled(schema: Any) -> Schema:
    found = [f for f in faults(schema) if f.code not in _TOLD_ONLY]
    if found:
        raise DeclarationError(found)
    upgraded = upgrade(schema)
    for _ in range(_SLIPS):
        try:
            return Schema(upgraded, validator(upgraded))
        except jsonschema_rs.ValidationError as e:
            # A keyword with a value that means nothing (`"minLength": "5"`) is left out, so that a form of which
            # `faults` has something to say can still be looked at.
            if not _left_out(upgraded, list(e.instance_path)):
                break
        except (jsonschema_rs.ReferencingError, ValueError):
            break
    raise DeclarationError(faults(schema) or [fault("", "schema/unusable")])


def _left_out(schema: Any, path: list[str | int]) -> bool:
    """Removes what `path` names, or the nearest keyword around it."""
    while path:
        *before, last = path
        holder = schema
        for step in before:
            holder = holder[step]
        if isinstance(holder, dict) and last in holder:
            del holder[last]
            return True
        path = before
    return False


def validator(upgraded: Any, registry: Any = None) -> Any:
    """The bare jsonschema-rs validator of an upgraded schema; formats asserted, nothing fetched."""
    return jsonschema_rs.Draft202012Validator(
        upgraded,
        formats=FORMATS,
        validate_formats=True,
        offline=True,
        registry=registry,
        pattern_options=jsonschema_rs.FancyRegexOptions(backtrack_limit=_BACKTRACKS, size_limit=4_000_000),
    )


def registered(root: Any) -> Any:
    """A root made ready for many a `part`; to read it anew for each takes long where it is big."""
    return jsonschema_rs.Registry([("urn:lingban:root", root)])


def part(root: Any, at: str, registry: Any = None) -> Schema:
    """One subschema of an upgraded root, compiled so that its `$ref`s still lead into the root."""
    return Schema(root, validator({"$ref": f"urn:lingban:root#{quote(at)}"}, registry or registered(root)))


def resolve_ref(root: Any, ref: str) -> Any:
    """What a local `$ref` names in `root`; LookupError when it leads nowhere."""
    if ref == "#":
        return root
    if not ref.startswith("#/"):
        anchor = ref.removeprefix("#")
        for _, node in walk(root):
            if isinstance(node, dict) and (
                anchor in (node.get("$anchor"), node.get("$dynamicAnchor")) or node.get("$id") == ref
            ):
                return node
        raise LookupError(ref)
    node = root
    for name in parts_of(_unquote(ref[1:])):
        if isinstance(node, dict) and name in node:
            node = node[name]
        elif isinstance(node, list) and name.isdigit() and int(name) < len(node):
            node = node[int(name)]
        else:
            raise LookupError(ref)
    return node


def _unquote(text: str) -> str:
    return unquote(text) if "%" in text else text


def walk(schema: Any, at: str = "") -> Iterator[tuple[str, Any]]:
    """Every value in a schema with its pointer, data such as `enum` and `default` included; no recursion."""
    stack = [(at, schema)]
    while stack:
        here, node = stack.pop()
        yield here, node
        if isinstance(node, dict):
            stack.extend((f"{here}/{token(k)}", v) for k, v in reversed(node.items()))
        elif isinstance(node, list):
            stack.extend((f"{here}/{i}", v) for i, v in reversed(list(enumerate(node))))


# --- what an author is told ------------------------------------------------------------------------------

_BUILT_IN = ("http://json-schema.org/draft-", "https://json-schema.org/draft/")


def faults(schema: Any, where: str = "") -> list[Fault]:
    """All that keeps a schema from being used: size, depth, dead or remote `$ref`, bad or exploding patterns."""
    if not isinstance(schema, (dict, bool)):
        return [fault(where, "schema")]
    nodes, levels = _measured(schema)
    if nodes > MAX_NODES:
        return [fault(where, "schema-size", limit=MAX_NODES)]
    if levels > MAX_DEPTH:
        return [fault(where, "too-deep/schema", limit=MAX_DEPTH)]
    upgraded = upgrade(schema)
    found: list[Fault] = []
    for at, node in schemas_in(upgraded):
        ref = node.get("$ref")
        if isinstance(ref, str):
            found += _ref_faults(upgraded, ref, f"{where}{at}/$ref")
        patterns = node.get("patternProperties")
        for place, text in (
            (f"{at}/pattern", node.get("pattern")),
            *((f"{at}/patternProperties/{token(p)}", p) for p in (patterns if isinstance(patterns, dict) else ())),
        ):
            if isinstance(text, str):
                found += _pattern_faults(text, where + place)
    if not found:
        try:
            validator(upgraded)
        except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as e:
            inner = getattr(e, "instance_path", None)
            first = str(e).split("\n", 1)[0]
            found.append(fault(where + pointer(inner or ()), "schema/wrong", reason=first))
    return found


def _measured(schema: Any) -> tuple[int, int]:
    """(values, levels) in a schema, counted until one of them is too many."""
    nodes = levels = 0
    stack = [(schema, 0)]
    while stack and nodes <= MAX_NODES and levels <= MAX_DEPTH:
        node, depth = stack.pop()
        nodes, levels = nodes + 1, max(levels, depth)
        inner = node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
        stack.extend((one, depth + 1) for one in inner)
    return nodes, levels


def schemas_in(root: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Every object in a schema that is not mere data, with its pointer. What a `$ref` leads to is a schema."""
    led: list[str] = []
    seen: set[int] = set()
    stack: list[tuple[str, Any, bool]] = [("", root, False)]
    while stack or led:
        if not stack:
            way = led.pop()
            with contextlib.suppress(LookupError):
                stack.append((_unquote(way[1:]), resolve_ref(root, way), False))
            continue
        at, node, names = stack.pop()
        if isinstance(node, dict):
            if not names:
                if id(node) in seen:
                    continue
                seen.add(id(node))
                yield at, node
                ref = node.get("$ref")
                if isinstance(ref, str) and ref.startswith("#/"):
                    led.append(ref)
            for key, value in node.items():
                if names or not is_data(key):
                    inside = not names and key in ("properties", "patternProperties", "$defs", "dependentSchemas")
                    stack.append((f"{at}/{token(key)}", value, inside))
        elif isinstance(node, list):
            stack.extend((f"{at}/{i}", v, False) for i, v in enumerate(node))


def _ref_faults(root: Any, ref: str, place: str) -> list[Fault]:
    if ref.startswith(_BUILT_IN):
        return []
    try:
        resolve_ref(root, ref)
    except LookupError:
        if ref.startswith("#"):
            return [fault(place, "dead-ref/local", ref=ref)]
        return [fault(place, "remote-ref", ref=ref)]
    return []


def _pattern_faults(text: str, place: str) -> list[Fault]:
    if len(text) > MAX_PATTERN:
        return [fault(place, "pattern-size", limit=MAX_PATTERN)]
    if not _compiles(text):
        return [fault(place, "pattern", text=text)]
    # Our own engine is linear or stops (`_BACKTRACKS`); browsers and others who read the same schema do neither.
    return [fault(place, "pattern-explodes", text=text)] if explodes(text) else []


@lru_cache(maxsize=2_000)
def _compiles(pattern: str) -> bool:
    try:
        validator({"pattern": pattern})
    except (jsonschema_rs.ValidationError, ValueError):
        return False
    return True
