"""How an item goes, as its guide tells who has not applied yet: the steps, what is charged or paid, how long it holds.

Knows what is declared and no facts: what a situation adds is told with the situation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from core.catalog.bundle import APPLICANT
from core.contract import Item, Office, Source, Step
from core.judge.amounts import WITHIN
from core.judge.blanks import without_facts
from core.judge.clock import begins_said, month_day, span_of
from core.judge.duties import duration
from core.judge.rules import StepRule, rules_of
from core.judge.schema import parts_of
from core.judge.sentences import Line
from core.web.rendering import translator
from forms.pages.said import field_title, pointer_title, said
from forms.pages.situations import situation
from forms.pages.words import LEVELS, N_, SPANS

WAYS = {"least": N_("取下面最少的一项"), "greatest": N_("取下面最多的一项"), "sum": N_("下面各项相加")}
"""How a line comes of the lines within it."""
_GIVEN = {
    "days": N_("按“%(what)s”的天数"),
    "weeks": N_("按“%(what)s”的周数"),
    "months": N_("按“%(what)s”的月数"),
    "years": N_("按“%(what)s”的年数"),
}


@dataclass(frozen=True, slots=True)
class Stage:
    """One step of the way to a decision."""

    title: str
    who: str
    time: str
    counts: bool
    when: str
    """In which situation it is gone through; "" where always."""
    beside: bool
    """Goes on together with the step before it."""


@dataclass(frozen=True, slots=True)
class Sum:
    """One line of a fee or of what is paid out."""

    title: str
    amount: str
    times: tuple[str, ...]
    when: str
    way: str = ""
    """How one sum comes of the lines within: the smallest, the largest, or all of them together."""
    among: tuple[Sum, ...] = ()


def stages(item: Item, office: Office, language: str) -> tuple[Stage, ...]:
    told: list[Stage] = []
    before: StepRule | None = None
    for one in rules_of(item).steps:
        beside = before is not None and before.group == one.group
        told.append(_stage(item, office, language, one, beside))
        before = one
    return tuple(told)


def _stage(item: Item, office: Office, language: str, rule: StepRule, beside: bool) -> Stage:
    _ = translator(language)
    step, words = rule.step, rule.said(language)
    unit = office.units.get(step.unit or item.unit)
    who = _(APPLICANT) if step.party else words.by or (_(unit.name) if unit else "")
    if step.level and not step.by:
        who += _("（%(level)s）") % {"level": _(LEVELS[step.level])}
    when = without_facts(words.because) if rule.when else ""
    return Stage(words.title or _("办理"), who, _time(step, _, language), rule.counts, when, beside)


def _time(step: Step, _: Callable[[str], str], language: str) -> str:
    unit, days = ("days", step.days) if step.days else ("calendar_days", step.calendar_days)
    if not days:
        return ""
    span = _(SPANS[unit]) % {"n": days}
    if step.begins:
        span = Line("span_from", {"begins": begins_said(step.begins), "span": span}).text(language)
    return _("满 %(time)s才能办完") % {"time": span} if step.at_least else _("最多 %(time)s") % {"time": span}


def sums(item: Item, sources: Mapping[str, Source], language: str, at: str) -> tuple[Sum, ...]:
    """The lines at `/fee` or `/result/amount` of item.json, with the lines within."""
    declared: Any = item.declared
    for key in parts_of(at):
        declared = declared.get(key) if isinstance(declared, Mapping) else None
    return _sums(item, sources, language, at, declared or ())


def _sums(
    item: Item, sources: Mapping[str, Source], language: str, at: str, lines: Sequence[Mapping[str, Any]]
) -> tuple[Sum, ...]:
    def told(n: int, line: Mapping[str, Any]) -> Sum:
        each = line.get("each") or ""
        way = next((one for one in WITHIN if one in line), "")
        return Sum(
            said(item, language, f"item.json#{at}/{n}/title", line.get("title", "")),
            str(line.get("amount", "")),
            tuple(fact_title(item, sources, language, one, each) for one in _listed(line, "times")),
            situation(item, language, line.get("when"), each),
            translator(language)(WAYS[way]) if way else "",
            _sums(item, sources, language, f"{at}/{n}/{way}", line[way]) if way else (),
        )

    return tuple(told(n, line) for n, line in enumerate(lines))


def price_of(declared: Any) -> str:
    """The sum that everybody pays; "" where it depends."""
    lines = declared or ()
    if not lines or any(line.keys() - {"title", "amount", "basis"} for line in lines):
        return ""
    return f"{sum(Decimal(line['amount']) for line in lines):.2f}"


def times_of(item: Item, language: str) -> tuple[tuple[str, str], ...]:
    """(situation, the time promised in it) of the lines that have a title."""
    lines = item.declared.get("promised_days")
    return tuple(
        (
            said(item, language, f"item.json#/promised_days/{n}/title", line["title"]),
            span.line().text(language) if span.number else translator(language)(N_("当场办结")),
        )
        for n, line in enumerate(lines if isinstance(lines, list) else ())
        for span in (span_of(line),)
        if line.get("title")
    )


def fact_title(item: Item, sources: Mapping[str, Source], language: str, pointer: str, each: str = "") -> str:
    """What a pointer leads to, as who reads the guide would call it: the title of a question, of a field of a register
    or of what a step finds."""
    if pointer.startswith("/each/"):
        pointer = f"{each}/*/{pointer.removeprefix('/each/')}"
    root, *names = parts_of(pointer)
    if root == "lookups" and names:
        lookup = item.lookups.get(names[0])
        source = sources.get(lookup.source) if lookup else None
        return translator(language)(field_title(source.record if source else {}, names[-1]))
    if root == "findings" and len(names) > 1:
        for rule in rules_of(item).steps:
            if rule.step.id == names[0]:
                at = f"routing.json#{rule.place}/findings/properties/{names[-1]}/title"
                return said(item, language, at, field_title(rule.step.findings or {}, names[-1]))
    return pointer_title(item, language, pointer)


def validity(item: Item, sources: Mapping[str, Source], language: str, declared: Mapping[str, Any]) -> str:
    """How long a result holds; "" where it has no end."""
    _ = translator(language)

    def title(pointer: str) -> str:
        return fact_title(item, sources, language, pointer, declared.get("each") or "")

    parts = []
    valid = declared.get("valid")
    if isinstance(valid, str):
        parts.append(duration(valid, language))
    elif isinstance(valid, Mapping):
        parts += [_(_GIVEN[unit]) % {"what": title(pointer)} for unit, pointer in valid.items()]
    for key, sentence in (("valid_from", N_("自“%(what)s”起")), ("valid_after", N_("接在“%(what)s”之后"))):
        if key in declared and parts:
            parts.append(_(sentence) % {"what": title(declared[key])})
    for until in _listed(declared, "valid_until"):
        if until.startswith("/"):
            parts.append(_("不晚于“%(what)s”") % {"what": title(until)})
        else:
            parts.append(_("到决定之后的第一个%(day)s为止") % {"day": month_day(until).text(language)})
    return _("，").join(parts)


def _listed(declared: Mapping[str, Any], key: str) -> list[str]:
    value = declared.get(key) or []
    return [value] if isinstance(value, str) else list(value)
