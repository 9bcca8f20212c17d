"""Conditions: a map from JSON Pointer to JSON Schema, or a list of such maps of which one must hold.

Knows the facts and the calendar it is given, no item. Each schema is compiled when it is first tried.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from core.contract import Calendar, Facts, RawCondition
from core.judge import schema as schemas
from core.judge.clock import age, read_date, working_days_between
from core.judge.pointers import Tokens, overlap, tokens, walk
from core.judge.sentences import say, show

__all__ = ["COMPUTED", "Condition", "lookups_in"]

COMPUTED = ("x-age", "x-days", "x-working-days")
"""Keywords at the top of a condition's schema that judge works out from a date and `/today`."""

Check = Callable[[Any], bool]


class Test:
    """One pointer and what its value must be."""

    __slots__ = ("_computed", "_path", "_rest", "absent", "pointer")

    def __init__(self, pointer: str, schema: Any) -> None:
        self.pointer = pointer
        self._path: Tokens = tokens(pointer)
        self.absent = schema is False
        rest = schema
        computed: list[tuple[str, Check]] = []
        if isinstance(schema, Mapping):
            computed = [(k, check_of(schema[k])) for k in COMPUTED if k in schema]
            rest = {k: v for k, v in schema.items() if k not in COMPUTED} if computed else schema
        self._computed = computed
        self._rest = None if self.absent else check_of(rest)

    def holds(self, facts: Facts, calendar: Calendar) -> bool:
        value: Any = facts
        found = True
        try:
            for token in self._path:
                value = value[token]
        except KeyError:
            found = False
        except (TypeError, IndexError):
            # Not objects all the way: a list, or nothing that has members.
            found, value = walk(facts, self._path)
        if self._rest is None:
            return not found or (bool(self._stars()) and all(v is None for v in value))
        if not found:
            return False
        if self._computed and not self._dates_hold(value, facts, calendar):
            return False
        return self._rest(value)

    def _stars(self) -> bool:
        return "*" in self._path

    def _dates_hold(self, value: Any, facts: Facts, calendar: Calendar) -> bool:
        today = read_date(facts.get("today"))
        if today is None:
            return False
        if isinstance(value, list) and self._stars():
            # Every row's date; no row at all proves nothing.
            return bool(value) and all(self._date_holds(v, today, calendar) for v in value)
        return self._date_holds(value, today, calendar)

    def _date_holds(self, value: Any, today: date, calendar: Calendar) -> bool:
        day = read_date(value)
        if day is None:
            return False
        (keyword, check), *further = self._computed
        if not check(_number(keyword, day, today, calendar)):
            return False
        return not further or all(check(_number(keyword, day, today, calendar)) for keyword, check in further)

    def words(self, facts: Facts, calendar: Calendar, language: str) -> str:
        """The fact as it stands: its pointer, its value, and the number worked out from it."""
        found, value = walk(facts, self._path)
        if not found:
            return say(language, "fact_missing", pointer=self.pointer)
        day, today = read_date(value), read_date(facts.get("today"))
        extra = ""
        if day and today and self._computed:
            extra = "".join(
                say(language, keyword, number=_number(keyword, day, today, calendar)) for keyword, _ in self._computed
            )
        return say(language, "fact", pointer=self.pointer, value=show(value)) + extra


def _number(keyword: str, day: date, today: date, calendar: Calendar) -> int:
    if keyword == "x-age":
        return age(day, today)
    if keyword == "x-days":
        return (day - today).days
    return working_days_between(today, day, calendar)


class Condition:
    """A compiled condition. Pure: the same facts and calendar always give the same answer."""

    __slots__ = ("_maps", "lookups", "pointers", "raw")

    def __init__(self, raw: RawCondition) -> None:
        self.raw = raw
        maps = raw if isinstance(raw, list) else [raw]
        self._maps = tuple(tuple(Test(p, s) for p, s in m.items()) for m in maps)
        self.pointers = frozenset(t.pointer for m in self._maps for t in m)
        self.lookups = lookups_in(self.pointers)

    def holds(self, facts: Facts, calendar: Calendar) -> bool:
        for alternative in self._maps:
            for test in alternative:
                if not test.holds(facts, calendar):
                    break
            else:
                return True
        return False

    def holds_knowing(self, facts: Facts, calendar: Calendar, unknown: Callable[[str], bool]) -> bool | None:
        """As `holds` where some pointers cannot be read yet: None when it depends on them."""
        undecided = False
        for alternative in self._maps:
            known = [t for t in alternative if not unknown(t.pointer)]
            if all(t.holds(facts, calendar) for t in known):
                if len(known) == len(alternative):
                    return True
                undecided = True
        return None if undecided else False

    def explain(self, facts: Facts, calendar: Calendar, language: str = "zh") -> tuple[str, ...]:
        """The facts it rests on, in words: of the alternative that holds, else of all of them."""
        holding = [m for m in self._maps if all(t.holds(facts, calendar) for t in m)][:1]
        lines = [t.words(facts, calendar, language) for m in holding or self._maps for t in m]
        return tuple(dict.fromkeys(lines))

    def reads_any(self, pointers: Collection[str]) -> bool:
        return any(overlap(mine, other) for other in pointers for mine in self.pointers)


def lookups_in(pointers: Collection[str]) -> frozenset[str]:
    """The lookups whose value or outcome these pointers read."""
    named = (tokens(p) for p in pointers)
    return frozenset(t[1] for t in named if len(t) > 1 and t[0] in ("lookups", "outcomes"))


# --- one schema as a function ----------------------------------------------------------------------------
# Nearly every schema in a condition is a constant, a choice or a bound. These are tried in Python without
# compiling anything; all others go through the one door to jsonschema-rs. A property test holds both equal.


def check_of(schema: Any) -> Check:
    """A function that says whether a value is valid under `schema`."""
    if schema is True or schema == {}:
        return _anything
    if isinstance(schema, Mapping):
        quick = [made for keyword, wanted in schema.items() if (made := _quick(keyword, wanted))]
        if len(quick) == len(schema):
            return quick[0] if len(quick) == 1 else _Every(quick)
    return _Compiled(schema)


def _quick(keyword: str, wanted: Any) -> Check | None:
    made = _QUICK.get(keyword)
    return made(wanted) if made else None


class _Every:
    """Several keywords of one schema, all of which must hold."""

    __slots__ = ("_checks",)

    def __init__(self, checks: Sequence[Check]) -> None:
        self._checks = tuple(checks)

    def __call__(self, value: Any) -> bool:
        return all(check(value) for check in self._checks)


class _Compiled:
    """A schema that is compiled at its first use: starting up costs nothing for rules nobody tries."""

    __slots__ = ("_is_valid", "_schema")

    def __init__(self, schema: Any) -> None:
        self._schema = schema
        self._is_valid: Check | None = None

    def __call__(self, value: Any) -> bool:
        if self._is_valid is None:
            self._is_valid = schemas.compile(self._schema).is_valid
        return self._is_valid(value)


def _anything(value: Any) -> bool:
    return True


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float, Decimal)) and not isinstance(value, bool)


def _const(wanted: Any) -> Check | None:
    if wanted is None or isinstance(wanted, bool):
        return lambda value: value is wanted
    if isinstance(wanted, str):
        return lambda value: isinstance(value, str) and value == wanted
    if isinstance(wanted, int):
        return lambda value: _is_number(value) and value == wanted
    return None


def _enum(wanted: Any) -> Check | None:
    if not isinstance(wanted, list) or not all(isinstance(w, str) for w in wanted):
        return None
    choices = frozenset(wanted)
    return lambda value: isinstance(value, str) and value in choices


def _minimum(bound: Any) -> Check | None:
    return (lambda value: not _is_number(value) or value >= bound) if type(bound) is int else None


def _maximum(bound: Any) -> Check | None:
    return (lambda value: not _is_number(value) or value <= bound) if type(bound) is int else None


def _above(bound: Any) -> Check | None:
    return (lambda value: not _is_number(value) or value > bound) if type(bound) is int else None


def _below(bound: Any) -> Check | None:
    return (lambda value: not _is_number(value) or value < bound) if type(bound) is int else None


_QUICK: Mapping[str, Callable[[Any], Check | None]] = {
    "const": _const,
    "enum": _enum,
    "minimum": _minimum,
    "maximum": _maximum,
    "exclusiveMinimum": _above,
    "exclusiveMaximum": _below,
}
