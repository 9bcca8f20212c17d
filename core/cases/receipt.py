"""A verdict as JSON: the shapes of DESIGN section 7, shared by the API, `try --json` and the stored record.

Knows nothing of who reads it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.contract import Decision, Duty, MaterialState, Route, RouteStep


def material_json(state: MaterialState) -> dict[str, Any]:
    return {"id": state.id, "status": state.status, "by": list(state.by)}


def materials_json(states: Sequence[MaterialState]) -> list[dict[str, Any]]:
    return [material_json(state) for state in states]


def decision_json(decision: Decision) -> dict[str, Any]:
    """For whoever applied: what an officer may still come to grant is not told before he does."""
    made = {"outcome": decision.outcome, "because": decision.because, "rule": decision.rule}
    return {**made, **(terms_of(decision) if decision.outcome == "approve" else {})}


def told(decision: Mapping[str, Any], outcome: str | None) -> dict[str, Any]:
    """What another program may rely on: a proposal that a person still has to make his own is no decision."""
    terms = terms_of_grant(decision) if outcome == "approve" else {}
    said = {key: decision.get(key) for key in ("outcome", "because", "rule")} | terms
    open = outcome == "review" and said["outcome"] != "review"
    return {**said, "outcome": "review", "because": ""} if open else said


def terms_of_grant(decision: Mapping[str, Any]) -> dict[str, Any]:
    """Conditions, the part and how much is granted, where the decision has any: most grant all of it, under none."""
    return {name: decision[name] for name in ("conditions", "part", "granted") if decision.get(name)}


def terms_of(decision: Decision) -> dict[str, Any]:
    """As `terms_of_grant`, of a decision that judge made."""
    much = decision.granted
    granted = {"number": much.number, "unit": much.unit} if much is not None else None
    return terms_of_grant({"conditions": list(decision.conditions), "part": decision.part, "granted": granted})


def route_json(route: Route | None) -> dict[str, Any] | None:
    if route is None:
        return None
    site = route.accepting
    return {
        "mode": route.mode,
        "accepting": {"site": site.id, "level": site.level, "area": site.area} if site else None,
        "deciding": {"unit": route.deciding_unit, "area": route.deciding_area},
        "steps": [step_json(step) for step in route.steps],
        "priority": route.priority,
        "home_visit": route.home_visit,
        "because": list(route.because),
    }


def step_json(step: RouteStep) -> dict[str, Any]:
    return {
        "unit": step.unit,
        "area": step.area,
        "days": step.days,
        "because": step.because,
        **({"by": step.by} if step.by else {}),
        **({"calendar_days": step.calendar_days, "at_least": True} if step.at_least else {}),
    }


def duty_json(duty: Duty) -> dict[str, Any]:
    return {
        "id": duty.id,
        "title": duty.title,
        "unit": duty.unit,
        "area": duty.area,
        "party": duty.party,
        "due": duty.due.isoformat() if duty.due else None,
        "every": duty.every or None,
        "because": duty.because,
        "why": [[key, dict(values)] for key, values in duty.why],
    }
