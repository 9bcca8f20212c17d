"""A verdict as JSON: the shapes of DESIGN section 7, shared by the API, `try --json` and the stored record.

Knows nothing of who reads it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from core.contract import Decision, MaterialState, Route


def material_json(state: MaterialState) -> dict[str, Any]:
    return {"id": state.id, "status": state.status, "by": list(state.by)}


def materials_json(states: Sequence[MaterialState]) -> list[dict[str, Any]]:
    return [material_json(state) for state in states]


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
        "steps": [
            {"unit": step.unit, "area": step.area, "days": step.days, "because": step.because} for step in route.steps
        ],
        "priority": route.priority,
        "home_visit": route.home_visit,
        "because": list(route.because),
    }
