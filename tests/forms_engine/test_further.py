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


RATES: dict[str, Any] = {
    "type": "object",
    "properties": {
        "rates": {"type": "object", "additionalProperties": {"type": "integer", "title": "单价"}},
        "people": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "properties": {"age": {"type": "integer"}, "tel": {"type": "string"}},
            },
        },
        "words": {"type": "object", "additionalProperties": {"type": "string"}},
        "kinds": {"type": "object", "additionalProperties": {"enum": ["甲", "乙"]}},
    },
}


def begun(part: str, answers: dict[str, Any]) -> tuple[Form, dict[str, Any], str]:
    """The form, its answers and the page after the button for a new entry."""
    form = Form(RATES)
    reading = form.read(posted(form.render(answers), button=("_add", f"/{part}/~+0")))
    return form, reading.answers, form.render(reading.answers)


def filled(html: str, **values: str) -> list[tuple[str, str]]:
    """The post with the entry that has no name yet given one, and a content."""
    pairs = posted(html)
    key = next(name for name, value in pairs if name.startswith("_key:") and not value)
    at = key.removeprefix("_key:")
    new = {key: values.get("key", ""), **{at + k: v for k, v in values.items() if k != "key"}}
    if "content" in values:
        new[at] = new.pop(at + "content")
    return [(n, v) for n, v in pairs if n not in new] + list(new.items())


@pytest.mark.parametrize(("part", "typed", "meant"), [("rates", "7", 7), ("words", "x", "x"), ("kinds", "乙", "乙")])
def test_a_new_typed_entry_starts_without_name_and_unanswered(part: str, typed: str, meant: Any) -> None:
    form, answers, html = begun(part, {})
    assert answers == {part: {"": None}}
    tags = {e.get("name"): e for e in tree(html).iter() if e.get("name", "").startswith(("_key:", f"/{part}/~+0"))}
    assert tags[f"_key:/{part}/~+0"].get("value") == ""
    assert form.read(filled(html, key="one", content=typed)).answers == {part: {"one": meant}}
    untouched = form.read(posted(html))
    assert (untouched.answers, untouched.problems) == ({}, ())


def test_one_just_begun_outlives_another_button() -> None:
    form, _, html = begun("rates", {"rates": {"a": 1}})
    again = form.read(posted(html, button=("_remove", "/rates/a")))
    assert again.answers == {"rates": {"": None}}


def test_a_content_without_name_is_kept_and_told_beside_it() -> None:
    form, _, html = begun("rates", {})
    reading = form.read(filled(html, content="7"))
    assert reading.answers == {"rates": {"": 7}}
    assert [(p.at, p.message) for p in reading.problems] == [("/rates/", "请给这项内容写上名称")]
    html = form.render(reading.answers, reading.problems)
    assert texts(html, "lf-error") == ["错误：请给这项内容写上名称"]
    assert 'id="/rates/"' in html


def test_a_name_without_content_is_told() -> None:
    form, _, html = begun("rates", {})
    reading = form.read(filled(html, key="a"))
    assert reading.answers == {"rates": {"a": None}}
    assert [p.at for p in form.problems(reading.answers)] == ["/rates/a"]


def test_a_new_group_starts_empty_and_is_filled_in() -> None:
    form, answers, html = begun("people", {})
    assert answers == {"people": {"": {}}}
    assert form.read(filled(html, key="张三", **{"/age": "70"})).answers == {"people": {"张三": {"age": 70}}}
    assert form.read(posted(html)).answers == {}


def test_what_is_left_blank_inside_an_entry_goes_from_the_draft() -> None:
    form = Form(RATES)
    old = {"people": {"张三": {"age": 70, "tel": "1"}, "李四": {"age": 60, "tel": "2"}}}
    pairs = [(n, "" if n == "/people/~+0/tel" else v) for n, v in posted(form.render(old))]
    reading = form.read(pairs)
    assert reading.onto(old) == {"people": {"张三": {"age": 70}, "李四": {"age": 60, "tel": "2"}}}
    renamed = [(n, "王五" if n == "_key:/people/~+1" else v) for n, v in pairs]
    assert form.read(renamed).onto(old) == {"people": {"张三": {"age": 70}, "王五": {"age": 60, "tel": "2"}}}


def test_a_name_that_was_there_already_keeps_its_blanks() -> None:
    form = Form({"type": "object", "additionalProperties": {"type": "string"}})
    answers = {" lead": "a", "trail ": "b", "in side": "c"}
    assert form.read(posted(form.render(answers))).answers == answers
