"""`lingban new` at a terminal and without one."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli import main

ROOT = Path(__file__).resolve().parents[2]


def at_a_terminal(words: list[str], lines: list[str], into: Path) -> str:
    """What the terminal showed while these lines were typed, one for each question."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "--data", str(into / "data"), "new", *words, "--into", str(into)],
        cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, "".join(f"{line}\n" for line in lines).encode())
    shown = b""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            got = os.read(ours, 65536)
        except OSError:
            break
        if not got:
            break
        shown += got
    os.close(ours)
    assert process.wait(timeout=60) == 0, shown.decode(errors="replace")
    return shown.decode()


def run(*words: object, data: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--data", str(data), *map(str, words)])
    return result.exit_code, result.output


def test_a_terminal_is_asked_in_chinese_and_a_wrong_answer_is_asked_again(tmp_path: Path) -> None:
    lines = ["养犬登记", "个人", "承偌", "承诺", "自然人信息数据库，househould", "自然人信息数据库，household",
             "办", "受理", "交部门", "农业", "agriculture"]  # fmt: skip
    shown = at_a_terminal(["item", "dog-licence"], lines, tmp_path)
    assert "没有“承偌”。可以写：即办、承诺、查询、转办。" in shown
    assert "没有“househould”。是不是想写“household”" in shown
    assert "没有“农业”。" in shown
    item = json.loads((tmp_path / "dog-licence" / "item.json").read_text("utf-8"))
    assert (item["title"], item["handling"], item["unit"]) == ("养犬登记", "promised", "agriculture")
    routing = json.loads((tmp_path / "dog-licence" / "routing.json").read_text("utf-8"))
    assert routing["sites"] == {"city": "decide", "town": "accept", "village": "forward"}
    lookups = json.loads((tmp_path / "dog-licence" / "lookups.json").read_text("utf-8"))["lookups"]
    assert [one["source"] for one in lookups.values()] == ["natural-person", "household"]
    code, said = run("check", "--language", "zh", tmp_path / "dog-licence", data=tmp_path / "data")
    assert code == 0
    assert f"{tmp_path}/dog-licence/item.json#/basis/0: 还没有填写，群众看得见。" in said
    assert "lookups.json#/lookups/household/basis: 还没有填写" in said
    code, said = run("test", tmp_path / "dog-licence", data=tmp_path / "data")
    assert code == 0
    assert "no scenario has seen" not in said


def test_a_source_is_asked_about_too(tmp_path: Path) -> None:
    at_a_terminal(["source", "dog-register"], ["犬只登记簿", "企业", "畜牧", "agriculture"], tmp_path)
    source = json.loads((tmp_path / "dog-register" / "source.json").read_text("utf-8"))
    assert (source["title"], source["unit"]) == ("犬只登记簿", "agriculture")
    assert list(source["query"]["properties"]) == ["credit_code"]
    assert run("check", tmp_path / "dog-register", data=tmp_path / "data")[0] == 0


@pytest.mark.parametrize("kind", ["item", "source"])
def test_no_question_is_asked_without_a_terminal(tmp_path: Path, kind: str) -> None:
    code, said = run("new", kind, "dog-licence", "--into", tmp_path, data=tmp_path / "data")
    assert code == 0
    assert "？" not in said
    assert "[" not in said
    assert run("check", tmp_path / "dog-licence", data=tmp_path / "data")[0] == 0
