"""Answers beside their evidence, and values in words."""

from __future__ import annotations

from typing import Any

import pytest

from admin.proof import evidence_views, in_words, local, property_of
from core.contract import Evidence, Office, Source, Unit

RECORD = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "title": "姓名"},
        "alive": {"type": "boolean", "title": "在世"},
        "sex": {"title": "性别", "oneOf": [{"const": "1", "title": "男"}, {"const": "2", "title": "女"}]},
    },
}
SOURCE = Source("natural-person", "自然人信息数据库", "public-security", "sql", {}, RECORD)
OFFICE = Office(units={"public-security": Unit("public-security", "公安局")})


@pytest.mark.parametrize(
    ("schema", "value", "words"),
    [
        ({}, True, "是"),
        ({}, False, "否"),
        ({}, None, "—"),
        ({}, "", "—"),
        ({}, 0, "0"),
        ({}, [], "—"),
        ({}, ["甲", "乙"], "甲、乙"),
        ({"oneOf": [{"const": "a", "title": "甲类"}]}, "a", "甲类"),
        ({"oneOf": [{"const": 1, "title": "甲类"}]}, 2, "2"),
        ({"items": {"oneOf": [{"const": "a", "title": "甲类"}]}}, ["a", "b"], "甲类、b"),
        (RECORD, {"name": "陈试甲", "alive": True}, "姓名 陈试甲，在世 是"),
    ],
)
def test_a_value_is_said_as_a_person_says_it(schema: dict[str, Any], value: Any, words: str) -> None:
    assert in_words(schema, value) == words


def test_a_property_is_found_in_whatever_branch_declares_it() -> None:
    schema = {"if": {"properties": {"x": {}}}, "then": {"allOf": [{"properties": {"deep": {"title": "深处"}}}]}}
    assert property_of(schema, "deep") == {"title": "深处"}
    assert property_of(schema, "nowhere") is None


def test_evidence_names_source_provider_and_each_field_in_words() -> None:
    one = Evidence(
        lookup="person",
        source="natural-person",
        outcome="found",
        value={"name": "陈试甲", "alive": True, "sex": "2"},
        asked_at="2026-11-22T01:14:09+00:00",
    )
    view = evidence_views([one], {"natural-person": SOURCE}, OFFICE)["person"]
    assert (view.source, view.unit, view.asked_at) == ("自然人信息数据库", "公安局", "2026-11-22 09:14")
    assert view.values == (("姓名", "陈试甲"), ("在世", "是"), ("性别", "女"))


def test_evidence_of_a_source_that_is_gone_keeps_its_id() -> None:
    one = Evidence(lookup="person", source="gone", outcome="found", value=[{"a": 1}, {"a": 2}])
    view = evidence_views([one], {}, OFFICE)["person"]
    assert view.source == "gone"
    assert view.values == (("1", "a 1"), ("2", "a 2"))


def test_moments_are_shown_by_the_office_clock() -> None:
    assert local("2026-11-22T17:30:00+00:00") == "2026-11-23 01:30"
    assert local("") == ""
