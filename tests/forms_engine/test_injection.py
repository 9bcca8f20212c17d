"""A corpus of hostile strings through every widget, as answers, as words of the schema, and as problems."""

from __future__ import annotations

from typing import Any

import pytest

from core.contract import Problem
from forms import Form
from forms.engine import gallery
from tests.forms_engine.browser import tree

HOSTILE = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onfocus='alert(1)' autofocus='",
    "</textarea><script>alert(1)</script>",
    "</title><svg/onload=alert(1)>",
    "<!--",
    "]]><script>",
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
    "&lt;script&gt;",
    "\u202egnp.exe",
    "<a href=javascript:alert(1)>x</a>",
    "\x01\x02{}\x7f",
    "${/a}",
    "%00%0d%0aSet-Cookie: x=1",
]
TOGETHER = [" ".join(HOSTILE), HOSTILE[1]]
"""All at once, and one that ends an attribute: every widget of the gallery is drawn with these."""
TAGS = {
    "html", "head", "title", "body", "form", "div", "fieldset", "legend", "label", "span", "p", "input", "select",
    "option", "optgroup", "textarea", "button", "details", "summary", "section", "h2", "ul", "li", "a", "dl", "dt",
    "dd", "img",
}  # fmt: skip


WORDS = ("title", "description", "ui:help", "ui:placeholder")


def assert_harmless(html: str) -> None:
    for element in tree(html).iter():
        assert element.tag in TAGS, element.tag
        for name, value in element.attrib.items():
            assert not name.lower().startswith("on"), name
            assert name not in ("style", "autofocus", "srcdoc"), name
            assert name != "src" or value.startswith("data:image/"), value
            if name == "href":
                assert value.startswith("#")


def planted(value: Any, text: str) -> Any:
    """The same schema with every text replaced that a person would read."""
    if isinstance(value, dict):
        return {
            k: text
            if k in ("title", "description", "ui:help", "ui:placeholder") and isinstance(v, str)
            else planted(v, text)
            for k, v in value.items()
        }
    return [planted(v, text) for v in value] if isinstance(value, list) else value


def poisoned(value: Any, text: str) -> Any:
    """Answers with every text and every further key replaced."""
    if isinstance(value, dict):
        return {k: poisoned(v, text) for k, v in value.items()} | {text: text}
    if isinstance(value, list):
        return [poisoned(v, text) for v in value]
    return text


@pytest.mark.parametrize("text", TOGETHER)
def test_in_answers(text: str) -> None:
    for entry in gallery.entries():
        form = Form(entry.schema, entry.ui)
        answers = poisoned(entry.answers or dict.fromkeys(entry.schema.get("properties", {}), ""), text)
        assert_harmless(form.render(answers, form.problems(answers), areas=gallery.AREAS))
        assert_harmless(form.review(answers, links=True, areas=gallery.AREAS))


@pytest.mark.parametrize("text", TOGETHER)
def test_in_the_words_of_the_schema(text: str) -> None:
    for entry in gallery.entries():
        form = Form(planted(entry.schema, text), planted(entry.ui, text) if entry.ui else {"ui:title": text})
        problems = form.problems({})
        assert_harmless(form.render({}, problems))
        assert_harmless(form.render(entry.answers))
        assert_harmless(form.summary(problems))


@pytest.mark.parametrize("text", HOSTILE)
def test_in_names_options_constants_and_problems(text: str) -> None:
    schema = {
        "type": "object",
        "properties": {
            text: {"type": "string"},
            "k": {"enum": [text, "b"]},
            "l": {"type": "array", "uniqueItems": True, "items": {"enum": [text, "b"]}},
            "c": {"const": text},
            "o": {
                "oneOf": [
                    {"title": text, "properties": {text: {"type": "string"}}},
                    {"title": "x", "properties": {"b": {}}},
                ]
            },
            "r": {"type": "array", "title": text, "items": {"properties": {text: {"type": "string"}}}},
        },
        "required": ["c"],
    }
    form = Form(schema)
    problems = [Problem(f"/{text}", "x", text), Problem("/k", "x", text), Problem("", "x", text)]
    html = form.render({text: text, "k": text, "l": [text], "r": [{text: text}]}, problems)
    assert_harmless(html)
    assert_harmless(form.summary(problems))
