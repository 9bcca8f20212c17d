"""Shelves → Catalog: bundled < installed package < --plugins folder < database; a broken folder is set aside.

Knows where folders come from and in which order they are looked at; what is wrong with one, `inspect` says.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from importlib.metadata import entry_points
from pathlib import Path
from types import ModuleType
from typing import Any

from core.catalog import reading
from core.catalog.bundle import read_source
from core.catalog.code import sound
from core.catalog.faults import Faults
from core.catalog.hooks import HookFailed, Hooks, reason_of
from core.catalog.inspect import Around, Inspection, inspect_files, load_code, read
from core.catalog.reading import Files
from core.catalog.snapshot import Catalog, Plugin, now
from core.contract import Fault, Item, Office, Source
from core.settings import Settings

BUILT_IN_CONNECTORS = ("sql", "http", "table")
"""They come with `core.sources`, which stands to the right of this room."""
ENTRY_POINTS = "lingban"


@dataclass(frozen=True)
class _Found:
    """One folder on its shelf, read and with its code loaded."""

    id: str
    shelf: str
    folder: Path
    files: Files
    faults: tuple[Fault, ...]
    module: ModuleType | None
    mark: Any
    shadows: tuple[str, ...] = ()


def load(settings: Settings, office: Office, hooks: Hooks | None = None) -> Catalog:
    """All shelves once. Raises nothing for what a folder holds: that folder stands in `.plugins` with its faults."""
    return Loader(settings, hooks or Hooks()).load(office)


@dataclass
class Loader:
    """Remembers what it has read, so that a second look costs only what has changed."""

    settings: Settings
    hooks: Hooks
    _read: dict[Path, _Found] = field(default_factory=dict)
    _inspected: dict[str, tuple[Any, Inspection]] = field(default_factory=dict)
    _packages: dict[str, ModuleType] = field(default_factory=dict)
    _folders: tuple[Path, ...] = ()

    def watched(self) -> list[Path]:
        """Folders whose changes call for another look."""
        shelves = [
            self.settings.bundled_plugins,
            *self._folders,
            *self.settings.plugins,
            self.settings.schemas / "common",
        ]
        return [p for p in dict.fromkeys(s.resolve() for s in shelves) if p.is_dir()]

    def load(self, office: Office, *, stored: Mapping[str, Mapping[str, str]] | None = None) -> Catalog:
        packages = self._installed()
        top: dict[str, _Found] = {}
        for found in (*self._shelved(), *self._stored(stored or {})):
            below = top.get(found.id)
            shadows = (f"{below.shelf}: {below.folder}", *below.shadows) if below else ()
            top[found.id] = replace(found, shadows=shadows)
        modules = {id: f.module for id, f in top.items() if f.module is not None}
        self.hooks.use({**self._packages, **modules})
        connectors, failed = self._connectors()
        return self._inspect_all(top, office, connectors, {**packages, **failed})

    # --- shelves -----------------------------------------------------------------------------------------

    def _shelved(self) -> Iterable[_Found]:
        yield from self._shelf("bundled", [self.settings.bundled_plugins])
        yield from self._shelf("package", self._folders)
        yield from self._shelf("folder", self.settings.plugins)

    def _shelf(self, name: str, folders: Iterable[Path]) -> Iterable[_Found]:
        for shelf in folders:
            for folder in reading.plugin_folders(shelf):
                yield self._one(name, folder)

    def _one(self, shelf: str, folder: Path) -> _Found:
        mark = reading.fingerprint(folder)
        known = self._read.get(folder)
        if known is not None and known.mark == mark and known.shelf == shelf:
            return known
        faults = Faults(folder.name)
        files = read(folder, faults)
        module = load_code(folder, files, faults)
        found = self._read[folder] = _Found(folder.name, shelf, folder, files, tuple(faults.found), module, mark)
        return found

    def _stored(self, stored: Mapping[str, Mapping[str, str]]) -> Iterable[_Found]:
        for id, texts in sorted(stored.items()):
            faults = Faults(id)
            files = reading.read_stored(id, texts, faults)
            yield _Found(id, "database", Path(), files, tuple(faults.found), None, tuple(sorted(texts.items())))

    def _installed(self) -> dict[str, Plugin]:
        """Installed packages by entry point; one that cannot be used is a plugin with its faults."""
        broken: dict[str, Plugin] = {}
        folders: list[Path] = []
        for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda e: e.name):
            faults = Faults(entry.name)
            module = self._packages.get(entry.name)
            if module is None:
                try:
                    module = entry.load()
                except BaseException as error:
                    faults.add(
                        "",
                        "",
                        f"The package cannot be loaded: {reason_of(error)}.",
                        "Reinstall or mend it.",
                        code="plugin-import",
                    )
            if module is not None and sound(module, faults):
                self._packages[entry.name] = module
                folders += self._brought(entry.name, module, faults)
            if faults.found:
                self._packages.pop(entry.name, None)
                broken[entry.name] = Plugin(
                    entry.name, "code", entry.value, "package", (), tuple(faults.found), entry.name
                )
        self._folders = tuple(folders)
        return broken

    def _brought(self, name: str, module: ModuleType, faults: Faults) -> list[Path]:
        hooks = Hooks()
        hooks.use({name: module})
        try:
            folders = [Path(f) for f in hooks.call_now(name, "plugin_folders") or ()]
        except HookFailed as error:
            faults.add("", "", f"{error.reason}.", "plugin_folders gives back folders.", code="hook-failed")
            return []
        return [f for f in folders if f.is_dir()]

    def _connectors(self) -> tuple[set[str], dict[str, Plugin]]:
        """Names of every connector there is; a plugin whose start hook fails is set aside."""
        names = set(BUILT_IN_CONNECTORS)
        failed = {}
        for id in self.hooks:
            try:
                names |= {str(n) for n in self.hooks.call_now(id, "connectors") or ()}
            except HookFailed as error:
                fault = Fault(f"plugins/{id}/plugin.py", f"{error.reason}.", "Mend the hook.", "hook-failed")
                failed[id] = Plugin(id, "code", "", "", (), (fault,), id)
        return names, failed

    # --- inspection --------------------------------------------------------------------------------------

    def _inspect_all(
        self, top: Mapping[str, _Found], office: Office, connectors: set[str], failed: Mapping[str, Plugin]
    ) -> Catalog:
        ids = sorted(top)
        items = frozenset(id for id in ids if top[id].files.kind == "item")
        by_kind = {kind: [top[id] for id in ids if top[id].files.kind == kind] for kind in ("source", "code", "item")}
        sources: dict[str, Source] = {}
        broken: set[str] = set()
        seen: dict[str, Inspection] = {}
        for found in by_kind["source"]:
            around = Around(office, {}, items, connectors, self.settings.schemas)
            told = seen[found.id] = self._look(found, around, failed)
            if told.source is not None and not told.faults:
                sources[found.id] = told.source
            else:
                broken.add(found.id)
        for found in (*by_kind["code"], *by_kind["item"]):
            around = Around(office, sources, items, connectors, self.settings.schemas, frozenset(broken))
            seen[found.id] = self._look(found, around, failed)
        plugins = {id: _plugin(top[id], seen[id]) for id in ids}
        plugins.update({id: plugin for id, plugin in failed.items() if id not in plugins})
        for id in self._packages:
            plugins.setdefault(id, Plugin(id, "code", "", "package", (), (), id))
        return Catalog(
            items={i.id: i for id in ids if (i := _item(seen[id])) is not None},
            sources=sources,
            plugins=dict(sorted(plugins.items())),
            office=office,
            stamp=now(),
        )

    def _look(self, found: _Found, around: Around, failed: Mapping[str, Plugin]) -> Inspection:
        """Inspect, or give the same Inspection again when neither the folder nor what it rests on has changed."""
        rests_on = (
            found.mark,
            found.folder,
            found.shelf,
            id(around.office),
            around.items,
            frozenset(around.connectors),
            around.broken,
            tuple((s, id(around.sources[s])) for s in _asked(found.files) if s in around.sources),
        )
        known = self._inspected.get(found.id)
        if known is not None and known[0] == rests_on:
            told = known[1]
        else:
            faults = Faults(found.id)
            faults.extend(found.faults)
            told = inspect_files(found.files, faults, around, module=found.module, folder=str(found.folder))
            if known is not None:
                told = _kept(known[1], told)
            self._inspected[found.id] = (rests_on, told)
        extra = list(failed[found.id].faults) if found.id in failed else []
        if found.id in self.hooks.set_aside:
            extra.append(
                Fault(
                    f"plugins/{found.id}/plugin.py",
                    f"{self.hooks.set_aside[found.id]}.",
                    "Mend plugin.py; saving it loads it anew.",
                    "set-aside",
                )
            )
        return replace(told, faults=(*told.faults, *extra), item=None, source=None) if extra else told


def _asked(files: Files) -> list[str]:
    said = files.json.get("lookups.json")
    inner = said.get("lookups") if isinstance(said, dict) else None
    names = (one.get("source") for one in inner.values() if isinstance(one, dict)) if isinstance(inner, dict) else ()
    return sorted({n for n in names if isinstance(n, str)})


def _kept(old: Inspection, new: Inspection) -> Inspection:
    """The old nouns where nothing about them changed: compiled rules hang on the objects."""
    if old.item is not None and new.item is not None and old.item.digest == new.item.digest:
        new = replace(new, item=old.item, bundle=old.bundle)
    if old.source is not None and old.source == new.source:
        new = replace(new, source=old.source)
    return new


def _item(told: Inspection) -> Item | None:
    return told.item if not told.faults else None


def _plugin(found: _Found, told: Inspection) -> Plugin:
    return Plugin(
        id=found.id,
        kind=told.kind,
        folder="" if found.shelf == "database" else str(found.folder),
        shelf=found.shelf,
        shadows=found.shadows,
        faults=told.faults,
        title=told.title,
        unit=told.unit,
        files=told.files,
        scenarios=told.scenarios or {},
    )


__all__ = ["BUILT_IN_CONNECTORS", "Loader", "load", "read_source"]
