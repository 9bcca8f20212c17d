"""A scenario that says `like` is the named one of its folder, save what it says itself."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from click.testing import CliRunner

from core.catalog.scaffold import new
from core.cli import main


def run(*words: object, data: Path) -> tuple[int, str]:
    made = CliRunner().invoke(main, ["--data", str(data), "--language", "en", *map(str, words)])
    return made.exit_code, made.output


def shelf(tmp_path: Path, **cases: dict[str, Any]) -> Path:
    folder = new("item", "dog-licence", tmp_path, {"title": "养犬登记", "unit": "agriculture"})
    for file in folder.rglob("*.json"):
        file.write_text(file.read_text("utf-8").replace("请填写：", ""), "utf-8")
    for name, said in cases.items():
        (folder / "cases" / f"{name}.json").write_text(json.dumps(said), "utf-8")
    return folder


NOBODY = {
    "title": "查无",
    "like": "approve",
    "lookups": {"natural_person": "empty"},
    "expect": {"decision": "review"},
}
LATER = {
    "title": "换一个电话",
    "like": "nobody",
    "answers": {"phone": "13900000001"},
    "expect": {"problems": []},
}


def test_what_it_does_not_say_is_taken_from_the_other_and_lookups_and_answers_name_by_name(tmp_path: Path) -> None:
    folder = shelf(tmp_path, nobody=NOBODY, later=LATER)
    assert run("check", folder, data=tmp_path / "d")[0] == 0
    code, said = run("test", folder, data=tmp_path / "d")
    assert code == 0, said
    assert said.splitlines()[-1].startswith("4 passed"), "two of the scaffold and two"
    for name in ("nobody", "later"):
        code, told = run("try", folder, "--scenario", folder / "cases" / f"{name}.json", "--json", data=tmp_path / "d")
        assert code == 0, told
        found = json.loads(told)
        assert (found["decision"]["outcome"], found["lookups"]["natural_person"]["outcome"]) == ("review", "empty")


def test_what_is_expected_is_never_taken_over(tmp_path: Path) -> None:
    silent = {"title": "没写应当得到什么", "like": "approve"}
    code, said = run("check", shelf(tmp_path, silent=silent), data=tmp_path / "d")
    assert code != 0
    assert '"expect"' in said


def test_a_name_that_is_none_is_told_and_a_dry_run_of_it_too(tmp_path: Path) -> None:
    folder = shelf(tmp_path, again={**NOBODY, "like": "aprove"})
    code, said = run("check", folder, data=tmp_path / "d")
    assert code != 0
    assert "cases/again.json#/like" in said
    assert "approve" in said
    (folder / "cases" / "again.json").rename(tmp_path / "again.json")
    code, said = run("try", folder, "--scenario", tmp_path / "again.json", data=tmp_path / "d")
    assert code == 2
    assert "aprove" in said
