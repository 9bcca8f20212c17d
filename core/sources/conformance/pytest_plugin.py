"""The conformance suite from pytest: every `source.json` that pytest is given becomes one test a check.

    pytest -p core.sources.conformance.pytest_plugin plugins/my-register/source.json

Knows no fixture; settings come from the environment, as for the server.
"""

from __future__ import annotations

import asyncio
import importlib.util
import json
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core import settings as environment
from core.catalog.bundle import read_source
from core.sources.conformance.suite import Check, checks
from core.sources.engine import Sources


def pytest_collect_file(file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
    if file_path.name == "source.json":
        return SourceFile.from_parent(parent, path=file_path)
    return None


class SourceFile(pytest.File):
    def collect(self) -> Iterator[pytest.Item]:
        for check in asyncio.run(run(self.path.parent)):
            yield CheckItem.from_parent(self, name=check.name, check=check)


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
    """Every check on the source in `folder`, with the demo's register where no address is set."""
    declared = json.loads((folder / "source.json").read_text(encoding="utf-8"))
    source = read_source(folder.name, declared, str(folder))
    with tempfile.TemporaryDirectory(prefix="lingban-") as data:
        settings = replace(environment.read(data=data), demo=True)
        sources = Sources(settings=settings, connectors=brought(folder))
        sources.use({source.id: source})
        try:
            return [check async for check in checks(sources, source)]
        finally:
            await sources.close()


def brought(folder: Path) -> dict[str, Any]:
    """The connectors of the folder's own plugin.py."""
    path = folder / "plugin.py"
    spec = importlib.util.spec_from_file_location(f"lingban_source_{folder.name.replace('-', '_')}", path)
    if not path.exists() or spec is None or spec.loader is None:
        return {}
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return dict(module.connectors())
