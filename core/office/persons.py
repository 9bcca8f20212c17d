"""The human behind accounts: who has several is one person to every separation of duties and of powers.

Knows only the accounts that carry an identity number; without one, an account stands for itself.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from core import sealing
from core.contract import Actor
from core.errors import Conflict
from core.office.models import Account, OfficeEvent
from core.office.permissions import CITIZEN_ROLES, MATRIX, POWERS
from core.office.seed import Person

CHANGED = "account.changed"
"""The event that tells what of an account was changed."""


async def accounts_of(actor: Actor) -> Mapping[str, str]:
    """Every account of this human, closed ones and his own as a citizen too: id → role."""
    if not actor.id_number:
        return {actor.id: actor.role}
    index = sealing.current().index(actor.id_number)
    found = await Account.filter(id_index=index).values_list("id", "role")
    return {actor.id: actor.role, **{str(id): role for id, role in found}}


async def logins() -> list[str]:
    """Of all staff whose identity number is known."""
    known = Account.exclude(id_index=None).exclude(role__in=CITIZEN_ROLES)
    return [str(login) for login in await known.order_by("login").values_list("login", flat=True)]


async def also_staff(logins: Iterable[str]) -> dict[str, list[str]]:
    """Login → the other staff logins of the same human, for those who have any."""
    index = {
        login: key
        for login, key in await Account.filter(login__in=list(logins)).values_list("login", "id_index")
        if key
    }
    shared = Account.filter(id_index__in=list(set(index.values()))).exclude(role__in=CITIZEN_ROLES)
    people: dict[str, list[str]] = {}
    for login, key in await shared.order_by("login").values_list("login", "id_index"):
        people.setdefault(key, []).append(login)
    found = {login: [other for other in people[key] if other != login] for login, key in index.items() if key in people}
    return {login: others for login, others in found.items() if others}


async def check_powers(number_index: str | None, role: str, *, login: str) -> None:
    """Raises Conflict (`separation-of-powers`) where this human holds another of the powers by another account that
    is in use."""
    wanted = powers(role)
    if not wanted or not number_index:
        return
    for other in await Account.filter(id_index=number_index, active=True).exclude(login=login):
        if powers(other.role) - wanted:
            raise Conflict(
                "管理、发布、审计要由不同的人掌握，这个人的另一个账号掌握着其中另一项；请先停用那个账号，或另派他人。",
                code="separation-of-powers",
            )


async def clashes(people: Iterable[Person]) -> list[tuple[str, str]]:
    """(login of the seeds, login of another account) of one human, where both hold powers that need two."""
    index = sealing.current().index
    seeded = {one.login: (index(one.id_number) if one.id_number else "", one.role) for one in people}
    there = {one.login: (one.id_index, one.role) for one in await Account.filter(active=True).exclude(id_index=None)}
    known = {**there, **{login: (key or there.get(login, ("", ""))[0], role) for login, (key, role) in seeded.items()}}
    holders = [(login, key, powers(role)) for login, (key, role) in known.items() if key and powers(role)]
    return [
        (login, other)
        for n, (other, key, held) in enumerate(holders)
        for login, same, mine in holders[n + 1 :]
        if key == same and held != mine and {login, other} & seeded.keys()
    ]


def powers(role: str) -> set[str]:
    return {power for power in POWERS if role in MATRIX[power]}


async def powers_held(account: Account) -> set[str]:
    """Powers of its role and of every role it had: an administrator turned auditor would look at his own deeds."""
    roles = {account.role}
    for event in await OfficeEvent.filter(type=CHANGED, target=str(account.id)):
        roles |= set(json.loads(event.detail).get("role") or ())
    return set().union(*(powers(role) for role in roles))
