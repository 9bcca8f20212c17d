"""What applicants are still asked for although a register may hold it: 哪些数据源接通后能少交最多材料.

Counts the materials of our own cases; knows no name and no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from core.cases.rows import moment_value, select_all
from core.contract import Actor, Item
from core.errors import NotAllowed
from core.judge.materials import blocking_lookups, registrable
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

YEAR = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Demand:
    """One thing that a source could prove and none does."""

    title: str
    """The material, in the words of the guide."""
    holder: str
    """The unit that issues it, as the guides say; "" where none does."""
    items: tuple[str, ...]
    """Items that ask for it."""
    filings: int
    """Filings a year in which somebody was asked for it."""
    frees: int
    """Items that would be zero-material once it is proved: nothing else is in their way."""


async def demand(kernel: Kernel, actor: Actor) -> list[Demand]:
    """Materials that no lookup proves, the one that would spare the most filings first. Raises NotAllowed."""
    if not may(actor, "source.read"):
        raise NotAllowed("您的账号不能查看数据源。")
    asked = await _asked(kernel)
    items: Mapping[str, Item] = kernel.catalog.items
    found: dict[tuple[str, str], tuple[set[str], int, int]] = {}
    for item in items.values():
        if item.handling not in ("instant", "promised"):
            continue
        blocking = blocking_lookups(item)
        for material in filter(registrable, blocking):
            key = (material.title, str(material.declared.get("issued_by") or ""))
            named, filings, frees = found.setdefault(key, (set(), 0, 0))
            named.add(item.id)
            found[key] = (named, filings + asked.get((item.id, material.id), 0), frees + (len(blocking) == 1))
    made = [Demand(title, holder, tuple(sorted(n)), f, r) for (title, holder), (n, f, r) in found.items()]
    return sorted(made, key=lambda one: (-one.filings, -one.frees, -len(one.items), one.title))


async def _asked(kernel: Kernel) -> dict[tuple[str, str], int]:
    """(item, material) → filings of the last year in which it was wanted and no lookup proved it."""
    rows = await select_all(
        "SELECT c.item AS item, m.material AS material, COUNT(*) AS n FROM cases_material AS m "
        "JOIN cases_case AS c ON c.id = m.case_id WHERE c.filed_at >= ? AND m.status <> 'proved' "
        "GROUP BY c.item, m.material",
        moment_value(kernel.now() - YEAR),
    )
    return {(row["item"], row["material"]): int(row["n"]) for row in rows}
