"""cases/*.json: scenarios that speak of lookups, materials, rules and places that exist.

Knows the names only; `core.judge.scenario` runs them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from core.catalog.inspection.around import Work
from core.catalog.places import Node, Place, listing, mapping
from core.faults import near
from core.judge.schema import token


def check(work: Work) -> None:
    for file in work.files.within("cases"):
        said = work.files.json.get(file)
        if isinstance(said, Mapping):
            _scenario(work, file, said)


def _scenario(work: Work, file: str, said: Mapping[str, Any]) -> None:
    materials = [str(m.get("id")) for m in map(mapping, listing(work.guide.get("materials")))]
    office = work.around.office
    for name, outcome in mapping(said.get("lookups")).items():
        at = f"/lookups/{token(name)}"
        if _known(work, file, at, name, work.lookups, "lookup") and isinstance(outcome, Mapping):
            _found(work, file, f"{at}/found", name, outcome.get("found"))
    for key in ("given", "promises", "confirmed"):
        for i, id in enumerate(listing(said.get(key))):
            _known(work, file, f"/{key}/{i}", id, materials, "material")
    for i, name in enumerate(listing(said.get("consents"))):
        _known(work, file, f"/consents/{i}", name, work.lookups, "lookup")
    expect = mapping(said.get("expect"))
    for id in mapping(expect.get("materials")):
        _known(work, file, f"/expect/materials/{token(id)}", id, materials, "material")
    _known(work, file, "/expect/deciding", expect.get("deciding"), office.units, "unit")
    for i, unit in enumerate(listing(expect.get("steps"))):
        _known(work, file, f"/expect/steps/{i}", unit, office.units, "unit")
    rules = [f"/decide/{i}" for i in range(len(listing(work.routing.get("decide"))))]
    _known(work, file, "/expect/rule", expect.get("rule"), rules, "rule")
    site = mapping(said.get("site"))
    _known(work, file, "/site/area", site.get("area"), office.areas, "area")
    _known(work, file, "/site/id", site.get("id"), office.sites, "area")


_STATED_IN = {"lookup": "lookups.json", "material": "item.json", "rule": "routing.json"}
_WORDS = {"lookup": "a lookup", "material": "a material", "unit": "a unit", "rule": "a rule", "area": "a place"}


def _known(work: Work, file: str, at: str, name: Any, known: Collection[str], what: str) -> bool:
    if not isinstance(name, str):
        return False
    if name in known:
        return True
    if work.unread(_STATED_IN.get(what, "")):
        return False
    work.faults.add(file, at, f"unknown-{what}", name=name, hint=near(name, known))
    return False


def _found(work: Work, file: str, at: str, name: str, value: Any) -> None:
    """A scenario hands out what the source could give; what is not in take is dropped as it would be."""
    schema, root = work.declared.lookups[name]
    if not schema:
        return
    place = Place((Node(schema, root),))
    known = work.declared.fields(name)
    for here, row, row_place in _rows(at, value, place):
        for field in row:
            if field in known:
                continue
            if row_place.inner(field) is None and field not in row_place.untaken():
                work.faults.add(
                    file,
                    f"{here}/{token(field)}",
                    "unknown-field/lookup",
                    lookup=name,
                    name=field,
                    hint=near(field, [*row_place.names(), *row_place.untaken()]),
                )
    single = isinstance(value, Mapping)
    if (single and "array" in place.types) or (isinstance(value, list) and "array" not in place.types):
        work.faults.add(file, at, f"type-mismatch/{'list' if single else 'record'}", name=name)


def _rows(at: str, value: Any, place: Place | None) -> Iterator[tuple[str, Mapping[str, Any], Place]]:
    if place is None:
        return
    if isinstance(value, Mapping):
        yield at, value, place.inner("*") or place if "array" in place.types else place
    for i, row in enumerate(listing(value)):
        yield from _rows(f"{at}/{i}", row, place.inner("*") if "array" in place.types else None)
