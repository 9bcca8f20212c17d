"""A source written in Python: brought by a plugin's hook, contained whatever it does, reloaded with its folder."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
import types
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest

from core.catalog.hooks import Hooks
from core.contract import Found
from core.sources.engine import Sources
from core.sources.reasons import told
from lingban import hookimpl
from tests.sources.conftest import CALENDAR, ELDER, facts, item, lookup, source

pytestmark = pytest.mark.anyio
Town = Callable[..., Sources]
RECORD = {"id_number": ELDER, "name": "张试"}


def plugin(connect: Callable[..., Any] | None = None, *, name: str = "register") -> types.ModuleType:
    """A plugin.py as it looks once imported."""
    module = types.ModuleType(f"plugin_{name}")

    @hookimpl
    def connectors() -> Any:
        if connect is None:
            raise RuntimeError("cannot start")
        return {name: connect}

    vars(module)["connectors"] = connectors
    return module


def hooks_of(**modules: types.ModuleType) -> Hooks:
    hooks = Hooks()
    hooks.use(modules)
    return hooks


class Async:
    """A connector with an async client of its own, bound to the loop it first ran on."""

    def __init__(self, *, blocks: threading.Event | None = None) -> None:
        self.blocks = blocks
        self.loops: set[int] = set()
        self.threads: set[str] = set()
        self.closed = threading.Event()

    async def ask(self, by: Any, many: bool = False) -> Any:
        self.loops.add(id(asyncio.get_running_loop()))
        self.threads.add(threading.current_thread().name)
        if self.blocks is not None:
            self.blocks.wait(60)  # what an integrator does by mistake
        await asyncio.sleep(0)
        return Found([dict(RECORD)] if many else dict(RECORD))

    async def close(self) -> None:
        self.closed.set()


async def ask(sources: Sources) -> Any:
    return (await sources.ask(item({"a": lookup("register")}), facts(), calendar=CALENDAR))["a"]


async def test_a_plugins_hook_brings_the_connector(town: Town) -> None:
    made = Async()
    sources = town(source("register", connector="register"), hooks=hooks_of(register=plugin(lambda s, e: made)))
    for _ in range(3):
        assert (await ask(sources)).outcome == "found"
    assert (await sources.probe("register", {"id_number": ELDER}, many=True)).value == [RECORD]
    assert len(made.loops) == 1
    assert id(asyncio.get_running_loop()) not in made.loops
    assert threading.main_thread().name not in made.threads
    await sources.close()
    assert made.closed.wait(2)


async def test_it_gets_its_settings_with_every_name_filled_in(town: Town) -> None:
    seen: list[Any] = []

    def connect(source: Any, settings: Any) -> Any:
        seen.append((source.id, settings))
        return Async()

    served = source("register", connector="register", settings={"url": "${REG_URL}/v1", "deep": [{"k": "${REG_KEY}"}]})
    hooks = hooks_of(register=plugin(connect))
    sources = town(served, hooks=hooks, environment={"REG_URL": "https://x", "REG_KEY": "k"})
    assert (await ask(sources)).outcome == "found"
    assert seen == [("register", {"url": "https://x/v1", "deep": [{"k": "k"}]})]


async def test_a_plugin_that_cannot_start_is_down_with_its_reason(town: Town) -> None:
    sources = town(source("register", connector="register"), hooks=hooks_of(register=plugin()))
    answer = await ask(sources)
    assert (answer.outcome, "cannot start" in answer.reason) == ("down", True)


async def test_another_plugin_may_bring_the_connector(town: Town) -> None:
    hooks = hooks_of(broken=plugin(), other=plugin(lambda s, e: Async(), name="register"))
    sources = town(source("register", connector="register"), hooks=hooks)
    assert (await ask(sources)).outcome == "found"
    nobody = town(source("register", connector="register"), hooks=hooks_of())
    assert "no plugin brings" in (await ask(nobody)).reason


async def test_new_code_is_used_when_the_folder_is_read_again(town: Town) -> None:
    first, second = Async(), Async()
    hooks = hooks_of(register=plugin(lambda s, e: first))
    served = source("register", connector="register")
    sources = town(served, hooks=hooks)
    await ask(sources)
    hooks.use({"register": plugin(lambda s, e: second)})
    sources.use({"register": replace(served)})
    await ask(sources)
    assert (len(first.loops), len(second.loops)) == (1, 1)
    assert first.closed.wait(2)


async def test_one_that_hangs_for_good_holds_its_own_threads_only(town: Town) -> None:
    stop = threading.Event()

    class Hangs:
        def ask(self, by: Any) -> Any:
            stop.wait(60)

    hooks = hooks_of(register=plugin(lambda s, e: Hangs()), well=plugin(lambda s, e: Async(), name="well"))
    hanging = source("register", connector="register", timeout_ms=50, settings={"concurrent": 2})
    sources = town(hanging, source("well", connector="well", timeout_ms=20_000), hooks=hooks)
    before = threading.active_count()
    for n in range(30):
        answer = await sources.probe("register", {"id_number": str(n)})
        assert answer.outcome == "down"
        assert (await sources.probe("well", {"id_number": ELDER})).outcome == "found"
    assert threading.active_count() - before <= 6
    assert sources.find("register").state().in_flight <= 4  # type: ignore[union-attr]
    stop.set()
    await asyncio.sleep(0.1)


async def test_a_blocked_loop_of_a_plugin_blocks_nobody_else(town: Town) -> None:
    stop = threading.Event()
    hooks = hooks_of(register=plugin(lambda s, e: Async(blocks=stop)), well=plugin(lambda s, e: Async(), name="well"))
    sources = town(
        source("register", connector="register", timeout_ms=500),
        source("well", connector="well", timeout_ms=20_000),
        hooks=hooks,
    )
    begun = time.monotonic()
    lookups = item({"slow": lookup("register"), "well": lookup("well")})
    evidence = await sources.ask(lookups, facts(), calendar=CALENDAR, budget_s=15)
    assert (evidence["slow"].outcome, evidence["well"].outcome) == ("down", "found")
    assert time.monotonic() - begun < 15
    stop.set()
    await sources.close()


class Leaky:
    """Opens something for every question."""

    def __init__(self, address: tuple[str, int], *, closes: bool = False) -> None:
        self.address, self.closes = address, closes
        self.held: list[socket.socket] = []

    def open(self) -> None:
        one = socket.create_connection(self.address, timeout=5)
        self.held.append(one)
        if self.closes:
            one.close()

    def ask(self, by: Any) -> Any:
        self.open()
        return Found(dict(RECORD))

    def close(self) -> None:
        for one in self.held:
            one.close()


class LeakyInALoop(Leaky):
    async def ask(self, by: Any) -> Any:
        return super().ask(by)


@pytest.fixture
def listening() -> Iterator[tuple[str, int]]:
    with socket.create_server(("127.0.0.1", 0), backlog=200) as server:
        yield server.getsockname()


async def leaks_of(town: Town, made: Leaky, questions: int = 40) -> list[str]:
    sources = town(source("register", connector="register"), hooks=hooks_of(register=plugin(lambda s, e: made)))
    try:
        for _ in range(questions):
            assert (await sources.probe("register", {"id_number": ELDER})).outcome == "found"
        assert len(made.held) == questions
        return [one.reason for one in sources.states()[0].troubles if one.kind == "leak"]
    finally:
        await sources.close()


@pytest.mark.parametrize("kind", [Leaky, LeakyInALoop])
async def test_connections_that_a_connector_leaves_open_are_named(
    town: Town, listening: tuple[str, int], kind: type[Leaky]
) -> None:
    said = await leaks_of(town, kind(listening))
    assert said == [
        "17 connections stay open after its questions: close each, or keep one for all",
        "35 connections stay open after its questions: close each, or keep one for all",
    ]
    assert told(said[0], "zh").startswith("答完以后还开着 17 个连接没有关")


async def test_a_connector_that_closes_what_it_opens_is_not_named(town: Town, listening: tuple[str, int]) -> None:
    assert await leaks_of(town, Leaky(listening, closes=True)) == []
