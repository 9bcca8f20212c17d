"""What keeps the room tidy: expired drafts and orphaned files go, each day's chain heads are rooted, jobs beat.

Knows no schedule; `core.jobs` calls.
"""

from __future__ import annotations

import asyncio
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING
from uuid import UUID

from tortoise.expressions import Q

from core.cases.actions.resuming import drop_resume_codes
from core.cases.files import path_of
from core.cases.models import AccessLog, CaseFile, DailyRoot, Draft, Heartbeat, Mandate
from core.cases.proving import made_root
from core.cases.reads import DIGESTED, KEPT, KEPT_OTHERWISE, digest_read, digest_subject

if TYPE_CHECKING:
    from core.kernel import Kernel

FORGOTTEN = 500
"""Access records a turn."""
SPARED = timedelta(days=2)
"""An upload that no row names yet may belong to a request that is still running."""


async def drop_expired_drafts(kernel: Kernel) -> int:
    """Drafts nobody finished; what was looked up for them goes with them."""
    now = kernel.now()
    # Ids begin with the moment they were made, so the key itself finds the old ones.
    await drop_resume_codes(kernel)
    oldest = UUID(int=int((now - timedelta(days=kernel.settings.draft_days)).timestamp() * 1000) + 1 << 80)
    return int(await Draft.filter(id__lt=oldest, expires_at__lte=now).delete())


async def sweep_files(kernel: Kernel) -> int:
    """Files that no case, draft or mandate names any more."""
    folder = kernel.settings.files
    if not folder.is_dir():
        return 0
    named = {
        path_of(kernel, str(digest)) for digest in await CaseFile.all().distinct().values_list("digest", flat=True)
    }
    async for draft in Draft.all().only("id", "content"):
        named.update(path_of(kernel, one["digest"]) for one in draft.content["files"])
    async for mandate in Mandate.filter(content__not_isnull=True).only("id", "content"):
        named.update(path_of(kernel, one["digest"]) for one in mandate.content["files"])
    return await asyncio.to_thread(_sweep, folder, named, time.time() - SPARED.total_seconds())


def _sweep(folder: Path, named: set[Path], before: float) -> int:
    gone = 0
    for path in folder.glob("*/*"):
        if path not in named and path.is_file() and path.stat().st_mtime < before:
            path.unlink(missing_ok=True)
            gone += 1
    return gone


async def root_day(kernel: Kernel, day: date, end: datetime) -> DailyRoot | None:
    """The root of all that happened since the root before it; None where the day has one already.

    Of two workers that make it at once the first one's stands: both computed the same.
    """
    if await DailyRoot.exists(day=day):
        return None
    before = await DailyRoot.filter(until__lt=end).order_by("-until").first()
    made = DailyRoot(day=day, until=end, at=kernel.now(), **await made_root(before, end))
    await DailyRoot.bulk_create([made], ignore_conflicts=True)
    return made


async def forget_reads(kernel: Kernel) -> int:
    """Whose data was read goes when the time of keeping is over; that it was read, by whom and for what, stays."""
    now, gone = kernel.now(), 0
    for kinds, kept in ((tuple(KEPT), max(KEPT.values())), (None, KEPT_OTHERWISE)):
        query = AccessLog.filter(at__lt=now - kept)
        query = query.exclude(kind__in=tuple(KEPT)) if kinds is None else query.filter(kind__in=kinds)
        for one in await query.filter(Q(salt__not="") | Q(subject_digest="")).order_by("id").limit(FORGOTTEN):
            subject = one.subject_digest or digest_subject(one.salt, one.subject_key)
            said = {name: getattr(one, name) for name in (*DIGESTED, "at")}
            digest = one.digest or digest_read({**said, "subject_digest": subject})
            await AccessLog.filter(id=one.id).update(subject_key="", salt="", subject_digest=subject, digest=digest)
            gone += 1
    return gone


async def beat(kernel: Kernel, job: str, *, every_s: int, note: str = "") -> None:
    """The job ran. A heartbeat older than three of its turns is an alarm (`access.silent_jobs`)."""
    changed = await Heartbeat.filter(job=job).update(at=kernel.now(), every_s=every_s, note=note[:200])
    if not changed:
        await Heartbeat.bulk_create(
            [Heartbeat(job=job, at=kernel.now(), every_s=every_s, note=note[:200])], ignore_conflicts=True
        )


async def expect(kernel: Kernel, job: str, *, every_s: int) -> None:
    """From now on the job is missed where it does not beat; one that has beaten before keeps its own moment."""
    await Heartbeat.bulk_create([Heartbeat(job=job, at=kernel.now(), every_s=every_s)], ignore_conflicts=True)
