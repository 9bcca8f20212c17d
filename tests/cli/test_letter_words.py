"""A letter that reads what is not there, and a template that does not parse: told in the terminal's own language."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli import main

PENSION = Path(__file__).parents[2] / "plugins" / "elder-allowance"


def said(tmp_path: Path, command: str, letter: str, language: str) -> str:
    folder = tmp_path / "elder-allowance"
    shutil.copytree(PENSION, folder)
    (folder / "templates" / "result.html").write_text(letter, "utf-8")
    return CliRunner().invoke(main, ["--language", language, command, str(folder)]).output


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", "告知单写不出来：templates/result.html 第 1 行用到了这一件里没有的值（“agent”）"),
        ("en", "the letter cannot be written: templates/result.html, line 1 uses what this case does not hold"),
    ],
)
def test_a_value_that_is_not_there_is_told_with_what_to_write(tmp_path: Path, language: str, words: str) -> None:
    output = said(tmp_path, "test", "<p>{{ agent.name }}</p>", language)
    assert words in output
    assert '{% if findings.visit %}…{% endif %}' in output  # fmt: skip


def test_a_value_that_is_not_there_is_no_in_an_if(tmp_path: Path) -> None:
    letter = "{% if agent.name %}代办{% endif %}{% if agent.relation == 'guardian' %}监护{% endif %}"
    assert "告知单写不出来" not in said(tmp_path, "test", letter, "zh")


@pytest.mark.parametrize(
    ("letter", "words"),
    [
        ("{% if agent %}有", "第 1 行写错了（到末尾还没有写 {% endif %}）"),
        ("\n{{ case.no", "第 2 行写错了（到末尾还缺“}}”）"),
        ("{{ case.no，case.fee }}", "不认识 ， ："),
        ("{{ case.no case.fee }}", "这里应当是“}}”，写的是“case”"),
        ("{% if agent = 1 %}{% endif %}", "这里应当是“%}”，写的是“=”"),
        ("{% if agent %}{% endfor %}", "前面的 {% if %} 还没有用 {% endif %} 收尾"),
        ("{% wenn agent %}", "没有“wenn”这个标签"),
        ("{{ case. }}", "点号后面缺一个名称"),
        ("{{ (case.no }}", "这里应当是“)”，写的是“}”"),
        ("{% if agent == %}x{% endif %}", "这里不能写“%}”"),
        ("{{ }}", "“}}”前面缺一个值"),
        ("{# 说明", "后面缺 #}"),
    ],
)
def test_a_template_that_does_not_parse_is_told_in_chinese(tmp_path: Path, letter: str, words: str) -> None:
    assert words in said(tmp_path, "check", letter, "zh")
