"""A source's past outlives the process, and several workers add up."""

from __future__ import annotations

from dataclasses import replace

import pytest

from core import jobs
from core.contract import Actor, Down
from core.errors import NotAllowed
from core.kernel import Kernel
from core.sources import history
from core.sources.engine import Sources
from tests.cases.town import CITIZEN, ELDER, SOURCES, YOUNG, Registers

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


async def test_the_past_is_not_for_everybody(kernel: Kernel) -> None:
    with pytest.raises(NotAllowed):
        await history.past(CITIZEN, "own-business", grain="day", now=kernel.now(), slots=2)
