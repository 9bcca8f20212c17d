"""Fixtures that every room's tests share: async tests on asyncio, and a made-up town of one's own."""

from __future__ import annotations

import asyncio
import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient

from core import settings as settings_module
from core.settings import Settings


@pytest.fixture
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture(scope="session")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder as `serve --demo` leaves it after its first start. Copy it, do not write into it."""
    from core.web import serve

    folder = tmp_path_factory.mktemp("seeded")
    config = settings_module.read(data=folder, demo=True, environ={})
    asyncio.run(serve._prepare(config))
    return folder


@pytest.fixture
def town(seeded: Path, tmp_path: Path) -> Settings:
    """Settings of a freshly seeded made-up town, for this test alone."""
    folder = tmp_path / "data"
    shutil.copytree(seeded, folder)
    return settings_module.read(data=folder, demo=True, environ={})


@dataclass
class Client:
    """A browser-like client of the town's site, and what `demo.json` tells."""

    http: TestClient
    told: dict[str, Any]
    settings: Settings

    def account(self, role: str, number: int = 0) -> dict[str, Any]:
        found: dict[str, Any] = [a for a in self.told["accounts"] if a["role"] == role][number]
        return found

    def token(self, role: str = "portal", channel: str = "web") -> dict[str, str]:
        bearer = next(t["token"] for t in self.told["tokens"] if t["role"] == role and t["channel"] == channel)
        return {"Authorization": f"Bearer {bearer}"}

    def hidden(self, page: str) -> dict[str, str]:
        """The hidden fields of a page's forms."""
        import re

        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))

    def sign_in(self, role: str = "citizen", number: int = 0) -> dict[str, Any]:
        account = self.account(role, number)
        page = self.http.get("/login")
        fields = self.hidden(page.text) | {"login": account["login"], "password": account["password"]}
        answer = self.http.post("/login", data=fields, follow_redirects=False)
        assert answer.status_code == 303, answer.text
        return account


@pytest.fixture
def client(town: Settings) -> Iterator[Client]:
    from core.web.app import build

    with TestClient(build(town, background=False), base_url="http://127.0.0.1:8000") as http:
        told = json.loads((town.data / "demo.json").read_text(encoding="utf-8"))
        yield Client(http, told, town)
