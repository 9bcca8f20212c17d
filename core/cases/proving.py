"""Proving the log: every chain checked link by link, every daily root computed again.

Knows no actor: who may run it is decided where it is called.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import AsyncIterator
from datetime import UTC, datetime

from core.cases.audit import Break, Link, check, merkle_root
from core.cases.models import Case, DailyRoot, Event
from core.cases.rows import select_all

BATCH = 200


async def verify_all() -> tuple[int, list[str]]:
    """(cases looked at, one line for each thing that does not hold, the first broken link named)."""
    looked, broken = 0, []
    async for found in _breaks():
        looked += 1
        if found is not None:
            broken.append(f"{found.case}: {found.what}")
    # An event whose case is gone belongs to a chain that was removed as a whole.
    orphans = await select_all(
        "SELECT DISTINCT case_id FROM cases_event AS e WHERE NOT EXISTS "
        "(SELECT 1 FROM cases_case AS c WHERE c.id = e.case_id)"
    )
    broken += [f"{row['case_id']}: events are there, the case is not" for row in orphans]
    broken += await _roots()
    return looked, broken


async def _breaks() -> AsyncIterator[Break | None]:
    """What is wrong with each case, None where nothing is; in batches, so that memory does not grow with the log."""
    after = None
    while True:
        query = Case.all() if after is None else Case.filter(id__gt=after)
        cases = await query.order_by("id").limit(BATCH).only("id", "no", "head", "events_count", "status")
        if not cases:
            return
        links: dict[str, list[Link]] = defaultdict(list)
        for event in await Event.filter(case_id__in=[case.id for case in cases]).order_by("seq"):
            links[str(event.case_id)].append(link_of(event))
        for case in cases:
            chain = links[str(case.id)]
            found = check(case.no, chain, head=case.head, count=case.events_count)
            if found is None and chain and chain[-1].to_status != case.status:
                found = Break(case.no, len(chain), f"the case says {case.status}, its last event {chain[-1].to_status}")
            yield found
        after = cases[-1].id


def link_of(event: Event) -> Link:
    return Link(
        case=str(event.case_id),
        seq=event.seq,
        type=event.type,
        at=event.at,
        actor=event.actor,
        actor_role=event.actor_role,
        from_status=event.from_status,
        to_status=event.to_status,
        payload=event.payload,
        payload_digest=event.payload_digest,
        previous=event.previous,
        digest=event.digest,
    )


async def heads_before(end: datetime) -> list[str]:
    """The chain heads of all cases as they stood at that moment, in order of filing.

    Computed from the events, not from the cases: a root stays provable after its cases have moved on.
    """
    heads: dict[str, str] = {}
    moment = end.astimezone(UTC).isoformat(timespec="milliseconds")
    for row in await select_all("SELECT case_id, digest FROM cases_event WHERE at < ? ORDER BY case_id, seq", moment):
        heads[str(row["case_id"])] = row["digest"]
    return [heads[case] for case in sorted(heads)]


async def _roots() -> list[str]:
    wrong = []
    for row in await DailyRoot.all().order_by("day"):
        heads = await heads_before(row.until)
        if len(heads) != row.cases or merkle_root(heads) != row.root:
            wrong.append(f"daily root of {row.day}: the events up to that day no longer add up to it")
    return wrong
