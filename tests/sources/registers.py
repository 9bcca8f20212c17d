"""Registers that answer as they are told to, and questions put to several of them side by side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from typing import Any

from core.contract import Found, Source
from core.sources.engine import Sources
from tests.sources.conftest import CALENDAR, ELDER, facts, item, lookup, source

Town = Callable[..., Sources]
AMPLE_MS = 20_000
"""For a source that should answer, however busy this machine is; what hangs does so for longer than IN_TIME_S."""
IN_TIME_S = 15.0
RECORD = {"id_number": ELDER, "name": "张试"}


class Register:
    """An integrator's connector: `answer` is what it gives, or does."""

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer if answer is not None else Found(dict(RECORD))
        self.asked = 0

    def connect(self, source: Source, settings: Any) -> Register:
        return self

    def ask(self, by: Any) -> Any:
        self.asked += 1
        return self.answer() if callable(self.answer) else self.answer


def served_by(id: str, **more: Any) -> Source:
    return source(id, connector=id, **{"timeout_ms": AMPLE_MS, **more})


async def ask(sources: Sources, *ids: str, **more: Any) -> Any:
    names = ids or tuple(state.id for state in sources.states())
    return await sources.ask(item({id: lookup(id) for id in names}), facts(), calendar=CALENDAR, **more)


async def later() -> Any:
    await asyncio.sleep(0.01)
    return Found(dict(RECORD))


def after(seconds: float) -> Callable[[], Any]:
    """A connector that blocks its thread, then answers."""

    def answer() -> Any:
        time.sleep(seconds)
        return Found(dict(RECORD))

    return answer


async def in_order(*questions: Any) -> tuple[list[Any], list[int]]:
    """All answers, and who came in first: where one blocks the event loop, nobody overtakes it."""
    order: list[int] = []

    async def one(number: int, question: Any) -> Any:
        answer = await question
        order.append(number)
        return answer

    return await asyncio.gather(*(one(n, q) for n, q in enumerate(questions))), order
