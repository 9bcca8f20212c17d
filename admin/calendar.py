"""工作日历: a year's working days as the State Council published them, and what this office settles itself.

Knows months and a small CSV; which day works is `core.office.calendar`.
"""

from __future__ import annotations

import calendar as months
import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from admin.desk import framed
from admin.office import manager, reader
from core.contract import Actor, Fault
from core.kernel import refresh
from core.office import access, managing
from core.office.calendar import FIRST_YEAR, LAST_YEAR, StateCalendar
from core.office.permissions import may
from core.office.seed_calendar import COLUMNS, read_days
from core.office.sheet import Faults, read_bytes
from core.web import rendering, session

MOST_BYTES = 200_000
DONE = ("settled", "notice")


@dataclass(frozen=True, slots=True)
class Day:
    number: int
    look: str
    """work, rest, holiday or makeup."""
    own: bool
    """Settled by this office."""
    today: bool
    note: str


async def year(request: Request) -> Response:
    return await _page(request, reader(request))


async def settle(request: Request) -> Response:
    """One day: it works, it rests, or the notice holds again."""
    actor = manager(request)
    form = session.form_data(request)
    said = {name: str(form.get(name) or "").strip()[:200] for name in ("day", "working", "note")}
    _ = rendering.translator(request.state.language)
    try:
        day = date.fromisoformat(said["day"])
    except ValueError:
        return await _page(request, actor, said=said, errors={"day": _("日期写成 2027-01-02。")}, status=422)
    if said["working"] not in ("yes", "no", "notice"):
        return await _page(request, actor, said=said, errors={"working": _("请选择上班、休息或按通知。")}, status=422)
    if said["working"] == "notice":
        await managing.release_day(day, by=actor)
    elif not said["note"]:
        return await _page(request, actor, said=said, errors={"note": _("请写明依据，例如哪个通知。")}, status=422)
    else:
        await managing.settle_days({day: (said["working"] == "yes", said["note"])}, by=actor)
    await refresh(session.kernel(request))
    return RedirectResponse(f"/admin/calendar?year={day.year}&done=settled", status_code=303)


async def notice(request: Request) -> Response:
    """A year's notice as CSV: first shown with what it would change, then, sent again, taken over whole."""
    actor = manager(request)
    form = session.form_data(request)
    upload = form.get("file")
    data = await upload.read() if isinstance(upload, UploadFile) else str(form.get("csv") or "").encode()
    _ = rendering.translator(request.state.language)
    if not data.strip() or len(data) > MOST_BYTES:
        return await _page(request, actor, errors={"file": _("请选一个 CSV 文件，不超过 200 KB。")}, status=422)
    faults = Faults()
    days = read_days(read_bytes("calendar.csv", data, COLUMNS, faults), faults)
    if faults.found or not days:
        told = [one.told(request.state.language) for one in faults.found]
        return await _page(request, actor, faults=told, errors={"file": _("文件有错，没有导入。")}, status=422)
    if form.get("confirm") == "yes":
        await managing.settle_days(days, by=actor)
        await refresh(session.kernel(request))
        return RedirectResponse(f"/admin/calendar?year={min(days).year}&done=notice", status_code=303)
    return await _page(request, actor, preview=days, shown=max(days).year)


def _months(calendar: StateCalendar, own: Mapping[date, tuple[bool, str]], year: int, today: date) -> list[Any]:
    """Twelve lists of weeks, Monday first; None where a week reaches into another month."""
    found = []
    for month in range(1, 13):
        weeks = months.Calendar(firstweekday=0).monthdatescalendar(year, month)
        found.append([[_day(calendar, own, d, today) if d.month == month else None for d in week] for week in weeks])
    return found


def _day(calendar: StateCalendar, own: Mapping[date, tuple[bool, str]], day: date, today: date) -> Day:
    kind = calendar.kind(day)
    look = {"workday": "work", "holiday": "holiday"}.get(kind, "rest")
    if kind == "workday" and day.weekday() > 4:
        look = "makeup"
    return Day(day.day, look, day in own, day == today, own[day][1] if day in own else "")


def _csv(days: Mapping[date, tuple[bool, str]]) -> str:
    out = io.StringIO()
    lines = csv.writer(out, lineterminator="\n")
    lines.writerow(COLUMNS)
    lines.writerows((day.isoformat(), "yes" if working else "no", note) for day, (working, note) in days.items())
    return out.getvalue()


async def _page(
    request: Request,
    actor: Actor,
    *,
    said: Mapping[str, str] | None = None,
    errors: Mapping[str, str] | None = None,
    faults: Sequence[Fault] = (),
    preview: Mapping[date, tuple[bool, str]] | None = None,
    shown: int | None = None,
    status: int = 200,
) -> Response:
    kernel = session.kernel(request)
    today = kernel.today()
    text = request.query_params.get("year", "")
    year = shown or (int(text) if text.isdecimal() and 2000 < int(text) < 2100 else today.year)
    own = await access.days(actor)
    with_preview = {**own, **(preview or {})}
    calendar = StateCalendar({day: working for day, (working, _) in with_preview.items()})
    before = StateCalendar({day: working for day, (working, _) in own.items()})
    provisional = sum(
        calendar.is_provisional(date(year, month, day))
        for month in range(1, 13)
        for day in range(1, months.monthrange(year, month)[1] + 1)
    )
    context = {
        "year": year,
        "years": range(FIRST_YEAR if year < 2024 else 2024, max(LAST_YEAR, today.year, year) + 2),
        "months": _months(calendar, with_preview, year, today),
        "known": FIRST_YEAR <= year <= LAST_YEAR,
        "last": LAST_YEAR,
        "provisional": provisional,
        "own": [(day, *said) for day, said in own.items() if day.year == year],
        "manages": may(actor, "office.manage"),
        "preview": [
            (day, before.is_working_day(day), working, note) for day, (working, note) in (preview or {}).items()
        ],
        "csv": _csv(preview) if preview else "",
        "said": said or {"day": "", "working": "", "note": ""},
        "errors": errors or {},
        "faults": faults,
        "done": request.query_params.get("done") if request.query_params.get("done") in DONE else "",
        "history": await access.events(actor, kinds=("calendar.changed",)) if may(actor, "office.manage") else [],
    }
    return rendering.page(request, "admin/calendar.html", framed(request, actor, context), status=status, private=True)
