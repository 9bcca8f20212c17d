"""The one door to judging: filing, dry runs, scenarios and the eligibility check all come in here.

Knows the order in which the parts of a verdict rest on each other; no database, no clock.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from core.contract import Calendar, Decision, Facts, FurtherResult, Item, Office, Problem, Route, Verdict
from core.judge.amounts import total
from core.judge.confirming import confirmations
from core.judge.decision import as_answer, decide, refuse_early
from core.judge.duties import duties_of
from core.judge.filling import Filling, apply, choice_problems, fill, must_find_problems
from core.judge.handover import handed_over, with_results
from core.judge.materials import judge_materials, was_zero_material
from core.judge.numbers import number
from core.judge.payment import NOTHING, held_until_paid, unpaid
from core.judge.places import site_of
from core.judge.results import further_results
from core.judge.rounds import still_to_find
from core.judge.routing import choose
from core.judge.rules import rules_of
from core.judge.terms import deadline
from core.judge.validity import valid_until


def judge(
    item: Item,
    facts: Facts,
    office: Office,
    calendar: Calendar,
    *,
    today: date,
    given: Collection[str] = (),
    promised: Collection[str] = (),
    confirmed: Collection[str] = (),
    problems: Sequence[Problem] = (),
    unreliable: Collection[str] = (),
    claims: Mapping[str, Any] | None = None,
    filed_on: date | None = None,
    route: Route | None = None,
    paid: str = NOTHING,
    language: str = "zh",
) -> Verdict:
    """Everything there is to say of one set of facts.

    `problems` are further ones, of the item's own hook; `route` replaces the declared one, for the same reason.
    `unreliable` adds disputed values; declared ones are known here. `claims` are what the applicant declares instead of
    disputed ones (`{"/name": value}`). `filed_on` is today unless told. `paid`: how much of the
    fee was paid already.
    """
    verdict, _ = judged(
        item,
        facts,
        office,
        calendar,
        today=today,
        given=given,
        promised=promised,
        confirmed=confirmed,
        problems=problems,
        unreliable=unreliable,
        claims=claims,
        filed_on=filed_on,
        route=route,
        paid=paid,
        language=language,
    )
    return verdict


def judged(
    item: Item,
    facts: Facts,
    office: Office,
    calendar: Calendar,
    *,
    today: date,
    given: Collection[str] = (),
    promised: Collection[str] = (),
    confirmed: Collection[str] = (),
    problems: Sequence[Problem] = (),
    unreliable: Collection[str] = (),
    claims: Mapping[str, Any] | None = None,
    filed_on: date | None = None,
    route: Route | None = None,
    paid: str = NOTHING,
    language: str = "zh",
) -> tuple[Verdict, dict[str, Any]]:
    """As `judge`, and the complete facts the verdict rests on: held values, materials, today."""
    facts, filling = prepared(item, {**facts, "today": today.isoformat()}, claims)
    found = [*answer_problems(item, facts, filling, language), *problems]
    materials = judge_materials(
        item, facts, calendar, given=given, promised=promised, confirmed=confirmed, language=language
    )
    facts = {**facts, "materials": {m.id: m.status for m in materials}}
    if said := confirmations(facts, materials, confirmed, calendar):
        facts["confirmations"] = said
    facts |= granted_fact(item, facts, calendar)
    if route is None:
        route, wrong = choose(item, facts, office, calendar, site_of(facts, office), language=language)
        found.extend(wrong)
    doubtful = {*unreliable, *map(as_answer, (*filling.declared, *filling.claimed))}
    claimed = map(as_answer, filling.claimed)
    decision = decide(
        item, facts, materials, route, calendar, unreliable=doubtful, claimed=[*claimed], language=language
    )
    rules = rules_of(item)
    coming = still_to_find(rules, facts, calendar) if decision.outcome == "review" else ()
    fee = fee_of(item, facts, calendar, coming=coming)
    decision = unpaid(item, decision, fee, paid=paid, language=language)
    by: date | None = None
    why: tuple[str, ...] = ()
    provisional = False
    if decision.outcome == "review":
        due = deadline(item, route, filed_on or today, facts, calendar, language=language)
        by, why, provisional = due.day, due.because, due.provisional
    last: date | None = None
    results: tuple[FurtherResult, ...] = ()
    if decision.outcome == "approve":
        # A duration that leads beyond the calendar fails the letter, where staff are told; a verdict stands without.
        with contextlib.suppress(ValueError):
            last = valid_until(item, facts, today)
            results = further_results(item, facts, calendar, today, rule=decision.rule)
    amount = total(rules.amount, facts, calendar, coming=coming)
    duties = (
        duties_of(item, facts, office, calendar, route=route, decided_on=today, amount=amount, last=last)
        if decision.outcome == "approve" and route is not None
        else ()
    )
    verdict = Verdict(
        problems=tuple(dict.fromkeys(found)),
        materials=materials,
        decision=decision,
        route=route,
        deadline=by,
        deadline_because=why,
        provisional=provisional,
        zero_material=was_zero_material(item, materials),
        fee=fee,
        amount=amount,
        valid_until=last,
        handover=(*handed_over(item, facts, calendar, materials), *with_results(item, facts, calendar, results)),
        results=results,
        duties=duties,
        unpaid=held_until_paid(item, fee, paid=paid) if decision.outcome in ("approve", "review") else None,
    )
    return verdict, facts


def fee_of(item: Item, facts: Facts, calendar: Calendar, *, coming: Collection[str] = ()) -> str | None:
    """The fee; open where it rests on an amount that nobody knows yet. A reduction takes off all of it at most."""
    unknown = () if "result" in facts else ("/result",)
    fee = total(rules_of(item).fee, facts, calendar, coming=(*coming, *unknown))
    return "0.00" if fee is not None and fee.startswith("-") else fee


def granted_fact(item: Item, facts: Facts, calendar: Calendar) -> dict[str, Any]:
    """`/result/amount` and `/sums` as facts for who decides and how; absent where nobody can say how much it is, or not
    yet."""
    rules = rules_of(item)
    if rules.amount is None and not rules.sums:
        return {}
    coming = still_to_find(rules, facts, calendar)
    amount = _plain(total(rules.amount, facts, calendar, coming=coming))
    sums = {id: _plain(total(lines, facts, calendar, coming=coming)) for id, lines in rules.sums}
    known = {id: value for id, value in sums.items() if value is not None}
    return ({"result": {"amount": amount}} if amount is not None else {}) | ({"sums": known} if known else {})


def _plain(computed: str | None) -> int | float | None:
    """A total as a number of JSON."""
    value = number(computed)
    return None if value is None else int(value) if value == int(value) else float(value)


def prepared(item: Item, facts: Facts, claims: Mapping[str, Any] | None = None) -> tuple[dict[str, Any], Filling]:
    """The facts as they are judged: held values set, what is hidden left out; and the filling that says so."""
    filling = fill(item, facts, claims=claims)
    answers = facts.get("answers")
    if answers is None or isinstance(answers, Mapping):
        answers = rules_of(item).answers.prune(apply(filling, answers))
    return {**facts, "answers": answers}, filling


def answer_problems(item: Item, facts: Facts, filling: Filling, language: str = "zh") -> list[Problem]:
    """All that is wrong with prepared answers; nothing about fields that are no question."""
    answers = facts.get("answers")
    not_asked = filling.hidden.union(filling.held).difference(filling.claimed)
    found = rules_of(item).answers.problems(answers, language, held=not_asked)
    return [*found, *choice_problems(filling, answers, language), *must_find_problems(item, facts, language)]


def eligibility(
    item: Item,
    facts: Facts,
    office: Office,
    calendar: Calendar,
    *,
    today: date | None = None,
    unreliable: Collection[str] = (),
    language: str = "zh",
) -> Decision | None:
    """The refusal that no answer can change, tried before the form is shown; None: show the form."""
    if today is not None:
        facts = {**facts, "today": today.isoformat()}
    filling = fill(item, facts)
    answers = facts.get("answers")
    facts = {**facts, "answers": apply(filling, answers if isinstance(answers, Mapping) else {})}
    doubtful = {*unreliable, *map(as_answer, filling.declared)}
    return refuse_early(item, facts, calendar, unreliable=doubtful, language=language)
