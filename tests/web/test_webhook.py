"""The webhook notifier against real sockets: the documented receiver, and ones that hang, die or refuse."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import dataclasses
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from admin.words import EVENTS
from core import outside
from core.cases.models import Delivery
from core.settings import Settings
from core.web.app import build
from tests.conftest import Client
from tests.web.test_api import PATH, body_of

BOTH_DATABASES = True

ROOT = Path(__file__).resolve().parents[2]
SECRET = "whsec_" + base64.b64encode(b"a secret of the tests, 32 bytes!").decode()


class Endpoint:
    """An endpoint at a socket of its own; `answer` may be changed while it runs, `hang` keeps it from answering."""

    def __init__(self, port: int = 0) -> None:
        self.got: list[tuple[dict[str, str], dict[str, Any]]] = []
        self.answer, self.hang = 204, False
        endpoint = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                if endpoint.hang:
                    time.sleep(3)
                    return
                endpoint.got.append(({k.lower(): v for k, v in self.headers.items()}, json.loads(body)))
                self.send_response(endpoint.answer)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self.server.daemon_threads = True
        self.port = self.server.server_port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self.server.shutdown()
        self.server.server_close()

    def events(self) -> list[tuple[str, str]]:
        return [(event["subject"], event["data"]["type"]) for _, event in self.got]


@pytest.fixture
def endpoint() -> Iterator[Endpoint]:
    made = Endpoint()
    yield made
    made.close()


@contextlib.contextmanager
def serving(town: Settings, **endpoints: str) -> Iterator[Client]:
    """The town with its jobs running and these endpoints, name → URL."""
    environment = {"LINGBAN_WEBHOOKS": ",".join(endpoints)}
    for name, url in endpoints.items():
        environment |= {
            f"LINGBAN_WEBHOOK_{name.upper()}_URL": url,
            f"LINGBAN_WEBHOOK_{name.upper()}_SECRET": SECRET,
            f"LINGBAN_WEBHOOK_{name.upper()}_ALLOW": "private plain",
        }
    settings = dataclasses.replace(town, environment={**town.environment, **environment})
    with TestClient(build(settings), base_url="http://127.0.0.1:8000") as http:
        yield Client(http, json.loads((town.data / "demo.json").read_text(encoding="utf-8")), settings)


ELDERS = ("elder", "elder-80-today", "elder-100")


def file(client: Client, login: str = ELDERS[0]) -> str:
    number = next(one["id_number"] for one in client.told["accounts"] if one["login"] == login)
    body = body_of(client, applicant={"kind": "person", "id_number": number})
    answer = client.http.post(PATH, json=body, headers=client.token())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["no"])


def within(seconds: float, holds: Callable[[], object]) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if holds():
            return True
        time.sleep(0.05)
    return False


def rows(client: Client) -> list[dict[str, Any]]:
    async def read() -> list[dict[str, Any]]:
        return [dict(one) for one in await Delivery.all().order_by("id").values("listener", "state", "error", "seq")]

    assert client.http.portal is not None
    return client.http.portal.call(read)


def all_taken(client: Client) -> bool:
    """Whether nothing waits any more; what does is made due, as if the wait were over."""

    async def push() -> None:
        for one in await Delivery.all():
            await Delivery.filter(id=one.id).update(next_at=one.since)

    assert client.http.portal is not None
    client.http.portal.call(push)
    return not rows(client)


def example() -> str:
    page = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"```python\n(.*?)```", page, re.S)
    return str(block)


def test_the_documented_receiver_takes_what_is_sent_and_nothing_that_was_changed(town: Settings) -> None:
    environment = {**os.environ, "WEBHOOK_SECRET": SECRET, "PORT": "0"}
    with subprocess.Popen([sys.executable, "-c", example()], stdout=subprocess.PIPE, text=True, env=environment) as it:
        assert it.stdout is not None
        try:
            port = int(it.stdout.readline().split()[1])
            with serving(town, archive=f"http://127.0.0.1:{port}/events") as client:
                no = file(client)
                assert [it.stdout.readline().split() for _ in range(2)] == [[no, "filed"], [no, "decided"]]
                assert within(5, lambda: not rows(client))
            forged = b'{"id": "x"}'
            headers = {"webhook-id": "x", "webhook-timestamp": str(int(time.time())), "webhook-signature": "v1,AAAA"}
            refused = outside.post(f"http://127.0.0.1:{port}/", forged, headers, private=True, plain=True)
            with pytest.raises(outside.NotTaken, match="it answered 401"):
                asyncio.run(refused)
        finally:
            it.kill()


def test_an_event_is_a_signed_cloud_event_without_personal_data(town: Settings, endpoint: Endpoint) -> None:
    with serving(town, archive=f"http://127.0.0.1:{endpoint.port}/") as client:
        no = file(client)
        assert within(10, lambda: len(endpoint.got) == 2)
    headers, event = endpoint.got[0]
    assert headers["content-type"].startswith("application/cloudevents+json")
    assert headers["webhook-id"] == event["id"] == event["data"]["id"]
    assert {k: event[k] for k in ("specversion", "source", "type", "subject", "datacontenttype")} == {
        "specversion": "1.0", "source": "/lingban", "type": "cn.lingban.case.filed", "subject": no,
        "datacontenttype": "application/json",
    }  # fmt: skip
    assert set(event["data"]) == {"id", "type", "at", "case", "item", "version", "from", "to", "unit", "area"}


def test_one_endpoint_that_hangs_and_one_that_is_gone_keep_nothing_from_a_third(
    town: Settings, endpoint: Endpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outside, "LIMIT_S", 0.5)
    hung = Endpoint()
    hung.hang = True
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nobody = probe.getsockname()[1]
    ports = {"well": endpoint.port, "hung": hung.port, "gone": nobody}
    with serving(town, **{name: f"http://127.0.0.1:{port}/" for name, port in ports.items()}) as client:
        filed = [file(client, login) for login in ELDERS]
        assert within(15, lambda: len(endpoint.got) == 6)
        for no in filed:
            assert [type for case, type in endpoint.events() if case == no] == ["filed", "decided"]
        assert within(10, lambda: len(rows(client)) == 12)
        said = {row["listener"]: row["error"] for row in rows(client) if row["error"]}
        assert "no answer within" in said["webhook:hung"]
        assert "ConnectError" in said["webhook:gone"]
        gauges = client.http.get("/metrics").text
        assert 'lingban_listener_events{listener="webhook:well",result="delivered"} 6.0' in gauges
        assert 'lingban_listener_events{listener="webhook:gone",result="delivered"} 0.0' in gauges
        assert 'lingban_listener_waiting{listener="webhook:gone"} 6.0' in gauges
        assert 'lingban_listener_dead{listener="webhook:gone"} 0.0' in gauges
        lag = dict(re.findall(r'lingban_listener_lag_seconds{listener="webhook:(\w+)"} ([\d.]+)', gauges))
        assert (float(lag["well"]), float(lag["gone"]) > 0) == (0, True)
        # They come back: everything arrives, in order, and nobody is told twice of what he has taken.
        hung.hang = False
        back = Endpoint(nobody)
        assert within(20, lambda: all_taken(client))
        for one in (hung, back):
            for no in filed:
                assert [type for case, type in one.events() if case == no] == ["filed", "decided"]
        assert len(endpoint.got) == 6
        for one in (hung, back):
            one.close()


def test_what_was_taken_but_not_answered_comes_again_with_the_same_id(town: Settings, endpoint: Endpoint) -> None:
    endpoint.answer = 500
    with serving(town, archive=f"http://127.0.0.1:{endpoint.port}/") as client:
        file(client)
        assert within(10, lambda: len(endpoint.got) == 1 and len(rows(client)) == 2)
        assert rows(client)[0]["error"] == "NotTaken: it answered 500"
        endpoint.answer = 302
        all_taken(client)
        assert within(10, lambda: len(endpoint.got) == 2)
        endpoint.answer = 200
        assert within(20, lambda: all_taken(client))
    ids = [event["id"] for _, event in endpoint.got]
    assert ids[0] == ids[1] == ids[2] != ids[3]
    assert [event["data"]["type"] for _, event in endpoint.got] == ["filed", "filed", "filed", "decided"]


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"LINGBAN_WEBHOOK_A_URL": ""}, "LINGBAN_WEBHOOK_A_URL is not set"),
        ({"LINGBAN_WEBHOOK_A_SECRET": ""}, "LINGBAN_WEBHOOK_A_SECRET is not set"),
        ({"LINGBAN_WEBHOOK_A_ALLOW": "plain"}, "private network"),
        ({"LINGBAN_WEBHOOK_A_ALLOW": "private"}, "not encrypted"),
        ({"LINGBAN_WEBHOOK_A_URL": "https://"}, "names no host"),
    ],
)
def test_an_endpoint_that_is_not_set_up_says_what_is_missing(
    town: Settings, endpoint: Endpoint, more: dict[str, str], says: str
) -> None:
    environment = {
        "LINGBAN_WEBHOOKS": "a", "LINGBAN_WEBHOOK_A_URL": f"http://127.0.0.1:{endpoint.port}/",
        "LINGBAN_WEBHOOK_A_SECRET": SECRET, "LINGBAN_WEBHOOK_A_ALLOW": "private plain", **more,
    }  # fmt: skip
    settings = dataclasses.replace(town, environment={**town.environment, **environment})
    with TestClient(build(settings), base_url="http://127.0.0.1:8000") as http:
        client = Client(http, json.loads((town.data / "demo.json").read_text(encoding="utf-8")), settings)
        file(client)
        assert within(10, lambda: any(says in row["error"] for row in rows(client)))
    assert endpoint.got == []


def test_without_an_endpoint_nothing_is_kept_for_anybody(town: Settings) -> None:
    with serving(town) as client:
        file(client)
        time.sleep(1.5)
        assert rows(client) == []


def test_the_page_names_every_event_that_is_sent() -> None:
    page = (ROOT / "docs" / "webhooks.md").read_text(encoding="utf-8")
    named = set(re.findall(r"^\| `([a-z_]+)` \|", page, re.MULTILINE))
    assert set(EVENTS) - {"again"} == named, "`again` is a word of the desk for a step that goes on"
