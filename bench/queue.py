"""The queue page of a reviewer on 1,000,000 waiting cases (PostgreSQL), against the same page on 1,000.

Two databases of its own, dropped afterwards; the rows are multiplied by SQL from one real case, so it takes minutes and
a few gigabytes. Not part of a plain `make bench`: python -m bench queue
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import re
import secrets
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import asyncpg  # type: ignore[import-untyped]

from bench.table import Row, microseconds
from bench.web import Browser, free_port, server

SLOW = True
SERVER = "postgres://postgres@127.0.0.1:5432"
FEW, MANY = 1_000, int(os.environ.get("LINGBAN_BENCH_CASES", "1000000"))
ROUNDS, PAGES = 12, 10
REVIEWER = "reviewer-civil-affairs-shipu"


async def _execute(database: str, *statements: str) -> None:
    connection = await asyncpg.connect(f"{SERVER}/{database}")
    try:
        for one in statements:
            await connection.execute(one)
    finally:
        await connection.close()


async def _multiply(database: str, count: int) -> None:
    """`count` copies of the one case, waiting in the reviewer's office, each with an id, a number and a key."""
    connection = await asyncpg.connect(f"{SERVER}/{database}")
    try:
        area = await connection.fetchval("SELECT area FROM office_account WHERE login = $1", REVIEWER)
        names = [
            row["column_name"]
            for row in await connection.fetch(
                "SELECT column_name FROM information_schema.columns WHERE table_name = 'cases_case'"
            )
        ]
        own = {
            "id": "gen_random_uuid()", "no": "'B' || n", "filing_key": "'bench' || n", "status": "'in_step'",
            "waiting": "(n % 50 > 0)::int", "rank": "(n % 50 > 0)::int", "deciding_unit": "'civil-affairs'",
            "deciding_area": f"'{area}'",
        }  # fmt: skip
        columns = ", ".join(f'"{name}"' for name in names)
        values = ", ".join(own.get(name, f'c."{name}"') for name in names)
        await connection.execute(
            f"INSERT INTO cases_case ({columns}) SELECT {values} "
            f"FROM cases_case AS c, generate_series(1, {count}) AS n WHERE c.no NOT LIKE 'B%'"
        )
        await connection.execute("VACUUM ANALYZE cases_case")
    finally:
        await connection.close()


@contextlib.contextmanager
def _town(count: int) -> Iterator[Browser]:
    """A serving town on a database of its own with so many cases in the reviewer's queue; signed in as he."""
    name = f"lingban_bench_{secrets.token_hex(4)}"
    asyncio.run(_execute("postgres", f"CREATE DATABASE {name}"))
    before = os.environ.get("LINGBAN_DATABASE_URL")
    os.environ["LINGBAN_DATABASE_URL"] = f"{SERVER}/{name}"
    try:
        with tempfile.TemporaryDirectory() as folder:
            port = free_port()
            command = (sys.executable, "-m", "core.cli", "serve", "--demo", "--data", folder, "--port", str(port))
            with server(*command, port=port, ready="/readyz"):
                told = json.loads((Path(folder) / "demo.json").read_text(encoding="utf-8"))
                _file_one(port, told)
                asyncio.run(_multiply(name, count))
                browser = Browser(port)
                account = next(one for one in told["accounts"] if one["login"] == REVIEWER)
                page = browser.ask("GET", "/login")
                fields = {"login": account["login"], "password": account["password"]}
                browser.ask("POST", "/login", {**browser.fields_of(page), **fields})
                yield browser
    finally:
        if before is None:
            del os.environ["LINGBAN_DATABASE_URL"]
        else:
            os.environ["LINGBAN_DATABASE_URL"] = before
        asyncio.run(_execute("postgres", f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))


def _file_one(port: int, told: dict[str, list[dict[str, str]]]) -> None:
    citizen = next(one for one in told["accounts"] if one["role"] == "citizen")
    token = next(one for one in told["tokens"] if one["role"] == "portal")
    body = {"applicant": {"kind": "person", "id_number": citizen["id_number"]}, "answers": {"phone": "13900000000"}}
    request = urllib.request.Request(
        f"http://127.0.0.1:{port}/api/v1/items/elder-allowance/cases",
        json.dumps(body).encode(),
        {"Authorization": f"Bearer {token['token']}", "Content-Type": "application/json"},
    )
    with urllib.request.urlopen(request) as answer:
        assert answer.status == 201


def _time(browser: Browser, path: str) -> float:
    started = time.perf_counter()
    for _ in range(PAGES):
        browser.ask("GET", path)
    return (time.perf_counter() - started) / PAGES


def _second(browser: Browser) -> str:
    found = re.search(r'href="(/admin/\?[^"]*after=[^"]+)"', browser.ask("GET", "/admin/"))
    if found is None:
        raise RuntimeError("The queue has no second page.")
    return found[1].replace("&amp;", "&")


def run() -> list[Row]:
    with _town(FEW) as few, _town(MANY) as many:
        pages = {
            "first page of the queue": ("/admin/", "/admin/"),
            "a further page": (_second(few), _second(many)),
            "filtered by a status nobody has": ("/admin/?state=paused", "/admin/?state=paused"),
            "what is over": ("/admin/?state=decided", "/admin/?state=decided"),
            "over, by a status nobody has": ("/admin/?state=withdrawn", "/admin/?state=withdrawn"),
            "the counts of /metrics": ("/metrics", "/metrics"),
        }
        rows = []
        for what, (small, large) in pages.items():
            times: list[tuple[float, float]] = [
                (_time(few, small), _time(many, large)) for _ in range(ROUNDS)
            ]  # interleaved, so that a noisy moment meets both; the least is taken
            floor, cost = min(one for one, _ in times), min(one for _, one in times)
            rows.append(
                Row(f"{what}, {MANY:,} cases against {FEW:,}", microseconds(cost), microseconds(floor), cost / floor,
                    1.5, 1 / cost)
            )  # fmt: skip
        return rows
