"""Calling plugins' code: one plugin at a time, off the event loop, under a time limit, contained.

Knows who may be called and what an answer must be; what a hook means is written in `core.hookspecs`.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import inspect
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any, cast

import pluggy

from core import hookspecs
from core.contract import Fault, Problem, Route
from core.errors import Unavailable
from core.faults import fault

SPECS: dict[str, tuple[str, ...]] = {
    name: tuple(inspect.signature(spec).parameters)
    for name, spec in vars(hookspecs).items()
    if getattr(spec, f"{hookspecs.PROJECT}_spec", None) is not None
}
"""Every documented hook with its argument names."""
TIME_LIMIT_S = 2.0
START_LIMIT_S = 5.0
_RESULTS: dict[str, tuple[type, ...]] = {
    "plugin_folders": (Sequence,),
    "connectors": (Mapping,),
    "widgets": (Sequence,),
    "identity_providers": (Mapping,),
    "notifiers": (Mapping,),
    "routes": (Sequence,),
    "check_answers": (Sequence,),
    "choose_route": (Route,),
    "inspect_item": (Sequence,),
}
_CHECKS = ("check_answers", "choose_route")
_MEMBERS: dict[str, type] = {"check_answers": Problem, "inspect_item": Fault}


class HookFailed(Unavailable):
    """A plugin's code raised, overran, or gave back what it should not. `reason` is for staff and logs."""

    def __init__(self, plugin: str, hook: str, reason: str) -> None:
        self.plugin, self.hook, self.reason = plugin, hook, reason
        super().__init__("这个事项暂时不能在线办理，请稍后再试，或与主管部门联系。", code="plugin-failed")


class Overran(Exception):
    """The call did not come back in time; its thread is left behind."""


def outcome_of(work: Callable[[], Any], limit_s: float) -> Any:
    """The value of `work()`, awaited if need be, from a thread of its own. Raises Overran, or what it raised."""
    box: list[Any] = []
    done = threading.Event()

    def settle(value: Any, error: BaseException | None) -> None:
        box.append((value, error))
        done.set()

    _start(work, settle)
    if not done.wait(limit_s):
        raise Overran(f"no answer within {limit_s:g} s")
    value, error = box[0]
    if error is not None:
        raise error
    return value


def _start(work: Callable[[], Any], tell: Callable[[Any, BaseException | None], object]) -> None:
    def run() -> None:
        try:
            value = work()
            if inspect.isawaitable(value):
                value = asyncio.run(_awaited(value))
        except BaseException as error:
            # SystemExit and KeyboardInterrupt of a plugin end its call, not the server.
            tell(None, error)
        else:
            tell(value, None)

    # A thread of its own, and a daemon: one that never comes back starves no pool and does not keep the process.
    threading.Thread(target=run, name="plugin", daemon=True).start()


def apart(work: Callable[[], Any]) -> asyncio.Future[Any]:
    """The value of `work()`, awaited if need be, from a thread of its own; its error is always an Exception."""
    loop = asyncio.get_running_loop()
    future: asyncio.Future[Any] = loop.create_future()

    def settle(value: Any, error: BaseException | None) -> None:
        if future.done():
            return
        if error is None:
            future.set_result(value)
        else:
            # StopIteration and SystemExit cannot pass through a future.
            future.set_exception(error if isinstance(error, Exception) else RuntimeError(reason_of(error)))

    def tell(value: Any, error: BaseException | None) -> None:
        if isinstance(error, StopIteration):
            error = RuntimeError("StopIteration")
        if not loop.is_closed():
            with contextlib.suppress(RuntimeError):  # the loop ended while the plugin was still at it
                loop.call_soon_threadsafe(settle, value, error)

    _start(work, tell)
    return future


async def _awaited(value: Any) -> Any:
    return await value


def reason_of(error: BaseException) -> str:
    text = str(error).strip().split("\n", 1)[0][:300]
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def checked(hook: str, value: Any) -> Any:
    """The value, if a hook of this name may give it back. Raises TypeError."""
    if value is None or hook not in _RESULTS:
        return value
    if not isinstance(value, _RESULTS[hook]) or isinstance(value, (str, bytes)):
        wanted = " or ".join(t.__name__ for t in _RESULTS[hook])
        raise TypeError(f"{hook} gave a {type(value).__name__} where a {wanted} or None is due")
    member = _MEMBERS.get(hook)
    if member and not all(isinstance(v, member) for v in cast(Sequence[Any], value)):
        raise TypeError(f"{hook} may give back {member.__name__} only")
    return value


class Hooks:
    """The plugins with code that are in use, by id; swapped as folders change.

    A plugin that overran is in `set_aside` with its reason and is not called again until its code is loaded anew.
    One whose code cannot be used is in `unusable`: what it would have checked is refused, never waved through.
    """

    def __init__(self) -> None:
        self._plugins: dict[str, pluggy.PluginManager] = {}
        self.set_aside: dict[str, str] = {}
        self.unusable: Mapping[str, str] = {}
        self.failures: dict[str, tuple[Fault, ...]] = {}
        """The newest failures of each plugin, for admin."""
        self.widgets: tuple[tuple[str, Any], ...] = ()
        """(plugin, form widget), of all who bring any; the same object until `look_for_widgets` finds others."""
        self._brought: dict[str, tuple[pluggy.PluginManager, tuple[Any, ...]]] = {}
        self._listeners: list[Callable[[str], None]] = []

    # --- which plugins there are -------------------------------------------------------------------------

    def __contains__(self, plugin: object) -> bool:
        return plugin in self._plugins

    def __iter__(self) -> Iterator[str]:
        return iter(self._plugins)

    def use(self, modules: Mapping[str, Any], unusable: Mapping[str, str] | None = None) -> None:
        """These plugins from now on; one whose module is the same object keeps its state."""
        self.unusable = unusable or {}
        plugins = {}
        for id, module in modules.items():
            known = self._plugins.get(id)
            if known is not None and known.is_registered(module):
                plugins[id] = known
                continue
            self.set_aside.pop(id, None)
            self.failures.pop(id, None)
            plugins[id] = manager(id, module)
        self._plugins = plugins

    def on_set_aside(self, tell: Callable[[str], None]) -> None:
        self._listeners.append(tell)

    def offers(self, plugin: str, hook: str) -> bool:
        known = self._plugins.get(plugin)
        return bool(known and getattr(known.hook, hook).get_hookimpls())

    # --- calling -----------------------------------------------------------------------------------------

    def call_now(self, plugin: str, hook: str, *, timeout_s: float = START_LIMIT_S, **arguments: Any) -> Any:
        """One plugin's answer, waited for in this thread: at start and while a folder is inspected.

        Raises HookFailed. None when the plugin has no such hook.
        """
        work = self._work(plugin, hook, arguments)
        if work is None:
            return None
        try:
            return checked(hook, outcome_of(work, timeout_s))
        except BaseException as error:
            raise self._failed(plugin, hook, error) from None

    async def call_one(self, plugin_id: str, hook: str, timeout_s: float = TIME_LIMIT_S, **arguments: Any) -> Any:
        """One plugin's answer, off the event loop. Raises HookFailed, which is polite to a citizen.

        None when the plugin has no code or no such hook.
        """
        work = self._work(plugin_id, hook, arguments)
        if work is None:
            return None
        future = apart(work)
        try:
            return checked(hook, await asyncio.wait_for(future, timeout_s))
        except TimeoutError:
            if future.cancelled() or not future.done():
                raise self._failed(plugin_id, hook, Overran(f"no answer within {timeout_s:g} s")) from None
            raise self._failed(plugin_id, hook, TimeoutError("the plugin's own time-out")) from None
        except asyncio.CancelledError:
            raise
        except Exception as error:
            raise self._failed(plugin_id, hook, error) from None

    def listening(self, hook: str) -> list[tuple[str, Any]]:
        """(plugin, its code as it is now) of all who offer this hook: the code changes when its folder does."""
        return [(id, known) for id, known in self._plugins.items() if self.offers(id, hook)]

    def gather(self, hook: str) -> list[tuple[str, Any]]:
        """(plugin, answer) of a start hook, of all who give one; one that fails is noted and left out."""
        answers = []
        for plugin in list(self._plugins):
            try:
                value = self.call_now(plugin, hook)
            except HookFailed:
                continue
            if value is not None:
                answers.append((plugin, value))
        return answers

    def look_for_widgets(self) -> None:
        """Ask whose code is new what form widgets it brings; waits for them."""
        brought = {}
        for plugin, code in list(self._plugins.items()):
            known = self._brought.get(plugin)
            if known is None or known[0] is not code:
                try:
                    known = code, tuple(self.call_now(plugin, "widgets") or ())
                except HookFailed:
                    known = code, ()
            brought[plugin] = known
        self._brought = brought
        found = tuple((plugin, one) for plugin, (_, widgets) in brought.items() for one in widgets)
        if [(plugin, id(one)) for plugin, one in found] != [(plugin, id(one)) for plugin, one in self.widgets]:
            self.widgets = found

    def routes(self, built_in: Sequence[str] = ()) -> list[Any]:
        """Routes of the rooms named by dotted name, then of plugins. A built-in room that fails, fails the start."""
        found: list[Any] = []
        for dotted in built_in:
            room = manager(dotted, importlib.import_module(dotted))
            found += [route for part in cast(list[Any], room.hook.routes()) for route in part]
        for _, part in self.gather("routes"):
            found += part
        return found

    def connectors(self) -> dict[str, Any]:
        """name → connect, of all plugins; a later one lies over an earlier one of the same name."""
        return {name: connect for _, part in self.gather("connectors") for name, connect in part.items()}

    def _work(self, plugin: str, hook: str, arguments: Mapping[str, Any]) -> Callable[[], Any] | None:
        if hook not in SPECS:
            raise KeyError(f"{hook} is not a hook")
        if plugin in self.unusable and hook in _CHECKS:
            raise HookFailed(plugin, hook, self.unusable[plugin])
        if not self.offers(plugin, hook):
            return None
        if plugin in self.set_aside:
            raise HookFailed(plugin, hook, f"set aside: {self.set_aside[plugin]}")
        caller = getattr(self._plugins[plugin].hook, hook)

        def work() -> Any:
            answers = caller(**arguments)
            return answers[0] if answers else None

        return work

    def note(self, plugin: str, key: str, **blanks: str) -> None:
        """One more failure of this plugin, as a fault of its code; what fails at every page is told once."""
        told, known = fault(f"plugins/{plugin}/plugin.py", key, **blanks), self.failures.get(plugin, ())
        if told not in known:
            self.failures[plugin] = (*known[-9:], told)

    def _failed(self, plugin: str, hook: str, error: BaseException) -> HookFailed:
        reason = f"{hook}: {reason_of(error)}"
        self.note(plugin, "hook-failed", reason=reason)
        if isinstance(error, Overran) and plugin not in self.set_aside:
            self.set_aside[plugin] = reason
            for tell in self._listeners:
                tell(plugin)
        return HookFailed(plugin, hook, reason)


def manager(id: str, module: Any) -> pluggy.PluginManager:
    """A plugin manager for one plugin: nobody else's code can abort its calls, nor it theirs."""
    made = pluggy.PluginManager(hookspecs.PROJECT)
    made.add_hookspecs(hookspecs)
    made.register(module, id)
    made.check_pending()
    return made


def implementations(module: ModuleType) -> Iterator[tuple[str, Any, str]]:
    """(attribute, function, hook name) of everything in a module that is marked as a hook."""
    for name in dir(module):
        if name.startswith("__"):
            continue
        found = inspect.getattr_static(module, name)
        mark = getattr(found, f"{hookspecs.PROJECT}_impl", None) if callable(found) else None
        if mark is not None:
            yield name, found, mark.get("specname") or name
