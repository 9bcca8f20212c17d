"""Everything of one item version that judging needs, compiled once: conditions, lines, fields, answers.

Knows the declaration, no facts; two items with one digest share one Rules.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from core.contract import Calendar, DecideRule, EffectRule, Facts, Item, Material, RawCondition, Step
from core.judge.also import AlsoRule
from core.judge.amounts import Line, lines_of
from core.judge.answers import Answers
from core.judge.clock import Span, span_of
from core.judge.conditions import Condition
from core.judge.fields import Field, fields_of
from core.judge.granting import PartRule
from core.judge.ifs import If, ifs_of
from core.judge.letters import LetterRule
from core.judge.plan import Plan, compiled, reached, waves
from core.judge.pointers import tokens
from core.judge.sentences import translated

_KEPT = 1024

Situations = tuple[tuple[Condition | None, Any], ...]
"""(when, what holds then); None holds always."""


@dataclass(frozen=True, slots=True)
class MaterialRule:
    material: Material
    index: int
    when: Condition | None
    valid_when: Condition | None
    fallbacks: tuple[tuple[Condition | None, Any], ...] = ()
    """(when, fallback), of which the first that holds counts; one without lines is one that always holds."""


class StepWords(NamedTuple):
    """A step as it is said in one language."""

    title: str
    because: str
    by: str


@dataclass(frozen=True, slots=True, eq=False)
class StepRule:
    """One step that stands alone or in a `together`; `place` is its pointer in routing.json."""

    step: Step
    place: str
    group: int
    when: tuple[Condition, ...]
    """Its own condition and that of the `together` around it; all must hold."""
    counts: bool
    review: bool
    again: Condition | None
    words: Mapping[str, StepWords]
    """Language → how it is said; "" → as written, for all other languages."""

    def said(self, language: str) -> StepWords:
        return self.words.get(language) or self.words[""]


@dataclass(frozen=True, slots=True)
class Decide:
    rule: DecideRule
    place: str
    """`/decide/0`: its pointer in routing.json."""
    when: Condition
    part: PartRule | None = None


@dataclass(frozen=True, slots=True)
class Effect:
    rule: EffectRule
    place: str
    when: Condition


class Rules:
    """The compiled rules of one Item; get them by `rules_of`."""

    def __init__(self, item: Item) -> None:
        self.item = item

    @cached_property
    def materials(self) -> tuple[MaterialRule, ...]:
        return tuple(
            MaterialRule(m, index, _condition(m.when), _condition(m.valid_when), _situations(m.fallback, "fallback"))
            for index, m in enumerate(self.item.materials)
        )

    @cached_property
    def promised(self) -> Situations:
        """(when, Span), of which the first that holds counts."""
        return _times(self.item.declared.get("promised_days", 0))

    @cached_property
    def statutory(self) -> Situations:
        """As `promised`, of what the law allows; none where the item names no legal time."""
        calendar_days = self.item.declared.get("statutory_calendar_days")
        if calendar_days is not None:
            return ((None, Span(calendar_days, "calendar_days")),)
        return _times(self.item.declared.get("statutory_days"))

    @cached_property
    def handover(self) -> tuple[tuple[Condition | None, Any], ...]:
        """(when, thing as declared)."""
        return tuple((_condition(line.get("when")), line) for line in self.item.declared.get("handover", ()))

    @cached_property
    def duties(self) -> tuple[tuple[Condition | None, Mapping[str, Any]], ...]:
        """(when, duty as declared)."""
        return tuple((_condition(line.get("when")), line) for line in self.item.declared.get("duties", ()))

    @cached_property
    def letters(self) -> tuple[LetterRule, ...]:
        """What is written besides the letter of the decision."""
        return tuple(map(LetterRule, self.item.declared.get("letters", ())))

    @cached_property
    def steps(self) -> tuple[StepRule, ...]:
        return tuple(_steps(self.item))

    @cached_property
    def decide(self) -> tuple[Decide, ...]:
        return tuple(
            Decide(rule, f"/decide/{n}", Condition(rule.when), None if rule.part is None else PartRule(rule.part))
            for n, rule in enumerate(self.item.routing.decide)
        )

    @cached_property
    def decided_at(self) -> tuple[tuple[Condition | None, Any], ...]:
        """(when, whose office decides), of which the first that holds counts."""
        return tuple((_condition(one.when), one) for one in self.item.routing.decided_at)

    @cached_property
    def effects(self) -> tuple[Effect, ...]:
        return tuple(
            Effect(rule, f"/rules/{n}", Condition(rule.when)) for n, rule in enumerate(self.item.routing.rules)
        )

    @cached_property
    def fee(self) -> tuple[Line, ...] | None:
        return lines_of(self.item.declared.get("fee"))

    @cached_property
    def amount(self) -> tuple[Line, ...] | None:
        result = self.item.declared.get("result")
        return lines_of(result.get("amount")) if isinstance(result, Mapping) else None

    @cached_property
    def sums(self) -> tuple[tuple[str, tuple[Line, ...]], ...]:
        """(id, lines) of the sums that rules and reasons read as `/sums/<id>`."""
        return tuple((one["id"], lines_of(one["lines"]) or ()) for one in self.item.declared.get("sums", ()))

    @cached_property
    def also(self) -> tuple[AlsoRule, ...]:
        """The further results that an approval gives."""
        result = self.item.declared.get("result")
        return tuple(map(AlsoRule, result.get("also", ()))) if isinstance(result, Mapping) else ()

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        return fields_of(self.item.form)

    @cached_property
    def ifs(self) -> tuple[If, ...]:
        return tuple(ifs_of(self.item.form))

    @cached_property
    def answers(self) -> Answers:
        return Answers(self.item.form, self.item.ui)

    @cached_property
    def plan(self) -> Plan:
        return compiled(self.item)

    @cached_property
    def order(self) -> tuple[str, ...]:
        """The lookups so that each comes after those it rests on; those of a circle (a fault) last."""
        settled = [name for wave in waves(self.plan) for name in wave]
        return (*settled, *(name for name in self.plan if name not in settled))

    @cached_property
    def needs(self) -> Mapping[str, frozenset[str]]:
        """lookup → the lookups it rests on, near and far."""
        near = {name: question.needs for name, question in self.plan.items()}
        return {name: frozenset(reached(near, name) - {name}) for name in near}

    @cached_property
    def by_answers(self) -> frozenset[str]:
        """The lookups that cannot be asked, or not fully, before the form is filled in: near and far."""
        near = {name for name, question in self.plan.items() if question.reads_answers}
        return frozenset(name for name in self.plan if name in near or self.needs[name] & near)


def _condition(raw: RawCondition | None) -> Condition | None:
    return None if raw is None else Condition(raw)


def _situations(declared: Any, key: str) -> tuple[tuple[Condition | None, Any], ...]:
    """Lines `{"when": …, key: value}`, or the one value that always holds."""
    if not isinstance(declared, list):
        return ((None, declared),)
    return tuple((_condition(line.get("when")), line[key]) for line in declared)


def _times(declared: Any) -> Situations:
    """Working days as a number, or lines of times in whatever they are said."""
    if not isinstance(declared, list):
        return () if declared is None else ((None, Span(declared)),)
    return tuple((_condition(line.get("when")), span_of(line)) for line in declared)


def first_holding(
    lines: tuple[tuple[Condition | None, Any], ...], facts: Facts, calendar: Calendar
) -> tuple[int, Any] | None:
    """(position, value) of the first line that holds; None where none does."""
    for n, (when, value) in enumerate(lines):
        if when is None or when.holds(facts, calendar):
            return n, value
    return None


def _steps(item: Item) -> Iterator[StepRule]:
    for n, step in enumerate(item.routing.steps):
        place = f"/steps/{n}"
        outer = () if step.when is None else (Condition(step.when),)
        if not step.together:
            words = _words(item, step, place, step.because, f"{place}/because")
            yield StepRule(step, place, n, outer, step.counts, step.review, _again(step), words)
            continue
        for m, inner in enumerate(step.together):
            own = () if inner.when is None else (Condition(inner.when),)
            inside = f"{place}/together/{m}"
            because = inner.because or step.because
            yield StepRule(
                inner,
                inside,
                n,
                outer + own,
                step.counts and inner.counts,
                step.review and inner.review,
                _again(inner),
                _words(item, inner, inside, because, f"{inside if inner.because else place}/because"),
            )


def _words(item: Item, step: Step, place: str, because: str, because_at: str) -> Mapping[str, StepWords]:
    told = ((f"{place}/title", step.title), (because_at, because), (f"{place}/by", step.by))

    def said(language: str) -> StepWords:
        return StepWords(*(translated(item, language, f"routing.json#{at}", text) if text else "" for at, text in told))

    return {language: said(language) for language in ("", *(item.bundle.get("texts") or {}))}


def _again(step: Step) -> Condition | None:
    return None if step.again is None else Condition(step.again.when)


_rules: OrderedDict[tuple[str, str], Rules] = OrderedDict()
_lock = threading.Lock()


def rules_of(item: Item) -> Rules:
    """The compiled rules of an item version; kept by digest, the oldest let go."""
    if not item.digest:
        return Rules(item)
    key = (item.id, item.digest)
    found = _rules.get(key)
    if found is None:
        found = Rules(item)
        with _lock:
            _rules[key] = found
            while len(_rules) > _KEPT:
                _rules.popitem(last=False)
    return found


def answers_path(pointer: str) -> Any:
    """The path inside the answers that a facts pointer `/answers/…` names; None for any other pointer."""
    parts = tokens(pointer)
    return parts[1:] if parts[:1] == ("answers",) else None
