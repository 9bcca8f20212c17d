"""One site's own page in the desk: name and place, its week, its closed days, its counters.

Knows the form's rows; when a site is open is `core.office.hours`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response

from admin.desk import framed
from admin.office import TITLES, back, errors_of, manager, revision_of, stale, typed
from core.contract import Actor, Closed, Counter, Hours, Office, Site
from core.errors import Conflict, Unprocessable
from core.kernel import Kernel
from core.office import access, managing
from core.office.access import Row
from core.office.hours import DAYS, KINDS, clashes, is_clock
from core.office.seed import SITE_KINDS
from core.web import rendering, session
from forms.pages import words

BLANK_ROWS = 3
MOST_ROWS = 60
GROUPS = {
    "hours": ("days", "opens", "closes", "kind"),
    "closed": ("since", "until", "note"),
    "counters": ("id", "name", "themes", "items"),
}
FIELDS = ("id", "name", "kind", "area", "address", "telephone")
_COUNTER = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")
Say = Callable[[str], str]


async def new(request: Request) -> Response:
    return await _form(request, manager(request), None, Site("", "", "station", "", ""), {})


async def create(request: Request) -> Response:
    actor = manager(request)
    site, errors = read(request, typed(request, FIELDS)["id"])
    return await _save(request, actor, None, site, errors)


async def edit(request: Request) -> Response:
    actor = manager(request)
    row = await access.row(actor, "site", request.path_params["id"])
    assert isinstance(row.noun, Site)  # cannot fail: rows of sites hold sites
    return await _form(request, actor, row, row.noun, {})


async def save(request: Request) -> Response:
    actor = manager(request)
    row = await access.row(actor, "site", request.path_params["id"])
    site, errors = read(request, row.id)
    return await _save(request, actor, row, site, errors)


async def _save(request: Request, actor: Actor, row: Row | None, site: Site, errors: dict[str, str]) -> Response:
    _ = rendering.translator(request.state.language)
    if errors:
        return await _form(request, actor, row, site, errors, status=422)
    try:
        await managing.save_site(site, revision=revision_of(request) if row else None, by=actor)
    except Unprocessable as error:
        return await _form(request, actor, row, site, errors_of(request, error), status=422)
    except Conflict:
        if row is None:
            return await _form(request, actor, row, site, {"id": _("这个编号已经有了。")}, status=409)
        assert isinstance(row.noun, Site)  # cannot fail: rows of sites hold sites
        mine = [
            f"{_(label)}：{getattr(site, name) or '—'}"
            for name, label in (("name", "名称"), ("address", "地址"), ("telephone", "电话"))
            if getattr(site, name) != getattr(row.noun, name)
        ]
        told = f"{stale(request)} {'；'.join(mine)}".strip()
        return await _form(request, actor, row, row.noun, {}, told=told, status=409)
    return await back(request, "sites", "saved")


def read(request: Request, id: str) -> tuple[Site, dict[str, str]]:
    """The site as the form says it, and field → sentence for what will not do. Rows left blank are none."""
    kernel, form = session.kernel(request), session.form_data(request)
    _ = rendering.translator(request.state.language)
    said = typed(request, FIELDS)
    area = kernel.office.areas.get(said["area"])
    errors: dict[str, str] = {}
    site = Site(id, said["name"], said["kind"], area.level if area else "", said["area"],
                address=said["address"], telephone=said["telephone"][:40])  # fmt: skip
    if area is None:
        errors["area"] = _("请选择区划。")
    return (
        replace(
            site,
            hours=_hours(form, errors, _),
            closed=_closed(form, errors, _),
            counters=_counters(form, kernel, errors, _),
        ),
        errors,
    )


def _rows(form: FormData, group: str) -> list[tuple[int, dict[str, str]]]:
    """`hours-3-opens` … → {"opens": …} with its place among the rows that are not blank, which is its place on the
    page that comes back."""
    rows = (
        {name: str(form.get(f"{group}-{n}-{name}") or "").strip()[:200] for name in GROUPS[group]}
        for n in range(MOST_ROWS)
    )
    return list(enumerate(row for row in rows if any(row[name] for name in row if name not in ("days", "kind"))))


def _hours(form: FormData, errors: dict[str, str], _: Say) -> tuple[Hours, ...]:
    found = []
    for n, row in _rows(form, "hours"):
        opens, closes = row["opens"].replace("：", ":"), row["closes"].replace("：", ":")
        if row["days"] not in DAYS or row["kind"] not in KINDS:
            errors[f"hours-{n}"] = _("请选择日子和方式。")
        elif not is_clock(opens) or not is_clock(closes):
            errors[f"hours-{n}"] = _("时间写成两位小时、两位分钟，例如 09:00。")
        elif opens >= closes:
            errors[f"hours-{n}"] = _("结束要晚于开始；过了半夜的，另写一行。")
        found.append(Hours(row["days"], opens, closes, row["kind"]))
    if "hours" not in "".join(errors):
        for earlier, later in clashes(found):
            errors[f"hours-{found.index(later)}"] = _("这段时间和同一天的 %(other)s 重叠。") % {
                "other": f"{earlier.opens}–{earlier.closes}"
            }
    return tuple(found)


def _closed(form: FormData, errors: dict[str, str], _: Say) -> tuple[Closed, ...]:
    found = []
    for n, row in _rows(form, "closed"):
        try:
            since = date.fromisoformat(row["since"])
            until = date.fromisoformat(row["until"] or row["since"])
        except ValueError:
            errors[f"closed-{n}"] = _("日期写成 2026-12-07。")
            continue
        if until < since:
            errors[f"closed-{n}"] = _("最后一天不能早于第一天。")
        found.append(Closed(since, until, row["note"]))
    return tuple(sorted(found, key=lambda one: one.since))


def _counters(form: FormData, kernel: Kernel, errors: dict[str, str], _: Say) -> tuple[Counter, ...]:
    themes = {**{name: id for id, name in kernel.office.themes.items()}, **{id: id for id in kernel.office.themes}}
    found: list[Counter] = []
    for n, row in _rows(form, "counters"):
        named = [one for one in re.split(r"[\s、，,]+", row["themes"]) if one]
        items = [one for one in re.split(r"[\s、，,]+", row["items"]) if one]
        unknown = [one for one in named if one not in themes] + [i for i in items if i not in kernel.catalog.items]
        if not _COUNTER.fullmatch(row["id"]) or not row["name"]:
            errors[f"counters-{n}"] = _("窗口要有编号（小写字母、数字、连字符）和名称。")
        elif row["id"] in {one.id for one in found}:
            errors[f"counters-{n}"] = _("这个窗口编号上面已经有了。")
        elif unknown:
            errors[f"counters-{n}"] = _("没有这样的主题或事项：%(names)s。") % {"names": "、".join(unknown)}
        found.append(Counter(row["id"], row["name"], tuple(themes.get(one, one) for one in named), tuple(items)))
    return tuple(found)


async def _form(
    request: Request,
    actor: Actor,
    row: Row | None,
    site: Site,
    errors: Mapping[str, str],
    *,
    told: str = "",
    status: int = 200,
) -> Response:
    kernel = session.kernel(request)
    context: dict[str, Any] = {
        "kind": "sites",
        "titles": TITLES,
        "row": row,
        "site": site,
        "errors": errors,
        "told": told,
        "site_kinds": {kind: words.SITE_KINDS[kind] for kind in SITE_KINDS},
        "hour_days": {days: words.HOUR_DAYS[days] for days in DAYS},
        "hour_kinds": {kind: words.HOURS[kind] for kind in KINDS},
        "groups": {
            name: [*rows, *([dict.fromkeys(GROUPS[name], "")] * BLANK_ROWS)]
            for name, rows in (_typed_rows(request) if errors else _kept_rows(site, kernel.office)).items()
        },
        "history": await access.events(actor, target=row.id) if row else [],
    }
    return rendering.page(
        request, "admin/office_site.html", framed(request, actor, context), status=status, private=True
    )


def _typed_rows(request: Request) -> dict[str, list[dict[str, str]]]:
    """As they were sent, right or wrong: nothing that was typed is lost."""
    return {group: [row for _, row in _rows(session.form_data(request), group)] for group in GROUPS}


def _kept_rows(site: Site, office: Office) -> dict[str, list[dict[str, str]]]:
    return {
        "hours": [{"days": h.days, "opens": h.opens, "closes": h.closes, "kind": h.kind} for h in site.hours],
        "closed": [{"since": str(c.since), "until": str(c.until), "note": c.note} for c in site.closed],
        "counters": [
            {
                "id": c.id,
                "name": c.name,
                "themes": " ".join(office.themes.get(one, one) for one in c.themes),
                "items": " ".join(c.items),
            }
            for c in site.counters
        ],
    }
