"""Property: for generated schemas and valid answers, what is read back from the drawn page is what was meant."""

from __future__ import annotations

import contextlib
import json
import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from core.judge.schema import schemas_in
from forms import Form
from tests.forms_engine.browser import posted
from tests.forms_engine.generated import canonical, forms

MANY = int(os.environ.get("LINGBAN_FORMS", "220"))
"""How many forms are tried; by hand some thousands, and then others each time."""


@settings(
    max_examples=MANY,
    derandomize="LINGBAN_FORMS" not in os.environ,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
@given(forms())
def test_what_is_read_from_the_drawn_page_is_what_was_meant(made: tuple[dict[str, Any], dict[str, Any], Any]) -> None:
    schema, ui, answers = made
    form = Form(schema, ui)
    assert form.problems(answers) == []
    reading = form.read(posted(form.render(answers)))
    assert canonical(reading.answers) == canonical(answers)
    assert reading.unknown == ()
    assert reading.problems == ()
    assert canonical(form.prune(answers)) == canonical(answers)


PROMISED = {
    "allOf", "anyOf", "oneOf", "if", "then", "else", "dependentRequired", "dependentSchemas", "$ref", "prefixItems",
    "items", "patternProperties", "additionalProperties", "const", "default", "readOnly", "enum", "format",
    "contentMediaType", "uniqueItems", "minItems", "multipleOf", "pattern", "discriminator", "null",
}  # fmt: skip


class Enough(Exception):
    """Everything promised has been met."""


def test_the_generator_makes_every_construct_that_is_promised() -> None:
    """Otherwise the property above may hold because nothing hard was tried."""
    met: set[str] = set()

    @settings(
        max_examples=2000,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        database=None,
        derandomize=True,
        phases=[Phase.generate],
    )
    @given(forms())
    def look(made: tuple[dict[str, Any], dict[str, Any], Any]) -> None:
        for _, node in schemas_in(made[0]):
            met.update(node)
        if "null" in json.dumps(made[0]):
            met.add("null")
        if met >= PROMISED:
            raise Enough

    with contextlib.suppress(Enough):
        look()
    assert PROMISED - met == set()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20)), max_size=20))
def test_no_post_whatever_makes_the_reader_fail_otherwise_than_by_refusing(pairs: list[tuple[str, str]]) -> None:
    from core.errors import RequestError

    form = Form({"type": "object", "properties": {"a": {"type": "array", "items": {"type": "string"}}, "0": {}}})
    try:
        reading = form.read([*pairs, ("/a/0", "x")])
    except RequestError:
        return
    assert isinstance(reading.answers, dict)
    form.render(reading.answers, form.problems(reading.answers))


@pytest.mark.parametrize(
    "answers",
    [
        {"rows": [{"a": "x"}, {}, {"a": "y"}]},
        {"rows": []},
        {"list": ["a", "", "b"]},
        {"picked": []},
        {"picked": ["c", "a"]},
        {"tuple": ["x", True]},
        {"deep": {"deeper": {"text": "1"}}},
        {"maybe": "x"},
        {"yes": False},
        {"long": "一\n二\n\n三"},
        {"time": "14:30:00+08:00", "stamp": "2026-11-22T10:54:57.999Z"},
    ],
)
def test_answers_that_are_easily_lost_survive_the_page(answers: dict[str, Any]) -> None:
    text = {"type": "string"}
    form = Form(
        {
            "type": "object",
            "properties": {
                "rows": {"type": "array", "items": {"type": "object", "properties": {"a": text}}},
                "list": {"type": "array", "items": text},
                "picked": {"type": "array", "uniqueItems": True, "items": {"enum": ["a", "b", "c"]}},
                "tuple": {"type": "array", "prefixItems": [text, {"type": "boolean"}]},
                "deep": {"type": "object", "properties": {"deeper": {"type": "object", "properties": {"text": text}}}},
                "maybe": {"type": ["string", "null"]},
                "yes": {"type": "boolean"},
                "long": {"type": "string", "maxLength": 1000},
                "time": {"type": "string", "format": "time"},
                "stamp": {"type": "string", "format": "date-time"},
            },
        }
    )
    assert form.read(posted(form.render(answers))).answers == answers
