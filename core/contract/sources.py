"""A data source, as declared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Source:
    """A data source 数据源: the contract of one register and the connector that serves it."""

    id: str
    title: str
    unit: str
    connector: str
    query: Mapping[str, Any]
    """JSON Schema of the question."""
    record: Mapping[str, Any]
    """JSON Schema of one record that comes back."""
    public: tuple[str, ...] = ()
    """Query fields that may be taken from the answers."""
    timeout_ms: int = 1500
    cache_s: int = 0
    settings: Mapping[str, Any] = field(default_factory=dict)
    """As declared, `${NAME}` still unexpanded."""
    relation: Mapping[str, Any] | Sequence[Mapping[str, Any]] | None = None
    """Who it says may act for whom, as declared: one relation, or a list of them."""
    folder: str = ""
    """Where it was read from, for relative paths in `settings`; "" when it came from a database."""

    @property
    def relations(self) -> tuple[Mapping[str, Any], ...]:
        """All of `relation`, however it is written."""
        if isinstance(self.relation, Mapping):
            return (self.relation,)
        return tuple(self.relation or ())
