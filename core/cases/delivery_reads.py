"""What the administrator reads of the delivery of events and of the jobs that must not fall silent.

Knows no page and no case but by its number; `access` hands these on.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.drafts import moment
from core.cases.lines import DeadLetter, Page
from core.cases.models import Delivery, Heartbeat, Outbox
from core.cases.rows import select_all
from core.contract import Actor
from core.errors import NotAllowed, NotFound
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

PAGE = 20


@dataclass(frozen=True, slots=True)
class Queue:
    """How one listener stands."""

    listener: str
    waiting: int
    dead: int
    since: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class SilentJob:
    """A job whose heartbeat is overdue: an alarm."""

    name: str
    since: datetime
    """Its last heartbeat."""
    every_s: int
    note: str
    """What it said then."""


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
    return await queues(kernel)


async def queues(kernel: Kernel) -> list[Queue]:
    """The same for the gauges: names, counts and a moment, nothing of any case."""
    found = {name: Queue(name, 0, 0, None, "") for name in await kernel.listeners.names()}
    for row in await select_all(
        "SELECT listener, sum(CASE WHEN state = 'dead' THEN 1 ELSE 0 END) AS dead, "
        "sum(CASE WHEN state = 'dead' THEN 0 ELSE 1 END) AS waiting, min(since) AS since, max(error) AS error "
        "FROM cases_delivery GROUP BY listener"
    ):
        since = moment(row["since"])
        found[row["listener"]] = Queue(row["listener"], int(row["waiting"]), int(row["dead"]), since, row["error"])
    return [found[name] for name in sorted(found)]


async def waits_since(kernel: Kernel) -> dict[str, float]:
    """Listener → seconds for which the oldest event that it has not been told, or has not taken, waits; 0 for none.

    What is laid aside waits for a person and is counted apart.
    """
    rows = await select_all("SELECT id FROM cases_outbox WHERE state = 'pending' ORDER BY id LIMIT 1")
    untold = _age(kernel, _made(rows[0]["id"])) if rows else 0.0
    waits = dict.fromkeys(await kernel.listeners.names(), untold)
    for row in await select_all(
        "SELECT listener, min(since) AS since FROM cases_delivery WHERE state = 'pending' GROUP BY listener"
    ):
        waits[row["listener"]] = max(untold, _age(kernel, moment(row["since"])))
    return waits


def _age(kernel: Kernel, at: datetime) -> float:
    return max(0.0, (kernel.now() - at).total_seconds())


def _made(id: Any) -> datetime:
    """A UUIDv7 begins with the moment it was made, in milliseconds."""
    return datetime.fromtimestamp((UUID(str(id)).int >> 80) / 1000, UTC)


async def silent_jobs(kernel: Kernel) -> list[SilentJob]:
    """Jobs whose heartbeat is older than three of their turns: an alarm for the health page and the first of /admin."""
    now = kernel.now()
    return [
        SilentJob(row.job, row.at, row.every_s, row.note)
        for row in await Heartbeat.all().order_by("job")
        if row.at + 3 * timedelta(seconds=row.every_s) < now
    ]


def _must(actor: Actor, action: str) -> None:
    if not may(actor, action):
        raise NotAllowed("您的账号不能查看此页。")
