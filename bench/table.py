"""One line of a benchmark, and lines as a table. Knows nothing of what is measured."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass


@dataclass(frozen=True)
class Row:
    """`ratio` is `cost` over `floor`, both in the same unit; `goal` is the most the ratio should be."""

    what: str
    cost: str
    floor: str
    ratio: float
    goal: float | None = None
    rate: float | None = None
    """Requests (or operations) per second."""

    def as_json(self) -> dict[str, object]:
        return asdict(self)


def microseconds(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs" if seconds < 0.01 else f"{seconds * 1e3:,.1f} ms"


def markdown(rows: Iterable[Row]) -> str:
    lines = ["| what | cost | floor | ratio | goal | per second |", "|---|---:|---:|---:|---:|---:|"]
    for row in rows:
        goal = "" if row.goal is None else f"≤ {row.goal:g}"
        rate = "" if row.rate is None else f"{row.rate:,.0f}"
        lines.append(f"| {row.what} | {row.cost} | {row.floor} | {row.ratio:,.2f} | {goal} | {rate} |")
    return "\n".join(lines)
