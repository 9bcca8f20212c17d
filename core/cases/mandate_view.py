"""A mandate 委托书 as its principal, its holder and the counter see it.

Knows its row, and neither who may see it nor how it is written.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from core.cases.mandating import number_of
from core.cases.models import Mandate
from core.cases.nouns import FileRef
from core.kernel import LEGAL_TIME


@dataclass(frozen=True, slots=True)
class MandateView:
    """A mandate as its principal and its holder see it."""

    id: str
    item: str | None
    item_title: str
    principal_name: str
    holder: str
    holder_name: str
    signed: str
    valid_from: datetime
    valid_until: datetime
    revoked_at: datetime | None
    no: str = ""
    """What it is called in a history."""
    items: tuple[tuple[str, str], ...] = ()
    """(id, title) of each item it is for."""
    case_no: str | None = None
    text: tuple[str, ...] = ()
    """As it was signed; empty for what was granted before there was a text, and once erased."""
    digest: str = ""
    principal: Mapping[str, Any] = field(default_factory=dict)
    proof: Mapping[str, Any] = field(default_factory=dict)
    """`mandating.Proof.as_json()`."""
    recorder: Mapping[str, Any] = field(default_factory=dict)
    """name, role and site of the member of staff before whom it was signed."""
    files: tuple[FileRef, ...] = ()
    used: int = 0
    ended: Mapping[str, Any] = field(default_factory=dict)
    held: bool = False
    """The reader is its holder."""

    def state(self, now: datetime) -> str:
        """live, future, expired or ended."""
        if self.revoked_at is not None:
            return "ended"
        if now < self.valid_from:
            return "future"
        return "live" if now < self.valid_until else "expired"


def mandate_view(row: Mandate, *, held: bool = False) -> MandateView:
    content: dict[str, Any] = row.content or {}
    holder, day = content.get("holder", {}), row.valid_from.astimezone(LEGAL_TIME).date()
    items = content.get("items") or [content["item"]] if content.get("item") else []
    return MandateView(
        id=str(row.id),
        item=row.item,
        item_title="、".join(one["title"] for one in items),
        principal_name=content.get("principal", {}).get("name") or "",
        holder=row.holder,
        holder_name=holder.get("name", ""),
        signed=row.signed,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        revoked_at=row.revoked_at,
        no=number_of(row.id, day),
        items=tuple((one["id"], one["title"]) for one in items),
        case_no=row.case_no,
        text=tuple(content.get("text") or ()),
        digest=row.digest,
        principal=content.get("principal") or {},
        proof=content.get("proof") or {},
        recorder=content.get("recorder") or {},
        files=tuple(FileRef(**one) for one in content.get("files") or ()),
        used=row.used,
        ended=row.ended or {},
        held=held,
    )
