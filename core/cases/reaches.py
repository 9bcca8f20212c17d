"""Reads outside `take`, as the access log has them: for who looks after the sources.

Knows no value and no person: nothing was seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from core.cases.models import AccessLog
from core.contract import Actor
from core.errors import NotAllowed
from core.office.permissions import may

SHOWN = timedelta(days=30)
MOST = 50


@dataclass(frozen=True, slots=True)
class ReachLine:
    at: datetime
    item: str
    door: str
    """The hook or template that reads."""
    pointer: str
    """`/lookups/<name>/<field>`."""
    source: str
    reference: str
    """The case or draft where it was seen."""


async def reaches(actor: Actor, now: datetime, source: str | None = None) -> list[ReachLine]:
    """Of the last thirty days, newest first; of one source, or of all. Raises NotAllowed."""
    if not may(actor, "source.read"):
        raise NotAllowed("您的账号不能查看数据源。")
    # Found by the index of subjects: these rows have none, and ids begin with the moment they were made.
    since = UUID(int=int((now - SHOWN).timestamp() * 1000) << 80)
    query = AccessLog.filter(subject_key="", id__gte=since, kind="reach")
    if source is not None:
        query = query.filter(source=source)
    return [
        ReachLine(row.at, row.item, row.basis, row.purpose, row.source, row.reference)
        for row in await query.order_by("-id").limit(MOST)
    ]
