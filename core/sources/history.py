"""A source's past: outcomes and times per minute, hour and day, and its troubles, kept over restarts and workers.

`flush` and `note` write what this process has seen since; `past` and `troubles` read, for who may see the source desk.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tortoise.expressions import F

from core import database
from core.contract import OUTCOMES, Actor
from core.errors import NotAllowed
from core.office.permissions import may
from core.sources.engine import Sources
from core.sources.models import SourceTally, SourceTrouble
from core.sources.states import Counted, Noted

GRAINS = {"minute": 16, "hour": 13, "day": 10}
"""How much of an ISO moment names the slot."""
KEPT = {"minute": timedelta(days=1), "hour": timedelta(days=35), "day": timedelta(days=800)}

TROUBLES_KEPT = {
    "down": (timedelta(days=35), 50),
    "opened": (timedelta(days=365), 100),
    "leak": (timedelta(days=365), 50),
}
"""kind → how long, and how many of one source at most; alarms by `ALARMS_KEPT`."""
ALARMS_KEPT = (timedelta(days=800), 200)


@dataclass
class Slot:
    """One column of a plot."""

    at: str
    counts: dict[str, int] = field(default_factory=dict)
    ms_sum: int = 0
    ms_max: int = 0

    @property
    def n(self) -> int:
        return sum(self.counts.values())

    @property
    def ms(self) -> int | None:
        """The mean time of the answers that came; None without one."""
        answered = self.n - self.counts.get("down", 0)
        return round(self.ms_sum / answered) if answered else None


async def flush(counted: Iterable[Counted]) -> int:
    """Add what was counted to the tables. Returns how many answers that were."""
    sums: dict[str, tuple[dict[str, str], list[int]]] = {}
    total = 0
    for one in counted:
        total += one.n
        for grain, length in GRAINS.items():
            slot = one.minute[:length]
            key = f"{one.source}|{slot}|{one.outcome}"
            named = {"key": key, "source": one.source, "grain": grain, "slot": slot, "outcome": one.outcome}
            held = sums.setdefault(key, (named, [0, 0, 0]))[1]
            held[0] += one.n
            held[1] += one.ms_sum
            held[2] = max(held[2], one.ms_max)
    if not sums:
        return 0
    async with database.transaction():
        await SourceTally.bulk_create([SourceTally(**named) for named, _ in sums.values()], ignore_conflicts=True)
        for key, (_, (n, ms_sum, ms_max)) in sorted(sums.items()):
            await SourceTally.filter(key=key).update(n=F("n") + n, ms_sum=F("ms_sum") + ms_sum)
            await SourceTally.filter(key=key, ms_max__lt=ms_max).update(ms_max=ms_max)
    return total


async def forget(now: datetime) -> int:
    """Minutes go after a day, hours after five weeks, days after two years."""
    gone = 0
    for grain, kept in KEPT.items():
        oldest = (now - kept).astimezone(UTC).isoformat()[: GRAINS[grain]]
        gone += int(await SourceTally.filter(grain=grain, slot__lt=oldest).delete())
    return gone


async def past(actor: Actor, source: str, *, grain: str, now: datetime, slots: int) -> list[Slot]:
    """The last `slots` slots up to now, oldest first, those without a question too. Raises NotAllowed."""
    if not may(actor, "source.read"):
        raise NotAllowed("您的账号不能查看数据源。")
    length = GRAINS[grain]
    step = {"minute": timedelta(minutes=1), "hour": timedelta(hours=1), "day": timedelta(days=1)}[grain]
    end = now.astimezone(UTC)
    made = {at: Slot(at) for at in ((end - step * back).isoformat()[:length] for back in range(slots - 1, -1, -1))}
    first = next(iter(made))
    for row in await SourceTally.filter(source=source, grain=grain, slot__gte=first):
        slot = made.get(row.slot)
        if slot is None or row.outcome not in OUTCOMES:
            continue
        slot.counts[row.outcome] = slot.counts.get(row.outcome, 0) + row.n
        if row.outcome != "down":
            slot.ms_sum += row.ms_sum
            slot.ms_max = max(slot.ms_max, row.ms_max)
    return list(made.values())


# --- what went wrong -----------------------------------------------------------------------------------------


async def note(sources: Sources) -> int:
    """Write down what went wrong since the last time. Returns how many troubles that were."""
    noted = sources.noted()
    if not noted:
        return 0
    try:
        await database.write(lambda: _add(noted))
    except BaseException:
        sources.keep(noted)
        raise
    return len(noted)


async def _add(noted: Collection[Noted]) -> None:
    keyed = {}
    for one in noted:
        said = "\0".join((one.source, one.kind, one.reason, one.last_at[:10]))
        keyed[hashlib.sha256(said.encode()).hexdigest()] = one
    await SourceTrouble.bulk_create(
        [
            SourceTrouble(
                key=key, source=one.source, kind=one.kind, reason=one.reason, first_at=one.first_at, last_at=one.last_at
            )
            for key, one in keyed.items()
        ],
        ignore_conflicts=True,
    )
    for key, one in sorted(keyed.items()):
        await SourceTrouble.filter(key=key).update(n=F("n") + one.n)
        await SourceTrouble.filter(key=key, last_at__lt=one.last_at).update(last_at=one.last_at)


async def forget_troubles(now: datetime) -> int:
    """Troubles go after their time, and the oldest of a source that has too many."""
    gone = 0
    for kind in ("record", *TROUBLES_KEPT):
        kept, most = TROUBLES_KEPT.get(kind, ALARMS_KEPT)
        oldest = (now - kept).astimezone(UTC).isoformat(timespec="seconds")
        gone += int(await SourceTrouble.filter(kind=kind, last_at__lt=oldest).delete())
        held: dict[str, list[str]] = {}
        for key, source in await SourceTrouble.filter(kind=kind).order_by("-last_at").values_list("key", "source"):
            held.setdefault(source, []).append(key)
        for keys in held.values():
            if keys[most:]:
                gone += int(await SourceTrouble.filter(key__in=keys[most:]).delete())
    return gone


async def troubles(
    actor: Actor, *, since: datetime, source: str = "", kinds: Collection[str] = (), most: int = 20
) -> list[Noted]:
    """What went wrong, newest first: with one source or all, of these kinds or any. Raises NotAllowed."""
    if not may(actor, "source.read"):
        raise NotAllowed("您的账号不能查看数据源。")
    wanted = SourceTrouble.filter(last_at__gte=since.astimezone(UTC).isoformat(timespec="seconds"))
    if source:
        wanted = wanted.filter(source=source)
    if kinds:
        wanted = wanted.filter(kind__in=list(kinds))
    return [
        Noted(one.source, one.kind, str(one.reason), one.first_at, one.last_at, one.n)
        for one in await wanted.order_by("-last_at", "key").limit(most)
    ]
