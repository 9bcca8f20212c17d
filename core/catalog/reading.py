"""A plugin folder → its files' bytes and JSON, with every fault of the bytes: encoding, links, size, syntax.

Knows which file names have a role, and nothing of what the files must say.
"""

from __future__ import annotations

import contextlib
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from core.catalog.faults import Faults
from core.catalog.strict_json import UNREADABLE, parse
from core.faults import near, nearest, say

JSON_ROLES = ("item.json", "form.json", "form.ui.json", "lookups.json", "routing.json", "source.json")
FOLDER_ROLES = ("cases", "texts", "templates")
KEPT_BESIDE = ("plugin.py", "README.md")
MAX_FILE = 1_000_000
"""Bytes in one JSON file, text or template; a guide is a few thousand."""
MAX_FILES = 500
ID = re.compile(r"[a-z][a-z0-9-]*")
LANGUAGE = re.compile(r"[a-z]{2}(-[A-Za-z]{2,4})?")
_SUFFIXES = {"cases": ".json", "texts": ".json"}


@dataclass(frozen=True)
class Files:
    """What lies in one plugin folder: text by relative path, and the JSON of those that parse."""

    id: str
    kind: str
    """item, source or code."""
    text: Mapping[str, str] = field(default_factory=dict)
    json: Mapping[str, Any] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    """Every file with a role, unreadable ones included."""
    inside: str = ""
    """A folder in the folder that is a plugin itself."""
    misnamed: frozenset[str] = frozenset()
    """Roles that some file nearly has by its name: what such a file would say is not missed as well."""

    def has(self, name: str) -> bool:
        return name in self.names

    def within(self, folder: str) -> list[str]:
        return [n for n in self.names if n.startswith(folder + "/")]


def is_plugin(folder: Path) -> bool:
    """True for a folder that holds a file with a role; `cases/` and the like alone make no plugin."""
    return any((folder / name).exists() for name in (*JSON_ROLES, "plugin.py"))


def plugin_folders(shelf: Path) -> list[Path]:
    """The plugin folders on a shelf, or the shelf itself where it is one. `_template`, `.git` and such are none."""
    if is_plugin(shelf):
        return [shelf]
    try:
        found = sorted(p for p in shelf.iterdir() if p.is_dir() and p.name[0] not in "._")
    except OSError:
        return []
    return [p for p in found if p.name != "__pycache__"]


def fingerprint(folder: Path) -> tuple[tuple[str, int, int], ...]:
    """Changes when any file with a role does; cheap enough to take at every look."""
    marks = []
    for name, path in _walk(folder):
        try:
            at = os.lstat(path)
        except OSError:
            continue
        marks.append((name, at.st_mtime_ns, at.st_size))
    return tuple(marks)


def read(folder: Path, faults: Faults) -> Files:
    """Everything with a role in the folder. Never raises for what the folder holds."""
    text: dict[str, str] = {}
    names: list[str] = []
    misnamed = _note_strays(folder, faults)
    _note_readme(folder, faults)
    for name, path in _walk(folder):
        if not _has_role(name):
            continue
        if len(names) >= MAX_FILES:
            faults.add(name, "", "too-many-files", limit=MAX_FILES)
            break
        names.append(name)
        found = _text(folder, path, name, faults)
        if found is not None:
            text[name] = found
    within = next((p.name for p in plugin_folders(folder) if p != folder and is_plugin(p)), "") if not names else ""
    return replace(_parsed(folder.name, names, text, faults), misnamed=misnamed, inside=within)


def read_stored(id: str, stored: Mapping[str, str], faults: Faults) -> Files:
    """The same for a folder kept in the database: relative path → text. Code is never run from there."""
    text = {}
    names = []
    for name in sorted(stored):
        if name.endswith(".py"):
            faults.add(name, "", "code-in-database")
        elif _has_role(name):
            names.append(name)
            text[name] = stored[name]
    return _parsed(id, names, text, faults)


def _parsed(id: str, names: list[str], text: Mapping[str, str], faults: Faults) -> Files:
    parsed = {}
    for name, content in text.items():
        if name.endswith(".json"):
            value = parse(content, name, faults)
            if value is not UNREADABLE:
                parsed[name] = value
    return Files(id, _kind(names), text, parsed, tuple(names))


def _kind(names: list[str]) -> str:
    if "item.json" in names:
        return "item"
    if "source.json" in names:
        return "source"
    return "item" if any(n in JSON_ROLES for n in names) else "code"


# --- the folder ------------------------------------------------------------------------------------------


def _walk(folder: Path) -> Iterator[tuple[str, str]]:
    """(name within the folder, path) of its files in a fixed order; hidden ones, caches and what lies deeper than a
    template may are left. Texts, since every look at the shelves walks all folders and paths are dear."""
    top = str(folder)
    for here, folders, files in os.walk(top, followlinks=False):
        inside = [] if here == top else os.path.relpath(here, top).split(os.sep)
        folders[:] = sorted(f for f in folders if f[0] != "." and f != "__pycache__") if len(inside) < 4 else []
        for name in sorted(files):
            if name[0] != "." and not name.endswith((".pyc", "~", ".swp")):
                yield "/".join([*inside, name]), os.path.join(here, name)


def _has_role(name: str) -> bool:
    parts = name.split("/")
    if len(parts) == 1:
        return name in JSON_ROLES or name == "plugin.py"
    if parts[0] in _SUFFIXES:
        return len(parts) == 2 and name.endswith(_SUFFIXES[parts[0]])
    return parts[0] == "templates"


def _note_strays(folder: Path, faults: Faults) -> frozenset[str]:
    """Names that look like a role but are none: the file would be passed over in silence. The roles they are like."""
    misnamed: set[str] = set()
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: entry.name)
    except OSError as error:
        faults.add("", "", "unreadable-file/folder", reason=error.strerror)
        return frozenset()
    for entry in entries:
        name = entry.name
        if name in FOLDER_ROLES and entry.is_symlink():
            faults.add(f"{name}/", "", "link-out/folder")
        if name[0] == "." or name in JSON_ROLES or name in KEPT_BESIDE or name in FOLDER_ROLES:
            continue
        if os.path.isdir(entry):
            if close := near(name, FOLDER_ROLES, bare=True):
                faults.add(f"{name}/", "", "unknown-file/folder", name=name, hint=close)
            continue
        if name.endswith(".py") and (folder / "plugin.py").is_file():
            continue  # a module that plugin.py imports: line.py is nobody's misspelling
        misnamed.update(nearest(name, JSON_ROLES))
        if name.endswith(".json"):
            files = ", ".join(JSON_ROLES)
            hint = near(name, JSON_ROLES) or say("Files here are {files}.", "这里的文件有 {files}。", files=files)
            faults.add(name, "", "unknown-file", name=name, hint=hint)
        elif (close := near(name, (*JSON_ROLES, *KEPT_BESIDE), bare=True)) and name.lower() != "readme.md":
            faults.add(name, "", "unknown-file", name=name, hint=close)
    for sub, suffix in _SUFFIXES.items():
        if not (folder / sub).is_dir():
            continue
        with os.scandir(folder / sub) as found:
            for entry in sorted(found, key=lambda entry: entry.name):
                if entry.name[0] != "." and (os.path.isdir(entry) or not entry.name.endswith(suffix)):
                    faults.add(f"{sub}/{entry.name}", "", "unknown-file/within", suffix=suffix, folder=sub)
    return frozenset(misnamed)


def _note_readme(folder: Path, faults: Faults) -> None:
    """It has no role; but whoever opens it elsewhere could not read it in the office's old encoding."""
    readme = folder / "README.md"
    with contextlib.suppress(OSError):
        if readme.is_file() and readme.stat().st_size <= MAX_FILE:
            decoded(readme.read_bytes().removeprefix(b"\xef\xbb\xbf"), "README.md", faults)


def _text(folder: Path, path: str, name: str, faults: Faults) -> str | None:
    try:
        about = os.lstat(path)
        if stat.S_ISLNK(about.st_mode):
            # Linked folders are not walked into, so only the file itself can lead away.
            if not Path(path).resolve().is_relative_to(folder.resolve()):
                faults.add(name, "", "link-out")
                return None
            about = os.stat(path)
        if not stat.S_ISREG(about.st_mode):
            faults.add(name, "", "unreadable-file/kind")
            return None
        if about.st_size > MAX_FILE:
            faults.add(name, "", "huge-file", limit=MAX_FILE)
            return None
        with open(path, "rb") as file:
            content = file.read()
    except (OSError, RuntimeError) as error:
        reason = getattr(error, "strerror", None) or type(error).__name__
        faults.add(name, "", "unreadable-file", reason=reason)
        return None
    return decoded(content, name, faults)


def _reads_as_chinese(content: bytes) -> bool:
    """Whether these bytes make sense as GB18030: nearly any do, so some common characters are asked for, and no NUL."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return False
    return "\0" not in text and any("\u4e00" <= one <= "\u9fff" for one in text)


def decoded(content: bytes, name: str, faults: Faults) -> str | None:
    if content.startswith(b"\xef\xbb\xbf"):
        faults.add(name, "", "byte-order-mark")
        content = content[3:]
    try:
        return content.decode()
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        faults.add(name, "", "not-utf-8/chinese" if _reads_as_chinese(content) else "not-utf-8", line=line)
        return None
