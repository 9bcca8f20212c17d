"""The sentences: every one in both languages, with the same things said in each."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.contract import LEVELS
from core.judge.sentences import enumerate_names, join, level_name, say, show
from core.judge.wording import LEVELS as LEVEL_NAMES
from core.judge.wording import SENTENCES

JUDGE = Path(__file__).resolve().parents[2] / "core" / "judge"


@pytest.mark.parametrize("key", sorted(SENTENCES["zh"]))
def test_a_sentence_says_the_same_in_both_languages(key: str) -> None:
    named = [sorted(re.findall(r"\{(\w+)\}", SENTENCES[language][key])) for language in ("zh", "en")]
    assert named[0] == named[1]
    assert not re.search(r"[一-鿿]", SENTENCES["en"][key]), "no mixed page"


def test_no_sentence_is_left_that_nobody_says() -> None:
    assert SENTENCES["zh"].keys() == SENTENCES["en"].keys()
    said_by = [*(path for path in JUDGE.glob("*.py") if path.name != "wording.py"), JUDGE.parent / "dryrun.py",
               *(JUDGE.parent / "cases").rglob("*.py")]  # fmt: skip
    code = "".join(path.read_text(encoding="utf-8") for path in said_by)
    dynamic = ("why_", "x-", "month_", "span_")
    assert [k for k in SENTENCES["zh"] if f'"{k}"' not in code and not k.startswith(dynamic)] == []


def test_levels_have_names() -> None:
    for language in ("zh", "en"):
        assert set(LEVEL_NAMES[language]) == set(LEVELS)
    assert level_name("zh", "moon") == "moon"


def test_words_are_put_together_as_each_language_does() -> None:
    assert join("zh", ["甲", "乙"]) == "甲；乙"
    assert join("en", ["a", "b"]) == "a; b"
    assert enumerate_names("zh", ["甲", "乙"]) == "甲、乙"
    assert say("en-GB", "upload") == "has to be handed in"
    assert say("fr", "upload") == "需要提交"


def test_braces_in_a_value_are_only_text() -> None:
    assert say("zh", "given_material", title="{unit}") == "“{unit}”已提交，需要人工核对"


def test_a_long_value_is_cut() -> None:
    assert show("长" * 100) == "长" * 59 + "…"
    assert show({"a": [1, None]}) == '{"a": [1, null]}'
