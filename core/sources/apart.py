"""An integrator's connector, kept in threads of its own: whatever it does, the event loop goes on.

Knows only `connect` and `ask(by)`. This contains mistakes, not hostile code.
"""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import threading
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

from core.contract import Outcome, Source
from core.sources.connectors import Connection
from core.sources.leaking import Left
from core.sources.threads import Threads


def connect(source: Source, settings: Mapping[str, Any], code: Callable[..., Any], *, size: int) -> Connection:
    """Runs the integrator's `connect(source, settings)` where it is called: call it off the event loop."""
    return Apart(source, code(source, settings), size)


class Apart(Connection):
    def __init__(self, source: Source, inner: Any, size: int) -> None:
        if not callable(getattr(inner, "ask", None)):
            raise TypeError(f"connect gave {type(inner).__name__}, which has no ask(by)")
        self._inner = inner
        self._name = f"source {source.id}"
        self._left = Left()
        self._threads = Threads(self._name, size, first=self._left.work_here)
        self._loop: asyncio.AbstractEventLoop | None = None
        self._takes_many = takes_many(inner.ask)

    async def ask(self, by: Mapping[str, Any], many: bool = False) -> Outcome:
        arguments = {"many": many} if self._takes_many else {}
        answer: Any = await self._threads.run(lambda: self._inner.ask(dict(by), **arguments))
        if inspect.iscoroutine(answer):
            running = asyncio.run_coroutine_threadsafe(limited(answer), self._own_loop())
            answer = await asyncio.wrap_future(running)
        return answer  # type: ignore[no-any-return]  # whatever it is; the caller looks

    def left(self) -> str:
        return self._left.growing()

    def close(self) -> None:
        self._threads.close()
        threading.Thread(target=self._finish, name=f"{self._name}-close", daemon=True).start()

    def _finish(self) -> None:
        with contextlib.suppress(Exception):
            close = getattr(self._inner, "close", None)
            left = close() if callable(close) else None
            if inspect.iscoroutine(left):
                asyncio.run_coroutine_threadsafe(limited(left), self._own_loop()).result(timeout=5)
        if self._loop is not None:
            self._loop.call_soon_threadsafe(self._loop.stop)

    def _own_loop(self) -> asyncio.AbstractEventLoop:
        """One loop for all async questions of this source: its client may hold connections bound to it."""
        if self._loop is None:
            loop = self._loop = asyncio.new_event_loop()

            def work() -> None:
                asyncio.set_event_loop(loop)
                self._left.work_here()
                ended = False
                while not ended:
                    # A task that he left behind may raise SystemExit, and asyncio ends the loop for it: go on.
                    with contextlib.suppress(BaseException):
                        loop.run_forever()
                        ended = True
                loop.close()

            threading.Thread(target=work, name=f"{self._name}-loop", daemon=True).start()
        return self._loop


async def limited(answer: Coroutine[Any, Any, Any]) -> Any:
    """What it returns or raises; SystemExit and its like would end the loop, and every later question with it."""
    try:
        return await answer
    except (Exception, GeneratorExit):
        raise
    except BaseException as raised:
        task = asyncio.current_task()
        if isinstance(raised, asyncio.CancelledError) and task is not None and task.cancelling():
            raise
        raise RuntimeError(f"{type(raised).__name__} in a source's thread") from raised


def takes_many(ask: Callable[..., Any]) -> bool:
    with contextlib.suppress(TypeError, ValueError):
        return "many" in inspect.signature(ask).parameters
    return False
