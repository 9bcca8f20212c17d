"""Lists with rows in fixed places: what stands behind them, and lists that contain themselves."""

from __future__ import annotations

from typing import Any

import pytest

from forms import Form
from tests.forms_engine.browser import posted

TEXT: dict[str, Any] = {"type": "string"}


def through(form: Form, answers: Any) -> Any:
    return form.read(posted(form.render(answers))).answers


@pytest.mark.parametrize(
    "schema", [{"items": [TEXT, {"type": "boolean"}]}, {"prefixItems": [TEXT, {"type": "boolean"}]}]
)
def test_rows_behind_the_fixed_ones_survive_unseen_where_they_are_allowed(schema: dict[str, Any]) -> None:
    form = Form({"type": "object", "properties": {"list": {"type": "array", **schema}}})
    answers = {"list": ["x", True, "more", 3, {"a": [None]}, None, "7"]}
    assert form.problems(answers) == []
    assert through(form, answers) == answers
    assert "lf-add" not in form.render(answers)


def test_those_that_are_not_allowed_are_dropped() -> None:
    form = Form({"type": "object", "properties": {"list": {"items": [TEXT], "additionalItems": False}}})
    assert through(form, {"list": ["x", "more"]}) == {"list": ["x"]}


def test_a_list_whose_fixed_row_is_the_list_itself_ends() -> None:
    form = Form(
        {"type": "object", "properties": {"list": {"type": "array", "items": [TEXT, {"$ref": "#/properties/list"}]}}}
    )
    assert 'name="/list/0"' in form.render()
    answers = {"list": ["a", ["b", ["c"]]]}
    assert through(form, answers) == answers
