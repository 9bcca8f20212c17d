"""The conformance suite from pytest: every `source.json` that pytest is given becomes one test a check.

    pytest -p core.sources.conformance.pytest_plugin plugins/my-register/source.json

Knows no fixture; settings come from the environment, as for the server.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core import settings as environment
from core.catalog.hooks import Hooks
from core.catalog.load import load
from core.office.seed import read_office
from core.sources.conformance.suite import Check, checks
from core.sources.engine import Sources


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name == "source.json":
        return SourceFile.from_parent(parent, path=file_path)
    return None


class SourceFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        try:
            made = asyncio.run(run(self.path.parent))
        except Unusable as faults:
            raise self.CollectError(str(faults)) from faults
        for check in made:
            yield CheckItem.from_parent(self, name=check.name, check=check)


class Unusable(Exception):
    """The folder has faults; the message is the lines that `lingban check` prints."""


class CheckItem(pytest.Item):
    def __init__(self, *, check: Check, **more: Any) -> None:
        super().__init__(**more)
        self._check = check

    def runtest(self) -> None:
        if self._check.skipped:
            pytest.skip(self._check.reason)
        if not self._check.passed:
            raise AssertionError(self._check.reason)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> str:
        return str(excinfo.value)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        return self.path, None, f"{self.path.parent.name}: {self.name}"


async def run(folder: Path) -> list[Check]:
    """Every check on the source in `folder`, with the demo's register where no address is set.

    The folder is loaded as the server loads it, beside what is bundled and installed. Raises Unusable.
    """
    with tempfile.TemporaryDirectory(prefix="lingban-") as data:
        settings = replace(environment.read(data=data, plugins=(folder,)), demo=True)
        hooks = Hooks()
        catalog = load(settings, read_office(settings.seeds), hooks)
        source = catalog.sources.get(folder.name)
        if source is None:
            raise Unusable(
                "\n".join(str(fault.told(settings.language)) for fault in catalog.plugins[folder.name].faults)
            )
        sources = Sources(settings=settings, hooks=hooks)
        sources.use({source.id: source})
        try:
            return [check async for check in checks(sources, source)]
        finally:
            await sources.close()
