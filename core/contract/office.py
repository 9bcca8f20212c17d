"""Who and where: areas, units, sites, and the days on which they work."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Area:
    code: str
    """Twelve digits, zero-padded (GB/T 2260)."""
    name: str
    level: str
    parent: str | None
    retired: bool = False
    """Merged or renamed: nobody chooses it any more, but what registers and old cases say of it is still understood."""


CORRECTION_DAYS = 10
"""Working days for an answer to a correction request, until an office sets its own."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A role that decides, such as `civil-affairs`; an office is a unit in an area."""

    id: str
    name: str
    telephone: str = ""
    correction_days: int = CORRECTION_DAYS
    """Working days in which it answers that a value of its registers is called wrong; the office sets them."""


@dataclass(frozen=True, slots=True)
class Site:
    """Where one can apply: hall 大厅, station 市民驿站, kiosk 自助终端."""

    id: str
    name: str
    kind: str
    level: str
    area: str
    address: str = ""
    telephone: str = ""
    hours: tuple[Hours, ...] = ()
    closed: tuple[Closed, ...] = ()
    counters: tuple[Counter, ...] = ()


@dataclass(frozen=True, slots=True)
class Hours:
    """One opening of a site: on which days, from when until when, in which manner."""

    days: str
    """workday, saturday, sunday, holiday or daily; a make-up day is a workday, a holiday's Saturday is no saturday."""
    opens: str
    closes: str
    """`HH:MM`, in Asia/Shanghai; 24:00 is the end of the day."""
    kind: str = "open"
    """open 对外办公, noon 午间值班, duty 值班 or appointment 预约."""


@dataclass(frozen=True, slots=True)
class Closed:
    """Days on which a site is shut whatever its week says, both ends included."""

    since: date
    until: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Counter:
    """A window 窗口 of a site and what it takes: themes and items by id; with neither, everything offered there."""

    id: str
    name: str
    themes: tuple[str, ...] = ()
    items: tuple[str, ...] = ()


@dataclass(frozen=True)
class Office:
    """Areas, units, offices, sites and themes as one immutable snapshot."""

    areas: Mapping[str, Area] = field(default_factory=dict)
    units: Mapping[str, Unit] = field(default_factory=dict)
    offices: frozenset[tuple[str, str]] = frozenset()
    """(unit id, area code)."""
    sites: Mapping[str, Site] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)
    """theme id → name; items name a theme by its name."""
    former: Mapping[str, str] = field(default_factory=dict)
    """id → name of units and sites that are retired: cases name them, nothing new may."""

    def site_name(self, id: str | None) -> str:
        """The site's name, also when it is retired; what was asked for where nobody knows it."""
        site = self.sites.get(id or "")
        return site.name if site else self.former.get(id or "", id or "")

    def unit_name(self, id: str | None) -> str:
        unit = self.units.get(id or "")
        return unit.name if unit else self.former.get(id or "", id or "")

    @property
    def place(self) -> str:
        """Name of the whole this office serves: its topmost area, "" before anything is seeded."""
        return next((area.name for area in self.areas.values() if not area.parent), "")

    @cached_property
    def _ways(self) -> dict[str, tuple[Area, ...]]:
        """code → its way up, filled as it is asked for: routing goes the same few ways for every step of every case."""
        return {}

    def upwards(self, code: str | None) -> Iterator[Area]:
        """The area and those above it, nearest first; stops at a code nobody declared or a loop."""
        way = self._ways.get(code or "")
        if way is None:
            seen: dict[str, Area] = {}
            above = code
            while above and above in self.areas and above not in seen:
                seen[above] = self.areas[above]
                above = self.areas[above].parent
            way = tuple(seen.values())
            if way:  # what nobody declared may be anything, and is not kept
                self._ways[code or ""] = way
        return iter(way)

    def at_level(self, code: str | None, level: str) -> Area | None:
        """The area itself or the one above it that has this level."""
        return next((a for a in self.upwards(code) if a.level == level), None)

    def name_of(self, code: str | None) -> str:
        area = self.areas.get(code or "")
        return area.name if area else (code or "")


class Calendar(Hashable, Protocol):
    """Which days the office works; `core.office.calendar` gives the State Council's, tests give their own.

    A value: what was counted on it is remembered, so whoever changes a day makes another calendar.
    """

    def is_working_day(self, day: date) -> bool: ...

    def is_provisional(self, day: date) -> bool:
        """True where no official notice covers the day yet and a stated rule fills in."""
        ...
