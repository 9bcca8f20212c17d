"""Taking turns: where an item looks at the applicant's earlier cases, two filings at once must not miss each other.

Knows a counter for each applicant. Who filed between another's look and his write makes him look again.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.cases.connector import asks_own_cases
from core.cases.models import Turn
from core.cases.rows import Statement, update
from core.contract import Item

if TYPE_CHECKING:
    from core.kernel import Kernel


class Overtaken(Exception):
    """Another case of this applicant was written since: look again, judge again."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The count at the time of looking."""

    key: str
    n: int

    def statements(self) -> list[Statement]:
        """One on, if nobody else was; meets no row where somebody was."""
        first = Statement('INSERT INTO cases_turn ("key", n) VALUES (?, 0) ON CONFLICT DO NOTHING', [self.key])
        return [first, update(Turn, {"n": self.n + 1}, {"key": self.key, "n": self.n}, must=True)]

    async def is_over(self) -> bool:
        return (await look(self.key)).n != self.n


async def look(key: str) -> Taken:
    row = await Turn.get_or_none(key=key)
    return Taken(key, row.n if row is not None else 0)


async def turn_of(kernel: Kernel, item: Item, applicant_key: str | None) -> Taken | None:
    """To be taken before the sources are asked; None for an item that looks at no earlier case."""
    if applicant_key is None or not asks_own_cases(item, kernel.catalog.sources):
        return None
    return await look(applicant_key)
