"""机构: areas, units, their offices and sites, as administrators keep them and all staff may read them.

Knows lists and small forms; a site's own page, with its hours, is `admin.site`. What may be changed is judged in
`core.office.managing`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import framed, staff
from core.cases.load import open_cases
from core.contract import CORRECTION_DAYS, LEVELS, Actor, Area, Unit
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.kernel import refresh
from core.office import access, managing
from core.office.access import Row
from core.office.managing import InUse, StillUsed
from core.office.permissions import may
from core.web import rendering, session
from forms.pages.words import N_

KINDS = {"areas": "area", "units": "unit", "offices": "office", "sites": "site"}
"""The address's word → the row's."""
TITLES = {"areas": N_("区划"), "units": N_("部门"), "offices": N_("部门设置"), "sites": N_("服务点")}
FORMS = {
    "areas": ("code", "name", "level", "parent"),
    "units": ("id", "name", "telephone", "correction_days"),
    "offices": ("unit", "area"),
}
USES = {
    "area": N_("下级区划"),
    "office": N_("部门设置"),
    "site": N_("服务点"),
    "staff": N_("在岗人员"),
    "item": N_("事项"),
    "case": N_("未办结的办件"),
}
TOLD = (
    N_("请选择部门。"),
    N_("请选择区划。"),
    N_("编号用小写字母开头，只含小写字母、数字和连字符。"),
    N_("请填写名称。"),
    N_("区划代码是十二位数字，不足的用零补齐。"),
    N_("请选择层级。"),
    N_("一套系统只有一个市级区划。"),
    N_("请选择上级区划。"),
    N_("上级区划的层级要更高。"),
    N_("请选择类型。"),
    N_("纠错答复期限填 1 至 60 的整数。"),
)
"""What `core.office.managing` says of a form, marked here for the English catalog."""
DONE = {"saved": N_("已保存。"), "retired": N_("已停用。"), "restored": N_("已恢复使用。")}


@dataclass(frozen=True, slots=True)
class Said:
    """A form as it was sent back, and what is wrong with it."""

    values: Mapping[str, str]
    errors: Mapping[str, str]
    told: str = ""
    status: int = 200


def reader(request: Request) -> Actor:
    actor = staff(request)
    if not may(actor, "office.read"):
        raise NotAllowed("office.read")
    return actor


def manager(request: Request) -> Actor:
    actor = staff(request)
    if not may(actor, "office.manage"):
        raise NotAllowed("office.manage")
    return actor


def kind_of(request: Request) -> str:
    """`areas`, `units`, `offices` or `sites`. Raises NotFound for anything else."""
    kind: str = request.path_params["kind"]
    if kind not in KINDS:
        raise NotFound(kind)
    return kind


async def to_sites(request: Request) -> Response:
    reader(request)
    return RedirectResponse("/admin/office/sites", status_code=303)


async def office_list(request: Request) -> Response:
    return await list_page(request, reader(request), kind_of(request))


async def list_page(
    request: Request,
    actor: Actor,
    kind: str,
    *,
    told: str = "",
    uses: Sequence[InUse] = (),
    status: int = 200,
) -> Response:
    rows = await access.rows(actor, KINDS[kind])
    text = request.query_params.get("q", "").strip()[:60]
    office = session.kernel(request).office
    if text:
        rows = [row for row in rows if text in f"{row.id} {row.name} {_places(row, office)}"]
    context = {
        "kind": kind,
        "titles": TITLES,
        "rows": rows,
        "text": text,
        "manages": may(actor, "office.manage"),
        "told": told,
        "uses": [(USES[use.what], use.count) for use in uses],
        "done": DONE.get(request.query_params.get("done", ""), ""),
    }
    return rendering.page(
        request, "admin/office_list.html", framed(request, actor, context), status=status, private=True
    )


def _places(row: Row, office: Any) -> str:
    if isinstance(row.noun, tuple):
        return f"{office.unit_name(row.noun[0])} {office.name_of(row.noun[1])}"
    return office.name_of(getattr(row.noun, "area", "")) or ""


async def new(request: Request) -> Response:
    actor, kind = manager(request), kind_of(request)
    return await _form(request, actor, kind, None, Said(dict.fromkeys(FORMS[kind], ""), {}))


async def create(request: Request) -> Response:
    actor, kind = manager(request), kind_of(request)
    values = typed(request, FORMS[kind])
    try:
        await _save(kind, values, revision=None, by=actor)
    except Unprocessable as error:
        return await _form(request, actor, kind, None, Said(values, errors_of(request, error), status=422))
    except Conflict:
        _ = rendering.translator(request.state.language)
        taken = {FORMS[kind][0]: _("这个编号已经有了。")}
        return await _form(request, actor, kind, None, Said(values, taken, status=409))
    return await back(request, kind, "saved")


async def edit(request: Request) -> Response:
    actor, kind = manager(request), kind_of(request)
    row = await access.row(actor, KINDS[kind], request.path_params["id"])
    return await _form(request, actor, kind, row, Said(_values(row), {}))


async def save(request: Request) -> Response:
    """Changes one row; of two administrators the second is shown what the first made of it, and what he had typed."""
    actor, kind = manager(request), kind_of(request)
    row = await access.row(actor, KINDS[kind], request.path_params["id"])
    values = {**_values(row), **typed(request, FORMS[kind][1:])}
    try:
        await _save(kind, values, revision=revision_of(request), by=actor)
    except Unprocessable as error:
        return await _form(request, actor, kind, row, Said(values, errors_of(request, error), status=422))
    except Conflict:
        now = _values(row)
        mine = _mine(request, values, now)
        return await _form(request, actor, kind, row, Said(now, mine, stale(request), 409))
    return await back(request, kind, "saved")


async def retire(request: Request) -> Response:
    """`retire` or `restore`; what something still hangs on stays, and the page says what."""
    actor, kind = manager(request), kind_of(request)
    id, act = request.path_params["id"], request.path_params["act"]
    if act not in ("retire", "restore"):
        raise NotFound(act)
    row = await access.row(actor, KINDS[kind], id)
    _ = rendering.translator(request.state.language)

    async def others() -> list[InUse]:
        return await _other_uses(request, kind, id)

    try:
        await managing.retire(
            KINDS[kind], id, revision=revision_of(request), by=actor, retired=act == "retire", others=others
        )
    except StillUsed as error:
        told = _("%(name)s 还不能停用，先处理挂在它下面的：") % {"name": row.name}
        return await list_page(request, actor, kind, told=told, uses=error.uses, status=409)
    except Conflict:
        return await list_page(request, actor, kind, told=stale(request), status=409)
    return await back(request, kind, "retired" if act == "retire" else "restored")


async def _other_uses(request: Request, kind: str, id: str) -> list[InUse]:
    catalog = session.kernel(request).catalog
    if kind == "units":
        items = sum(id in {one.unit, *(step.unit for step in one.routing.steps)} for one in catalog.items.values())
        return [InUse("item", items), InUse("case", await open_cases(unit=id))]
    if kind == "offices":
        unit, _, area = id.partition("@")
        return [InUse("case", await open_cases(unit=unit, area=area))]
    return [InUse("case", await open_cases(**{"site" if kind == "sites" else "area": id}))]


def _days(text: str) -> int:
    """What was typed as a number of days; none typed, the usual ten; 0 for what is no number, and is told."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0 if text else CORRECTION_DAYS


async def _save(kind: str, values: Mapping[str, str], *, revision: int | None, by: Actor) -> None:
    if kind == "areas":
        area = Area(values["code"], values["name"], values["level"], values["parent"] or None)
        await managing.save_area(area, revision=revision, by=by)
    elif kind == "units":
        unit = Unit(values["id"], values["name"], values["telephone"], _days(values["correction_days"]))
        await managing.save_unit(unit, revision=revision, by=by)
    elif revision is None:
        await managing.open_office(values["unit"], values["area"], by=by)


def typed(request: Request, names: Sequence[str]) -> dict[str, str]:
    form = session.form_data(request)
    return {name: str(form.get(name) or "").strip()[:200] for name in names}


def revision_of(request: Request) -> int:
    text = str(session.form_data(request).get("revision") or "")
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def errors_of(request: Request, error: Unprocessable) -> dict[str, str]:
    _ = rendering.translator(request.state.language)
    return {problem.at: _(problem.message) for problem in reversed(error.problems)}


def stale(request: Request) -> str:
    _ = rendering.translator(request.state.language)
    return _("有人先改了这一条。下面是现在的内容，您刚才写的没有保存。")


def _mine(request: Request, typed: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Beside each field that differs: what the second administrator had typed, so that nothing is lost."""
    _ = rendering.translator(request.state.language)
    return {
        name: _("您写的是：%(text)s") % {"text": text or "—"} for name, text in typed.items() if text != now.get(name)
    }


async def back(request: Request, kind: str, done: str) -> Response:
    """To the list, with this process already seeing the change; the other workers see it within a minute."""
    await refresh(session.kernel(request))
    return RedirectResponse(f"/admin/office/{kind}?done={done}", status_code=303)


def _values(row: Row) -> dict[str, str]:
    noun = row.noun
    if isinstance(noun, Area):
        return {"code": noun.code, "name": noun.name, "level": noun.level, "parent": noun.parent or ""}
    if isinstance(noun, Unit):
        days = str(noun.correction_days)
        return {"id": noun.id, "name": noun.name, "telephone": noun.telephone, "correction_days": days}
    if isinstance(noun, tuple):
        return {"unit": noun[0], "area": noun[1]}
    raise NotFound(row.id)


async def _form(request: Request, actor: Actor, kind: str, row: Row | None, said: Said) -> Response:
    context = {
        "kind": kind,
        "titles": TITLES,
        "row": row,
        "said": said.values,
        "errors": said.errors,
        "told": said.told,
        "levels": LEVELS,
        "history": await access.events(actor, target=row.id) if row else [],
    }
    return rendering.page(
        request, "admin/office_form.html", framed(request, actor, context), status=said.status, private=True
    )
