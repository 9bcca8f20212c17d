"""A new item is a new folder and nothing else: no list, no table, no line of core."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


def run(*words: str, cwd: Path) -> str:
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_an_added_item_touches_its_own_folder_only(tmp_path: Path) -> None:
    if not (ROOT / ".git").exists():
        pytest.skip("not a git checkout: nothing says what an addition touches")
    house = tmp_path / "house"
    run("git", "clone", "-q", "--shared", str(ROOT), str(house), cwd=tmp_path)
    lingban = (sys.executable, "-m", "core.cli", "--data", str(tmp_path / "data"))
    run(*lingban, "new", "item", "reading-card", cwd=house)
    run(*lingban, "check", cwd=house)
    run(*lingban, "test", "plugins/reading-card", cwd=house)
    offered = json.loads(run(*lingban, "catalog", "--json", cwd=house))["items"]
    assert "reading-card" in {item["id"] for item in offered}
    touched = [line[3:] for line in run("git", "status", "--porcelain", "-uall", cwd=house).splitlines()]
    assert touched
    assert all(name.startswith("plugins/reading-card/") for name in touched), touched
    run("git", "add", "-A", cwd=house)
    assert set(run("git", "diff", "--cached", "--name-only", cwd=house).splitlines()) == set(touched)
