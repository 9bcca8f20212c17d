"""One place of a generated form: its schema and ui, and a strategy of valid answers."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from hypothesis import strategies as st

Draw = Callable[..., Any]
Values = st.SearchStrategy[Any]


@dataclass(frozen=True)
class Part:
    """One place of a form."""

    schema: dict[str, Any]
    values: Values
    ui: dict[str, Any] = field(default_factory=dict)
    defs: dict[str, Any] = field(default_factory=dict)
    """What its `$ref`s lead to."""
    nullable: bool = False
    """May be null too; said only where the answer is required, since an optional null is absent."""
    fixed: bool = False
    """Asks nothing by itself: a constant."""

    said: Values | None = None
    """`optional`, where the schema here does not show what is constant."""

    @property
    def optional(self) -> Values:
        """Those answers in which something is said: an optional group in which nothing is said is absent."""
        said = self.values.filter(lambda value: says(without_constants(value, self.schema)))
        return said if self.said is None else self.said

    @property
    def needed(self) -> Values:
        return st.one_of(st.none(), self.values) if self.nullable else self.values


def all_of(*several: Part) -> dict[str, Any]:
    return {name: schema for one in several for name, schema in one.defs.items()}


def says(value: Any) -> bool:
    """Whether anything is said in an answer: a group of nothing but blanks is not there."""
    return any(map(says, value.values())) if isinstance(value, dict) else value is not None


def without_constants(value: Any, schema: dict[str, Any]) -> Any:
    """An answer less what its form fixes: nobody has said a constant."""
    if not isinstance(value, dict):
        return value
    own = {name: schema.get("properties", {}).get(name) or {} for name in value}
    return {name: without_constants(one, own[name]) for name, one in value.items() if "const" not in own[name]}


def asking(below: st.SearchStrategy[Part]) -> st.SearchStrategy[Part]:
    """Places whose being there can be seen from the answer: no constant."""
    return below.filter(lambda p: not p.fixed and p.schema != {"const": True})
