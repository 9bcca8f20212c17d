"""人员: the staff's accounts, made, given a new password, closed.

Knows no session; a password that was drawn is shown on one page, once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.requests import Request
from starlette.responses import Response

from admin.desk import framed, staff
from core.contract import Actor
from core.errors import Conflict, NotAllowed, NotFound
from core.judge.formats import is_id_number
from core.kernel import Kernel
from core.office import access, actions, persons, second_factor
from core.office.permissions import SITE_ROLES, STAFF_ROLES, UNIT_ROLES, may
from core.office.seed import Person
from core.web import rendering, session

PAGE = 50
_LOGIN = re.compile(r"[a-z][a-z0-9._-]{1,63}")
FIELDS = ("login", "name", "role", "unit", "site", "id_number")


def manager(request: Request) -> Actor:
    actor = staff(request)
    if not may(actor, "account.manage"):
        raise NotAllowed("account.manage")
    return actor


async def staff_list(request: Request) -> Response:
    return await _page(request, manager(request))


async def create(request: Request) -> Response:
    """A new account; its password is drawn here and handed over in person."""
    actor = manager(request)
    kernel = session.kernel(request)
    form = session.form_data(request)
    said = {name: str(form.get(name) or "").strip()[:80] for name in FIELDS}
    errors = wrong(request, kernel, said)
    if errors:
        return await _page(request, actor, said=said, errors=errors, status=422)
    password = actions.drawn_password()
    unit, site, number = (said[name].upper() if name == "id_number" else said[name] or None for name in FIELDS[3:])
    person = Person(said["login"], said["name"], said["role"], unit, site, id_number=number or None)
    try:
        await actions.create_account(person, password=password, office=kernel.office, by=actor)
    except Conflict as error:
        _ = rendering.translator(request.state.language)
        where, told = ("login", "这个账号已有人使用。") if error.code == "login-in-use" else ("id_number", str(error))
        return await _page(request, actor, said=said, errors={where: _(told)}, status=409)
    return await _page(request, actor, handed=(person.login, password), also=await persons.also_staff([person.login]))


async def change(request: Request) -> Response:
    """`password` draws a new one; `second` forgets a lost telephone; `close` ends the account and everything it is
    signed in to; `reopen` undoes that."""
    actor = manager(request)
    login, act = request.path_params["login"], request.path_params["act"]
    if act not in ("password", "second", "close", "reopen"):
        raise NotFound(act)
    known = await access.staff(actor, text=login, limit=500)
    mine = next((one for one in known if one.login == login), None)
    if mine is None:
        raise NotFound(login)
    if act == "password":
        return await _page(request, actor, handed=(login, await actions.new_password(login, by=actor)))
    if act == "second":
        await second_factor.reset(login, by=actor)
        return await _page(request, actor, unbound=login)
    if act == "reopen":
        try:
            await actions.reopen_account(login, by=actor)
        except Conflict as error:
            return await _page(
                request, actor, told=rendering.translator(request.state.language)(str(error)), status=409
            )
        return await _page(request, actor, opened=login)
    if mine.id == actor.id:
        _ = rendering.translator(request.state.language)
        return await _page(request, actor, told=_("不能停用自己的账号。"), status=409)
    await actions.close_account(login, by=actor)
    return await _page(request, actor, closed=login)


def wrong(request: Request, kernel: Kernel, said: Mapping[str, str]) -> dict[str, str]:
    """Of what was filled in for an account: field → sentence."""
    _ = rendering.translator(request.state.language)
    found = {}
    if not _LOGIN.fullmatch(said["login"]):
        found["login"] = _("账号用小写字母开头，只含小写字母、数字、点和连字符，至少两位。")
    if not said["name"]:
        found["name"] = _("请填写姓名。")
    if said["role"] not in STAFF_ROLES:
        found["role"] = _("请选择岗位。")
    if said["unit"] not in kernel.office.units and (said["unit"] or said["role"] in UNIT_ROLES):
        found["unit"] = _("这个岗位要选择部门。")
    if said["site"] not in kernel.office.sites and (said["site"] or said["role"] in SITE_ROLES):
        found["site"] = _("这个岗位要选择服务点。")
    if said["id_number"] and not is_id_number(said["id_number"].upper()):
        found["id_number"] = _("公民身份号码不对，请核对每一位。")
    return found


async def _page(
    request: Request,
    actor: Actor,
    *,
    said: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    handed: tuple[str, str] | None = None,
    closed: str = "",
    opened: str = "",
    unbound: str = "",
    told: str = "",
    also: Mapping[str, list[str]] | None = None,
    status: int = 200,
) -> Response:
    query = request.query_params
    text = query.get("q", "").strip()[:60]
    rows = await access.staff(actor, after=query.get("after", ""), text=text, limit=PAGE + 1)
    context: dict[str, Any] = {
        "people": rows[:PAGE],
        "next": rows[PAGE - 1].login if len(rows) > PAGE else None,
        "text": text,
        "said": said or dict.fromkeys(FIELDS, ""),
        "errors": errors or {},
        "handed": handed,
        "handed_also": (also or {}).get(handed[0], []) if handed else [],
        "closed": closed,
        "opened": opened,
        "unbound": unbound,
        "told": told,
        "roles": STAFF_ROLES,
    }
    return rendering.page(request, "admin/staff.html", framed(request, actor, context), status=status, private=True)
