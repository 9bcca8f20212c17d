"""`$ref` to the fragments in schemas/common, written out into form and findings so that a version stands by itself.

Knows `urn:lingban:common:<name>:1`; every other reference is left for the schema check to judge.
"""

from __future__ import annotations

import functools
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.catalog.faults import Faults
from core.faults import near
from core.judge.schema import parts_of, token

_URN = re.compile(r"urn:lingban:common:([a-z0-9-]+):(\d+)(?:#(.*))?")
_DATA = ("enum", "const", "default", "examples", "errorMessage")
_NOTES = ("$schema", "$id", "$comment")


def names(schemas: Path) -> list[str]:
    return sorted(f"urn:lingban:common:{p.stem}:1" for p in (schemas / "common").glob("*.json"))


@functools.lru_cache(maxsize=64)
def _read(path: str, stamp: int) -> Mapping[str, Any]:
    return json.loads(Path(path).read_text(encoding="utf-8"))  # type: ignore[no-any-return]


def _fragment(schemas: Path, name: str) -> Mapping[str, Any] | None:
    path = schemas / "common" / f"{name}.json"
    return _read(str(path), path.stat().st_mtime_ns) if path.is_file() else None


class Inliner:
    """One file's fragments; `texts` gathers their translations as keys of that file, by language."""

    def __init__(self, schemas: Path, faults: Faults, file: str = "form.json") -> None:
        self._schemas, self._faults, self._file = schemas, faults, file
        self.texts: dict[str, dict[str, str]] = {}

    def inline(self, node: Any, at: str = "", *, names: bool = False) -> Any:
        """The schema with fragments written out; keywords beside the `$ref` are laid over the fragment's."""
        if isinstance(node, list):
            return [self.inline(part, f"{at}/{i}") for i, part in enumerate(node)]
        if not isinstance(node, dict):
            return node
        inner = {
            key: value
            if not names and (key in _DATA or key.startswith("x-"))
            else self.inline(value, f"{at}/{token(key)}", names=not names and key in _MAPS)
            for key, value in node.items()
        }
        ref = node.get("$ref")
        if names or not isinstance(ref, str) or not ref.startswith("urn:lingban:common:"):
            return inner
        fragment = self._resolved(ref, f"{at}/$ref")
        if fragment is None:
            return inner
        del inner["$ref"]
        self._note_texts(ref, at, inner)
        return laid_over(fragment, inner)

    def _resolved(self, ref: str, at: str) -> Mapping[str, Any] | None:
        match = _URN.fullmatch(ref)
        found: Any = _fragment(self._schemas, match[1]) if match and match[2] == "1" else None
        if found is not None and match and match[3]:
            for part in parts_of(match[3]):
                found = found.get(part) if isinstance(found, Mapping) else None
        if not isinstance(found, Mapping):
            self._faults.add(self._file, at, "dead-ref", ref=ref, hint=near(ref, names(self._schemas)))
            return None
        return {k: v for k, v in found.items() if k not in _NOTES}

    def _note_texts(self, ref: str, at: str, beside: Mapping[str, Any]) -> None:
        """Translations of the fragment, but not of a title that the item has put in place of the fragment's."""
        base, _, inside = ref.partition("#")
        for path in sorted((self._schemas / "common" / "texts").glob("*.json")):
            for key, text in _read(str(path), path.stat().st_mtime_ns).items():
                urn, _, pointer = key.partition("#")
                said_here = pointer.startswith(f"{inside}/") and pointer[len(inside) + 1 :] not in beside
                if urn == base and said_here:
                    self.texts.setdefault(path.stem, {})[f"{self._file}#{at}{pointer[len(inside) :]}"] = text


_MAPS = ("properties", "patternProperties", "$defs", "dependentSchemas", "definitions")


def laid_over(under: Mapping[str, Any], over: Mapping[str, Any]) -> dict[str, Any]:
    """One schema that demands both and speaks with the words of `over`."""
    made = dict(under)
    for key, value in over.items():
        known = made.get(key)
        if key == "properties" and isinstance(known, Mapping) and isinstance(value, Mapping):
            merged = dict(known)
            for name, part in value.items():
                was = merged.get(name)
                both = isinstance(was, Mapping) and isinstance(part, Mapping)
                merged[name] = laid_over(was, part) if both else part  # type: ignore[arg-type]
            made[key] = merged
        elif key == "required" and isinstance(known, list) and isinstance(value, list):
            made[key] = [*known, *(v for v in value if v not in known)]
        elif key == "allOf" and isinstance(known, list) and isinstance(value, list):
            made[key] = [*known, *value]
        elif key in made and key in _DEMANDS and known != value:
            made["allOf"] = [*made.get("allOf", []), {key: value}]
        else:
            made[key] = value
    return made


_DEMANDS = frozenset(
    (
        "type",
        "enum",
        "const",
        "pattern",
        "format",
        "minimum",
        "maximum",
        "exclusiveMinimum",
        "exclusiveMaximum",
        "minLength",
        "maxLength",
        "minItems",
        "maxItems",
        "multipleOf",
        "items",
        "prefixItems",
        "contains",
        "not",
        "oneOf",
        "anyOf",
        "additionalProperties",
    )
)
