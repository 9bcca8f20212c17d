"""The connectors that come with core, by the name that source.json uses.

Knows no source. Each is loaded when a source first wants it, so that start-up pays for none of their drivers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from core.contract import Outcome

_MODULES = {
    "http": "core.sources.connectors.http",
    "sql": "core.sources.connectors.sql",
    "table": "core.sources.connectors.table",
    "cases": "core.cases.connector",
}
"""By dotted name: what answers from our own cases belongs to their room, which stands right of this one."""
NAMES = tuple(_MODULES)


class CannotConnect(Exception):
    """The settings of a source cannot work. The message is for staff and names no secret."""


class Unfit(Exception):
    """This one question cannot be put, or not be answered, whoever asks it; the source is well, and its breaker hears
    nothing of it: who types nonsense must not shut a register to everybody else. The message is for staff."""

    def __init__(self, reason: str, *, asked: bool = False) -> None:
        """`asked`: the source itself said so; else nothing can be held under such a key."""
        super().__init__(reason)
        self.asked = asked


class Connection:
    """What `connect` gives. An integrator's connector needs `ask(by)` alone."""

    shared = True
    """Who asks the same while a question is on its way waits for its answer. False: each asks anew."""

    notes: tuple[str, ...] = ()
    """What staff should know of a register that answers: what it was declared to hold and does not, say."""

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        """Found with a list of records, whatever their number: the engine judges one or many. Never raises for data."""
        raise NotImplementedError

    def at_once(self, by: Mapping[str, Any], many: bool = False) -> Outcome | None:
        """The answer where it can be had without waiting, in well under a millisecond; None: `ask` for it.

        Called on the event loop: whatever might hang belongs into `ask`.
        """
        return None

    def left(self) -> str:
        """What it leaves open after its questions, where that grows; "" as a rule. Asked after each."""
        return ""

    def close(self) -> None:
        """Let go of connections and threads. Called once, from the event loop; must not wait."""


def same_disk(path: Path, near: Path | None) -> bool:
    """Whether `path` lies on the disk of `near`, our own data folder.

    If that disk hangs, so does our own database; what lies there may be read without a thread. Anything else may be
    a network drive that hangs alone.
    """
    try:
        return near is not None and os.stat(path).st_dev == os.stat(near).st_dev
    except OSError:
        return False


Connect = Callable[..., Any]
"""`connect(source, settings)`; those of core also take `near`, see `same_disk`."""


def bundled(name: str) -> Connect | None:
    """The `connect` of a connector of core, or None where the name is somebody else's."""
    if name not in NAMES:
        return None
    connect: Connect = import_module(_MODULES[name]).connect
    return connect
