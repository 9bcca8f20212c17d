"""Mandates 委托书: granted by the principal, limited to one item and a time, ended by either side.

Knows no page; who signed how is what the actor states and the chain of the case will show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.models import Mandate
from core.cases.nouns import FileRef, MandateView
from core.cases.standing import STAFF, check_applicant, key_of
from core.contract import Actor, Item, Problem
from core.errors import NotAllowed, NotFound, Unprocessable

if TYPE_CHECKING:
    from core.kernel import Kernel

LONGEST = timedelta(days=365)
SIGNED = ("screen", "paper", "voice", "account")
"""On the counter's screen, a scanned sheet, a recorded call, or from the principal's own account."""


async def grant_mandate(
    kernel: Kernel,
    item: Item,
    *,
    actor: Actor,
    applicant: Mapping[str, Any],
    holder: Actor | None = None,
    signed: str,
    valid_until: datetime | None = None,
    files: Sequence[FileRef] = (),
) -> MandateView:
    """A mandate of `applicant` for `holder` (the actor himself, at a counter) for this one item.

    From his own account only the principal grants one; at a counter staff record what was signed before them. Without
    `valid_until` it runs to the end of the legal day. Raises Unprocessable, NotAllowed.
    """
    check_applicant(item, applicant)
    who = holder or actor
    himself = applicant.get("kind") == "person" and bool(actor.id_number) and applicant["id_number"] == actor.id_number
    if signed == "account":
        if not himself or who.id == actor.id:
            raise NotAllowed("只有本人可以从自己的账号委托他人。", code="not-principal")
    elif actor.role not in STAFF or who.id != actor.id:
        raise NotAllowed("只有窗口、驿站和热线人员可以当面登记委托。", code="not-at-counter")
    if signed not in SIGNED:
        raise Unprocessable([Problem("/signed", "enum", "请说明委托书如何签署。")])
    if signed == "paper" and not files:
        raise Unprocessable([Problem("/files", "required", "请上传签好的委托书。")])
    now = kernel.now()
    until = valid_until or now + timedelta(days=1)
    if not now < until <= now + LONGEST:
        raise Unprocessable([Problem("/valid_until", "range", "委托期限应在一年以内。")])
    held = Mandate(
        principal_key=key_of(kernel, applicant) or "",
        holder=who.id,
        item=item.id,
        signed=signed,
        content={
            "principal": {key: applicant.get(key) for key in ("kind", "name", "id_number", "credit_code")},
            "holder": {"id": who.id, "name": who.name, "role": who.role},
            "item": {"id": item.id, "title": item.title},
            "files": [file.as_json() for file in files],
        },
        valid_from=now,
        valid_until=until,
    )
    await held.save(force_create=True)
    return mandate_view(held)


async def revoke_mandate(kernel: Kernel, mandate: str, *, actor: Actor) -> None:
    """Ended by the principal or by its holder; at once, for everything not yet filed. Raises NotFound."""
    try:
        key = str(UUID(mandate))
    except ValueError:
        raise NotFound("没有这份委托书。") from None
    row = await Mandate.get_or_none(id=key)
    principal = kernel.keys.index(actor.id_number) if actor.id_number else None
    if row is None or (row.holder != actor.id and row.principal_key != principal):
        raise NotFound("没有这份委托书。")
    await Mandate.filter(id=key, revoked_at=None).update(revoked_at=kernel.now())


def mandate_view(row: Mandate) -> MandateView:
    content: dict[str, Any] = row.content or {}
    return MandateView(
        id=str(row.id),
        item=row.item,
        item_title=content.get("item", {}).get("title", ""),
        principal_name=content.get("principal", {}).get("name") or "",
        holder=row.holder,
        holder_name=content.get("holder", {}).get("name", ""),
        signed=row.signed,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
    )
