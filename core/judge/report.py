"""A verdict and its lookups as the JSON that `lingban try --json` prints; other programs read it.

Knows shapes only; nothing is judged here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.contract import Decision, Evidence, Item, MaterialState, Problem, Route, Verdict


def report(item: Item, verdict: Verdict, evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    return {
        "lookups": lookups_json(item, evidence),
        "materials": materials_json(verdict.materials),
        "problems": problems_json(verdict.problems),
        "decision": decision_json(verdict.decision),
        "route": route_json(verdict.route),
        "deadline": verdict.deadline.isoformat() if verdict.deadline else None,
        "zero_material": verdict.zero_material,
        "fee": verdict.fee,
        "amount": verdict.amount,
    }


def lookups_json(item: Item, evidence: Mapping[str, Evidence]) -> dict[str, dict[str, Any]]:
    """Every lookup of the item; one that was not asked says so."""
    not_asked = {"outcome": "not_asked", "ms": 0, "value": None}
    return {
        name: {"outcome": e.outcome, "ms": e.ms, "value": e.value} if (e := evidence.get(name)) else dict(not_asked)
        for name in item.lookups
    }


def materials_json(materials: Sequence[MaterialState]) -> list[dict[str, Any]]:
    return [{"id": m.id, "status": m.status, "by": list(m.by)} for m in materials]


def problems_json(problems: Sequence[Problem]) -> list[dict[str, str]]:
    return [{"at": p.at, "keyword": p.keyword, "message": p.message} for p in problems]


def decision_json(decision: Decision) -> dict[str, Any]:
    return {"outcome": decision.outcome, "because": decision.because, "rule": decision.rule}


def route_json(route: Route | None) -> dict[str, Any] | None:
    if route is None:
        return None
    site = route.accepting
    return {
        "mode": route.mode,
        "accepting": {"site": site.id, "level": site.level, "area": site.area} if site else None,
        "deciding": {"unit": route.deciding_unit, "area": route.deciding_area},
        "steps": [{"unit": s.unit, "area": s.area, "days": s.days, "because": s.because} for s in route.steps],
        "priority": route.priority,
        "home_visit": route.home_visit,
        "because": list(route.because),
    }
