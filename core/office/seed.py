"""Seeds: a folder of CSV files → the Office and its people, or every fault with file and line.

Knows no database: `check` judges against this where there is none, and `actions.seed` writes what was read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from stdnum.cn import ric, uscc

from core.contract import LEVELS, Area, Fault, Office, Site, Unit
from core.errors import DeclarationError
from core.office.permissions import MATRIX, POWERS, ROLES, SITE_ROLES, STAFF_ROLES, UNIT_ROLES
from core.office.seed_calendar import CALENDAR_SHEET, read_days
from core.office.seed_sites import SITE_SHEETS, detailed
from core.office.sheet import Faults, Row, read_sheet, unique

OPTIONAL: Mapping[str, tuple[str, ...]] = {"units": ("telephone",), "demo": ("area",), "staff": ("id_number",)}
SITE_KINDS = ("hall", "station", "kiosk")
SHEETS: Mapping[str, tuple[str, ...]] = {
    "areas": ("code", "name", "level", "parent"),
    "units": ("id", "name", "telephone"),
    "offices": ("unit", "area"),
    "sites": ("id", "name", "kind", "level", "area"),
    "themes": ("id", "name"),
    "staff": ("login", "name", "role", "unit", "site"),
    "demo": ("login", "name", "role", "id_number", "credit_code"),
    **SITE_SHEETS,
    **CALENDAR_SHEET,
}
_ID = re.compile(r"[a-z][a-z0-9-]*")
_AREA = re.compile(r"[0-9]{12}")
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,63}")


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who may sign in, as the seeds state it."""

    login: str
    name: str
    role: str
    unit: str | None = None
    site: str | None = None
    id_number: str | None = None
    credit_code: str | None = None
    area: str | None = None
    """Where a citizen lives, as sign-in would tell it."""


@dataclass(frozen=True)
class SeedSet:
    office: Office
    staff: tuple[Person, ...] = ()
    demo: tuple[Person, ...] = ()
    """Citizens of the made-up town; they become accounts under `--demo` only."""
    calendar: Mapping[date, tuple[bool, str]] = field(default_factory=dict)
    """Days that this office settles itself: does it work, and why."""
    faults: tuple[Fault, ...] = ()


def read(folder: Path, known: Office | None = None) -> SeedSet:
    """Read the CSV files that are there; a file may refer to what `known` (the database) already holds.

    Never raises for what is in the files: `faults` names all that is wrong, and rows with a fault are left out.
    """
    faults = Faults()
    sheets = {
        name: read_sheet(folder / f"{name}.csv", columns, faults, optional=OPTIONAL.get(name, ()))
        for name, columns in SHEETS.items()
    }
    if not any((folder / f"{name}.csv").exists() for name in SHEETS):
        faults.add(f"{folder.name}/", "no-seeds")
    office = known or Office()
    office = replace(office, areas={**office.areas, **_areas(sheets["areas"], office.areas, faults)})
    office = replace(office, units={**office.units, **_units(sheets["units"], faults)})
    office = replace(office, offices=office.offices | _offices(sheets["offices"], office, faults))
    office = replace(office, sites={**office.sites, **_sites(sheets["sites"], office, faults)})
    office = replace(office, themes={**office.themes, **_themes(sheets["themes"], faults)})
    office = replace(office, sites={**office.sites, **detailed(sheets, office, faults)})
    staff = tuple(_staff(sheets["staff"], office, faults))
    taken = {person.login: "staff.csv" for person in staff}
    demo = tuple(_demo(sheets["demo"], taken, faults))
    calendar = read_days(sheets["calendar"], faults)
    return SeedSet(office, staff, demo, calendar, tuple(sorted(faults.found, key=_place)))


def _place(fault: Fault) -> tuple[str, int]:
    """File, then line: as one reads."""
    file, _, line = fault.where.partition("#")[0].partition(":")
    return file, int(line or 0)


def read_office(folder: Path) -> Office:
    """The Office of a seeds folder, for judging without a database. Raises DeclarationError with all faults."""
    seeds = read(folder)
    if seeds.faults:
        raise DeclarationError(seeds.faults)
    return seeds.office


def _named(row: Row, faults: Faults, column: str = "id") -> bool:
    fine = True
    if not _ID.fullmatch(row[column]):
        faults.add(f"{row.where}#{column}", "bad-id", value=row[column])
        fine = False
    if not row["name"]:
        faults.add(f"{row.where}#name", "no-name")
        fine = False
    return fine


def _areas(rows: list[Row], known: Mapping[str, Area], faults: Faults) -> dict[str, Area]:
    areas: dict[str, Area] = {}
    lines: dict[str, Row] = {}
    for row in unique(rows, ("code",), faults):
        code = row["code"]
        if not re.fullmatch(r"[0-9]{12}", code):
            faults.add(f"{row.where}#code", "bad-code", value=code)
        elif row["level"] not in LEVELS:
            faults.unknown(row, "level", "a level", LEVELS)
        elif not row["name"]:
            faults.add(f"{row.where}#name", "no-name")
        else:
            areas[code] = Area(code, row["name"], row["level"], row["parent"] or None)
            lines[code] = row
    everything = {**known, **areas}
    for code, row in lines.items():
        _check_parent(row, areas[code], everything, faults)
    cities = [row for code, row in lines.items() if areas[code].parent is None and row["level"] == "city"]
    for row in cities[1:]:
        faults.add(f"{row.where}#parent", "second-city", value=row["code"], line=cities[0].line)
    return areas


def _check_parent(row: Row, area: Area, everything: Mapping[str, Area], faults: Faults) -> None:
    where = f"{row.where}#parent"
    if area.parent is None:
        if area.level != "city":
            faults.add(where, "no-parent", level=area.level)
        return
    above = everything.get(area.parent)
    if above is None:
        faults.unknown(row, "parent", "an area", everything)
        return
    if _loops(area, everything):
        faults.add(where, "loop", value=area.code)
    elif LEVELS.index(above.level) >= LEVELS.index(area.level):
        faults.add(where, "parent-level", level=area.level, above=above.level, name=above.name)


def _loops(area: Area, everything: Mapping[str, Area]) -> bool:
    """Whether the way up from this area comes back to it (others that lead into the loop are not at fault)."""
    seen: set[str] = set()
    code = area.parent
    while code and code in everything and code not in seen:
        if code == area.code:
            return True
        seen.add(code)
        code = everything[code].parent
    return False


def _units(rows: list[Row], faults: Faults) -> dict[str, Unit]:
    return {
        row["id"]: Unit(row["id"], row["name"], row["telephone"])
        for row in unique(rows, ("id",), faults)
        if _named(row, faults)
    }


def _refers(row: Row, column: str, kind: str, known: Mapping[str, object], faults: Faults) -> bool:
    if row[column] in known:
        return True
    faults.unknown(row, column, kind, known)
    return False


def _offices(rows: list[Row], office: Office, faults: Faults) -> frozenset[tuple[str, str]]:
    fine = set()
    for row in unique(rows, ("unit", "area"), faults):
        # Both, not `and`: a line with two mistakes is told both.
        if all(
            [
                _refers(row, "unit", "a unit", office.units, faults),
                _refers(row, "area", "an area", office.areas, faults),
            ]
        ):
            fine.add((row["unit"], row["area"]))
    return frozenset(fine)


def _sites(rows: list[Row], office: Office, faults: Faults) -> dict[str, Site]:
    sites = {}
    for row in unique(rows, ("id",), faults):
        fine = [_named(row, faults), _refers(row, "area", "an area", office.areas, faults)]
        for column, kind, known in (("kind", "a kind", SITE_KINDS), ("level", "a level", LEVELS)):
            fine.append(_refers(row, column, kind, dict.fromkeys(known), faults))
        if all(fine):
            before = office.sites.get(row["id"]) or Site(row["id"], "", "", "", "")
            sites[row["id"]] = replace(before, name=row["name"], kind=row["kind"], level=row["level"], area=row["area"])
    return sites


def _themes(rows: list[Row], faults: Faults) -> dict[str, str]:
    return {row["id"]: row["name"] for row in unique(rows, ("id",), faults) if _named(row, faults)}


def _login(row: Row, roles: tuple[str, ...], faults: Faults) -> bool:
    fine = [_refers(row, "role", "a role", dict.fromkeys(roles), faults)]
    if not _LOGIN.fullmatch(row["login"]):
        faults.add(f"{row.where}#login", "bad-login", value=row["login"])
        fine.append(False)
    if not row["name"]:
        faults.add(f"{row.where}#name", "no-name/person")
        fine.append(False)
    return all(fine)


def _staff(rows: list[Row], office: Office, faults: Faults) -> Iterable[Person]:
    powers_of: dict[str, Row] = {}
    for row in unique(rows, ("login",), faults):
        fine = [_login(row, STAFF_ROLES, faults)]
        for column, kind, known, needed in (
            ("unit", "a unit", office.units, UNIT_ROLES),
            ("site", "a site", office.sites, SITE_ROLES),
        ):
            if row[column]:
                fine.append(_refers(row, column, kind, known, faults))
            elif row["role"] in needed:
                faults.add(f"{row.where}#{column}", f"no-{column}", role=row["role"])
                fine.append(False)
        number = row["id_number"].upper()
        if number and not _is_id_number(number):
            faults.add(f"{row.where}#id_number", "bad-id-number")
            fine.append(False)
        other = powers_of.setdefault(number, row) if number and _powers(row["role"]) else row
        if _powers(other["role"]) != _powers(row["role"]):
            faults.add(f"{row.where}#id_number", "two-powers", other=other["login"], line=other.line)
            fine.append(False)
        if all(fine):
            unit, site = row["unit"] or None, row["site"] or None
            yield Person(row["login"], row["name"], row["role"], unit, site, id_number=number or None)


def _powers(role: str) -> list[str]:
    return [power for power in POWERS if role in MATRIX[power]]


def _demo(rows: list[Row], taken: Mapping[str, str], faults: Faults) -> Iterable[Person]:
    for row in unique(rows, ("login",), faults):
        fine = [_login(row, ROLES, faults)]
        if row["login"] in taken:
            faults.add(f"{row.where}#login", "duplicate/login", key=row["login"], file=taken[row["login"]])
            fine.append(False)
        if row["id_number"] and not _is_id_number(row["id_number"]):
            faults.add(f"{row.where}#id_number", "bad-id-number")
            fine.append(False)
        if row["credit_code"] and not uscc.is_valid(row["credit_code"]):
            faults.add(f"{row.where}#credit_code", "bad-credit-code")
            fine.append(False)
        if row["area"] and not _AREA.fullmatch(row["area"]):
            # A citizen may live outside this city, so the area need not be in areas.csv.
            faults.add(f"{row.where}#area", "bad-area", value=row["area"])
            fine.append(False)
        if all(fine):
            number, code = row["id_number"].upper() or None, row["credit_code"].upper() or None
            yield Person(
                row["login"], row["name"], row["role"], id_number=number, credit_code=code, area=row["area"] or None
            )


def _is_id_number(number: str) -> bool:
    """Check digit and date only: stdnum's area table refuses everyone born in 320583 before 1989."""
    number = number.upper()
    if not re.fullmatch(r"[0-9]{17}[0-9X]", number):
        return False
    try:
        ric.get_birth_date(number)
    except ValueError:
        return False
    return bool(ric.calc_check_digit(number) == number[-1])
