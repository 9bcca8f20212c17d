"""What an author reads at a terminal is in one language, whichever it is."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli import main

CHINESE = re.compile(r"[\u4e00-\u9fff]")


def run(*words: object, data: Path, language: str) -> str:
    return CliRunner().invoke(main, ["--data", str(data), "--language", language, *map(str, words)]).output


@pytest.fixture
def dogs(tmp_path: Path) -> Path:
    """A table source whose record declares a column that the file does not have."""
    (tmp_path / "dogs.csv").write_text("牌号,犬名\nA1,阿黄\nA2,小白\n", "utf-8")
    run("new", "source", "dogs", "--from", tmp_path / "dogs.csv", "--by", "牌号", "--into", tmp_path,
        data=tmp_path / "d", language="zh")  # fmt: skip
    file = tmp_path / "dogs" / "source.json"
    source = json.loads(file.read_text("utf-8"))
    source["record"]["properties"]["colour"] = {"type": "string"}
    file.write_text(json.dumps(source, ensure_ascii=False), "utf-8")
    return file.parent


def test_a_source_is_examined_in_the_language_of_who_reads(dogs: Path, tmp_path: Path) -> None:
    told = {language: run("source", "check", dogs, data=tmp_path / "d", language=language) for language in ("zh", "en")}
    [zh], [en] = [[line for line in one.splitlines() if line.split()[:2] == ["--", "columns"]] for one in told.values()]
    assert "没有 colour 这一列，有 牌号, 犬名。查回的记录都没有这几项" in zh
    assert "no column colour; there are 牌号, 犬名. No record has these fields" in en
    (dogs / "table.csv").unlink()
    for line in run("source", "check", dogs, data=tmp_path / "d", language="zh").splitlines():
        assert line.startswith("ok ") or CHINESE.search(line), line
    assert "settings.path 所指的文件不在那里" in run("source", "check", dogs, data=tmp_path / "d", language="zh")


def test_a_question_is_answered_in_the_language_of_who_asks(dogs: Path, tmp_path: Path) -> None:
    field = next(iter(json.loads((dogs / "source.json").read_text("utf-8"))["query"]["properties"]))
    said = {
        language: run("source", "probe", dogs, "--by", f"{field}=A1", data=tmp_path / "d", language=language)
        for language in ("zh", "en")
    }
    assert re.match(r"found 查到，\d+ 毫秒\n", said["zh"])
    assert re.match(r"found in \d+ ms\n", said["en"])
