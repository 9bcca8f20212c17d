"""What is known of a source's health: counts, latency and the last errors, for the desk in admin.

Knows no question and no answer: numbers, times and reasons only.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

POINTS = 500
ERRORS = 20
MINUTES = 2000
NOTED = 100
"""Different troubles that are kept for the record between two fetches; alarms beyond them too."""


@dataclass(frozen=True, slots=True)
class Point:
    """One answer, for the plot over time."""

    at: str
    """UTC, ISO 8601, seconds."""
    outcome: str
    ms: int


@dataclass(frozen=True, slots=True)
class Counted:
    """Answers that ended alike within one minute, for the history."""

    source: str
    minute: str
    """UTC, ISO 8601, to the minute."""
    outcome: str
    n: int
    ms_sum: int
    ms_max: int


@dataclass(frozen=True, slots=True)
class Trouble:
    at: str
    reason: str
    kind: str = "down"
    """down, `record` (another person's, an alarm), `opened` (not asked for a while)."""

    @property
    def alarm(self) -> bool:
        return self.kind == "record"


@dataclass(frozen=True, slots=True)
class Noted:
    """One trouble of a source, told alike by `n` answers of a day: for the record that outlives this process."""

    source: str
    kind: str
    reason: str
    first_at: str
    """UTC, ISO 8601, seconds."""
    last_at: str
    n: int


@dataclass(frozen=True, slots=True)
class SourceState:
    """One source as it stands in this process."""

    id: str
    title: str
    unit: str
    connector: str
    state: str
    """closed (well), open (not asked for a while), half-open (on trial), or unset (no address given)."""
    demo: bool
    """It answers from the embedded register."""
    unset: tuple[str, ...]
    """Names missing in the environment."""
    in_flight: int
    asked: int
    """How many questions it was given since start."""
    counts: dict[str, int]
    """outcome → how often since start; `cached` and `joined` cost no question, `misfit` never became one."""
    p50_ms: int | None
    p95_ms: int | None
    failures_in_a_row: int
    retry_in_s: float
    last_answer_at: str | None
    troubles: tuple[Trouble, ...]
    """Newest last."""
    points: tuple[Point, ...]
    notes: tuple[str, ...] = ()
    """What its connection has to tell staff although it answers."""


class Tally:
    """Counts of one source, bounded, in memory."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._points: deque[tuple[str, str, int]] = deque(maxlen=POINTS)  # nouns are made when somebody looks
        self.troubles: deque[Trouble] = deque(maxlen=ERRORS)
        self.last_answer_at: str | None = None
        self._fresh: dict[tuple[str, str], list[int]] = {}
        self._noted: dict[tuple[str, str, str], tuple[str, str, int]] = {}

    def note(self, at: str, outcome: str, ms: int) -> None:
        self.counts[outcome] += 1
        self._points.append((at, outcome, ms))
        held = self._fresh.get((at[:16], outcome))
        if held is None:
            if len(self._fresh) >= MINUTES:  # nobody fetches them: a command, not a server
                self._fresh.clear()
            held = self._fresh[(at[:16], outcome)] = [0, 0, 0]
        held[0] += 1
        held[1] += ms
        held[2] = max(held[2], ms)
        if outcome != "down":
            self.last_answer_at = at

    def trouble(self, at: str, reason: str, *, kind: str = "down") -> None:
        self.troubles.append(Trouble(at, reason, kind))
        key = (kind, reason, at[:10])
        first, _, n = self._noted.get(key, (at, at, 0))
        if n or kind != "down" or len(self._noted) < NOTED:
            self._noted[key] = (first, at, n + 1)

    def noted(self, source: str) -> list[Noted]:
        """What went wrong since this was last called."""
        held, self._noted = self._noted, {}
        return [Noted(source, kind, reason, *seen) for (kind, reason, _), seen in held.items()]

    def fetch(self, source: str) -> list[Counted]:
        """What was counted since the last fetch."""
        fresh, self._fresh = self._fresh, {}
        return [Counted(source, minute, outcome, *held) for (minute, outcome), held in fresh.items()]

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(Point(*point) for point in self._points)

    def percentile(self, share: float) -> int | None:
        """Of the answers that came in time; None before the first."""
        times = sorted(ms for _, outcome, ms in self._points if outcome in ("found", "empty"))
        return times[min(len(times) - 1, int(len(times) * share))] if times else None
