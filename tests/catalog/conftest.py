"""A database with the catalog's tables, and a shelf of the test's own."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from tortoise.contrib.test import tortoise_test_context

from core.settings import Settings
from tests.catalog.world import GOOD, ROOT


class Bare(Settings):
    """Settings whose bundled shelf is a folder of the test."""

    @property
    def bundled_plugins(self) -> Path:
        return self.data / "bundled"

    @property
    def schemas(self) -> Path:
        return ROOT / "schemas"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    shutil.copytree(GOOD, tmp_path / "bundled")
    (tmp_path / "shelf").mkdir()
    return Bare(data=tmp_path, plugins=(tmp_path / "shelf",))


@pytest.fixture
async def tables(anyio_backend: str) -> AsyncIterator[None]:
    async with tortoise_test_context(["core.catalog.models"], app_label="catalog"):
        yield
