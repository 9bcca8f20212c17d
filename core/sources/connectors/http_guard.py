"""Who a source may call: the address is looked at after the name was resolved, and then that very address is used.

Knows no question. A register's settings cannot lead the server to its own network unless they say so.
"""

from __future__ import annotations

import asyncio
import ipaddress
import ssl
from collections.abc import Collection
from pathlib import Path
from typing import Any

import httpx

from core.sources.connectors import CannotConnect
from core.sources.connectors.names import Names

MOST_ADDRESSES = 4
"""Tried one after the other, all within the source's time limit."""
NAT64 = ipaddress.ip_network("64:ff9b::/96")
TRANSLATED_WITHIN = (ipaddress.ip_network("64:ff9b:1::/48"), ipaddress.ip_network("2001::/32"))
FOR = "lingban_for"
"""The extension of a request that says which origin its key is for; a redirect takes it along."""


class NotAllowedTarget(Exception):
    """The address lies in a private network, or is not encrypted, and the settings do not allow it."""


class Guarded(httpx.AsyncBaseTransport):
    """Resolves once, refuses private addresses unless allowed, and connects to what it looked at.

    Looking and connecting by name apart would leave time for the name to change (DNS rebinding). Only `urls` are
    called, by their origins, and each request only the one it is for: a redirect elsewhere would carry the key along.
    """

    def __init__(
        self, tls: ssl.SSLContext | None, *, names: Names, urls: Collection[str], private: bool, plain: bool
    ) -> None:
        self._names = names
        self._tls, self._private, self._plain = tls, private, plain
        self._origins = frozenset(map(origin, urls))
        # One pool a host: a connection whose certificate named one host must not serve another at the same address.
        self._pools: dict[str, httpx.AsyncHTTPTransport] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.host
        if request.url.scheme != "https" and not self._plain:
            raise NotAllowedTarget("the service leads to an address that is not encrypted")
        if request.url.scheme == "https" and self._tls is None:
            raise NotAllowedTarget("the service redirects to another address")
        here = origin(request.url)
        meant = request.extensions.get(FOR, here)
        if here != meant or here not in self._origins:
            if host == meant[1]:
                raise NotAllowedTarget("the service redirects to another address")
            raise NotAllowedTarget("the service redirects to another host")
        addresses = await self._addresses(host, request.url.port or (443 if request.url.scheme == "https" else 80))
        pool = self._pools.get(host)
        if pool is None:
            # Without a context every https address was refused above: nothing is ever called unverified.
            pool = self._pools[host] = httpx.AsyncHTTPTransport(verify=self._tls or False, trust_env=False)
        for left, address in enumerate(addresses, 1 - len(addresses)):
            # The name stays in Host and in the TLS check; only the way there is fixed.
            there = httpx.Request(
                request.method,
                request.url.copy_with(host=address),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return await pool.handle_async_request(there)
            except httpx.ConnectError:
                if left == 0:  # `localhost` is ::1 first on many machines, where a service listens on 127.0.0.1 only
                    raise
        raise httpx.ConnectError("the name of the service has no address")

    async def _addresses(self, host: str, port: int) -> list[str]:
        try:
            found = await self._names.addresses(host, port)
        except OSError as error:
            raise httpx.ConnectError(f"the name of the service does not resolve ({error.errno})") from None
        if not self._private and not all(is_public(address) for address in found):
            raise NotAllowedTarget(
                'the service lies in a private network (this machine is one); allow it with "allow": ["private"]'
            )
        return list(dict.fromkeys(found))[:MOST_ADDRESSES]

    def end(self) -> None:
        """Close every connection; nobody waits for the other side."""
        self._names.close()
        pools, self._pools = list(self._pools.values()), {}
        for pool in pools:
            closing = asyncio.ensure_future(pool.aclose())
            ENDING.add(closing)
            closing.add_done_callback(ended)

    async def aclose(self) -> None:
        self.end()


ENDING: set[asyncio.Future[None]] = set()
"""Held until done: the event loop itself holds tasks only weakly."""


def ended(closing: asyncio.Future[None]) -> None:
    ENDING.discard(closing)
    if not closing.cancelled():
        closing.exception()


def is_public(address: str) -> bool:
    """A global unicast address; an IPv4 address inside an IPv6 one counts as what it is.

    Mapped (RFC 4291), 6to4 (RFC 3056) and NAT64 (RFC 6052) lead to the IPv4 address they hold. Teredo (RFC 4380) and a
    network's own NAT64 prefix (RFC 8215) are no register's address, whatever they hold.
    """
    ip: Any = ipaddress.ip_address(address.partition("%")[0])
    if any(ip in network for network in TRANSLATED_WITHIN):
        return False
    if ip in NAT64:
        ip = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    ip = getattr(ip, "ipv4_mapped", None) or getattr(ip, "sixtofour", None) or ip
    return bool(ip.is_global and not ip.is_multicast and not ip.is_reserved)


def origin(url: httpx.URL | str) -> tuple[str, str, int | None]:
    """Scheme, host and port: what a key was given for."""
    url = httpx.URL(url)
    return url.scheme, url.host, url.port or {"https": 443, "http": 80}.get(url.scheme)


def is_inside(host: str) -> bool:
    """Whether a host lies in a private network as it is written; a name must be resolved first, `localhost` not."""
    try:
        return not is_public(host)
    except ValueError:
        return host == "localhost"


def tls_context(ca: Any, folder: str = "") -> ssl.SSLContext:
    """Verified always; `ca` names a file with the authority of an office's own network. Raises CannotConnect."""
    try:
        return ssl.create_default_context(cafile=str(Path(folder) / str(ca)) if ca else None)
    except (OSError, ssl.SSLError) as error:
        raise CannotConnect(f"settings.ca: {type(error).__name__}") from None
