"""One line of `result.also` compiled: a further result that an approval gives, one for all or one for every row.

Knows one line and the facts; which rows are granted is `results`' to say.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from core.contract import Calendar, Facts
from core.judge.conditions import Condition, lookups_in
from core.judge.pointers import overlap, resolve


class AlsoRule:
    """With `each`, one for every row that its `when` holds for."""

    __slots__ = ("declared", "each", "id", "when")

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self.declared = declared
        self.id: str = declared["id"]
        self.each: str | None = declared.get("each")
        self.when = Condition(declared["when"]) if declared.get("when") is not None else None

    @property
    def lookups(self) -> frozenset[str]:
        """Those without whose answer nobody knows what is given."""
        rows = lookups_in((self.each,)) if self.each else frozenset()
        return rows | (self.when.lookups if self.when is not None else frozenset())

    def reads_any(self, pointers: Collection[str]) -> bool:
        own = self.each is not None and any(overlap(self.each, other) for other in pointers)
        return own or (self.when is not None and self.when.reads_any(pointers))

    def rows(self, facts: Facts) -> Iterator[tuple[int | None, Facts]]:
        """(position of the row, facts with it as `/each`) of every row there is; without `each`, the facts once."""
        if self.each is None:
            yield None, facts
            return
        rows = resolve(facts, self.each)[1]
        for n, row in enumerate(rows if isinstance(rows, list) else ()):
            if row is not None:
                yield n, {**facts, "each": row}

    def holds(self, facts: Facts, calendar: Calendar) -> bool:
        """For facts as `rows` gives them."""
        return self.when is None or self.when.holds(facts, calendar)
