"""Patterns that JavaScript reads only without its flag `u`: judged by as it does. Each line was tried in Chromium."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from core.judge.annex_b import spelled_out
from core.judge.schema import compile, faults
from forms import Form
from tests.forms_engine.browser import posted

LENIENT = [
    # a `-` beside a set of characters spans nothing
    (r"^[\w-.]+$", "a-b.c", "a b"),
    (r"^[\w-_.]+/[\w-_.]+$", "a-b/c.d", "a-b"),
    (r"^[^\s-,]+$", "ab", "a-b"),
    (r"^[.-\w]$", "-", "/"),
    (r"^[a-\d-z]+$", "a-9z", "b"),
    (r"^[\d--0]+$", "3-", "/"),
    (r"^[\p{L}-.]+$", "中-.", "1"),
    # a brace that counts nothing
    (r"^\${x}$", "${x}", "$x"),
    (r"^\${{\s*secrets\.[\w-]+\s*}}$", "${{ secrets.a-b }}", "${{ a }}"),
    (r"^a{,3}$", "a{,3}", "aaa"),
    (r"^{a}{2}$", "{a}}", "{a}"),
    (r"^x{$", "x{", "x"),
    # all, nothing, and the backspace
    (r"^[^]$", "\n", ""),
    (r"^a[^]*z$", "a\nz", "a"),
    (r"^[\b]$", "\b", "b"),
    (r"^a\0$", "a\0", "a0"),
    # a letter of another script needs no backslash, and may have one
    (r"^\中\国$", "中国", "中文"),
    (r"^\ud83d\ude00+$", "😀😀", "😁"),
    (r"^[\ud83d\ude00-\ud83d\ude02]$", "😁", "😃"),
    # back to a group by its name
    (r"^(?<q>[\"'])x\k<q>$", "'x'", "'x\""),
    (r"^(a)(?<q>\d)\k<q>1$", "a221", "a21"),
]
SAME = [
    r"^[\w-]+$",
    r"^[-\w]+$",
    r"^[a-z\-_]+$",
    r"^a{2}b{1,}c{0,3}$",
    r"^\p{Script=Han}\u{61}$",
    r"[a\]-z]",
    r"^\{\}$",
    "^[]a]$",
]
BROKEN = ["a\\", "[a", "[a-", "[\\", "(?<", "(a", r"\k<gone>", r"\h"]


@pytest.mark.parametrize(("pattern", "good", "bad"), LENIENT)
def test_it_is_read_as_javascript_reads_it(pattern: str, good: str, bad: str) -> None:
    assert faults({"pattern": pattern}) == []
    assert compile({"pattern": pattern}).is_valid(good)
    assert not compile({"pattern": pattern}).is_valid(bad)
    form = Form({"type": "object", "properties": {"a": {"type": "string", "pattern": pattern}}})
    assert [p.keyword for p in form.problems({"a": bad})] == ["pattern"]
    assert form.problems({"a": good}) == []


@pytest.mark.parametrize("pattern", [one for one, _, _ in LENIENT])
def test_what_is_spelled_out_stays_as_it_is(pattern: str) -> None:
    assert spelled_out(spelled_out(pattern)) == spelled_out(pattern)


@pytest.mark.parametrize("pattern", SAME)
def test_a_strict_pattern_is_left_alone(pattern: str) -> None:
    assert spelled_out(pattern) == pattern


@pytest.mark.parametrize("pattern", BROKEN)
def test_what_is_no_pattern_for_anybody_stays_a_fault(pattern: str) -> None:
    assert [f.code for f in faults({"pattern": pattern})] == ["pattern"]


@pytest.mark.parametrize("pattern", [r"^([\w-.]+)+$", r"^((\${x})*)*$", r"^(?:[^]*)*x$"])
def test_one_that_explodes_is_still_found(pattern: str) -> None:
    assert [f.code for f in faults({"pattern": pattern})] == ["pattern-explodes"]


class TestNames:
    """The same as keys of `patternProperties`."""

    SCHEMA: ClassVar[dict[str, Any]] = {
        "type": "object",
        "patternProperties": {r"^\${[\w-.]+}$": {"type": "integer", "title": "数"}},
        "additionalProperties": False,
        "properties": {"one": {"$ref": r"#/patternProperties/^\${[\w-.]+}$"}},
    }

    def test_they_choose_what_is_asked(self) -> None:
        form = Form(self.SCHEMA)
        answers = {"${a-b.c}": 1}
        assert form.problems(answers) == []
        assert [p.keyword for p in form.problems({"${a-b.c}": "x"})] == ["type"]
        assert form.problems({"a-b": 1})
        assert form.read(posted(form.render(answers))).answers == answers

    def test_a_reference_through_one_leads_there(self) -> None:
        assert [p.at for p in Form(self.SCHEMA).problems({"one": "x"})] == ["/one"]

    def test_the_ui_names_them_as_the_author_wrote_them(self) -> None:
        ui = {"patternProperties": {r"^\${[\w-.]+}$": {"ui:title": "变量"}}}
        assert "变量" in Form(self.SCHEMA, ui).render({"${a}": 1})
