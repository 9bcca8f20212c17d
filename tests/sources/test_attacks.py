"""Injection in `by` values, on every back end: a value is a parameter, finds nobody, and is told to no log."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest

from core.contract import Source
from core.sources.engine import Sources
from tests.sources.attacks import ATTACKS
from tests.sources.conftest import CALENDAR, ELDER, ROWS, facts, item, lookup, source
from tests.sources.service import Reply, Request, Service
from tests.sources.test_servers import CREATE, DROP, INSERTS, SERVERS, listens, persons

pytestmark = pytest.mark.anyio
Town = Callable[..., Sources]
DOORS = ("sqlite", "table", "postgresql", "mariadb", "path", "query", "body")
NAMES = [row[1] for row in ROWS]


@dataclass
class Door:
    sources: Sources
    source: Source
    service: Service | None = None


def http_settings(door: str, url: str) -> dict[str, Any]:
    common = {"url": url, "empty_status": [404], "allow": ["http", "private"]}
    if door == "path":
        return {**common, "path": "/persons/{id_number}/basic"}
    if door == "query":
        return {**common, "path": "/persons", "query": {"number": "/id_number"}}
    return {**common, "path": "/persons", "method": "POST", "body": {"who": [{"number": "/id_number"}]}}


def asked(door: str, request: Request) -> Any:
    """The number, as a service reads it out of a request."""
    if door == "path":
        return unquote(urlsplit(request.target).path.split("/")[2])
    return request.query["number"] if door == "query" else request.json["who"][0]["number"]


@pytest.fixture(params=DOORS)
async def door(request: pytest.FixtureRequest, town: Town, person: Source, tmp_path: Path) -> AsyncIterator[Door]:
    name: str = request.param
    async with AsyncExitStack() as stack:
        service = None
        if name == "sqlite":
            served = person
        elif name == "table":
            (tmp_path / "p.csv").write_text("id_number,name\n" + "".join(f"{row[0]},{row[1]}\n" for row in ROWS[:2]))
            served = source(connector="table", settings={"path": "p.csv"}, folder=str(tmp_path))
        elif name in ("postgresql", "mariadb"):
            server = next(one for one in SERVERS if one.kind == name)
            if not listens(server.port):
                pytest.skip(f"no {name} listens on 127.0.0.1:{server.port}")
            await server.run(DROP, CREATE, *INSERTS)
            stack.push_async_callback(server.run, DROP)
            served = persons(server.url())
        else:

            def answer(sent: Request) -> Any:
                return {"id_number": ELDER, "name": "张试"} if asked(name, sent) == ELDER else Reply({}, 404)

            service = await stack.enter_async_context(Service(answer))
            served = source(connector="http", settings=http_settings(name, service.url))
        yield Door(town(served), served, service)


async def test_no_value_is_code_and_none_is_told(
    door: Door, request: pytest.FixtureRequest, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    id = door.source.id
    served = door.sources.find(id)
    assert served is not None
    for attack in ATTACKS:
        before = len(door.service.requests) if door.service else 0
        for many in (False, True):
            answer = await asyncio.wait_for(door.sources.probe(id, {"id_number": attack}, many=many), 10)
            assert answer.outcome in ("empty", "down"), attack
            assert answer.value is None
            assert len(attack) < 5 or attack not in answer.reason
        # Through an item as well: the applicant wrote it, and evidence is what staff read.
        asking = item({"a": lookup(id)})
        evidence = await door.sources.ask(asking, facts(applicant={"id_number": attack}), calendar=CALENDAR)
        assert evidence["a"].outcome in ("empty", "down"), attack
        assert evidence["a"].value is None
        for sent in door.service.requests[before:] if door.service else ():
            assert asked(request.node.callspec.params["door"], sent) == attack
            assert "x-injected" not in sent.headers
            assert sent.headers["host"].startswith("localhost")
        served._breaker.worked()  # what the wire cannot carry is Down
    known = await door.sources.probe(id, {"id_number": ELDER})
    assert (known.outcome, known.value["name"]) == ("found", "张试")
    told = caplog.text + json.dumps([one.reason for one in served.state().troubles], ensure_ascii=False)
    assert not [attack for attack in ATTACKS if len(attack) >= 10 and attack in told]
    assert not [name for name in (ELDER, *NAMES) if name in told.replace("id_number=" + ELDER, "")]
