"""Who may do what, where: one matrix of role × action with the reach of each.

Knows no case and no account: it is told which unit, area and site the matter lies in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from core.contract import Actor, Office

STAFF_ROLES = (
    "station_worker", "clerk", "operator", "guide", "reviewer", "supervisor",
    "enforcement", "author", "publisher", "administrator", "auditor",
)  # fmt: skip
CITIZEN_ROLES = ("citizen", "agent")
ROLES = (*CITIZEN_ROLES, *STAFF_ROLES)
"""Roles of accounts. `portal` is a role of tokens only: a client that vouches for the applicant it sends."""
SITE_ROLES = frozenset({"station_worker", "clerk", "guide"})
"""Work at a counter: staff.csv must name their site."""
UNIT_ROLES = frozenset({"reviewer", "supervisor", "enforcement"})
"""Work in an office: staff.csv must name their unit."""

# The reach of a permission, narrow to wide:
OWN = "own"  # cases that one filed, or that were filed for one
SITE = "site"  # cases taken at one's own site
OFFICE = "office"  # one's unit in one's own area
UNIT = "unit"  # one's unit, in one's area and everything below it
AREA = "area"  # every unit, in one's area and everything below it
ALL = "all"

_COUNTER = {"station_worker": SITE, "clerk": SITE}
_TAKERS = {**_COUNTER, "operator": OWN}
_OFFICE = {"reviewer": OFFICE, "supervisor": UNIT}
_CITIZENS = {"citizen": OWN, "agent": OWN}

MATRIX: Mapping[str, Mapping[str, str]] = MappingProxyType(
    {
        # cases
        "case.file": {**_CITIZENS, **_TAKERS, "portal": OWN},
        "case.file_for_others": {"agent": OWN, **_TAKERS, "portal": OWN},
        "case.read": {**_CITIZENS, **_TAKERS, "portal": OWN, **_OFFICE, "enforcement": UNIT},
        "case.read_evidence": {**_COUNTER, **_OFFICE},
        "case.add_material": {**_CITIZENS, **_TAKERS, "portal": OWN, "reviewer": OFFICE},
        "correction.answer": _OFFICE,
        "case.look_up": {**_COUNTER, **_OFFICE},
        "case.accept": {**_COUNTER, **_OFFICE},
        "case.correct": {**_COUNTER, **_OFFICE},
        "case.step": _OFFICE,
        "case.pause": _OFFICE,
        "case.extend": {"supervisor": UNIT},
        "case.decide": _OFFICE,
        "case.deliver": {**_COUNTER, **_OFFICE},
        # Whoever sits at a till takes what is paid there, also for what was filed at home: its number is on the notice.
        "payment.note": {"clerk": AREA},
        "letter.read": {**_OFFICE, "author": ALL, "publisher": ALL, "administrator": ALL},
        "letter.issue": {**_OFFICE, "administrator": ALL},
        "copy.read": {**_OFFICE, "enforcement": UNIT},
        "case.close": {**_COUNTER, **_OFFICE},
        "case.withdraw": {**_CITIZENS, **_TAKERS, "portal": OWN},
        "queue.read": {**_COUNTER, **_OFFICE},
        "load.read": {"guide": SITE, **_COUNTER, "supervisor": UNIT, "administrator": ALL},
        # the catalog
        "catalog.read": dict.fromkeys(STAFF_ROLES, ALL),
        "plugin.read": {"author": ALL, "publisher": ALL, "administrator": ALL},
        "plugin.write": {"author": ALL},
        "plugin.publish": {"publisher": ALL},
        "source.read": {"author": ALL, "publisher": ALL, "administrator": ALL},
        "source.probe": {"administrator": ALL},
        # the house
        "office.read": dict.fromkeys(STAFF_ROLES, ALL),
        "office.manage": {"administrator": ALL},
        "account.manage": {"administrator": ALL},
        "token.manage": {"administrator": ALL},
        "audit.read": {"auditor": ALL},
        # Erasing wants two accounts: who asks never confirms (core.cases.actions.erasing).
        "erasure.ask": {"administrator": ALL},
        "erasure.confirm": {"administrator": ALL, "supervisor": UNIT},
    }
)

POWERS = ("account.manage", "plugin.publish", "audit.read")
"""Administration, publishing and audit: whoever holds one of these holds none of the others (issue 6)."""


@dataclass(frozen=True, slots=True)
class Reach:
    """How far an actor's permission goes: `scope` and the place it is measured from. For building queue queries."""

    scope: str
    unit: str | None
    site: str | None
    area: str | None


def reach(actor: Actor | None, action: str) -> Reach | None:
    """None when the role does not hold the action. Raises KeyError for an action that the matrix does not know."""
    scope = MATRIX[action].get(actor.role) if actor else None
    if actor is None or scope is None:
        return None
    return Reach(scope, actor.unit, actor.site, actor.area)


def may(
    actor: Actor | None,
    action: str,
    *,
    own: bool = False,
    unit: str | None = None,
    area: str | None = None,
    site: str | None = None,
    office: Office | None = None,
) -> bool:
    """Whether the actor may do this to a matter of that unit, area and site.

    With nothing but actor and action: whether the role holds the action anywhere at all (for menus). `own` says that
    the actor filed the case or that it was filed for him. Reaching below one's own area needs `office`.
    """
    held = reach(actor, action)
    if held is None:
        return False
    if held.scope == ALL or (not own and unit is None and area is None and site is None):
        return True
    return _reaches(held, own=own, unit=unit, area=area, site=site, office=office)


def _reaches(
    held: Reach, *, own: bool, unit: str | None, area: str | None, site: str | None, office: Office | None
) -> bool:
    if held.scope == OWN:
        return own
    if held.scope == SITE:
        return held.site is not None and site == held.site
    if held.scope == OFFICE:
        return held.unit is not None and unit == held.unit and held.area is not None and area == held.area
    if held.scope == UNIT and (held.unit is None or unit != held.unit):
        return False
    return within(area, held.area, office)


def within(area: str | None, top: str | None, office: Office | None) -> bool:
    """Whether `area` is `top` or lies below it."""
    if area is None or top is None:
        return False
    if area == top:
        return True
    return office is not None and any(above.code == top for above in office.upwards(area))


def areas_within(top: str | None, office: Office) -> list[str]:
    """Every area that is `top` or lies below it."""
    return [code for code in office.areas if within(code, top, office)]
