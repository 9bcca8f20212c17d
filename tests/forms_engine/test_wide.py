"""Schemas whose groups contain one another in ever new ways: drawn up to a bound, the rest waits to be asked for."""

from __future__ import annotations

import re
from typing import Any

import pytest

from forms import Form
from forms.engine.plan import MAX_PLACES
from tests.forms_engine.browser import attributes, posted

GROUPS = [f"g{i}" for i in range(12)]
QUESTIONS = [f"q{i}" for i in range(40)]


def wide(**more: Any) -> dict[str, Any]:
    """A dozen groups of forty questions each of which holds all twelve: more paths than anybody can count."""
    properties = {
        **{name: {"type": "string", "default": name} for name in QUESTIONS},
        **{name: {"$ref": f"#/$defs/{name}"} for name in GROUPS},
    }
    group = {"type": "object", "properties": properties, **more}
    return {**group, "$defs": {name: {**group, "title": name} for name in GROUPS}}


def conditional() -> dict[str, Any]:
    """The same, and what is in each group depends on an answer, so that none is part of another's skeleton."""
    return wide(**{"if": {"properties": {"q0": {"const": "x"}}, "required": ["q0"]}, "then": {"required": ["q1"]}})


def asked(html: str) -> list[str]:
    return [a["name"] for a in attributes(html) if re.fullmatch(r"(/[gq]\d+)+", a.get("name", ""))]


@pytest.mark.parametrize("schema", [wide(), conditional()], ids=["plain", "conditional"])
class TestManyGroups:
    def test_so_many_questions_are_drawn_and_the_rest_is_offered(self, schema: dict[str, Any]) -> None:
        html = Form(schema).render()
        assert {f"/{q}" for q in QUESTIONS} <= set(asked(html))
        assert len(asked(html)) <= MAX_PLACES + 8 * len(QUESTIONS)
        offered = [a["value"] for a in attributes(html) if a.get("name") == "_add"]
        for group in GROUPS:
            assert any(name.startswith(f"/{group}/") for name in asked(html)) or f"/{group}" in offered

    def test_what_is_offered_comes_when_asked_for(self, schema: dict[str, Any]) -> None:
        form = Form(schema)
        html = form.render()
        offered = [a["value"] for a in attributes(html) if a.get("name") == "_add"][-1]
        assert f"{offered}/q3" not in asked(html)
        grown = form.read(posted(html, button=("_add", offered)))
        assert f"{offered}/q3" in asked(form.render(grown.answers, raw=grown.raw))

    def test_no_answer_is_lost_however_deep_and_late(self, schema: dict[str, Any]) -> None:
        form = Form(schema)
        answers: Any = {"q0": "a"}
        for group in reversed(GROUPS):
            answers = {"q39": "最后", group: answers, "g11": {"q5": "深"}} if group != "g11" else {group: answers}
        assert form.read(posted(form.render(answers))).answers == answers

    def test_many_rows_bring_their_groups_up_to_the_bound_only(self, schema: dict[str, Any]) -> None:
        rows = {"type": "object", "properties": {"l": {"type": "array", "items": {"$ref": "#/$defs/g0"}}}}
        form = Form({**rows, "$defs": {**schema["$defs"]}})
        answers = {"l": [{"q0": str(n)} for n in range(50)]}
        html = form.render(answers)
        assert html.count('name="/l/') <= 2 * MAX_PLACES + 50 * (len(QUESTIONS) + len(GROUPS))
        assert form.read(posted(html)).answers == answers

    def test_defaults_are_those_of_the_upper_places(self, schema: dict[str, Any]) -> None:
        start = Form(schema).start()
        assert all(start[name] == name for name in QUESTIONS)
        assert all(start[group][name] == name for name in QUESTIONS for group in GROUPS)
        assert str(start).count("'q0'") <= 5_000 / len(QUESTIONS)

    def test_the_places_asked_for_end(self, schema: dict[str, Any]) -> None:
        assert f"/{QUESTIONS[0]}" in Form(schema).places({})


def test_places_of_required_groups_in_one_another_end() -> None:
    assert "/q0" in Form(wide(required=GROUPS)).places({})


def test_a_required_part_that_waits_says_what_is_wrong_and_is_where_the_summary_leads() -> None:
    schema = wide(required=["g0"])
    form = Form(schema)
    answers: dict[str, Any] = {"g0": {"g0": {"g0": {}}}}
    problems = [p for p in form.problems(answers) if p.at == "/g0/g0/g0/g0"]
    assert problems
    html = form.render(answers, problems)
    button = next(a for a in attributes(html) if a.get("name") == "_add" and a["value"] == problems[0].at)
    assert f'href="#{button["id"]}"' in form.summary(problems)
    assert re.search(rf'id="{button["aria-describedby"]}">.*?{problems[0].message}', html)


def test_a_group_inside_itself_has_defaults_as_deep_as_the_page_draws_it() -> None:
    form = Form({"type": "object", "properties": {"a": {"type": "string", "default": "x"}, "next": {"$ref": "#"}}})
    drawn = [name for name, _ in posted(form.render()) if name.endswith("/a")]
    assert drawn == ["/a", "/next/a"]
    assert form.start() == {"a": "x", "next": {"a": "x"}}
