"""Shelves → Catalog: bundled < installed package < --plugins folder < database; a broken folder is set aside.

Knows where folders come from and in which order they are looked at; what is wrong with one, `inspect` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import ModuleType
from typing import Any

from core.catalog import reading
from core.catalog.advice import advice
from core.catalog.faults import Faults
from core.catalog.hooks import HookFailed, Hooks
from core.catalog.inspect import Around, Inspection, inspect_files, load_code, read
from core.catalog.packages import Packages
from core.catalog.reading import Files
from core.catalog.snapshot import Catalog, Plugin, now
from core.catalog.unfinished import unfinished
from core.contract import Fault, Item, Office
from core.faults import fault
from core.settings import Settings

BUILT_IN_CONNECTORS = ("sql", "http", "table", "cases")
"""They come with `core.sources`, which stands to the right of this room."""
Stored = Mapping[str, Mapping[str, str]]
"""The database's shelf: id → relative path → text."""


@dataclass(frozen=True)
class _Found:
    """The folder of one id that lies on top, read and with its code loaded."""

    id: str
    shelf: str
    folder: Path
    files: Files
    faults: tuple[Fault, ...]
    module: ModuleType | None
    mark: Any
    shadows: tuple[str, ...] = ()

    @property
    def kind(self) -> str:
        return self.files.kind


def load(settings: Settings, office: Office, hooks: Hooks | None = None, stored: Stored | None = None) -> Catalog:
    """All shelves once. Raises nothing for what a folder holds: that folder stands in `.plugins` with its faults."""
    return Loader(settings, hooks or Hooks()).load(office, stored=stored)


@dataclass
class Loader:
    """Remembers what it has read, so that a second look costs only what has changed."""

    settings: Settings
    hooks: Hooks
    packages: Packages = field(default_factory=Packages)
    _read: dict[Path, _Found] = field(default_factory=dict)
    _inspected: dict[str, tuple[Any, Inspection]] = field(default_factory=dict)
    _connectors: dict[str, tuple[ModuleType, frozenset[str] | str]] = field(default_factory=dict)
    """plugin → (its module, the connectors it brings, or why its hook failed)."""
    _fragments: Any = None

    def watched(self) -> list[Path]:
        """Folders whose changes call for another look."""
        shelves = [path for _, path in self._shelves()] + [self.settings.schemas / "common"]
        return [p for p in dict.fromkeys(s.resolve() for s in shelves) if p.is_dir()]

    def load(self, office: Office, *, stored: Stored | None = None) -> Catalog:
        self.packages.look()
        top = {found.id: found for found in self._on_top(stored or {})}
        self._read = {found.folder: found for found in top.values() if found.shelf != "database"}
        modules = {id: found.module for id, found in top.items() if found.module is not None}
        coded = [id for id, found in top.items() if found.files.has("plugin.py")]
        unusable = {id: "plugin.py cannot be used" for id in coded if id not in modules}
        self.hooks.use({**self.packages.modules, **modules}, unusable)
        connectors, failed = self._offered({**self.packages.modules, **modules})
        return self._inspect_all(top, office, connectors, failed)

    # --- shelves -----------------------------------------------------------------------------------------

    def _shelves(self) -> Iterator[tuple[str, Path]]:
        yield "bundled", self.settings.bundled_plugins
        yield from (("package", folder) for folder in self.packages.folders)
        yield from (("folder", folder) for folder in self.settings.plugins)

    def _on_top(self, stored: Stored) -> Iterator[_Found]:
        """Of each id the folder that lies on top; what it lies over is neither read nor run."""
        lying: dict[str, list[tuple[str, Path]]] = {}
        for shelf, path in self._shelves():
            for folder in reading.plugin_folders(path):
                lying.setdefault(folder.name, []).append((shelf, folder))
        for id in sorted({*lying, *stored}):
            below = lying.get(id, [])
            if id not in stored:
                found = self._one(*below[-1])
                below = below[:-1]
            else:
                found = self._stored(id, stored[id])
            yield replace(found, shadows=tuple(f"{shelf}: {folder}" for shelf, folder in reversed(below)))

    def _one(self, shelf: str, folder: Path) -> _Found:
        mark = reading.fingerprint(folder)
        known = self._read.get(folder)
        if known is not None and known.mark == mark:
            return replace(known, shelf=shelf)
        faults = Faults(folder.name)
        files = read(folder, faults)
        module = load_code(folder, files, faults)
        return _Found(folder.name, shelf, folder, files, tuple(faults.found), module, mark)

    def _stored(self, id: str, texts: Mapping[str, str]) -> _Found:
        faults = Faults(id)
        files = reading.read_stored(id, texts, faults)
        return _Found(id, "database", Path(), files, tuple(faults.found), None, tuple(sorted(texts.items())))

    def _offered(self, modules: Mapping[str, ModuleType]) -> tuple[frozenset[str], dict[str, Fault]]:
        """(every connector there is, plugin → fault of those whose hook failed); each plugin is asked once."""
        asked: dict[str, tuple[ModuleType, frozenset[str] | str]] = {}
        for id, module in modules.items():
            known = self._connectors.get(id)
            if known is not None and known[0] is module:
                asked[id] = known
                continue
            try:
                asked[id] = module, frozenset(map(str, self.hooks.call_now(id, "connectors") or ()))
            except HookFailed as error:
                asked[id] = module, error.reason
        self._connectors = asked
        names = frozenset(BUILT_IN_CONNECTORS).union(*(n for _, n in asked.values() if not isinstance(n, str)))
        failed = {
            id: fault(f"plugins/{id}/plugin.py", "hook-failed/start", reason=reason)
            for id, (_, reason) in asked.items()
            if isinstance(reason, str)
        }
        return names, failed

    # --- inspection --------------------------------------------------------------------------------------

    def _inspect_all(
        self, top: Mapping[str, _Found], office: Office, connectors: frozenset[str], failed: Mapping[str, Fault]
    ) -> Catalog:
        items = frozenset(id for id, found in top.items() if found.kind == "item")
        self._fragments = reading.fingerprint(self.settings.schemas / "common")
        around = Around(office, {}, items, connectors, self.settings.schemas)
        seen = {id: self._look(found, around, failed) for id, found in top.items() if found.kind == "source"}
        sources = {id: told.source for id, told in seen.items() if told.source is not None}
        around = replace(around, sources=sources, broken=frozenset(seen.keys() - sources.keys()))
        seen |= {id: self._look(found, around, failed) for id, found in top.items() if found.kind != "source"}
        for id, told_twice in _same_codes(top).items():
            seen[id] = replace(seen[id], faults=(*seen[id].faults, told_twice), item=None)
        self._inspected = {id: known for id, known in self._inspected.items() if id in seen}
        plugins = {id: _plugin(found, seen[id]) for id, found in top.items()}
        for name in self.packages.modules:
            own = (failed[name],) if name in failed else ()
            plugins.setdefault(name, Plugin(name, "code", "", "package", faults=own, title=name))
        for name, (value, faults) in self.packages.broken.items():
            plugins.setdefault(name, Plugin(name, "code", value, "package", faults=faults, title=name))
        found_items: dict[str, Item] = {}
        for id in sorted(seen):
            item = seen[id].item
            if item is not None:
                found_items[id] = item
        return Catalog(found_items, sources, dict(sorted(plugins.items())), office, now())

    def _look(self, found: _Found, around: Around, failed: Mapping[str, Fault]) -> Inspection:
        """Inspect, or give the same Inspection again when neither the folder nor what it rests on has changed."""
        asked = [around.sources[s] for s in _asked(found.files) if s in around.sources]
        world = (around.office, around.items, around.connectors, around.broken, self._fragments)
        rests_on = (found.mark, found.folder, world, asked)
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
        extra = self._runtime_faults(found.id, failed)
        return replace(told, faults=(*told.faults, *extra), item=None, source=None) if extra else told

    def _runtime_faults(self, id: str, failed: Mapping[str, Fault]) -> list[Fault]:
        if id in failed:
            return [failed[id]]
        if id not in self.hooks.set_aside:
            return []
        return [fault(f"plugins/{id}/plugin.py", "set-aside", reason=self.hooks.set_aside[id])]


def _same_codes(top: Mapping[str, _Found]) -> dict[str, Fault]:
    """item → its fault, where another folder has the same business code: a bundled item stands, no other does.

    The procedures of one guide (`part_of`) are one matter of the catalogue and may share its code.
    """
    held: dict[str, list[tuple[str, str]]] = {}
    for id, found in top.items():
        guide = found.files.json.get("item.json") if found.kind == "item" else None
        if not isinstance(guide, dict):
            continue
        if isinstance(code := guide.get("code"), str) and code:
            held.setdefault(code, []).append((id, str(guide.get("part_of") or id)))
    faults = {}
    for code, known in held.items():
        for id, family in known:
            others = [other for other, theirs in known if theirs != family]
            stands = top[id].shelf == "bundled" and all(top[other].shelf != "bundled" for other in others)
            if others and not stands:
                named = "、".join(sorted(others))
                faults[id] = fault(f"plugins/{id}/item.json#/code", "duplicate-code", value=code, others=named)
    return faults


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
        unfinished=unfinished(told.item) if told.item else (),
        advice=advice(told.item, told.files) if told.item else (),
    )
