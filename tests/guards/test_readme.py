"""A newcomer's first item: the four files that README shows pass the checker and are served."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def folder_of_readme(into: Path) -> Path:
    """`reading-card/` with each block written to the file that README names before it."""
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    folder = into / "reading-card"
    folder.mkdir()
    blocks = re.findall(r"^`(\w+\.json)`.*?\n\n```json\n(.*?)```", text, re.S | re.M)
    for name, block in blocks:
        (folder / name).write_text(block, encoding="utf-8")
    assert [name for name, _ in blocks] == ["item.json", "form.json", "lookups.json", "routing.json"]
    return folder


def test_the_folder_that_readme_shows_has_no_fault_and_is_in_the_catalog(tmp_path: Path) -> None:
    shelf = tmp_path / "my-plugins"
    shelf.mkdir()
    folder_of_readme(shelf)
    command = [sys.executable, "-m", "core.cli", "--data", str(tmp_path / "data")]
    checked = subprocess.run([*command, "check", str(shelf)], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr
    listed = subprocess.run(
        [*command, "--plugins", str(shelf), "catalog", "--json"], cwd=ROOT, capture_output=True, text=True, check=True
    )
    row = next(row for row in json.loads(listed.stdout)["items"] if row["id"] == "reading-card")
    assert row["zero_material"] is True
