"""Who acts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Actor:
    """Who in fact sits at the keyboard 经办人."""

    id: str
    """Account or client id; stable."""
    role: str
    """citizen, station_worker, clerk, operator, reviewer, …; `portal` for a client that vouches."""
    name: str = ""
    id_number: str | None = None
    unit: str | None = None
    site: str | None = None
    area: str | None = None
    channel: str = "web"
