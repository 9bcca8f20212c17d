"""The one door to jsonschema-rs: drafts brought up, formats asserted, limits kept, nothing fetched."""

from __future__ import annotations

from typing import Any

import pytest

from core.errors import DeclarationError
from core.judge.schema import MAX_DEPTH, MAX_ERRORS, compile, faults, upgrade


def nested(levels: int) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "string"}
    for _ in range(levels):
        schema = {"properties": {"a": schema}}
    return schema


class TestDrafts:
    def test_boolean_exclusive_bounds_of_draft_04_become_numbers(self) -> None:
        assert upgrade({"minimum": 3, "exclusiveMinimum": True}) == {"exclusiveMinimum": 3}
        assert upgrade({"minimum": 3, "exclusiveMinimum": False}) == {"minimum": 3}

    def test_definitions_move_and_what_refers_to_them_follows(self) -> None:
        done = upgrade({"definitions": {"a": {"type": "string"}}, "properties": {"x": {"$ref": "#/definitions/a"}}})
        assert done == {"$defs": {"a": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/a"}}}

    def test_a_property_called_definitions_keeps_its_name(self) -> None:
        done = upgrade({"properties": {"definitions": {"type": "string"}, "y": {"$ref": "#/properties/definitions"}}})
        assert done["properties"]["y"] == {"$ref": "#/properties/definitions"}

    def test_a_list_of_items_becomes_prefix_items_and_additional_items_the_rest(self) -> None:
        done = upgrade({"items": [{"type": "string"}], "additionalItems": {"type": "number"}})
        assert done == {"prefixItems": [{"type": "string"}], "items": {"type": "number"}}

    def test_dependencies_are_told_apart(self) -> None:
        done = upgrade({"dependencies": {"a": ["b"], "c": {"required": ["d"]}}})
        assert done == {"dependentRequired": {"a": ["b"]}, "dependentSchemas": {"c": {"required": ["d"]}}}

    def test_data_is_left_alone(self) -> None:
        data = {"enum": [{"items": [1], "definitions": {}}], "default": {"dependencies": {"a": ["b"]}}}
        assert upgrade(data) == data

    def test_the_input_stays_as_it_is(self) -> None:
        schema = {"definitions": {"a": {}}, "items": [{}]}
        upgrade(schema)
        assert schema == {"definitions": {"a": {}}, "items": [{}]}

    def test_siblings_of_a_reference_count(self) -> None:
        schema = compile(
            {"$defs": {"a": {"type": "string"}}, "properties": {"x": {"$ref": "#/$defs/a", "minLength": 3}}}
        )
        assert not schema.is_valid({"x": "ab"})


class TestFormats:
    @pytest.mark.parametrize(
        ("format", "good", "bad"),
        [
            ("cn-id-number", "320583194002030022", "320583194002030023"),
            ("cn-id-number", "11010519491231002X", "11010519491231002x"),
            ("cn-id-number", "320583194002030022", "320583194002300020"),
            ("cn-credit-code", "91320583MA1MTYPL5N", "91320583MA1MTYPL5P"),
            ("cn-mobile", "13900000000", "12900000000"),
            ("cn-bank-card", "6222020000000000004", "6222020000000000005"),
            ("cn-postcode", "215300", "2153000"),
            ("cn-area", "320583103205", "320583"),
            ("cn-money", "1280.50", "1280.505"),
            ("date", "2024-02-29", "2023-02-29"),
            ("email", "a@example.com", "not-an-email"),
            ("email", "a.b+c@mail.example.cn", '"a b"@example.com'),
            ("uuid", "123e4567-e89b-12d3-a456-426614174000", "my_attachment"),
        ],
    )
    def test_each_is_asserted(self, format: str, good: str, bad: str) -> None:
        schema = compile({"format": format})
        if format == "cn-credit-code":
            from stdnum.cn import uscc

            good = good[:17] + uscc.calc_check_digit(good[:17])
            bad = good[:17] + ("0" if good[17] != "0" else "1")
        if format == "cn-bank-card":
            from stdnum import luhn

            good = good[:18] + luhn.calc_check_digit(good[:18])
            bad = good[:18] + str((int(good[18]) + 1) % 10)
        if format == "cn-id-number" and good.startswith("3205"):
            weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
            good = good[:17] + "10X98765432"[sum(int(c) * w for c, w in zip(good, weights, strict=False)) % 11]
            if bad[:14] == good[:14]:
                bad = good[:17] + ("1" if good[17] != "1" else "2")
        assert schema.is_valid(good)
        assert not schema.is_valid(bad)

    def test_an_elder_whose_area_code_is_no_longer_published_has_a_valid_number(self) -> None:
        body = "32058319400203002"
        weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
        check = "10X98765432"[sum(int(c) * w for c, w in zip(body, weights, strict=True)) % 11]
        assert compile({"format": "cn-id-number"}).is_valid(body + check)

    def test_no_amount_with_two_decimals_is_refused_under_a_cent(self) -> None:
        schema = compile({"multipleOf": 0.01})
        assert all(schema.is_valid(cents / 100) for cents in range(0, 200_000, 7))


class TestLimits:
    def test_a_remote_reference_is_a_fault_and_nothing_is_fetched(self) -> None:
        found = faults({"properties": {"a": {"$ref": "https://example.com/a.json"}}}, "form.json#")
        assert [(f.where, f.code) for f in found] == [("form.json#/properties/a/$ref", "remote-ref")]
        with pytest.raises(DeclarationError):
            compile({"$ref": "http://127.0.0.1:9/x"})

    def test_a_reference_that_leads_nowhere_is_named(self) -> None:
        assert [f.code for f in faults({"$ref": "#/$defs/gone"})] == ["dead-ref"]

    def test_a_pattern_too_large_to_compile_is_a_fault(self) -> None:
        assert [f.code for f in faults({"pattern": "((a{900}){900}){900}"})] == ["pattern"]

    def test_depth_has_a_limit(self) -> None:
        assert [f.code for f in faults(nested(MAX_DEPTH))] == ["too-deep"]
        assert faults(nested(20)) == []

    def test_size_has_a_limit(self) -> None:
        assert [f.code for f in faults({"enum": list(range(200_000))})] == ["schema-size"]

    def test_answers_nested_too_deep_are_an_error_not_a_crash(self) -> None:
        value: Any = 1
        for _ in range(900):
            value = [value]
        recursive = compile({"type": ["array", "integer"], "items": {"$ref": "#"}})
        assert all(e.keyword == "unreadable" for e in recursive.errors(value))

    def test_a_lone_surrogate_is_an_error_not_a_crash(self) -> None:
        assert not compile({"type": "string", "maxLength": 3}).is_valid("\ud800")

    def test_errors_are_told_up_to_a_limit(self) -> None:
        assert len(compile({"items": {"type": "string"}}).errors(list(range(5_000)))) == MAX_ERRORS


class TestErrors:
    def test_a_missing_property_is_placed_where_it_is_missing(self) -> None:
        error = compile({"required": ["a/b"]}).errors({})[0]
        assert (error.at, error.keyword, error.schema_pointer) == ("/a~1b", "required", "/required")

    def test_a_dependent_one_too(self) -> None:
        error = compile({"dependencies": {"a": ["b"]}}).errors({"a": 1})[0]
        assert (error.at, error.keyword) == ("/b", "dependentRequired")

    def test_the_same_schema_is_compiled_once(self) -> None:
        assert compile({"type": "string", "minLength": 7}) is compile({"minLength": 7, "type": "string"})

    def test_a_slip_is_a_fault_yet_the_rest_is_judged(self) -> None:
        schema = {"properties": {"a": {"type": "string", "minLength": "5"}, "b": {"type": "integer"}}}
        assert [f.code for f in faults(schema)] == ["schema"]
        assert not compile(schema).is_valid({"b": "x"})
        assert compile(schema).is_valid({"a": "x"})

    def test_so_is_a_pattern_of_another_dialect(self) -> None:
        assert [f.code for f in faults({"pattern": "\\Zx"})] == ["pattern"]
        assert not compile({"pattern": "\\Zx", "type": "string"}).is_valid(1)
