"""Who has to confirm a material: one party or several, all of whom have to say yes.

Knows facts and pointers; who has answered is kept by the case.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from core.contract import Calendar, Facts, Item, MaterialState, RawCondition
from core.judge.conditions import Condition
from core.judge.pointers import tokens, walk


def parties(
    facts: Facts, pointers: Sequence[str], when: RawCondition | None = None, *, calendar: Calendar
) -> tuple[str, ...]:
    """The numbers of all who have to confirm (a person's, a firm's credit code), each once; "" for one whose number is
    not known: nobody can for him.

    Among the rows of a register's list (`/lookups/owners/*/…`) the applicant himself is no other party. Empty: nobody
    but him is held there. `when`: of the rows, those for which it holds; what nobody can tell of a row, asks it too.
    """
    applicant = facts.get("applicant") or {}
    own = {applicant.get("id_number"), applicant.get("credit_code")} - {None, ""}
    found: list[str] = []
    for pointer in pointers:
        path = tokens(pointer)
        there, value = walk(facts, path)
        rows = "*" in path
        if not rows:
            numbers = [value if there else None]
        elif not isinstance(value, list) or not value:
            numbers = [
                None
            ]  # a list that is empty, or that no register gave, names nobody: nobody's word is no consent
        elif when is not None:
            numbers = _asked(facts, path, Condition(when), calendar)
        else:
            numbers = value
        if rows and path[:1] == ("lookups",):
            numbers = [one for one in numbers if one not in own]
        found += [one if isinstance(one, str) else "" for one in numbers]
    return tuple(one for n, one in enumerate(found) if not one or one not in found[:n])


def _asked(facts: Facts, path: Sequence[str], when: Condition, calendar: Calendar) -> list[Any]:
    """The numbers in the rows for which the condition holds, or cannot be told."""
    inner = len(path) - list(reversed(path)).index("*")
    outcomes = facts.get("outcomes") or {}
    out = any(outcomes.get(name) in ("down", "refused") for name in when.lookups)
    read = [at for at in map(tokens, when.pointers) if at[:1] == ("each",)]
    numbers = []
    for row in walk(facts, tuple(path[:inner]))[1]:
        here = {**facts, "each": row}
        if out or when.holds(here, calendar) or any(walk(here, at)[1] is None for at in read):
            numbers.append(walk({"each": row}, ("each", *path[inner:]))[1])
    return numbers


def confirmations(
    facts: Facts, states: Sequence[MaterialState], confirmed: Collection[str], calendar: Calendar
) -> dict[str, str]:
    """`/confirmations`, material → waiting, confirmed, refused or late; what the case knows already stands."""
    said = dict(facts.get("confirmations") or {})
    for state in states:
        if state.status == "confirm" and state.id not in said:
            signed = state.id in confirmed or not parties(facts, state.confirm, state.confirm_when, calendar=calendar)
            said[state.id] = "confirmed" if signed else "waiting"
    return said


def pointers_of(confirm: Any) -> tuple[str, ...]:
    return (confirm,) if isinstance(confirm, str) else tuple(confirm or ())


def asks_another(item: Item) -> bool:
    """Whether some material of the item may want another party's word."""
    return any(_says(one.fallback, "confirm") for one in item.materials)


def is_joint(item: Item, material: str) -> bool:
    """Whether who confirms this material applies jointly 共同申请 by that."""
    return any(_says(one.fallback, "joint") for one in item.materials if one.id == material)


def _says(fallback: Any, key: str) -> bool:
    """In whatever situation, and for whatever came of the lookup."""
    inner = fallback.values() if isinstance(fallback, dict) else fallback if isinstance(fallback, list) else ()
    return (isinstance(fallback, dict) and bool(fallback.get(key))) or any(_says(one, key) for one in inner)
