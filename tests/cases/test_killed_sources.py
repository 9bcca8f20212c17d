"""Filings while their sources are killed at random: nothing lost, nothing twice, nothing granted that is not proved.

A real server with real registers (`weather`); citizens' filings come over the API, officers press the buttons of the
desk, the jobs ask again meanwhile. `LINGBAN_WEATHER_FILINGS=10000` for the figure of the issue, few in the suite;
`LINGBAN_WEATHER_SEED` repeats the dice.
"""

from __future__ import annotations

import asyncio
import base64
import json
import os
import random
import re
import shutil
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import httpx
import pytest

from bench.web import free_port
from tests.cases import town
from tests.cases.aftermath import check_all
from tests.cases.weather import SOURCES, Weather, records_of, weather
from tests.sources.test_servers import listens

pytestmark = pytest.mark.anyio
ROOT = Path(__file__).parents[2]
FILINGS = int(os.environ.get("LINGBAN_WEATHER_FILINGS", "80"))
SEED = int(os.environ.get("LINGBAN_WEATHER_SEED", "5"))
AT_ONCE, STORMS, OFFICERS_EACH = (12, 2, 1) if FILINGS < 1000 else (24, 4, 4)
HUNG_UP = (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError)
"""A connection that the server let go of at the very moment it was used: a browser sends again, and so do we."""
FRESH = httpx.Limits(keepalive_expiry=2)
"""The server lets go of a connection that idles for five seconds, and a post is not sent twice by itself."""
PDF = base64.b64encode(b"%PDF-1.7 a made-up page").decode()
OFFICERS = (
    "reviewer-civil-affairs", "reviewer-civil-affairs-shipu", "reviewer-justice", "reviewer-water-affairs",
    "reviewer-approval-bureau", "reviewer-approval-bureau-shipu",
)  # fmt: skip
NEVER_APPROVED_OPEN = """
SELECT c.no FROM cases_case c JOIN cases_material m ON m.case_id = c.id
WHERE c.outcome = 'approve' AND m.required AND m.open
"""


@dataclass
class Told:
    """What the citizens were told, and how often what was answered."""

    receipts: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Idempotency-Key → (number, tracking code)."""
    statuses: Counter[str] = field(default_factory=Counter)
    moves: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0


def bodies(dice: random.Random) -> Callable[[], tuple[str, dict[str, Any]]]:
    """A draw gives one filing: (item, body). Persons and firms of the registers, sometimes of none."""
    persons, firms = records_of("natural-person"), records_of("legal-entity")
    accounts = {row["id_number"]: row["bank_account"] for row in records_of("own-business")}

    def person() -> dict[str, Any]:
        one = dice.choice(persons)
        return {"kind": "person", "name": one["name"], "id_number": one["id_number"], "area": one["area"]}

    def firm() -> dict[str, Any]:
        one = dice.choice(firms)
        return {"kind": "enterprise", "name": one["name"], "credit_code": one["credit_code"], "area": one["area"]}

    def some(**files: float) -> dict[str, Any]:
        """Each file with its chance: what is not sent is open when its lookup fails."""
        return {name: [{"name": "a.pdf", "base64": PDF}] for name, chance in files.items() if dice.random() < chance}

    def allowance() -> dict[str, Any]:
        who = person()
        answers = {"phone": "13900000000", "name": who["name"], "birth_date": "1940-01-01"}
        if dice.random() < 0.5:
            answers["bank_account"] = accounts.get(who["id_number"], "6210000000000000017")
        return {"applicant": who, "answers": answers, "files": some(account=0.3, identity=0.2)}

    def legal_aid() -> dict[str, Any]:
        matter = dice.choice(["请求支付劳动报酬", "请求工伤待遇", "其他"])
        answers = {"matter": matter, "about": "从今年三月起没有发工资，请求支付。", "phone": "13900000000"}
        promises = ["hardship"] if dice.random() < 0.6 else []
        return {"applicant": person(), "answers": answers, "promises": promises, "files": some(hardship=0.2)}

    def sewage() -> dict[str, Any]:
        who = firm()
        answers = {"enterprise_name": who["name"], "outlet_area": "320583103205", "daily_volume_m3": 12.5,
                   "contact": "谢样未", "phone": "13900000000"}  # fmt: skip
        return {"applicant": who, "answers": answers, "files": some(licence=0.2, facilities=0.2, **{"water-test": 0.2})}

    def restaurant() -> dict[str, Any]:
        answers = {"place_area": "320583103205", "place": "虚构路1号", "area_m2": 80, "contact": "谢样未",
                   "phone": "13900000000", "gas": dice.random() < 0.5, "smoke": dice.random() < 0.5}  # fmt: skip
        promises = [one for one in ("health", "gas") if dice.random() < 0.6]
        return {"applicant": firm(), "answers": answers, "promises": promises, "files": some(layout=0.7, title=0.3)}

    kinds = (("elder-allowance", allowance), ("legal-aid", legal_aid), ("sewage-permit", sewage),
             ("restaurant-opening", restaurant))  # fmt: skip

    def draw() -> tuple[str, dict[str, Any]]:
        item, body = dice.choices(kinds, (5, 2, 2, 1))[0]
        return item, body()

    return draw


@asynccontextmanager
async def serving(folder: Path, sky: Weather, url: str) -> AsyncIterator[str]:
    """`lingban serve --demo` as an office would run it, on the registers of the weather."""
    port = free_port()
    environment = {**os.environ, **sky.environment, **({"LINGBAN_DATABASE_URL": url} if url else {})}
    with (folder / "serve.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "core.cli", "--plugins", str(folder / "plugins"), "serve", "--demo",
            "--data", str(folder / "data"), "--port", str(port),
            cwd=ROOT, env=environment, stdout=asyncio.subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
    address = f"http://127.0.0.1:{port}"
    try:
        async with httpx.AsyncClient() as http:
            for _ in range(600):
                try:
                    if (await http.get(f"{address}/readyz")).status_code == 200:
                        break
                except httpx.HTTPError:
                    pass
                assert process.returncode is None, (folder / "serve.log").read_text()
                await asyncio.sleep(0.1)
        yield address
    finally:
        process.terminate()
        await asyncio.wait_for(process.wait(), 30)


async def citizens(address: str, token: str, dice: random.Random, told: Told) -> None:
    """Files until enough are filed; some lose patience, press twice, or come back for the receipt."""
    draw = bodies(dice)
    left = iter(range(FILINGS))
    headers = {"Authorization": f"Bearer {token}"}

    async def send(http: httpx.AsyncClient, item: str, body: Any, key: str, patience_s: float = 60) -> None:
        began = time.monotonic()
        try:
            answer = await http.post(
                f"/api/v1/items/{item}/cases",
                json=body,
                headers={**headers, "Idempotency-Key": key},
                timeout=patience_s,
            )
        except (httpx.TimeoutException, *HUNG_UP) as error:
            told.statuses["gave up" if isinstance(error, httpx.TimeoutException) else "hung up"] += 1
            return
        told.statuses[str(answer.status_code)] += 1
        told.slowest_s = max(told.slowest_s, time.monotonic() - began)
        assert answer.status_code in (200, 201, 422), answer.text
        if answer.status_code == 422:
            assert answer.json()["problems"], answer.text
            return
        said = answer.json()
        assert told.receipts.setdefault(key, (said["no"], said["tracking_code"])) == (said["no"], said["tracking_code"])

    async def one_after_another() -> None:
        async with httpx.AsyncClient(base_url=address, limits=FRESH) as http:
            for number in left:
                (item, body), key, mood = draw(), f"filing-{number}", dice.random()
                if mood < 0.05:
                    await send(http, item, body, key, patience_s=dice.uniform(0.001, 0.2))
                if mood > 0.95:
                    await asyncio.gather(send(http, item, body, key), send(http, item, body, key))
                await send(http, item, body, key)
                if key not in told.receipts:
                    await send(http, item, body, key)  # said no for want of an answer: once more
                elif dice.random() < 0.05:
                    await send(http, item, body, key)

    await asyncio.gather(*(one_after_another() for _ in range(AT_ONCE)))


async def officer(address: str, account: dict[str, str], dice: random.Random, told: Told, over: asyncio.Event) -> None:
    """Grants whatever is granted to him, says he has seen papers, asks again; the desk must know better."""
    async with httpx.AsyncClient(base_url=address, timeout=60, limits=FRESH) as http:
        fields = {"login": account["login"], "password": account["password"]}
        answer = await http.post("/login", data=hidden((await http.get("/login")).text) | fields)
        assert answer.status_code == 303, answer.text
        while not over.is_set():
            try:
                await one_round(http, dice, told)
            except HUNG_UP:
                told.moves["hung up"] += 1
            await asyncio.sleep(dice.uniform(0.05, 0.5))


async def one_round(http: httpx.AsyncClient, dice: random.Random, told: Told) -> None:
    """Some cases of the queue, a button each."""
    answer = await http.get("/admin/")
    assert answer.status_code == 200, answer.text
    waiting = re.findall(r'href="/admin/cases/([^"?/]+)', answer.text)
    for no in dice.sample(waiting, min(len(waiting), 4)):
        answer = await http.get(f"/admin/cases/{no}")
        assert answer.status_code == 200, answer.text
        page = answer.text
        papers = re.findall(rf'action="/admin/cases/{no}/materials/([a-z-]+)/seen"', page)
        draw = dice.random()
        if papers and draw < 0.3:
            act, said = f"materials/{dice.choice(papers)}/seen", {"because": "已电话核实"}
        elif draw < 0.4:
            act, said = "look-up", {}
        elif draw < 0.6:
            act, said = "moves/finish_step", {"opinion": "agree", "because": "同意"}
        else:
            act, said = "moves/decide", {"outcome": "approve", "because": "材料属实"}
        answer = await http.post(f"/admin/cases/{no}/{act}", data=hidden(page) | said)
        told.moves[f"{act.rpartition('/')[2]} {answer.status_code}"] += 1
        assert answer.status_code in (303, 403, 409, 422, 503), answer.text
        if answer.status_code == 503:
            assert act == "look-up", answer.text


def hidden(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


async def watch(file: Path, url: str, over: asyncio.Event) -> int:
    """Looks into the database all the while, from outside: at no moment is anything granted that is open."""
    looks = 0
    connection = await asyncpg.connect(url) if url else None
    while not over.is_set():
        if connection is not None:
            found = [row["no"] for row in await connection.fetch(NEVER_APPROVED_OPEN)]
        else:
            with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True, timeout=30)) as raw:
                found = [row[0] for row in raw.execute(NEVER_APPROVED_OPEN)]
        assert found == []
        looks += 1
        await asyncio.sleep(0.25 if FILINGS < 1000 else 2)
    if connection is not None:
        await connection.close()
    return looks


async def storm(sky: Weather, dice: random.Random, over: asyncio.Event) -> None:
    """One trouble after another, each for a moment; now and then sunshine long enough for a breaker to close."""
    while not over.is_set():
        await sky.blow(lambda: dice.uniform(0.1, 2.5))
        await asyncio.sleep(dice.choice([0.1, 0.3, 1, 6] if FILINGS >= 1000 else [0.1, 0.3, 1]))


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"] if FILINGS >= 1000 else ["sqlite"])
async def test_sources_killed_at_random_lose_no_case_and_approve_none_that_is_open(
    anyio_backend: str, kind: str, seeded: Path, tmp_path: Path
) -> None:
    for port in (5432, 3306):
        if not listens(port):
            pytest.skip(f"nothing listens on 127.0.0.1:{port}")
    dice, told, over = random.Random(SEED), Told(), asyncio.Event()
    async with AsyncExitStack() as stack:
        url = await stack.enter_async_context(town.on_postgresql()) if kind == "postgresql" else ""
        sky = await stack.enter_async_context(weather(tmp_path, dice))
        if kind == "sqlite":
            shutil.copytree(seeded, tmp_path / "data")
        async with serving(tmp_path, sky, url) as address:
            began = time.monotonic()
            demo = json.loads((tmp_path / "data" / "demo.json").read_text(encoding="utf-8"))
            token = next(t["token"] for t in demo["tokens"] if t["role"] == "portal" and t["channel"] == "web")
            accounts = [one for one in demo["accounts"] if one["login"] in OFFICERS]

            async def until_filed(work: Awaitable[None]) -> None:
                try:
                    await work
                finally:
                    over.set()

            tasks = await asyncio.gather(
                until_filed(citizens(address, token, dice, told)),
                watch(tmp_path / "data" / "lingban.sqlite3", url, over),
                *(storm(sky, dice, over) for _ in range(STORMS)),
                *(officer(address, one, dice, told, over) for one in accounts * OFFICERS_EACH),
            )
            filed_s = time.monotonic() - began
            await sky.clear_all()
            await asyncio.sleep(30 if FILINGS >= 1000 else 1)  # the jobs: what came back is asked again
            async with httpx.AsyncClient(base_url=address) as http:
                assert (await http.get("/readyz")).status_code == 200
        figures = await check_all(tmp_path / "data", url, told.receipts, sky)
    print(json.dumps({
        "filings": FILINGS, "database": kind, "seconds": round(filed_s), "answers": dict(told.statuses),
        "slowest_s": round(told.slowest_s, 1), "moves": dict(told.moves), "looks": tasks[1],
        "troubles": sum(sky.seen.values()), "kinds_of_trouble": len(sky.seen), **figures,
    }, ensure_ascii=False, indent=1))  # fmt: skip
    assert {name.partition(":")[0] for name in sky.seen} <= set(SOURCES)
    assert len(told.receipts) > FILINGS * 0.6
