"""The moves of the lifecycle table: one wins, the other is told, nothing is half done.

Knows one way to write a move: the case over the revision that was seen, its event, its outbox row, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.cases import numbers
from core.cases.acting import acting_in, parts_for
from core.cases.case_view import CaseView
from core.cases.chain import SYSTEM, Chain
from core.cases.clock import dates_of, happened, happenings, no_correction, noticed_until
from core.cases.joint import withdrawn_letter
from core.cases.lifecycle import BEFORE_ACCEPTANCE, UNDER_WAY, WITH_OFFICES, Move, move
from core.cases.logbook import note
from core.cases.models import Case, CaseStep, Event
from core.cases.parts import Parts
from core.cases.paying import check_paid, pay_by
from core.cases.reads import Read
from core.cases.rows import Missed, Statement, delete, insert, update
from core.cases.rows import row as new_row
from core.cases.sending import begun
from core.cases.sendings import sendings
from core.cases.standing import ENDED, mandate_runs
from core.cases.views import case_view
from core.catalog import versions
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.judge.clock import end_of_span, span_of
from core.judge.legal_clock import Happening, LegalDates
from core.judge.step_dates import StepDate

if TYPE_CHECKING:
    from core.kernel import Kernel

MOVED_ON = "办件已有新的进展，请查看最新状态后再操作。"
EVENT_NAMES = {
    "accept": "accepted",
    "ask_correction": "correction_asked",
    "correct": "corrected",
    "refuse": "refused",
    "begin": "begun",
    "finish_step": "step_finished",
    "pause": "paused",
    "resume": "resumed",
    "extend": "extended",
    "decide": "decided",
    "deliver": "delivered",
    "withdraw": "withdrawn",
    "close": "closed",
    "lapse": "lapsed",
}


async def seen(kernel: Kernel, no: str, actor: Actor) -> tuple[Case, Parts]:
    """The case and the actor's parts in it. Raises NotFound where he may not even read it."""
    number = numbers.read(no)
    case = await Case.get_or_none(no=number) if number else None
    parts = await parts_for(kernel, actor, case) if case is not None else None
    if case is None or parts is None or not parts.reads:
        raise NotFound("没有查到这个办件。请核对编号。")
    return case, parts


async def make_move(
    kernel: Kernel,
    case: Case,
    name: str,
    *,
    hats: frozenset[str],
    revision: int,
    data: Mapping[str, Any],
    actor: Actor | None = None,
    changes: Mapping[str, Any] | None = None,
    more: Sequence[Statement] = (),
) -> None:
    """Write the move `name`; `more` goes into the same transaction. Raises as `check_move`; nothing is written then."""
    step = check_move(case, name, hats=hats, revision=revision)
    to = case.status if case.status in step.stays else step.ends
    await add_event(kernel, case, EVENT_NAMES[name], to=to, data=data, actor=actor, changes=changes, more=more)


def check_move(case: Case, name: str, *, hats: frozenset[str], revision: int) -> Move:
    """Before anything else of a move is looked at: is the page fresh, does the table have it, may this person make it.

    Raises Conflict (somebody was faster, or the state forbids it), NotAllowed.
    """
    if case.revision != revision:
        raise Conflict(MOVED_ON, code="stale")
    step = move(name, case.status)
    if name in BEFORE_ACCEPTANCE and case.accepted_on is not None:
        raise Conflict("办件已受理，不能再进行此操作。", code="already-accepted")
    if not hats & step.makers:
        raise NotAllowed("您无权对此办件进行该操作。", code="not-your-move")
    return step


async def add_event(
    kernel: Kernel,
    case: Case,
    type: str,
    *,
    to: str,
    data: Mapping[str, Any],
    actor: Actor | None = None,
    changes: Mapping[str, Any] | None = None,
    more: Sequence[Statement] = (),
    then: tuple[str, str, Mapping[str, Any]] | None = None,
    facts: Mapping[str, Any] | None = None,
    reads: Sequence[Read] = (),
) -> None:
    """One more link on the case as it was read, with all that comes of it. Raises Conflict where it has moved on,
    NotAllowed where the applicant's word is given for him and no mandate lets the actor.

    `then` is a second one by the system, (type, to, data), in the same transaction; `reads` is what was read for it.
    What the legal clock says after this event goes into the same transaction: deadline, steps, delivery; and so do the
    item's letters that it calls for, written from `facts` where those of the rows change with it.
    """
    acting = await acting_in(kernel, case, actor, type)
    now = kernel.now()
    new = (*happenings(type, now, data), *(happenings(then[0], now, then[2]) if then else ()))
    record = (changes or {}).get("record") or case.record
    timed = await _timed(kernel, case, record, new, to=then[1] if then else to)
    chain = Chain(
        str(case.id),
        no=case.no,
        item=case.item,
        version=case.version,
        at=now,
        head=case.head,
        seq=case.events_count,
        status=case.status,
    )
    chain.place(case.deciding_unit, case.deciding_area)
    chain.add(
        type,
        to=to,
        data={**data, **acting.told, **({"by": by(actor)} if actor else {})},
        actor=actor.id if actor else SYSTEM,
        role=actor.role if actor else SYSTEM,
    )
    if then is not None:
        chain.add(then[0], to=then[1], data=then[2])
    sent = await sendings(kernel, case, chain, changes or {}, timed.case, facts=facts, begins=timed.begins)
    values = {
        "status": chain.status,
        "revision": case.revision + 1,
        "head": chain.head,
        "events_count": chain.seq,
        "updated_at": now,
        "waiting": case.rank if chain.status in UNDER_WAY else None,
        "pay_by": pay_by((changes or {}).get("record", case.record), chain.status),
        **timed.case,
        **(changes or {}),
        **sent.changes,
    }
    try:
        await note(
            reads,
            update(Case, values, {"id": case.id, "revision": case.revision}, must=True),
            insert(chain.events),
            insert(chain.outbox),
            timed.steps,
            acting.guard,
            more,
            sent.rows,
        )
    except Missed:
        if acting.mandate and not await mandate_runs(kernel, acting.mandate):
            raise NotAllowed(ENDED, code="mandate-ended") from None
        raise Conflict(MOVED_ON, code="stale") from None


def by(actor: Actor) -> dict[str, Any]:
    """Who acts, as an event keeps it: names change, and accounts go."""
    return {"name": actor.name, "unit": actor.unit, "site": actor.site}


@dataclass(frozen=True, slots=True)
class _Timed:
    case: Mapping[str, Any]
    steps: Sequence[Statement]
    begins: Sequence[Mapping[str, Any]] = ()
    """What letters tell of each step that has its turn from now on (`sending.begun`)."""


async def _timed(
    kernel: Kernel, case: Case, record: Mapping[str, Any] | None, new: Sequence[Happening], *, to: str
) -> _Timed:
    """What the clock writes beside an event: columns of the case, and the steps whose day or turn has changed.

    By `record` as it is once the event is written: what was found may lay another way from here on.
    """
    dates = await dates_now(kernel, case, new, record)
    running = to in UNDER_WAY
    steps = []
    way = {one.position: one for one in dates.steps} if running and dates is not None else {}
    rows = await CaseStep.filter(case_id=case.id).order_by("position")
    declared = (case.record or {}).get("steps") or ()
    had = {declared[row.position].get("id") for row in rows if row.waiting is not None and row.position < len(declared)}
    begins = begun([one for one in way.values() if to in WITH_OFFICES and one.step.id not in had])
    for row in rows:
        one = way.pop(row.position, None)
        if one is not None:
            values = _stands(case, one, to)
        elif running and dates is not None:
            steps.append(delete(CaseStep, {"id": row.id}))  # no step of the way any more
            continue
        else:
            values = {"waiting": None}
        if any(getattr(row, name) != value for name, value in values.items()):
            steps.append(update(CaseStep, values, {"id": row.id}))
    steps += insert([new_row(CaseStep, case_id=case.id, position=n, **_stands(case, way[n], to)) for n in sorted(way)])
    if dates is None:
        return _Timed({} if running else {"deadline": None, "stopped_since": None, "deliver_by": None}, steps)
    due_date = dates.deadline if running else None
    return _Timed(
        {
            "deadline": due_date.day if due_date else None,
            "provisional": bool(due_date and due_date.provisional),
            "stopped_since": dates.stopped_since if running else None,
            "deliver_by": dates.deliver_by.day if dates.deliver_by else None,
        },
        steps,
        begins,
    )


def _stands(case: Case, one: StepDate, to: str) -> dict[str, Any]:
    """A step as its office's queue has it."""
    return {
        "unit": one.step.unit,
        "area": one.step.area,
        "due": one.due.day,
        "waiting": case.rank if to in WITH_OFFICES and one.current else None,
        "outside": bool(one.step.by),
    }


async def dates_now(
    kernel: Kernel, case: Case, new: Sequence[Happening] = (), record: Mapping[str, Any] | None = None
) -> LegalDates | None:
    """The case's legal dates as its events leave them, with those that are about to be written, and its `record`."""
    events = await Event.filter(case_id=case.id).order_by("seq").only("id", "type", "at", "payload")
    return dates_of(kernel, record or case.record, [*happened(events), *new])


async def after(kernel: Kernel, case: Case, actor: Actor) -> CaseView:
    fresh = await Case.get(id=case.id)
    return await case_view(kernel, fresh, await parts_for(kernel, actor, fresh, strict=False))


def said(text: str, at: str = "/because") -> str:
    """A reason that must be given."""
    if not text.strip():
        raise Unprocessable([Problem(at, "required", "请写明理由。")])
    return text.strip()[:2000]


async def accept(kernel: Kernel, no: str, *, actor: Actor, revision: int) -> CaseView:
    """受理: the day the legal time is counted from, where a person accepts."""
    case, parts = await seen(kernel, no, actor)
    check_move(case, "accept", hats=parts.hats, revision=revision)
    check_paid(await versions.item_by_digest(case.version), case.record, "accept")
    await make_move(
        kernel, case, "accept", hats=parts.hats, revision=revision, actor=actor, data={},
        changes={"accepted_by": actor.id, "accepted_on": kernel.today()},
    )  # fmt: skip
    return await after(kernel, case, actor)


async def ask_correction(
    kernel: Kernel, no: str, *, actor: Actor, wanted: Mapping[str, str], revision: int
) -> CaseView:
    """一次性告知: everything that is missing, material → what is to be mended; once, within five working days."""
    case, parts = await seen(kernel, no, actor)
    record = case.record or {}
    check_move(case, "ask_correction", hats=parts.hats, revision=revision)
    if not wanted or not all(text.strip() for text in wanted.values()):
        raise Unprocessable([Problem("/wanted", "required", "请一次写明全部需要补正的内容。")])
    barred = no_correction(kernel, case)
    if barred is not None:
        raise barred
    told: dict[str, Any] = {"wanted": dict(wanted)}
    law = (await versions.item_by_digest(case.version)).declared.get("correction")
    if law:
        told["until"] = end_of_span(span_of(law), kernel.today(), kernel.calendar).isoformat()
        told |= {key: law[key] for key in ("otherwise", "basis") if key in law}
    await make_move(
        kernel, case, "ask_correction", hats=parts.hats, revision=revision, actor=actor, data=told,
        changes={"record": {**record, "correction_asked": {**told, "day": kernel.today().isoformat()}}},
    )  # fmt: skip
    return await after(kernel, case, actor)


SIMPLE = ("correct", "begin", "resume", "withdraw", "close")


async def simple_move(
    kernel: Kernel, no: str, name: str, *, actor: Actor, revision: int, because: str = ""
) -> CaseView:
    """Moves that carry only their reason: those of `SIMPLE`."""
    if name not in SIMPLE:
        raise ValueError(f"{name} is made by a function of its own.")
    case, parts = await seen(kernel, no, actor)
    changes: dict[str, Any] = {}
    if name == "resume":
        events = await Event.filter(case_id=case.id, type="paused").order_by("seq")
        if (last := noticed_until(case.status, events, kernel.today())) is not None:
            what = events[-1].payload["data"].get("title") or "公示"
            raise Conflict(f"{what}到 {last} 才期满，{last + timedelta(days=1)} 起才能恢复办理。", code="not-over")
    if name == "correct":
        changes["record"] = {**(case.record or {}), "corrected_on": kernel.today().isoformat()}
    data = {"because": because.strip()[:2000]}
    more = insert(withdrawn_letter(kernel, case, actor, data["because"])) if name == "withdraw" else ()
    await make_move(
        kernel, case, name, hats=parts.hats, revision=revision, actor=actor, data=data, changes=changes, more=more
    )
    return await after(kernel, case, actor)
