"""The rules of the house as functions of a source tree: each gives one line a breach.

Kept apart from the tests so that every guard can be shown a tree that breaks it.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ORDER = (
    "contract", "faults", "errors", "hookspecs", "settings", "sealing", "signing", "database", "judge", "office",
    "catalog", "sources", "outside", "listeners", "kernel", "cases", "jobs", "web", "commands", "auditing", "erasing",
    "explained", "dryrun", "cli",
)  # fmt: skip
"""Inside core, each may import only what stands left of it."""
JUDGE_MAY = {"contract", "errors", "faults", "judge"}
JUDGE_MUST_NOT = {
    "tortoise", "httpx", "starlette", "sqlite3", "asyncpg", "socket", "asyncio", "os", "time", "random", "secrets",
    "pathlib", "chinese_calendar",
}  # fmt: skip
UNDECIDED = {"utils", "helpers", "common", "base", "misc"}
MAX_LINES = 420


def modules(root: Path, *rooms: str) -> Iterator[tuple[str, Path, ast.Module]]:
    """(dotted name, path, tree) of each module of these top-level packages; migrations are Tortoise's own."""
    for room in rooms:
        for path in sorted((root / room).rglob("*.py")):
            parts = path.relative_to(root).with_suffix("").parts
            if "migrations" in parts:
                continue
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            yield name, path, ast.parse(path.read_text(encoding="utf-8"))


def imports(tree: ast.AST) -> Iterator[tuple[str, int]]:
    """Every module imported anywhere in the tree, with its line; `from core import x` counts as `core.x`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield alias.name, node.lineno
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            if node.module in ("core", "forms", "admin"):
                for alias in node.names:
                    yield f"{node.module}.{alias.name}", node.lineno
            else:
                yield node.module, node.lineno


def wrong_way_imports(root: Path) -> list[str]:
    """core ← forms ← admin, and inside core the order above."""
    found = []
    for name, path, tree in modules(root, "core", "forms", "admin"):
        room, _, rest = name.partition(".")
        part = rest.split(".")[0]
        for target, line in imports(tree):
            other, _, other_rest = target.partition(".")
            other_part = other_rest.split(".")[0]
            where = f"{path.relative_to(root)}:{line}: {name} imports {target}"
            if (room == "core" and other in ("forms", "admin")) or (room == "forms" and other == "admin"):
                found.append(f"{where}, which stands to the right of it")
            elif room == other == "core" and part in ORDER and other_part in ORDER:
                if ORDER.index(other_part) > ORDER.index(part):
                    found.append(f"{where}, which stands to the right of it")
                elif part == "judge" and other_part not in JUDGE_MAY:
                    found.append(f"{where}; judge is pure and knows only contract and errors")
    return found


def impure_judge(root: Path) -> list[str]:
    """judge has no database, no HTTP, no clock."""
    found = []
    for name, path, tree in modules(root, "core"):
        if not name.startswith("core.judge"):
            continue
        for target, line in imports(tree):
            if target.split(".")[0] in JUDGE_MUST_NOT:
                found.append(f"{path.relative_to(root)}:{line}: judge imports {target}")
        for node in ast.walk(tree):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in ("today", "now", "utcnow")
            ):
                found.append(f"{path.relative_to(root)}:{node.lineno}: judge reads the clock")
    return found


def environment_readers(root: Path) -> list[str]:
    """Only core/settings.py reads os.environ."""
    return [
        f"{path.relative_to(root)}:{node.lineno}: reads the environment; only core/settings.py may"
        for name, path, tree in modules(root, "core", "forms", "admin")
        if name != "core.settings"
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in ("environ", "getenv")
    ]


AUDITORS = {"core.auditing"}
"""Verifying the audit log reads the rows themselves: it trusts no room's word about them."""


def foreign_tables(root: Path) -> list[str]:
    """A room's models are imported in that room alone: everybody else reads through its `access`."""
    return [
        f"{path.relative_to(root)}:{line}: {name} imports {target}; read through core.{target.split('.')[1]}.access"
        for name, path, tree in modules(root, "core", "forms", "admin")
        for target, line in imports(tree)
        if target.startswith("core.")
        and ".models" in target
        and not name.startswith(target.partition("models")[0])
        and name not in AUDITORS
    ]


def undecided_names(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: {path.stem} says nothing of what is in it"
        for _, path, _ in modules(root, "core", "forms", "admin")
        if path.stem in UNDECIDED
    ]


def silent_modules(root: Path) -> list[str]:
    """Every module says in its docstring what it is."""
    return [
        f"{path.relative_to(root)}: no docstring"
        for _, path, tree in modules(root, "core", "forms", "admin", "bench")
        if tree.body and not ast.get_docstring(tree)
    ]


def long_files(root: Path) -> list[str]:
    return [
        f"{path.relative_to(root)}: {count} lines; split it by noun"
        for _, path, _ in modules(root, "core", "forms", "admin", "bench")
        if (count := len(path.read_text(encoding="utf-8").splitlines())) > MAX_LINES
    ]


def asserts_for_users(root: Path) -> list[str]:
    """`assert` is gone under -O, so it may state what cannot happen and must not refuse input."""
    return [
        f"{path.relative_to(root)}:{node.lineno}: assert without its reason beside it (# cannot fail: …)"
        for _, path, tree in modules(root, "core", "forms", "admin")
        for node in ast.walk(tree)
        if isinstance(node, ast.Assert)
        and "# cannot fail: " not in path.read_text(encoding="utf-8").splitlines()[node.lineno - 1]
    ]


WORKPLACE = re.compile(
    r"(?<![\w.*/])/(?:work|root|opt/pypi[\w-]*)/|pypi\.org|registry\.npmjs|--index-url|deb\.debian\.org"
)


def workplace_names(root: Path, files: list[str]) -> list[str]:
    """No registry host and no machine path in what is committed."""
    found = []
    for name in files:
        path = root / name
        if path.suffix in (".png", ".ico") or name == "tests/guards/house.py" or not path.is_file():
            continue
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1):
            if WORKPLACE.search(line):
                found.append(f"{name}:{number}: {line.strip()[:80]}")
    return found
