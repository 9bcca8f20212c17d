"""JSON Schemas of drafts 04, 06, 07 and 2019-09 rewritten as 2020-12.

Knows only keywords; nothing is judged here and nothing of the input is changed in place.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote, unquote, urljoin

from core.judge.annex_b import spelled_out

_DATA = frozenset({"enum", "const", "default", "examples", "example", "errorMessage", "required", "type"})
_MAPS = frozenset({"properties", "patternProperties", "$defs", "dependentSchemas"})
_NAME = re.compile(r"[A-Za-z_][-A-Za-z0-9._]*", re.ASCII)
_OLD_META = re.compile(r"https?://json-schema\.org/(draft-0[467]|draft/2019-09)/(?:hyper-)?schema(?:#(.*))?")
_META: dict[str, dict[str, Any]] = {
    "": {"type": ["object", "boolean"]},
    "nonNegativeInteger": {"type": "integer", "minimum": 0},
    "nonNegativeIntegerDefault0": {"type": "integer", "minimum": 0},
    "positiveInteger": {"type": "integer", "minimum": 0},
    "positiveIntegerDefault0": {"type": "integer", "minimum": 0},
    "schemaArray": {"type": "array", "minItems": 1, "items": {"type": ["object", "boolean"]}},
    "simpleTypes": {"enum": ["array", "boolean", "integer", "null", "number", "object", "string"]},
    "stringArray": {"type": "array", "items": {"type": "string"}, "uniqueItems": True},
}
"""What older metaschemas say by their names: the library knows no metaschema but its own draft's."""


def is_data(keyword: str) -> bool:
    """Whether what stands under a keyword is data: a `$ref` in it refers to nothing, a `pattern` in it is none."""
    return keyword in _DATA or keyword.startswith(("x-", "ui:"))


def upgrade(schema: Any) -> Any:
    """The same schema in the words of 2020-12. Old and new words may stand side by side; `$ref` keeps its siblings.

    A schema that is 2020-12 already comes back equal, without `$schema` and without the root's `$id`, so that
    `#/…` always means this document.
    """
    if not isinstance(schema, dict):
        return schema
    done = _schema(schema, _identity(schema))
    done.pop("$schema", None)
    done.pop("$id", None)
    return _unbundled(done, _identity(schema))


def _identity(root: dict[str, Any]) -> str:
    named = root.get("$id", root.get("id"))
    return named.rstrip("#") if isinstance(named, str) else ""


def _schema(node: Any, base: str) -> Any:
    if isinstance(node, list):
        return [_schema(v, base) for v in node]
    if not isinstance(node, dict):
        return node
    done: dict[str, Any] = {}
    for key, value in node.items():
        _keyword(done, key, value, base)
    if isinstance(node.get("items"), list) and "additionalItems" in node:
        done["items"] = _schema(node["additionalItems"], base)
    for bound in ("Minimum", "Maximum"):
        _exclusive(done, bound)
    meta = _OLD_META.fullmatch(done["$ref"]) if isinstance(done.get("$ref"), str) else None
    if meta is not None:
        del done["$ref"]
        for key, value in _META.get((meta[2] or "").rpartition("/")[2], {}).items():
            done.setdefault(key, value)
    if done.get("nullable") is True and isinstance(done.get("type"), str):
        done["type"] = [done["type"], "null"]
        if isinstance(done.get("enum"), list) and None not in done["enum"]:
            done["enum"] = [*done["enum"], None]
    return done


def _keyword(done: dict[str, Any], key: str, value: Any, base: str) -> None:
    if key == "definitions" and isinstance(value, dict):
        done["$defs"] = {**done.get("$defs", {}), **_map(value, base)}
    elif key == "patternProperties" and isinstance(value, dict):
        for pattern, one in _map(value, base).items():
            known = done.setdefault(key, {})
            strict = spelled_out(pattern)
            known[strict] = {"allOf": [known[strict], one]} if strict in known else one
    elif key in _MAPS and isinstance(value, dict):
        done[key] = {**done.get(key, {}), **_map(value, base)}
    elif key == "pattern" and isinstance(value, str):
        done[key] = spelled_out(value)
    elif key == "dependencies" and isinstance(value, dict):
        _dependencies(done, value, base)
    elif key == "items" and isinstance(value, list):
        done["prefixItems"] = [_schema(v, base) for v in value]
    elif key == "additionalItems":
        pass  # only means something beside a list of items; see _schema
    elif key == "required" and isinstance(value, bool):
        pass  # draft 03; an author's slip in a later one
    elif key in ("$ref", "$recursiveRef") and isinstance(value, str):
        done["$ref"] = _ref(value, base)  # 2019-09's recursive one, where it stands in the text
    elif key in ("id", "$id") and isinstance(value, str) and value.startswith("#"):
        if _NAME.fullmatch(value[1:]):
            done["$anchor"] = value[1:]  # drafts 04 to 07 name a place so; a generator's `#/properties/a` names none
    elif key == "id" and isinstance(value, str):
        pass
    elif key in _DATA:
        done[key] = value
    elif isinstance(value, (dict, list)) and not is_data(key):
        done[key] = _schema(value, base)
    else:
        done[key] = value


def _map(value: dict[str, Any], base: str) -> dict[str, Any]:
    """Name → schema. What is no schema (a keyword written one level too deep) is no question either."""
    return {name: _schema(v, base) for name, v in value.items() if isinstance(v, (dict, bool))}


def _dependencies(done: dict[str, Any], value: dict[str, Any], base: str) -> None:
    for name, needs in value.items():
        if isinstance(needs, list):
            done.setdefault("dependentRequired", {})[name] = needs
        elif isinstance(needs, str):
            done.setdefault("dependentRequired", {})[name] = [needs]
        else:
            done.setdefault("dependentSchemas", {})[name] = _schema(needs, base)


def _ref(ref: str, base: str) -> str:
    if base and ref.startswith(base) and ref[len(base) : len(base) + 1] in ("", "#"):
        ref = ref[len(base) :] or "#"
    if ref.startswith("#/"):
        ref = "#" + quote(_PERCENT.sub("%25", _renamed(ref[1:].split("/"))), safe=_PLAIN)
    return ref


_PERCENT = re.compile(r"%(?![0-9A-Fa-f]{2})")
_PLAIN = "/%!$&'()*+,;=:@?~"
"""Beside letters, digits and -._ what may stand in a fragment as it is (RFC 3986); `#/$defs/地址` has to be escaped."""


def _renamed(parts: list[str]) -> str:
    """A pointer into the old schema as one into the new; names of properties stay."""
    done: list[str] = []
    for i, part in enumerate(parts):
        follows = parts[i + 1] if i + 1 < len(parts) else ""
        if i and parts[i - 1] == "patternProperties":
            pattern = unquote(part).replace("~1", "/").replace("~0", "~")
            strict = spelled_out(pattern)
            done.append(part if strict == pattern else quote(strict.replace("~", "~0").replace("/", "~1"), safe=""))
        elif i and parts[i - 1] in ("properties", "definitions", "$defs", "dependencies"):
            done.append(part)
        elif part == "definitions":
            done.append("$defs")
        elif part == "dependencies":
            done.append("dependentSchemas")
        elif part == "items" and follows.isdigit():
            done.append("prefixItems")
        elif part == "additionalItems":
            done.append("items")
        else:
            done.append(part)
    return "/".join(done)


def _exclusive(done: dict[str, Any], bound: str) -> None:
    """Draft 04: `exclusiveMinimum: true` beside `minimum`."""
    exclusive, plain = f"exclusive{bound}", bound.lower()
    flag = done.get(exclusive)
    if isinstance(flag, bool):
        del done[exclusive]
        if flag and plain in done:
            done[exclusive] = done.pop(plain)


def _unbundled(root: dict[str, Any], base: str) -> dict[str, Any]:
    """A document that holds others under addresses of their own (2020-12, 9.3) as one: every `$ref` a pointer into it.
    Names that are no addresses (`urn:…`) stay."""
    places: dict[str, str] = {base: ""}
    refs: list[tuple[dict[str, Any], str]] = []
    named: list[dict[str, Any]] = []
    stack: list[tuple[Any, str, str, bool]] = [(root, "", base, False)]
    while stack:
        node, at, here, names = stack.pop()
        if isinstance(node, list):
            stack += [(one, f"{at}/{i}", here, False) for i, one in enumerate(node)]
        if not isinstance(node, dict):
            continue
        own = None if names else node.get("$id")
        if isinstance(own, str) and not own.startswith("urn:"):
            here = urljoin(here, own.rstrip("#"))
            places[here] = at
            named.append(node)
        if not names:
            if isinstance(node.get("$anchor"), str):
                places[f"{here}#{node['$anchor']}"] = at
            if isinstance(node.get("$ref"), str):
                refs.append((node, here))
        for key, value in node.items():
            if names or not is_data(key):
                step = key.replace("~", "~0").replace("/", "~1")
                stack.append((value, f"{at}/{step}", here, not names and key in _MAPS))
    if named:
        for node, here in refs:
            whole, _, fragment = urljoin(here, node["$ref"]).partition("#")
            if f"{whole}#{fragment}" in places:
                node["$ref"] = f"#{places[f'{whole}#{fragment}']}"
            elif whole in places and (not fragment or fragment.startswith("/")):
                # Many write `$id`s beside their questions and mean the whole document by `#/…` all the same.
                outer = node["$ref"].startswith("#/") and not _leads(root, places[whole] + fragment)
                if not (outer and _leads(root, fragment)):
                    node["$ref"] = f"#{quote(places[whole], safe=_PLAIN)}{fragment}"
        for node in named:
            del node["$id"]
    return root


def _leads(root: Any, fragment: str) -> bool:
    """Whether a pointer into the document finds something."""
    node = root
    for step in fragment.split("/")[1:]:
        name = unquote(step).replace("~1", "/").replace("~0", "~")
        if isinstance(node, dict) and name in node:
            node = node[name]
        elif isinstance(node, list) and name.isdigit() and int(name) < len(node):
            node = node[int(name)]
        else:
            return False
    return True
