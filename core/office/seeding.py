"""Writing a seeds folder into the database, as often as one likes: what is there is brought up to date.

Knows no password and removes nothing: what the office added in admin stays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tortoise.expressions import F
from tortoise.models import Model

from core import database, sealing
from core.contract import Office
from core.errors import DeclarationError
from core.office import access
from core.office.hours import kept
from core.office.models import Account, AreaRow, CalendarDay, OfficeEvent, OfficeRow, SiteRow, ThemeRow, UnitRow
from core.office.permissions import UNIT_ROLES
from core.office.persons import clashes
from core.office.seed import Person, SeedSet, read
from core.office.sheet import Faults

_CHUNK = 60
"""Rows of one INSERT: SQLite of old takes 999 parameters."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """How many rows the seeds hold now, and how many accounts were made."""

    areas: int
    units: int
    offices: int
    sites: int
    themes: int
    staff: int
    new_accounts: int


async def seed(folder: Path) -> Seeded:
    """Write the folder's CSV files. Raises DeclarationError with every fault, in which case nothing is written."""
    seeds = read(folder, known=await access.office())
    if seeds.faults:
        raise DeclarationError(seeds.faults)
    faults = Faults()
    for login, other in await clashes(seeds.staff):
        faults.add(f"{folder.name}/staff.csv#id_number", "two-powers/there", login=login, other=other)
    if faults.found:
        raise DeclarationError(faults.found)
    new = 0

    async def body() -> None:
        nonlocal new
        written = await _write_office(seeds)
        new = await write_accounts(seeds.staff, seeds.office)
        if written:
            await OfficeEvent.create(type="office.seeded", target=folder.name[:120], detail=f'{{"rows": {written}}}')

    await database.write(body)
    return _counted(seeds, new)


async def seed_once(folder: Path) -> Seeded | None:
    """Seed a database that holds no area yet; None where it does, and then nothing is touched."""
    return None if await AreaRow.exists() else await seed(folder)


def _counted(seeds: SeedSet, new: int) -> Seeded:
    office = seeds.office
    return Seeded(
        areas=len(office.areas),
        units=len(office.units),
        offices=len(office.offices),
        sites=len(office.sites),
        themes=len(office.themes),
        staff=len(seeds.staff),
        new_accounts=new,
    )


async def _write_office(seeds: SeedSet) -> int:
    """Bring the tables to what the seeds say; returns how many rows were written. What is retired stays retired."""
    office = seeds.office
    return sum(
        [
            await _upsert(
                AreaRow, {a.code: {"name": a.name, "level": a.level, "parent": a.parent} for a in office.areas.values()}
            ),
            await _upsert(UnitRow, {u.id: {"name": u.name, "telephone": u.telephone} for u in office.units.values()}),
            await _upsert(
                OfficeRow, {f"{unit}@{area}": {"unit": unit, "area": area} for unit, area in sorted(office.offices)}
            ),
            await _upsert(SiteRow, {s.id: kept(s) for s in office.sites.values()}),
            await _upsert(
                ThemeRow, {id: {"name": name, "place": n} for n, (id, name) in enumerate(office.themes.items())}
            ),
            await _upsert(
                CalendarDay, {day: {"working": on, "note": note} for day, (on, note) in seeds.calendar.items()}
            ),
        ]
    )


async def _upsert(model: type[Model], wanted: Mapping[Any, Mapping[str, Any]]) -> int:
    """Write the rows that are missing or differ, and count their revision on; the others are left alone."""
    if not wanted:
        return 0
    there = {row.pk: row for row in await model.all()}
    new = [model(**{model._meta.pk_attr: key}, **values) for key, values in wanted.items() if key not in there]
    for start in range(0, len(new), _CHUNK):
        await model.bulk_create(new[start : start + _CHUNK])
    changed = 0
    for key, values in wanted.items():
        row = there.get(key)
        if row is not None and any(getattr(row, name) != value for name, value in values.items()):
            if "revision" in model._meta.db_fields:
                values = {**values, "revision": F("revision") + 1}
            await model.filter(pk=key).update(**values)
            changed += 1
    return len(new) + changed


def placed(person: Person, office: Office) -> tuple[str | None, str]:
    """Area and channel of an account.

    Who works in an office belongs to the nearest one of his unit going up from his site (without a site: the unit's
    highest); everyone else to his site's area.
    """
    site = office.sites.get(person.site or "")
    channel = "phone" if person.role == "operator" else site.kind if site else "web"
    area = site.area if site else person.area
    if person.unit and (person.role in UNIT_ROLES or site is None):
        mine = {area for unit, area in office.offices if unit == person.unit}
        above = [a.code for a in office.upwards(area)] if area else []
        by_height = sorted(mine, key=lambda code: (sum(1 for _ in office.upwards(code)), code))
        area = next((code for code in (*above, *by_height) if code in mine), area)
    return area, channel


async def write_accounts(people: Sequence[Person], office: Office) -> int:
    """Make the accounts that are missing, without a password, and bring the others up to date; returns how many new."""
    known = {account.login: account for account in await Account.all()}
    new: list[Account] = []
    for person in people:
        area, channel = placed(person, office)
        state: dict[str, Any] = {
            "name": person.name,
            "role": person.role,
            "unit": person.unit,
            "site": person.site,
            "area": area,
            "channel": channel,
        }
        account = known.get(person.login)
        if account is None:
            new.append(Account(login=person.login, **state, **sealed(person.id_number, person.credit_code)))
            continue
        if person.id_number and sealing.current().index(person.id_number) != account.id_index:
            state |= sealed(person.id_number, (account.person or {}).get("credit_code"))
        if any(getattr(account, name) != value for name, value in state.items()):
            await account.update_from_dict(state).save(update_fields=list(state))
    for start in range(0, len(new), _CHUNK):
        await Account.bulk_create(new[start : start + _CHUNK])
    return len(new)


def sealed(id_number: str | None, credit_code: str | None) -> dict[str, Any]:
    """The account's columns of personal data."""
    if not id_number and not credit_code:
        return {"person": None, "id_index": None}
    return {
        "person": {"id_number": id_number, "credit_code": credit_code},
        "id_index": sealing.current().index(id_number) if id_number else None,
    }
