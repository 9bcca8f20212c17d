"""A source's past outlives the process, and several workers add up."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core import jobs
from core.contract import Actor, Down
from core.errors import NotAllowed
from core.kernel import Kernel
from core.sources import history
from core.sources.engine import Sources
from core.sources.states import Noted
from tests.cases.town import CITIZEN, ELDER, SOURCES, TEXT, YOUNG, Registers, source

pytestmark = pytest.mark.anyio
ADMIN = Actor(id="admin", role="administrator")
BY = {"id_number": ELDER}


async def test_two_workers_add_up_and_a_restart_keeps_what_was(kernel: Kernel, registers: Registers) -> None:
    for _ in range(2):  # two processes, each with sources of its own
        sources = Sources(settings=kernel.settings, connectors={"register": registers.connect})
        sources.use(SOURCES)
        worker = replace(kernel, sources=sources)
        await sources.probe("own-business", BY)
        await sources.probe("own-business", {"id_number": "nobody"})
        registers.held["own-business"][YOUNG] = Down("away")
        await sources.probe("own-business", {"id_number": YOUNG})
        assert "3 answers" in await jobs.source_history(worker)
        assert await jobs.source_history(worker) == ""
        await sources.close()
    for grain in history.GRAINS:
        slots = await history.past(ADMIN, "own-business", grain=grain, now=kernel.now(), slots=30)
        assert len(slots) == 30
        total: dict[str, int] = {}
        for slot in slots:
            for outcome, n in slot.counts.items():
                total[outcome] = total.get(outcome, 0) + n
        assert total == {"found": 2, "empty": 2, "down": 2}, grain


async def test_a_source_that_leaves_takes_its_counts_with_it_into_the_history(
    kernel: Kernel, registers: Registers
) -> None:
    await kernel.sources.probe("own-business", BY)
    kernel.sources.use({id: one for id, one in SOURCES.items() if id != "own-business"})
    assert "1 answers" in await jobs.source_history(kernel)


async def test_an_alarm_of_another_worker_is_told_after_a_restart_and_counted_once_a_day(
    kernel: Kernel, registers: Registers
) -> None:
    for _ in range(2):  # two processes, each with sources of its own
        sources = Sources(settings=kernel.settings, connectors={"register": registers.connect})
        sources.use({"own-business": source("own-business", {"id_number": TEXT})})
        registers.held["own-business"][YOUNG] = {"id_number": ELDER}
        for _ in range(3):
            assert (await sources.probe("own-business", {"id_number": YOUNG})).outcome == "down"
        registers.held["own-business"][YOUNG] = Down("away")
        for _ in range(4):
            await sources.probe("own-business", {"id_number": YOUNG})
        await jobs.source_history(replace(kernel, sources=sources))
        await sources.close()
    told = await history.troubles(ADMIN, since=kernel.now() - timedelta(days=1))
    assert sorted((one.source, one.kind, one.reason, one.n) for one in told) == [
        ("own-business", "down", "away", 8),
        ("own-business", "opened", "3 errors in a row, so it is not asked for a while: away", 2),
        ("own-business", "record", "ALARM: the record's id_number is not the one that was asked for", 6),
    ]
    alarms = await history.troubles(ADMIN, since=kernel.now() - timedelta(days=1), kinds=["record"])
    assert [one.kind for one in alarms] == ["record"]


async def test_what_the_database_does_not_take_is_written_down_later(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    registers.held["own-business"][ELDER] = Down("away")
    await kernel.sources.probe("own-business", BY)

    async def full(body: Any) -> None:
        raise OSError("disk full")

    with monkeypatch.context() as patch:
        patch.setattr("core.database.write", full)
        with pytest.raises(OSError, match="disk full"):
            await history.note(kernel.sources)
    assert await history.note(kernel.sources) == 1
    assert await history.note(kernel.sources) == 0


async def test_troubles_are_bounded_in_number_and_in_time(kernel: Kernel) -> None:
    day = kernel.now() - timedelta(days=1)
    many = [Noted("own-business", kind, f"no. {n}", at, at, 1) for kind in ("down", "opened", "record")
            for n in range(300) for at in [(day + timedelta(seconds=n)).isoformat(timespec="seconds")]]  # fmt: skip
    kernel.sources.keep(many)
    await history.note(kernel.sources)
    await history.forget_troubles(kernel.now())
    kept = await history.troubles(ADMIN, since=day, most=2000)
    assert Counter(one.kind for one in kept) == {"down": 50, "opened": 100, "record": 200}
    assert "no. 299" in {one.reason for one in kept}
    await history.forget_troubles(kernel.now() + timedelta(days=100))
    assert Counter(one.kind for one in await history.troubles(ADMIN, since=day, most=2000)) == {
        "opened": 100, "record": 200
    }  # fmt: skip


async def test_the_past_is_not_for_everybody(kernel: Kernel) -> None:
    with pytest.raises(NotAllowed):
        await history.troubles(CITIZEN, since=kernel.now())
    with pytest.raises(NotAllowed):
        await history.past(CITIZEN, "own-business", grain="day", now=kernel.now(), slots=2)
