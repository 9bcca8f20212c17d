"""Sources killed at random, thousands of questions: every outcome is one of four, right, in time, and recorded."""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import Callable
from typing import Any

import pytest

from core.contract import Down, Empty, Found, Outcome
from core.sources.connectors import Connection
from core.sources.engine import Sources
from tests.sources.conftest import CALENDAR, facts, item, lookup, source

pytestmark = pytest.mark.anyio
NAMES = ("a", "b", "c")
LOOKUPS = {
    "a": lookup("a"),
    "b": lookup("b"),
    "c": lookup("c", by={"id_number": "/lookups/a/name"}),
}


class Moody(Connection):
    """Right, slow, silent, raising or lying, as the dice say; odd numbers are nobody's."""

    def __init__(self, dice: random.Random) -> None:
        self.dice, self.dead = dice, False

    async def ask(self, by: Any, many: bool = False) -> Outcome:
        mood = self.dice.random()
        if self.dead:
            await asyncio.sleep(60)
        if mood < 0.05:
            raise RuntimeError("boom")
        if mood < 0.08:
            return Down("closed")
        if mood < 0.11:
            return Found({"id_number": "somebody else", "name": "x"})
        if mood < 0.14:
            return Found({"id_number": by["id_number"]})
        if mood < 0.3:
            await asyncio.sleep(self.dice.random() * 0.02)
        number = by["id_number"]
        return Empty() if int(number) % 2 else Found({"id_number": number, "name": number})


async def test_every_outcome_is_right_in_time_and_recorded(town: Callable[..., Sources]) -> None:
    dice = random.Random(5)
    made = {name: Moody(dice) for name in NAMES}
    sources = town(
        *(source(name, connector=name, timeout_ms=300) for name in NAMES),
        connectors={name: lambda s, e: None for name in NAMES},
    )
    for name in NAMES:
        served = sources.find(name)
        assert served is not None
        served._connection = made[name]
    trial = item(LOOKUPS)
    seen: dict[str, int] = {}

    async def citizen(n: int) -> None:
        number = str(n)
        begun = time.monotonic()
        evidence = await sources.ask(trial, facts(applicant={"id_number": number}), calendar=CALENDAR, budget_s=0.5)
        assert time.monotonic() - begun < 15
        for name, one in evidence.items():
            seen[one.outcome] = seen.get(one.outcome, 0) + 1
            assert one.outcome in ("found", "empty", "down")
            if one.outcome == "found":
                assert one.value == {"name": number}
            elif one.outcome == "empty":
                assert n % 2
            else:
                assert one.reason
            assert one.lookup == name
        assert ("c" in evidence) == (evidence["a"].outcome == "found")

    async def killer() -> None:
        for _ in range(12):
            await asyncio.sleep(0.05)
            for one in made.values():
                one.dead = dice.random() < 0.3
        for one in made.values():
            one.dead = False

    killing = asyncio.ensure_future(killer())
    for batch in range(60):
        await asyncio.gather(*(citizen(dice.randrange(10**6)) for _ in range(40)))
        await asyncio.sleep(0.01 if batch % 5 else 0.02)
    await killing
    assert min(seen.values()) > 50
    assert set(seen) == {"found", "empty", "down"}
    assert sum(state.in_flight for state in sources.states()) <= 3
