"""The gallery as a screen reader meets it: every control named, every group titled, ids unique, no inline code."""

from __future__ import annotations

from xml.etree.ElementTree import Element

import pytest

from forms.engine import gallery
from tests.forms_engine.browser import tree

PAGES = [*gallery.entries(), *gallery.entries(wrong=True), *gallery.entries("en")]


def text_of(element: Element) -> str:
    return "".join(element.itertext()).strip()


@pytest.mark.parametrize("entry", PAGES, ids=lambda e: e.title)
def test_every_exhibit(entry: gallery.Entry) -> None:
    page = tree(entry.html)
    every = list(page.iter())
    ids = [e.get("id") for e in every if e.get("id")]
    assert len(ids) == len(set(ids)), "ids are unique"
    labels = {e.get("for"): text_of(e) for e in every if e.tag == "label"}
    for element in every:
        assert element.get("style") is None
        assert element.tag not in ("script", "style")
        if element.tag in ("input", "select", "textarea") and element.get("type") != "hidden":
            assert labels.get(element.get("id")), f"{element.get('name')} has a label"
        if element.tag == "button":
            assert text_of(element)
            assert element.get("type") == "submit"
        if element.tag == "fieldset":
            first = next(iter(element), None)
            assert first is not None
            assert first.tag == "legend"
            assert text_of(first)
        for name in (element.get("aria-describedby") or "").split():
            assert name in ids, f"{name} is on the page"
        if element.get("aria-invalid"):
            assert element.get("aria-describedby")


def test_optional_questions_are_marked_and_required_ones_are_not() -> None:
    from forms import Form

    html = Form(
        {
            "required": ["a"],
            "properties": {"a": {"type": "string", "title": "甲"}, "b": {"type": "string", "title": "乙"}},
        }
    ).render()
    assert html.count("（选填）") == 1
    assert "*" not in html


def test_a_question_in_a_row_that_may_be_left_out_says_so() -> None:
    from forms import Form

    person = {"type": "object", "required": ["a"], "properties": {"a": {"title": "甲"}, "b": {"title": "乙"}}}
    form = Form({"required": ["l"], "properties": {"l": {"type": "array", "items": person}}})
    assert form.render({"l": [{"a": "1"}]}).count("（选填）") == 1


def test_a_question_whose_blank_is_an_answer_may_be_left_out() -> None:
    from forms import Form

    form = Form({"required": ["a"], "properties": {"a": {"type": ["string", "null"]}}})
    assert "（选填）" in form.render()
    assert form.problems(form.read([("/a", "")]).answers) == []


def test_what_tells_alternatives_apart_is_asked_in_their_own_words() -> None:
    from forms import Form

    form = Form(
        {
            "type": "object",
            "oneOf": [
                {"title": "个人", "required": ["t"], "properties": {"t": {"const": "p", "title": "申请人类型"}}},
                {"title": "企业", "required": ["t"], "properties": {"t": {"const": "f"}}},
            ],
        }
    )
    html = form.render()
    assert "申请人类型" in html
    assert "（选填）" not in html
    assert "添加其他内容" not in html
