"""`serve --workers 2` on PostgreSQL: what one worker wrote the other answers for, and the death of one stops nobody."""

from __future__ import annotations

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import httpx
import pytest

from core import settings as settings_module
from core.catalog import actions as catalog_actions
from core.catalog.inspect import Around
from core.catalog.load import BUILT_IN_CONNECTORS
from core.jobs import JOBS
from core.kernel import running
from tests.cases import town

ROOT = Path(__file__).resolve().parents[2]
FILED = "/api/v1/items/elder-allowance/cases"


@dataclass
class Served:
    url: str
    process: subprocess.Popen[bytes]
    database: str
    told: dict[str, Any]

    def token(self) -> dict[str, str]:
        bearer = next(t["token"] for t in self.told["tokens"] if t["role"] == "portal" and t["channel"] == "web")
        return {"Authorization": f"Bearer {bearer}"}

    def workers(self) -> list[int]:
        """Process ids of the workers: children of the server that are serving."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        words = {int(one): Path(f"/proc/{one}/cmdline").read_bytes() for one in children}
        return sorted(pid for pid, line in words.items() if b"spawn_main" in line)

    def ask(self, sql: str) -> list[Any]:
        async def run() -> list[Any]:
            connection = await asyncpg.connect(self.database)
            try:
                return [tuple(row) for row in await connection.fetch(sql)]
            finally:
                await connection.close()

        return asyncio.run(run())

    def file(self, key: str, elder: int = 0, phone: str = "13900000000") -> httpx.Response:
        """On a connection of its own, so that the kernel deals it to either worker."""
        people = [one for one in self.told["accounts"] if one["role"] == "citizen" and one["login"].startswith("elder")]
        body = {
            "applicant": {"kind": "person", "id_number": people[elder]["id_number"]},
            "answers": {"phone": phone},
        }
        headers = {**self.token(), "Idempotency-Key": key}
        return httpx.post(self.url + FILED, json=body, headers=headers, timeout=30, trust_env=False)


def wait(what: str, done: Any, seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if done():
            return
        time.sleep(0.2)
    raise AssertionError(f"not in {seconds} s: {what}")


def answers(url: str) -> bool:
    try:
        return httpx.get(url + "/readyz", timeout=5, trust_env=False).status_code == 200
    except httpx.HTTPError:
        return False


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    if not town.postgresql_listens():
        pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
    folder = tmp_path_factory.mktemp("workers")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    holder = town.on_postgresql()
    with asyncio.Runner() as runner:
        database = runner.run(holder.__aenter__())
        command = [sys.executable, "-m", "core.cli", "serve", "--demo", "--workers", "2"]
        process = subprocess.Popen(
            [*command, "--data", str(folder), "--port", str(port)],
            cwd=ROOT,
            env={**os.environ, "LINGBAN_DATABASE_URL": database},
            stdout=subprocess.DEVNULL,
        )
        try:
            url = f"http://127.0.0.1:{port}"
            wait("the server is ready", lambda: answers(url), 120)
            yield Served(url, process, database, json.loads((folder / "demo.json").read_text(encoding="utf-8")))
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(30)
            runner.run(holder.__aexit__(None, None, None))


def test_one_key_sent_to_both_workers_at_once_makes_one_case(served: Served) -> None:
    with ThreadPoolExecutor(8) as pool:
        answered = list(pool.map(lambda n: served.file(f"key-{n // 4}", elder=n // 4), range(8)))
    assert {one.status_code for one in answered} <= {200, 201}, [one.text for one in answered]
    assert Counter(one.status_code for one in answered)[201] == 2
    for four in (answered[:4], answered[4:]):
        assert len({(one.json()["no"], one.json()["tracking_code"]) for one in four}) == 1
    assert served.file("key-0", elder=0, phone="13900000001").status_code == 409


def test_a_session_holds_at_either_worker(served: Served) -> None:
    account = next(one for one in served.told["accounts"] if one["login"] == "elder")
    with httpx.Client(base_url=served.url, trust_env=False, timeout=30) as http:
        page = http.get("/login").text
        hidden = dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
        said = http.post("/login", data={**hidden, "login": account["login"], "password": account["password"]})
        assert said.status_code == 303, said.text
        cookies = {one.name: one.value or "" for one in http.cookies.jar}
    for _ in range(12):  # a connection each: either worker takes it
        mine = httpx.get(served.url + "/me", cookies=cookies, trust_env=False, timeout=30)
        assert mine.status_code == 200


def test_every_event_is_delivered_once(served: Served) -> None:
    assert served.file("key-jobs").status_code in (200, 201)
    wait("nothing is pending", lambda: served.ask("SELECT 1 FROM cases_outbox WHERE state = 'pending'") == [])
    rows = served.ask("SELECT count(*), count(DISTINCT (case_id, seq)), max(attempts) FROM cases_outbox")
    count, distinct, attempts = rows[0]
    assert count == distinct > 0
    assert attempts <= 1, "an event was told by both workers"


def test_a_folder_published_into_the_database_is_soon_served_by_both(served: Served, tmp_path: Path) -> None:
    bundled = ROOT / "plugins" / "elder-meal"
    held = (file for file in bundled.rglob("*") if file.is_file())
    files = {file.relative_to(bundled).as_posix(): file.read_text("utf-8") for file in held}
    files["item.json"] = json.dumps({**json.loads(files["item.json"]), "title": "另一个窗口发布的事项"})

    async def publish() -> None:
        settings = settings_module.read(data=tmp_path, demo=True, environ={"LINGBAN_DATABASE_URL": served.database})
        async with running(settings) as third:
            catalog = third.catalog
            around = Around(third.office, catalog.sources, tuple(catalog.items), BUILT_IN_CONNECTORS, settings.schemas)
            await catalog_actions.publish("from-the-database", files, around, by="publisher")

    def seen() -> list[bool]:
        """On a connection each, so that either worker is asked."""
        asked = (httpx.get(served.url + "/items/from-the-database", trust_env=False, timeout=30) for _ in range(12))
        return [one.status_code == 200 and "另一个窗口发布的事项" in one.text for one in asked]

    assert not any(seen())
    asyncio.run(publish())
    wait("both serve it", lambda: all(seen()), 2 * next(job.every_s for job in JOBS if job.name == "office"))


def test_the_death_of_one_worker_stops_nobody(served: Served) -> None:
    before = served.workers()
    assert len(before) == 2
    os.kill(before[0], signal.SIGKILL)
    done = [served.file(f"after-{n}", elder=n % 2) for n in range(6) if _lives(served)]
    assert len(done) == 6
    assert {one.status_code for one in done} <= {200, 201}
    wait("a new worker stands in", lambda: len(served.workers()) == 2)
    wait("nothing is pending", lambda: served.ask("SELECT 1 FROM cases_outbox WHERE state = 'pending'") == [])
    assert served.ask("SELECT count(*) FROM cases_case WHERE events_count = 0") == [(0,)]


def _lives(served: Served) -> bool:
    wait("a worker answers", lambda: answers(served.url))
    return True
