"""Duties 后续事项 done, reported, ended or run out of time: each its link in the chain, and the next time set up.

Knows one row at a time; when one is due is judge's word.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases import files
from core.cases.actions.moves import MOVED_ON, add_event, after, said, seen
from core.cases.actions.timers import each
from core.cases.case_view import CaseView
from core.cases.duties import file_place
from core.cases.duty_view import AHEAD, WAITING
from core.cases.lifecycle import PARTY
from core.cases.models import Case, CaseDuty, CaseFile
from core.cases.parts import Parts, keeps
from core.cases.rows import Row, Statement, insert, row, update
from core.catalog import versions
from core.contract import Actor, Item, Problem
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.judge.answers import Answers
from core.judge.clock import add_working_days, read_date
from core.judge.duties import next_time
from core.judge.schema import token
from core.judge.sentences import say

if TYPE_CHECKING:
    from core.kernel import Kernel

REMIND_DAYS = 10
"""Working days before its day on which whoever has to do it is reminded."""
NOT_YOURS = "这件后续事项由其他部门登记。"


def declared(item: Item, id: str) -> Mapping[str, Any]:
    """The duty as item.json says it; empty where it says none of this id."""
    return next((one for one in item.declared.get("duties", ()) if one["id"] == id), {})


async def finish_duty(
    kernel: Kernel,
    no: str,
    *,
    actor: Actor,
    duty: str,
    revision: int,
    note: str = "",
    findings: Mapping[str, Any] | None = None,
) -> CaseView:
    """The office has done it, or has what its holder had to do; `duty` is the row's key.

    Raises NotAllowed (another office's), Conflict (moved on, done already), Unprocessable with every problem of what
    was found, at `/findings/<key>/…`.
    """
    case, parts, one = await _waiting(kernel, no, actor, duty, revision)
    _check_office(kernel, parts, one)
    item = await versions.item_by_digest(case.version)
    found = _found(item, one, findings)
    today = kernel.today()
    detail = {**(one.detail or {}), "note": note.strip()[:2000], "by": actor.name, "found": found}
    values = {"state": "done", "done_on": today, "detail": detail}
    data = {
        **_named(one),
        **({"because": detail["note"]} if detail["note"] else {}),
        **({"done": dict(found)} if found else {}),
    }
    await add_event(
        kernel, case, "duty_done", to=case.status, actor=actor, data=data,
        more=[update(CaseDuty, values, {"id": one.id}), *await _next(kernel, case, one)],
    )  # fmt: skip
    return await after(kernel, case, actor)


async def report_duty(
    kernel: Kernel,
    no: str,
    *,
    actor: Actor,
    duty: str,
    revision: int,
    text: str,
    upload: tuple[str, bytes] | None = None,
) -> CaseView:
    """The holder says that he has done it, in a sentence, with a file (name, bytes) if he likes.

    It is done by that; but where the item wants something found, or a repeated one is reported long before its day,
    once staff have looked at it. Raises as above.
    """
    case, parts, one = await _waiting(kernel, no, actor, duty, revision)
    if PARTY not in parts.hats or not one.party:
        raise NotAllowed("这件后续事项由工作人员登记。", code="not-your-move")
    if one.state != "open":
        raise Conflict("已经报过了，等工作人员登记。", code="reported")
    what = text.strip()[:2000]
    if not what:
        raise Unprocessable([Problem("/report", "required", "请写明办理情况。")])
    item = await versions.item_by_digest(case.version)
    more: list[Statement] = []
    if upload is not None:
        name, data = upload
        media_type = files.media_type_of(name, data, "/file")
        digest = await files.store(kernel, data)
        more = insert([
            row(
                CaseFile, case_id=case.id, material=file_place(one), digest=digest, media_type=media_type,
                size=len(data), name=files.clean(name), actor=actor.id, at=kernel.now(),
            )
        ])  # fmt: skip
    looked_at = isinstance(declared(item, one.duty).get("findings"), Mapping)
    values: dict[str, Any] = {"detail": {**(one.detail or {}), "report": what}, "state": "reported"}
    if not looked_at and not _early(kernel, one):
        values |= {"state": "done", "done_on": kernel.today()}
        more += await _next(kernel, case, one)
    await add_event(
        kernel, case, "duty_reported", to=case.status, actor=actor, data={**_named(one), "because": what},
        more=[update(CaseDuty, values, {"id": one.id}), *more],
    )  # fmt: skip
    return await after(kernel, case, actor)


async def end_duty(kernel: Kernel, no: str, *, actor: Actor, duty: str, revision: int, because: str) -> CaseView:
    """It is no longer to be done, this time or any later one: the holder has died, the permit was given back."""
    case, parts, one = await _waiting(kernel, no, actor, duty, revision)
    _check_office(kernel, parts, one)
    why = said(because)
    rows = await CaseDuty.filter(case_id=case.id, duty=one.duty, state__in=WAITING)
    await add_event(
        kernel, case, "duty_ended", to=case.status, actor=actor, data={**_named(one), "because": why},
        more=[
            update(
                CaseDuty,
                {"state": "ended", "done_on": kernel.today(), "detail": {**(it.detail or {}), "note": why}},
                {"id": it.id},
            )
            for it in rows
        ],
    )  # fmt: skip
    return await after(kernel, case, actor)


async def reopen_duty(kernel: Kernel, no: str, *, actor: Actor, duty: str, revision: int, because: str) -> CaseView:
    """What was reported or recorded does not stand, with the reason, which the holder reads: it is to be done still.

    The time after it stays where it is set up already. Raises as above.
    """
    case, parts, one = await _found_one(kernel, no, actor, duty, revision)
    _check_office(kernel, parts, one)
    if one.state == "open" or case.record is None or case.outcome != "approve":
        raise Conflict("这件后续事项不用重新打开。", code="duty-open")
    why = said(because)
    detail = {name: value for name, value in (one.detail or {}).items() if name not in _SAID_OF_IT}
    values = {"state": "open", "done_on": None, "told": "", "detail": {**detail, "reopened": why}}
    await add_event(
        kernel, case, "duty_reopened", to=case.status, actor=actor, data={**_named(one), "because": why},
        more=[update(CaseDuty, values, {"id": one.id})],
    )  # fmt: skip
    return await after(kernel, case, actor)


_SAID_OF_IT = ("report", "note", "by", "found")


def _early(kernel: Kernel, one: CaseDuty) -> bool:
    """A yearly report in the first month of its year says nothing of the year: it is not done by the holder's word."""
    return bool((one.detail or {}).get("every")) and one.due is not None and kernel.today() < one.due - AHEAD


async def watch_duties(kernel: Kernel) -> int:
    """Whoever has to do it is reminded before its day; once the day has passed, that is told and the next time set up.

    One that was over stays open: it can still be done, late.
    """
    today, done = kernel.today(), 0
    soon = add_working_days(today, REMIND_DAYS, kernel.calendar)
    waiting = CaseDuty.filter(state__in=WAITING, due__lte=soon)
    for due in (waiting.filter(due__lt=today).exclude(told="over"), waiting.filter(due__gte=today, told="")):
        async for one in each(due):
            over = one.due is not None and one.due < today
            case = await Case.get(id=one.case_id)
            if case.record is None:
                continue
            why = say("zh", "duty_over" if over else "duty_soon", title=one.title, day=one.due)
            try:
                await add_event(
                    kernel,
                    case,
                    "duty_over" if over else "duty_soon",
                    to=case.status,
                    data={**_named(one), "because": why},
                    more=[
                        update(CaseDuty, {"told": "over" if over else "soon"}, {"id": one.id}),
                        *(await _next(kernel, case, one) if over else ()),
                    ],
                )
            except Conflict:
                continue  # somebody acted at this very moment; the next turn sees to it
            done += 1
    return done


def _named(one: CaseDuty) -> dict[str, Any]:
    return {
        "duty": one.duty,
        "number": one.number,
        "title": one.title,
        "due": one.due.isoformat() if one.due else None,
        "unit": one.unit,
        "area": one.area,
    }


async def _waiting(kernel: Kernel, no: str, actor: Actor, duty: str, revision: int) -> tuple[Case, Parts, CaseDuty]:
    case, parts, one = await _found_one(kernel, no, actor, duty, revision)
    if one.state not in WAITING or case.record is None:
        raise Conflict("这件后续事项已经了结。", code="duty-done")
    return case, parts, one


async def _found_one(kernel: Kernel, no: str, actor: Actor, duty: str, revision: int) -> tuple[Case, Parts, CaseDuty]:
    case, parts = await seen(kernel, no, actor)
    try:
        one = await CaseDuty.get_or_none(id=UUID(duty), case_id=case.id)
    except ValueError:
        one = None
    if one is None:
        raise NotFound("这件办件没有这件后续事项。")
    if case.revision != revision:
        raise Conflict(MOVED_ON, code="stale")
    return case, parts, one


def _check_office(kernel: Kernel, parts: Parts, one: CaseDuty) -> None:
    if parts.actor is None or not keeps(kernel, parts.actor, one.unit, one.area):
        raise NotAllowed(NOT_YOURS, code="not-your-move")


def _found(item: Item, one: CaseDuty, made: Any) -> dict[str, Any]:
    schema = declared(item, one.duty).get("findings")
    if not isinstance(schema, Mapping):
        return {}
    answers = Answers(schema)
    values = answers.prune(made if isinstance(made, Mapping) else {})
    problems = answers.problems(values, "zh")
    if problems:
        at = f"/findings/{token(f'{one.duty}-{one.number}')}"
        raise Unprocessable([Problem(f"{at}{p.at}", p.keyword, p.message) for p in problems])
    return dict(values)


async def _next(kernel: Kernel, case: Case, one: CaseDuty) -> list[Statement]:
    """The time after this one, where there is to be one and it does not stand already."""
    detail = one.detail or {}
    first = read_date(detail.get("day"))
    if not detail.get("every") or first is None:
        return []
    if await CaseDuty.exists(case_id=case.id, duty=one.duty, number=one.number + 1):
        return []
    last: date | None = read_date(detail.get("last"))
    then = next_time(first, detail["every"], one.number + 1, kernel.calendar, last=last)
    if then is None:
        return []
    due, why = then
    kept = {name: detail.get(name) for name in ("day", "every", "last", "because", "basis")}
    fresh: Row = row(
        CaseDuty, case_id=case.id, duty=one.duty, number=one.number + 1, title=one.title, unit=one.unit,
        area=one.area, party=one.party, due=due, detail={**kept, "why": [[key, values] for key, values in why]},
    )  # fmt: skip
    return insert([fresh])
