"""Further properties: an editor per pattern, names judged against their own pattern, nothing lost."""

from __future__ import annotations

from typing import Any

import pytest

from forms import Form
from tests.forms_engine.browser import posted, texts, tree

PHONES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "contacts": {
            "type": "object",
            "title": "联系方式",
            "patternProperties": {
                "^tel_": {"type": "string", "format": "cn-mobile", "title": "电话", "description": "名称以 tel_ 开头"},
                "^mail_": {"type": "string", "format": "email", "title": "邮箱"},
                "^[0-9]{4}$": {"type": "object", "title": "年份", "properties": {"n": {"type": "integer"}}},
            },
        }
    },
}
ANSWERS = {"contacts": {"2024": {"n": 1}, "mail_a": "a@b.cn", "tel_x": "13912345678"}}


def closed(schema: dict[str, Any] = PHONES) -> dict[str, Any]:
    inner = {**schema["properties"]["contacts"], "additionalProperties": False}
    return {**schema, "properties": {"contacts": inner}}


def test_each_pattern_has_its_own_heading_hint_and_control() -> None:
    form = Form(PHONES)
    html = form.render(ANSWERS)
    legends = ["".join(e.itertext()) for e in tree(html).iter("legend")]
    assert [t for t in legends if t in ("电话", "邮箱", "年份")] == ["电话", "邮箱", "年份"]
    assert "名称以 tel_ 开头" in texts(html, "lf-hint")
    assert 'type="email"' in html
    assert 'autocomplete="tel-national"' in html
    assert form.read(posted(html)).answers == ANSWERS


@pytest.mark.parametrize(("editor", "name"), [(0, "tel_1"), (1, "mail_1"), (2, "0001")])
def test_a_new_entry_starts_with_a_name_that_its_pattern_allows(editor: int, name: str) -> None:
    form = Form(closed())
    reading = form.read(posted(form.render({"contacts": {}}), button=("_add", f"/contacts/~+{editor}")))
    assert list(reading.answers["contacts"]) == [name]
    again = form.read(posted(form.render(reading.answers), button=("_add", f"/contacts/~+{editor}")))
    assert len(again.answers["contacts"]) == 2


@pytest.mark.parametrize("schema", [PHONES, closed()], ids=["open", "closed"])
def test_a_name_that_fits_no_pattern_is_told_beside_it_and_kept(schema: dict[str, Any]) -> None:
    form = Form(schema)
    pairs = [(n, "wrong" if n == "_key:/contacts/~+2" else v) for n, v in posted(form.render(ANSWERS))]
    reading = form.read(pairs)
    assert reading.answers["contacts"]["wrong"] == "13912345678"
    problems = [*reading.problems, *form.problems(reading.answers)]
    assert [(p.at, p.message) for p in problems] == [("/contacts/wrong", "“wrong”不能用作这里的名称，请按说明改写")]
    html = form.render(reading.answers, problems)
    assert texts(html, "lf-error") == ["错误：“wrong”不能用作这里的名称，请按说明改写"]
    assert 'id="/contacts/wrong"' in html, "the error summary leads to the name"
    assert form.read(posted(html)).answers == reading.answers


def test_a_name_under_two_patterns_is_asked_and_judged_by_both() -> None:
    form = Form({"type": "object", "patternProperties": {"^a": {"type": "string"}, "b$": {"maxLength": 3}}})
    assert form.read(posted(form.render({"ab": "x", "ac": "long enough"}))).answers == {"ab": "x", "ac": "long enough"}
    assert [p.at for p in form.problems({"ab": "too long"})] == ["/ab"]


def test_the_problem_of_an_entry_calls_it_by_its_patterns_title() -> None:
    form = Form(PHONES)
    assert [p.message for p in form.problems({"contacts": {"tel_x": "1"}})] == ["电话请填写 11 位手机号码"]


def test_hidden_answers_inside_further_properties_are_not_filed() -> None:
    asks: dict[str, Any] = {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}},
        "if": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]},
        "then": {"properties": {"more": {"type": "string"}}},
    }
    for schema in (
        {"type": "object", "patternProperties": {"^p": asks}},
        {"type": "object", "patternProperties": {"^p": asks, "1$": {"type": "object"}}},
        {"type": "object", "additionalProperties": asks},
    ):
        answers = {"p1": {"kind": "b", "more": "hidden"}, "p2": {"kind": "a", "more": "asked"}}
        assert Form(schema).prune(answers) == {"p1": {"kind": "b"}, "p2": {"kind": "a", "more": "asked"}}


def test_a_signature_under_a_pattern_is_read_whole() -> None:
    form = Form({"type": "object", "patternProperties": {"^a": {"type": "string", "format": "signature"}}})
    reading = form.read(posted(form.render({"a1": "张三"})))
    assert (reading.answers, reading.unknown) == ({"a1": "张三"}, ())
