"""The outbox: every event told to every listener at least once, in order within a case.

Knows order and patience; what a listener does is its own affair. An event that a listener does not take becomes a row
of its own (`Delivery`): it is retried for that listener alone, holds back only that listener's later events of the same
case, and in the end is laid aside for a person to see.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import time
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Protocol

from tortoise.expressions import F

from core.cases.models import Delivery, Outbox
from core.cases.rows import Row, Statement, among, execute, insert, moment_value, row, select_all, update, write
from core.contract import Actor
from core.errors import NotAllowed
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

LEASE = timedelta(seconds=60)
"""A worker that dies while it delivers gives its events back after this long: hence at least once."""
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=5), timedelta(hours=6)
MOST_ATTEMPTS = 12
"""About a day of trying, with the waits above."""
MOST_FAILURES = 3
"""In a row, then a listener is left alone until its wait is over: a dead one costs three time-outs a turn."""
MOST_ROWS = 200
SLOW_S = 1.0
SETTLED_S = 0.5
"""Between two writes of what became of the events told: a crash in between tells those once more."""
MANY = 25
"""Told in a round: then another follows at once."""


class Listeners(Protocol):
    async def names(self) -> Collection[str]:
        """Everybody who listens now."""

    async def tell(self, listener: str, event: Mapping[str, Any]) -> str:
        """ "" where it was taken, else why not. Never raises."""


def wait_after(attempts: int) -> timedelta:
    """5 s, 15 s, 45 s … at most six hours."""
    return min(LONGEST_WAIT, FIRST_WAIT * int(3 ** min(attempts - 1, 20)))


# --- new events ------------------------------------------------------------------------------------------

# `COALESCE`, so that the earlier events of a case are found by its key: PostgreSQL would walk the index of all that is
# pending once for each row, past whatever was told since the last vacuum.
_EARLIER = """
  SELECT 1 FROM cases_outbox AS e WHERE e.case_id = o.case_id AND e.seq < o.seq AND COALESCE(e.state, '') = 'pending'
"""
# An event waits while an earlier one of its case is with another worker. Of the longest waiting only: one that has to
# wait on is free again when that worker's lease is over.
_DUE = f"""
SELECT id FROM (
  SELECT id, case_id, seq FROM cases_outbox WHERE state = 'pending' AND next_at <= ? ORDER BY next_at, id
  LIMIT {MOST_ROWS}
) AS o WHERE NOT EXISTS ({_EARLIER} AND e.next_at > ?)
"""
# Between the look and the claim another worker may have taken an earlier one: then this one is not ours to tell yet.
_CLAIMED = f"""
SELECT id, case_id, seq, event, attempts, waiting FROM cases_outbox AS o
WHERE {{these}} AND claim = ? AND state = 'pending' AND NOT EXISTS ({_EARLIER} AND e.claim <> ?)
ORDER BY case_id, seq
"""
_CLAIM = """
UPDATE cases_outbox SET claim = ?, attempts = attempts + 1, next_at = ? WHERE {these} AND state = 'pending'
AND next_at <= ?
"""
_TOLD = """
UPDATE cases_outbox SET state = 'delivered', done_at = ?, error = '', claim = '', waiting = '[]' WHERE {these}
AND state = 'pending' AND claim = ?
"""


_BEHIND = """
SELECT DISTINCT d.listener, d.case_id FROM cases_delivery AS d JOIN cases_outbox AS o ON o.case_id = d.case_id
WHERE o.claim = ? AND o.state = 'pending' AND d.state = 'pending'
"""
_FAILING = "SELECT 1 FROM cases_delivery WHERE listener = ? AND state = 'pending' AND attempts > 0 LIMIT 1"


async def deliver_new(kernel: Kernel, listeners: Listeners) -> int:
    """One round over the new events, in order within each case. Returns how many were told to whoever is well."""
    now = kernel.now()
    due = [one["id"] for one in await select_all(_DUE, moment_value(now), moment_value(now))]
    if not due:
        return 0
    claim = secrets.token_hex(8)
    these, ids = among("id", due)
    leased = moment_value(now + LEASE)
    taken = await execute(_CLAIM.format(these=these), claim, leased, ids, moment_value(now))
    if not taken:
        return 0  # another worker was faster
    mine = await select_all(_CLAIMED.format(these=these), ids, claim, claim)
    told = await _tell_new(kernel, listeners, mine, claim)
    if told < taken:
        await Outbox.filter(claim=claim, state="pending").update(
            claim="", attempts=F("attempts") - 1, next_at=kernel.now()
        )
    return told


async def _tell_new(kernel: Kernel, listeners: Listeners, mine: Sequence[Mapping[str, Any]], claim: str) -> int:
    """Each event to everybody at once, as long as the lease lasts. Returns how many were told."""
    until = time.monotonic() + LEASE.total_seconds() / 2
    names = list(await listeners.names())
    # Who still waits for an earlier event of the case gets this one after it; who is failing now gets it later.
    behind = {(one["listener"], str(one["case_id"])) for one in await select_all(_BEHIND, claim)}
    failing = {name for name in names if await select_all(_FAILING, name)}
    done: list[str] = []
    owed: list[Row] = []
    told, settled = 0, time.monotonic()
    for event in mine:
        if time.monotonic() > until:
            break
        case = str(event["case_id"])
        only = _json(event["waiting"])  # an event of the first release that some had taken already
        wanted = [name for name in names if not only or name in only]
        late = [name for name in wanted if name in failing or (name, case) in behind]
        prompt = [name for name in wanted if name not in late]
        said = await asyncio.gather(*(_timed(listeners, name, _json(event["event"]), failing) for name in prompt))
        for name, why in [*zip(prompt, said, strict=True), *((name, "") for name in late)]:
            if why or name in late:
                behind.add((name, case))
                owed.append(_owed(kernel, event, name, why))
        done.append(str(event["id"]))
        told += 1
        if time.monotonic() - settled > SETTLED_S:
            await _settle(kernel, done, owed, claim)
            done, owed, settled = [], [], time.monotonic()
    await _settle(kernel, done, owed, claim)
    return told


async def _timed(listeners: Listeners, name: str, event: Mapping[str, Any], failing: set[str]) -> str:
    """Who fails, or takes long, gets the rest apart: the others shall not wait for him."""
    started = time.monotonic()
    why = await listeners.tell(name, event)
    if why or time.monotonic() - started > SLOW_S:
        failing.add(name)
    return why


def _owed(kernel: Kernel, event: Mapping[str, Any], listener: str, why: str) -> Row:
    now, attempts = kernel.now(), 1 if why else 0
    return row(
        Delivery,
        event_id=str(event["id"]),
        case_id=str(event["case_id"]),
        seq=event["seq"],
        listener=listener,
        attempts=attempts,
        since=now,
        next_at=now + wait_after(1) if why else now,
        error=why[:2000],
    )


async def _settle(kernel: Kernel, done: Sequence[str], owed: Sequence[Row], claim: str) -> None:
    """In one transaction: what is owed stands before the event counts as told."""
    if done:
        these, ids = among("id", done)
        told = Statement(_TOLD.format(these=these), [moment_value(kernel.now()), ids, claim])
        await write(insert(owed), told)


# --- once more -------------------------------------------------------------------------------------------

_FIRST = """NOT EXISTS (
  SELECT 1 FROM cases_delivery AS e WHERE e.case_id = d.case_id AND e.listener = d.listener AND e.seq < d.seq
  AND e.state = 'pending')"""
_LATE = f"""
SELECT id FROM cases_delivery AS d WHERE state = 'pending' AND next_at <= ? AND {_FIRST}
ORDER BY next_at, id LIMIT {MOST_ROWS}
"""
_MINE = """
SELECT d.id, d.listener, d.attempts, o.event FROM cases_delivery AS d JOIN cases_outbox AS o ON o.id = d.event_id
WHERE d.claim = ? AND d.state = 'pending' ORDER BY d.next_at, d.id
"""


async def deliver_again(kernel: Kernel, listeners: Listeners) -> int:
    """The first waiting event of each case for each listener, listeners side by side. Returns how many were taken."""
    await _take_over(kernel)
    now = kernel.now()
    due = [one["id"] for one in await select_all(_LATE, moment_value(now))]
    if not due:
        return 0
    claim = secrets.token_hex(8)
    taken = await Delivery.filter(id__in=due, state="pending", next_at__lte=now).update(
        claim=claim, attempts=F("attempts") + 1, next_at=now + LEASE
    )
    if not taken:
        return 0
    mine: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for one in await select_all(_MINE, claim):
        mine[one["listener"]].append(one)
    return sum(await asyncio.gather(*(_retry(kernel, listeners, name, rows) for name, rows in mine.items())))


async def _retry(kernel: Kernel, listeners: Listeners, name: str, rows: Sequence[Mapping[str, Any]]) -> int:
    until = time.monotonic() + LEASE.total_seconds() / 2
    taken, failures, wait = 0, 0, timedelta(0)
    for place, one in enumerate(rows):
        if failures >= MOST_FAILURES or time.monotonic() > until:
            rest = [left["id"] for left in rows[place:]]
            await Delivery.filter(id__in=rest).update(claim="", attempts=F("attempts") - 1, next_at=kernel.now() + wait)
            break
        why = await listeners.tell(name, _json(one["event"]))
        if not why:
            await Delivery.filter(id=one["id"]).delete()
            taken, failures, wait = taken + 1, 0, timedelta(0)
            continue
        failures += 1
        wait = wait_after(int(one["attempts"]))
        await Delivery.filter(id=one["id"]).update(
            state="dead" if one["attempts"] >= MOST_ATTEMPTS else "pending",
            claim="",
            next_at=kernel.now() + wait,
            error=why[:2000],
        )
    return taken


async def _take_over(kernel: Kernel) -> None:
    """Dead letters of the first release, which kept one row for all listeners."""
    for one in await select_all("SELECT id, case_id, seq, error, waiting FROM cases_outbox WHERE state = 'dead'"):
        made = [
            row(
                Delivery, event_id=str(one["id"]), case_id=str(one["case_id"]), seq=one["seq"], listener=name,
                state="dead", attempts=MOST_ATTEMPTS, since=kernel.now(), next_at=kernel.now(), error=one["error"],
            )
            for name in _json(one["waiting"])
        ]  # fmt: skip
        changed: list[Statement] = [
            update(Outbox, {"state": "delivered", "waiting": []}, {"id": str(one["id"]), "state": "dead"}, must=True)
        ]
        await write(changed, insert(made))


async def redeliver(kernel: Kernel, *, actor: Actor, id: str = "", listener: str = "") -> int:
    """Take up one dead letter again, all of a listener, or all, with fresh patience. Raises NotAllowed."""
    if not may(actor, "office.manage"):
        raise NotAllowed("您的账号不能重发事件。")
    query = Delivery.filter(state="dead")
    if id:
        query = query.filter(id=id)
    if listener:
        query = query.filter(listener=listener)
    return int(await query.update(state="pending", attempts=0, next_at=kernel.now()))


def _json(value: Any) -> Any:
    return json.loads(value) if isinstance(value, (str, bytes)) else value
