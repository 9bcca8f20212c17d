"""`lingban try` and `test` tell what an item's code or letter read that its `take` does not name."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli import main

ROOT = Path(__file__).resolve().parents[2]
SCENARIO = "cases/instant-approve.json"
HOOK = """
from lingban import hookimpl


@hookimpl
def check_answers(item, facts):
    {line}
"""


def folder(tmp_path: Path, *, hook: str = "", letter: str = "") -> Path:
    made = tmp_path / "shelf" / "elder-allowance"
    shutil.copytree(ROOT / "plugins" / "elder-allowance", made)
    if hook:
        (made / "plugin.py").write_text(HOOK.format(line=hook), encoding="utf-8")
    if letter:
        file = made / "templates" / "result.html"
        file.write_text(letter + file.read_text(encoding="utf-8"), encoding="utf-8")
    return made


def approving(made: Path) -> Path:
    """A scenario that a rule approves, so that the letter is written."""
    for path in sorted((made / "cases").glob("*.json")):
        if (json.loads(path.read_text(encoding="utf-8")).get("expect") or {}).get("decision") == "approve":
            return path
    raise AssertionError("no scenario approves")


def tried(tmp_path: Path, made: Path, *more: str) -> tuple[int, str]:
    words = [
        "--data",
        str(tmp_path / "data"),
        "--language",
        "zh",
        "try",
        str(made),
        "--scenario",
        str(approving(made)),
        *more,
    ]
    result = CliRunner().invoke(main, words)
    return result.exit_code, result.output


@pytest.mark.parametrize(
    ("hook", "letter", "door", "pointer"),
    [
        ('facts["lookups"].get("person", {}).get("phone"); return None', "", "check_answers", "/lookups/person/phone"),
        (
            'facts["lookups"].get("person", {"phone": ""})["phone"]; return None',
            "",
            "check_answers",
            "/lookups/person/phone",
        ),
        ('facts["lookups"].get("income"); return None', "", "check_answers", "/lookups/income"),
        ("", '{% set f = "pho" ~ "ne" %}{{ lookups.person[f] }}', "templates/result.html", "/lookups/person/phone"),
    ],
)
def test_a_read_outside_take_is_told_and_ends_with_1(
    tmp_path: Path, hook: str, letter: str, door: str, pointer: str
) -> None:
    made = folder(tmp_path, hook=hook, letter=letter)
    code, said = tried(tmp_path, made, "--json")
    assert (code, json.loads(said)["reaches"]) == (1, [{"door": door, "pointer": pointer}])
    code, said = tried(tmp_path, made)
    assert code == 1
    assert f"{door} 要读 {pointer}：take 没有声明，已拒绝" in said
    result = CliRunner().invoke(main, ["--data", str(tmp_path / "data"), "test", str(made)])
    assert result.exit_code == 1
    assert f"{door} reads {pointer}, which take does not name" in result.output


def test_what_keeps_to_take_ends_with_0(tmp_path: Path) -> None:
    made = folder(tmp_path, hook='facts["lookups"].get("person", {}).get("name"); return None')
    code, said = tried(tmp_path, made, "--json")
    assert code == 0, said
    assert (json.loads(said)["reaches"], json.loads(said)["letter_fault"]) == ([], "")
