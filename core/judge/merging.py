"""Two schemas of one place put together as `allOf` means it, for drawing and pruning only.

Knows no answers. Validation always reads the schema as written, never the result of this.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_TIGHTER_UP = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties")
_TIGHTER_DOWN = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties")


def merge(a: Mapping[str, Any], b: Mapping[str, Any]) -> dict[str, Any]:
    """Both hold; of titles and other words the later one counts."""
    done = dict(a)
    for key, value in b.items():
        done[key] = _both(key, done[key], value) if key in done else value
    return done


def _both(key: str, a: Any, b: Any) -> Any:
    if a is b or (key not in ("const", "enum") and a == b):
        return a
    if key in ("properties", "patternProperties", "$defs") and isinstance(a, Mapping) and isinstance(b, Mapping):
        done = dict(a)
        for name, schema in b.items():
            done[name] = _place(done[name], schema) if name in done else schema
        return done
    if key == "required" and isinstance(a, list) and isinstance(b, list):
        return [*a, *(n for n in b if n not in a)]
    if key == "type":
        return _types(a, b)
    if key == "enum" and isinstance(a, list) and isinstance(b, list):
        kept = [v for v in a if any(_same(v, w) for w in b)]
        return kept or b
    if key == "x-options" and isinstance(a, list) and isinstance(b, list):
        return [o for o in a if any(_same(o["value"], w["value"]) for w in b)] or b
    if key in ("items", "additionalProperties") and isinstance(a, Mapping) and isinstance(b, Mapping):
        return _place(a, b)
    if key in ("items", "additionalProperties") and (a is False or b is False):
        return False
    if key in _TIGHTER_UP and _numbers(a, b):
        return max(a, b)
    if key in _TIGHTER_DOWN and _numbers(a, b):
        return min(a, b)
    if key == "prefixItems" and isinstance(a, list) and isinstance(b, list):
        return [_place(x, y) for x, y in zip(a, b, strict=False)] + (a[len(b) :] or b[len(a) :])
    return b


def _place(a: Any, b: Any) -> Any:
    """Two schemas of one property. What depends on answers is left for `active` to take apart there."""
    if a == b or b is True or b == {}:
        return a
    if a is True or a == {}:
        return b
    if a is False or b is False:
        return False
    return {"allOf": [a, b]}


def _types(a: Any, b: Any) -> Any:
    left = [a] if isinstance(a, str) else list(a)
    right = [b] if isinstance(b, str) else list(b)
    kept = [t for t in left if t in right or (t == "integer" and "number" in right)]
    kept += [t for t in right if t == "integer" and "number" in left and t not in kept]
    if not kept:
        return b
    return kept[0] if len(kept) == 1 else kept


def _numbers(a: Any, b: Any) -> bool:
    return all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in (a, b))


def _same(a: Any, b: Any) -> bool:
    return type(a) is type(b) and bool(a == b)
