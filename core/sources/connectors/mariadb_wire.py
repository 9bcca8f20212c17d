"""MySQL's packets, as far as they must be looked at before asyncmy reads them.

Knows the protocol and no statement. https://dev.mysql.com/doc/dev/mysql-server/latest/PAGE_PROTOCOL.html
"""

from __future__ import annotations

import struct

from asyncmy.errors import InternalError

from core.sources.connectors.wire import Messages, Unreadable

STUMBLES = (struct.error, IndexError, UnicodeError, AssertionError, OverflowError, TypeError, InternalError)
"""What asyncmy raises over packets that are none."""


class MariaDBMessages(Messages):
    HEAD = 4
    LANGUAGE = "MySQL"

    def length(self, head: bytes) -> int:
        return int.from_bytes(head[:3], "little")

    def misread(self, error: BaseException) -> Unreadable | None:
        """What asyncmy stumbled over, in words of ours; None for what the server said or the network did."""
        if isinstance(error, STUMBLES) and not (error.args and isinstance(error.args[0], int)):
            return self.misspoken(type(error).__name__)
        return self.wrong
