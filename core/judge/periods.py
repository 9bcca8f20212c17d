"""Periods: two dates under one question, of which the second ends what the first begins.

Knows how a period is recognised and when it is the wrong way round; says it in no words.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from core.judge.active import Active
from core.judge.schema import parts_of, schemas_in, token

PAIRS = (
    ("from", "to"),
    ("start", "end"),
    ("begin", "end"),
    ("start_date", "end_date"),
    ("valid_from", "valid_to"),
)
_DEEP = 30


def period_of(properties: Any) -> tuple[str, str] | None:
    """The names of a period's two dates in the `properties` of a group; None where these are not just such two."""
    if not isinstance(properties, Mapping) or len(properties) != 2:
        return None
    if not all(isinstance(p, Mapping) and p.get("format") == "date" for p in properties.values()):
        return None
    return next((pair for pair in PAIRS if properties.keys() == set(pair)), None)


def has_periods(schema: Any) -> bool:
    """Whether some group anywhere in a schema is a period, active or not."""
    return any(period_of(node.get("properties")) for _, node in schemas_in(schema))


def wish_at(ui: Any, at: str) -> Any:
    """What the form's `ui:options` say of the rule at a group: True where nothing is said, False where it is
    not wanted, a sentence where the author has his own. Rows share what stands under `items`."""
    node = ui
    for name in parts_of(at):
        node = node.get(name, node.get("items")) if isinstance(node, Mapping) else None
    if not isinstance(node, Mapping):
        return True
    options = node.get("ui:options")
    said = options.get("period") if isinstance(options, Mapping) else None
    return node.get("ui:period", True if said is None else said)


def ends_before_it_starts(
    active: Active, schema: Any, value: Any, at: str = "", deep: int = _DEEP
) -> Iterator[tuple[str, str, str]]:
    """Every period whose last day lies before its first: pointer of the group, names of its two dates. One day is a
    period; what is no date is told by its format."""
    if not deep or not isinstance(value, (Mapping, list)) or not isinstance(schema, Mapping):
        return
    flat = active.flat(schema, value).schema
    if isinstance(value, Mapping):
        properties = flat.get("properties") or {}
        pair = period_of(properties)
        if pair is not None:
            first, last = (_day(value.get(name)) for name in pair)
            if first is not None and last is not None and last < first:
                yield at, *pair
            return
        for name, inner in value.items():
            if name in properties:
                yield from ends_before_it_starts(active, properties[name], inner, f"{at}/{token(name)}", deep - 1)
        return
    before = flat.get("prefixItems") or []
    for i, inner in enumerate(value):
        below = before[i] if i < len(before) else flat.get("items")
        yield from ends_before_it_starts(active, below, inner, f"{at}/{i}", deep - 1)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) and len(value) == 10 else None
    except ValueError:
        return None
