"""Posts that no page of ours sends, against a real server whose address space is limited: refused early and plainly.

What a person reads in the answer is asserted, and that the server's memory stays where it was.
"""

from __future__ import annotations

import json
import re
import resource
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx2
import pytest

from tests.forms_engine.browser import posted

SPACE = 2 * 2**30
"""Bytes of address space of the server; a body of 1 GB held as bytes and as text does not fit."""
GROWTH_MB = 160
"""What one hostile post may add to the most memory the server ever held."""
GIGABYTE = 2**30
EARLY = 64 * 2**20
"""Bytes a refused client can have handed over, buffers of both sides included: the limit is 20 MB."""
START_S = 120


@dataclass
class Served:
    """The running server, a signed-in citizen and his draft."""

    http: httpx2.Client
    process: subprocess.Popen[bytes]
    port: int
    draft: str

    def most_mb(self) -> int:
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(r"VmHWM:\s+(\d+) kB", status)
        assert found
        return int(found[1]) // 1024

    def page(self) -> list[tuple[str, str]]:
        html = re.search(r"<main.*?</main>", self.http.get(self.draft).text, re.DOTALL)
        assert html
        return [(name, value) for name, value in posted(html[0]) if name != "action"]

    def send(self, pairs: Sequence[tuple[str, Any]]) -> httpx2.Response:
        body = urlencode([*self.page(), *pairs, ("action", "save")])
        return self.raw(body.encode())

    def raw(self, body: bytes) -> httpx2.Response:
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return self.http.post(self.draft, content=body, headers=kind)


def _limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (SPACE, SPACE))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    data = tmp_path_factory.mktemp("limits")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "core.cli", "serve", "--demo", "--data", str(data), "--port", str(port)]
    log = (data / "serve.log").open("wb")
    with log, subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=_limit) as process:
        try:
            until = time.monotonic() + START_S
            while True:
                try:
                    urllib.request.urlopen(f"{url}/readyz", timeout=2).close()
                    break
                except OSError:
                    told = (data / "serve.log").read_text(encoding="utf-8", errors="replace")[-2000:]
                    assert process.poll() is None, told
                    assert time.monotonic() < until, told
                    time.sleep(0.1)
            with httpx2.Client(base_url=url, timeout=60) as http:
                yield Served(http, process, port, _begun(http, data))
        finally:
            process.terminate()
            process.wait(20)


def _begun(http: httpx2.Client, data: Path) -> str:
    accounts = json.loads((data / "demo.json").read_text(encoding="utf-8"))["accounts"]
    citizen = next(one for one in accounts if one["role"] == "citizen")

    def hidden(path: str) -> dict[str, str]:
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', http.get(path).text))

    signed = hidden("/login") | {"login": citizen["login"], "password": citizen["password"]}
    assert http.post("/login", data=signed).status_code == 303
    begun = http.post("/items/elder-allowance/apply", data=hidden("/items/elder-allowance/apply"))
    assert begun.status_code == 303, begun.text
    return str(begun.headers["location"])


def sentence(answer: httpx2.Response) -> str:
    """What a person reads in the answer's main part."""
    found = re.search(r"<main.*?</main>", answer.text, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0] if found else answer.text).split())


def test_a_body_of_a_gigabyte_is_refused_early_and_held_nowhere(served: Served) -> None:
    before = served.most_mb()
    cookies = "; ".join(f"{name}={value}" for name, value in served.http.cookies.items())
    head = (
        f"POST {served.draft} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nCookie: {cookies}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    chunk = b"a" * 2**20
    framed = b"%x\r\n%s\r\n" % (len(chunk), chunk)
    sent, answer = 0, b""
    with socket.create_connection(("127.0.0.1", served.port), timeout=60) as line:
        line.sendall(head.encode() + b"3\r\n/a=\r\n")
        line.setblocking(False)
        pending = framed
        until = time.monotonic() + 60
        while sent < GIGABYTE and time.monotonic() < until and not answer:
            try:
                answer = line.recv(65536)
            except BlockingIOError:
                pass
            except ConnectionError:
                break
            try:
                done = line.send(pending)
            except BlockingIOError:
                time.sleep(0.005)
                continue
            except ConnectionError:
                break
            sent += done
            pending = pending[done:] or framed
        line.settimeout(5)
        try:
            while more := line.recv(65536):
                answer += more
        except OSError:
            pass
    assert answer.startswith(b"HTTP/1.1 413"), (sent, answer[:200])
    assert "提交的内容太大" in answer.decode("utf-8", "replace")
    assert sent < EARLY
    assert served.most_mb() - before < GROWTH_MB


def test_a_hundred_thousand_fields_are_refused_plainly(served: Served) -> None:
    before = served.most_mb()
    answer = served.send([(f"/f{n}", "x") for n in range(100_000)])
    assert answer.status_code == 413
    assert "提交的内容太大" in sentence(answer)
    assert served.most_mb() - before < GROWTH_MB


@pytest.mark.parametrize(
    "pairs",
    [
        [("/rows/1234567890/a", "x")],
        [("/phone", "13900000000"), ("/phone", "13900000001")],
        [("/other", "139\x000000")],
        [("/a\x00b", "1")],
        [("/other", b"\xff\xfe\xc3")],
    ],
    ids=["an index of ten digits", "a scalar twice", "NUL", "NUL in a name", "broken UTF-8"],
)
def test_what_no_browser_sends_is_refused_plainly(served: Served, pairs: list[tuple[str, Any]]) -> None:
    before = served.most_mb()
    answer = served.send(pairs)
    assert answer.status_code == 400
    assert "提交的内容无法读取" in sentence(answer)
    assert "草稿没有变" in sentence(answer)
    assert "Traceback" not in answer.text
    assert served.most_mb() - before < GROWTH_MB


def test_a_file_whose_content_is_not_what_its_name_says_is_refused_and_the_rest_kept(served: Served) -> None:
    fields = {name: value for name, value in served.page() if name != "/phone"}
    fields |= {"/phone": "13912345678", "action": "save"}
    files = {"_material/account": ("存折.png", b"MZ\x90\x00" + b"\x00" * 2000, "image/png")}
    answer = served.http.post(served.draft, data=fields, files=files)
    assert answer.status_code == 303, "a page of its own tells it, so that Back and reload work"
    answer = served.http.get(answer.headers["location"])
    assert answer.status_code == 422
    assert "存折.png" in sentence(answer)
    assert ("/phone", "13912345678") in served.page()


def test_after_all_of_this_the_server_still_serves(served: Served) -> None:
    assert served.http.get("/healthz").status_code == 200
    assert served.process.poll() is None
