"""Sending something outside, for notifiers of plugins: TLS verified, no redirect followed, private networks refused.

Knows no event. The name is resolved once and that very address is called, as for sources
(`core.sources.connectors.http_guard`), so that no setting leads the server to its own network unless it says so.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from urllib.parse import urlsplit

LIMIT_S = 8.0


class NotTaken(Exception):
    """The other side did not take it; `str()` says why, without its answer's contents."""


async def post(url: str, body: bytes, headers: Mapping[str, str], *, private: bool = False, plain: bool = False) -> int:
    """POST `body`; the status of a 2xx answer. `private` allows addresses in a private network, `plain` allows http.

    Raises NotTaken for every other end: no answer within eight seconds in all, another status, a refused address.
    """
    import httpx  # a command that sends nothing need not load it

    from core.sources.connectors.http_guard import Guarded, NotAllowedTarget, tls_context
    from core.sources.connectors.names import Names

    host = urlsplit(url).hostname
    if not host:
        raise NotTaken("the address names no host")
    try:
        names = Names(f"outside {host}")
        transport = Guarded(tls_context(None), names=names, urls=[url], private=private, plain=plain)
        # Only the head of the answer is read: the rest is the other side's affair, and may be endless.
        async with (
            asyncio.timeout(LIMIT_S),
            httpx.AsyncClient(transport=transport, timeout=LIMIT_S) as client,
            client.stream("POST", url, content=body, headers=dict(headers)) as answer,
        ):
            status = answer.status_code
    except NotAllowedTarget as error:
        raise NotTaken(str(error).replace('"allow": ["private"]', "ALLOW=private")) from None
    except TimeoutError:
        raise NotTaken(f"no answer within {LIMIT_S:g} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ValueError) as error:
        raise NotTaken(f"{type(error).__name__}: {error}"[:200]) from None
    if not 200 <= status < 300:
        raise NotTaken(f"it answered {status}")
    return status
