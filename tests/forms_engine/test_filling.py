"""What the server holds: shown as quiet text with its source, never an input, never read from the post."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.judge.filling import Filling
from forms import Form
from forms.engine.gallery import AREAS
from tests.forms_engine.browser import inputs, posted, texts

FORM = Form(
    {
        "type": "object",
        "required": ["name", "area", "house", "loan", "spouse"],
        "properties": {
            "name": {"type": "string", "title": "姓名", "x-from": "/lookups/person/name"},
            "born": {"type": "string", "format": "date", "title": "出生日期"},
            "area": {"type": "string", "format": "cn-area", "title": "区划"},
            "house": {"type": "string", "title": "房屋"},
            "loan": {"type": "string", "title": "贷款"},
            "spouse": {"type": "string", "title": "配偶"},
            "address": {"type": "string", "title": "地址"},
            "kids": {
                "type": "array",
                "title": "子女",
                "items": {
                    "properties": {
                        "no": {"type": "string", "title": "证号"},
                        "name": {"type": "string", "title": "姓名"},
                    }
                },
            },
        },
    }
)
FILLING = Filling(
    values={"/name": "李<四>", "/born": "1940-02-03", "/area": "320583103205", "/kids/0/name": "小明"},
    held={"/name": "person", "/born": "person", "/area": "person", "/kids/0/name": "child"},
    declared=frozenset({"/loan"}),
    hidden=frozenset({"/spouse"}),
    suggested={"/address": "示例路 1 号"},
    choices={
        "/house": [{"value": "H1", "title": "一号房"}, {"value": "H2", "title": "二号房"}],
        "/kids/*/no": [{"value": "9", "title": "九号"}],
    },
    sources={"person": {"title": "自然人信息数据库"}},
)


def names(html: str) -> set[str]:
    return {e.get("name") or "" for e in inputs(html)}


def test_held_values_are_text_with_a_chip() -> None:
    html = FORM.render({}, filling=FILLING, areas=AREAS)
    assert texts(html, "lf-value") == ["李<四>", "1940 年 2 月 3 日", "示例市 · 示例镇 · 示例村"]
    assert texts(html, "lf-chip") == ["来自自然人信息数据库"] * 3
    assert not {"/name", "/area", "_y:/born"} & names(html)


def test_each_may_be_marked_as_wrong() -> None:
    html = FORM.render({}, filling=FILLING, wrong=["/name"])
    reading = FORM.read([*posted(html), ("_wrong", "/born"), ("_wrong", "/house")], filling=FILLING)
    assert reading.wrong == {"/name", "/born"}


def test_a_post_cannot_overwrite_them() -> None:
    reading = FORM.read(
        [("/name", "王五"), ("/kids/0/name", "x"), ("/kids/0/no", "9"), ("/spouse", "x")], filling=FILLING
    )
    assert reading.answers == {"kids": [{"no": "9"}]}
    assert set(reading.unknown) == {"/name", "/kids/0/name", "/spouse"}


def test_what_was_not_asked_is_no_question() -> None:
    assert "配偶" not in FORM.render({}, filling=FILLING)


def test_what_was_not_found_is_an_ordinary_question_that_says_so() -> None:
    html = FORM.render({}, filling=FILLING)
    assert "/loan" in names(html)
    assert "未能查到，请如实填写" in texts(html, "lf-note")


@pytest.mark.parametrize(("why", "says"), [("empty", "没有这一项"), ("down", "暂时没有回应"), ("refused", "没有查")])
def test_why_it_was_not_found_is_said(why: str, says: str) -> None:
    html = FORM.render({}, filling=replace(FILLING, why={"/loan": why}))
    assert [note for note in texts(html, "lf-note") if says in note]


def test_a_suggestion_may_be_changed() -> None:
    html = FORM.render({}, filling=FILLING)
    assert ("/address", "示例路 1 号") in posted(html)
    assert ("/address", "别处") in posted(FORM.render({"address": "别处"}, filling=FILLING))


def test_what_was_found_is_picked_from_a_list() -> None:
    html = FORM.render({"house": "H2", "kids": [{"no": "9"}]}, filling=FILLING)
    pairs = posted(html)
    assert ("/house", "H2") in pairs
    assert ("/kids/0/no", "9") in pairs
    assert "一号房" in html
    assert FORM.read(pairs, filling=FILLING).answers["house"] == "H2"


def test_nobody_is_told_about_what_the_server_holds() -> None:
    assert [p.at for p in FORM.problems({}, filling=FILLING)] == ["/house", "/loan"]


def test_another_person_sees_nothing_of_the_first() -> None:
    FORM.render({}, filling=FILLING)
    other: Any = Filling(values={"/name": "王五"}, held={"/name": "person"})
    html = FORM.render({}, filling=other)
    assert "李" not in html
    assert "一号房" not in html
