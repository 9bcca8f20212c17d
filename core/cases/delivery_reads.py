"""What the administrator reads of the delivery of events and of the jobs that must not fall silent.

Knows no page and no case but by its number; `access` hands these on.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from core.cases.drafts import moment
from core.cases.models import Delivery, Heartbeat, Outbox
from core.cases.nouns import DeadLetter, Page, Queue
from core.cases.rows import select_all
from core.contract import Actor
from core.errors import NotAllowed, NotFound
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

PAGE = 20


async def dead_letters(kernel: Kernel, actor: Actor, *, after: str = "", listener: str = "") -> Page[DeadLetter]:
    """Events laid aside, newest first. Raises NotAllowed for who does not run the house."""
    _must(actor, "office.manage")
    query = Delivery.filter(state="dead")
    if after:
        try:
            query = query.filter(id__lt=UUID(after))
        except ValueError:
            raise NotFound("没有这一页。请从第一页看起。") from None
    if listener:
        query = query.filter(listener=listener)
    rows = await query.order_by("-id").limit(PAGE + 1)
    events = {row.id: row.event for row in await Outbox.filter(id__in=[row.event_id for row in rows])}
    lines = [
        DeadLetter(str(row.id), row.listener, events.get(row.event_id) or {}, row.since, row.error)
        for row in rows[:PAGE]
    ]
    return Page(tuple(lines), lines[-1].id if len(rows) > PAGE else None)


async def deliveries(kernel: Kernel, actor: Actor) -> list[Queue]:
    """How each listener stands: what waits for it, what was laid aside, since when, and why last. Raises NotAllowed."""
    _must(actor, "office.manage")
    found = {name: Queue(name, 0, 0, None, "") for name in await kernel.listeners.names()}
    for row in await select_all(
        "SELECT listener, sum(CASE WHEN state = 'dead' THEN 1 ELSE 0 END) AS dead, "
        "sum(CASE WHEN state = 'dead' THEN 0 ELSE 1 END) AS waiting, min(since) AS since, max(error) AS error "
        "FROM cases_delivery GROUP BY listener"
    ):
        since = moment(row["since"])
        found[row["listener"]] = Queue(row["listener"], int(row["waiting"]), int(row["dead"]), since, row["error"])
    return [found[name] for name in sorted(found)]


async def silent_jobs(kernel: Kernel) -> list[str]:
    """Jobs whose heartbeat is older than three of their turns: an alarm for the health page."""
    now = kernel.now()
    return [
        row.job for row in await Heartbeat.all().order_by("job") if row.at + 3 * timedelta(seconds=row.every_s) < now
    ]


def _must(actor: Actor, action: str) -> None:
    if not may(actor, action):
        raise NotAllowed("您的账号不能查看此页。")
