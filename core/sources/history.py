"""A source's past: outcomes and times per minute, hour and day, kept over restarts and added up over workers.

Knows counts only. `flush` writes what this process has seen since; `past` reads, for who may see the source desk.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from tortoise.expressions import F

from core import database
from core.contract import OUTCOMES, Actor
from core.errors import NotAllowed
from core.office.permissions import may
from core.sources.models import SourceTally
from core.sources.states import Counted

GRAINS = {"minute": 16, "hour": 13, "day": 10}
"""How much of an ISO moment names the slot."""
KEPT = {"minute": timedelta(days=1), "hour": timedelta(days=35), "day": timedelta(days=800)}


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
