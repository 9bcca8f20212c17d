"""Everybody who is told of events: plugins by `case_changed`, and each notifier that a plugin brings.

Knows no outbox and no patience: it tells one listener one event, and says why it was not taken.
"""

from __future__ import annotations

import asyncio
import functools
from collections import Counter
from collections.abc import Mapping
from typing import Any

from core.catalog.hooks import HookFailed, Hooks, apart, reason_of

NOTIFY_LIMIT_S = 10.0
APART = ":"
"""Between a plugin's id and the name of its notifier."""


class Listeners:
    """A plugin is listener `id`, its notifiers are `id:name`; they are asked for again when its code changes."""

    def __init__(self, hooks: Hooks, environment: Mapping[str, str]) -> None:
        self._hooks, self._environment = hooks, environment
        self._brought: dict[str, tuple[Any, Mapping[str, Any]]] = {}
        self.counted: Counter[tuple[str, str]] = Counter()
        """(listener, delivered or failed) → how often, since this process began."""

    async def names(self) -> list[str]:
        found = [plugin for plugin, _ in self._hooks.listening("case_changed")]
        for plugin, code in self._hooks.listening("notifiers"):
            found += [f"{plugin}{APART}{name}" for name in await self._notifiers(plugin, code)]
        return found

    async def tell(self, listener: str, event: Mapping[str, Any]) -> str:
        """ "" where the listener took it, else why not."""
        why = await self._tell(listener, event)
        self.counted[listener, "failed" if why else "delivered"] += 1
        return why

    async def _tell(self, listener: str, event: Mapping[str, Any]) -> str:
        plugin, apart_, name = listener.partition(APART)
        if not apart_:
            if not self._hooks.offers(plugin, "case_changed"):
                return "there is no such plugin any more"
            try:
                await self._hooks.call_one(plugin, "case_changed", event=event)
            except HookFailed as error:
                return error.reason
            return ""
        code = dict(self._hooks.listening("notifiers")).get(plugin)
        notify = (await self._notifiers(plugin, code)).get(name) if code is not None else None
        if notify is None:
            return "there is no such notifier any more"
        return await _notified(functools.partial(notify, event, self._environment))

    async def _notifiers(self, plugin: str, code: Any) -> Mapping[str, Any]:
        known = self._brought.get(plugin)
        if known is None or known[0] is not code:
            try:
                brought = await self._hooks.call_one(plugin, "notifiers", environment=self._environment)
            except HookFailed:
                return {}  # noted with the plugin's failures; asked again next time
            known = self._brought[plugin] = (code, brought or {})
        return known[1]


async def _notified(work: functools.partial[Any]) -> str:
    # Unlike a check that overruns, a notifier that does is not set aside: the other side was slow, not its code.
    try:
        await asyncio.wait_for(apart(work), NOTIFY_LIMIT_S)
    except TimeoutError:
        return f"no end within {NOTIFY_LIMIT_S:g} s"
    except Exception as error:
        return reason_of(error)
    return ""
