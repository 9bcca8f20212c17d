"""What an integrator's connector leaves open: the sockets that it made in its source's own threads.

One audit hook of the interpreter sees them being made, and whose thread it was. What a library in C opens by itself
(libpq) makes no such event and is not seen; threads of his own are for `lingban source check`. Contains nothing: it
names who leaks, before the process runs out.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import threading
from typing import Any
from weakref import WeakSet

MOST = 16
"""A client may keep some for its next questions; what it keeps is not told before it has doubled again."""
_here = threading.local()
_hooked = threading.Lock()


class Left:
    """What one source has open."""

    def __init__(self) -> None:
        if _hooked.acquire(blocking=False):  # once for the process: a hook cannot be taken out again
            sys.addaudithook(_made)
        self.sockets: WeakSet[socket.socket] = WeakSet()
        self._told = MOST

    def work_here(self) -> None:
        """From now on this thread works for the source."""
        _here.left = self

    def growing(self) -> str:
        """A sentence once there is much more than when it was last told; "" as a rule."""
        if len(self.sockets) <= self._told:
            return ""
        count = sum(one.fileno() >= 0 for one in list(self.sockets))
        if count <= self._told:
            return ""
        self._told = 2 * count
        return f"{count} connections stay open after its questions: close each, or keep one for all"


def _made(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.__new__":
        with contextlib.suppress(Exception):  # whatever it is, it is nobody's question that fails by it
            left = getattr(_here, "left", None)
            if left is not None:
                left.sockets.add(args[0])
