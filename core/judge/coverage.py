"""Which rules and branches of an item a verdict went through, so that a test run can name the unseen ones.

Knows the declaration and one verdict; a branch is written as its file, its pointer, and how it went.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from core.contract import OUTCOMES, Calendar, Item, Verdict
from core.judge.amounts import PICKS, Line
from core.judge.duties import with_result
from core.judge.granting import is_part
from core.judge.legal_clock import Happening
from core.judge.letters import LetterRule, may_follow
from core.judge.materials import proof
from core.judge.rounds import Rounds
from core.judge.rules import MaterialRule, first_holding, rules_of
from core.judge.schema import token


def branches(item: Item) -> tuple[str, ...]:
    """Everything that a scenario can see of an item, in the order of its files.

    Of a rule: that it held, and of its `part`, that all was granted and that not all was. Of a step, its `again`, a
    line, a lookup or a form's `if` with a condition: that it held and that it did not. Of a material: that it was
    wanted and not wanted (`when`), proved and not proved (`proved_by`), and each way of not being proved that its
    `fallback` tells apart. Of `statutory_days`, `promised_days` and `decided_at` in lines: each line. Of a further
    result with `each`: that there was a row; with `when`: that it held and did not, for the case or for some row. Of a
    lookup with `each`: that every row had its record, and that one had none. Of `sites`: each level. Of `pauses`: each.
    Of a lookup: that its source was down, and, where a material that it proves has a `fallback` or it must be found,
    that nothing was held.
    """
    rules = rules_of(item)
    listed: list[str] = []
    for material in rules.materials:
        place = f"item.json#/materials/{material.index}"
        if material.when is not None:
            listed += [f"{place}/when: holds", f"{place}/when: does not hold"]
        if material.material.proved_by:
            listed += [f"{place}: proved", f"{place}: not proved"]
            listed += [f"{at}/{outcome}" for at, one in _fallbacks(place, material) for outcome in _ways(one)]
        listed += [at for at, _ in _fallbacks(place, material) if at != f"{place}/fallback"]
    listed += [at for key in ("statutory_days", "promised_days") for at in _times(item, key)]
    listed += _lines("item.json#/fee", rules.fee)
    listed += _lines("item.json#/result/amount", rules.amount)
    listed += [f"item.json#/pauses/{n}" for n in range(len(item.declared.get("pauses") or ()))]
    for n, (_, lines) in enumerate(rules.sums):
        listed += _lines(f"item.json#/sums/{n}/lines", lines)
    for n, line in enumerate(rules.also):
        at = f"item.json#/result/also/{n}"
        listed += [] if line.each is None else [f"{at}/each: a row"]
        listed += [] if line.when is None else [f"{at}/when: holds", f"{at}/when: does not hold"]
    for n, (when, _) in enumerate(rules.handover):
        at = f"item.json#/handover/{n}/when"
        listed += [] if when is None else [f"{at}: holds", f"{at}: does not hold"]
    for n, (when, _) in enumerate(rules.duties):
        at = f"item.json#/duties/{n}/when"
        listed += [] if when is None else [f"{at}: holds", f"{at}: does not hold"]
    for n, letter in enumerate(rules.letters):
        at = f"item.json#/letters/{n}/when"
        listed += [] if letter.when is None else [f"{at}: holds", f"{at}: does not hold"]
    for one in rules.ifs:
        listed += [f"form.json#{one.at}/if: holds", f"form.json#{one.at}/if: does not hold"]
    listed += [f"lookups.json#/lookups/{token(name)}: {way}" for name, way in _silent(item)]
    for name in _guarded(item):
        place = f"lookups.json#/lookups/{token(name)}/allowed_when"
        listed += [f"{place}: holds", f"{place}: does not hold"]
    for name in _by_row(item):
        place = f"lookups.json#/lookups/{token(name)}/each"
        listed += [f"{place}: every row has a record", f"{place}: a row has none"]
    if item.handling in ("instant", "promised"):
        listed += [f"routing.json#/sites/{level}" for level in item.routing.sites]
    for step in rules.steps:
        if step.when:
            listed += [f"routing.json#{step.place}/when: holds", f"routing.json#{step.place}/when: does not hold"]
        if step.again is not None:
            listed += [f"routing.json#{step.place}/again: holds", f"routing.json#{step.place}/again: does not hold"]
    listed += [f"routing.json#{at}" for at in _deciders(item)]
    for rule in rules.decide:
        at = f"routing.json#{rule.place}"
        listed += [at] if rule.part is None else [at, f"{at}/part: in part", f"{at}/part: whole"]
    listed += [f"routing.json#{effect.place}" for effect in rules.effects]
    return tuple(listed)


def _lines(place: str, lines: tuple[Line, ...] | None) -> list[str]:
    """Of a line with a condition, that it held; of `least` and `greatest`, each line within that it came to. Not of
    "never below 0", which decides nothing of its own."""
    listed = []
    for n, line in enumerate(lines or ()):
        listed += [f"{place}/{n}"] if line.when is not None else []
        listed += [
            f"{place}/{n}/{line.way}/{m}"
            for m, one in enumerate(line.among)
            if line.way in PICKS and not (line.way == "greatest" and one.is_floor)
        ]
    return listed


def _seen_lines(
    place: str, lines: tuple[Line, ...] | None, facts: Mapping[str, Any], calendar: Calendar
) -> Iterator[str]:
    for n, line in enumerate(lines or ()):
        if line.when is not None and line.holds(facts, calendar):
            yield f"{place}/{n}"
        for m in line.picked(facts, calendar):
            yield f"{place}/{n}/{line.way}/{m}"


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
        if status not in (None, "proved") and (held := first_holding(material.fallbacks, facts, calendar)):
            at, fallback = _fallbacks(place, material)[held[0]]
            outcome = proof(item, material, facts, calendar)[1]
            seen.update([f"{at}/{outcome}"] if outcome in _ways(fallback) else [])
            seen.update([at] if at != f"{place}/fallback" else [])
    if verdict.deadline is not None:
        for key, times in (("statutory_days", rules.statutory), ("promised_days", rules.promised)):
            if (held := first_holding(times, facts, calendar)) is not None:
                seen.update(_times(item, key)[held[0] : held[0] + 1])
    for name, lines in (("item.json#/fee", rules.fee), ("item.json#/result/amount", rules.amount)):
        seen.update(_seen_lines(name, lines, facts, calendar))
    for n, (_, lines) in enumerate(rules.sums):
        seen.update(_seen_lines(f"item.json#/sums/{n}/lines", lines, facts, calendar))
    for n, line in enumerate(rules.also):
        at = f"item.json#/result/also/{n}"
        for row, here in line.rows(facts):
            seen.update([] if row is None else [f"{at}/each: a row"])
            if line.when is not None:
                seen.add(f"{at}/when: {'holds' if line.when.holds(here, calendar) else 'does not hold'}")
    for n, (when, _) in enumerate(rules.handover):
        if when is not None:
            seen.add(f"item.json#/handover/{n}/when: {'holds' if when.holds(facts, calendar) else 'does not hold'}")
    if verdict.decision.outcome in ("approve", "review"):
        known = with_result(facts, verdict.amount, verdict.valid_until)
        for n, (when, _) in enumerate(rules.duties):
            if when is not None:
                seen.add(f"item.json#/duties/{n}/when: {'holds' if when.holds(known, calendar) else 'does not hold'}")
    for n, letter in enumerate(rules.letters):
        if letter.when is not None and letter in letters_of(item, verdict):
            held_ = letter.when.holds(facts, calendar)
            seen.add(f"item.json#/letters/{n}/when: {'holds' if held_ else 'does not hold'}")
    for one in rules.ifs:
        value: Any = facts.get("answers") or {}
        for name in one.way:
            value = value.get(name) if isinstance(value, Mapping) else None
        if value is not None:
            seen.add(f"form.json#{one.at}/if: {'holds' if one.test.is_valid(value) else 'does not hold'}")
    outcomes = (facts.get("outcomes") or {}).items()
    seen.update(f"lookups.json#/lookups/{token(name)}: {way}" for name, way in _silent(item) if (name, way) in outcomes)
    for name in _guarded(item):
        allowed = rules.plan[name].allowed
        holds = allowed is not None and allowed.holds(facts, calendar)
        seen.add(f"lookups.json#/lookups/{token(name)}/allowed_when: {'holds' if holds else 'does not hold'}")
    for name in _by_row(item):
        rows = (facts.get("lookups") or {}).get(name)
        if isinstance(rows, list):
            found = "a row has none" if any(row is None for row in rows) else "every row has a record"
            seen.add(f"lookups.json#/lookups/{token(name)}/each: {found}")
    if verdict.route is not None:
        held = first_holding(rules.decided_at, facts, calendar)
        seen.update(f"routing.json#{at}" for at in (_deciders(item)[held[0] :][:1] if held else ()))
        level = (facts.get("site") or {}).get("level")
        seen.update([f"routing.json#/sites/{level}"] if level else [])
    for step in rules.steps:
        if step.when:
            holds = all(c.holds(facts, calendar) for c in step.when)
            seen.add(f"routing.json#{step.place}/when: {'holds' if holds else 'does not hold'}")
    for rule in rules.decide:
        if rule.place == verdict.decision.rule:
            at = f"routing.json#{rule.place}"
            in_part = rule.part is not None and is_part(rule.part, rules.amount, facts, calendar)
            seen.update([at] if rule.part is None else [at, f"{at}/part: {'in part' if in_part else 'whole'}"])
    if verdict.route is not None:
        seen.update(f"routing.json#{e.place}" for e in rules.effects if e.when.holds(facts, calendar))
    return frozenset(seen)


def letters_of(item: Item, verdict: Verdict) -> tuple[LetterRule, ...]:
    """The letters whose event this case can come to, whatever their condition says."""
    steps = [one.id for one in verdict.route.steps] if verdict.route is not None else []
    if verdict.problems:
        return ()
    return tuple(one for one in rules_of(item).letters if may_follow(one.on, verdict.decision.outcome, steps))


def seen_rounds(item: Item, rounds: Mapping[str, Rounds]) -> frozenset[str]:
    """The branches of `again` that a scenario's rounds went through."""
    return frozenset(
        f"routing.json#{step.place}/again: {'holds' if held else 'does not hold'}"
        for step in rules_of(item).steps
        if step.again is not None and step.step.id in rounds
        for held in rounds[step.step.id].held
    )


def seen_pauses(item: Item, happened: Iterable[Happening]) -> frozenset[str]:
    """The grounds of the item's own on which a scenario's clock was stopped."""
    kinds = {one.kind for one in happened if one.type == "paused"}
    own = enumerate(item.declared.get("pauses") or ())
    return frozenset(f"item.json#/pauses/{n}" for n, one in own if one["id"] in kinds)


def _fallbacks(place: str, rule: MaterialRule) -> list[tuple[str, Any]]:
    """(where, the fallback) of each situation; of one that has none, the fallback itself."""
    if not isinstance(rule.material.fallback, list):
        return [(f"{place}/fallback", rule.material.fallback)]
    return [(f"{place}/fallback/{n}/fallback", one) for n, (_, one) in enumerate(rule.fallbacks)]


def _times(item: Item, key: str) -> list[str]:
    """Where each line of the days that are promised, or allowed, stands; none where they are one number for all."""
    declared = item.declared.get(key)
    return [f"item.json#/{key}/{n}" for n in range(len(declared))] if isinstance(declared, list) else []


def _deciders(item: Item) -> list[str]:
    """Where each line of `decided_at` stands; none where one level decides in every situation."""
    if not isinstance((item.bundle.get("routing") or {}).get("decided_at"), list):
        return []
    return [f"/decided_at/{n}" for n in range(len(rules_of(item).decided_at))]


def _ways(fallback: Any) -> list[str]:
    """The outcomes that a fallback tells apart."""
    return [name for name in fallback if name in OUTCOMES] if isinstance(fallback, Mapping) else []


def _silent(item: Item) -> list[tuple[str, str]]:
    """(lookup, how it may end without an answer): a source can always be down; that nothing is held has a consequence
    of its own where a material that it proves says one (`fallback`) or it must be found; a list is never empty so."""
    saying = [one for one in item.materials if "fallback" in one.declared]
    proving = {name for one in saying for group in one.proved_by for name in group}
    listed = []
    for name, lookup in item.lookups.items():
        listed.append((name, "down"))
        if (name in proving or lookup.must_find) and not lookup.many and lookup.each is None:
            listed.append((name, "empty"))
    return listed


def _guarded(item: Item) -> list[str]:
    """Lookups with an `allowed_when` that is one for all; where it reads `/each`, every row has its own."""
    plan = rules_of(item).plan
    return [name for name in item.lookups if plan[name].allowed is not None and not plan[name].allowed_by_row]


def _by_row(item: Item) -> list[str]:
    """Lookups that ask once for every row and want one record each: a row without one is null, and is no fact."""
    return [name for name, lookup in item.lookups.items() if lookup.each is not None and not lookup.many]


def unseen(item: Item, seen: Iterable[frozenset[str]]) -> tuple[str, ...]:
    """The branches that none of these scenarios went through."""
    every: set[str] = set().union(*seen)
    return tuple(branch for branch in branches(item) if branch not in every)
