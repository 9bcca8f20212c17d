"""岗位: one member of staff's name, role, unit and site, changed on a page of its own, with what was changed before.

Knows no password and no session; `accounts` has those.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.accounts import manager, wrong
from admin.desk import framed
from core.contract import Actor
from core.errors import Conflict, NotFound
from core.office import access
from core.office.access import StaffView
from core.office.permissions import STAFF_ROLES
from core.office.reassigning import Post, reassign
from core.web import rendering, session

FIELDS = ("name", "role", "unit", "site")


async def edit(request: Request) -> Response:
    actor = manager(request)
    return await _page(request, actor, await _member(request, actor))


async def save(request: Request) -> Response:
    """The page's own `was-…` fields tell what it showed: of two administrators the second is told."""
    actor = manager(request)
    member = await _member(request, actor)
    form = session.form_data(request)
    said = {name: str(form.get(name) or "").strip()[:80] for name in FIELDS}
    was = {name: str(form.get(f"was-{name}") or "")[:80] for name in FIELDS}
    number = str(form.get("id_number") or "").strip()[:30]
    kernel = session.kernel(request)
    errors = wrong(request, kernel, {"login": member.login, "id_number": number, **said})
    if errors:
        return await _page(request, actor, member, said=said, number=number, errors=errors, status=422)
    _ = rendering.translator(request.state.language)
    try:
        await reassign(member.login, _post(said), was=_post(was), office=kernel.office, by=actor, id_number=number)
    except Conflict as error:
        if error.code == "stale":
            told = _("这个账号刚被别人更改，下面是最新的内容，请核对后重新填写。")
            return await _page(request, actor, await _member(request, actor), told=told, status=409)
        return await _page(request, actor, member, said=said, number=number, told=_(str(error)), status=409)
    return RedirectResponse(f"/admin/staff/{member.login}?done=1", status_code=303)


def _post(said: Mapping[str, str]) -> Post:
    return Post(said["name"], said["role"], said["unit"] or None, said["site"] or None)


async def _member(request: Request, actor: Actor) -> StaffView:
    login = request.path_params["login"]
    found = next((one for one in await access.staff(actor, text=login, limit=500) if one.login == login), None)
    if found is None:
        raise NotFound(login)
    return found


async def _page(
    request: Request,
    actor: Actor,
    member: StaffView,
    *,
    said: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    told: str = "",
    number: str = "",
    status: int = 200,
) -> Response:
    now = asdict(_post({name: getattr(member, name) or "" for name in FIELDS}))
    context: dict[str, Any] = {
        "member": member,
        "was": {name: value or "" for name, value in now.items()},
        "said": said or {name: value or "" for name, value in now.items()},
        "errors": errors or {},
        "told": told,
        "number": number,
        "done": request.query_params.get("done") == "1" and status == 200,
        "roles": STAFF_ROLES,
        "history": await access.events(actor, target=member.id),
    }
    return rendering.page(
        request, "admin/staff_member.html", framed(request, actor, context), status=status, private=True
    )
