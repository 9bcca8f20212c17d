"""What is known of a source's health: counts, latency and the last errors, for the desk in admin.

Knows no question and no answer: numbers, times and reasons only.
"""

from __future__ import annotations

from collections import Counter, deque
from dataclasses import dataclass

POINTS = 500
ERRORS = 20


@dataclass(frozen=True, slots=True)
class Point:
    """One answer, for the plot over time."""

    at: str
    """UTC, ISO 8601, seconds."""
    outcome: str
    ms: int


@dataclass(frozen=True, slots=True)
class Trouble:
    at: str
    reason: str
    alarm: bool


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


class Tally:
    """Counts of one source, bounded, in memory."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self._points: deque[tuple[str, str, int]] = deque(maxlen=POINTS)  # nouns are made when somebody looks
        self.troubles: deque[Trouble] = deque(maxlen=ERRORS)
        self.last_answer_at: str | None = None

    def note(self, at: str, outcome: str, ms: int) -> None:
        self.counts[outcome] += 1
        self._points.append((at, outcome, ms))
        if outcome != "down":
            self.last_answer_at = at

    def trouble(self, at: str, reason: str, *, alarm: bool = False) -> None:
        self.troubles.append(Trouble(at, reason, alarm))

    @property
    def points(self) -> tuple[Point, ...]:
        return tuple(Point(*point) for point in self._points)

    def percentile(self, share: float) -> int | None:
        """Of the answers that came in time; None before the first."""
        times = sorted(ms for _, outcome, ms in self._points if outcome in ("found", "empty"))
        return times[min(len(times) - 1, int(len(times) * share))] if times else None
