"""The area picker: a list where there are few; else level by level, and by name. Works without JavaScript.

Knows areas by code, name, level and parent; which of them exist is given per request.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from forms.engine.codec import Option, key_of, narrow
from forms.engine.plan import Node

Areas = Mapping[str, Any]
"""Code → something with `code`, `name`, `level` and `parent` (`core.contract.Area`)."""

FEW = 10
"""So many areas are one list; a longer one is no fun on a phone."""
MOST_FOUND = 30
"""So many areas are shown for a name."""
MAX_STAGES = 6


@dataclass(frozen=True, slots=True)
class Stage:
    """One level above the answer: from which of its areas to go on."""

    level: str
    areas: tuple[Any, ...]
    chosen: str


@dataclass(frozen=True, slots=True)
class Picker:
    """What is offered on this page for one question."""

    groups: tuple[tuple[str, tuple[Any, ...]], ...]
    """(name of the area above, areas to pick from); () while a level above is still open."""
    stages: tuple[Stage, ...] = ()
    under: str = ""
    """The levels chosen when this was drawn, as `code,code`: an answer picked below others is not one."""
    search: bool = False
    find: str = ""
    more: bool = False
    """More areas have this name than are shown."""

    @property
    def level(self) -> str:
        """What the last list is called; "" where it holds areas of any level."""
        return "" if self.find or not self.groups else str(self.groups[-1][1][-1].level)


NO_AREAS = Picker(())
"""Nobody knows the areas: a box for the code."""


def picker(areas: Areas, level: str, value: Any, said: Mapping[int, str], find: str) -> Picker:
    """`level` keeps only areas of that level. `said`: the levels chosen on the page before; `find`: a name typed."""
    groups = offered(areas, level)
    if sum(len(kept) for _, kept in groups) <= FEW:
        return Picker(tuple((title, tuple(kept)) for title, kept in groups))
    wanted = narrow(find).strip()
    if wanted:
        return _found(areas, groups, wanted, value)
    tree = _Tree(areas, level)
    stages: list[Stage] = []
    line = _line(areas, value)
    above = ""
    while len(stages) < MAX_STAGES:
        here = tree.below(above)
        if not any(tree.below(a.code) for a in here):
            break
        if len(here) == 1 and here[0].level != level:
            above = here[0].code
            continue
        # Without a wanted level the area above may be the answer itself.
        own = [areas[above]] if above and not level else []
        codes = {a.code for a in (*own, *here)}
        n = len(stages)
        chosen = said.get(n, "") if n in said else next((c for c in line if c in codes), "")
        chosen = chosen if chosen in codes else ""
        stages.append(Stage(str(here[0].level), (*own, *here), chosen))
        if not chosen or chosen == above:
            only = (("", (areas[above],)),) if chosen else ()
            return Picker(only, tuple(stages), _under(stages), True)
        above = chosen
    own = [areas[above]] if above and not level else []
    return Picker((("", (*own, *tree.below(above))),), tuple(stages), _under(stages), True)


def _under(stages: list[Stage]) -> str:
    return ",".join(stage.chosen for stage in stages)


def _found(areas: Areas, groups: list[tuple[str, list[Any]]], wanted: str, value: Any) -> Picker:
    every = [area for _, kept in groups for area in kept]
    hits = [a for a in every if wanted in str(a.name) or wanted == a.code]
    hits += [a for a in every if a not in hits and wanted in full_name(areas, a.code).replace(SEP, "")]
    kept = [a for a in every if a.code == value and a not in hits[:MOST_FOUND]]
    by: dict[str, list[Any]] = {}
    for area in [*hits[:MOST_FOUND], *kept]:
        by.setdefault(full_name(areas, area.parent) if area.parent in areas else "", []).append(area)
    found = tuple((title, tuple(one)) for title, one in by.items())
    return Picker(found, (), "", True, wanted, len(hits) > MOST_FOUND)


class _Tree:
    """Which areas lie below another and lead to one of the wanted level."""

    def __init__(self, areas: Areas, level: str) -> None:
        self._below: dict[str, list[Any]] = {}
        for area in sorted(areas.values(), key=lambda a: str(a.code)):
            self._below.setdefault(area.parent if area.parent in areas else "", []).append(area)
        self._level = level

    def below(self, code: str) -> list[Any]:
        if not self._level:
            return self._below.get(code, [])
        return [a for a in self._below.get(code, ()) if a.level == self._level or self._leads(a.code, 0)]

    def _leads(self, code: str, deep: int) -> bool:
        return deep < MAX_STAGES and any(
            a.level == self._level or self._leads(a.code, deep + 1) for a in self._below.get(code, ())
        )


def _line(areas: Areas, code: Any) -> list[str]:
    """The area and those above it."""
    line: list[str] = []
    while isinstance(code, str) and code in areas and len(line) < MAX_STAGES:
        line.append(code)
        code = areas[code].parent
    return line


def offered(areas: Areas, level: str) -> list[tuple[str, list[Any]]]:
    """(name of the area above, the areas in it), top down; `level` keeps only areas of that level."""
    below: dict[str | None, list[Any]] = {}
    for area in areas.values():
        below.setdefault(area.parent if area.parent in areas else None, []).append(area)
    groups: list[tuple[str, list[Any]]] = []
    waiting: list[tuple[str, str | None]] = [("", None)]
    while waiting:
        title, parent = waiting.pop(0)
        children = sorted(below.get(parent, ()), key=lambda a: str(a.code))
        kept = [a for a in children if not level or a.level == level]
        if kept:
            groups.append((title, kept))
        waiting += [(str(a.name), a.code) for a in children]
    return groups


SEP = " · "


def full_name(areas: Areas | None, code: Any) -> str:
    """`示例市 · 示例镇 · 示例村`; the code itself where nobody knows it."""
    names = [str(areas[one].name) for one in _line(areas, code)] if areas else []
    return SEP.join(reversed(names)) if names else str(code)


def with_areas(node: Node, shown: Picker) -> Node:
    """The node as a list of areas to pick from."""
    options = tuple(Option(str(a.code), str(a.code), str(a.name)) for _, areas in shown.groups for a in areas)
    several = bool(shown.stages or shown.search)
    return replace(
        node,
        kind="options",
        widget=replace(node.widget, fieldset=several, hint=""),
        options=options,
        by_text={o.text: o.value for o in options},
        by_value={key_of(o.value): i for i, o in enumerate(options)},
    )


def said_of(raw: Mapping[str, str], at: str) -> tuple[dict[int, str], str]:
    """The levels chosen and the name typed on the page before, as posted."""
    levels = {i: raw[name] for i in range(MAX_STAGES) if (name := f"_area:{at}#{i}") in raw}
    return levels, raw.get(f"_find:{at}", "")
