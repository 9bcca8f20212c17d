"""What may only be null, in lists and under further names: nothing to ask, and yet there."""

from __future__ import annotations

from typing import Any

import pytest

from forms import Form
from tests.forms_engine.browser import posted

NULLS: dict[str, Any] = {"type": "array", "items": {"type": "null"}}
PAIR: dict[str, Any] = {"type": "array", "prefixItems": [{"type": "null"}, {"type": "string"}]}


@pytest.mark.parametrize(
    ("schema", "answers"),
    [
        (NULLS, [None, None]),
        ({"type": "object", "properties": {"l": NULLS}}, {"l": [None, None]}),
        ({"type": "object", "properties": {"l": NULLS}}, {"l": []}),
        ({"type": "object", "properties": {"l": {"type": "array", "items": NULLS}}}, {"l": [[None], [None, None]]}),
        ({"type": "object", "properties": {"l": PAIR}}, {"l": [None, "a"]}),
        ({"type": "object", "properties": {"l": PAIR}}, {"l": [None]}),
        ({"type": "object", "additionalProperties": {"type": "null"}}, {"a": None, "b": None}),
        ({"type": "object", "patternProperties": {"^x": {"type": "null"}}}, {"x": None}),
    ],
)
def test_nulls_come_back_from_the_page(schema: dict[str, Any], answers: Any) -> None:
    form = Form(schema)
    assert form.problems(answers) == []
    assert form.read(posted(form.render(answers))).answers == answers


def test_a_row_is_added_and_removed() -> None:
    form = Form({"type": "object", "properties": {"l": NULLS}})
    grown = form.read(posted(form.render({"l": [None]}), button=("_add", "/l"))).answers
    assert grown == {"l": [None, None]}
    assert form.read(posted(form.render(grown), button=("_remove", "/l/0"))).answers == {"l": [None]}


def test_what_is_written_behind_a_null_on_a_blank_page_keeps_its_place() -> None:
    form = Form({"type": "object", "properties": {"l": PAIR}})
    pairs = [(name, "a" if name == "/l/1" else value) for name, value in posted(form.render())]
    assert form.read(pairs).answers == {"l": [None, "a"]}


def test_a_list_left_blank_stays_unanswered() -> None:
    form = Form({"type": "object", "properties": {"l": PAIR, "m": NULLS}})
    assert form.read(posted(form.render())).answers == {}
