"""What an author reads at a terminal is in one language, whichever it is."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli import main

ELDER = Path(__file__).resolve().parents[2] / "plugins" / "elder-allowance"
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


def tried(tmp_path: Path, language: str, **lookups: object) -> str:
    """The elders' allowance by its own approving scenario, with these lookups ending otherwise."""
    scenario = json.loads((ELDER / "cases" / "approve.json").read_text("utf-8"))
    scenario["lookups"] |= lookups
    (tmp_path / "s.json").write_text(json.dumps(scenario), "utf-8")
    return run("try", "elder-allowance", "--scenario", tmp_path / "s.json", data=tmp_path / "d", language=language)


def test_a_dry_run_says_which_rules_were_passed_over_and_why(tmp_path: Path) -> None:
    said = tried(tmp_path, "zh", person="down")
    assert "/decide/0（批准）不成立：/lookups/person/birth_date 没有值，要求 " in said
    young = {"found": {"name": "样例", "birth_date": "1990-01-01", "area": "320583103205", "alive": True}}
    said = tried(tmp_path, "zh", person=young)
    assert '/lookups/person/birth_date 是 1990-01-01（36周岁），要求 {"x-age": {"minimum": 80' in said
    assert "/decide/1（不予）" not in said, "it held"
    assert "/lookups/person/birth_date is 1990-01-01 (aged 36), " in tried(tmp_path, "en", person=young)


def test_a_dry_run_is_told_in_one_language(tmp_path: Path) -> None:
    said = tried(tmp_path, "zh")
    assert "环节　　civil-affairs 核对待遇标准与账户 2个工作日\n" in said, "decided: no day is waited for"
    open_yet = tried(tmp_path, "zh", person="down")
    assert "环节　　civil-affairs 核对待遇标准与账户 2个工作日，至 2026-11-25" in open_yet
    labels = [line.split()[0] for line in tried(tmp_path, "en").splitlines() if line[0] != " "]
    assert not [label for label in labels if CHINESE.search(label)]


def test_what_a_dry_run_does_not_ask_is_told_with_its_reason(tmp_path: Path) -> None:
    scenario = json.loads((ELDER / "cases" / "approve.json").read_text("utf-8"))
    del scenario["lookups"]
    (tmp_path / "s.json").write_text(json.dumps(scenario), "utf-8")
    said = run("try", "elder-allowance", "--scenario", tmp_path / "s.json", data=tmp_path / "d", language="zh")
    assert re.search(r"earlier: 没有回应（\d+ ms）：试算不查以前的办件：请在情景里写这个调取查到什么", said)
    del scenario["applicant"]["id_number"]
    (tmp_path / "s.json").write_text(json.dumps(scenario), "utf-8")
    said = run("try", "elder-allowance", "--scenario", tmp_path / "s.json", data=tmp_path / "d", language="zh")
    assert "person: 未查询：没有 /applicant/id_number，没法查" in said


def test_a_difference_of_a_scenario_is_told_in_the_language_of_who_reads(tmp_path: Path) -> None:
    folder = tmp_path / "elder-allowance-2"
    shutil.copytree(ELDER, folder)
    scenario = json.loads((folder / "cases" / "approve.json").read_text("utf-8"))
    scenario["expect"] |= {"decision": "reject"}
    (folder / "cases" / "approve.json").write_text(json.dumps(scenario), "utf-8")
    assert "decision：期望 reject，实际 approve" in run("test", folder, data=tmp_path / "d", language="zh")
    assert "decision: expected reject, got approve" in run("test", folder, data=tmp_path / "d", language="en")
