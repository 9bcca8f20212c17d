"""The breaker of one source: after some failures in a row it is not asked for a while, then once for a trial.

Knows no source; it is told what happened and says whether to ask. (M. Nygard, Release It!, chapter 5.)
"""

from __future__ import annotations

from collections.abc import Callable

FAILURES = 3
REST_S = 5.0
LONGEST_REST_S = 60.0


class Breaker:
    """closed → open after `failures` in a row → half-open after a rest that doubles with every failed trial."""

    def __init__(self, clock: Callable[[], float], *, failures: int = FAILURES, rest_s: float = REST_S) -> None:
        self._clock, self._failures, self._first_rest = clock, failures, rest_s
        self._rest = rest_s
        self._in_a_row = 0
        self._until: float | None = None  # None: closed
        self._trying = False

    @property
    def state(self) -> str:
        """closed, open or half-open."""
        if self._until is None:
            return "closed"
        return "half-open" if self._trying or self._clock() >= self._until else "open"

    @property
    def in_a_row(self) -> int:
        return self._in_a_row

    def retry_in_s(self) -> float:
        return max(0.0, self._until - self._clock()) if self._until is not None else 0.0

    @property
    def ready(self) -> bool:
        """Whether `admit` would let a question through now."""
        return self._until is None or (not self._trying and self._clock() >= self._until)

    def admit(self) -> str | None:
        """`ask` or `trial`; None: do not ask now. Whoever gets `trial` must report `worked` or `failed`."""
        if self._until is None:
            return "ask"
        if not self.ready:
            return None
        self._trying = True
        return "trial"

    def worked(self) -> None:
        if not self._in_a_row and self._until is None:
            return
        self._in_a_row, self._until, self._trying, self._rest = 0, None, False, self._first_rest

    def untold(self) -> None:
        """The answer says nothing of the source: a trial is still due."""
        self._trying = False

    def failed(self) -> None:
        self._in_a_row += 1
        if self._trying:
            self._rest = min(self._rest * 2, LONGEST_REST_S)
        elif self._until is not None or self._in_a_row < self._failures:
            return  # a straggler asked before the breaker opened changes nothing
        self._until, self._trying = self._clock() + self._rest, False
