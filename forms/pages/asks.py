"""What an item will look up, as a person reads it before anything is asked: from whom, what, why, on which law.

Asks nobody anything.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from core.contract import Item, Office, Source
from core.web.rendering import translator
from forms.pages.said import said, taken


@dataclass(frozen=True, slots=True)
class Ask:
    name: str
    source: str
    unit: str
    fields: tuple[str, ...]
    purpose: str
    basis: str
    consent: bool


def asks(item: Item, sources: Mapping[str, Source], office: Office, language: str) -> tuple[Ask, ...]:
    _ = translator(language)
    found = []
    for name, lookup in item.lookups.items():
        source = sources.get(lookup.source)
        unit = office.units.get(source.unit) if source else None
        place = f"lookups.json#/lookups/{name}"
        found.append(
            Ask(
                name=name,
                source=_(source.title) if source else lookup.source,
                unit=_(unit.name) if unit else "",
                fields=tuple(map(_, taken(lookup, source))),
                purpose=said(item, language, f"{place}/purpose", lookup.purpose),
                basis=said(item, language, f"{place}/basis", lookup.basis),
                consent=lookup.consent,
            )
        )
    return tuple(found)
