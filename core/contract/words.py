"""The closed sets of words, and what a rule reads."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

CONTRACT = 1
"""The plugin contract of this release; `item.json` and `source.json` name the one they were written for."""

Json = Any
Facts = Mapping[str, Any]
"""The one document every rule reads; its keys are listed in DESIGN section 5 and in `docs/facts.md`."""
RawCondition = Mapping[str, Any] | list[Mapping[str, Any]]
"""`{pointer: schema}`, or a list of those of which one must hold."""

LEVELS = ("city", "town", "village")
CHANNELS = ("web", "mobile", "hall", "phone", "station", "kiosk")
OUTCOMES = ("found", "empty", "down", "refused")
STATUSES = (
    "filed", "correction", "accepted", "not_accepted", "in_step", "paused",
    "decided", "delivered", "withdrawn", "closed",
)  # fmt: skip
