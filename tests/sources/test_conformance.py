"""The conformance suite passes what is sound, and names what is not; seen failing for every check."""

from __future__ import annotations

import asyncio
import json
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.catalog import scaffold
from core.contract import Down, Empty, Found, Source
from core.sources.conformance import Check, checks
from core.sources.engine import Sources
from core.sources.reasons import told
from tests.sources.conftest import ELDER, ROWS, source
from tests.sources.service import Reply, Request, Service
from tests.sources.test_servers import Server, persons
from tests.sources.test_servers import server as server  # the fixture

pytestmark = pytest.mark.anyio
Town = Callable[..., Sources]
ROOT = Path(__file__).resolve().parents[2]
RECORDS = {row[0]: {"id_number": row[0], "name": row[1]} for row in ROWS[:2]}


async def suite(sources: Sources, id: str = "natural-person") -> dict[str, Check]:
    source = next(s for s in sources._sources.values() if s.id == id)
    return {check.name: check async for check in checks(sources, source, found={"id_number": ELDER})}


def failed(done: dict[str, Check]) -> dict[str, str]:
    return {name: check.reason for name, check in done.items() if not check.passed}


async def test_a_sqlite_register_passes(town: Town, person: Source) -> None:
    done = await suite(town(person))
    assert failed(done) == {}
    assert not any(check.skipped for check in done.values())
    assert {"found", "empty", "wrong type", "attacks", "concurrent", "slow", "leaks", "garbage", "recovers"} <= set(
        done
    )


async def test_a_table_passes(town: Town, tmp_path: Path) -> None:
    (tmp_path / "p.csv").write_text("id_number,name\n" + "".join(f"{i},{r['name']}\n" for i, r in RECORDS.items()))
    table = source(connector="table", settings={"path": "p.csv"}, folder=str(tmp_path))
    done = await suite(town(table))
    assert failed(done) == {}
    assert "no column birth_date, alive, spouse_id; there are id_number, name" in done["columns"].reason


async def test_a_real_server_passes(town: Town, server: Server) -> None:
    done = await suite(town(persons(server.url())), "persons")
    assert failed(done) == {}
    assert {"hang", "cut", "half an answer", "garbage", "refused connection", "recovers"} <= set(done)


async def test_a_rest_service_passes(town: Town) -> None:
    def handler(request: Request) -> Any:
        held = RECORDS.get(request.path.removeprefix("/p/"))
        return held or Reply({}, 404)

    async with Service(handler) as service:
        settings = {"url": service.url, "path": "/p/{id_number}", "empty_status": [404], "allow": ["http", "private"]}
        done = await suite(town(source(connector="http", settings=settings)))
    assert failed(done) == {}
    assert {"refused", "too large", "wrong answer", "no JSON"} <= set(done)


async def test_an_embedded_register_passes_without_a_sample_named(town: Town) -> None:
    declared = json.loads((ROOT / "plugins/natural-person/source.json").read_text(encoding="utf-8"))
    from core.catalog.bundle import read_source

    real = read_source("natural-person", declared)
    done = [check async for check in checks(town(real, demo=True), real)]
    assert [check for check in done if not check.passed or check.skipped] == []


class Flawed:
    """A register written in Python, right but for one flaw."""

    def __init__(self, flaw: str) -> None:
        self.flaw, self.calls, self.number = flaw, 0, ""

    def connect(self, source: Source, settings: Any) -> Flawed:
        if self.flaw == "leaks":
            threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
        return self

    def ask(self, by: Any) -> Any:
        self.calls += 1
        number = by["id_number"] if isinstance(by.get("id_number"), str) else ELDER
        held = RECORDS.get(number)
        if self.flaw == "found":
            return Down("never")
        if self.flaw == "many" and self.calls % 2 == 0:
            return Empty()
        if self.flaw == "stable" and held:
            return Found({**held, "name": f"张试{self.calls}"})
        if self.flaw == "empty" and held is None:
            return Down("no such person")
        if self.flaw == "attacks" and "'" in number:
            return Found([{"id_number": number, "name": "张试"}])
        if self.flaw == "concurrent":
            self.number = number  # one place for what everybody asks
            time.sleep(0.002)
            held = RECORDS.get(self.number)
        return Found(dict(held)) if held else Empty()


@pytest.mark.parametrize("flaw", ["none", "found", "stable", "empty", "attacks", "concurrent", "leaks"])
async def test_each_flaw_is_named_by_its_check(town: Town, flaw: str) -> None:
    done = await suite(town(source("a", connector="a"), connectors={"a": Flawed(flaw).connect}), "a")
    if flaw == "none":
        assert failed(done) == {}
    else:
        assert flaw in failed(done)


class OnTheLine:
    """A register that speaks a line protocol of its own: the number in, the name or nothing out."""

    def __init__(self, source: Source, settings: Any) -> None:
        url = str(settings.get("url", ""))
        host, port = url.removeprefix("tcp://").split(":") if url else (settings["host"], settings["port"])
        self.host, self.port = str(host), int(port)

    def ask(self, by: Any) -> Any:
        try:
            with socket.create_connection((self.host, self.port), timeout=1) as line:
                line.settimeout(1)
                line.sendall(by["id_number"].encode() + b"\n")
                said = b""
                while not said.endswith(b"\n") and (part := line.recv(100)):
                    said += part
            name = said.decode()
        except (OSError, ValueError) as error:
            return Down(type(error).__name__)
        if not name.endswith("\n") or name[:1] not in "+-":
            return Down("half a line")
        return Found({"id_number": by["id_number"], "name": name[1:].strip()}) if name[0] == "+" else Empty()


@pytest.mark.parametrize("kind", ["url", "host and port"])
async def test_a_protocol_of_its_own_is_fouled_on_the_wire_and_gets_no_answers_of_http(town: Town, kind: str) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        held = RECORDS.get((await reader.readline()).decode().strip())
        writer.write(f"+{held['name']}\n".encode() if held else b"-\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    settings: dict[str, Any] = {"url": f"tcp://127.0.0.1:{port}"}
    if kind != "url":
        settings = {"host": "127.0.0.1", "port": port}
    made = source("a", connector="a", settings=settings, timeout_ms=20_000)
    done = await suite(town(made, connectors={"a": OnTheLine}), "a")
    server.close()
    assert failed(done) == {}
    assert {"hang", "cut", "garbage", "recovers"} <= set(done)
    assert "only an address that begins with http://" in done["replies"].reason
    assert "no JSON" not in done


async def test_a_register_without_an_address_says_why_its_wire_was_left_out(town: Town) -> None:
    done = await suite(town(source("a", connector="a"), connectors={"a": Flawed("none").connect}), "a")
    assert done["wire"].skipped
    assert '"host" and "port"' in done["wire"].reason


class Busy(Flawed):
    """A register that gives up for a moment: with the list that is asked for, or with several at once."""

    asked = 0

    def ask(self, by: Any, many: bool = False) -> Any:
        if many and self.flaw == "list":
            return Down("TimeoutError")
        self.asked += 1
        try:
            time.sleep(0.1)
            return Down("TimeoutError") if self.flaw == "at once" and self.asked > 1 else super().ask(by)
        finally:
            self.asked -= 1


@pytest.mark.parametrize(
    ("flaw", "check", "says"),
    [
        ("list", "many", "asked for a list: down: TimeoutError"),
        ("at once", "concurrent", '"settings": {"concurrent": 1}'),
    ],
)
async def test_a_busy_register_is_told_by_what_it_said_and_not_by_what_followed(
    town: Town, flaw: str, check: str, says: str
) -> None:
    done = await suite(town(source("a", connector="a"), connectors={"a": Busy(flaw).connect}), "a")
    assert says in failed(done)[check]


async def test_an_open_query_schema_and_a_record_without_its_key_are_named(town: Town) -> None:
    query = {"type": "object", "properties": {"id_number": {"type": "string"}}}
    loose = source("a", connector="a", query=query)
    done = await suite(town(loose, connectors={"a": Flawed("none").connect}), "a")
    assert "additionalProperties" in failed(done)["wrong type"] or "close the query" in failed(done)["wrong type"]
    keyless = {"type": "object", "properties": {"name": {"type": "string"}}}
    done = await suite(town(source("a", connector="a", record=keyless), connectors={"a": Flawed("none").connect}), "a")
    assert "cannot be noticed" in failed(done)["found"]


async def test_what_cannot_be_tried_is_left_out_with_its_reason(town: Town, person: Source) -> None:
    sources = town(person)
    done = {check.name: check async for check in checks(sources, person)}
    assert done["found"].skipped
    assert '"examples"' in done["found"].reason


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://127.0.0.1:9", "settings.url is not encrypted"),
        ("https://127.0.0.1:9", "the service lies in a private network"),
    ],
)
async def test_a_register_that_was_never_asked_passes_no_check(town: Town, url: str, why: str) -> None:
    closed = source("a", connector="http", settings={"url": url, "path": "/{id_number}"})
    for known in (None, {"id_number": ELDER}):
        done = {check.name: check async for check in checks(town(closed), closed, found=known)}
        assert [check.name for check in done.values() if check.passed and not check.skipped] == []
        for name in ("wrong type", "leaks") if known else ("wrong type", "attacks"):
            assert done[name].reason.startswith(f"not asked: {why}")
            assert told(done[name].reason, "zh").startswith("没有问到：")


def test_a_new_source_passes_its_own_suite_under_pytest(tmp_path: Path) -> None:
    folder = scaffold.new("source", "fire-safety", tmp_path, None)
    command = [sys.executable, "-m", "pytest", "-p", "no:schemathesis", "-p", "no:xdist", "-v"]
    command += ["-p", "core.sources.conformance.pytest_plugin", "--rootdir", str(tmp_path), str(folder / "source.json")]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "9 passed" in done.stdout
    (folder / "captured" / "one.json").write_text('{"id_number": "11010519491231002X", "name": 5}')
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "does not fit the record schema: /name (type), /status (required)" in done.stdout
    (folder / "source.json").write_text("{", encoding="utf-8")
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode != 0
    assert "plugins/fire-safety/source.json: Line 1" in done.stdout
    assert "Traceback" not in done.stdout
