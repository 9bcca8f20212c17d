"""The x- keywords of a condition: bounds that lead to comparable values, totals of lists, clocks of dates.

Knows what `core.judge.measures` works out; works out nothing itself.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from core.catalog.inspection.around import Work
from core.catalog.inspection.kinds import is_date, is_number, mismatch, words
from core.catalog.places import ALL_TYPES, Node, Place, mapping
from core.faults import near, say
from core.faults.shapes import VALUES
from core.judge import schema as schemas
from core.judge.clock import read_date
from core.judge.measures import BOUNDS, CLOCKS, TOTALS
from core.judge.numbers import number
from core.judge.schema import parts_of, token
from core.judge.validity import moved

NUMBER_WORDS = (
    "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf",
    "const", "enum", "type", "not", "anyOf", "allOf", "oneOf",
)  # fmt: skip
_BOUND_KEYS = ("of", "times", "plus")
_NEEDS = {"x-on": CLOCKS, "x-where": TOTALS, "x-per": ("x-sum",)}
_MONTH_AND_DAY = re.compile(r"\d{2}-\d{2}")

Check = Callable[[Work, str, str, Any, "Place | None"], None]


def may_star(schema: Any) -> bool:
    """Whether the pointer may walk a list with `*`: only where its rows are counted or summed."""
    return isinstance(schema, Mapping) and any(keyword in schema for keyword in TOTALS)


def check(work: Work, file: str, at: str, schema: Mapping[str, Any], place: Place | None, *, condition: Check) -> None:
    """`place` is what the test's own pointer leads to; `condition` checks a condition whose `/each` is a place."""
    for keyword, wanted in _NEEDS.items():
        if keyword in schema and not any(k in schema for k in wanted):
            work.faults.add(file, f"{at}/{keyword}", "bad-measure/alone", key=keyword, wanted=" / ".join(wanted))
    for keyword in CLOCKS:
        if keyword in schema:
            numbers(work, file, f"{at}/{keyword}", schema[keyword])
            if place is not None and not is_date(place):
                work.faults.add(file, f"{at}/{keyword}", "misplaced-age")
    if "x-on" in schema:
        _on(work, file, f"{at}/x-on", schema["x-on"])
    pointer = parts_of(at)[-1]
    totals = [keyword for keyword in TOTALS if keyword in schema]
    for keyword in totals:
        numbers(work, file, f"{at}/{keyword}", schema[keyword])
        if place is not None and "*" not in parts_of(pointer) and "array" not in place.types:
            work.faults.add(file, f"{at}/{keyword}", "not-a-list", pointer=pointer)
        elif keyword == "x-sum" and place is not None:
            row = place if "*" in parts_of(pointer) else place.inner("*")
            if row is not None and not is_number(row):
                mismatch(work, file, f"{at}/x-sum", VALUES["number"], row.types)
    if "x-where" in schema:
        condition(work, file, f"{at}/x-where", schema["x-where"], _row(work, pointer))
    if "x-per" in schema:
        per = work.place(file, f"{at}/x-per", schema["x-per"])
        if per is not None and not is_number(per) and "array" not in per.types:
            mismatch(work, file, f"{at}/x-per", VALUES["number"], per.types)
    for keyword in BOUNDS:
        if keyword in schema:
            _bound(work, file, f"{at}/{keyword}", keyword, schema[keyword], None if totals else place, bool(totals))


def pointers(schema: Any) -> list[str]:
    """The facts that the measures of one test read besides its own, rows of its list left out."""
    said = mapping(schema)
    found = [bound.get("of") if isinstance(bound, Mapping) else bound for k in BOUNDS if (bound := said.get(k))]
    found += [said.get("x-per"), said.get("x-on")]
    where = said.get("x-where")
    for one in where if isinstance(where, list) else [where]:
        for pointer, inner in mapping(one).items():
            found += [pointer, *pointers(inner)] if parts_of(pointer)[:1] != ["each"] else pointers(inner)
    return [p for p in found if isinstance(p, str) and p.startswith("/")]


def numbers(work: Work, file: str, at: str, wanted: Any) -> None:
    """A fault unless a number schema stands here."""
    if not isinstance(wanted, Mapping):
        work.faults.add(file, at, "wrong-type/clock")
        return
    for key in wanted:
        if key not in NUMBER_WORDS:
            work.faults.add(file, f"{at}/{token(key)}", "unknown-key/number", key=key, hint=near(key, NUMBER_WORDS))
    work.faults.relay(file, at, schemas.faults(dict(wanted)))


def _row(work: Work, pointer: str) -> Place | None:
    """A row of the list that the pointer leads to, or walks with its last `*`."""
    parts = parts_of(pointer)
    if "*" in parts:
        pointer = "/" + "/".join(map(token, parts[: len(parts) - parts[::-1].index("*")]))
        found = work.declared.at(pointer)
        return found if isinstance(found, Place) else None
    found = work.declared.at(pointer)
    return found.inner("*") if isinstance(found, Place) else None


def _on(work: Work, file: str, at: str, said: Any) -> None:
    if isinstance(said, str) and said.startswith("/"):
        place = work.place(file, at, said)
        if place is not None and not is_date(place):
            work.faults.add(file, at, "type-mismatch/date", pointer=said)
    elif not isinstance(said, str) or not read_date(f"2028-{said}" if _MONTH_AND_DAY.fullmatch(said) else said):
        work.faults.add(file, at, "bad-measure/day", value=str(said)[:40])


def _bound(work: Work, file: str, at: str, keyword: str, said: Any, place: Place | None, totalled: bool) -> None:
    whole = isinstance(said, Mapping)
    pointer = said.get("of") if whole else said
    if whole:
        for key in said:
            if key not in _BOUND_KEYS:
                work.faults.add(file, f"{at}/{token(key)}", "unknown-key", key=key, hint=near(key, _BOUND_KEYS))
    if not isinstance(pointer, str) or not pointer.startswith("/"):
        work.faults.add(file, at, "bad-measure/bound", key=keyword)
        return
    among = keyword in ("x-in", "x-not-in")
    other = work.place(file, f"{at}/of" if whole else at, pointer, star=among)
    if "times" in mapping(said) and number(said["times"]) is None:
        work.faults.add(file, f"{at}/times", "bad-measure/factor", value=str(said["times"])[:40])
    if "plus" in mapping(said):
        if not _is_duration(said["plus"]):
            work.faults.add(file, f"{at}/plus", "bad-measure/duration", value=str(said["plus"])[:40])
        if other is not None and not is_date(other):
            work.faults.add(file, f"{at}/of", "type-mismatch/date", pointer=pointer)
        return
    if other is None:
        return
    if among:
        mine = Place((Node({"type": "number"}, {}),)) if totalled else place
        rows = other.inner("*") if other.types == {"array"} else other
        if mine is not None and rows is not None and not _may_equal(mine, rows):
            test = parts_of(at)[-2]
            field = next((f"{test}/{token(name)}" for name in mine.names()), "")
            hint = say('Name a field, such as "{field}".', "写到字段，例如“{field}”。", field=field) if field else ""
            blanks = {"types": words(mine.types), "pointer": pointer, "other": words(rows.types)}
            work.faults.add(file, at, "type-mismatch/bound", hint=hint, **blanks)
        return
    if totalled and not is_number(other):
        mismatch(work, file, at, VALUES["number"], other.types)
    elif place is not None and place.types != ALL_TYPES and other.types != ALL_TYPES:
        alike = place.types & other.types or (is_number(place) and is_number(other))
        if not alike:
            mismatch(work, file, at, words(place.types), other.types)


def _may_equal(one: Place, other: Place) -> bool:
    if ALL_TYPES in (one.types, other.types) or "array" in other.types:
        return True
    return bool((one.types & other.types) - {"null"}) or (is_number(one) and is_number(other))


def _is_duration(said: Any) -> bool:
    if not isinstance(said, str):
        return False
    day = read_date("2026-11-23")
    try:
        return day is not None and bool(moved(day, said))
    except ValueError:
        return False
