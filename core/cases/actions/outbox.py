"""The outbox: events claimed, delivered, retried later, and in the end laid aside for a person to see.

Knows order and patience; what a listener does is its own affair.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Awaitable, Callable, Collection, Mapping
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tortoise.expressions import F

from core.cases.models import Outbox
from core.cases.rows import moment_value, select_all

if TYPE_CHECKING:
    from core.kernel import Kernel

Deliver = Callable[[Mapping[str, Any], Collection[str] | None], Awaitable[Mapping[str, str]]]
"""Tells every listener, or only those named (who failed last time); gives listener → reason for those that failed."""

LEASE = timedelta(seconds=60)
"""A worker that dies while it delivers gives its events back after this long: hence at least once."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=6)
MOST_ATTEMPTS = 12
"""About a day of trying, with the waits above."""

# An event waits while an earlier one of its case is with another worker or waits for its own next attempt.
_DUE = """
SELECT id FROM cases_outbox AS o WHERE state = 'pending' AND next_at <= ? AND NOT EXISTS (
  SELECT 1 FROM cases_outbox AS e WHERE e.case_id = o.case_id AND e.seq < o.seq AND e.state = 'pending'
  AND e.next_at > ?)
ORDER BY next_at, id LIMIT 200
"""
# Between the look and the claim another worker may have taken an earlier one: then this one is not ours to tell yet.
_CLAIMED = """
SELECT id, case_id, seq, event, attempts, waiting FROM cases_outbox AS o WHERE claim = ? AND state = 'pending'
AND NOT EXISTS (
  SELECT 1 FROM cases_outbox AS e WHERE e.case_id = o.case_id AND e.seq < o.seq AND e.state = 'pending'
  AND e.claim <> ?)
ORDER BY case_id, seq
"""


def wait_after(attempts: int) -> timedelta:
    """5 s, 15 s, 45 s … at most six hours."""
    return min(LONGEST_WAIT, FIRST_WAIT * int(3 ** min(attempts - 1, 20)))


async def deliver_due(kernel: Kernel, deliver: Deliver) -> int:
    """One round over all that is due, in order within each case. Returns how many were delivered."""
    now = kernel.now()
    due = [row["id"] for row in await select_all(_DUE, moment_value(now), moment_value(now))]
    if not due:
        return 0
    claim = secrets.token_hex(8)
    taken = await Outbox.filter(id__in=due, state="pending", next_at__lte=now).update(
        claim=claim, attempts=F("attempts") + 1, next_at=now + LEASE
    )
    if not taken:
        return 0  # another worker was faster
    delivered: list[Any] = []
    let_go: list[Any] = []
    stopped: set[Any] = set()
    mine = await select_all(_CLAIMED, claim, claim)
    for row in mine:
        if row["case_id"] in stopped:
            let_go.append(row["id"])
            continue
        waiting = _json(row["waiting"])
        failed = await deliver(_json(row["event"]), waiting or None)
        if failed:
            dead = await _put_off(kernel, row, failed)
            if not dead:
                stopped.add(row["case_id"])
        else:
            delivered.append(row["id"])
    if delivered:
        await Outbox.filter(id__in=delivered, claim=claim).update(
            state="delivered", done_at=kernel.now(), error="", claim=""
        )
    if let_go or taken > len(mine):
        await Outbox.filter(claim=claim, state="pending").update(
            claim="", attempts=F("attempts") - 1, next_at=kernel.now()
        )
    return len(delivered)


async def _put_off(kernel: Kernel, row: Mapping[str, Any], failed: Mapping[str, str]) -> bool:
    """Another attempt later; True where patience is at its end and the next event of the case may go."""
    attempts = int(row["attempts"])
    dead = attempts >= MOST_ATTEMPTS
    await Outbox.filter(id=row["id"]).update(
        state="dead" if dead else "pending",
        claim="",
        next_at=kernel.now() + wait_after(attempts),
        error="; ".join(f"{who}: {why}" for who, why in failed.items())[:2000],
        waiting=sorted(failed),
    )
    return dead


async def redeliver(kernel: Kernel, id: str) -> bool:
    """Take a dead letter up again, from the start of its patience. False where there is none."""
    return bool(await Outbox.filter(id=id, state="dead").update(state="pending", attempts=0, next_at=kernel.now()))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, (str, bytes)) else value
