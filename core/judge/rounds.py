"""Rounds of one step: what was found calls for it to be done anew, until it is well or no round is left.

Knows a step's declaration and what was found; which round it is comes in as a number.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.contract import Calendar, Facts
from core.judge.pointers import overlap
from core.judge.rules import Rules, StepRule
from core.judge.schema import token


@dataclass(frozen=True, slots=True)
class Rounds:
    """The rounds of one step as a scenario tells them."""

    final: Mapping[str, Any] | None
    """What rules read; None while the step is still to be done anew."""
    held: tuple[bool, ...]
    """Of each round that was judged: whether its findings called for another."""
    unused: int
    """Rounds told after the one that ended the step."""


def is_again(rule: StepRule, facts: Facts, made: Mapping[str, Any], done: int, calendar: Calendar) -> bool:
    """Whether what was just `made` out calls for another round, `done` of them having called for one before."""
    return rule.step.again is not None and done < rule.step.again.times and calls(rule, facts, made, calendar)


def calls(rule: StepRule, facts: Facts, made: Mapping[str, Any], calendar: Calendar) -> bool:
    """Whether `again` holds for these findings, however many rounds there were."""
    if rule.again is None:
        return False
    return rule.again.holds({**facts, "findings": {**(facts.get("findings") or {}), rule.step.id: made}}, calendar)


def rounds_of(rule: StepRule, facts: Facts, told: Sequence[Mapping[str, Any]], calendar: Calendar) -> Rounds:
    """What is left of the rounds in order. `facts` hold what the steps before it found."""
    held: list[bool] = []
    for done, made in enumerate(told):
        held.append(calls(rule, facts, made, calendar))
        if not is_again(rule, facts, made, done, calendar):
            return Rounds(made, tuple(held), len(told) - done - 1)
    return Rounds(None, tuple(held), 0)


def still_to_find(rules: Rules, facts: Facts, calendar: Calendar) -> frozenset[str]:
    """`/findings/<step>` of every step that is, or may yet be, to be done and has found nothing so far."""
    found = facts.get("findings") or {}
    coming: set[str] = set()

    def unknown(at: str) -> bool:
        return any(overlap(at, other) for other in coming)

    for rule in rules.steps:
        if rule.step.findings is None or rule.step.id in found:
            continue
        if all(c.holds_knowing(facts, calendar, unknown) is not False for c in rule.when):
            coming.add(f"/findings/{token(rule.step.id)}")
    return frozenset(coming)
