"""Every fault speaks both languages, and whoever adds one fills its blanks."""

from __future__ import annotations

import ast
import copy
import re
import string
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from core.contract import Fault, Said
from core.faults import TABLE, Code, Sentence, fault, near
from tests.guards import house

ROOT = Path(__file__).resolve().parents[2]
CHINESE = re.compile(r"[\u4e00-\u9fff]")


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}


def one_tongued(table: Mapping[str, Code]) -> Iterator[str]:
    """What is said in one language only, or says other things in the other."""
    for code, one in table.items():
        if not one.sentences or not CHINESE.search(one.about):
            yield f"{code}: no sentence, or not explained"
        for variant, said in one.sentences.items():
            for en, zh in ((said.en, said.zh), (said.hint, said.hint_zh)):
                if bool(en) != bool(zh) or (en and not CHINESE.search(zh)) or CHINESE.search(en):
                    yield f"{code}/{variant}: {en!r} is not {zh!r}"
            if not said.en or blanks(said.en) != blanks(said.zh):
                yield f"{code}/{variant}: the blanks of {said.en!r} are not those of {said.zh!r}"
            if blanks(said.hint) | blanks(said.hint_zh) > blanks(said.en) | blanks(said.hint):
                yield f"{code}/{variant}: the remedy has blanks of its own in Chinese"


def ill_filled(root: Path) -> Iterator[str]:
    """Calls that name a sentence nobody wrote, or leave a blank of it empty."""
    for name, path, _ in house.modules(root, "core", "forms", "admin"):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not isinstance(call, ast.Call) or not isinstance(call.func, (ast.Attribute, ast.Name)):
                continue
            verb = call.func.attr if isinstance(call.func, ast.Attribute) else call.func.id
            said = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
            keys = [s for s in said if s.partition("/")[0] in TABLE]
            if verb not in ("add", "fault") or not keys or any(k.arg is None for k in call.keywords):
                continue
            code, _, variant = keys[-1].partition("/")
            one = TABLE[code].sentences.get(variant)
            if one is None:
                yield f"{name}:{call.lineno}: {keys[-1]} is written nowhere"
                continue
            given = {k.arg for k in call.keywords}
            missing = (blanks(one.en) | blanks(one.hint)) - given - ({"line"} if ".templates" in name else set())
            if missing:
                yield f"{name}:{call.lineno}: {keys[-1]} lacks {', '.join(sorted(missing))}"


def test_no_fault_code_is_without_both_languages() -> None:
    assert not list(one_tongued(TABLE))


@pytest.mark.parametrize(
    "code",
    [
        Code("没有。"),
        Code("No Chinese.", Sentence("A.", "甲。")),
        Code("没有。", Sentence("A.", "A.")),
        Code("没有。", Sentence("A {b}.", "甲。")),
        Code("没有。", Sentence("A.", "甲。", "Mend it.")),
    ],
)
def test_the_guard_sees_a_code_that_lacks_a_language(code: Code) -> None:
    assert list(one_tongued({"x": code}))


def test_every_fault_names_a_sentence_and_fills_its_blanks() -> None:
    assert not list(ill_filled(ROOT))


def test_the_guard_sees_a_blank_left_empty(tmp_path: Path) -> None:
    (tmp_path / "core").mkdir()
    (tmp_path / "core" / "x.py").write_text(
        'faults.add("a", "", "unknown-unit")\nfaults.add("a", "", "unknown-unit/x", name=1)\n', encoding="utf-8"
    )
    assert len(list(ill_filled(tmp_path))) == 2


def test_a_fault_is_english_for_programs_and_chinese_for_people() -> None:
    told = fault("plugins/dog-licence/routing.json#/steps/0/unit", "unknown-unit", name="animal",
                 hint=near("animal", ["animals"]))  # fmt: skip
    assert str(told) == (
        'plugins/dog-licence/routing.json#/steps/0/unit: "animal" is not a unit. Did you mean "animals"? [unknown-unit]'
    )
    assert str(told.told("zh")) == (
        "plugins/dog-licence/routing.json#/steps/0/unit: 没有“animal”这个部门。是不是想写“animals”？ [unknown-unit]"
    )
    assert told.told("en") == told
    assert type(told.told("zh").what) is str
    assert copy.deepcopy(told).told("zh") == told.told("zh")


def test_a_plugins_own_words_stay_as_they_are() -> None:
    own = Fault("plugin.py", "费率没有填。", "补上费率。", "no-rates")
    assert own.told("zh") == own.told("en") == own


def test_what_stands_in_a_sentence_speaks_the_same_language() -> None:
    told = fault("x", "wrong-type", value='"甲"', types=Said("a number", "数"), title="")
    assert told.what == '"甲" is not a number.'
    assert told.told("zh").what == '"甲" 写得不对，这里要写数。'


def test_braces_in_a_value_are_only_braces() -> None:
    assert fault("x", "unknown-unit", name="{0.__class__}").told("zh").what == "没有“{0.__class__}”这个部门。"
