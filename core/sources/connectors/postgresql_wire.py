"""PostgreSQL's messages, as far as they must be looked at before asyncpg reads them.

Knows the protocol's version 3 and no statement. https://www.postgresql.org/docs/current/protocol-message-formats.html
"""

from __future__ import annotations

import re

from core.sources.connectors.wire import Messages, Unreadable

KINDS = frozenset(b"RSKNAEZTtnDCIs123v")
"""What a server may say to whoever connects and asks; COPY is nothing of ours."""
SCRAM_ITERATIONS = re.compile(rb",i=(\d+)")
VERSION = re.compile(rb"server_version\x00[^\x00]{0,20}\d")
MOST_ITERATIONS = 200_000
"""A tenth of a second of CPU. The server's default is 4,096; a number of its own choice holds a client for hours."""
COUNTED = frozenset(
    (602, 604, 1019, 1027, 2249, 2287, 2949, 2970, 5038, 5039, 4451, *range(4532, 4537), *range(6150, 6158))
)
"""Types whose value begins with a count that asyncpg believes: path, polygon, record, snapshots, multiranges, and
arrays of these. None of them is a field of a record."""
ARRAY_HEAD = 20
MOST_DIMENSIONS = 6


class PostgreSQLMessages(Messages):
    HEAD = 5
    LANGUAGE = "PostgreSQL"
    _version = False

    def length(self, head: bytes) -> int:
        length = int.from_bytes(head[1:], "big", signed=True) - 4
        if head[0] not in KINDS or length < 0:
            raise self.misspoken(repr(head)[2:-1])
        return length

    def wanted(self, head: bytes) -> bool:
        return head[0] in b"RTDSZ"

    def look(self, kind: int, body: bytearray) -> None:
        if kind == ord("R"):
            asked = SCRAM_ITERATIONS.search(body)
            # The digits first: a number of a million of them takes its time as well.
            if asked and (len(asked[1]) > 9 or int(asked[1]) > MOST_ITERATIONS):
                raise Unreadable(f"the server wants more than {MOST_ITERATIONS} rounds of SCRAM for a password")
        elif kind == ord("S"):
            self._version = self._version or bool(VERSION.match(body))
        elif kind == ord("Z"):
            if not self._version:  # asyncpg stumbles over its absence, and complains of itself when it goes
                raise self.misspoken("no server_version")
        elif kind == ord("T"):
            if COUNTED.intersection(types_of(body)):
                raise Unreadable("a column is a row, a path, a polygon, a snapshot or a multirange: select its parts")
        else:
            for at, size in fields_of(body):
                if size >= ARRAY_HEAD and promises_too_much(body, at, size):
                    raise Unreadable("an array says that it is longer than it is")


def types_of(body: bytearray) -> list[int]:
    """Type OIDs of a RowDescription's columns, as far as it can be read."""
    found, at = [], 2
    while (end := body.find(0, at)) >= 0 and end + 19 <= len(body):
        found.append(int.from_bytes(body[end + 7 : end + 11], "big"))
        at = end + 19
    return found


def fields_of(body: bytearray) -> list[tuple[int, int]]:
    """Where the values of a DataRow lie, and their sizes, as far as it can be read."""
    found, at = [], 2
    while at + 4 <= len(body):
        size = int.from_bytes(body[at : at + 4], "big", signed=True)
        at += 4
        if size > 0:
            found.append((at, size))
            at += size
    return found


def promises_too_much(body: bytearray, at: int, size: int) -> bool:
    """Whether a value has the look of a binary array, and more elements than bytes."""
    dimensions = int.from_bytes(body[at : at + 4], "big")
    if not 1 <= dimensions <= MOST_DIMENSIONS or int.from_bytes(body[at + 4 : at + 8], "big") > 1:
        return False
    count = 1
    for number in range(dimensions):
        start = at + 12 + 8 * number
        count *= int.from_bytes(body[start : start + 4], "big")
    return count > size
