"""What a folder is inspected against, and the folder's own declarations while they may still be wrong.

Knows no rule; the modules beside this one hold them.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from core.catalog.declared import Declared
from core.catalog.faults import Faults, near
from core.catalog.places import Lost, Place, mapping
from core.catalog.reading import Files
from core.contract import Office, Source
from core.judge.schema import parts_of, token


@dataclass(frozen=True)
class Around:
    """The rest of the world, as the server has it."""

    office: Office
    sources: Mapping[str, Source]
    items: Collection[str]
    connectors: Collection[str]
    schemas: Path
    broken: Collection[str] = ()
    """Sources that exist but are set aside: what they hold is not known, and no item is blamed for it."""


_ROOTS = {"item.json": ("materials", "applicant"), "form.json": ("answers",), "lookups.json": ("lookups", "outcomes")}


@dataclass
class Work:
    """One item's folder in work."""

    files: Files
    faults: Faults
    around: Around
    form: Any = None
    """form.json with fragments written out."""
    fragment_texts: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def guide(self) -> Mapping[str, Any]:
        return mapping(self.files.json.get("item.json"))

    @cached_property
    def lookups(self) -> Mapping[str, Any]:
        return mapping(mapping(self.files.json.get("lookups.json")).get("lookups"))

    @cached_property
    def routing(self) -> Mapping[str, Any]:
        return mapping(self.files.json.get("routing.json"))

    def unread(self, file: str) -> bool:
        """The file is there, or should be, but says nothing that can be read: nobody else is blamed for that."""
        there = self.files.has(file) or file == "item.json"
        return there and not isinstance(self.files.json.get(file), Mapping)

    @cached_property
    def declared(self) -> Declared:
        unknown = [root for file, roots in _ROOTS.items() if self.unread(file) for root in roots]
        return Declared(
            guide=self.guide, form=self.form, lookups=self.lookups, sources=self.around.sources, unknown=unknown
        )

    def place(self, file: str, at: str, pointer: Any, *, star: bool = False) -> Place | None:
        """The place a pointer leads to; None, with its fault, when it is no pointer or nobody declares it."""
        if not isinstance(pointer, str) or not pointer.startswith("/"):
            return None  # the shape check has told it
        if any(c not in "01" for c in (part[:1] for part in pointer.split("~")[1:])):
            self.faults.add(
                file,
                at,
                f'"{pointer}" is not a JSON Pointer.',
                'Write "~" as "~0" and "/" as "~1".',
                code="bad-pointer",
            )
            return None
        if "*" in parts_of(pointer) and not star:
            self.faults.add(
                file,
                at,
                f'"{pointer}" walks a list with "*", which only x-choices, x-from and must_find of rows may.',
                "Point to one value.",
                code="star-not-allowed",
            )
            return None
        found = self.declared.at(pointer)
        if isinstance(found, Place):
            return found
        self._lost(file, at, pointer, found)
        return None

    def _lost(self, file: str, at: str, pointer: str, lost: Lost) -> None:
        parts = parts_of(pointer)
        if lost.upto == "/lookups":
            self.faults.add(
                file,
                at,
                f'"{lost.name}" is not a lookup.',
                near(lost.name, self.declared.lookups),
                code="unknown-lookup",
            )
        elif lost.name in lost.untaken:
            self.faults.add(
                file,
                at,
                f'"{pointer}" is not taken.',
                f'Add "{lost.name}" to take in lookups.json#/lookups/{token(parts[1])}/take.',
                code="not-taken",
            )
        else:
            hint = ""
            close = near(lost.name, lost.known or lost.untaken, bare=True)
            if close and lost.upto:
                best = close.split('"')[1]
                hint = f'Did you mean "{lost.upto}/{token(best)}"?'
            elif not lost.upto:
                close = near(lost.name, lost.known, bare=True)
                hint = f"Facts begin with {', '.join(self.declared.roots())}."
                if close:
                    hint = f'Did you mean "/{"/".join([close.split(chr(34))[1], *map(token, parts[1:])])}"?'

            elif lost.known:
                hint = near(lost.name, lost.known)
            self.faults.add(file, at, f'"{pointer}" is declared by nobody.', hint, code="undeclared-pointer")
