"""Who acts for whom in a case that is filed: the applicant himself, a relation, or a mandate that must still run.

Knows no form. What staff do by their post they do by their post; what only the applicant may say needs his mandate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from core.cases.mandating import of_case, runs, still_runs
from core.cases.models import Case, CaseJoint, Mandate
from core.cases.parts import Parts, is_himself, parts_of, rests_on_mandate
from core.cases.rows import Statement
from core.cases.standing import ENDED, NEEDED, STAFF, holds, represents, standing_under
from core.catalog import versions
from core.contract import Actor
from core.errors import NotAllowed
from core.office.permissions import CITIZEN_ROLES, STAFF_ROLES
from core.office.persons import accounts_of

if TYPE_CHECKING:
    from core.kernel import Kernel

FOR_HIM = frozenset({"corrected", "withdrawn", "duty_reported"})
"""Events by which the applicant himself says something: at a counter, too, only under his mandate."""
HANDED = frozenset({"material_given", "promise_withdrawn", "delivered"})
"""Events that staff may write by their post, and whoever acts for the applicant only while he may."""


@dataclass(frozen=True, slots=True)
class Acting:
    """What an event says of the actor's right, and what must still hold when it is written."""

    told: Mapping[str, Any]
    guard: tuple[Statement, ...] = ()
    mandate: str | None = None


async def parts_for(kernel: Kernel, actor: Actor, case: Case, *, strict: bool = True) -> Parts:
    """The actor's parts in the case as his mandate stands now.

    Raises NotAllowed (`strict`) where the case was his to see, and the mandate that let him has ended.
    """
    joint = await applies_jointly(kernel, actor, case)
    if actor.role in (*STAFF_ROLES, "portal") or is_himself(kernel, actor, case):
        accounts = await accounts_of(actor) if actor.role in STAFF_ROLES and actor.id_number else {}
        return parts_of(kernel, actor, case, joint=joint, accounts=accounts)
    if not rests_on_mandate(case) and parts_of(kernel, actor, case).reads:
        return parts_of(kernel, actor, case)
    held = await _held(kernel, actor, case)
    live = next((one for one in held if runs(one, kernel.now()) and _reaches(kernel, one, actor, case)), None)
    parts = parts_of(kernel, actor, case, mandated=live is not None, joint=joint)
    if not parts.reads and await stands_for(kernel, actor, case):
        return parts_of(kernel, actor, case, mandated=True)
    if not parts.reads and strict and _was_his(kernel, actor, case, held):
        raise NotAllowed(ENDED, code="mandate-ended")
    return parts


async def applies_jointly(kernel: Kernel, actor: Actor, case: Case) -> bool:
    """Whether he has confirmed as a joint applicant; a portal speaks for the applicant it vouches for alone."""
    if not actor.id_number or actor.role == "portal":
        return False
    return await CaseJoint.exists(case_id=case.id, key=kernel.keys.index(actor.id_number))


async def stands_for(kernel: Kernel, actor: Actor, case: Case) -> bool:
    """Whether he is the legal representative of the firm that applied, also where its portal filed it without him.

    Raises Unavailable where the register did not answer.
    """
    applicant = (case.record or {}).get("applicant") or {}
    if not applicant.get("credit_code") or actor.role not in CITIZEN_ROLES:
        return False
    return await represents(kernel, await versions.item_by_digest(case.version), actor=actor, applicant=applicant)


async def _held(kernel: Kernel, actor: Actor, case: Case) -> list[Mandate]:
    return [one for one in await of_case(case) if holds(kernel, actor, one)]


def _reaches(kernel: Kernel, one: Mandate, actor: Actor, case: Case) -> bool:
    """A mandate for an item is for what its holder files himself; another's case wants a mandate for that case."""
    return one.case_no is not None or _filed(kernel, actor, case)


def _filed(kernel: Kernel, actor: Actor, case: Case) -> bool:
    key = kernel.keys.index(actor.id_number) if actor.id_number else None
    return actor.id == case.actor or (key is not None and key == case.agent_key)


def _was_his(kernel: Kernel, actor: Actor, case: Case, held: list[Mandate]) -> bool:
    return _filed(kernel, actor, case) or any(one.case_no is not None for one in held)


async def acting_in(kernel: Kernel, case: Case, actor: Actor | None, type: str) -> Acting:
    """For one event of a case: the applicant in it, and by what right somebody else acts.

    Raises NotAllowed where the applicant's own word is given for him without a mandate that runs.
    """
    if type == "erased":
        return Acting({})  # the one event whose contents stay: it must not name whom it is about
    record = case.record or {}
    told: dict[str, Any] = {"applicant": {"name": (record.get("applicant") or {}).get("name") or ""}}
    if actor is None or type not in FOR_HIM | HANDED or not case.applicant_key:
        return Acting(told)
    standing = record.get("standing") or {}
    if is_himself(kernel, actor, case):
        return Acting({**told, "standing": {"kind": "self"}})
    if actor.role == "portal":
        return Acting({**told, "standing": {"kind": "portal"}})
    if actor.role in STAFF_ROLES:
        taker = actor.id == case.actor and standing.get("kind") == "mandate"
        needed = actor.role in STAFF and (type in FOR_HIM or (taker and type != "delivered"))
        if not needed:
            return Acting(told)
    elif not rests_on_mandate(case) and _filed(kernel, actor, case):
        return Acting({**told, "standing": dict(standing)})
    held = await _held(kernel, actor, case)
    now = kernel.now()
    live = next((one for one in held if runs(one, now)), None)
    if live is None and actor.role not in STAFF_ROLES and await applies_jointly(kernel, actor, case):
        return Acting({**told, "standing": {"kind": "joint"}})
    if live is None and await stands_for(kernel, actor, case):
        return Acting({**told, "standing": {"kind": "relation", "relation": "legal_representative"}})
    if live is None:
        raise NotAllowed(ENDED, code="mandate-ended") if held else NotAllowed(NEEDED, code="mandate-needed")
    said = {**told, "standing": standing_under(live)}
    return Acting(said, (still_runs(str(live.id), now),), str(live.id))
