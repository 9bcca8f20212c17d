"""Places by `$ref`: with siblings, through another, and into themselves."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from tests.forms_engine.generated.part import Draw, Part
from tests.forms_engine.generated.questions import leaves


def _called(kind: str, schema: Any) -> str:
    """A name in `$defs` that two different schemas never share."""
    return kind + hashlib.sha256(json.dumps(schema, sort_keys=True).encode()).hexdigest()[:8]


@st.composite
def by_reference(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A place by $ref, with siblings, through another $ref."""
    part: Part = draw(below)
    name = _called("d", part.schema)
    schema = {"$ref": f"#/$defs/{name}", "title": "由引用"}
    defs = {**part.defs, f"{name}~": part.schema, name: {"$ref": f"#/$defs/{name}~0", "description": "说明"}}
    return replace(part, schema=schema, defs=defs, said=part.optional)


@st.composite
def trees(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A group with a list of such groups."""
    leaf: Part = draw(leaves())
    name = _called("t", leaf.schema)
    node = {
        "type": "object",
        "properties": {"it": leaf.schema, "kids": {"type": "array", "items": {"$ref": f"#/$defs/{name}"}}},
        "required": ["it"],
    }
    own = st.fixed_dictionaries({"it": leaf.values})
    values = st.recursive(
        own,
        lambda kids: st.fixed_dictionaries({"it": leaf.values}, optional={"kids": st.lists(kids, max_size=2)}),
        max_leaves=4,
    )
    return Part({"$ref": f"#/$defs/{name}"}, values, defs={name: node})


@st.composite
def chains(draw: Draw, below: st.SearchStrategy[Part]) -> Part:
    """A group that may hold one more of its kind."""
    leaf: Part = draw(leaves().filter(lambda p: p.schema != {"const": True}))
    name = _called("c", leaf.schema)
    node = {"type": "object", "properties": {"it": leaf.schema, "next": {"$ref": f"#/$defs/{name}"}}}
    own = st.fixed_dictionaries({"it": leaf.values})
    values = st.recursive(
        own, lambda more: st.fixed_dictionaries({"it": leaf.values}, optional={"next": more}), max_leaves=6
    )
    return Part({"$ref": f"#/$defs/{name}"}, values, defs={name: node})
