"""Fixtures that every room's tests share: async tests on asyncio, and a made-up town of one's own."""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import shutil
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg  # type: ignore[import-untyped]
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples
from starlette.testclient import TestClient

from core import database
from core import settings as settings_module
from core.settings import Settings
from tests.cases.town import POSTGRESQL, postgresql_listens

# A loaded machine is no fault of the code: no example is failed for the time it took.
examples.register_profile("lingban", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("lingban")


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


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """A page that a crowded machine drew too late is looked at once more, and the summary names it (`-rR`)."""
    again = config.pluginmanager.hasplugin("rerunfailures")
    for one in items:
        if again and "chromium" in getattr(one, "fixturenames", ()):
            one.add_marker(pytest.mark.flaky(reruns=1))


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A module that says `BOTH_DATABASES = True` has its `town` (or `client`) or `desk` on SQLite and PostgreSQL."""
    if getattr(metafunc.module, "BOTH_DATABASES", False):
        for name in {"town", "desk"} & set(metafunc.fixturenames):
            scope: Any = "module" if name == "desk" else "function"
            metafunc.parametrize(name, ["sqlite", "postgresql"], indirect=True, scope=scope)


@pytest.fixture(scope="session")
def seeded_on_postgresql(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, str]]:
    """(data folder, name of its database) as `seeded`. Copy both, do not write into them."""
    from core.web import serve

    if not postgresql_listens():
        pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
    folder = tmp_path_factory.mktemp("seeded-postgresql")
    name = f"lingban_seeded_{secrets.token_hex(4)}"
    with _database(name) as url:
        config = settings_module.read(data=folder, demo=True, environ={"LINGBAN_DATABASE_URL": url})
        asyncio.run(serve._prepare(config))
        yield folder, name


@contextlib.contextmanager
def _database(name: str, *, template: str = "template1") -> Iterator[str]:
    """The URL of a new database; gone afterwards."""

    async def execute(*statements: str) -> None:
        connection = await asyncpg.connect(f"{POSTGRESQL}/postgres")
        try:
            for one in statements:
                await connection.execute(one)
        finally:
            await connection.close()

    # A pool says goodbye in its own time, and a database with a guest is no template.
    guests = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{template}'"
    before = [guests] if template != "template1" else []
    _apart(execute(*before, f"CREATE DATABASE {name} TEMPLATE {template}"))
    try:
        yield f"{POSTGRESQL}/{name}"
    finally:
        _apart(execute(f"DROP DATABASE {name} WITH (FORCE)"))


def _apart(body: Coroutine[Any, Any, None]) -> None:
    """In a thread of its own: where a browser's event loop runs in this one, no other starts."""
    with ThreadPoolExecutor(1) as pool:
        pool.submit(asyncio.run, body).result()


@contextlib.contextmanager
def on_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Settings]:
    """Settings of a freshly seeded made-up town in `folder`, with its database there or on PostgreSQL."""
    if kind == "sqlite":
        shutil.copytree(request.getfixturevalue("seeded"), folder)
        yield settings_module.read(data=folder, demo=True, environ={})
        return
    seeded, template = request.getfixturevalue("seeded_on_postgresql")
    shutil.copytree(seeded, folder)
    with _database(f"lingban_town_{secrets.token_hex(4)}", template=template) as url:
        yield settings_module.read(data=folder, demo=True, environ={"LINGBAN_DATABASE_URL": url})


@pytest.fixture
def town(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Settings]:
    """Settings of a freshly seeded made-up town, for this test alone."""
    with on_database(getattr(request, "param", "sqlite"), request, tmp_path / "data") as settings:
        yield settings


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

    def rows(self, sql: str, *values: object) -> list[dict[str, Any]]:
        """What the site's own database answers, whichever it is; `{}` in `sql` marks a value."""

        async def ask() -> list[dict[str, Any]]:
            connection = database.connection()
            marks = ["?" if connection.capabilities.dialect == "sqlite" else f"${n + 1}" for n in range(len(values))]
            return [dict(row) for row in await connection.execute_query_dict(sql.format(*marks), list(values))]

        assert self.http.portal is not None
        return self.http.portal.call(ask)

    def stored(self) -> str:
        """Every table's every value as it lies in the database."""
        if self.settings.database_url.startswith("sqlite"):
            names = "SELECT name FROM sqlite_master WHERE type = 'table'"
        else:
            names = "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = 'public'"
        tables = [one["name"] for one in self.rows(names)]
        return "\n".join(str(row) for table in tables for row in self.rows(f'SELECT * FROM "{table}"'))

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
