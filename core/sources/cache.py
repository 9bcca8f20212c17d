"""Answers kept for a while, for the few sources that declare `cache_s`: only the fields that were taken.

Knows no connection. Bounded; gone with the process.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable

from core.contract import Empty, Found, Source
from core.sources.served import Answer

KEPT = 2048


class Cache:
    def __init__(self, clock: Callable[[], float], size: int = KEPT) -> None:
        self._clock, self._size = clock, size
        self._held: OrderedDict[tuple[str, tuple[str, ...]], tuple[float, Answer]] = OrderedDict()

    def get(self, source: Source, key: str, take: tuple[str, ...]) -> tuple[Answer, int] | None:
        """The kept answer and its age in whole seconds."""
        if source.cache_s <= 0 or (held := self._held.get((key, take))) is None:
            return None
        age = self._clock() - held[0]
        if age >= source.cache_s:
            del self._held[(key, take)]
            return None
        return held[1], int(age)

    def put(self, source: Source, key: str, take: tuple[str, ...], answer: Answer) -> None:
        """Keep what the source holds or does not hold; a refusal or a failure is never kept."""
        if source.cache_s > 0 and isinstance(answer.outcome, Found | Empty):
            self._held[(key, take)] = (self._clock(), answer)
            while len(self._held) > self._size:
                self._held.popitem(last=False)

    def clear(self) -> None:
        self._held.clear()
