"""What a scenario expects once a person approves, as `lingban test` compares it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.cli import main

FOOD = Path(__file__).parents[2] / "plugins" / "food-permit"


def told(tmp_path: Path, approved: dict[str, Any] | None, **changes: Any) -> tuple[int, str]:
    """Exit code and what is said of the permit's one scenario, with this expected of its approval."""
    folder = tmp_path / "food-permit"
    shutil.copytree(FOOD, folder)
    said = json.loads((folder / "cases" / "review-approved.json").read_text("utf-8"))
    shutil.rmtree(folder / "cases")
    (folder / "cases").mkdir()
    said |= changes
    if approved is not None:
        said["expect"] = {"decision": "review", "approved": approved}
    (folder / "cases" / "one.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    result = CliRunner().invoke(main, ["--language", "zh", "test", str(folder)])
    return result.exit_code, result.output


def test_the_day_and_the_words_of_the_letter_are_those_of_the_approval(tmp_path: Path) -> None:
    code, output = told(tmp_path, None)
    assert code == 0, output


@pytest.mark.parametrize(
    ("approved", "line"),
    [
        ({"on": "2026-12-09", "valid_until": "2031-12-07"}, "approved.valid_until：期望 2031-12-07，实际 2031-12-08"),
        ({"valid_until": None}, "approved.valid_until：期望 null，实际 2031-11-22"),
        ({"amount": "5.00"}, "approved.amount：期望 5.00，实际"),
        ({"letter": ["准予从事", "有效期至 2031-12-07"]}, "approved.letter：期望 有效期至 2031-12-07"),
        ({"letter": None}, "approved.letter：期望 null，实际 食品经营许可证"),
    ],
)
def test_what_comes_otherwise_is_told(tmp_path: Path, approved: dict[str, Any], line: str) -> None:
    code, output = told(tmp_path, approved)
    assert code == 1
    assert line in output


def test_nobody_approves_while_a_required_material_is_open(tmp_path: Path) -> None:
    code, output = told(tmp_path, {"valid_until": "2031-11-22"}, given=["layout"])
    assert code == 1
    assert "不能批准，materials.safety 是 later" in output
