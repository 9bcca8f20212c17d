"""A member of staff gets another role, unit or site; from then on he reaches what the new place reaches, and no more.

Knows accounts and no case: what he did under the old one keeps his name.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass

from core import database, sealing
from core.contract import Actor, Office
from core.errors import Conflict, NotAllowed, NotFound, UsageError
from core.office.models import Account, OfficeEvent, Session
from core.office.permissions import CITIZEN_ROLES, STAFF_ROLES, may
from core.office.persons import CHANGED, check_powers, powers, powers_held
from core.office.seed import Person
from core.office.seeding import placed, sealed


@dataclass(frozen=True, slots=True)
class Post:
    """What of an account an administrator may change."""

    name: str
    role: str
    unit: str | None
    site: str | None


async def reassign(login: str, post: Post, *, was: Post, office: Office, by: Actor, id_number: str = "") -> None:
    """Every session of the account ends, so that nobody goes on under the old role.

    `id_number`: of the human; "" leaves what is known. `was` is what the page showed. Raises NotFound (also for a
    citizen's account), Conflict (`stale`: changed by somebody else meanwhile; `own-account`; `separation-of-powers`),
    NotAllowed, UsageError for a role of no staff.
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
    held = await powers_held(account)
    if any(power not in held for power in powers(post.role)) and held:
        raise Conflict(
            "管理、发布、审计要由不同的账号掌握，这个账号掌握过其中另一项；请为新岗位另开账号，停用这一个。",
            code="separation-of-powers",
        )
    number = id_number.strip().upper()
    index = sealing.current().index(number) if number else account.id_index
    await check_powers(index, post.role, login=login)
    new = asdict(post)
    changed: dict[str, object] = {
        name: [old or "", new[name] or ""] for name, old in asdict(was).items() if old != new[name]
    }
    renumbered = index != account.id_index
    if renumbered:
        changed["id_number"] = True  # that it was changed, never what it is
    if not changed:
        return
    person_columns = sealed(number, (account.person or {}).get("credit_code")) if renumbered else {}
    person = Person(login, post.name, post.role, post.unit, post.site, area=account.area)
    area, channel = placed(person, office)

    async def body() -> None:
        here = Account.filter(id=account.id, **asdict(was))
        if not await here.update(**asdict(post), area=area, channel=channel, **person_columns):
            raise Conflict(login, code="stale")
        await Session.filter(account_id=account.id).delete()
        detail = json.dumps(changed, ensure_ascii=False)
        await OfficeEvent.create(type=CHANGED, actor=by.id, target=str(account.id), detail=detail)

    await database.write(body)
