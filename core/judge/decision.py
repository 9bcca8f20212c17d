"""What is decided, by which rule, for which reason; and what keeps a machine from approving.

Knows rules, facts, materials and route; it writes nothing and tells nobody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any

from core.contract import Calendar, Decision, Facts, Item, MaterialState, Route
from core.judge.also import AlsoRule
from core.judge.blanks import filled
from core.judge.conditions import Condition
from core.judge.filling import record_path
from core.judge.granting import Granted, granted
from core.judge.numbers import number
from core.judge.pointers import overlap, pointer, resolve, tokens, walk
from core.judge.rules import Decide, Rules, answers_path, rules_of
from core.judge.sentences import join, say, translated
from core.judge.validity import MOST_YEARS, is_too_long

NEGATIVE = ("reject", "decline")
"""不予许可 and 不予受理: they need no materials and are tried before the form is shown."""


def decide(
    item: Item,
    facts: Facts,
    materials: Sequence[MaterialState],
    route: Route | None,
    calendar: Calendar,
    *,
    unreliable: Collection[str] = (),
    claimed: Collection[str] = (),
    language: str = "zh",
) -> Decision:
    """The first rule that holds wins; an approval that a person has to confirm becomes a review.

    `unreliable` are pointers of declared or disputed values, into the answers (`/name`) or the facts
    (`/answers/name`, `/lookups/person/name`). A rule that reads one never fires, and where it might have held, no
    later rule of another outcome decides: the order of the rules is law, and a doubt must not carry a case past one.
    `claimed`: disputed values that the applicant has declared otherwise; a person reads them before anything is
    approved, since the result may name them.
    """
    if item.handling in ("query", "handoff"):
        return Decision(None)
    rules = rules_of(item)
    doubtful = doubts(rules, facts, unreliable)
    passed: set[str | None] = set()

    def in_doubt(at: str) -> bool:
        return any(overlap(at, other) for other in doubtful)

    for rule in rules.decide:
        if doubtful and rule.when.reads_any(doubtful):
            if rule.when.holds_knowing(facts, calendar, in_doubt) is not False:
                passed.add(rule.rule.outcome)
            continue
        if rule.when.holds(facts, calendar):
            why = list(_reasons_of_doubt(item, rules, rule, doubtful, materials, facts, claimed, language))
            if passed - {rule.rule.outcome}:
                why.append(say(language, "passed_in_doubt"))
            return _decided(item, rules, rule, facts, materials, route, calendar, why, language)
    if not claimed and not passed:
        return Decision("review", say(language, "no_rule"))
    why = [say(language, "claimed_value" if claimed else "passed_in_doubt")]
    return Decision("review", join(language, why), held_back=tuple(why))


def _reasons_of_doubt(
    item: Item,
    rules: Rules,
    held: Decide,
    doubtful: Collection[str],
    materials: Sequence[MaterialState],
    facts: Facts,
    claimed: Collection[str],
    language: str,
) -> Iterator[str]:
    """Why a person approves although the rule itself reads nothing doubtful, of a value that is disputed."""
    if claimed:
        yield say(language, "claimed_value")
    if not any(tokens(at)[:1] == ("lookups",) for at in doubtful):
        return  # declared values only: what they prove, and whom they call, is as it was declared
    states = {state.id: state for state in materials}
    for one in rules.materials:
        state = states.get(one.material.id)
        proves = state is not None and state.required and state.status == "proved"
        read = [one.when] if one.when is not None else []
        read += [one.valid_when] if proves and one.valid_when is not None else []
        if any(condition.reads_any(doubtful) for condition in read):
            yield say(language, "material_in_doubt", title=state.title if state else one.material.title)
    for step in rules.steps:
        if step.review and any(condition.reads_any(doubtful) for condition in step.when):
            title = step.said(language).title
            yield say(language, "step_in_doubt", title=title or say(language, "somebody_in_charge"))
    sums = (*(rules.fee or ()), *(rules.amount or ()), *([held.part] if held.part else ()))
    if any(line.reads_any(doubtful) for line in sums):
        yield say(language, "amount_in_doubt")
    if any(line.reads_any(doubtful) for line in rules.also):
        yield say(language, "results_in_doubt")


def _decided(
    item: Item,
    rules: Rules,
    held: Decide,
    facts: Facts,
    materials: Sequence[MaterialState],
    route: Route | None,
    calendar: Calendar,
    doubts: Sequence[str],
    language: str,
) -> Decision:
    rule = held.rule
    outcome = rule.outcome
    because = filled(translated(item, language, f"routing.json#{held.place}/because", rule.because), facts)
    held_back: tuple[str, ...] = ()
    grant = Granted()
    if outcome == "approve":
        grant = granted(item, held.place, rule.conditions, held.part, rules.amount, facts, calendar, language)
        review = reasons_to_review(item, rules, facts, materials, route, calendar, language)
        held_back = (*doubts, *review, *grant.held_back)
    elif outcome in NEGATIVE:
        held_back = tuple(doubts)
    if held_back:
        outcome, because = "review", join(language, list(held_back))
    return Decision(
        outcome,
        because,
        rule.basis,
        held.place,
        rule.instead,
        held_back,
        held.when.explain(facts, calendar, language),
        grant.conditions,
        grant.part,
        grant.measured,
        rule.ground if outcome in NEGATIVE else "",
    )


def reasons_to_review(
    item: Item,
    rules: Rules,
    facts: Facts,
    materials: Sequence[MaterialState],
    route: Route | None,
    calendar: Calendar,
    language: str = "zh",
) -> tuple[str, ...]:
    """Every reason, in words, for which a person and not a machine has to approve; none: the machine may."""
    reasons = []
    for state in materials:
        if state.required and state.open:
            reasons.append(say(language, "open_material", title=state.title, because=state.because))
        elif state.required and state.status == "given" and not state.checked:
            reasons.append(say(language, "given_material", title=state.title))
    out: set[str] = set()
    declared = Counter[str]()
    found = facts.get("findings") or {}
    for step in rules.steps:
        holds = all(c.holds(facts, calendar) for c in step.when)
        declared[step.step.unit or (route.deciding_unit if route else "")] += holds
        # A step with `review: false` calls for nobody, whatever it says; nor does what was found already.
        finds = step.step.findings is not None
        # Days that nobody may cut short have to pass, whoever does the step.
        if not (step.when or finds or step.step.by or step.step.at_least) or not (step.review or step.step.at_least):
            continue
        out |= _out(rules, step.when, facts)
        if holds and not (finds and step.step.id in found):
            words = step.said(language)
            reasons.append(_step_words(language, words.title, filled(words.because, facts)))
    for added in route.steps if route else ():
        # What the item's own hook has put on the road is there to be done, not to be passed over.
        declared[added.unit] -= 1
        if declared[added.unit] < 0 and added.review:
            reasons.append(_step_words(language, added.title, added.because))
    situations = [*(one.when for one in rules.materials), *(when for when, _ in rules.decided_at)]
    out |= _out(rules, [when for when in situations if when is not None], facts)
    out |= _out(rules, rules.also, facts)
    for name in item.lookups:
        if name in out:
            purpose = translated(
                item, language, f"lookups.json#/lookups/{name}/purpose", item.lookups[name].purpose or name
            )
            reasons.append(say(language, "lookup_out", purpose=purpose))
    granted_here = ((item.declared.get("result"), facts), *_further(rules, facts, calendar))
    if any(is_too_long(declared, here) for declared, here in granted_here):
        reasons.append(say(language, "valid_too_long", years=MOST_YEARS))
    return tuple(dict.fromkeys(reasons))


def _further(rules: Rules, facts: Facts, calendar: Calendar) -> Iterator[tuple[Mapping[str, Any], Facts]]:
    """What each further result declares, and the facts that it is given by."""
    for line in rules.also:
        for _, here in line.rows(facts):
            if line.holds(here, calendar):
                yield line.declared, here


def _step_words(language: str, title: str, because: str) -> str:
    """A unit's id means nothing to a citizen: a step without a title is somebody's in charge."""
    named = title or say(language, "somebody_in_charge")
    return say(language, "step_holds" if because else "step_holds_plain", title=named, because=because)


def _out(rules: Rules, conditions: Sequence[Condition | AlsoRule], facts: Facts) -> set[str]:
    """The lookups that these read and that are Down or Refused.

    One that could not be asked, because another that it rests on is out, is named by that other.
    """
    outcomes = facts.get("outcomes") or {}
    out: set[str] = set()
    for condition in conditions:
        for name in condition.lookups:
            if outcomes.get(name) in ("down", "refused"):
                out.add(name)
            elif name not in outcomes and name not in (facts.get("lookups") or {}):
                out |= {other for other in rules.needs.get(name, ()) if outcomes.get(other) in ("down", "refused")}
    return out


def doubts(rules: Rules, facts: Facts, unreliable: Collection[str]) -> frozenset[str]:
    """The facts that unreliable pointers name: the answer, and for a disputed one the record it was filled from."""
    if not unreliable:
        return frozenset()
    doubtful = {p if tokens(p)[:1] == ("lookups",) else as_answer(p) for p in unreliable}
    for place in tuple(doubtful):
        path = answers_path(place)
        for field in rules.fields if path is not None else ():
            if field.from_ and overlap(field.pointer, pointer(path)):
                # A declared value has no record behind it; a disputed one has, and no rule may read that either.
                rows = tuple(
                    int(given) for own, given in zip(field.path, path, strict=False) if own == "*" and given.isdigit()
                )
                record = record_path(rules.item, field.from_, field.path, rows)
                found, value = walk(facts, record)
                if found and value is not None:
                    doubtful.add(pointer(record))
    if any(line.reads_any(doubtful) for line in rules.amount or ()):
        doubtful.add("/result/amount")
    doubtful |= {f"/sums/{id}" for id, lines in rules.sums if any(line.reads_any(doubtful) for line in lines)}
    return frozenset(doubtful)


def as_answer(at: str) -> str:
    """A pointer into the answers as one into the facts; one that is already, stays."""
    return at if tokens(at)[:1] == ("answers",) else "/answers" + at


# --- before the form is shown ----------------------------------------------------------------------------


def refuse_early(
    item: Item, facts: Facts, calendar: Calendar, *, unreliable: Collection[str] = (), language: str = "zh"
) -> Decision | None:
    """The rejection that stands whatever the applicant will write; None: show the form.

    A rule counts only when every rule before it is known not to hold, or is a refusal too: the order of the
    rules is law. What is not known before the form: the materials, the
    answers nobody has filled, and the lookups that are asked by them.
    """
    if item.handling in ("query", "handoff"):
        return None
    rules = rules_of(item)
    doubtful = doubts(rules, facts, unreliable)

    def unknown(at: str) -> bool:
        parts = tokens(at)
        if parts[:1] in (("materials",), ("result",), ("sums",), ("confirmations",)):
            return True
        if parts[:1] in (("lookups",), ("outcomes",)) and len(parts) > 1:
            return parts[1] in rules.by_answers and parts[1] not in (facts.get("outcomes") or {})
        return answers_path(at) is not None and not walk(facts, parts)[0]

    for rule in rules.decide:
        if doubtful and rule.when.reads_any(doubtful):
            continue
        holds = rule.when.holds_knowing(facts, calendar, unknown)
        negative = rule.rule.outcome in NEGATIVE
        if holds and negative:
            return _decided(item, rules, rule, facts, (), None, calendar, (), language)
        if holds or (holds is None and not negative):
            return None
    return None


def most_in_part(item: Item, facts: Facts, computed: str | None) -> Decimal | None:
    """The most that a part may come to: what was asked for or what the item computes, whichever is less; None where
    neither is known."""
    parts = [rule.part for rule in rules_of(item).decide if rule.part is not None and rule.part.granted is None]
    asked = [number(resolve(facts, part.asked)[1]) for part in parts if part.when is None]
    return min((one for one in (number(computed), *asked) if one is not None), default=None)


def asked_in(item: Item, facts: Facts, unit: str) -> Decimal | None:
    """How much was asked for of what is counted in this unit; None where nobody knows."""
    parts = [rule.part for rule in rules_of(item).decide if rule.part is not None and rule.part.unit == unit]
    asked = (number(resolve(facts, part.asked)[1]) for part in parts)
    return next((one for one in asked if one is not None), None)
