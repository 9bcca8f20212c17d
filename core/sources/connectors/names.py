"""Names of hosts to addresses, in two threads of one source's own.

Knows no protocol. The event loop's own resolver shares six threads with everybody: one name server that hangs would
hold them all.
"""

from __future__ import annotations

import ipaddress
import socket

from core.sources.threads import Threads


class Names:
    def __init__(self, source_id: str) -> None:
        self._threads = Threads(f"names of {source_id}", 2)

    async def addresses(self, host: str, port: int) -> list[str]:
        """Every address of the host, as text. Raises OSError where there is none."""
        if is_address(host):
            return [host]
        infos = await self._threads.run(lambda: socket.getaddrinfo(host, port, type=socket.SOCK_STREAM))
        return [str(info[4][0]) for info in infos]

    def close(self) -> None:
        self._threads.close()


def is_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True
