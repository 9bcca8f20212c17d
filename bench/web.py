"""The form page of a draft and a whole filing over real sockets, against a bare Starlette hello.

CPU is what the server's process used (user + system, all threads); the client runs in this process, on another core.
"""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlencode

import psutil

from bench.repeatable import repeatable
from bench.table import Row, microseconds

ITEM = "elder-allowance"
ROUNDS = 5
HELLOS, PAGES, FILINGS = 3000, 600, 120
CONNECTIONS = 4
IDLE_S = 3.0


class Browser:
    """One keep-alive connection with its cookies; follows no redirect by itself."""

    def __init__(self, port: int) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port)
        self.cookies: dict[str, str] = {}
        self.location = ""
        self.used = time.monotonic()

    def ask(self, method: str, path: str, fields: dict[str, str] | None = None) -> str:
        headers = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items())} if self.cookies else {}
        body = None
        if fields is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            body = urlencode(fields)
        if time.monotonic() - self.used > IDLE_S:
            self.connection.close()  # the server lets go of a connection that idles; it opens again by itself
        self.connection.request(method, path, body, headers)
        answer = self.connection.getresponse()
        text = answer.read().decode()
        self.used = time.monotonic()
        for cookie in answer.headers.get_all("Set-Cookie") or ():
            name, _, value = cookie.split(";")[0].partition("=")
            self.cookies[name] = value
        self.location = answer.headers.get("Location", "")
        if answer.status >= 400:
            raise RuntimeError(f"{method} {path}: {answer.status}\n{text[:2000]}")
        return text

    def fields_of(self, page: str) -> dict[str, str]:
        """The hidden fields of a page: token, revision."""
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))


class Filing:
    """What the benchmark's citizen does: start with prefill, read the form, file."""

    def __init__(self, port: int, login: str, password: str) -> None:
        self.browser = browser = Browser(port)
        page = browser.ask("GET", "/login")
        browser.ask("POST", "/login", {**browser.fields_of(page), "login": login, "password": password})
        self.apply = browser.fields_of(browser.ask("GET", f"/items/{ITEM}/apply"))

    def start(self) -> str:
        self.browser.ask("POST", f"/items/{ITEM}/apply", self.apply)
        return self.browser.location

    def whole(self) -> None:
        draft = self.start()
        page = self.browser.ask("GET", draft)
        fields = {**self.browser.fields_of(page), "/phone": "13900000000", "action": "file"}
        self.browser.ask("POST", draft, fields)
        if not self.browser.location.startswith("/cases/"):
            raise RuntimeError(f"The filing did not end at a receipt but at {self.browser.location or 'the form'}.")


@contextlib.contextmanager
def server(*command: str, port: int, ready: str) -> Iterator[psutil.Process]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            with contextlib.suppress(OSError, RuntimeError):
                Browser(port).ask("GET", ready)
                break
            time.sleep(0.1)
        else:
            raise RuntimeError(f"{' '.join(command)} did not start")
        yield psutil.Process(process.pid)
    finally:
        process.terminate()
        process.wait(20)


def cpu_of(process: psutil.Process, times: int, action: Callable[[], object]) -> float:
    """CPU seconds of the server for one action."""
    before = process.cpu_times()
    for _ in range(times):
        action()
    after = process.cpu_times()
    return (after.user + after.system - before.user - before.system) / times


def rate_of(times: int, actions: list[Callable[[], object]]) -> float:
    """Actions per second over as many connections as there are actions."""

    def work(action: Callable[[], object]) -> None:
        for _ in range(times // len(actions)):
            action()

    started = time.perf_counter()
    with ThreadPoolExecutor(len(actions)) as pool:
        list(pool.map(work, actions))
    return times / (time.perf_counter() - started)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run() -> list[Row]:
    with tempfile.TemporaryDirectory() as folder, contextlib.ExitStack() as stack:
        hello_port, port = free_port(), free_port()
        floor = stack.enter_context(
            server(sys.executable, "-m", "bench.hello", str(hello_port), port=hello_port, ready="/")
        )
        started = time.perf_counter()
        ours = stack.enter_context(
            server(sys.executable, "-m", "core.cli", "serve", "--demo", "--data", folder, "--port", str(port),
                   "--plugins", str(repeatable(Path(folder))), port=port, ready="/readyz")
        )  # fmt: skip
        first_start = time.perf_counter() - started
        accounts = json.loads((Path(folder) / "demo.json").read_text(encoding="utf-8"))["accounts"]
        citizen = next(a for a in accounts if a["role"] == "citizen")
        hello = [Browser(hello_port) for _ in range(CONNECTIONS)]
        people = [Filing(port, citizen["login"], citizen["password"]) for _ in range(CONNECTIONS)]
        draft = people[0].start()
        hellos: list[float] = []
        pages: list[float] = []
        filings: list[float] = []
        for _ in range(ROUNDS):  # interleaved, so that a noisy moment meets all three; the least is taken
            hellos.append(cpu_of(floor, HELLOS, lambda: hello[0].ask("GET", "/")))
            pages.append(cpu_of(ours, PAGES, lambda: people[0].browser.ask("GET", draft)))
            filings.append(cpu_of(ours, FILINGS, people[0].whole))
        hello_rate = rate_of(HELLOS, [lambda b=b: b.ask("GET", "/") for b in hello])  # type: ignore[misc]
        page_rate = rate_of(PAGES, [lambda p=p: p.browser.ask("GET", draft) for p in people])  # type: ignore[misc]
        filing_rate = rate_of(FILINGS, [p.whole for p in people])
        memory = ours.memory_info().rss / 2**20
    base = min(hellos)
    print(
        f"first start with seeding {first_start:.1f} s, resident memory after the run {memory:.0f} MB", file=sys.stderr
    )
    return [
        Row("bare Starlette hello", microseconds(base), microseconds(base), 1.0, None, hello_rate),
        Row("form page of a draft", microseconds(min(pages)), microseconds(base), min(pages) / base, 10, page_rate),
        Row("whole zero-material filing (start with three lookups, form page, file, commit)",
            microseconds(min(filings)), microseconds(base), min(filings) / base, 90, filing_rate),
    ]  # fmt: skip
