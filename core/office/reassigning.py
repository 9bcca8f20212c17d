"""A member of staff gets another role, unit or site; from then on he reaches what the new place reaches, and no more.

Knows accounts and no case: what he did under the old one keeps his name.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from core import database
from core.contract import Actor, Office
from core.errors import Conflict, NotAllowed, NotFound, UsageError
from core.office.models import Account, OfficeEvent, Session
from core.office.permissions import CITIZEN_ROLES, MATRIX, POWERS, STAFF_ROLES, may
from core.office.seed import Person
from core.office.seeding import placed

CHANGED = "account.changed"


@dataclass(frozen=True, slots=True)
class Post:
    """What of an account an administrator may change."""

    name: str
    role: str
    unit: str | None
    site: str | None


async def reassign(login: str, post: Post, *, was: Post, office: Office, by: Actor) -> None:
    """Every session of the account ends, so that nobody goes on under the old role.

    `was` is what the page showed. Raises NotFound (also for a citizen's account), Conflict (`stale`: changed by
    somebody else meanwhile; `own-account`; `separation-of-powers`), NotAllowed, UsageError for a role of no staff.
    """
    if not may(by, "account.manage"):
        raise NotAllowed("account.manage")
    if post.role not in STAFF_ROLES:
        raise UsageError(f'"{post.role}" is not a role of staff. Use one of: {", ".join(STAFF_ROLES)}.')
    account = await Account.get_or_none(login=login)
    if account is None or account.role in CITIZEN_ROLES:
        raise NotFound(login)
    if str(account.id) == by.id:
        raise Conflict("不能更改自己的岗位，请由另一位管理员办理。", code="own-account")
    held = await _powers_held(account)
    if any(power not in held for power in _powers(post.role)) and held:
        raise Conflict(
            "管理、发布、审计要由不同的账号掌握，这个账号掌握过其中另一项；请为新岗位另开账号，停用这一个。",
            code="separation-of-powers",
        )
    new = asdict(post)
    changed = {name: [old or "", new[name] or ""] for name, old in asdict(was).items() if old != new[name]}
    if not changed:
        return
    person = Person(login, post.name, post.role, post.unit, post.site, area=account.area)
    area, channel = placed(person, office)

    async def body() -> None:
        here = Account.filter(id=account.id, **asdict(was))
        if not await here.update(**asdict(post), area=area, channel=channel):
            raise Conflict(login, code="stale")
        await Session.filter(account_id=account.id).delete()
        detail = json.dumps(changed, ensure_ascii=False)
        await OfficeEvent.create(type=CHANGED, actor=by.id, target=str(account.id), detail=detail)

    await database.write(body)


def _powers(role: str) -> set[str]:
    return {power for power in POWERS if role in MATRIX[power]}


async def _powers_held(account: Account) -> set[str]:
    """Powers of its role and of every role it had: an administrator turned auditor would look at his own deeds."""
    roles = {account.role}
    for event in await OfficeEvent.filter(type=CHANGED, target=str(account.id)):
        roles |= set(json.loads(event.detail).get("role") or ())
    return set().union(*(_powers(role) for role in roles))
