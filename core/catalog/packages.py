"""Installed packages that bring plugins: entry point group `lingban`, hook `plugin_folders()`.

Knows how a package is loaded and asked for its folders; what lies in them is looked at like any other folder.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from types import ModuleType

from core.catalog.code import sound
from core.catalog.faults import Faults
from core.catalog.hooks import HookFailed, Hooks, reason_of
from core.contract import Fault

ENTRY_POINTS = "lingban"


@dataclass
class Packages:
    """The packages found so far. A package is loaded once: new code of one needs a restart, as Python does."""

    modules: dict[str, ModuleType] = field(default_factory=dict)
    folders: tuple[Path, ...] = ()
    broken: dict[str, tuple[str, tuple[Fault, ...]]] = field(default_factory=dict)
    """name → (what the entry point names, its faults)."""

    def look(self) -> None:
        """Find them again. Never raises: one that cannot be used stands in `broken` with its faults."""
        folders: list[Path] = []
        self.broken = {}
        for entry in sorted(entry_points(group=ENTRY_POINTS), key=lambda e: e.name):
            faults = Faults(entry.name)
            module = self.modules.get(entry.name) or _loaded(entry, faults)
            if module is not None and sound(module, faults):
                folders += _brought(entry.name, module, faults)
            if module is not None and not faults.found:
                self.modules[entry.name] = module
            else:
                self.modules.pop(entry.name, None)
                self.broken[entry.name] = (entry.value, tuple(faults.found))
        self.folders = tuple(folders)


def _loaded(entry: EntryPoint, faults: Faults) -> ModuleType | None:
    try:
        return entry.load()  # type: ignore[no-any-return]
    except BaseException as error:
        faults.add("", "", "plugin-import/package", reason=reason_of(error))
        return None


def _brought(name: str, module: ModuleType, faults: Faults) -> list[Path]:
    hooks = Hooks()
    hooks.use({name: module})
    try:
        folders = [Path(f) for f in hooks.call_now(name, "plugin_folders") or ()]
    except (HookFailed, TypeError) as error:
        reason = error.reason if isinstance(error, HookFailed) else reason_of(error)
        faults.add("", "", "hook-failed/folders", reason=reason)
        return []
    for folder in folders:
        if not folder.is_dir():
            faults.add("", "", "hook-failed/folder", name=folder.name)
    return [f for f in folders if f.is_dir()]
