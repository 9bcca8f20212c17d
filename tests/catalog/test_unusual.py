"""Declarations that look odd and are right: the inspector must let them pass, or authors stop believing it."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from core.cases import letters
from core.catalog.inspect import Inspection
from core.catalog.inspection.templates import LETTER_NAMES
from tests.catalog.world import GOOD, inspected


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Inspection]:
    """The good item with one file's value changed in place."""
    folder = tmp_path / "dog-licence"
    shutil.copytree(GOOD / "dog-licence", folder)

    def change(file: str, edit: Callable[[Any], None]) -> Inspection:
        path = folder / file
        value = json.loads(path.read_text(encoding="utf-8"))
        edit(value)
        path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
        return inspected(folder)

    return change


CONDITIONS: list[Any] = [
    {"/lookups/history": {"maxItems": 0}},
    {"/lookups/history": {"not": {"contains": {"properties": {"bites": {"minItems": 1}}, "required": ["bites"]}}}},
    {"/lookups/history/0/tag": {"pattern": "^A"}},
    {"/lookups/history/0/bites/0/on": {"x-days": {"maximum": 0}}},
    {"/lookups/others": {"items": {"type": "object"}}},
    {"/lookups/others": {"contains": {"type": "null"}}},
    {"/lookups/dog": {"required": ["breed"]}},
    {"/lookups/dog": False},
    {"/lookups/dog/weight": {"minimum": 5, "maximum": 10.5}},
    {"/lookups/dog/weight": {"const": 5}},
    {"/lookups/dog/breed": {"enum": ["small", "large"]}},
    {"/lookups/dog/breed": {"not": {"const": "forbidden"}}},
    {"/lookups/dog/breed": {"type": ["string", "null"], "minLength": 1}},
    {"/outcomes/dog": {"enum": ["down", "refused"]}},
    {"/outcomes/dog": False},
    {"/materials/identity": {"const": "proved"}},
    {"/agent": {"type": "object"}},
    {"/agent/relation": {"const": "guardian"}},
    {"/site/kind": {"const": "kiosk"}, "/site/level": {"enum": ["city", "town"]}},
    {"/channel": {"const": "phone"}},
    {"/today": {"pattern": "-12-"}},
    {"/applicant/groups": {"contains": {"const": "disabled"}}},
    {"/applicant/kind": {"const": "person"}},
    {"/answers/others": {"minItems": 1}},
    {"/answers/others/0/name": {"minLength": 1}},
    {"/answers/use": {"const": "pet"}},
    {"/answers/days_late": {"exclusiveMinimum": 0}},
    {"/lookups/person/birth_date": {"x-age": {"minimum": 18, "exclusiveMaximum": 80}, "type": "string"}},
    {"/lookups/dog/vaccinated_on": {"x-working-days": {"not": {"minimum": 0}}}},
    [{"/lookups/dog/breed": {"const": "small"}}, {"/lookups/dog/breed": {"const": "large"}}],
    {"/lookups/dog/breed": {"if": {"const": "small"}, "then": True, "else": {"minLength": 3}}},
    {"/lookups/dog/breed": {"anyOf": [{"const": "small"}, {"pattern": "^l"}]}},
]


@pytest.mark.parametrize(
    "own",
    [
        {"/answers/owner_name": {"x-equals": "/applicant/id_number"}},
        {"/applicant/id_number": {"x-equals": "/answers/owner_name"}},
        {"/answers/owner_name": {"x-equals": {"of": "/applicant/id_number"}}, "/answers/rents": {"const": False}},
    ],
)
def test_a_typed_number_may_be_asked_by_that_has_to_be_the_applicants_own(
    changed: Callable[..., Inspection], own: dict[str, Any]
) -> None:
    typed = {
        "source": "person-register", "by": {"id_number": "/answers/owner_name"}, "take": ["name"], "allowed_when": own,
        "purpose": "核对", "basis": "示例规定",
    }  # fmt: skip
    found = changed("lookups.json", lambda said: said["lookups"].update(typed=typed))
    assert [str(fault) for fault in found.faults] == []


@pytest.mark.parametrize("condition", CONDITIONS, ids=lambda c: json.dumps(c)[:60])
def test_a_right_condition_is_let_pass(changed: Callable[..., Inspection], condition: Any) -> None:
    found = changed("routing.json", lambda routing: routing["decide"][0].update(when=condition))
    assert [str(f) for f in found.faults] == []


FORMS: list[dict[str, Any]] = [
    {"anyOf": [{"required": ["use"]}, {"required": ["days_late"]}]},
    {"dependentRequired": {"use": ["days_late"]}},
    {"dependentSchemas": {"use": {"required": ["days_late"], "properties": {"why": {"type": "string"}}}}},
    {"allOf": [{"if": {"properties": {"use": {"enum": ["guard"]}}, "required": ["use"]},
                "then": {"properties": {"reason": {"type": "string"}}, "required": ["reason"]}}]},
    {"oneOf": [{"properties": {"use": {"const": "pet"}}}, {"properties": {"use": {"const": "guard"}}}]},
    {"$defs": {"member": {"type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]}}},
    {"minProperties": 1, "unevaluatedProperties": False},
    {"not": {"required": ["use", "days_late"]}},
    {"if": {"required": ["use"]}, "then": {"required": ["days_late"]}},
]  # fmt: skip


@pytest.mark.parametrize("more", FORMS, ids=lambda c: json.dumps(c)[:60])
def test_a_right_form_is_let_pass(changed: Callable[..., Inspection], more: dict[str, Any]) -> None:
    found = changed("form.json", lambda form: form.update(more))
    assert [str(f) for f in found.faults] == []


@pytest.mark.parametrize("draft", ["http://json-schema.org/draft-07/schema#", "http://json-schema.org/draft-04/schema"])
def test_a_form_of_an_older_dialect_is_read_as_what_it_means(changed: Callable[..., Inspection], draft: str) -> None:
    def age(form: Any) -> None:
        form["$schema"] = draft
        form["definitions"] = {"short": {"type": "string", "maxLength": 5}}
        form["properties"]["nick"] = {"$ref": "#/definitions/short"}
        form["dependencies"] = {"nick": ["use"]}

    found = changed("form.json", age)
    assert [str(f) for f in found.faults] == []
    assert found.item is not None
    assert found.item.form["dependentRequired"] == {"nick": ["use"]}


def test_fields_that_a_branch_declares_may_be_read(changed: Callable[..., Inspection]) -> None:
    def branch(form: Any) -> None:
        form["then"]["properties"] = {"rent": {"type": "number"}}

    assert changed("form.json", branch).faults == ()
    found = changed("routing.json", lambda r: r["decide"][0].update(when={"/answers/rent": {"minimum": 1}}))
    assert [str(f) for f in found.faults] == []


def test_a_recursive_form_ends(changed: Callable[..., Inspection]) -> None:
    def endless(form: Any) -> None:
        form["$defs"] = {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}}
        form["properties"]["tree"] = {"$ref": "#/$defs/node"}
        form["properties"]["loop"] = {"allOf": [{"$ref": "#/properties/loop"}]}

    found = changed("form.json", endless)
    assert "internal" not in {f.code for f in found.faults}


def test_a_fragment_of_an_item_speaks_english_where_the_item_does_not_say_otherwise() -> None:
    item = inspected(GOOD / "dog-licence").item
    assert item is not None
    english = item.bundle["texts"]["en"]
    assert english["form.json#/properties/landlord/description"] == "18 characters, as on the identity card."
    # The item gives its own title in Chinese, so the fragment's English title would be a lie.
    assert "form.json#/properties/landlord/title" not in english
    assert english["form.json#/properties/landlord/errorMessage"] == "Please check the number."


def test_the_names_given_to_a_letter_are_those_that_letters_fill() -> None:
    assert LETTER_NAMES == letters.NAMES


@pytest.mark.parametrize(
    "text",
    [
        "{{ case.no }}{% if lookups.dog is defined %}{{ (lookups.dog.breed|string)[-4:] }}{% else %}-{% endif %}",
        "{% for one in lookups.history %}{{ loop.index }}{% for b in one.bites %}{{ b.on }}{% endfor %}{% endfor %}",
        "{{ 'a' ~ item.title }}{{ answers.tag if answers.rents and not agent else '无' }}{{ lookups.history[0].tag }}",
        "{% set n = answers.days_late + 1 %}{{ n * 2 }}{% macro m(x) %}{{ x }}{% endmacro %}{{ m(n) }}",
    ],
)
def test_a_right_letter_is_let_pass_and_compiles(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "dog-licence"
    shutil.copytree(GOOD / "dog-licence", folder)
    (folder / "templates" / "result.html").write_text(text, encoding="utf-8")
    assert [str(f) for f in inspected(folder).faults] == []
    letters._sandbox.from_string(text)


@pytest.mark.parametrize(
    "text",
    [
        "{% for loop in lookups.history %}{% endfor %}",
        "{% for a in answers.others %}" * 40 + "{% endfor %}" * 40,
        "{% block a %}{% endblock %}{% block a %}{% endblock %}",
        "{{ " + "(" * 300 + "1" + ")" * 300 + " }}",
        "{% for one in lookups.history %}{{ one.colour }}{% endfor %}",
        "{{ case.number }}",
    ],
)
def test_a_letter_that_would_not_do_is_told(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "dog-licence"
    shutil.copytree(GOOD / "dog-licence", folder)
    (folder / "templates" / "result.html").write_text(text, encoding="utf-8")
    codes = {f.code for f in inspected(folder).faults}
    assert codes
    assert codes <= {"bad-template", "template-undeclared"}
