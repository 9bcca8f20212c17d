"""Which rules of `decide` were passed over before one held, and why: for whoever wrote them.

Knows rules and facts, and decides nothing; what is decided, `decision` has said.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from core.contract import Calendar, Decision, Facts, Item
from core.judge.decision import as_answer, doubts
from core.judge.filling import fill
from core.judge.pointers import overlap
from core.judge.rules import rules_of
from core.judge.sentences import say


@dataclass(frozen=True, slots=True)
class PassedOver:
    place: str
    """`/decide/0`."""
    outcome: str
    unmet: tuple[tuple[tuple[str, str], ...], ...]
    """Of each alternative of its `when`: (pointer, in words what is not so)."""

    def words(self, language: str) -> str:
        between = "; " if language.startswith("en") else "；"
        return say(language, "unmet_or").join(between.join(said for _, said in one) for one in self.unmet)


def passed_over(
    item: Item,
    facts: Facts,
    decision: Decision,
    calendar: Calendar,
    *,
    unreliable: Collection[str] = (),
    language: str = "zh",
) -> tuple[PassedOver, ...]:
    """The rules before the one that held, all of them where none did. `facts` are those that were decided on."""
    if decision.outcome is None:
        return ()
    rules = rules_of(item)
    declared = map(as_answer, fill(item, facts).declared)
    doubtful = doubts(rules, facts, {*unreliable, *declared})

    def in_doubt(at: str) -> bool:
        return any(overlap(at, other) for other in doubtful)

    found = []
    for rule in rules.decide:
        if rule.place == decision.rule:
            break
        doubted = sorted(one for one in rule.when.pointers if in_doubt(one))
        unmet = rule.when.unmet(facts, calendar, language)
        if doubted and rule.when.holds_knowing(facts, calendar, in_doubt) is not False:
            unmet = (tuple((one, say(language, "unmet_doubt", pointer=one)) for one in doubted),)
        if unmet:
            found.append(PassedOver(rule.place, rule.rule.outcome, unmet))
    return tuple(found)
