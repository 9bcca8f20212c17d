"""Property: for generated schemas and valid answers, what is read back from the drawn page is what was meant."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from forms import Form
from tests.forms_engine.browser import posted

TEXT = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Co", "Cn"), exclude_characters="�"),
    min_size=1,
    max_size=12,
).filter(lambda t: t == t.strip() and "\xad" not in t)
NAMES = st.one_of(
    st.sampled_from(["name", "a/b", "a~b", "多少 钱", "0", "x.y", "_seen:x", "<b>", '"q"', "'", "&amp;", "properties"]),
    TEXT,
)
NUMBERS = st.one_of(
    st.integers(-(10**12), 10**12),
    st.floats(-1e9, 1e9, allow_nan=False).map(lambda f: round(f, 6)).filter(lambda f: f != 0 or str(f) == "0.0"),
)


FIRST, LAST = datetime(1900, 1, 1), datetime(2100, 1, 1)


def _stamp(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%S}+08:00"


def _leaf() -> st.SearchStrategy[tuple[dict[str, Any], st.SearchStrategy[Any]]]:
    """(schema, valid answers for it)"""
    enums = st.lists(st.one_of(TEXT, st.integers(-9, 9), st.booleans()), min_size=1, max_size=9, unique_by=repr)
    return st.one_of(
        st.just(({"type": "string"}, TEXT)),
        st.just(({"type": "string", "maxLength": 500}, TEXT)),
        st.just(({"type": "integer"}, st.integers(-(10**12), 10**12))),
        st.just(({"type": "number"}, NUMBERS)),
        st.just(({"type": "boolean"}, st.booleans())),
        st.just(({"const": True}, st.just(True))),
        st.just(({"type": "string", "format": "date"}, st.dates().map(str))),
        st.just(({"type": "string", "format": "cn-money"}, st.decimals(0, 10**9, places=2).map(str))),
        st.just(({"type": "string", "format": "time"}, st.times().map(lambda t: f"{t:%H:%M:%S}+08:00"))),
        st.just(({"type": "string", "format": "date-time"}, st.datetimes(max_value=LAST, min_value=FIRST).map(_stamp))),
        st.just(({"type": "string", "format": "email"}, st.from_regex(r"[a-z]{1,9}@[a-z]{1,9}\\.cn", fullmatch=True))),
        st.just(({"type": "string", "format": "tel"}, st.from_regex(r"\\+?[0-9][0-9 -]{3,9}[0-9]", fullmatch=True))),
        st.just(({"type": "string", "format": "cn-area"}, st.from_regex(r"[0-9]{12}", fullmatch=True))),
        st.just(
            ({"type": "string", "contentMediaType": "text/plain"}, st.just("data:text/plain;name=a.txt;base64,YQ=="))
        ),
        st.just(({"oneOf": [{"const": 1, "title": "一"}, {"const": "1", "title": "二"}]}, st.sampled_from([1, "1"]))),
        st.just(({"type": "string", "readOnly": True}, TEXT)),
        st.just(({"type": ["string", "integer", "boolean"]}, st.one_of(TEXT, st.integers(-99, 99), st.booleans()))),
        st.just(({}, st.one_of(TEXT, st.integers(-99, 99), st.lists(st.integers(0, 3), min_size=1, max_size=3)))),
        enums.filter(lambda e: len({str(v) + str(type(v) is bool) for v in e}) == len(e)).map(
            lambda e: ({"enum": e}, st.sampled_from(e))
        ),
        st.lists(TEXT, min_size=2, max_size=6, unique=True).map(
            lambda e: (
                {"type": "array", "uniqueItems": True, "items": {"enum": e}},
                st.lists(st.sampled_from(e), min_size=1, max_size=4, unique=True),
            )
        ),
    )


def _grown(
    inner: st.SearchStrategy[tuple[dict[str, Any], st.SearchStrategy[Any]]],
) -> st.SearchStrategy[tuple[dict[str, Any], st.SearchStrategy[Any]]]:
    def group(parts: dict[str, tuple[dict[str, Any], st.SearchStrategy[Any]]]) -> tuple[dict[str, Any], Any]:
        schema = {"type": "object", "properties": {n: s for n, (s, _) in parts.items()}, "required": sorted(parts)[:1]}
        first = sorted(parts)[0]
        return schema, st.fixed_dictionaries(
            {first: parts[first][1]}, optional={n: v for n, (_, v) in parts.items() if n != first}
        )

    def rows(part: tuple[dict[str, Any], st.SearchStrategy[Any]]) -> tuple[dict[str, Any], Any]:
        return {"type": "array", "items": part[0]}, st.lists(part[1], min_size=1, max_size=4)

    def tuple_of(parts: list[tuple[dict[str, Any], st.SearchStrategy[Any]]]) -> tuple[dict[str, Any], Any]:
        return {"type": "array", "prefixItems": [s for s, _ in parts]}, st.tuples(*(v for _, v in parts)).map(list)

    def opened(part: tuple[dict[str, Any], st.SearchStrategy[Any]]) -> tuple[dict[str, Any], Any]:
        return {"type": "object", "additionalProperties": part[0]}, st.dictionaries(
            TEXT, part[1], min_size=1, max_size=3
        )

    def told_apart(parts: list[tuple[dict[str, Any], st.SearchStrategy[Any]]]) -> tuple[dict[str, Any], Any]:
        """oneOf of groups that a constant tells apart."""
        branches = [
            {"type": "object", "properties": {"kind": {"const": f"k{i}"}, "it": s}, "required": ["kind"]}
            for i, (s, _) in enumerate(parts)
        ]
        values = [
            st.fixed_dictionaries({"kind": st.just(f"k{i}")}, optional={"it": v}) for i, (_, v) in enumerate(parts)
        ]
        return {"oneOf": branches}, st.one_of(values)

    def chosen(parts: list[tuple[dict[str, Any], st.SearchStrategy[Any]]]) -> tuple[dict[str, Any], Any]:
        """oneOf of groups, each with a name of its own."""
        branches = [
            {"type": "object", "properties": {f"n{i}": s}, "required": [f"n{i}"]} for i, (s, _) in enumerate(parts)
        ]
        return {"oneOf": branches}, st.one_of([st.fixed_dictionaries({f"n{i}": v}) for i, (_, v) in enumerate(parts)])

    def conditional(parts: list[tuple[dict[str, Any], st.SearchStrategy[Any]]]) -> tuple[dict[str, Any], Any]:
        """if, then and else; dependentSchemas; a part of allOf; by way of $ref."""
        (yes, yes_values), (no, no_values) = parts
        schema = {
            "type": "object",
            "properties": {"on": {"type": "boolean"}},
            "required": ["on"],
            "if": {"properties": {"on": {"const": True}}, "required": ["on"]},
            "then": {"properties": {"yes": yes}, "required": ["yes"]},
            "else": {"properties": {"no": no}},
            "dependentSchemas": {"no": {"properties": {"more": {"type": "integer"}}, "required": ["more"]}},
            "allOf": [{"properties": {"also": {"type": "string"}}}],
        }
        on = st.fixed_dictionaries({"on": st.just(True), "yes": yes_values}, optional={"also": TEXT})
        off = st.fixed_dictionaries({"on": st.just(False), "no": no_values, "more": st.integers(0, 9)})
        return schema, st.one_of(on, off, st.just({"on": False}))

    several = st.lists(inner, min_size=2, max_size=3)
    return st.one_of(
        several.filter(lambda ps: not any("const" in s for s, _ in ps)).map(tuple_of),
        inner.filter(lambda p: "const" not in p[0]).map(opened),
        several.map(told_apart),
        several.map(chosen),
        st.lists(inner, min_size=2, max_size=2).map(conditional),
        st.dictionaries(NAMES, inner, min_size=1, max_size=4).map(group),
        inner.filter(lambda p: "const" not in p[0]).map(rows),
    )


FORMS = st.dictionaries(NAMES, st.recursive(_leaf(), _grown, max_leaves=5), min_size=1, max_size=5)


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.data())
def test_what_is_read_from_the_drawn_page_is_what_was_meant(data: st.DataObject) -> None:
    parts = data.draw(FORMS)
    form = Form({"type": "object", "properties": {n: s for n, (s, _) in parts.items()}})
    answers = data.draw(st.fixed_dictionaries({}, optional={n: v for n, (_, v) in parts.items()}))
    html = form.render(answers)
    reading = form.read(posted(html))
    assert reading.answers == answers
    assert repr(_sorted(reading.answers)) == repr(_sorted(answers)) or _numbers(answers)
    assert reading.unknown == ()


def _sorted(value: Any) -> Any:
    if isinstance(value, dict):
        return {k: _sorted(value[k]) for k in sorted(value)}
    return [_sorted(v) for v in value] if isinstance(value, list) else value


def _numbers(value: Any) -> bool:
    """3.0 may come back as 3: JSON does not tell them apart."""
    if isinstance(value, dict):
        return any(map(_numbers, value.values()))
    if isinstance(value, list):
        return any(map(_numbers, value))
    return isinstance(value, float) and value.is_integer()


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
