"""The catalog as one immutable snapshot, and the holder that swaps it whole when folders change.

Knows what is on offer and how it is found; nothing of how a folder is inspected.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from types import MappingProxyType
from typing import Any

from core.catalog.hooks import Hooks
from core.catalog.search import Index, ranked
from core.contract import Fault, Item, Office, Source
from core.judge.materials import is_zero_material
from core.settings import Settings

log = logging.getLogger("lingban.catalog")


@dataclass(frozen=True)
class Plugin:
    """One folder as admin and `check` show it; `faults` is why it is set aside, if it is."""

    id: str
    kind: str
    """item, source or code."""
    folder: str
    shelf: str
    """bundled, package, folder or database."""
    shadows: tuple[str, ...] = ()
    """Folders of the same id on the shelves below, nearest first."""
    faults: tuple[Fault, ...] = ()
    title: str = ""
    unit: str = ""
    files: tuple[str, ...] = ()
    scenarios: Mapping[str, Any] = field(default_factory=dict)
    unfinished: tuple[str, ...] = ()
    """Places (`item.json#/summary`) whose text the author has still to write; no faults."""
    advice: tuple[Fault, ...] = ()
    """What is declared to no effect; no faults, told in their form."""

    @property
    def set_aside(self) -> bool:
        return bool(self.faults)

    def told(self, language: str, faults: Sequence[Fault] | None = None) -> list[Fault]:
        """Its faults, or those given, as a person reads them: in that language, each at the path by which the file is
        opened here.

        `Fault.where` itself says `plugins/<id>/…` on whatever shelf the folder lies, since programs read that.
        """
        told = [fault.told(language) for fault in (self.faults if faults is None else faults)]
        stable = f"plugins/{self.id}/"
        return [replace(one, where=f"{self.home}/{one.where.removeprefix(stable)}") for one in told]

    @property
    def home(self) -> str:
        """The path by which its folder is opened here; `plugins/<id>` where it is the product's or in the database."""
        if self.shelf in ("bundled", "database") or not self.folder:
            return f"plugins/{self.id}"
        full, here = Path(self.folder), Path.cwd()
        return (full.relative_to(here) if full.is_relative_to(here) else full).as_posix()


@dataclass(frozen=True)
class Catalog:
    """What can be applied for now. Never changed; a new one takes its place."""

    items: Mapping[str, Item]
    sources: Mapping[str, Source]
    plugins: Mapping[str, Plugin]
    office: Office
    stamp: str
    """When it was made, UTC."""

    @cached_property
    def offered(self) -> Mapping[str, Item]:
        """The items that people are shown: an item whose texts are still 请填写 is its author's alone."""
        return {
            id: item for id, item in self.items.items() if id not in self.plugins or not self.plugins[id].unfinished
        }

    def search(self, text: str, theme: str | None = None, audience: str | None = None) -> list[Item]:
        """Items that match every word of the text, best first: title, 俗称, themes, pinyin and its initials."""
        wanted = [
            item
            for item in self.offered.values()
            if (not theme or theme in item.themes) and (not audience or audience in item.audience)
        ]
        if self._index.readings is None and text.strip():
            self._index.know(self.offered.values())
        return ranked(text, wanted, self._index)

    @cached_property
    def _index(self) -> Index:
        return Index()

    def facts(self, item: Item) -> dict[str, Any]:
        """One row of `catalog --json`."""
        return {
            "id": item.id,
            "title": item.title,
            "version": item.version,
            "zero_material": counted_zero(item),
            "handling": item.handling,
            "sites": dict(item.routing.sites),
            "area": item.routing.area,
            "channels": list(item.channels),
        }

    def counts(self) -> dict[str, int]:
        """What the text calls zero material, same city, same list …, computed and never typed in."""
        return counts_of(self.offered.values())

    def as_json(self) -> dict[str, Any]:
        """`catalog --json`."""
        return {
            "items": [self.facts(item) for item in self.items.values()],
            "sources": [{"id": s.id, "connector": s.connector} for s in self.sources.values()],
            "counts": counts_of(self.items.values()),
        }


COUNTED: Mapping[str, Callable[[Item], bool]] = MappingProxyType(
    {
        "zero_material": lambda i: counted_zero(i),
        "instant": lambda i: i.handling == "instant",
        "same_city": lambda i: bool(i.routing.sites) and i.routing.area != "home",
        "same_list": lambda i: {"city", "town"} <= i.routing.sites.keys(),
        "village_decides": lambda i: i.routing.sites.get("village") == "decide",
        "village_collects": lambda i: i.routing.sites.get("village") == "collect",
        "village_forwards": lambda i: i.routing.sites.get("village") == "forward",
    }
)
"""What each count counts, so that a list behind a number is the number's own list."""


def counts_of(items: Iterable[Item]) -> dict[str, int]:
    kept = list(items)
    return {"items": len(kept), **{name: sum(map(counts, kept)) for name, counts in COUNTED.items()}}


def counted_zero(item: Item) -> bool:
    """Query and hand-off items are not counted."""
    return item.handling in ("instant", "promised") and is_zero_material(item)


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


class CatalogHolder:
    """Holds the newest snapshot. Reads never wait; a reload works beside them and swaps at the end."""

    def __init__(
        self,
        settings: Settings,
        office: Office,
        hooks: Hooks | None = None,
        stored: Mapping[str, Mapping[str, str]] | None = None,
    ) -> None:
        """`stored` is the database's shelf, as `core.catalog.access.stored` gives it."""
        from core.catalog.load import Loader

        self._loader = Loader(settings, hooks or Hooks())
        self._office = office
        self._stored = stored or {}
        self._listeners: list[Callable[[Catalog], object]] = []
        self._lock = threading.Lock()
        self._beside: set[asyncio.Task[None]] = set()
        self._loader.hooks.on_set_aside(self._shown_as_set_aside)
        self.current = self._loader.load(office, stored=self._stored)
        self._loader.hooks.look_for_widgets()

    def on_change(self, tell: Callable[[Catalog], object]) -> None:
        """`tell(catalog)` after every swap, in the thread of who called `reload`; on the event loop while watching."""
        self._listeners.append(tell)

    def reload(self, office: Office | None = None, stored: Mapping[str, Mapping[str, str]] | None = None) -> Catalog:
        """Look at every shelf again; what has not changed keeps its objects. `stored` is the database's shelf."""
        if self._swap(office, stored):
            self._tell()
        return self.current

    async def reload_beside(
        self, office: Office | None = None, stored: Mapping[str, Mapping[str, str]] | None = None
    ) -> None:
        """The same, reading in a thread and telling on this event loop."""
        if await asyncio.to_thread(self._swap, office, stored):
            self._tell()

    def _tell(self) -> None:
        for tell in self._listeners:
            tell(self.current)

    def _swap(self, office: Office | None = None, stored: Mapping[str, Mapping[str, str]] | None = None) -> bool:
        """True when anything has changed."""
        with self._lock:
            self._office = office or self._office
            self._stored = self._stored if stored is None else stored
            new = self._loader.load(self._office, stored=self._stored)
            self._loader.hooks.look_for_widgets()
            if (
                new.items == self.current.items
                and new.sources == self.current.sources
                and (new.plugins == self.current.plugins and new.office == self.current.office)
            ):
                return False
            _tell_the_log(self.current, new)
            self.current = new
            return True

    def _shown_as_set_aside(self, plugin: str) -> None:
        # A request has found out; it shall not wait for the folders to be read.
        try:
            loop = asyncio.get_running_loop()
        except RuntimeError:
            threading.Thread(target=self.reload, name="reload after a plugin overran", daemon=True).start()
            return
        task = loop.create_task(self.reload_beside(), name="reload after a plugin overran")
        self._beside.add(task)
        task.add_done_callback(self._beside.discard)

    async def watch(self, *, debounce_ms: int = 300, stop: asyncio.Event | None = None) -> None:
        """Follow the shelves until cancelled: a new or changed folder shows without restart."""
        from watchfiles import awatch

        while stop is None or not stop.is_set():
            shelves = _identities(self._loader.watched())
            moved = asyncio.Event()
            guard = asyncio.create_task(self._until_moved(shelves, moved, stop), name="shelves that are moved")
            try:
                async for _ in awatch(
                    *(path for path, identity in shelves.items() if identity),
                    debounce=debounce_ms,
                    step=100,
                    stop_event=moved,
                    watch_filter=_wanted,
                    recursive=True,
                ):
                    await self._reload_and_go_on()
            except (OSError, RuntimeError) as error:
                log.warning("Plugin folders are not watched for a moment: %s", error)
                await asyncio.sleep(2)
            finally:
                guard.cancel()
            if stop is None or not stop.is_set():
                await self._reload_and_go_on()

    async def _until_moved(
        self, shelves: Mapping[str, tuple[int, int] | None], moved: asyncio.Event, stop: asyncio.Event | None
    ) -> None:
        """Set `moved` once another folder lies at a shelf's path: the watch follows the old one wherever it went."""
        await asyncio.sleep(LOOK_AGAIN)
        await self._reload_and_go_on()  # for what was changed while the watch was being set up
        while not (stop is not None and stop.is_set()) and _identities(self._loader.watched()) == shelves:  # noqa: ASYNC110 -- a file system tells no event
            await asyncio.sleep(LOOK_AGAIN)
        moved.set()

    async def _reload_and_go_on(self) -> None:
        try:
            await self.reload_beside()
        except Exception:
            # The old snapshot stays in use; a reload that fails must not end the watching.
            log.exception("The plugin folders could not be read again.")


LOOK_AGAIN = 1.0
"""Seconds between two looks whether a shelf is still the folder that is watched, and that `stop` may take."""


def _identities(paths: Iterable[Path | str]) -> dict[str, tuple[int, int] | None]:
    """path → which folder lies there, None where there is none."""
    found: dict[str, tuple[int, int] | None] = {}
    for path in map(Path, paths):
        try:
            seen = path.stat()
            found[str(path)] = (seen.st_dev, seen.st_ino) if path.is_dir() else None
        except OSError:
            found[str(path)] = None
    return found


def _tell_the_log(old: Catalog, new: Catalog) -> None:
    """One line a folder that changed its standing, for whoever looks at the terminal."""
    for id in sorted(old.plugins.keys() | new.plugins.keys()):
        before, after = old.plugins.get(id), new.plugins.get(id)
        if after is None:
            log.warning("%s is gone.", id)
        elif after.set_aside and (before is None or before.faults != after.faults):
            log.warning("%s is set aside: %d faults, see /admin/plugins or lingban check.", id, len(after.faults))
        elif before is None or (before.set_aside and not after.set_aside):
            log.warning("%s is served from %s.", id, after.folder)


def _wanted(change: object, path: str) -> bool:
    return "__pycache__" not in path and not path.endswith((".pyc", "~", ".swp"))
