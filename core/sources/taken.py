"""What plugins' code and templates see of the lookups: the fields their item takes, and a note of who reached beyond.

A record was cut to `take` when it came in, so nothing else is there to be seen; this tells a field that nobody
declared from one that is empty. Knows no hook and no template, only that somebody reads.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from core.contract import Facts, Item

AGAIN_S = 3600.0
"""The same reach is noted once in this time: a hook that runs for every filing makes one mistake, not thousands."""
MOST = 1000

Tell = Callable[[str, str], None]
"""Told (lookup, field); the field is empty where the lookup itself is not declared."""


class NotTaken(KeyError):
    """Said to the author whose code it is."""

    def __init__(self, lookup: str, field: str) -> None:
        super().__init__(field or lookup)
        self._says = (
            f'the item does not take "{field}" of the lookup "{lookup}": name it in "take" in lookups.json'
            if field
            else f'the item has no lookup "{lookup}" in lookups.json'
        )

    def __str__(self) -> str:
        return self._says


class Taken(dict[str, Any]):
    """A record, or the lookups of an item by name, that tells who asks for what is not declared."""

    __slots__ = ("_beyond",)

    def __init__(self, held: Mapping[str, Any], beyond: Callable[[Any], NotTaken | None]) -> None:
        super().__init__(held)
        self._beyond = beyond

    def __missing__(self, name: Any) -> Any:
        raise self._beyond(name) or KeyError(name)

    def get(self, name: Any, default: Any = None) -> Any:
        if name in self:
            return self[name]
        self._beyond(name)
        return default

    def __reduce_ex__(self, protocol: Any) -> Any:
        return dict, (dict(self),)  # a copy is the copier's own

    def copy(self) -> dict[str, Any]:
        return dict(self)


def taken(item: Item, facts: Facts, tell: Tell) -> dict[str, Any]:
    """The same facts, their `/lookups` watched. `tell` is called from whatever thread reads."""

    def beyond(lookup: str, field: str) -> NotTaken:
        tell(lookup, field)
        return NotTaken(lookup, field)

    def record(lookup: str, value: Any) -> Any:
        if isinstance(value, list):
            return [record(lookup, one) for one in value]
        if isinstance(value, dict):
            return Taken(value, lambda field: beyond(lookup, str(field)[:64]))
        return value

    lookups = {name: record(name, value) for name, value in (facts.get("lookups") or {}).items()}
    # A declared lookup that found nothing is no reach: it may be there next time.
    watched = Taken(lookups, lambda name: None if name in item.lookups else beyond(str(name)[:64], ""))
    return {**facts, "lookups": watched}


@dataclass(frozen=True, slots=True)
class Reach:
    """One read outside `take`. No value, no person."""

    item: str
    door: str
    """The hook, or the template's file."""
    lookup: str
    source: str
    field: str
    reference: str
    """The case or draft it was first seen at."""


class Reaches:
    """Those seen since they were last fetched; each again only after an hour."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._seen: dict[tuple[str, str, str, str], float] = {}
        self._fresh: list[Reach] = []

    def watch(self, item: Item, door: str, reference: str, facts: Facts) -> dict[str, Any]:
        """The facts for this door, each reach beyond `take` noted here."""

        def tell(lookup: str, field: str) -> None:
            key, now = (item.id, door, lookup, field), self._clock()
            if now - self._seen.get(key, float("-inf")) < AGAIN_S or len(self._fresh) >= MOST:
                return
            if len(self._seen) >= MOST:
                self._seen.clear()
            self._seen[key] = now
            declared = item.lookups.get(lookup)
            self._fresh.append(Reach(item.id, door, lookup, declared.source if declared else "", field, reference))

        return taken(item, facts, tell)

    @property
    def noted(self) -> int:
        """How many wait to be fetched."""
        return len(self._fresh)

    def fetch(self) -> list[Reach]:
        fresh, self._fresh = self._fresh, []
        return fresh
