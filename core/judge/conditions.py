"""Conditions: a map from JSON Pointer to JSON Schema, or a list of such maps of which one must hold.

Knows the facts and the calendar it is given, no item. Each schema is compiled when it is first tried.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any

from core.contract import Calendar, Facts, RawCondition
from core.judge.checks import check_of
from core.judge.measures import MEASURES, Measures
from core.judge.pointers import Tokens, overlap, tokens, walk
from core.judge.sentences import say, show

__all__ = ["Condition", "lookups_in"]


class Test:
    """One pointer and what its value must be."""

    __slots__ = ("_measures", "_path", "_rest", "_said", "absent", "pointer", "pointers")

    def __init__(self, pointer: str, schema: Any) -> None:
        self.pointer = pointer
        self._said = schema
        self._path: Tokens = tokens(pointer)
        self.absent = schema is False
        rest = schema
        self._measures: Measures | None = None
        if isinstance(schema, Mapping) and not MEASURES.isdisjoint(schema):
            where = Condition(schema["x-where"]) if "x-where" in schema else None
            self._measures = Measures(self._path, schema, where)
            rest = {k: v for k, v in schema.items() if k not in MEASURES}
        self._rest = None if self.absent else check_of(rest)
        self.pointers = frozenset({pointer, *(self._measures.pointers if self._measures else ())})
        """Its own, and those that its bounds are read from."""

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
            return not found or ("*" in self._path and all(v is None for v in value))
        if not found:
            return False
        if self._measures is not None and not self._measures.hold(value, facts, calendar):
            return False
        return self._rest(value)

    def words(self, facts: Facts, calendar: Calendar, language: str) -> str:
        """The fact as it stands: its pointer, its value, and what was worked out from it."""
        found, value = walk(facts, self._path)
        if not found:
            return say(language, "fact_missing", pointer=self.pointer)
        extra = self._measures.words(value, facts, calendar, language) if self._measures else ""
        return say(language, "fact", pointer=self.pointer, value=show(value)) + extra

    def lacks(self, facts: Facts, calendar: Calendar, language: str) -> str:
        """Of a test that does not hold, why: nothing is there, or something else than what is wanted."""
        found, value = walk(facts, self._path)
        wanted = show(self._said)
        if not found or value is None:
            return say(language, "unmet_missing", pointer=self.pointer, wanted=wanted)
        extra = self._measures.words(value, facts, calendar, language) if self._measures else ""
        key = "unmet_absent" if self.absent else "unmet"
        return say(language, key, pointer=self.pointer, value=show(value) + extra, wanted=wanted)


class Condition:
    """A compiled condition. Pure: the same facts and calendar always give the same answer."""

    __slots__ = ("_maps", "lookups", "pointers", "raw")

    def __init__(self, raw: RawCondition) -> None:
        self.raw = raw
        maps = raw if isinstance(raw, list) else [raw]
        self._maps = tuple(tuple(Test(p, s) for p, s in m.items()) for m in maps)
        self.pointers = frozenset(p for m in self._maps for t in m for p in t.pointers)
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
            known = [t for t in alternative if not any(map(unknown, t.pointers))]
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

    def unmet(self, facts: Facts, calendar: Calendar, language: str = "zh") -> tuple[tuple[tuple[str, str], ...], ...]:
        """Of each alternative what is not so, as (pointer, words); nothing where the condition holds."""
        failed = tuple(
            tuple((t.pointer, t.lacks(facts, calendar, language)) for t in m if not t.holds(facts, calendar))
            for m in self._maps
        )
        return failed if all(failed) else ()

    def reads_any(self, pointers: Collection[str]) -> bool:
        return any(overlap(mine, other) for other in pointers for mine in self.pointers)


def lookups_in(pointers: Collection[str]) -> frozenset[str]:
    """The lookups whose value or outcome these pointers read."""
    named = (tokens(p) for p in pointers)
    return frozenset(t[1] for t in named if len(t) > 1 and t[0] in ("lookups", "outcomes"))
