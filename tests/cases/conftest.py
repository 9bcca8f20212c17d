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


@pytest.fixture
async def kernel(anyio_backend: str, tmp_path: Path, registers: Registers) -> AsyncIterator[Kernel]:
    async with town.kernel(tmp_path, registers) as made:
        yield made
