"""One place of a schema taken apart: plain keywords, and the conditionals that depend on the answers there.

Knows what can be said of a place whatever is answered; what is active is `judge.active`'s.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from core.judge.schema import Schema


@dataclass(frozen=True, slots=True, eq=False)
class Branch:
    """One `oneOf`/`anyOf` whose alternatives ask different things: a control to choose by, never guessed."""

    keyword: str
    titles: tuple[str, ...]
    options: tuple[Level, ...]
    tests: tuple[Schema | None, ...]
    by: str | None
    """The property whose constants tell the alternatives apart (a discriminator); None: a control of its own."""
    consts: tuple[tuple[Any, ...], ...]
    chooser: Mapping[str, Any] = field(default_factory=dict)
    """The question that tells them apart, as a schema of the place; {} where there is none."""
    several: bool = False
    """Whether more than one may be chosen."""


@dataclass(frozen=True, slots=True, eq=False)
class Level:
    """One place of the schema taken apart: plain keywords, and what depends on the answers there."""

    pieces: tuple[Any, ...]
    """Of: a plain dict; `If`, `Dependent`, `Branch`, or another Level."""
    dynamic: bool
    flats: dict[tuple[Any, ...], Flat] = field(default_factory=dict)
    names: dict[str, int] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class If:
    test: Schema
    then: Level | None
    otherwise: Level | None


@dataclass(frozen=True, slots=True, eq=False)
class Dependent:
    name: str
    level: Level


@dataclass(frozen=True, slots=True, eq=False)
class Flat:
    """A place as it stands for given answers: one dict without conditionals, and its branch controls."""

    schema: Mapping[str, Any]
    branches: tuple[tuple[Branch, tuple[int, ...]], ...]
    """Each with the alternatives now chosen."""


def plain(level: Level) -> Any:
    for piece in level.pieces:
        if isinstance(piece, dict):
            yield piece
        else:
            yield from plain(piece)


def every_piece(level: Level) -> Any:
    for piece in level.pieces:
        if isinstance(piece, dict):
            yield piece
        elif isinstance(piece, Level):
            yield from every_piece(piece)
        elif isinstance(piece, If):
            yield from (p for lv in (piece.then, piece.otherwise) if lv for p in every_piece(lv))
        elif isinstance(piece, Dependent):
            yield from every_piece(piece.level)
        else:
            yield from (p for lv in piece.options for p in every_piece(lv))


def every_property(level: Level) -> dict[str, int]:
    """Every property named at this place in any branch, active or not, with its rank in the order of the schema."""
    if level.names is None:
        names = dict.fromkeys(name for piece in every_piece(level) for name in piece.get("properties", {}))
        object.__setattr__(level, "names", {name: i for i, name in enumerate(names)})
    return level.names  # type: ignore[return-value]


def every_schema(level: Level, name: str) -> list[Any]:
    """The schemas of one property or row at this place, in any branch."""
    found: list[Any] = []
    for piece in every_piece(level):
        properties = piece.get("properties")
        if isinstance(properties, Mapping) and name in properties:
            found.append(properties[name])
        elif name.isdigit() and len(name) < 5:
            first = piece.get("prefixItems") or []
            if int(name) < len(first):
                found.append(first[int(name)])
            elif isinstance(piece.get("items"), Mapping):
                found.append(piece["items"])
    return found


def types_of(flat: Mapping[str, Any]) -> list[str]:
    declared = flat.get("type")
    if isinstance(declared, str):
        return [declared]
    return [t for t in declared if isinstance(t, str)] if isinstance(declared, list) else []
