"""Reads of the office: the snapshot every judgement stands on, who a session or token is, lists of staff.

Knows no page. Writes are in `actions` and `seeding`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, lru_cache
from typing import Any
from uuid import UUID

from tortoise.expressions import Q

from core import database
from core.contract import Actor, Area, Office, Site, Unit
from core.errors import NotAllowed, NotFound
from core.judge.formats import masked
from core.office import hours
from core.office.calendar import StateCalendar
from core.office.models import (
    Account,
    AreaRow,
    CalendarDay,
    OfficeEvent,
    OfficeRow,
    RecoveryCode,
    Session,
    SiteRow,
    ThemeRow,
    UnitRow,
)
from core.office.permissions import CITIZEN_ROLES, may
from core.office.persons import also_staff


async def office() -> Office:
    """The whole office as it is in the database now, as one immutable snapshot."""
    units, sites = await UnitRow.all().order_by("id"), await SiteRow.all().order_by("id")
    return Office(
        areas={
            a.code: Area(a.code, a.name, a.level, a.parent, a.retired) for a in await AreaRow.all().order_by("code")
        },
        units={u.id: Unit(u.id, u.name, u.telephone, u.correction_days) for u in units if not u.retired},
        offices=frozenset([(o.unit, o.area) for o in await OfficeRow.filter(retired=False)]),
        sites={s.id: site_of(s) for s in sites if not s.retired},
        themes={t.id: t.name for t in await ThemeRow.all().order_by("place", "id")},
        former={u.id: u.name for u in units if u.retired} | {s.id: s.name for s in sites if s.retired},
    )


def site_of(row: SiteRow) -> Site:
    return Site(
        row.id,
        row.name,
        row.kind,
        row.level,
        row.area,
        address=row.address,
        telephone=row.telephone,
        hours=hours.hours_of(row.hours),
        closed=hours.closed_of(row.closed),
        counters=hours.counters_of(row.counters),
    )


async def calendar() -> StateCalendar:
    """The state's calendar with the days that this office has set itself."""
    return StateCalendar({as_date(row.day): row.working for row in await CalendarDay.all()})


def as_date(value: Any) -> date:
    return value if isinstance(value, date) else date.fromisoformat(value)


# --- who is it: the hot path of every page ---------------------------------------------------------------


def digest(secret: str) -> str:
    """What the database keeps of a session id or a token: both carry 256 random bits, so no salt is needed."""
    return hashlib.sha256(secret.encode()).hexdigest()


_SESSION = """
SELECT a.id, a.role, a.name, a.person, a.unit, a.site, a.area, s.channel, s.idle_s, s.seen_at
FROM office_session s JOIN office_account a ON a.id = s.account_id
WHERE s.sid_hash = {} AND s.expires_at > {} AND s.stage = 'full' AND a.active
"""
_TOKEN = """
SELECT t.client, t.role, t.unit, t.site, t.area, t.channel FROM office_token t WHERE t.token_hash = {} AND t.active
"""


async def _row(query: str, *values: Any) -> Mapping[str, Any] | None:
    """One row by plain SQL: the ORM's own way costs several times as much, and this runs before every page."""
    rows = await database.glance(_spelled(query, database.connection().capabilities.dialect), values)
    return rows[0] if rows else None


@cache
def _spelled(query: str, dialect: str) -> str:
    """The query with its values marked as this database wants them."""
    marks = [f"${n}" if dialect == "postgres" else "?" for n in range(1, query.count("{}") + 1)]
    return query.format(*marks)


@lru_cache(maxsize=1024)
def _id_number(sealed: bytes) -> str | None:
    """Opening a sealed value costs as much as a third of the query; who reads one page reads another."""
    person = Account._meta.fields_map["person"].to_python_value(sealed) or {}
    return person.get("id_number")


@dataclass(frozen=True, slots=True)
class SessionView:
    actor: Actor
    idle_s: int
    """Seconds without a request after which it ends; 0 for never."""
    seen_at: int


async def session(sid: str) -> Actor | None:
    """Who holds this session; None where it is unknown, expired, idle for too long, or its account is closed."""
    found = await session_view(sid)
    return found.actor if found else None


async def session_view(sid: str) -> SessionView | None:
    """`session` with what is needed to keep it alive."""
    now = int(time.time())
    row = await _row(_SESSION, digest(sid), now)
    if row is None or (row["idle_s"] and row["seen_at"] + row["idle_s"] <= now):
        return None
    actor = Actor(
        id=str(row["id"]),
        role=row["role"],
        name=row["name"],
        id_number=_id_number(bytes(row["person"])) if row["person"] else None,
        unit=row["unit"],
        site=row["site"],
        area=row["area"],
        channel=row["channel"],
    )
    return SessionView(actor, row["idle_s"], row["seen_at"])


async def token(bearer: str) -> Actor | None:
    """The client that holds this bearer token; None where it is unknown or withdrawn."""
    row = await _row(_TOKEN, digest(bearer))
    if row is None:
        return None
    client = row["client"]
    return Actor(
        id=f"client:{client}",
        role=row["role"],
        name=client,
        unit=row["unit"],
        site=row["site"],
        area=row["area"],
        channel=row["channel"],
    )


def actor_of(account: Account) -> Actor:
    person = account.person or {}
    return Actor(
        id=str(account.id),
        role=account.role,
        name=account.name,
        id_number=person.get("id_number"),
        unit=account.unit,
        site=account.site,
        area=account.area,
        channel=account.channel,
    )


async def actor_by_login(login: str) -> Actor | None:
    """Who acts under this login; None for a login that is unknown or not active."""
    account = await Account.get_or_none(login=login, active=True)
    return actor_of(account) if account else None


async def id_by_login(login: str) -> str | None:
    """The account id of this login, of somebody who has left as well; None where nobody has had it."""
    account = await Account.get_or_none(login=login)
    return str(account.id) if account else None


async def count_citizens(index: str) -> int:
    """How many accounts of citizens stand under this number (`Keys.index` of it)."""
    return await Account.filter(id_index=index, role__in=CITIZEN_ROLES).count()


async def credit_code(actor: Actor) -> str | None:
    """The enterprise this account is known for: a suggestion for a form, never a proof of a relation."""
    account = await _account(actor.id)
    return ((account.person or {}).get("credit_code") if account else None) or None


async def names(ids: Sequence[str]) -> dict[str, str]:
    """Account id → name, for the history of a case."""
    keys = [UUID(id) for id in ids if _is_uuid(id)]
    return {str(key): name for key, name in await Account.filter(id__in=keys).values_list("id", "name")}


async def posts(ids: Sequence[str]) -> dict[str, tuple[str | None, str | None]]:
    """Account id → (unit, site), for those who have either."""
    keys = [UUID(id) for id in ids if _is_uuid(id)]
    rows = await Account.filter(id__in=keys).values_list("id", "unit", "site")
    return {str(key): (unit, site) for key, unit, site in rows if unit or site}


async def _account(id: str) -> Account | None:
    return await Account.get_or_none(id=UUID(id)) if _is_uuid(id) else None


def _is_uuid(text: str) -> bool:
    try:
        UUID(text)
    except ValueError:
        return False
    return True


@dataclass(frozen=True, slots=True)
class AccountView:
    """What somebody sees of his own account."""

    login: str
    name: str
    role: str
    second: bool
    """A device for the second factor is enrolled."""
    recovery_codes: int
    sessions: int


async def own_account(actor: Actor) -> AccountView:
    account = await Account.get(id=UUID(actor.id))
    codes = await RecoveryCode.filter(account_id=account.id).count()
    live = await Session.filter(account_id=account.id, stage="full", expires_at__gt=int(time.time())).count()
    return AccountView(account.login, account.name, account.role, account.second is not None, codes, live)


# --- for the office's own pages --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class StaffView:
    id: str
    login: str
    name: str
    role: str
    unit: str | None
    site: str | None
    area: str | None
    active: bool
    can_sign_in: bool
    second: bool
    number: str = ""
    """The human's identity number, masked; "" where it is not known."""
    also: tuple[str, ...] = ()
    """Other logins of the same human among the staff."""


async def staff(actor: Actor, *, after: str = "", text: str = "", limit: int = 100) -> list[StaffView]:
    """Accounts by login, a page at a time: pass the last login as `after`; `text` is part of a login or a name.

    Raises NotAllowed.
    """
    _must(actor, "account.manage")
    found = Account.filter(login__gt=after).exclude(role__in=("citizen", "agent"))
    if text:
        found = found.filter(Q(login__icontains=text) | Q(name__contains=text))
    rows = await found.order_by("login").limit(limit)
    also = await also_staff([one.login for one in rows])
    return [
        StaffView(
            str(a.id),
            a.login,
            a.name,
            a.role,
            a.unit,
            a.site,
            a.area,
            a.active,
            bool(a.password_hash),
            a.second is not None,
            masked((a.person or {}).get("id_number")),
            tuple(also.get(a.login, ())),
        )
        for a in rows
    ]


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the office as its own page shows it, retired ones too."""

    id: str
    name: str
    retired: bool
    revision: int
    noun: Area | Unit | Site | tuple[str, str]


@dataclass(frozen=True, slots=True)
class EventView:
    at: datetime
    type: str
    actor: str
    target: str
    detail: str


async def rows(actor: Actor, kind: str) -> list[Row]:
    """Every area, unit, office or site, in use or retired. Raises NotAllowed."""
    _must(actor, "office.read")
    if kind == "area":
        return [
            Row(a.code, a.name, a.retired, a.revision, Area(a.code, a.name, a.level, a.parent, a.retired))
            for a in await AreaRow.all().order_by("code")
        ]
    if kind == "unit":
        return [
            Row(u.id, u.name, u.retired, u.revision, Unit(u.id, u.name, u.telephone, u.correction_days))
            for u in await UnitRow.all().order_by("id")
        ]
    if kind == "office":
        return [Row(o.id, o.id, o.retired, o.revision, (o.unit, o.area)) for o in await OfficeRow.all().order_by("id")]
    return [Row(s.id, s.name, s.retired, s.revision, site_of(s)) for s in await SiteRow.all().order_by("area", "id")]


async def row(actor: Actor, kind: str, id: str) -> Row:
    """Raises NotAllowed, NotFound."""
    found = next((one for one in await rows(actor, kind) if one.id == id), None)
    if found is None:
        raise NotFound(id)
    return found


async def days(actor: Actor) -> dict[date, tuple[bool, str]]:
    """The days that the office has settled itself. Raises NotAllowed."""
    _must(actor, "office.read")
    return {as_date(row.day): (row.working, row.note) for row in await CalendarDay.all().order_by("day")}


async def events(actor: Actor, *, target: str = "", kinds: Sequence[str] = (), limit: int = 20) -> list[EventView]:
    """What was changed of the office, newest first; of one row with `target`. Raises NotAllowed."""
    _must(actor, "office.manage")
    found = OfficeEvent.all()
    if target:
        found = found.filter(target=target)
    if kinds:
        found = found.filter(type__in=kinds)
    known = await names([one.actor for one in await found.order_by("-id").limit(limit)])
    return [
        EventView(one.at, one.type, known.get(one.actor, one.actor), one.target, one.detail)
        for one in await found.order_by("-id").limit(limit)
    ]


def _must(actor: Actor, action: str) -> None:
    if not may(actor, action):
        raise NotAllowed(action)
