"""Lists of anything, and lists with a head."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from tests.forms_engine.generated.part import Draw, Part, all_of, asking
from tests.forms_engine.generated.questions import leaves


@st.composite
def rows(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A list of anything, also of lists; an empty one is an answer too."""
    item: Part = draw(asking(below))
    fewest = draw(st.integers(0, 2))
    schema = {"type": "array", "items": item.schema, "minItems": fewest, "maxItems": 5}
    values = st.lists(item.values, min_size=fewest, max_size=4)
    return Part(schema, values, {"items": item.ui} if item.ui else {}, item.defs)


@st.composite
def tuples(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """prefixItems, with or without a tail."""
    some: list[Part] = draw(st.lists(asking(below), min_size=1, max_size=3))
    schema: dict[str, Any] = {"type": "array", "prefixItems": [p.schema for p in some]}
    head = st.tuples(*(p.values for p in some)).map(list)
    if draw(st.booleans()):
        schema["items"] = False
        return Part(schema, head, defs=all_of(*some))
    tail: Part = draw(leaves().filter(lambda p: p.schema != {"const": True}))
    schema["items"] = tail.schema
    values = st.builds(lambda a, b: a + b, head, st.lists(tail.values, max_size=2))
    return Part(schema, values, defs=all_of(*some))
