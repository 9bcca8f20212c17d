"""Asking sources: the engine's own CPU, five at once against the slowest, and who notices one that hangs for good."""

from __future__ import annotations

import asyncio
import contextlib
import json
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from bench.hello import app as hello_app
from bench.table import Row, microseconds
from bench.web import Filing, free_port, server
from core.catalog.bundle import read_item, read_source
from core.contract import Found, Item, Outcome, Source
from core.settings import SOURCE_ROOT, Settings
from core.sources.connectors import Connection
from core.sources.engine import Sources

TIMES, ROUNDS = 400, 25
TURNS, TURN_S = 4, 4.0
"""How often a server that is well and one with a hanging source take turns, and for how long."""
RECORD = {"id_number": "32058319400101001X", "name": "张试", "birth_date": "1940-01-01", "alive": True}
SLOW_S = 0.1
HANGING = '''"""A register that never answers."""

import time

from lingban import hookimpl


class Register:
    def ask(self, by):
        time.sleep(86400)


@hookimpl
def connectors():
    return {"own-business": lambda source, settings: Register()}
'''


SCOPE: dict[str, Any] = {
    "type": "http",
    "method": "GET",
    "path": "/",
    "raw_path": b"/",
    "query_string": b"",
    "headers": [],
    "http_version": "1.1",
    "scheme": "http",
    "server": ("127.0.0.1", 80),
    "client": ("127.0.0.1", 1),
    "root_path": "",
}


class Weekdays:
    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5

    def is_provisional(self, day: date) -> bool:
        return False


class Memory(Connection):
    """A register in memory: what is left is the engine."""

    def at_once(self, by: Mapping[str, Any], many: bool = False) -> Outcome | None:
        return Found(dict(RECORD))

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        return Found(dict(RECORD))


class Slow(Connection):
    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        await asyncio.sleep(SLOW_S)
        return Found(dict(RECORD))


def a_source(id: str) -> Source:
    text = {"type": "string"}
    query = {"type": "object", "properties": {"id_number": text}, "required": ["id_number"]}
    fields = {"id_number": text, "name": text, "birth_date": {**text, "format": "date"}, "alive": {"type": "boolean"}}
    record = {"type": "object", "properties": fields, "required": list(fields)}
    return read_source(id, {"title": id, "connector": id, "query": query, "record": record})


def an_item(*ids: str) -> Item:
    lookups = {
        id: {"source": id, "by": {"id_number": "/applicant/id_number"}, "take": ["name", "birth_date", "alive"]}
        for id in ids
    }
    return read_item("bench", {"item": {"title": "", "handling": "instant"}, "lookups": {"lookups": lookups}})


async def asking(ids: list[str], kind: type[Connection]) -> tuple[Sources, Callable[[], Awaitable[object]]]:
    sources = Sources(settings=Settings())
    sources.use({id: a_source(id) for id in ids})
    for id in ids:
        served = sources.find(id)
        if served is not None:
            served._connection = kind()  # of core, as `sql` and `table` are: no thread of an integrator's
    item, calendar = an_item(*ids), Weekdays()
    facts = {"applicant": {"id_number": RECORD["id_number"]}, "answers": {}, "today": "2026-11-23"}
    return sources, lambda: sources.ask(item, facts, calendar=calendar)


async def hello() -> None:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        pass

    await hello_app(dict(SCOPE), receive, send)


async def cpu_of(action: Callable[[], Awaitable[object]]) -> float:
    before = time.process_time()
    for _ in range(TIMES):
        await action()
    return (time.process_time() - before) / TIMES


async def engine() -> tuple[float, float, float]:
    """CPU seconds of three lookups on memory and of a bare Starlette request, both in this process, and the ratio.

    Medians of short pairs: what slows the machine for a while slows both halves of a pair.
    """
    sources, ask = await asking(["a", "b", "c"], Memory)
    pairs = [(await cpu_of(ask), await cpu_of(hello)) for _ in range(ROUNDS)]
    await sources.close()
    ratio = statistics.median(one / floor for one, floor in pairs)
    return statistics.median(one for one, _ in pairs), statistics.median(floor for _, floor in pairs), ratio


async def five() -> tuple[float, float]:
    """Seconds that five sources of 100 ms take together, and that one takes alone."""
    together: list[float] = []
    alone: list[float] = []
    all_five, ask_five = await asking(["a", "b", "c", "d", "e"], Slow)
    one, ask_one = await asking(["a"], Slow)
    for _ in range(10):
        for times, ask in ((together, ask_five), (alone, ask_one)):
            begun = time.perf_counter()
            await ask()
            times.append(time.perf_counter() - begun)
    await all_five.close()
    await one.close()
    return statistics.median(together), statistics.median(alone)


def percentile_99(times: list[float]) -> float:
    return sorted(times)[int(len(times) * 0.99)]


def pages(browser: Any, path: str, seconds: float) -> list[float]:
    times = []
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        begun = time.perf_counter()
        browser.ask("GET", path)
        times.append(time.perf_counter() - begun)
    return times


def hanging() -> list[Row]:
    """Two real servers, one whose own-business register hangs, asked in turns: the affected form, and a page that has
    nothing to do with it. What slows the machine for a while slows a turn of both."""
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as running:
        shelf = Path(folder) / "plugins" / "own-business"
        shelf.mkdir(parents=True)
        declared = json.loads((SOURCE_ROOT / "plugins" / "own-business" / "source.json").read_text(encoding="utf-8"))
        declared.update(connector="own-business", settings={})
        (shelf / "source.json").write_text(json.dumps(declared), encoding="utf-8")
        (shelf / "plugin.py").write_text(HANGING, encoding="utf-8")
        one, other = {}, {}
        for name, more in (("well", []), ("hanging", ["--plugins", str(shelf.parent)])):
            port, data = free_port(), str(Path(folder) / name)
            command = [sys.executable, "-m", "core.cli", "serve", "--demo", "--data", data, "--port", str(port), *more]
            running.enter_context(server(*command, port=port, ready="/readyz"))
            accounts = json.loads((Path(data) / "demo.json").read_text(encoding="utf-8"))["accounts"]
            citizen = next(a for a in accounts if a["role"] == "citizen")
            one[name], other[name] = (Filing(port, citizen["login"], citizen["password"]) for _ in range(2))
            pages(other[name].browser, "/items/sewage-permit", 0.5)
        times: dict[str, list[float]] = {"well": [], "hanging": []}
        p99: dict[str, list[float]] = {"well": [], "hanging": []}
        for _ in range(TURNS):
            for name in times:
                starting = threading.Thread(target=starts, args=(one[name], times[name], TURN_S))
                starting.start()
                p99[name].append(percentile_99(pages(other[name].browser, "/items/sewage-permit", TURN_S)))
                starting.join()
    normal = statistics.median(times["well"])
    first, late = max(times["hanging"]), statistics.median(times["hanging"][5:])
    apart = statistics.median(hung / well for hung, well in zip(p99["hanging"], p99["well"], strict=True))
    return [
        Row("one source hangs: p99 of an unrelated page",
            microseconds(statistics.median(p99["hanging"])), microseconds(statistics.median(p99["well"])), apart, 1.3),
        Row("one source hangs: the affected form at first, against its 3 s", microseconds(first), "3 s", first / 3, 1),
        Row("one source hangs: the affected form once the breaker is open",
            microseconds(late), microseconds(normal), late / normal, 3),
    ]  # fmt: skip


def starts(filing: Filing, times: list[float], seconds: float) -> None:
    """Start drafts at an even pace: the same load whether they are quick or slow."""
    until = time.perf_counter() + seconds
    while time.perf_counter() < until:
        begun = time.perf_counter()
        filing.start()
        times.append(time.perf_counter() - begun)
        time.sleep(max(0.0, 0.1 - times[-1]))


def run() -> list[Row]:
    lookups, floor, ratio = asyncio.run(engine())
    together, alone = asyncio.run(five())
    return [
        Row("engine: three lookups on memory, CPU", microseconds(lookups), microseconds(floor), ratio, 8),
        Row("five sources of 100 ms against one", microseconds(together), microseconds(alone), together / alone, 1.15),
        *hanging(),
    ]
