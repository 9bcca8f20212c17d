"""Why a source did not answer is told in the reader's language, whatever of ours said it."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core.sources.reasons import SENTENCES, told

ROOT = Path(__file__).parents[2]
SAYS = {"Down", "Refused", "CannotConnect", "NotJson", "Unmapped", "NotAllowedTarget", "AllBusy", "NoToken"}
SAYS |= {"LeftOut", "Failed", "NotMade", "must"}
FILES = [
    *sorted((ROOT / "core" / "sources").rglob("*.py")),
    ROOT / "core" / "cases" / "connector.py",
]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def sentences(path: Path) -> Iterator[tuple[int, str]]:
    """Every sentence that becomes the reason of an answer or a check, with something in its holes."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYS and node.args:
            text = spelled(node.args[1 if node.func.id == "must" else 0])
            if re.search(r"[a-z]{2,} [a-z]{2,}", re.sub("X9", "", text)):
                yield node.lineno, text


def spelled(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    if isinstance(node, ast.JoinedStr):
        return "".join(spelled(part) for part in node.values)
    return "X9"


def test_every_reason_of_ours_is_told_in_chinese() -> None:
    silent = [
        f"{path.relative_to(ROOT)}:{line}: {text}"
        for path in FILES
        for line, text in sentences(path)
        if not CHINESE.search(told(text, "zh"))
    ]
    assert not silent, "core/sources/reasons.py does not say:\n" + "\n".join(silent)


def test_no_english_is_left_in_a_reason_with_a_reason_in_it() -> None:
    for reason, chinese in (
        ("left out: asked by way of 127.0.0.1 it does not answer (down: no answer in time)",
         "没有查：经 127.0.0.1 去问，它不答复（没有应答：没有在规定的时间内答复）"),
        ("the service answered 404: the answer is not JSON (ValueError, 0 bytes)",
         "对方答 404：答复不是 JSON（ValueError，0 字节）"),
        ("a.csv: no column 备注; there are 卡号", "a.csv：没有 备注 这一列，有 卡号"),
        ("down: there is no file where settings.path (${DOGS_FILE}) points",
         "没有应答：settings.path (${DOGS_FILE}) 所指的文件不在那里"),
        ('settings.select: ":x" is not a property of the query schema; one statement only: remove what follows the '
         "semicolon", "settings.select：“:x”不是 query 里的字段；只能有一条语句：去掉分号后面的"),
    ):  # fmt: skip
        assert told(reason, "zh") == chinese
        assert told(reason, "en") == reason


def test_what_an_integrator_says_stays_as_he_wrote_it() -> None:
    assert told("TypeError: 消防接口没有开", "zh") == "TypeError: 消防接口没有开"
    assert told("quota is used up", "zh") == "quota is used up"


@pytest.mark.parametrize(("english", "chinese"), SENTENCES)
def test_both_languages_fill_in_the_same(english: str, chinese: str) -> None:
    holes = re.compile(r"(?<!\{)\{(\w+)\}")
    assert sorted(holes.findall(english)) == sorted(holes.findall(chinese))
