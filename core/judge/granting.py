"""What an approval grants: everything asked for or a part of it, and under which conditions 附条件, 部分准予.

Knows one rule and the facts; whether a part was granted is computed, never claimed.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.contract import Calendar, Facts, Item, Measured
from core.judge.amounts import Line, total
from core.judge.blanks import filled
from core.judge.conditions import Condition
from core.judge.numbers import number
from core.judge.pointers import overlap, resolve
from core.judge.schema import parts_of
from core.judge.sentences import enumerate_names, say, show, translated


class PartRule:
    """The compiled `part` of an approval: what was asked for, and which of it is granted."""

    __slots__ = ("asked", "because", "granted", "title", "unit", "when")

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self.asked: str = declared["asked"]
        self.because: str = declared["because"]
        self.title: str = declared.get("title", "")
        self.granted: str | int | float | None = declared.get("granted")
        """How much, or the pointer to it, where what is asked for is no money; in `unit`."""
        self.unit: str = declared.get("unit", "")
        self.when = Condition(declared["when"]) if "when" in declared else None
        """Of one row; without it, `asked` is a number and the amount is what is granted of it."""

    def reads_any(self, pointers: Collection[str]) -> bool:
        read = [self.asked, *([self.granted] if isinstance(self.granted, str) else [])]
        own = any(overlap(mine, other) for mine in read for other in pointers)
        return own or (self.when is not None and self.when.reads_any(pointers))


@dataclass(frozen=True, slots=True)
class Granted:
    conditions: tuple[str, ...] = ()
    part: str = ""
    """What is granted and what is not, in words; "" where all of it is."""
    held_back: tuple[str, ...] = ()
    """Why a person has to say how much is granted."""
    measured: Measured | None = None
    """How much of what is no money."""


def granted(
    item: Item,
    place: str,
    conditions: tuple[str, ...],
    part: PartRule | None,
    amount: tuple[Line, ...] | None,
    facts: Facts,
    calendar: Calendar,
    language: str = "zh",
) -> Granted:
    """`place` is the rule's pointer in routing.json, where its translations are found."""
    told = tuple(
        filled(translated(item, language, f"routing.json#{place}/conditions/{n}", text), facts)
        for n, text in enumerate(conditions)
    )
    if part is None:
        return Granted(told)
    because = filled(translated(item, language, f"routing.json#{place}/part/because", part.because), facts)
    words, held_back = _said(part, amount, facts, calendar, because, language)
    return Granted(told, words, held_back, measured(part, facts))


def is_part(part: PartRule, amount: tuple[Line, ...] | None, facts: Facts, calendar: Calendar) -> bool:
    """Whether less is granted than was asked for; what nobody can tell is not."""
    return bool(_said(part, amount, facts, calendar, "", "zh")[0])


def measured(part: PartRule, facts: Facts) -> Measured | None:
    """How much is granted in the part's own unit: never more than was asked for; "" where nobody can tell yet."""
    if part.granted is None:
        return None
    asked, given = number(resolve(facts, part.asked)[1]), _given(part, facts)
    return Measured(plain(given if asked is None else min(asked, given)) if given is not None else "", part.unit)


def plain(value: Decimal) -> str:
    """A number as people write it: 20, 20.5."""
    return f"{value.normalize():f}"


def _given(part: PartRule, facts: Facts) -> Decimal | None:
    return number(resolve(facts, part.granted)[1] if isinstance(part.granted, str) else part.granted)


def _said(
    part: PartRule, amount: tuple[Line, ...] | None, facts: Facts, calendar: Calendar, because: str, language: str
) -> tuple[str, tuple[str, ...]]:
    """(what is granted and what is not, in words; why a person has to say how much)."""
    asked = resolve(facts, part.asked)[1]
    if part.when is not None:
        return _rows(part, part.when, asked, facts, calendar, because, language)
    if part.granted is not None:
        return _measure(asked, _given(part, facts), part.unit, because, language)
    return _amount(asked, total(amount, facts, calendar), because, language)


def _measure(asked: Any, given: Decimal | None, unit: str, because: str, language: str) -> tuple[str, tuple[str, ...]]:
    wanted = number(asked)
    if wanted is None:
        return "", ()
    if given is None:
        return "", (say(language, "part_unknown"),)
    if given <= 0:
        return "", (say(language, "part_nothing", because=because),)
    if given >= wanted:
        return "", ()
    return say(language, "part_measured", asked=plain(wanted), granted=plain(given), unit=unit, because=because), ()


def _amount(asked: Any, granted: str | None, because: str, language: str) -> tuple[str, tuple[str, ...]]:
    wanted, given = number(asked), number(granted)
    if wanted is None:
        return "", ()
    if given is None:
        return "", (say(language, "part_unknown"),)
    if given <= 0:
        return "", (say(language, "part_nothing", because=because),)
    if given >= wanted:
        return "", ()
    return say(language, "part_amount", asked=f"{wanted:.2f}", granted=granted, because=because), ()


def _rows(
    part: PartRule, when: Condition, asked: Any, facts: Facts, calendar: Calendar, because: str, language: str
) -> tuple[str, tuple[str, ...]]:
    rows = [row for row in asked if row is not None] if isinstance(asked, list) else []
    outcomes = facts.get("outcomes") or {}
    if any(outcomes.get(name) in ("down", "refused") for name in when.lookups):
        return "", (say(language, "part_unknown"),)
    if {parts[1] for at in when.pointers if len(parts := parts_of(at)) > 1 and parts[0] == "findings"} - (
        facts.get("findings") or {}
    ).keys():
        return "", (say(language, "part_unknown"),)  # what nobody has found out refuses nothing
    yes: list[str] = []
    no: list[str] = []
    for n, row in enumerate(rows, start=1):
        here = {**facts, "each": row}
        found, title = resolve(here, part.title) if part.title else (False, None)
        named = show(title) if found and title is not None else say(language, "part_row", n=n)
        (yes if when.holds(here, calendar) else no).append(named)
    if not no:
        return "", ()
    if not yes:
        return "", (say(language, "part_nothing", because=because),)
    names = {"granted": enumerate_names(language, yes), "refused": enumerate_names(language, no)}
    return say(language, "part_rows", **names, because=because), ()
