"""Findings 结论: what whoever does a step found and recorded; checked, kept in the case, and judged again.

Knows no page. A person decides what has once come to a person: the rules that hold now are his proposal, fee and
amount follow, and so do the steps that depend on what was found.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from core.cases.clock import finished_steps, terms_of_record
from core.cases.models import Case, CaseMaterial, Event
from core.cases.proposing import proposal, state_of, stored_facts
from core.cases.receipt import route_json
from core.cases.rejudged import moved_route
from core.catalog import versions
from core.contract import Item, Problem, Route, RouteStep
from core.errors import Unprocessable
from core.judge.amounts import total
from core.judge.answers import Answers
from core.judge.joining import same, with_joined
from core.judge.places import site_of
from core.judge.rounds import is_again, still_to_find
from core.judge.routing import choose
from core.judge.rules import StepRule, rules_of
from core.judge.schema import token
from core.judge.verdict import fee_of, granted_fact

if TYPE_CHECKING:
    from core.kernel import Kernel


def finding_step(item: Item, step: str) -> StepRule | None:
    """The step with this id, where it wants something to be found; None where it wants nothing but an opinion."""
    declared = (one for one in rules_of(item).steps if one.step.findings is not None)
    return next((one for one in declared if step and one.step.id == step), None)


@dataclass(frozen=True, slots=True)
class Found:
    """What came of one round of a step."""

    values: Mapping[str, Any]
    record: Mapping[str, Any] | None
    """The case's record with it, judged again; None where the step has to be done anew: no rule reads this round."""
    again: str = ""
    """Why it has to be done anew, for the applicant."""
    moved: Route | None = None
    """The route by which another office decides from now on."""


async def found_at(kernel: Kernel, case: Case, step: RouteStep, position: int, made: Any) -> Found | None:
    """What was found at this step, checked and judged; None where the step wants no findings.

    Raises Unprocessable with every problem, at `/findings/<step>/<field>`.
    """
    id = step.id
    item = await versions.item_by_digest(case.version)
    rule = finding_step(item, id)
    if rule is None:
        return None
    answers = Answers(rule.step.findings or {})
    values = answers.prune(made if isinstance(made, Mapping) else {})
    problems = answers.problems(values, "zh")
    if problems:
        raise Unprocessable([Problem(f"/findings/{token(id)}{p.at}", p.keyword, p.message) for p in problems])
    record = case.record or {}
    if rule.step.again is not None:
        facts = {**await stored_facts(case), "findings": record.get("findings") or {}}
        if is_again(rule, facts, values, await _rounds(case, position), kernel.calendar):
            return Found(values, None, rule.step.again.because)
    findings = {**(record.get("findings") or {}), id: values}
    changed, moved = await _judged_again(kernel, case, item, findings)
    return Found(values, {**record, "findings": findings, **changed}, moved=moved)


async def _rounds(case: Case, position: int) -> int:
    """How often this step has called for another round."""
    done = await Event.filter(case_id=case.id, type="step_finished").only("id", "payload")
    told = [one.payload["data"] for one in done if one.payload]
    return sum(1 for data in told if data.get("step") == position and data.get("again"))


async def _judged_again(
    kernel: Kernel, case: Case, item: Item, findings: Mapping[str, Any]
) -> tuple[dict[str, Any], Route | None]:
    """What follows from the findings: the proposed decision, fee and amount, the steps still ahead; and the route,
    where another office decides by it."""
    record = case.record or {}
    before = {**await stored_facts(case), "today": kernel.today().isoformat()}
    facts = {**before, "findings": findings}
    calendar = kernel.calendar
    before |= granted_fact(item, before, calendar)
    facts |= granted_fact(item, facts, calendar)
    site = site_of(facts, kernel.office)
    route, _ = choose(item, facts, kernel.office, calendar, site)
    materials = [state_of(one) for one in await CaseMaterial.filter(case_id=case.id).order_by("position")]
    rules = rules_of(item)
    coming = still_to_find(rules, facts, calendar)
    fee = fee_of(item, facts, calendar, coming=coming)
    changed: dict[str, Any] = {
        "decision": proposal(kernel, item, facts, materials, route, {**record, "findings": findings, "fee": fee}),
        "fee": fee,
        "amount": total(rules.amount, facts, calendar, coming=coming),
    }
    declared, _ = choose(item, before, kernel.office, calendar, site)
    # A road that the item's own code laid stays as it was laid.
    laid = terms_of_record(record)
    if route is not None and declared is not None and laid is not None and _as_declared(laid.steps, declared.steps):
        steps = _still_wanted(laid.steps, route.steps, await finished_steps(case))
        changed |= {"route": route_json(replace(route, steps=steps)), "steps": [asdict(step) for step in steps]}
    moved = _moved(case, route, declared)
    if moved is not None:
        changed["route"] = moved_route(changed.get("route") or record.get("route"), moved)
    elif "route" in changed:  # who decided by another road than the declared one goes on deciding
        changed["route"] |= {"deciding": {"unit": case.deciding_unit, "area": case.deciding_area}}
    return changed, moved


def _moved(case: Case, route: Route | None, declared: Route | None) -> Route | None:
    """The route where, by what was found, another office decides than by what was known before; whoever has the case.

    An office that a rule of `decided_at` names has the power to decide, and no other has it.
    """
    if (
        route is None
        or declared is None
        or (route.deciding_unit, route.deciding_area)
        in (
            (declared.deciding_unit, declared.deciding_area),
            (case.deciding_unit, case.deciding_area),
        )
    ):
        return None
    return route


def _as_declared(laid: Sequence[RouteStep], declared: Sequence[RouteStep]) -> bool:
    if any(step.joined for step in laid):  # behind what was done by then, so in another order
        return Counter(map(same, laid)) == Counter(map(same, declared))
    return tuple(laid) == tuple(declared)


def _still_wanted(
    laid: Sequence[RouteStep], wanted: Sequence[RouteStep], done: Collection[int]
) -> tuple[RouteStep, ...]:
    if not any(step.joined for step in laid):
        return tuple(wanted)
    asked = set(map(same, wanted))
    kept = [(n, step) for n, step in enumerate(laid) if n in done or same(step) in asked]
    places = {place for place, (n, _) in enumerate(kept) if n in done}
    return with_joined([step for _, step in kept], wanted, places, late=False)
