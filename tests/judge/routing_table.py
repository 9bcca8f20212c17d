"""`routing_table.csv`, written from the items' declared levels and the rows of `seeds/`: where every case must go.

`python -m tests.judge.routing_table` writes it. A second reading of DESIGN section 4 that imports nothing of `core`: it
reads the JSON and CSV files as they lie there, and knows an area's place by its digits. It is kept to be read by a
person: one row per way of declaring levels, per levels at which the office in question exists, per kind of home.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_suffix(".csv")
HOMES = ("village", "town", "city", "outside", "unknown")
"""Where the matter belongs: in a village, a town (no more is known), the city; outside of it; nobody says."""
SITES = ("web", "at city", "at own town", "at other town", "at own village", "at village of own", "at village of other")
"""Where one applies, seen from that home."""
KEYS = ("of", "city", "town", "village", "area", "offices", "home")
LEVELS = ("village", "town", "city")
BUREAU = "city town"
"""Where the approval bureau has offices, which acts for a site that can only collect."""


def level_of(code: str) -> str:
    return "city" if code[6:] == "000000" else "town" if code[9:] == "000" else "village"


def kind_of_home(code: str | None, city: str) -> str:
    return "unknown" if code is None else "outside" if code[:6] != city[:6] else level_of(code)


def place_of_site(site: str | None, home: str | None) -> str:
    """The column of a site (its area) for a home."""
    if site is None:
        return "web"
    level, near = level_of(site), home is not None and home[:9] == site[:9] and level_of(home) != "city"
    if level == "city":
        return "at city"
    if level == "town":
        return "at own town" if near else "at other town"
    return "at own village" if site == home else "at village of own" if near else "at village of other"


def offices() -> dict[str, frozenset[str]]:
    """unit → the areas where it has an office."""
    found: dict[str, set[str]] = {}
    for row in _seeds("offices"):
        found.setdefault(row["unit"], set()).add(row["area"])
    return {unit: frozenset(areas) for unit, areas in found.items()}


def _seeds(name: str) -> list[dict[str, str]]:
    with (ROOT / f"seeds/{name}.csv").open(encoding="utf-8-sig") as file:
        return list(csv.DictReader(file))


def variants(having: frozenset[str]) -> Iterator[str]:
    """The levels at which a role has offices, `city town`; where only some towns have one, all that may be met.

    `home-town` stands for an office in the home's town and none in the site's, `site-town` for the other way round.
    """
    codes = [row["code"] for row in _seeds("areas")]
    whole: list[str] = []
    some: list[str] = []
    for level in reversed(LEVELS):
        here = {code for code in codes if level_of(code) == level}
        (whole if here <= having else some if here & having else []).append(level)
    if set(some) - {"town"}:
        raise SystemExit(f"Only some areas of a level {some} have an office: the table cannot say that.")
    yield " ".join([*whole, *some])
    for other in ("", "home-town", "site-town") if some else ():
        yield " ".join(filter(None, [*whole, other]))


def variant(having: frozenset[str], site: str | None, home: str | None) -> str:
    """The one of the variants that a site and a home meet."""
    every = list(variants(having))
    if len(every) == 1:
        return every[0]
    at_home, at_site = (code is not None and code[:9] + "000" in having for code in (home, site))
    if site is None or level_of(site) == "city":
        at_site = at_home
    if home is None or home[:6] != next(iter(having))[:6] or level_of(home) == "city":
        at_home = at_site
    return every[0 if at_home and at_site else 2 if at_home else 3 if at_site else 1]


def deciders(routing: dict[str, Any]) -> list[str]:
    """ " at city of home": who decides, in each situation that `decided_at` tells apart; "": the nearest going up."""
    told = routing.get("decided_at", "")
    lines = told if isinstance(told, list) else [told]
    whole = [{"level": line} if isinstance(line, str) else line for line in lines]
    if all("when" in line for line in whole):
        whole.append({})
    return [
        (f" at {line['level']}" if line.get("level") else "") + (" of home" if line.get("of") == "home" else "")
        for line in whole
    ]


def patterns() -> Iterator[tuple[str, ...]]:
    """("case" or "step" with the level and place it names, what the three levels may, area, levels with an office).

    Of every routed item.
    """
    having = offices()
    for file in sorted((ROOT / "plugins").glob("*/item.json")):
        item = json.loads(file.read_text(encoding="utf-8"))
        route = file.with_name("routing.json")
        if item["handling"] == "handoff" or not route.exists():
            continue
        routing = json.loads(route.read_text(encoding="utf-8"))
        may = tuple(routing["sites"].get(level, "") for level in ("city", "town", "village"))
        area = routing.get("area", "")
        for decider in deciders(routing):
            for levels in variants(having[item["unit"]]):
                yield (f"case{decider}", *may, area, levels)
        for step in routing.get("steps", []):
            for one in step.get("together", [step]):
                level = one.get("level", "")
                if "unit" not in one:
                    continue  # done outside: the office that decides waits for it, as the lines of the case say
                for levels in variants(having[one["unit"]]):
                    yield (f"step at {level}" if level else "step", *may, area, levels)


def up(whose: str, level: str) -> list[tuple[str, str]]:
    """The areas from here upwards, as (whose, level); the city is everybody's."""
    line = LEVELS[LEVELS.index(level) :]
    return [("" if step == "city" else whose, step) for step in line]


def has(offices: str, whose: str, level: str) -> bool:
    return level in offices.split() or f"{whose}-{level}" in offices.split()


def nearest(lines: list[list[tuple[str, str]]], offices: str, skip: set[str]) -> tuple[str, str]:
    """The nearest office on the first way up that has one which is not skipped; else a skipped one."""
    for line in lines:
        for whose, level in line:
            if has(offices, whose, level) and level not in skip:
                return whose, level
    every = [one for line in lines for one in line if has(offices, *one)]
    if every:
        return every[0]
    # Nobody is near to whom lives outside: the role's highest office, the first by its code where there are several.
    highest = next((level for level in reversed(LEVELS) if level in offices.split()), "city")
    if not any(lines) and highest != "city":
        return "first", highest
    return "", "city"  # nobody has the role on the way up: who is topmost sees the case


def answer(pattern: tuple[str, ...], home: str, where: str) -> str:
    """The cell: mode and office of a case, or the problem's keyword; of a step, the office alone; "-" cannot be."""
    of, city, town, village, area, offices = pattern
    may = dict(zip(("city", "town", "village"), (city, town, village), strict=True))
    site = next((level for level in LEVELS if level in where.split()), None)  # "village of own town" is a village
    near = "own" in where.split()
    if near and (home in ("city", "outside", "unknown") or (where == "at own village" and home == "town")):
        return "-"
    mode = "direct"
    if site is not None:
        if not may[site]:
            return "sites"
        if may[site] == "collect":
            mode = "proxy"
        elif home == "outside" or (site != "city" and home in ("village", "town") and not near):
            mode = "same-city"
    if mode == "same-city" and area == "home":
        return "area"
    skip = {level for level, does in may.items() if does in ("collect", "forward")}
    at_home = up("home", home) if home in LEVELS else []
    at_site = up("site", site) if site else []
    # Sites of one's own town, and of one's own village, are at home: their town is the home's town.
    if near:
        at_site = [("home" if level == "town" or where == "at own village" else w, level) for w, level in at_site]
        at_site = [("" if level == "city" else w, level) for w, level in at_site]
    case = of.startswith("case")
    if case and mode == "proxy":
        lines, offices = [at_site], BUREAU
    elif mode == "same-city" or (home == "unknown" and site):
        lines = [at_site, at_home]
    else:
        lines = [at_home]
    decider, _, origin = of.partition(" of ")
    if origin == "home" and at_home:
        lines = [at_home]
    level = decider.partition(" at ")[2]
    named = [one for line in lines for one in line if one[1] == level and has(offices, *one)]
    if case and level:
        skip |= set(LEVELS[: LEVELS.index(level)])
    whose = " ".join(filter(None, named[0] if named else nearest(lines, offices, skip)))
    return f"{mode}: {whose}" if case else whose


def rows() -> list[dict[str, str]]:
    found = []
    for pattern in sorted(set(patterns())):
        for home in HOMES:
            cells = {where: answer(pattern, home, where) for where in SITES}
            found.append(dict(zip(KEYS, (*pattern, home), strict=True)) | cells)
    return found


if __name__ == "__main__":
    with TABLE.open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, (*KEYS, *SITES), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows())
