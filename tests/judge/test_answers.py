"""Answers against a schema: what is active, what is filed, what is wrong and in which words."""

from __future__ import annotations

from typing import Any, ClassVar

import pytest

from core.judge.answers import Answers

SHOP: dict[str, Any] = {
    "type": "object",
    "required": ["name", "kind"],
    "properties": {
        "name": {"type": "string", "title": "店名", "minLength": 2},
        "kind": {"title": "类型", "enum": ["lamp", "board"]},
        "phone": {"type": "string", "format": "cn-mobile", "title": "手机号码"},
        "size": {"type": "integer", "minimum": 1, "title": "面积"},
    },
    "if": {"properties": {"kind": {"const": "lamp"}}, "required": ["kind"]},
    "then": {"properties": {"power": {"type": "number", "title": "功率"}}, "required": ["power"]},
    "else": {"properties": {"material": {"type": "string", "title": "材质"}}},
}


def told(schema: Any, answers: Any, language: str = "zh") -> list[tuple[str, str, str]]:
    return [(p.at, p.keyword, p.message) for p in Answers(schema).problems(answers, language)]


class TestProblems:
    def test_all_of_them_in_the_order_of_the_questions(self) -> None:
        found = told(SHOP, {"size": 0, "phone": "12", "kind": "lamp"})
        assert found == [
            ("/name", "required", "请填写店名"),
            ("/phone", "format", "手机号码请填写 11 位手机号码"),
            ("/size", "minimum", "面积不能小于1"),
            ("/power", "required", "请填写功率"),
        ]

    def test_in_english_too(self) -> None:
        assert told(SHOP, {"kind": "board"}, "en") == [("/name", "required", "Enter 店名")]

    def test_a_choice_that_is_missing_is_asked_to_be_selected(self) -> None:
        assert ("/kind", "required", "请选择类型") in told(SHOP, {"name": "一店"})

    def test_valid_answers_have_none(self) -> None:
        assert told(SHOP, {"name": "一店", "kind": "board"}) == []

    def test_what_the_server_holds_is_nobodys_problem(self) -> None:
        answers = Answers({"required": ["a", "b"], "properties": {"a": {"type": "object", "required": ["x"]}}})
        assert [p.at for p in answers.problems({"a": {}}, held=["/a", "/b"])] == []

    def test_rows_are_told_by_their_number(self) -> None:
        schema = {
            "properties": {
                "rows": {"type": "array", "items": {"required": ["a"], "properties": {"a": {"title": "甲"}}}}
            }
        }
        assert told(schema, {"rows": [{"a": 1}, {}]}) == [("/rows/1/a", "required", "请填写甲")]

    def test_a_box_to_agree_is_asked_to_be_ticked(self) -> None:
        schema = {"required": ["ok"], "properties": {"ok": {"const": True, "title": "已阅读"}}}
        assert told(schema, {}) == [("/ok", "required", "请勾选“已阅读”")]


class TestBranches:
    PET: ClassVar[dict[str, Any]] = {
        "type": "object",
        "oneOf": [
            {"title": "猫", "properties": {"t": {"const": "cat"}, "fur": {"type": "string"}}, "required": ["t", "fur"]},
            {
                "title": "鱼",
                "properties": {"t": {"const": "fish"}, "tank": {"type": "number"}},
                "required": ["t", "tank"],
            },
        ],
    }

    def test_a_discriminated_one_is_told_what_its_branch_lacks(self) -> None:
        assert told(self.PET, {"t": "fish"}) == [("/tank", "required", "请填写tank")]

    def test_one_of_two_things_is_asked_by_name(self) -> None:
        schema = {"anyOf": [{"required": ["phone"]}, {"required": ["mail"]}]}
        assert told(schema, {}) == [("", "anyOf", "请至少填写以下一项：phone、mail")]

    def test_too_many_fitting_is_another_sentence(self) -> None:
        schema = {"title": "方式", "oneOf": [{"required": ["a"]}, {"required": ["b"]}]}
        assert told(schema, {"a": 1, "b": 1}) == [("", "oneOf", "方式只能填写其中一种情况")]


class TestErrorMessage:
    """The meaning that ajv-errors gives it."""

    def test_a_string_speaks_of_everything_here_and_below(self) -> None:
        schema = {"properties": {"a": {"type": "object", "required": ["x"], "errorMessage": "整个不对"}}}
        assert [m for _, _, m in told(schema, {"a": {}})] == ["整个不对"]

    def test_a_map_speaks_per_keyword(self) -> None:
        schema = {"properties": {"a": {"minimum": 3, "maximum": 9, "errorMessage": {"minimum": "太小"}}}}
        assert [m for _, _, m in told(schema, {"a": 1})] == ["太小"]
        assert [m for _, _, m in told(schema, {"a": 10})] == ["a不能大于9"]

    def test_required_speaks_per_property(self) -> None:
        schema = {"required": ["a", "b"], "errorMessage": {"required": {"a": "甲呢"}, "_": "别的不对"}}
        assert [m for _, _, m in told(schema, {})] == ["甲呢", "别的不对"]

    def test_properties_speak_of_a_child_and_what_is_below_it(self) -> None:
        schema = {
            "properties": {"a": {"properties": {"b": {"type": "string"}}}},
            "errorMessage": {"properties": {"a": "甲不对"}},
        }
        assert [m for _, _, m in told(schema, {"a": {"b": 1}})] == ["甲不对"]

    def test_the_inner_one_wins(self) -> None:
        schema = {"errorMessage": "外", "properties": {"a": {"type": "string", "errorMessage": "内"}}}
        assert [m for _, _, m in told(schema, {"a": 1})] == ["内"]

    def test_pointers_inside_show_answers(self) -> None:
        schema = {"properties": {"a": {"minimum": 3, "errorMessage": {"minimum": "${/who}写了${0}，应多于${1/least}"}}}}
        assert [m for _, _, m in told(schema, {"a": 1, "who": "甲", "least": 2})] == ["甲写了1，应多于2"]

    def test_it_is_found_beside_a_reference(self) -> None:
        schema = {
            "$defs": {"n": {"type": "integer"}},
            "properties": {"a": {"$ref": "#/$defs/n", "errorMessage": {"type": "要整数", "_": "外层"}}},
        }
        assert [m for _, _, m in told(schema, {"a": "x"})] == ["外层"]


class TestPruning:
    def test_what_is_hidden_now_is_not_filed(self) -> None:
        answers = Answers(SHOP)
        written = {"name": "一店", "kind": "board", "power": 3, "material": "木"}
        assert answers.prune(written) == {"name": "一店", "kind": "board", "material": "木"}
        assert "power" in written

    def test_a_chain_falls_as_a_whole(self) -> None:
        schema = {
            "properties": {"a": {"type": "boolean"}},
            "if": {"properties": {"a": {"const": True}}, "required": ["a"]},
            "then": {
                "properties": {"b": {"type": "boolean"}},
                "if": {"properties": {"b": {"const": True}}, "required": ["b"]},
                "then": {"properties": {"c": {"type": "string"}}},
            },
        }
        assert Answers(schema).prune({"a": False, "b": True, "c": "x"}) == {"a": False}
        assert Answers(schema).prune({"a": True, "b": True, "c": "x"}) == {"a": True, "b": True, "c": "x"}

    def test_rows_and_groups_are_pruned_within(self) -> None:
        schema = {"properties": {"rows": {"type": "array", "items": SHOP}, "one": SHOP}}
        written = {
            "rows": [{"kind": "board", "power": 1}, {"kind": "lamp", "power": 1}],
            "one": {"kind": "board", "power": 2},
        }
        assert Answers(schema).prune(written) == {
            "rows": [{"kind": "board"}, {"kind": "lamp", "power": 1}],
            "one": {"kind": "board"},
        }

    def test_what_no_branch_knows_stays_for_the_schema_to_judge(self) -> None:
        assert Answers(SHOP).prune({"kind": "board", "zz": 1}) == {"kind": "board", "zz": 1}

    @pytest.mark.parametrize("keyword", ["dependentSchemas", "dependencies"])
    def test_a_dependency_shows_and_hides(self, keyword: str) -> None:
        schema = {"properties": {"card": {}}, keyword: {"card": {"properties": {"address": {}}}}}
        assert Answers(schema).prune({"address": "x"}) == {}
        assert Answers(schema).prune({"card": 1, "address": "x"}) == {"card": 1, "address": "x"}


def test_the_active_schema_names_the_questions_of_now() -> None:
    answers = Answers(SHOP)
    assert "power" in answers.active({"kind": "lamp"}).schema["properties"]
    assert "power" not in answers.active({"kind": "board"}).schema["properties"]
