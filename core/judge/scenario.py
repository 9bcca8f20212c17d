"""Scenarios `cases/*.json`: tests for people who write no code. One file against one item, and what differs.

Knows no folder and no source: the scenario says what each lookup returns, or the caller has asked.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from core.contract import Calendar, Duty, Evidence, FurtherResult, Item, Office, Problem, Route, Verdict
from core.judge import pauses
from core.judge.clock import read_date
from core.judge.coverage import letters_of, seen_by, seen_pauses, seen_rounds
from core.judge.legal_clock import Happening, LegalDates, legal_dates
from core.judge.opening import not_open
from core.judge.payment import NOTHING
from core.judge.places import site_of
from core.judge.rounds import Rounds, rounds_of
from core.judge.rules import rules_of
from core.judge.sentences import say, show
from core.judge.terms import terms_of
from core.judge.verdict import judged, prepared

OUTCOMES = ("empty", "down", "refused")
TODAY = date(2026, 11, 23)
"""The day of a scenario that names none."""


@dataclass(frozen=True)
class ScenarioResult:
    title: str
    differences: tuple[str, ...]
    """One line each: what was expected, what came. Empty: passed."""
    seen_rules: frozenset[str]
    """Rules and branches it went through; see `core.judge.coverage`."""
    verdict: Verdict
    evidence: Mapping[str, Evidence]
    facts: Mapping[str, Any]
    happened: tuple[Happening, ...] = ()
    """What the clock of the case was told after its filing."""

    @property
    def passed(self) -> bool:
        return not self.differences


def run(
    item: Item,
    scenario: Mapping[str, Any],
    office: Office,
    calendar: Calendar,
    outcomes: Mapping[str, Evidence] | None = None,
    *,
    problems: Sequence[Problem] = (),
    route: Route | None = None,
    language: str = "zh",
    reader: str = "",
) -> ScenarioResult:
    """Judge the scenario and compare. `outcomes` are those of asked sources, for a scenario without `lookups`.

    `problems` and `route` come from the item's own hooks, where the caller runs them. `reader` is the language of the
    differences where it is another than that of the verdict, whose words a scenario may expect.
    """
    facts, evidence = facts_of(item, scenario, office, calendar, outcomes)
    given = frozenset(scenario.get("given", ()))
    # Promises and an agent count as made and checked; what is handed in needs no promise.
    promised = frozenset(scenario.get("promises", (m.id for m in item.materials if m.id not in given)))
    verdict, facts = judged(
        item,
        facts,
        office,
        calendar,
        today=today_of(scenario),
        given=given,
        promised=promised,
        confirmed=frozenset(
            {*scenario.get("confirmed", ()), *(m for m, said in facts_said(scenario).items() if said == "confirmed")}
        ),
        problems=(*not_open(item, today_of(scenario), language), *problems),
        route=route,
        paid=str(scenario.get("paid") or NOTHING),
        language=language,
    )
    rounds = rounds_in(item, scenario, facts, calendar)
    reader = reader or language
    unused = [say(reader, "unused_rounds", step=id, rounds=one.unused) for id, one in rounds.items() if one.unused]
    happened, wrong = pauses.told(item, scenario, today_of(scenario), calendar, reader)
    if happened and verdict.deadline is None:
        wrong = (*wrong, say(reader, "pause_of_nothing"))
    expect = scenario.get("expect") or {}
    dates = dates_of(item, verdict, facts, calendar, happened) if happened or "step_due" in expect else None
    if dates is not None and dates.deadline is not None and happened:
        due = dates.deadline
        verdict = replace(verdict, deadline=due.day, deadline_because=due.lines(language), provisional=due.provisional)
    more = {"step_due": [one.due.day.isoformat() for one in dates.steps] if dates is not None else []}
    differences = (*unused, *wrong, *compare(expect, verdict, reader, facts=facts, more=more))
    written = [one.id for one in letters_of(item, verdict) if one.holds(facts, calendar)]
    if "letters" in expect and sorted(expect["letters"] or ()) != sorted(written):
        differences = (*differences, _line(reader, "letters", expect["letters"], written))
    seen = seen_by(item, verdict, facts, calendar) | seen_rounds(item, rounds) | seen_pauses(item, happened)
    return ScenarioResult(str(scenario.get("title", "")), differences, seen, verdict, evidence, facts, happened)


def dates_of(
    item: Item, verdict: Verdict, facts: Mapping[str, Any], calendar: Calendar, happened: Sequence[Happening] = ()
) -> LegalDates | None:
    """The legal dates as they look on the day of filing, if all takes all of its days; None where nothing is due."""
    day = read_date(facts.get("today"))
    if verdict.deadline is None or day is None:
        return None
    terms = terms_of(item, verdict.route, facts, calendar)
    return legal_dates(terms, [Happening("filed", day), *happened], calendar, today=day)


def facts_said(scenario: Mapping[str, Any]) -> dict[str, str]:
    """material → what its other parties have said."""
    return dict.fromkeys(scenario.get("confirmed", ()), "confirmed") | dict(scenario.get("confirmations") or {})


def today_of(scenario: Mapping[str, Any]) -> date:
    return read_date(scenario.get("today")) or TODAY


def facts_of(
    item: Item,
    scenario: Mapping[str, Any],
    office: Office,
    calendar: Calendar,
    outcomes: Mapping[str, Evidence] | None = None,
) -> tuple[dict[str, Any], dict[str, Evidence]]:
    """The facts of a scenario and the evidence in them. Without `lookups` and `outcomes`, nothing was asked."""
    facts: dict[str, Any] = {
        "applicant": scenario.get("applicant") or {},
        "answers": scenario.get("answers") or {},
        "channel": scenario.get("channel") or "web",
        "today": today_of(scenario).isoformat(),
    }
    if said := facts_said(scenario):
        facts["confirmations"] = said
    if scenario.get("agent"):
        facts["agent"] = scenario["agent"]
    if scenario.get("site"):
        facts["site"] = scenario["site"]
        site = site_of(facts, office)
        if site is not None:
            facts["site"] = {"id": site.id, "level": site.level, "area": site.area, "kind": site.kind}
    evidence: dict[str, Evidence] = {}
    if "lookups" in scenario and outcomes is None:
        evidence = _told(item, scenario["lookups"] or {}, scenario.get("consents"), facts, calendar)
    elif outcomes is not None:
        evidence = dict(outcomes)
    facts = _with(facts, evidence)
    rounds = rounds_in(item, scenario, facts, calendar)
    found = {id: one.final for id, one in rounds.items() if one.final is not None}
    return ({**facts, "findings": found} if found else facts), evidence


def rounds_in(
    item: Item, scenario: Mapping[str, Any], facts: Mapping[str, Any], calendar: Calendar
) -> dict[str, Rounds]:
    """step → its rounds as the scenario tells them; each step knows what those before it found in the end."""
    told = scenario.get("findings") or {}
    made: dict[str, Rounds] = {}
    found: dict[str, Any] = {}
    for rule in rules_of(item).steps:
        said = told.get(rule.step.id) if rule.step.id else None
        if said is None:
            continue
        rounds = said if isinstance(said, list) else [said]
        made[rule.step.id] = one = rounds_of(rule, {**facts, "findings": dict(found)}, rounds, calendar)
        if one.final is not None:
            found[rule.step.id] = one.final
    return made


def _told(
    item: Item,
    told: Mapping[str, Any],
    consents: Collection[str] | None,
    facts: Mapping[str, Any],
    calendar: Calendar,
) -> dict[str, Evidence]:
    """What each lookup returns, in the order in which they rest on each other; what cannot be asked is left out."""
    evidence: dict[str, Evidence] = {}
    rules = rules_of(item)
    lookups: dict[str, Any] = {}
    outcomes: dict[str, str] = {}
    so_far = {**facts, "lookups": lookups, "outcomes": outcomes}
    for name in rules.order:
        question = rules.plan[name]
        keys = question.keys(prepared(item, so_far)[0] if question.reads_answers else so_far, calendar)
        if not any(key is not None for key in keys):
            continue
        lookup = question.lookup
        answer: Any = told.get(name, "empty")
        value: Any = None
        if lookup.consent and consents is not None and name not in consents:
            answer = "refused"
        if isinstance(answer, Mapping):
            outcome, value = "found", _taken(answer.get("found"), lookup.take)
        else:
            outcome = str(answer)
        if outcome == "empty" and lookup.each is not None:
            outcome, value = "found", [[] if lookup.many else None for _ in keys]
        elif outcome == "empty" and lookup.many:
            outcome, value = "found", []
        evidence[name] = Evidence(name, lookup.source, outcome, value, purpose=lookup.purpose, basis=lookup.basis)
        outcomes[name] = outcome
        if outcome == "found":
            lookups[name] = value
    return {name: evidence[name] for name in item.lookups if name in evidence}


def _taken(value: Any, take: Sequence[str]) -> Any:
    """Only the fields in `take` are kept, ever; of a list, in each row."""
    if isinstance(value, list):
        return [_taken(row, take) for row in value]
    if isinstance(value, Mapping):
        return {field: value[field] for field in take if field in value}
    return value


def _with(facts: Mapping[str, Any], evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    return {
        **facts,
        "lookups": {name: e.value for name, e in evidence.items() if e.outcome == "found"},
        "outcomes": {name: e.outcome for name, e in evidence.items()},
    }


# --- what was expected, what came ------------------------------------------------------------------------


def compare(
    expect: Mapping[str, Any],
    verdict: Verdict,
    language: str = "zh",
    *,
    facts: Mapping[str, Any],
    more: Mapping[str, Any],
) -> list[str]:
    """A line for each key of `expect` that came out otherwise; keys that are not named are not compared. `more`: what
    is compared beside the verdict."""
    lines = []
    got = {**outcome_of(verdict), **more}
    for key, wanted in expect.items():
        if key in ("approved", "letters"):
            continue  # the dry run compares the one, as it writes the letter; `run` the other
        if key == "duties":
            lines += compare_duties(wanted or {}, verdict.duties, language=language)
            continue
        if key == "sums":
            sums = facts.get("sums") or {}
            lines += [_line(language, f"sums.{id}", n, sums.get(id)) for id, n in wanted.items() if sums.get(id) != n]
        elif key == "materials":
            states = {m.id: m.status for m in verdict.materials}
            for id, status in (wanted or {}).items():
                if states.get(id) != status:
                    lines.append(_line(language, f"materials.{id}", status, states.get(id)))
        elif key not in got:
            lines.append(say(language, "unknown_key", at=key))
        elif not _same(key, wanted, got[key], verdict):
            lines.append(_line(language, key, wanted, got[key]))
    return lines


def compare_duties(
    wanted: Mapping[str, Any], duties: Sequence[Duty], *, at: str = "duties", language: str = "zh"
) -> list[str]:
    """A line for each named duty that is not due on the day that is expected; null: it is not to be done, or has no
    day."""
    due = {one.id: one.due.isoformat() if one.due else None for one in duties}
    return [_line(language, f"{at}.{id}", day, due.get(id)) for id, day in wanted.items() if due.get(id) != day]


def outcome_of(verdict: Verdict) -> dict[str, Any]:
    """A verdict in the words of `expect`."""
    route = verdict.route
    return {
        "problems": list(dict.fromkeys(p.at for p in verdict.problems)),
        "decision": verdict.decision.outcome,
        "because": verdict.decision.because,
        "rule": verdict.decision.rule,
        "conditions": list(verdict.decision.conditions),
        "part": verdict.decision.part or None,
        "mode": route.mode if route else None,
        "deciding": route.deciding_unit if route else None,
        "deciding_area": route.deciding_area if route else None,
        "steps": [step.unit for step in route.steps] if route else [],
        "step_areas": [step.area for step in route.steps] if route else [],
        "priority": route.priority if route else None,
        "home_visit": bool(route and route.home_visit),
        "deadline": verdict.deadline.isoformat() if verdict.deadline else None,
        "valid_until": verdict.valid_until.isoformat() if verdict.valid_until else None,
        "zero_material": verdict.zero_material,
        "fee": verdict.fee,
        "unpaid": verdict.unpaid,
        "amount": verdict.amount,
        "handover": [one.id for one in verdict.handover],
        "results": results_said(verdict.results),
    }


def results_said(results: Sequence[FurtherResult]) -> list[dict[str, Any]]:
    """Further results as a scenario names them."""
    return [
        {"id": one.id, "title": one.title, "valid_until": one.valid_until.isoformat() if one.valid_until else None}
        for one in results
    ]


def same_results(wanted: Any, got: Sequence[Mapping[str, Any]]) -> bool:
    """Each in its turn: by its id, or by as much of it as is named."""
    named = [{"id": one} if isinstance(one, str) else one for one in wanted or ()]
    return len(named) == len(got) and all(
        all(have.get(key) == value for key, value in one.items()) for one, have in zip(named, got, strict=True)
    )


def _same(key: str, wanted: Any, got: Any, verdict: Verdict) -> bool:
    if key == "problems":
        return sorted(set(wanted or ())) == sorted(set(got))
    if key == "because":
        # Any reason given may be named: of the decision, of its being held back, of the route.
        route = verdict.route.because if verdict.route else ()
        return bool((wanted or "") == got or wanted in (*verdict.decision.held_back, *route))
    if key == "results":
        return same_results(wanted, got)
    if key == "steps":
        return bool(_flat(wanted) == got)
    return bool(wanted == got)


def _flat(steps: Any) -> list[str]:
    """Units in order; a list within the list is a `together`."""
    return [unit for step in steps or () for unit in (step if isinstance(step, list) else [step])]


def _line(language: str, key: str, wanted: Any, got: Any) -> str:
    return say(language, "expected", at=key, wanted=show(wanted), got=show(got))
