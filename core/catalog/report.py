"""Which source would free the most items: the materials still asked for, by who issues them.

Knows the catalog and how often each item is filed; reads no case.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.catalog.snapshot import Catalog
from core.judge.materials import blocking_lookups


@dataclass(frozen=True, slots=True)
class Wanted:
    """One kind of proof that no source gives yet."""

    issuer: str
    """The unit that issues it (`issued_by`), else the material's title."""
    title: str
    materials: tuple[tuple[str, str, str], ...]
    """(item id, material id, title) of each."""
    frees: tuple[str, ...]
    """Items that nothing else keeps from zero material."""
    helps: tuple[str, ...]
    """Items that would still want something else."""
    filings: int
    """Cases a year, of all the items named, in which somebody carries this material to the counter."""
    sources: tuple[str, ...]
    """Sources that the issuer runs already: there it may be a field more, not a new connection."""


def most_freeing(catalog: Catalog, filings: Mapping[str, int] | None = None) -> list[Wanted]:
    """The most useful first: items freed, weighted by their filings a year where those are known, then items helped."""
    yearly = filings or {}
    blocked = {
        item.id: tuple((_issuer(m.declared.get("issued_by"), m.title), m) for m in blocking_lookups(item))
        for item in catalog.items.values()
        if item.handling in ("instant", "promised")
    }
    issuers: dict[str, list[tuple[str, str, str]]] = {}
    for id, wanted in blocked.items():
        for issuer, material in wanted:
            issuers.setdefault(issuer, []).append((id, material.id, material.title))
    rows = []
    for issuer, materials in issuers.items():
        touched = list(dict.fromkeys(id for id, _, _ in materials))
        frees = tuple(id for id in touched if all(i == issuer for i, _ in blocked[id]))
        unit = catalog.office.units.get(issuer)
        rows.append(
            Wanted(
                issuer=issuer,
                title=unit.name if unit else issuer,
                materials=tuple(materials),
                frees=frees,
                helps=tuple(id for id in touched if id not in frees),
                filings=sum(yearly.get(id, 0) for id in touched),
                sources=tuple(s.id for s in catalog.sources.values() if unit and s.unit == issuer),
            )
        )

    def usefulness(row: Wanted) -> tuple[int, int, int, str]:
        return -sum(yearly.get(id, 1) for id in row.frees), -row.filings, -len(row.helps), row.issuer

    return sorted(rows, key=usefulness)


def _issuer(declared: object, title: str) -> str:
    return declared if isinstance(declared, str) else title
