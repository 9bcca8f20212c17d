"""Conditions: when they hold, what they read, how they explain themselves, and how fast they are."""

from __future__ import annotations

import time
from datetime import date, timedelta
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.judge.checks import check_of
from core.judge.conditions import Condition
from core.judge.pointers import resolve
from tests.judge.town import CALENDAR, Weekdays

FACTS: dict[str, Any] = {
    "applicant": {"kind": "person", "groups": ["disabled"], "area": "320583103205", "note": None},
    "answers": {"rows": [{"born": "1940-01-01"}, {"born": "1990-01-01"}], "none": []},
    "lookups": {"person": {"birth_date": "1940-02-29", "alive": True, "score": 80}},
    "outcomes": {"person": "found", "credit": "down"},
    "today": "2026-11-23",
}


def holds(raw: Any, **facts: Any) -> bool:
    return Condition(raw).holds({**FACTS, **facts}, CALENDAR)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({}, True),
        ([], False),
        ({"/applicant/kind": {"const": "person"}}, True),
        ({"/applicant/kind": {"const": "enterprise"}}, False),
        ({"/applicant/zz": {}}, False),
        ({"/applicant/kind": {}}, True),
        ({"/applicant/kind": True}, True),
        ({"/applicant/note": True}, True),
        ({"/applicant/note": {"const": None}}, True),
        ({"/applicant/groups": {"contains": {"const": "disabled"}}}, True),
        ({"/applicant/kind": {"const": "person"}, "/lookups/person/alive": {"const": False}}, False),
        ([{"/applicant/kind": {"const": "enterprise"}}, {"/lookups/person/alive": {"const": True}}], True),
        ({"/lookups/credit": False}, True),
        ({"/lookups/person": False}, False),
        ({"/applicant/note": False}, False),
        ({"/lookups/credit": {"not": {}}}, False),
        ({"/outcomes/credit": {"enum": ["down", "refused"]}}, True),
        ({"/answers/rows/*/born": {"contains": {"const": "1940-01-01"}}}, True),
        ({"/answers/rows/*/dead": {"items": {"const": True}}}, False),
        ({"/answers/rows/*/dead": False}, True),
        ({"/answers/none/*/x": False}, True),
        ({"/answers/rows/*/born": False}, False),
    ],
)
def test_a_condition_holds_when_every_pointer_exists_and_every_value_is_valid(raw: Any, expected: bool) -> None:
    assert holds(raw) is expected


@pytest.mark.parametrize(
    ("born", "today", "age"),
    [
        ("1946-11-23", "2026-11-23", 80),
        ("1946-11-24", "2026-11-23", 79),
        ("1946-11-22", "2026-11-23", 80),
        ("1948-02-29", "2026-02-28", 77),
        ("1948-02-29", "2026-03-01", 78),
        ("1948-02-29", "2028-02-29", 80),
        ("2026-11-24", "2026-11-23", -1),
        ("1946-11-23T10:00:00", "2026-11-23", 80),
    ],
)
def test_an_age_is_whole_years_on_the_day(born: str, today: str, age: int) -> None:
    facts = {"born": born, "today": today}
    assert Condition({"/born": {"x-age": {"const": age}}}).holds(facts, CALENDAR)
    assert Condition({"/born": {"x-age": {"minimum": age, "maximum": age}}}).holds(facts, CALENDAR)
    assert not Condition({"/born": {"x-age": {"minimum": age + 1}}}).holds(facts, CALENDAR)


@pytest.mark.parametrize("born", [None, 1946, "19461123", "1946-13-01", "1946/11/23", "", [], {}, "1946-11-23中", True])
def test_what_is_no_date_has_no_age(born: Any) -> None:
    facts = {"born": born, "today": "2026-11-23"}
    assert not Condition({"/born": {"x-age": {}}}).holds(facts, CALENDAR)
    assert not Condition({"/born": {"x-days": {"minimum": -99999}}}).holds(facts, CALENDAR)


def test_without_a_today_no_date_can_be_judged() -> None:
    assert not Condition({"/born": {"x-age": {}}}).holds({"born": "1940-01-01"}, CALENDAR)


def test_days_run_from_today_and_the_past_is_negative() -> None:
    facts = {"end": "2026-12-23", "begun": "2026-11-13", "now": "2026-11-23", "today": "2026-11-23"}
    assert Condition({"/end": {"x-days": {"const": 30}}}).holds(facts, CALENDAR)
    assert Condition({"/begun": {"x-days": {"const": -10}}}).holds(facts, CALENDAR)
    assert Condition({"/now": {"x-days": {"const": 0}}}).holds(facts, CALENDAR)
    assert Condition({"/end": {"x-working-days": {"const": 22}}}).holds(facts, CALENDAR)
    assert Condition({"/begun": {"x-working-days": {"const": -6}}}).holds(facts, CALENDAR)


def test_working_days_ask_the_calendar() -> None:
    facts = {"end": "2026-11-27", "today": "2026-11-23"}
    taken_off = Weekdays(date(2026, 11, 25))
    assert Condition({"/end": {"x-working-days": {"const": 4}}}).holds(facts, CALENDAR)
    assert Condition({"/end": {"x-working-days": {"const": 3}}}).holds(facts, taken_off)


def test_a_far_date_costs_no_time() -> None:
    start = time.perf_counter()
    assert holds({"/end": {"x-working-days": {"minimum": 2_000_000}}}, end="9999-12-31")
    assert time.perf_counter() - start < 0.5


def test_computed_keywords_come_before_the_rest_of_the_schema() -> None:
    schema = {"x-age": {"minimum": 80}, "type": "string", "pattern": "^1940"}
    assert holds({"/lookups/person/birth_date": schema})
    assert not holds({"/lookups/person/birth_date": {**schema, "pattern": "^1941"}})


def test_a_date_rule_over_rows_wants_every_row_and_at_least_one() -> None:
    assert holds({"/answers/rows/*/born": {"x-age": {"minimum": 18}}})
    assert not holds({"/answers/rows/*/born": {"x-age": {"minimum": 80}}})
    assert not holds({"/answers/none/*/born": {"x-age": {"minimum": 0}}})


def test_numbers_and_booleans_are_not_mistaken_for_each_other() -> None:
    facts = {"one": 1, "yes": True, "float": 1.0, "text": "1"}
    for name, const, expected in [
        ("one", 1, True), ("float", 1, True), ("yes", 1, False), ("text", 1, False),
        ("yes", True, True), ("one", True, False), ("float", True, False),
    ]:  # fmt: skip
        assert Condition({f"/{name}": {"const": const}}).holds(facts, CALENDAR) is expected, (name, const)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-5, 5),
    st.sampled_from([0.5, 1.0, -1.0]),
    st.sampled_from(["", "a", "b", "1"]),
)
QUICK_SCHEMAS = st.one_of(
    st.builds(lambda v: {"const": v}, SCALARS),
    st.builds(lambda v: {"enum": v}, st.lists(st.sampled_from(["a", "b", "1"]), min_size=1, unique=True)),
    st.dictionaries(
        st.sampled_from(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]),
        st.integers(-3, 3),
        min_size=1,
    ),
    st.sampled_from([True, {}]),
)


@given(QUICK_SCHEMAS, st.one_of(SCALARS, st.lists(SCALARS, max_size=2)))
def test_the_quick_way_says_what_json_schema_says(schema: Any, value: Any) -> None:
    assert check_of(schema)(value) is jsonschema.Draft202012Validator(schema).is_valid(value)


TREES = st.recursive(
    SCALARS,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from("ab01"), inner, max_size=3)),
    max_leaves=10,
)


@given(st.dictionaries(st.sampled_from("ab01"), TREES), st.lists(st.sampled_from("ab01*"), min_size=1, max_size=4))
def test_a_condition_finds_what_its_pointer_finds(facts: dict[str, Any], path: list[str]) -> None:
    at = "/" + "/".join(path)
    assert Condition({at: True}).holds(facts, CALENDAR) is resolve(facts, at)[0]


@given(st.lists(st.dictionaries(st.sampled_from(["/a", "/b"]), QUICK_SCHEMAS, max_size=2), max_size=3), st.data())
def test_a_list_holds_when_one_of_its_maps_does(maps: list[Any], data: st.DataObject) -> None:
    facts = data.draw(st.dictionaries(st.sampled_from(["a", "b"]), SCALARS))
    assert Condition(maps).holds(facts, CALENDAR) is any(Condition(m).holds(facts, CALENDAR) for m in maps)


@given(st.dictionaries(st.sampled_from(["/a", "/b", "/c"]), st.one_of(QUICK_SCHEMAS, st.just(False))), st.data())
def test_knowing_everything_three_values_are_two(raw: Any, data: st.DataObject) -> None:
    facts = data.draw(st.dictionaries(st.sampled_from(["a", "b", "c"]), SCALARS))
    condition = Condition(raw)
    assert condition.holds_knowing(facts, CALENDAR, lambda _: False) is condition.holds(facts, CALENDAR)
    partly = condition.holds_knowing(facts, CALENDAR, lambda p: p == "/a")
    if partly is not None:
        assert condition.holds(facts, CALENDAR) is partly, "what was settled without /a stays settled with it"


def test_it_names_the_pointers_and_lookups_it_reads() -> None:
    condition = Condition([{"/lookups/a/x": {}}, {"/outcomes/b": {}, "/answers/c": {}}])
    assert condition.pointers == {"/lookups/a/x", "/outcomes/b", "/answers/c"}
    assert condition.lookups == {"a", "b"}
    assert condition.reads_any(["/answers"])
    assert not condition.reads_any(["/answers/d", "/lookups/b"])


def test_it_explains_itself_by_the_facts_it_rests_on() -> None:
    raw: Any = [
        {"/applicant/kind": {"const": "enterprise"}},
        {"/lookups/person/birth_date": {"x-age": {"minimum": 80}}, "/lookups/credit": False},
    ]
    assert Condition(raw).explain(FACTS, CALENDAR) == (
        "/lookups/person/birth_date：1940-02-29（86周岁）",
        "/lookups/credit：没有",
    )
    assert Condition(raw).explain(FACTS, CALENDAR, "en")[0] == "/lookups/person/birth_date: 1940-02-29 (aged 86)"


TEN: list[Any] = [
    {"/lookups/person/birth_date": {"x-age": {"minimum": 80}}},
    {"/lookups/person/birth_date": {"x-age": {"minimum": 60}, "type": "string"}},
    {"/lookups/person/alive": {"const": True}},
    {"/applicant/kind": {"enum": ["person"]}},
    {"/applicant/groups": {"contains": {"const": "disabled"}}},
    {"/lookups/person/score": {"type": "integer", "minimum": 60}},
    {"/lookups/credit": False},
    {"/outcomes/credit": {"enum": ["down", "refused"]}},
    [{"/applicant/area": {"pattern": "^320583"}}, {"/applicant/kind": {"const": "enterprise"}}],
    {"/answers/rows": {"minItems": 1, "items": {"required": ["born"]}}},
]


def as_schema(raw: Any) -> Any:
    """A condition as one schema over the facts, for plain `jsonschema`; an age as the shape of a date."""
    alternatives = []
    for alternative in raw if isinstance(raw, list) else [raw]:
        whole: dict[str, Any] = {}
        for at, schema in alternative.items():
            node = whole
            *parents, last = at.split("/")[1:]
            for name in parents:
                node["required"] = [*node.get("required", ()), name]
                node = node.setdefault("properties", {}).setdefault(name, {})
            if schema is False:
                node["not"] = {"required": [last]}
                continue
            node["required"] = [*node.get("required", ()), last]
            shape = {"pattern": "^19[0-4]"} if "x-age" in schema else schema
            node.setdefault("properties", {})[last] = shape
        alternatives.append(whole)
    return alternatives[0] if len(alternatives) == 1 else {"anyOf": alternatives}


def test_ten_conditions_take_an_eighth_of_plain_jsonschema() -> None:
    compiled = [Condition(raw) for raw in TEN]
    plain = [jsonschema.Draft202012Validator(as_schema(raw)) for raw in TEN]
    assert [c.holds(FACTS, CALENDAR) for c in compiled] == [p.is_valid(FACTS) for p in plain]
    ratios = []
    for _ in range(7):
        start = time.perf_counter()
        for _ in range(100):
            for condition in compiled:
                condition.holds(FACTS, CALENDAR)
        middle = time.perf_counter()
        for _ in range(100):
            for validator in plain:
                validator.is_valid(FACTS)
        ratios.append((middle - start) / (time.perf_counter() - middle))
    assert min(ratios) <= 1 / 8, f"ten conditions took {min(ratios):.3f} of plain jsonschema"


@given(st.dates(date(1900, 1, 1), date(2026, 12, 31)), st.dates(date(2000, 1, 1), date(2026, 12, 31)))
def test_an_age_never_falls_as_days_pass(born: date, today: date) -> None:
    raw = {"/born": {"x-age": {"minimum": 18}}}
    if Condition(raw).holds({"born": born.isoformat(), "today": today.isoformat()}, CALENDAR):
        later = today + timedelta(days=1)
        assert Condition(raw).holds({"born": born.isoformat(), "today": later.isoformat()}, CALENDAR)
