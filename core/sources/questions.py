"""Questions spelled and answers pruned: the key of a question, its digest, and the fields that may be kept.

Knows no connection and no time.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from core.catalog.bundle import canonical
from core.contract import Calendar, Empty, Facts, Found, Outcome
from core.judge.conditions import Condition
from core.judge.pointers import tokens, walk
from core.sources.records import converter, types_of

NO_CALENDAR: Calendar = None  # type: ignore[assignment]  # conditions on an answer count no working days


def question_key(source_id: str, by: Mapping[str, Any], many: bool) -> str:
    """The one spelling of a question: equal questions in flight and in the cache are found by it.

    `by` lists its fields in the order of their names. Cheaper than JSON, and as good: it is read by nobody.
    """
    return repr((source_id, many, by))


def question_digest(keys: Sequence[str], take: tuple[str, ...]) -> str:
    """What `Evidence.by_digest` holds: changed fields, rows or kept fields give another."""
    return hashlib.sha256("\n".join((*keys, *take)).encode("utf-8", "surrogatepass")).hexdigest()


def value_digest(value: Any) -> str:
    return hashlib.sha256(canonical(value)).hexdigest()


def as_typed(value: Any, field: Any) -> Any:
    """A text as the number or boolean that the query's field wants; anything else as it is."""
    return converter(field)(value) if isinstance(value, str) and "string" not in types_of(field) else value


def pruned(outcome: Outcome, take: tuple[str, ...], many: bool) -> Outcome:
    """Only the fields in `take`, a field that the record leaves out as null; with `many`, nothing held is Found []."""
    if isinstance(outcome, Found):
        if many:
            return Found([kept(record, take) for record in outcome.value], outcome.recorded_at)
        return Found(kept(outcome.value, take), outcome.recorded_at)
    if many and isinstance(outcome, Empty):
        return Found([])
    return outcome


def kept(record: Mapping[str, Any], take: tuple[str, ...]) -> dict[str, Any]:
    return {field: record.get(field) for field in take}


# --- the relation of an actor to an applicant ------------------------------------------------------------


def relation_question(declared: Mapping[str, Any], facts: Facts) -> dict[str, Any] | None:
    """The `by` of a declared relation; None where a pointer finds nothing."""
    values = {}
    for field, by in sorted((declared.get("by") or {}).items()):
        found, value = (True, by.get("const")) if isinstance(by, Mapping) else walk(facts, tokens(by))
        if not found or value is None or value == "":
            return None
        values[field] = value
    return values or None


def relation_holds(declared: Mapping[str, Any], records: Any, id_number: str) -> bool:
    """Whether the `holder` of a record that stands as `when` says is this person. A holder may be a list: a child has
    two parents."""
    wanted = Condition(declared["when"]) if declared.get("when") else None
    path = tokens(declared.get("holder") or "")
    if not id_number or not path:
        return False
    for record in records if isinstance(records, list) else [records]:
        if wanted is not None and not wanted.holds(record, NO_CALENDAR):
            continue
        found, holder = walk(record, path)
        held = holder if isinstance(holder, list) else [holder]
        if found and any(isinstance(h, str) and h.strip().casefold() == id_number.strip().casefold() for h in held):
            return True
    return False
