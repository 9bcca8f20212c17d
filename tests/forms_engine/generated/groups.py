"""Objects: with properties, with further ones, by pattern, with some that no question asks for."""

from __future__ import annotations

import string
from typing import Any

from hypothesis import strategies as st

from tests.forms_engine.generated.part import Draw, Part, Values, all_of, asking
from tests.forms_engine.generated.questions import CONSTANT, leaves
from tests.forms_engine.generated.values import NAMES, TEXT


@st.composite
def groups(draw: Draw, below: st.SearchStrategy[Part], least: int = 1) -> Part:
    """An object with properties, required or not, in any order of the ui; a constant is required, and never alone."""
    some: dict[str, Part] = draw(
        st.dictionaries(NAMES, st.one_of(below, below, below, CONSTANT), min_size=least, max_size=4)
    )
    asked = [n for n, p in some.items() if not p.fixed]
    if not asked:
        some["asked"] = Part({"type": "string"}, TEXT)
        asked = ["asked"]
    # A list: what is drawn must not hang on the order in which a set of texts is gone through.
    needed = [n for n, p in some.items() if p.fixed or draw(st.booleans())]
    if len(needed) == len(some) - len(asked):
        needed.append(asked[0])  # a group of constants alone says nothing
    schema: dict[str, Any] = {"type": "object", "properties": {n: p.schema for n, p in some.items()}}
    if needed:
        schema["required"] = sorted(needed)
    if draw(st.booleans()):
        schema["additionalProperties"] = False
    ui: dict[str, Any] = {n: p.ui for n, p in some.items() if p.ui and not n.startswith("ui:")}
    if draw(st.integers(0, 4)) == 0:
        ui["ui:order"] = [*draw(st.permutations(list(some)))[:2], "*"]
    values = st.fixed_dictionaries(
        {n: some[n].needed for n in needed}, optional={n: p.optional for n, p in some.items() if n not in needed}
    )
    return Part(schema, values, ui, all_of(*some.values()))


@st.composite
def maybe_groups(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A group that may be null or not there, as one alternative of two."""
    group = draw(groups(below))
    schema = {"anyOf": [group.schema, {"type": "null"}]}
    return Part(schema, group.optional, group.ui, group.defs, nullable=True)


@st.composite
def blanks(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A group all of whose properties are required and may be null; all of them may be."""
    some: dict[str, Part] = draw(st.dictionaries(NAMES, below.filter(lambda p: p.nullable), min_size=1, max_size=3))
    schema = {"type": "object", "properties": {n: p.schema for n, p in some.items()}, "required": list(some)}
    values = st.one_of(
        st.fixed_dictionaries({n: p.needed for n, p in some.items()}),
        st.just(dict.fromkeys(some)),
    )
    ui = {n: p.ui for n, p in some.items() if p.ui and not n.startswith("ui:")}
    return Part(schema, values, ui, all_of(*some.values()))


@st.composite
def further(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """additionalProperties beside properties: the editor of further ones."""
    own = draw(groups(leaves()))
    one: Part = draw(asking(below))
    schema = {**own.schema, "additionalProperties": one.schema}
    more = st.dictionaries(NAMES.filter(lambda n: n not in own.schema["properties"]), one.values, max_size=3)
    values = st.builds(lambda a, b: {**a, **b}, own.values, more)
    ui = {**{k: v for k, v in own.ui.items() if k != "ui:order"}}
    return Part(schema, values, ui, all_of(own, one))


def _headed(head: str) -> Values:
    return TEXT.map(lambda text: head + text)


@st.composite
def by_pattern(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """One or several patternProperties, with or without what fits none of them."""
    heads = draw(st.lists(st.sampled_from(["a", "b", "x_", "甲"]), min_size=1, max_size=3, unique=True))
    some: list[Part] = [draw(asking(below)) for _ in heads]
    schema: dict[str, Any] = {
        "type": "object",
        "patternProperties": {f"^{h}": p.schema for h, p in zip(heads, some, strict=True)},
    }
    kept = [st.dictionaries(_headed(h), p.values, max_size=2) for h, p in zip(heads, some, strict=True)]
    more = draw(st.sampled_from(["closed", "open", "typed"]))
    if more == "closed":
        schema["additionalProperties"] = False
    elif more == "typed":
        schema["additionalProperties"] = {"type": "integer"}
        kept.append(st.dictionaries(_headed("z"), st.integers(0, 9), max_size=2))
    values = st.tuples(*kept).map(lambda ds: {k: v for d in ds for k, v in d.items()})
    return Part(schema, values, defs=all_of(*some))


JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(-9, 9), st.text(string.printable[:94], max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=2), st.dictionaries(TEXT, inner, max_size=2)),
    max_leaves=4,
)


@st.composite
def carried(draw: Draw) -> Part:
    """Properties that no question asks for and nothing forbids."""
    own = draw(groups(leaves()))
    schema = {k: v for k, v in own.schema.items() if k != "additionalProperties"}
    more = st.dictionaries(NAMES.filter(lambda n: n not in schema["properties"]), JSON, max_size=3)
    return Part(schema, st.builds(lambda a, b: {**a, **b}, own.values, more), own.ui, own.defs)


@st.composite
def periods(draw: Draw) -> Part:
    """Two dates, the second not before the first."""
    names = draw(st.sampled_from([("from", "to"), ("start", "end"), ("valid_from", "valid_to")]))
    day = {"type": "string", "format": "date"}
    schema = {"type": "object", "properties": dict.fromkeys(names, day), "required": list(names)}
    values = st.lists(st.dates(), min_size=2, max_size=2).map(
        lambda ds: dict(zip(names, [str(d) for d in sorted(ds)], strict=True))
    )
    return Part(schema, values)
