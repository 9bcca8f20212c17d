"""What is asked only sometimes: alternatives, conditions, what one answer brings with it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.forms_engine.generated.groups import groups
from tests.forms_engine.generated.part import Draw, Part, all_of, asking
from tests.forms_engine.generated.questions import leaves
from tests.forms_engine.generated.values import NAMES, TEXT


@st.composite
def told_apart(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """oneOf of groups that a constant tells apart, declared as discriminator or seen."""
    some: list[Part] = draw(st.lists(below, min_size=2, max_size=3))
    keys = draw(st.sampled_from([["k0", "k1", "k2"], [1, 2, 3], [1, "1", True]]))
    if len({repr(k) for k in keys[: len(some)]}) != len({*map(str, keys[: len(some)])}):
        keys = ["1", "2", "3"]
    branches = [
        {"type": "object", "properties": {"kind": {"const": keys[i]}, f"it{i % 2}": p.schema}, "required": ["kind"]}
        for i, p in enumerate(some)
    ]
    values = [
        st.fixed_dictionaries({"kind": st.just(keys[i])}, optional={f"it{i % 2}": p.optional})
        for i, p in enumerate(some)
    ]
    schema: dict[str, Any] = {"type": "object", draw(st.sampled_from(["oneOf", "anyOf"])): branches}
    if draw(st.booleans()):
        schema["discriminator"] = {"propertyName": "kind"}
    return Part(schema, st.one_of(values), defs=all_of(*some))


@st.composite
def chosen(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """oneOf of groups, each with a name of its own, chosen by a control, beside a property of all."""
    some: list[Part] = draw(st.lists(asking(below), min_size=2, max_size=3))
    names = draw(st.lists(NAMES.filter(lambda n: n != "also"), min_size=3, max_size=3, unique=True))
    branches = [
        {"type": "object", "properties": {names[i]: p.schema}, "required": [names[i]]} for i, p in enumerate(some)
    ]
    values = [st.fixed_dictionaries({names[i]: p.values}, optional={"also": TEXT}) for i, p in enumerate(some)]
    schema = {"type": "object", "oneOf": branches, "properties": {"also": {"type": "string"}}}
    return Part(schema, st.one_of(values), defs=all_of(*some))


@st.composite
def several_at_once(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """anyOf of groups: more than one may hold."""
    some: list[Part] = draw(st.lists(asking(below), min_size=2, max_size=3))
    branches = [{"properties": {f"n{i}": p.schema}, "required": [f"n{i}"]} for i, p in enumerate(some)]
    held = st.lists(st.integers(0, len(some) - 1), min_size=1, max_size=len(some), unique=True)
    values = held.flatmap(lambda ns: st.fixed_dictionaries({f"n{i}": some[i].values for i in sorted(ns)}))
    return Part({"type": "object", "anyOf": branches}, values, defs=all_of(*some))


@st.composite
def kinds(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A text, a list or a group: alternatives of different types."""
    group = draw(groups(leaves()))
    group = replace(group, schema={**group.schema, "title": "一组"})
    listed = {"type": "array", "items": {"type": "string"}, "title": "一列"}
    schema = {"oneOf": [{"type": "string", "title": "文字"}, listed, group.schema]}
    values = st.one_of(TEXT, st.lists(TEXT, min_size=1, max_size=3), group.values)
    return Part(schema, values, defs=group.defs)


@st.composite
def conditional(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """if, then and else, alone or in allOf, one inside the other."""
    yes, no, also = (draw(asking(below)) for _ in range(3))
    names = draw(st.lists(NAMES, min_size=4, max_size=4, unique=True))
    on, a, b, c = names
    condition = {
        "if": {"properties": {on: {"const": True}}, "required": [on]},
        "then": {"properties": {a: yes.schema}, "required": [a]},
        "else": {
            "properties": {b: no.schema},
            "if": {"required": [b]},
            "then": {"properties": {c: also.schema}},
        },
    }
    schema: dict[str, Any] = {"type": "object", "properties": {on: {"type": "boolean"}}, "required": [on]}
    schema.update({"allOf": [condition]} if draw(st.booleans()) else condition)
    values = st.one_of(
        st.fixed_dictionaries({on: st.just(True), a: yes.values}),
        st.fixed_dictionaries({on: st.just(False), b: no.optional}, optional={c: also.optional}),
        st.just({on: False}),
    )
    return Part(schema, values, defs=all_of(yes, no, also))


@st.composite
def dependent(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """dependentRequired and dependentSchemas, one leading to the next."""
    first, then = draw(asking(below)), draw(asking(below))
    names = draw(st.lists(NAMES, min_size=4, max_size=4, unique=True))
    a, b, c, d = names
    schema = {
        "type": "object",
        "properties": {a: first.schema, b: {"type": "string"}, c: {"type": "integer"}},
        "dependentRequired": {b: [c]},
        "dependentSchemas": {a: {"properties": {d: then.schema}, "required": [d]}},
    }
    values = st.builds(
        lambda x, y: {**x, **y},
        st.one_of(st.just({}), st.fixed_dictionaries({a: first.optional, d: then.values})),
        st.one_of(
            st.just({}), st.fixed_dictionaries({b: TEXT, c: st.integers(0, 9)}), st.just({c: 3}),
        ),
    )  # fmt: skip
    return Part(schema, values, defs=all_of(first, then))
