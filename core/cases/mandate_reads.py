"""Guarded reads of mandates 委托书: for the two sides, for who signed or recorded it, and for the desk of its case.

Knows no page; `access` hands these on.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tortoise.expressions import Q

from core.cases import files
from core.cases.actions.moves import seen
from core.cases.mandate_view import MandateView, mandate_view
from core.cases.mandating import of_case
from core.cases.models import Mandate
from core.cases.nouns import FileRef
from core.cases.standing import STAFF, holds
from core.contract import Actor
from core.errors import NotFound
from core.office.permissions import STAFF_ROLES

if TYPE_CHECKING:
    from core.kernel import Kernel

MOST = 100


async def mandates_of(kernel: Kernel, actor: Actor) -> list[MandateView]:
    """Mandates that the actor gave, signed for somebody, or holds; newest first."""
    mine = Q(holder=actor.id)
    if actor.id_number and actor.role not in STAFF_ROLES:
        key = kernel.keys.index(actor.id_number)
        mine = Q(mine, Q(principal_key=key), Q(signer_key=key), Q(holder_key=key), join_type="OR")
    rows = await Mandate.filter(mine).order_by("-id").limit(MOST)
    return [mandate_view(row, held=holds(kernel, actor, row)) for row in rows]


async def mandate(kernel: Kernel, actor: Actor, id: str) -> MandateView:
    """One with its text, for its two sides, who signed it, and the counter that recorded it. Raises NotFound."""
    try:
        row = await Mandate.get_or_none(id=str(UUID(id)))
    except ValueError:
        row = None
    if row is not None and row.content is not None:
        held = holds(kernel, actor, row)
        key = kernel.keys.index(actor.id_number) if actor.id_number and actor.role not in STAFF_ROLES else None
        recorded = actor.role in STAFF and row.recorder == actor.id
        if held or recorded or (key is not None and key in (row.principal_key, row.signer_key)):
            return mandate_view(row, held=held)
    raise NotFound("没有这份委托书。")


async def mandates_of_case(kernel: Kernel, actor: Actor, no: str) -> list[MandateView]:
    """Every mandate of the applicant that covers the case, for who may read the case. Raises NotFound."""
    case, _ = await seen(kernel, no, actor)
    return [mandate_view(row, held=holds(kernel, actor, row)) for row in await of_case(case) if row.content]


async def mandate_scan(kernel: Kernel, actor: Actor, id: str, digest: str) -> tuple[FileRef, bytes]:
    """A scanned sheet, for who may read the mandate. Raises NotFound."""
    found = next((one for one in (await mandate(kernel, actor, id)).files if one.digest == digest), None)
    if found is None:
        raise NotFound("没有这个文件。")
    return found, await files.load(kernel, digest)
