"""A real server on made-up data and a real browser, once for all page tests.

Skips, saying why, where this machine has no Chromium.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from bench.repeatable import repeatable

START_S = 180


@dataclass(frozen=True)
class Site:
    """The running server and the accounts that its `demo.json` hands out."""

    url: str
    passwords: dict[str, str]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def serving(data: Path, *more: str, environ: dict[str, str] | None = None) -> Iterator[Site]:
    """`lingban serve --demo` on a free port until the block ends."""
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    command = [sys.executable, "-m", "core.cli", "serve", "--demo", "--data", str(data), "--port", str(port), *more]
    log = data / "serve.log"
    with log.open("wb") as out, subprocess.Popen(command, stdout=out, stderr=out, env=environ) as server:
        try:
            until = time.monotonic() + START_S
            while time.monotonic() < until:
                if server.poll() is not None:
                    break
                with contextlib.suppress(OSError):
                    urllib.request.urlopen(f"{url}/readyz", timeout=2).close()
                    told = json.loads((data / "demo.json").read_text(encoding="utf-8"))
                    yield Site(url, {one["login"]: one["password"] for one in told["accounts"]})
                    return
                time.sleep(0.1)
            raise RuntimeError(f"The server did not start:\n{log.read_text(encoding='utf-8')[-3000:]}")
        finally:
            server.terminate()
            server.wait(20)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    with serving(folder, "--plugins", str(repeatable(folder))) as running:
        yield running


@pytest.fixture(scope="session")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this machine: the pages are not looked at")
    return found


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    """One a module, and closed with it: while Playwright runs, its event loop keeps async tests from starting one."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


Visit = Callable[..., Page]


@pytest.fixture
def visit(browser: Browser, site: Site) -> Iterator[Visit]:
    """`visit("elder", javascript=False, width=320)` gives a page of a browser that is signed in as that login."""
    contexts: list[BrowserContext] = []

    def opened(login: str | None = None, *, javascript: bool = True, width: int = 1280, height: int = 900) -> Page:
        context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": height},
            java_script_enabled=javascript,
            locale="zh-CN",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(30_000)
        if login:
            sign_in(page, login, site.passwords[login])
        return page

    yield opened
    for context in contexts:
        context.close()


def sign_in(page: Page, login: str, password: str) -> None:
    page.goto("/login")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(password)
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/me")
