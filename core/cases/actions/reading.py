"""The writes that a read brings with it: the access log, and the count of wrong codes.

Knows no view.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from tortoise.expressions import F

from core.cases.logbook import note
from core.cases.models import Case, ResumeTry
from core.cases.reads import read_row
from core.contract import Actor, Item
from core.sources.taken import Reach

if TYPE_CHECKING:
    from core.kernel import Kernel

log = logging.getLogger("lingban.reads")


async def note_read(kernel: Kernel, case: Case, *, actor: Actor, kind: str) -> None:
    """Who of the staff opened whose case, when."""
    row = read_row(
        at=kernel.now(),
        kind=kind,
        actor=actor.id,
        actor_role=actor.role,
        subject_key=case.applicant_key,
        item=case.item,
        reference=case.no,
    )
    await note([row])


async def note_relation(kernel: Kernel, item: Item, subject: str, *, actor: Actor, kind: str, outcome: str) -> None:
    """Who had a register asked whether he may act for whom."""
    log = read_row(
        at=kernel.now(),
        kind="relation",
        actor=actor.id,
        actor_role=actor.role,
        subject_key=subject,
        item=item.id,
        lookup=kind,
        outcome=outcome,
        purpose="核实是否可以代为办理",
    )
    await note([log])


async def count_try(kernel: Kernel, case: Case, *, window: timedelta) -> None:
    """One more wrong code; a new window where the last one is over."""
    now = kernel.now()
    if case.tracking_since is None or case.tracking_since + window <= now:
        await Case.filter(id=case.id).update(tracking_tries=1, tracking_since=now)
    else:
        await Case.filter(id=case.id).update(tracking_tries=F("tracking_tries") + 1)


async def count_resume_try(kernel: Kernel, actor: Actor, *, window: timedelta) -> None:
    """One more wrong resume code of this actor; counted in the database, so that guesses side by side all count."""
    now = kernel.now()
    await ResumeTry.bulk_create([ResumeTry(actor=actor.id, tries=0, since=now)], ignore_conflicts=True)
    await ResumeTry.filter(actor=actor.id, since__lte=now - window).update(tries=0, since=now)
    await ResumeTry.filter(actor=actor.id).update(tries=F("tries") + 1)


async def note_probe(
    kernel: Kernel, *, actor: Actor, source: str, by: Mapping[str, str], outcome: str, purpose: str
) -> None:
    """A test question of staff: whoever was asked about sees it like any other read."""
    known = kernel.catalog.sources[source].public
    number = next((text for name, text in by.items() if name not in known), next(iter(by.values()), ""))
    log = read_row(
        at=kernel.now(),
        kind="probe",
        actor=actor.id,
        actor_role=actor.role,
        subject_key=kernel.keys.index(number),
        item="",
        source=source,
        outcome=outcome,
        purpose=purpose[:400],
    )
    await note([log])


async def note_reaches(kernel: Kernel) -> int:
    """Reads outside `take`, into the access log: nobody's data was seen, so nobody is named as its subject."""
    fresh = kernel.reaches.fetch()
    rows = [
        read_row(
            at=kernel.now(),
            kind="reach",
            actor=one.item,
            actor_role="plugin",
            subject_key="",
            item=one.item,
            reference=one.reference[:40],
            lookup=one.lookup,
            source=one.source,
            outcome="refused",
            purpose=_pointer(one),
            basis=one.door,
        )
        for one in fresh
    ]
    await note(rows)
    for one in fresh:
        log.warning("%s: %s reads %s, which the item does not take", one.item, one.door, _pointer(one))
    return len(rows)


def _pointer(one: Reach) -> str:
    return f"/lookups/{one.lookup}/{one.field}" if one.field else f"/lookups/{one.lookup}"
