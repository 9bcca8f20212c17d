"""Which lookups can be asked under given facts, and with which keys; the same for sources and for scenarios.

Knows the declarations; asks nobody, and says nothing of who may ask.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.contract import Calendar, Facts, Item, Lookup
from core.judge.filling import picked
from core.judge.pointers import resolve, tokens, walk
from core.judge.rules import rules_of

Key = dict[str, Any]


def keys(item: Item, name: str, facts: Facts, calendar: Calendar) -> Key | list[Key | None] | None:
    """The question that a lookup asks now: one key, or with `each` one a row. None: it is not asked.

    It is not asked where `allowed_when` fails, a `by` pointer finds nothing (null and "" are nothing), an answer
    it asks by was to be picked from choices and was not, or `each` finds no row to ask for. `allowed_when` may read
    `/each`: it then stands for each row alone.
    """
    lookup = item.lookups[name]
    allowed = rules_of(item).allowed_when.get(name)
    by_row = allowed is not None and any(tokens(p)[:1] == ("each",) for p in allowed.pointers)
    if allowed is not None and not by_row and not allowed.holds(facts, calendar):
        return None
    if not entitled(lookup) and any(not picked(item, facts, p) for p in lookup.by.values() if _is_choice(item, p)):
        return None
    if lookup.each is None:
        return _key(lookup, facts, None)
    found, rows = resolve(facts, lookup.each)
    if not found or not isinstance(rows, (list, tuple)) or not rows:
        return None
    made = [
        None if by_row and allowed and not allowed.holds({**facts, "each": row}, calendar) else _key(lookup, facts, row)
        for row in rows
    ]
    return made if any(key is not None for key in made) else None


def entitled(lookup: Lookup) -> bool:
    """Whether it may be asked by what the applicant wrote: it names him, or says itself when it is allowed."""
    return lookup.allowed_when is not None or any(
        isinstance(by, str) and tokens(by)[:1] == ("applicant",) for by in lookup.by.values()
    )


def _is_choice(item: Item, by: Any) -> bool:
    if not isinstance(by, str):
        return False
    path = tokens(by)
    return path[:1] == ("answers",) and any(f.choices and f.path == path[1:] for f in rules_of(item).fields)


def _key(lookup: Lookup, facts: Facts, row: Any) -> Key | None:
    key: Key = {}
    for field, source in lookup.by.items():
        if isinstance(source, Mapping):
            key[field] = source.get("const")
            continue
        parts = tokens(source)
        found, value = walk(row, parts[1:]) if parts[:1] == ("each",) else walk(facts, parts)
        if not found or value is None or value == "":
            return None
        key[field] = value
    return key
