"""What administrators change of the office itself: areas, units, offices, sites and the days it works.

Every change is checked against the whole, carries the revision that was read, and leaves an OfficeEvent. Nothing is
deleted: cases name areas, units and sites for as long as they are kept, so what is given up is retired.
"""

from __future__ import annotations

import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tortoise.expressions import F
from tortoise.models import Model

from core import database
from core.contract import LEVELS, Actor, Area, Office, Problem, Site, Unit
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.office import access
from core.office.hours import kept
from core.office.models import Account, AreaRow, CalendarDay, OfficeEvent, OfficeRow, SiteRow, UnitRow
from core.office.permissions import CITIZEN_ROLES, may
from core.office.seed import SITE_KINDS, Person
from core.office.seeding import placed

TABLES: Mapping[str, type[Model]] = {"area": AreaRow, "unit": UnitRow, "office": OfficeRow, "site": SiteRow}
_ID = re.compile(r"[a-z][a-z0-9-]{0,63}")
_CODE = re.compile(r"[0-9]{12}")
MOST_CORRECTION_DAYS = 60


@dataclass(frozen=True, slots=True)
class InUse:
    """What still hangs on a row, and how many: it cannot be retired before."""

    what: str
    """area, office, site, staff, item or case."""
    count: int


async def save_area(area: Area, *, revision: int | None, by: Actor) -> None:
    """A new area (`revision` None) or a changed one. Raises NotAllowed, Unprocessable, Conflict."""
    await _save("area", area.code, {"name": area.name, "level": area.level, "parent": area.parent},
                revision=revision, by=by, check=lambda office: _area_problems(area, office))  # fmt: skip


async def save_unit(unit: Unit, *, revision: int | None, by: Actor) -> None:
    values = {"name": unit.name, "telephone": unit.telephone, "correction_days": unit.correction_days}
    await _save("unit", unit.id, values, revision=revision, by=by, check=lambda office: _unit_problems(unit))


async def save_site(site: Site, *, revision: int | None, by: Actor) -> None:
    """The site whole, with its hours, closed days and counters (their form is checked where they are read)."""
    await _save("site", site.id, kept(site),
                revision=revision, by=by, check=lambda office: _site_problems(site, office))  # fmt: skip


async def open_office(unit: str, area: str, *, by: Actor) -> None:
    """A unit gets an office in an area; one that was retired comes back."""
    id = f"{unit}@{area}"
    row = await OfficeRow.get_or_none(id=id)
    if row is not None and row.retired:
        await retire("office", id, revision=row.revision, by=by, retired=False)
        return

    def check(office: Office) -> list[Problem]:
        found = []
        if unit not in office.units:
            found.append(Problem("unit", "unknown", "请选择部门。"))
        if area not in office.areas:
            found.append(Problem("area", "unknown", "请选择区划。"))
        return found

    await _save("office", id, {"unit": unit, "area": area}, revision=None, by=by, check=check)


async def retire(
    kind: str,
    id: str,
    *,
    revision: int,
    by: Actor,
    retired: bool = True,
    others: Callable[[], Awaitable[Sequence[InUse]]] | None = None,
) -> None:
    """Take out of use, or back into it. `others` counts what this room does not know: items and open cases.

    Raises Conflict: `in-use` where something still hangs on it (`.uses`), `stale` where somebody was faster.
    """
    _must(by)
    table = TABLES[kind]
    uses = [*await uses_of(kind, id), *(await others() if others else ())] if retired else []
    if any(use.count for use in uses):
        raise StillUsed([use for use in uses if use.count])

    async def body() -> None:
        if not await table.filter(pk=id).exists():
            raise NotFound(id)
        changed = await table.filter(pk=id, revision=revision).update(retired=retired, revision=F("revision") + 1)
        if not changed:
            raise Conflict(id, code="stale")
        what = "retired" if retired else "restored"
        await OfficeEvent.create(type=f"{kind}.{what}", actor=by.id, target=id)
        await _place_accounts()

    await database.write(body)


class StillUsed(Conflict):
    """Retiring it would orphan something."""

    code = "in-use"

    def __init__(self, uses: Sequence[InUse]) -> None:
        super().__init__()
        self.uses = tuple(uses)


async def uses_of(kind: str, id: str) -> list[InUse]:
    """What in the office itself hangs on this row."""
    staff = Account.filter(active=True).exclude(role__in=CITIZEN_ROLES)
    if kind == "area":
        return [
            InUse("area", await AreaRow.filter(parent=id, retired=False).count()),
            InUse("office", await OfficeRow.filter(area=id, retired=False).count()),
            InUse("site", await SiteRow.filter(area=id, retired=False).count()),
        ]
    if kind == "unit":
        return [
            InUse("office", await OfficeRow.filter(unit=id, retired=False).count()),
            InUse("staff", await staff.filter(unit=id).count()),
        ]
    if kind == "office":
        unit, _, area = id.partition("@")
        return [InUse("staff", await staff.filter(unit=unit, area=area, role__in=("reviewer", "supervisor")).count())]
    return [InUse("staff", await staff.filter(site=id).count())]


async def settle_days(days: Mapping[date, tuple[bool, str]], *, by: Actor) -> int:
    """The office's own word for these days, over the State Council's notice; returns how many changed."""
    _must(by)

    async def body() -> int:
        there = {access.as_date(row.day): row for row in await CalendarDay.all()}
        changes: dict[str, list[Any]] = {}
        for day, (working, note) in days.items():
            row = there.get(day)
            if row is None:
                await CalendarDay.create(day=day, working=working, note=note)
            elif (row.working, row.note) == (working, note):
                continue
            else:
                await CalendarDay.filter(day=day).update(working=working, note=note)
            changes[day.isoformat()] = [row.working if row else None, working]
        await _note_days(changes, by)
        return len(changes)

    return await database.write(body)


async def release_day(day: date, *, by: Actor) -> None:
    """Back to what the State Council's notice says of this day."""
    _must(by)

    async def body() -> None:
        row = await CalendarDay.get_or_none(day=day)
        if row is not None:
            await CalendarDay.filter(day=day).delete()
            await _note_days({day.isoformat(): [row.working, None]}, by)

    await database.write(body)


async def _note_days(changes: Mapping[str, list[Any]], by: Actor) -> None:
    if changes:
        span = f"{min(changes)}/{max(changes)}" if len(changes) > 1 else next(iter(changes))
        await OfficeEvent.create(type="calendar.changed", actor=by.id, target=span, detail=json.dumps(changes))


# --- one write for all of them ---------------------------------------------------------------------------


async def _save(
    kind: str,
    id: str,
    values: Mapping[str, Any],
    *,
    revision: int | None,
    by: Actor,
    check: Callable[[Office], list[Problem]],
) -> None:
    _must(by)
    problems = check(await access.office())
    if problems:
        raise Unprocessable(problems)
    table = TABLES[kind]

    async def body() -> None:
        before = await table.get_or_none(pk=id)
        if revision is None:
            if before is not None:
                raise Conflict(id, code="id-in-use")
            await table(**{table._meta.pk_attr: id, **values}).save(force_create=True)
        else:
            if before is None:
                raise NotFound(id)
            # The database decides who was first: of two saves of one revision one finds no row.
            if not await table.filter(pk=id, revision=revision).update(**values, revision=F("revision") + 1):
                raise Conflict(id, code="stale")
        changed = {
            name: [getattr(before, name) if before else None, value]
            for name, value in values.items()
            if before is None or getattr(before, name) != value
        }
        what = "added" if revision is None else "changed"
        detail = json.dumps(changed, ensure_ascii=False)
        await OfficeEvent.create(type=f"{kind}.{what}", actor=by.id, target=id, detail=detail)
        await _place_accounts()

    await database.write(body)


async def _place_accounts() -> None:
    """Where an account works follows from its site and its unit's offices, both of which may just have changed."""
    office = await access.office()
    for one in await Account.exclude(role__in=CITIZEN_ROLES):
        person = Person(one.login, one.name, one.role, one.unit, one.site, area=one.area)
        area, channel = placed(person, office)
        if (area, channel) != (one.area, one.channel):
            await Account.filter(id=one.id).update(area=area, channel=channel)


def _must(by: Actor) -> None:
    if not may(by, "office.manage"):
        raise NotAllowed("office.manage")


def _id_problems(id: str, name: str) -> list[Problem]:
    found = []
    if not _ID.fullmatch(id):
        found.append(Problem("id", "pattern", "编号用小写字母开头，只含小写字母、数字和连字符。"))
    if not name:
        found.append(Problem("name", "required", "请填写名称。"))
    return found


def _unit_problems(unit: Unit) -> list[Problem]:
    found = _id_problems(unit.id, unit.name)
    if not 1 <= unit.correction_days <= MOST_CORRECTION_DAYS:
        found.append(Problem("correction_days", "range", "纠错答复期限填 1 至 60 的整数。"))
    return found


def _area_problems(area: Area, office: Office) -> list[Problem]:
    found = []
    if not _CODE.fullmatch(area.code):
        found.append(Problem("code", "pattern", "区划代码是十二位数字，不足的用零补齐。"))
    if not area.name:
        found.append(Problem("name", "required", "请填写名称。"))
    if area.level not in LEVELS:
        found.append(Problem("level", "enum", "请选择层级。"))
        return found
    above = office.areas.get(area.parent or "")
    if area.level == "city":
        if area.parent or any(one.parent is None and one.code != area.code for one in office.areas.values()):
            found.append(Problem("level", "city", "一套系统只有一个市级区划。"))
    elif above is None or (above.retired and not _same_parent(area, office)):
        found.append(Problem("parent", "required", "请选择上级区划。"))
    elif LEVELS.index(above.level) >= LEVELS.index(area.level):
        # With levels strictly rising there can be no loop.
        found.append(Problem("parent", "level", "上级区划的层级要更高。"))
    return found


def _same_parent(area: Area, office: Office) -> bool:
    before = office.areas.get(area.code)
    return before is not None and before.parent == area.parent


def _site_problems(site: Site, office: Office) -> list[Problem]:
    found = _id_problems(site.id, site.name)
    if site.kind not in SITE_KINDS:
        found.append(Problem("kind", "enum", "请选择类型。"))
    area = office.areas.get(site.area)
    if area is None or area.retired:
        found.append(Problem("area", "unknown", "请选择区划。"))
    if site.level not in LEVELS:
        found.append(Problem("level", "enum", "请选择层级。"))
    return found
