"""A corpus of hostile strings through every widget, in every place of it: each stays the text that it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any
from urllib.parse import quote

import pytest

from core.contract import Area, Problem
from core.judge.filling import Filling
from core.judge.schema import token
from forms import Form
from forms.engine import gallery
from forms.engine.exhibits import declared
from forms.engine.html import id_of
from forms.engine.widgets import BUILT_IN
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
            if k in ("title", "description", "errorMessage", "ui:help", "ui:placeholder") and isinstance(v, str)
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


Say = Callable[[str], str]
"""The text that stands in a place, by the place's name."""
Sample = tuple[dict[str, Any], dict[str, Any], Any]
"""(schema, ui, answer) of one question."""


def text(**more: Any) -> Callable[[Say], Sample]:
    return lambda say: ({"type": "string", **more}, {}, say("answer"))


def options(widget: str) -> Callable[[Say], Sample]:
    def sample(say: Say) -> Sample:
        several = [{"const": say("value"), "title": say("label")}, {"const": "b", "title": say("other")}]
        return {"oneOf": several, "default": say("value")}, {"ui:widget": widget}, say("value")

    return sample


def boxes(say: Say) -> Sample:
    items = {"enum": [say("value"), say("other")]}
    return {"type": "array", "uniqueItems": True, "items": items, "default": [say("other")]}, {}, [say("value")]


def file(say: Say) -> Sample:
    kept = f"data:text/plain;name={quote(say('name'))};base64,YQ=="
    return {"type": "string", "format": "data-url", "default": say("default")}, {}, kept


def group(say: Say) -> Sample:
    inner = {"type": "string", "title": say("inner"), "default": say("default")}
    schema = {"type": "object", "properties": {say("name"): inner}, "additionalProperties": {"title": say("further")}}
    return schema, {}, {say("name"): say("answer"), say("key"): say("content")}


def period(say: Say) -> Sample:
    day = {"type": "string", "format": "date", "title": say("inner")}
    return {"type": "object", "properties": {"from": day, "to": day}}, {}, {"from": say("answer"), "to": say("other")}


def rows(say: Say) -> Sample:
    inner = {"type": "object", "title": say("inner"), "properties": {"a": {"type": "string", "title": say("deep")}}}
    return {"type": "array", "items": inner, "default": [{"a": say("default")}]}, {}, [{"a": say("answer")}]


SAMPLES: dict[str, Callable[[Say], Sample]] = {
    "text": text(),
    "textarea": text(maxLength=500),
    "number": text(type="number"),
    "integer": text(type="integer"),
    "number-like": lambda say: ({"minimum": 1}, {}, say("answer")),
    "email": text(format="email"),
    "url": text(format="uri"),
    "tel": text(format="tel"),
    "color": text(format="color"),
    "password": text(format="password"),
    "time": text(format="time"),
    "date-time": text(format="date-time"),
    "id-number": text(format="cn-id-number"),
    "credit-code": text(format="cn-credit-code"),
    "mobile": text(format="cn-mobile"),
    "bank-card": text(format="cn-bank-card"),
    "postcode": text(format="cn-postcode"),
    "money": text(format="cn-money"),
    "money-number": text(type="number", **{"x-unit": "元"}),
    "area": text(format="cn-area"),
    "date": text(format="date"),
    "signature": text(format="signature"),
    "file": file,
    "radio": options("radio"),
    "select": options("select"),
    "box": lambda say: ({"const": True}, {}, say("answer")),
    "const": lambda say: ({"const": say("value")}, {}, say("value")),
    "none": lambda say: ({"type": "null"}, {}, say("answer")),
    "any": lambda say: ({"type": ["string", "integer"]}, {}, {say("key"): [say("answer")]}),
    "hidden": lambda say: ({"type": "string"}, {"ui:widget": "hidden"}, say("answer")),
    "boxes": boxes,
    "group": group,
    "period": period,
    "rows": rows,
}
"""One question a widget. A widget that is added to the registry has to be added here."""
SILENT = ("const", "none", "hidden")
"""Widgets that show no words of the author's."""


def test_every_widget_of_the_registry_is_tried() -> None:
    assert {widget.name for widget in BUILT_IN} == SAMPLES.keys()


def pages(widget: str, say: Say) -> list[str]:
    """All that shows one question: blank, answered with its problems, with its defaults, to be checked, in English."""
    schema, ui, answer = SAMPLES[widget](say)
    words = {"title": say("title"), "description": say("description"), "errorMessage": say("errorMessage")}
    whole = {
        "type": "object",
        "title": say("form"),
        "properties": {"q": {"default": say("default"), **schema, **words, "not": {"const": answer}}},
        "required": ["q"],
    }
    told = {"ui:help": say("help"), "ui:placeholder": say("placeholder"), "ui:autocomplete": say("autocomplete")}
    form = Form(whole, {"q": {**told, **ui}})
    plan = form._in("zh", None).plan
    assert plan.node(plan.node(plan.root).fields[0]).widget.name == widget
    problems = form.problems({"q": answer})
    assert problems
    areas = {"320583000000": Area("320583000000", say("area"), "city", None)}
    return [
        form.render(),
        form.render({"q": answer}, problems, areas=areas),
        form.render({"q": answer}, problems),
        form.render(form.start()),
        form.summary(problems),
        form.review({"q": answer}, links=True, areas=areas),
        form.render({"q": answer}, problems, "en"),
    ]


def skeleton(html: str) -> list[tuple[str, list[str]]]:
    """Elements with the names of their attributes: what no text may add to."""
    return [(element.tag, sorted(element.attrib)) for element in tree(html).iter()]


def said(html: str) -> str:
    """All texts and values of attributes, as a browser has them; and the boxes of a date together."""
    whole = tree(html)
    values = [value for element in whole.iter() for value in element.attrib.values()]
    boxes = "-".join(element.get("value", "") for element in whole.iter("input"))
    return "\n".join(["".join(whole.itertext()), *values, boxes])


def is_in(text: str, whole: str) -> bool:
    """Whether a text is there to its last character: as it is, in a pointer or an id, or in JSON."""
    spelled = (text, token(text), id_of(token(text)), json.dumps(text, ensure_ascii=False)[1:-1])
    return any(one in whole for one in spelled)


@pytest.mark.parametrize("widget", SAMPLES)
def test_no_text_in_any_place_of_any_widget_is_more_than_text(widget: str) -> None:
    places: set[str] = set()

    def harmless(place: str) -> str:
        places.add(place)
        return f"甲·{place}·"

    plain = pages(widget, harmless)
    shown = [{place for place in places if f"甲·{place}·" in said(html)} for html in plain]
    told = {"title", "description", "help", "errorMessage"}
    assert told <= set.union(*shown) or widget in SILENT
    for hostile in HOSTILE:

        def harmful(place: str, text: str = hostile) -> str:
            return f"{text}·{place}·"

        for before, known, html in zip(plain, shown, pages(widget, harmful), strict=True):
            assert_harmless(html)
            assert skeleton(html) == skeleton(before)
            whole = said(html)
            if hostile.startswith("${"):
                known = known - {"errorMessage"}  # there it is a pointer, and what it leads to is told
            assert [place for place in known if not is_in(f"{hostile}·{place}·", whole)] == []


@pytest.mark.parametrize("hostile", TOGETHER)
@pytest.mark.parametrize("n", range(len(declared())))
def test_no_exhibit_of_the_gallery_takes_a_text_for_more(n: int, hostile: str) -> None:
    entry = gallery.entries()[n]

    def drawn(word: str) -> list[str]:
        form = Form(planted(entry.schema, word), planted(entry.ui, word) if entry.ui else {"ui:title": word})
        answers = poisoned(entry.answers or dict.fromkeys(entry.schema.get("properties", {}), ""), word)
        problems = [replace(p, message=word) for p in (*form.problems({}), *form.problems(answers))]
        return [
            form.render(entry.answers, problems),
            form.render(answers, problems, areas=gallery.AREAS),
            form.summary(problems),
            form.review(entry.answers, links=True),
            form.review(answers, links=True, areas=gallery.AREAS),
        ]

    for html, before in zip(drawn(hostile), drawn("甲"), strict=True):
        assert_harmless(html)
        assert skeleton(html) == skeleton(before)
        assert ("甲" in said(before)) == (hostile in said(html))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_that_the_server_fills_in_is_more_than_text(hostile: str) -> None:
    """Held values with their source and the box beside them, what was looked up to choose from, and areas' names."""

    def drawn(word: str) -> str:
        form = Form(
            {
                "title": "表",
                "properties": {
                    "held": {"type": "string", "title": word},
                    "one": {"type": "string", "title": word},
                    "area": {"type": "string", "format": "cn-area", "title": word},
                    "maybe": {"type": "string", "title": word},
                },
            },
            {"ui:pages": [{"title": word, "description": word, "fields": ["held", "one", "area", "maybe"]}]},
        )
        filling = Filling(
            values={"/held": word},
            held={"/held": "person"},
            claimed={"/held": word},
            declared=frozenset({"/maybe"}),
            choices={"/one": [{"value": word, "title": word}, {"value": "b", "title": word}]},
            sources={"person": {"title": word}},
        )
        areas = {
            "320583000000": Area("320583000000", word, "city", None),
            "320583101000": Area("320583101000", word, "town", "320583000000"),
        }
        answers = {"one": word, "area": "320583101000", "maybe": word}
        problems = [Problem("/held", "x", word), Problem("/one", "x", word)]
        html = form.render(answers, problems, filling=filling, areas=areas, wrong=["/held"])
        return html + form.review(answers, filling=filling, areas=areas, links=True)

    html, before = drawn(hostile), drawn("甲")
    assert_harmless(html)
    assert skeleton(html) == skeleton(before)
    assert said(html).count(hostile) == said(before).count("甲")


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
