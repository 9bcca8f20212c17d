"""The connectors that come with core, by the name that source.json uses.

Knows no source. Each is loaded when a source first wants it, so that start-up pays for none of their drivers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib import import_module
from typing import Any

from core.contract import Outcome, Source

NAMES = ("http", "sql", "table")


class CannotConnect(Exception):
    """The settings of a source cannot work. The message is for staff and names no secret."""


class Connection:
    """What `connect` gives. An integrator's connector needs `ask(by)` alone."""

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        """Found with a list of records, whatever their number: the engine judges one or many. Never raises for data."""
        raise NotImplementedError

    def close(self) -> None:
        """Let go of connections and threads. Called once, from the event loop; must not wait."""


Connect = Callable[[Source, Mapping[str, Any]], Any]


def bundled(name: str) -> Connect | None:
    """The `connect` of a connector of core, or None where the name is somebody else's."""
    if name not in NAMES:
        return None
    connect: Connect = import_module(f"core.sources.connectors.{name}").connect
    return connect
