"""What a body names that nothing reads: told beside the receipt or the problems, with the name that was meant.

Knows the body's keys and the item; it refuses nothing, since older clients may send more than an item asks.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from core.contract import Item, Problem
from core.faults.near import nearest
from core.judge.rules import rules_of
from core.judge.schema import token

APPLICANT = ("kind", "name", "id_number", "credit_code", "area", "groups")
MOST = 20
"""Told at most: a body may hold thousands of them."""


def unread(item: Item, body: Mapping[str, Any]) -> tuple[Problem, ...]:
    """`keyword` is `unknown`; `at` the place in the answers (`/phnoe`), or in the body (`/applicant/id_no`)."""
    found = [(f"{at}/{token(name)}", name, known)
             for at, name, known in rules_of(item).answers.strange(body.get("answers", {}))]  # fmt: skip
    found += [(f"/applicant/{token(name)}", name, APPLICANT) for name in body.get("applicant", {})
              if name not in APPLICANT]  # fmt: skip
    for key, known in (("consents", tuple(item.lookups)), ("promises", tuple(one.id for one in item.materials))):
        found += [(f"/{key}/{n}", name, known) for n, name in enumerate(body.get(key, ())) if name not in known]
    return tuple(Problem(at, "unknown", _sentence(name, known)) for at, name, known in found[:MOST])


def _sentence(name: str, known: Collection[str]) -> str:
    close = nearest(name, known)
    meant = f"是不是“{'”或“'.join(close)}”？" if close else ""
    return f"没有名为“{name[:60]}”的一项，没有采用。{meant}"
