"""An item that comes as an installed package: there when it is installed, gone when it is not, with its own scenarios.

Builds and installs the package of plugins/_package for real, into a folder of its own.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.catalog.load import load
from core.contract import Office
from core.judge.coverage import unseen
from core.judge.scenario import run
from core.office.calendar import StateCalendar
from core.office.seed import read_office
from core.settings import Settings

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "plugins" / "_package" / "lingban-dog-licence"


@pytest.fixture(scope="module")
def office() -> Office:
    return read_office(ROOT / "seeds")


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--no-build-isolation", "--no-index"]
    subprocess.run([*pip, "--target", str(tmp_path), str(PACKAGE)], check=True, capture_output=True)
    monkeypatch.syspath_prepend(str(tmp_path))
    yield tmp_path
    sys.modules.pop("lingban_dog_licence", None)


def test_without_the_package_the_item_is_not_there(office: Office) -> None:
    assert "dog-licence" not in load(Settings(), office).items


def test_an_installed_package_brings_its_item(installed: Path, office: Office) -> None:
    catalog = load(Settings(), office)
    plugin = catalog.plugins["dog-licence"]
    assert plugin.shelf == "package"
    assert plugin.faults == ()
    item = catalog.items["dog-licence"]
    told = plugin.scenarios.values()
    results = [run(item, scenario, office, StateCalendar()) for scenario in told]
    assert [result.differences for result in results if not result.passed] == []
    assert unseen(item, [result.seen_rules for result in results]) == ()
