"""The parts an actor plays in one case: party, desk, office; from them follow what he reads and which moves he makes.

Knows the matrix of permissions and the lifecycle table, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from core.cases.lifecycle import DESK, HEAD, OFFICE, PARTY, STEP, TAKER
from core.cases.models import Case
from core.contract import Actor
from core.office.permissions import CITIZEN_ROLES, STAFF_ROLES, may

if TYPE_CHECKING:
    from core.kernel import Kernel


@dataclass(frozen=True, slots=True)
class Parts:
    hats: frozenset[str]
    """party, desk, office, head (core.cases.lifecycle)."""
    reads: bool
    evidence: bool
    """May see what the lookups returned, not only how they ended."""
    as_staff: bool
    """Reads as a member of staff: noted in the access log."""
    joint: bool = False
    """Reads as a joint applicant and as nothing else: noted too, and what others handed in is not his to open."""
    actor: Actor | None = None

    @property
    def decides(self) -> bool:
        return OFFICE in self.hats


def is_party(kernel: Kernel, actor: Actor, case: Case) -> bool:
    """The applicant or his agent by number, or whoever filed."""
    return actor.id == case.actor or is_concerned(kernel, actor, case)


def is_himself(kernel: Kernel, actor: Actor, case: Case) -> bool:
    """The applicant in person, by number."""
    return bool(actor.id_number) and kernel.keys.index(str(actor.id_number)) == case.applicant_key


def rests_on_mandate(case: Case) -> bool:
    """Whether who filed it might do so by a mandate alone."""
    return ((case.record or {}).get("standing") or {}).get("kind") == "mandate"


def is_concerned(kernel: Kernel, actor: Actor, case: Case) -> bool:
    """The applicant or his agent, by number."""
    if not actor.id_number:
        return False
    key = kernel.keys.index(actor.id_number)
    return key in (case.applicant_key, case.agent_key)


def parts_of(
    kernel: Kernel,
    actor: Actor,
    case: Case,
    *,
    mandated: bool = False,
    joint: bool = False,
    accounts: Mapping[str, str] = MappingProxyType({}),
) -> Parts:
    """`accounts`: of the same human, id → role (`core.office.persons`).

    `mandated`: he holds a mandate of the applicant that runs and covers this case (see `acting.parts_for`).
    `joint`: he has confirmed as a joint applicant.
    """
    own = is_party(kernel, actor, case)
    staff = actor.role in STAFF_ROLES
    if not staff and actor.role != "portal":
        by_mandate = rests_on_mandate(case) and not is_himself(kernel, actor, case)
        own = mandated or (own and not by_mandate)
    joint = joint and not own
    if staff and (joint or is_concerned(kernel, actor, case) or accounts.get(case.actor) in CITIZEN_ROLES):
        # 回避: nobody handles his own matter; he reads it as a citizen, from a citizen's account.
        return Parts(frozenset(), reads=False, evidence=False, as_staff=True)

    def allowed(action: str, own: bool = own or joint) -> bool:
        return may(
            actor,
            action,
            own=own,
            unit=case.deciding_unit,
            area=case.deciding_area,
            site=case.site,
            office=kernel.office,
        )

    hats: set[str] = set()
    if (own or joint) and not staff:
        hats.add(PARTY)
    if allowed("case.accept") and not allowed("case.decide"):
        hats.add(DESK)
    if allowed("case.decide") and not at_accepting_site(actor, case):
        hats.add(OFFICE)
    if allowed("case.extend") and case.accepted_by not in (actor.id, *accounts):
        hats.add(HEAD)
    if own and staff and allowed("case.withdraw"):
        hats.add(TAKER)
    on_the_way = _has_step(kernel, actor, case)
    if on_the_way:
        hats.add(STEP)
    afterwards = _has_duty(kernel, actor, case)
    reads = ((own or joint) and not staff) or on_the_way or afterwards or allowed("case.read")
    return Parts(
        hats=frozenset(hats),
        reads=reads,
        evidence=(own and not staff) or on_the_way or afterwards or allowed("case.read_evidence", own),
        as_staff=staff,
        joint=joint,
        actor=actor,
    )


def _has_step(kernel: Kernel, actor: Actor, case: Case) -> bool:
    """Whether the actor's office has a step of this case's way: he reads what he is to look at."""
    steps = ((case.record or {}).get("route") or {}).get("steps") or ()
    return any(does_step(kernel, actor, one["unit"], one["area"]) for one in steps)


def does_step(kernel: Kernel, actor: Actor, unit: str, area: str) -> bool:
    """Whether a step of that office is this actor's to do."""
    return actor.unit == unit and may(actor, "case.step", unit=unit, area=area, office=kernel.office)


def keeps(kernel: Kernel, actor: Actor, unit: str, area: str) -> bool:
    """Whether a duty after the decision, of that office, is this actor's to record."""
    return does_step(kernel, actor, unit, area)


def _has_duty(kernel: Kernel, actor: Actor, case: Case) -> bool:
    """Whether the actor's office has something to do once the case is approved: he reads what he is to check."""
    duties = (case.record or {}).get("duties") or () if case.outcome == "approve" else ()
    return any(keeps(kernel, actor, one["unit"], one["area"]) for one in duties)


def at_accepting_site(actor: Actor, case: Case) -> bool:
    """Staff of a site that only accepts or passes on may not review what it took (DESIGN 4, routing)."""
    return case.site_may in ("accept", "forward") and actor.site is not None and actor.site == case.site
