"""References as they are written in the field: names that have to be escaped, names that are none, old metaschemas."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import DeclarationError
from core.judge.schema import faults
from forms import Form
from tests.forms_engine.browser import posted

TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer"}


def survives(form: Form, answers: Any) -> bool:
    assert form.problems(answers) == []
    return bool(form.read(posted(form.render(answers))).answers == answers)


@pytest.mark.parametrize(
    "name", ["地址", "home address", "{a?:b}", "List<A|B>", "50%", "rows[0]", 'a"b', "a^`\\b", "a%41"]
)
@pytest.mark.parametrize("keyword", ["definitions", "$defs"])
def test_a_definition_may_have_any_name(name: str, keyword: str) -> None:
    written = name if name != "a%41" else "a%2541"
    form = Form(
        {
            "type": "object",
            keyword: {name: {"type": "object", "properties": {"门牌": WHOLE}}},
            "properties": {"住处": {"$ref": f"#/{keyword}/{written}"}},
        }
    )
    assert survives(form, {"住处": {"门牌": 12}})
    assert [(p.at, p.keyword) for p in form.problems({"住处": {"门牌": "甲"}})] == [("/住处/门牌", "type")]


def test_a_name_escaped_by_its_author_is_not_escaped_twice() -> None:
    form = Form(
        {
            "type": "object",
            "definitions": {"井盖": WHOLE, "a/b~c": TEXT},
            "properties": {
                "n": {"$ref": "#/definitions/%E4%BA%95%E7%9B%96"},
                "t": {"$ref": "#/definitions/a~1b~0c"},
            },
        }
    )
    assert survives(form, {"n": 3, "t": "x"})
    assert [p.at for p in form.problems({"n": "x", "t": 3})] == ["/n", "/t"]


def test_identities_that_a_generator_writes_as_pointers_name_nothing() -> None:
    """More of them than slips that are left out of a schema one by one."""
    names = [f"q{i}" for i in range(60)]
    form = Form(
        {
            "$id": "https://example.org/kennel.json",
            "type": "object",
            "definitions": {"tag": TEXT},
            "properties": {
                **{n: {"$id": f"#/properties/{n}", "type": "integer"} for n in names},
                "dog": {
                    "$id": "/properties/dog",
                    "type": "object",
                    "properties": {"tag": {"$id": "/properties/dog/properties/tag", "$ref": "#/definitions/tag"}},
                },
            },
        }
    )
    assert survives(form, {"q0": 1, "q59": 2, "dog": {"tag": "x"}})
    assert [p.at for p in form.problems({"q59": "x", "dog": {"tag": 1}})] == ["/q59", "/dog/tag"]


def test_a_pointer_means_its_own_document_first() -> None:
    form = Form(
        {
            "$id": "https://example.org/outer.json",
            "type": "object",
            "$defs": {
                "tag": TEXT,
                "inner": {
                    "$id": "inner.json",
                    "type": "object",
                    "properties": {"tag": {"$ref": "#/$defs/tag"}},
                    "$defs": {"tag": WHOLE},
                },
            },
            "properties": {"dog": {"$ref": "inner.json"}},
        }
    )
    assert survives(form, {"dog": {"tag": 7}})
    assert [p.at for p in form.problems({"dog": {"tag": "seven"}})] == ["/dog/tag"]


def test_one_that_leads_nowhere_in_either_is_named() -> None:
    with pytest.raises(DeclarationError) as refused:
        Form({"properties": {"dog": {"$id": "dog.json", "properties": {"tag": {"$ref": "#/$defs/标签"}}}}})
    assert [f.code for f in refused.value.faults] == ["dead-ref"]


def test_what_refers_to_an_older_metaschema_is_asked_and_judged() -> None:
    form = Form(
        {
            "type": "object",
            "properties": {
                "count": {"$ref": "http://json-schema.org/draft-07/schema#/definitions/nonNegativeInteger"},
                "kind": {"$ref": "http://json-schema.org/draft-04/schema#/definitions/simpleTypes"},
                "schema": {"$ref": "http://json-schema.org/draft-07/schema#"},
            },
        }
    )
    assert survives(form, {"count": 3, "kind": "array"})
    assert form.problems({"schema": {"type": "string"}}) == []
    answers = {"count": -1, "kind": "list", "schema": 3}
    assert [p.at for p in form.problems(answers)] == ["/count", "/kind", "/schema"]


@pytest.mark.parametrize("word", ["$recursiveRef", "$dynamicRef"])
def test_a_tree_may_refer_to_itself_in_the_words_of_later_drafts(word: str) -> None:
    ref = {word: "#" if word == "$recursiveRef" else "#branch"}
    form = Form(
        {
            "$dynamicAnchor": "branch",
            "type": "object",
            "properties": {"name": TEXT, "below": {"type": "array", "items": ref}},
            "additionalProperties": False,
        }
    )
    answers = {"name": "a", "below": [{"name": "b", "below": [{"name": "c"}]}]}
    assert survives(form, answers)
    assert 'name="/below/0/below/0/name"' in form.render(answers)
    assert [p.at for p in form.problems({"below": [{"name": 1}]})] == ["/below/0/name"]


def test_a_reference_may_name_a_dynamic_anchor() -> None:
    form = Form({"$defs": {"n": {"$dynamicAnchor": "number", **WHOLE}}, "properties": {"a": {"$ref": "#number"}}})
    assert survives(form, {"a": 3})
    assert [p.at for p in form.problems({"a": "x"})] == ["/a"]


@pytest.mark.parametrize("ref", ["#/gone", "https://example.com/x", "#gone"])
@pytest.mark.parametrize("keyword", ["x-notes", "ui:options", "const", "default", "enum", "examples", "example"])
def test_a_reference_inside_data_is_data(keyword: str, ref: str) -> None:
    data: Any = {"deep": [{"$ref": ref, "pattern": "(a+)+$"}]}
    place = {"title": "甲", keyword: [data] if keyword in ("enum", "examples") else data}
    schema = {"type": "object", "properties": {"a": place, "b": {"type": "string", "title": "乙"}}}
    assert faults(schema) == []
    form = Form(schema)
    assert "乙" in form.render()
    assert [p.at for p in form.problems({"b": 1})] == ["/b"]


def test_a_property_named_like_data_is_a_question() -> None:
    for name in ("x-notes", "const", "default", "example"):
        found = faults({"type": "object", "properties": {name: {"$ref": "#/gone"}}})
        assert [(f.where, f.code) for f in found] == [(f"/properties/{name}/$ref", "dead-ref")]


def test_what_a_reference_leads_to_is_a_schema_wherever_it_stands() -> None:
    parts = {"a": {"$ref": "#/x-parts/gone"}, "b": {"$ref": "#/no"}}
    found = faults({"properties": {"a": {"$ref": "#/x-parts/a"}}, "x-parts": parts})
    assert [(f.where, f.code) for f in found] == [("/x-parts/a/$ref", "dead-ref")]
