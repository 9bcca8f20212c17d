"""A kernel of its own for each test, on a fresh migrated database."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from core.kernel import Kernel
from tests.cases import town
from tests.cases.town import Registers


@pytest.fixture
def registers() -> Registers:
    return Registers()


@pytest.fixture(params=["sqlite", "postgresql"])
async def url(anyio_backend: str, request: pytest.FixtureRequest) -> AsyncIterator[str]:
    """For `town.kernel`: "" for a file of its own, or the address of a fresh database on PostgreSQL."""
    if request.param == "sqlite":
        yield ""
        return
    if not town.postgresql_listens():
        pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
    async with town.on_postgresql() as made:
        yield made


@pytest.fixture(params=["sqlite", "postgresql"])
async def kernel(
    anyio_backend: str, tmp_path: Path, registers: Registers, request: pytest.FixtureRequest
) -> AsyncIterator[Kernel]:
    if request.param == "sqlite":
        async with town.kernel(tmp_path, registers) as made:
            yield made
        return
    if not town.postgresql_listens():
        pytest.skip("no PostgreSQL listens on 127.0.0.1:5432")
    async with town.on_postgresql() as url, town.kernel(tmp_path, registers, url=url) as made:
        yield made
