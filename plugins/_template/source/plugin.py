"""{title}: answers questions about one register.

Knows the register's own way of answering; what is kept of an answer, the items declare in `take`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from lingban import Down, Empty, Found, Refused, hookimpl

CAPTURED = Path(__file__).parent / "captured"


class Register:
    """Answers from captured records; put the real connection in place of `_records`."""

    def __init__(self, source: Any, settings: Any) -> None:
        # `settings` is what source.json declares, with every ${NAME} filled in from the environment.
        self.source = source
        self.settings = settings

    def ask(self, by: dict[str, Any], many: bool = False) -> Found | Empty | Down | Refused:
        """One question: `by` holds the fields of `query`. Never raise; say Down with a reason for staff instead."""
        try:
            found = [record for record in self._records() if all(record.get(k) == v for k, v in by.items())]
        except (OSError, ValueError) as error:
            return Down(f"{type(error).__name__}: {error}")
        if many:
            return Found(found)
        if not found:
            return Empty()
        if len(found) > 1:
            return Down("The register holds two records under this key.")
        return Found(found[0])

    def _records(self) -> list[dict[str, Any]]:
        return [json.loads(path.read_text(encoding="utf-8")) for path in sorted(CAPTURED.glob("*.json"))]

    def close(self) -> None:
        """Called once, when the server stops or the folder changes."""


@hookimpl
def connectors() -> dict[str, Any]:
    """The name that source.json gives as its connector."""
    return {"{id}": Register}
