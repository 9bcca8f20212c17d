"""What runs by itself: delivery of the outbox, expiry, the sweep of files, the daily root; each with a heartbeat.

Knows when; what is done is in `core.cases.actions`.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from core.cases.actions import lapsing, outbox, paying, reading, rechecking, timers, upkeep
from core.cases.actions.duties import watch_duties
from core.kernel import LEGAL_TIME, Kernel, refresh
from core.office import actions as office_actions
from core.sources import history

log = logging.getLogger("lingban.jobs")


@dataclass(frozen=True)
class Job:
    """`run` gives a note for the heartbeat; a failure is logged and the job tried again at its next turn."""

    name: str
    every_s: float
    run: Callable[[Kernel], Awaitable[str]]


async def deliver(kernel: Kernel) -> str:
    """New events to everybody who listens, round after round while there are many.

    A few that came while a round ran wait for the next turn: rounds for two or three events each would take the
    database from those who are filing.
    """
    total = told = await outbox.deliver_new(kernel, kernel.listeners)
    while told >= outbox.MANY:
        told = await outbox.deliver_new(kernel, kernel.listeners)
        total += told
    return f"{total} delivered" if total else ""


async def deliver_again(kernel: Kernel) -> str:
    """What a listener did not take, for that listener alone; apart from new events, which shall not wait for it."""
    total = 0
    while taken := await outbox.deliver_again(kernel, kernel.listeners):
        total += taken
    return f"{total} taken at last" if total else ""


async def expire(kernel: Kernel) -> str:
    return f"{await upkeep.drop_expired_drafts(kernel)} drafts"


async def sweep(kernel: Kernel) -> str:
    return f"{await upkeep.sweep_files(kernel)} files"


async def root(kernel: Kernel) -> str:
    """The root of yesterday, once its legal day is over and whatever was being written at midnight has settled.

    Then the persons go out of those access records that have been kept long enough.
    """
    today = kernel.today()
    midnight = datetime.combine(today, time(), LEGAL_TIME)
    if kernel.now() < midnight + timedelta(minutes=10):
        return ""
    made = await upkeep.root_day(kernel, today - timedelta(days=1), midnight)
    gone = await upkeep.forget_reads(kernel)
    return " ".join(part for part in (made.root if made else "", f"{gone} reads forgotten" if gone else "") if part)


async def office(kernel: Kernel) -> str:
    """Sign-ins that have expired go; what `lingban seed` or another worker changed of the office is seen here too."""
    gone = await office_actions.prune()
    changed = await refresh(kernel)
    return f"{gone} sessions{', office changed' if changed else ''}" if gone or changed else ""


async def legal_clock(kernel: Kernel) -> str:
    """What silence does by law."""
    accepted, granted = await timers.accept_by_silence(kernel), await timers.approve_by_silence(kernel)
    told = await timers.watch_later(kernel) + await timers.watch_confirmers(kernel)
    told += await paying.watch_payments(kernel)
    told += await lapsing.watch_steps(kernel) + await lapsing.watch_corrections(kernel)
    return f"{accepted} accepted, {granted} granted by silence, {told} told" if accepted or granted or told else ""


async def duties(kernel: Kernel) -> str:
    """What is to be done after approvals: a reminder before its day, a word once it has passed."""
    told = await watch_duties(kernel)
    return f"{told} told" if told else ""


async def recheck(kernel: Kernel) -> str:
    """What cases under way still miss is asked for again once its source answers."""
    asked, decided = await rechecking.recheck_due(kernel)
    return f"{asked} asked again, {decided} decided" if asked else ""


async def reaches(kernel: Kernel) -> str:
    """Who read a field that his item does not take goes into the access log."""
    noted = await reading.note_reaches(kernel)
    return f"{noted} reads outside take" if noted else ""


async def source_history(kernel: Kernel) -> str:
    """What each source answered goes into the table that outlives this process; a crash loses one turn at most."""
    counted = kernel.sources.counted()
    answers = await history.flush(counted)
    await history.note(kernel.sources)
    gone = await history.forget(kernel.now()) + await history.forget_troubles(kernel.now())
    return f"{answers} answers, {gone} slots forgotten" if answers or gone else ""


JOBS = (
    Job("deliver", 1.0, deliver),
    Job("deliver_again", 1.0, deliver_again),
    Job("expire", 600.0, expire),
    Job("sweep", 3600.0, sweep),
    Job("root", 600.0, root),
    Job("recheck", 5.0, recheck),
    Job("source_history", 20.0, source_history),
    Job("reaches", 5.0, reaches),
    Job("legal_clock", 600.0, legal_clock),
    Job("duties", 600.0, duties),
    Job("office", 60.0, office),
)
BEAT_S = 20.0
"""A job that turns every second says so only this often."""


def _beats(job: Job) -> int:
    """Seconds within which it says that it is there."""
    return max(1, round(max(job.every_s, BEAT_S)))


async def keep_running(kernel: Kernel, job: Job) -> None:
    """The job for ever. Only cancelling ends it."""
    last_beat = float("-inf")
    loop = asyncio.get_running_loop()
    while True:
        try:
            note = await job.run(kernel)
            if note or loop.time() - last_beat >= min(BEAT_S, job.every_s):
                await upkeep.beat(kernel, job.name, every_s=_beats(job), note=note)
                last_beat = loop.time()
        except asyncio.CancelledError:
            raise
        except Exception:
            # One bad turn must not end the job for good; its silence would be noticed only by the missing heartbeat.
            log.exception("job %s failed; next turn in %s s", job.name, job.every_s)
        await asyncio.sleep(job.every_s)


@contextlib.asynccontextmanager
async def running(kernel: Kernel, jobs: Collection[Job] = JOBS) -> AsyncIterator[None]:
    """All jobs while the block runs. Several workers may run them: each event is claimed by one.

    Each is expected from now on, so that one that never comes through a single turn falls silent too.
    """
    for job in jobs:
        await upkeep.expect(kernel, job.name, every_s=_beats(job))
    tasks = [asyncio.create_task(keep_running(kernel, job), name=f"job {job.name}") for job in jobs]
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
