"""Which rules and branches of an item a verdict went through, so that a test run can name the unseen ones.

Knows the declaration and one verdict; a branch is written as its file, its pointer, and how it went.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from core.contract import Calendar, Item, Verdict
from core.judge.amounts import Line
from core.judge.rules import rules_of


def branches(item: Item) -> tuple[str, ...]:
    """Everything that a scenario can see of an item, in the order of its files.

    Of a rule: that it held. Of a step or a line with `when`: that it held and that it did not. Of a material: that
    it was wanted and not wanted (`when`), proved and not proved (`proved_by`).
    """
    rules = rules_of(item)
    listed: list[str] = []
    for material in rules.materials:
        place = f"item.json#/materials/{material.index}"
        if material.when is not None:
            listed += [f"{place}/when: holds", f"{place}/when: does not hold"]
        if material.material.proved_by:
            listed += [f"{place}: proved", f"{place}: not proved"]
    listed += _lines("item.json#/fee", rules.fee)
    listed += _lines("item.json#/result/amount", rules.amount)
    for step in rules.steps:
        if step.when:
            listed += [f"routing.json#{step.place}/when: holds", f"routing.json#{step.place}/when: does not hold"]
    listed += [f"routing.json#{rule.place}" for rule in rules.decide]
    listed += [f"routing.json#{effect.place}" for effect in rules.effects]
    return tuple(listed)


def _lines(place: str, lines: tuple[Line, ...] | None) -> list[str]:
    return [f"{place}/{n}" for n, line in enumerate(lines or ()) if line.when is not None]


def seen_by(item: Item, verdict: Verdict, facts: Mapping[str, Any], calendar: Calendar) -> frozenset[str]:
    """The branches that one verdict, reached on these facts, went through."""
    rules = rules_of(item)
    states = {m.id: m.status for m in verdict.materials}
    seen: set[str] = set()
    for material in rules.materials:
        place = f"item.json#/materials/{material.index}"
        status = states.get(material.material.id)
        if material.when is not None:
            seen.add(f"{place}/when: {'does not hold' if status is None else 'holds'}")
        if material.material.proved_by and status is not None:
            seen.add(f"{place}: {'proved' if status == 'proved' else 'not proved'}")
    for name, lines in (("item.json#/fee", rules.fee), ("item.json#/result/amount", rules.amount)):
        seen.update(
            f"{name}/{n}" for n, line in enumerate(lines or ()) if line.when is not None and line.holds(facts, calendar)
        )
    for step in rules.steps:
        if step.when:
            holds = all(c.holds(facts, calendar) for c in step.when)
            seen.add(f"routing.json#{step.place}/when: {'holds' if holds else 'does not hold'}")
    if verdict.decision.rule is not None:
        seen.add(f"routing.json#{verdict.decision.rule}")
    if verdict.route is not None:
        seen.update(f"routing.json#{e.place}" for e in rules.effects if e.when.holds(facts, calendar))
    return frozenset(seen)


def unseen(item: Item, seen: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """The branches that none of these scenarios went through."""
    every: set[str] = set().union(*seen)
    return tuple(branch for branch in branches(item) if branch not in every)
