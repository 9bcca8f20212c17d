"""The wheel carries plugins, schemas and seeds: installed elsewhere, it checks and lists what it brings."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this tree and unpacked where nothing of the checkout is."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet"]
    subprocess.run([*pip, "wheel", "--no-deps", "--no-build-isolation", "-w", folder, ROOT], check=True)
    (wheel,) = folder.glob("*.whl")
    subprocess.run([*pip, "install", "--no-deps", "--no-index", "--target", folder / "site", wheel], check=True)
    return folder / "site"


def lingban(installed: Path, *words: str) -> subprocess.CompletedProcess[str]:
    code = f"import sys; sys.path.insert(0, {str(installed)!r}); from core.cli import main; main()"
    return subprocess.run(
        [sys.executable, "-c", code, *words], cwd=installed.parent, capture_output=True, text=True, check=False
    )


def test_the_installed_wheel_finds_its_plugins_without_a_fault(installed: Path) -> None:
    done = lingban(installed, "check", "--json")
    assert done.returncode == 0, done.stdout + done.stderr
    ids = {plugin["id"] for plugin in json.loads(done.stdout)["plugins"]}
    assert {"elder-allowance", "natural-person"} <= ids


def test_the_installed_wheel_lists_the_catalog(installed: Path) -> None:
    done = lingban(installed, "catalog", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["counts"]["items"] > 0


def test_the_package_says_which_files_are_its_own(installed: Path) -> None:
    assert (installed / "core" / "web" / "static").is_dir()
    assert (installed / "lingban.py").is_file()
    assert not (installed / "tests").exists()
