"""What `lingban new` writes for an item that nobody may hold twice: the lookup, the refusal and two scenarios.

Knows the source of our own cases; nothing of what else the folder holds.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

EARLIER: Mapping[str, str] = {"person": "earlier", "enterprise": "earlier_of_firm"}
"""Of each audience, the lookup of what the applicant has filed here before."""
_NUMBERS = {"person": "id_number", "enterprise": "credit_code"}
_BASIS = "请填写：只能有一份的依据"


def lookup(item: str, audience: str) -> dict[str, Any]:
    number = _NUMBERS[audience]
    return {
        "source": "own-cases",
        "by": {number: f"/applicant/{number}", "items": {"const": [item]}, "standing": {"const": True}},
        "take": ["no", "filed_on"],
        "purpose": "核对是不是已经申请，不重复办理",
        "basis": _BASIS,
        "many": True,
    }


def refusal(name: str) -> dict[str, Any]:
    first = f"/lookups/{name}/0"
    return {
        "when": {f"/lookups/{name}": {"minItems": 1}},
        "outcome": "decline",
        "because": f"您${{{first}/filed_on}}已经申请，编号${{{first}/no}}，不用重复申请",
        "basis": _BASIS,
    }


def scenarios(first: Mapping[str, Any], name: str, *, rule: int, suffix: str) -> dict[str, Any]:
    """Whoever holds it already is declined; where that cannot be looked up, nothing is granted by itself."""
    held = [{"no": "20260901AB12CD34X", "filed_on": "2026-09-01"}]
    declined = {"decision": "decline", "rule": f"/decide/{rule}"}
    ends: tuple[tuple[str, str, Any, dict[str, Any]], ...] = (
        ("decline-earlier", "已经有一份：不重复办理", {"found": held}, declined),
        ("review-earlier-down", "查不了以前的办件：转人工", "down", {"decision": "review", "rule": None}),
    )
    return {
        f"cases/{file}{suffix}.json": {
            **first,
            "title": title,
            "lookups": {**first["lookups"], name: outcome},
            "expect": expect,
        }
        for file, title, outcome, expect in ends
    }
