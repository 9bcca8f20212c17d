"""The moves of the lifecycle table: one wins, the other is told, nothing is half done.

Knows one way to write a move: the case over the revision that was seen, its event, its outbox row, in one transaction.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from core.cases import numbers
from core.cases.chain import SYSTEM, Chain
from core.cases.letters import LetterFailed
from core.cases.lifecycle import OFFICE, UNDER_WAY, move
from core.cases.models import Case, CaseEvidence, CaseMaterial, Event
from core.cases.notices import decision_letter
from core.cases.nouns import CaseView
from core.cases.parts import Parts, at_accepting_site, parts_of
from core.cases.rows import Missed, Statement, insert, update, write
from core.cases.views import case_view, due_of
from core.catalog import versions
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.judge.clock import add_working_days

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
    "decide": "decided",
    "deliver": "delivered",
    "withdraw": "withdrawn",
    "close": "closed",
}
CORRECTION_DAYS = 5
"""行政许可法第三十二条: within five working days, all that is missing at once; else the case counts as accepted."""
DELIVERY_DAYS = 10


async def seen(kernel: Kernel, no: str, actor: Actor) -> tuple[Case, Parts]:
    """The case and the actor's parts in it. Raises NotFound where he may not even read it."""
    number = numbers.read(no)
    case = await Case.get_or_none(no=number) if number else None
    parts = parts_of(kernel, actor, case) if case is not None else None
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
    """Write the move `name`; `more` goes into the same transaction.

    Raises Conflict (the state forbids it, or somebody was faster), NotAllowed (not by this person). Nothing is written
    then.
    """
    if case.revision != revision:
        raise Conflict(MOVED_ON, code="stale")
    step = move(name, case.status)
    if not hats & step.makers:
        raise NotAllowed("您无权对此办件进行该操作。", code="not-your-move")
    await add_event(kernel, case, EVENT_NAMES[name], to=step.ends, data=data, actor=actor, changes=changes, more=more)


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
) -> None:
    """One more link on the case as it was read, with all that comes of it. Raises Conflict where it has moved on.

    `then` is a second one by the system, (type, to, data), in the same transaction.
    """
    now = kernel.now()
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
        data={**data, "by": {"name": actor.name, "unit": actor.unit, "site": actor.site}} if actor else data,
        actor=actor.id if actor else SYSTEM,
        role=actor.role if actor else SYSTEM,
    )
    if then is not None:
        chain.add(then[0], to=then[1], data=then[2])
    values = {
        "status": chain.status,
        "revision": case.revision + 1,
        "head": chain.head,
        "events_count": chain.seq,
        "updated_at": now,
        "waiting": case.rank if chain.status in UNDER_WAY else None,
        **(changes or {}),
    }
    try:
        await write(
            update(Case, values, {"id": case.id, "revision": case.revision}, must=True),
            insert(chain.events),
            insert(chain.outbox),
            more,
        )
    except Missed:
        raise Conflict(MOVED_ON, code="stale") from None


async def after(kernel: Kernel, case: Case, actor: Actor) -> CaseView:
    fresh = await Case.get(id=case.id)
    return await case_view(kernel, fresh, parts_of(kernel, actor, fresh))


def _because(text: str, at: str = "/because") -> str:
    if not text.strip():
        raise Unprocessable([Problem(at, "required", "请写明理由。")])
    return text.strip()[:2000]


async def decide(
    kernel: Kernel,
    no: str,
    *,
    actor: Actor,
    outcome: str,
    because: str,
    basis: str | None = None,
    revision: int,
) -> CaseView:
    """A reviewer's decision: approve or reject, with the reason the applicant will read.

    Raises Unprocessable (no reason; a rejection without its basis; a material still open), NotAllowed (not this office,
    or who filed or accepted it), Conflict (moved on meanwhile).
    """
    case, parts = await seen(kernel, no, actor)
    if outcome not in ("approve", "reject"):
        raise Unprocessable([Problem("/outcome", "enum", "请选择准予或不予。")])
    reason = _because(because)
    check_separation(case, actor)
    if OFFICE not in parts.hats:
        raise NotAllowed("只有决定部门的审核人员可以作出决定。", code="not-your-move")
    if outcome == "reject" and not (basis or "").strip():
        raise Unprocessable([Problem("/basis", "required", "不予许可应当写明依据。")])
    if outcome == "approve":
        await _check_materials(case)
    today, now = kernel.today(), kernel.now()
    decision: dict[str, Any] = {
        "outcome": outcome,
        "because": reason,
        "basis": (basis or "").strip(),
        "rule": None,
        "instead": None,
        "held_back": [],
    }
    newer, letter = await decided_record(kernel, case, decision)
    await make_move(
        kernel,
        case,
        "decide",
        hats=parts.hats,
        revision=revision,
        actor=actor,
        data={"outcome": outcome, "because": reason, "basis": decision["basis"]},
        changes={
            "outcome": outcome,
            "decided_at": now,
            "deadline": None,
            "record": newer,
            **({"accepted_on": today} if case.accepted_on is None else {}),
        },
        more=letter,
    )
    return await after(kernel, case, actor)


async def decided_record(
    kernel: Kernel, case: Case, decision: Mapping[str, Any]
) -> tuple[dict[str, Any], list[Statement]]:
    """The case's record with this decision in it, and the letter that tells it; why there is none is in the record."""
    record = case.record or {}
    newer = {**record, "decision": decision, "proposed": record.get("decision")}
    try:
        letter = decision_letter(
            kernel,
            await versions.item_by_digest(case.version),
            str(case.id),
            no=case.no,
            facts=await stored_facts(case),
            decision=decision,
            unit=case.deciding_unit or "",
            area=case.deciding_area,
            fee=record.get("fee"),
            amount=record.get("amount"),
            filed_on=date.fromisoformat(record["today"]),
            today=kernel.today(),
            now=kernel.now(),
        )
    except LetterFailed as error:
        return {**newer, "letter_fault": str(error)}, []
    return newer, insert([letter] if letter is not None else [])


def check_separation(case: Case, actor: Actor) -> None:
    """Who filed or accepted does not decide alone. Raises NotAllowed."""
    if actor.id in (case.actor, case.accepted_by) or at_accepting_site(actor, case):
        raise NotAllowed("收件或受理人员不能单独作出决定，请由另一位审核人员办理。", code="separation-of-duties")


async def _check_materials(case: Case) -> None:
    missing = await CaseMaterial.filter(case_id=case.id, required=True, open=True)
    if missing:
        raise Unprocessable(
            [Problem(f"/materials/{one.material}", "open", f"材料“{one.title}”尚未齐备，不能准予。") for one in missing]
        )


async def stored_facts(case: Case) -> dict[str, Any]:
    """The facts as they were judged, from the case's own rows."""
    record = case.record or {}
    evidence = await CaseEvidence.filter(case_id=case.id)
    facts: dict[str, Any] = {"applicant": record.get("applicant", {})}
    if record.get("agent"):
        facts["agent"] = record["agent"]
    facts["answers"] = record.get("answers", {})
    facts["lookups"] = {one.lookup: one.detail["value"] for one in evidence if one.outcome == "found" and one.detail}
    facts["outcomes"] = {one.lookup: one.outcome for one in evidence}
    materials = await CaseMaterial.filter(case_id=case.id).order_by("position")
    facts["materials"] = {one.material: one.status for one in materials}
    if record.get("site"):
        facts["site"] = record["site"]
    facts["channel"] = case.channel
    facts["today"] = record.get("today", "")
    return facts


async def accept(kernel: Kernel, no: str, *, actor: Actor, revision: int) -> CaseView:
    """受理: the day the legal time is counted from, where a person accepts."""
    case, parts = await seen(kernel, no, actor)
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
    if not wanted or not all(text.strip() for text in wanted.values()):
        raise Unprocessable([Problem("/wanted", "required", "请一次写明全部需要补正的内容。")])
    if record.get("correction_asked"):
        raise Conflict("补正通知只能发一次。", code="correction-once")
    if case.status == "in_step" and case.accepted_on is not None:
        raise Conflict("办件已受理，不能再要求补正。", code="already-accepted")
    last = add_working_days(date.fromisoformat(record["today"]), CORRECTION_DAYS, kernel.calendar)
    if kernel.today() > last:
        raise Conflict("已超过五个工作日，办件视为受理，不能再要求补正。", code="correction-too-late")
    await make_move(
        kernel, case, "ask_correction", hats=parts.hats, revision=revision, actor=actor,
        data={"wanted": dict(wanted)},
        changes={"record": {**record, "correction_asked": {"wanted": dict(wanted), "day": kernel.today().isoformat()}}},
    )  # fmt: skip
    return await after(kernel, case, actor)


async def refuse(kernel: Kernel, no: str, *, actor: Actor, because: str, basis: str, revision: int) -> CaseView:
    """不予受理, with its reason and basis."""
    case, parts = await seen(kernel, no, actor)
    reason = _because(because)
    law = _because(basis, "/basis")
    decision: dict[str, Any] = {
        "outcome": "decline",
        "because": reason,
        "basis": law,
        "rule": None,
        "instead": None,
        "held_back": [],
    }
    newer, letter = await decided_record(kernel, case, decision)
    await make_move(
        kernel, case, "refuse", hats=parts.hats, revision=revision, actor=actor,
        data={"outcome": "decline", "because": reason, "basis": law},
        more=letter,
        changes={
            "outcome": "decline", "deadline": None, "decided_at": kernel.now(),
            "record": newer,
        },
    )  # fmt: skip
    return await after(kernel, case, actor)


async def simple_move(
    kernel: Kernel, no: str, name: str, *, actor: Actor, revision: int, because: str = ""
) -> CaseView:
    """Moves that carry only their reason: correct, begin, finish_step, pause, resume, deliver, withdraw, close."""
    if name not in ("correct", "begin", "finish_step", "pause", "resume", "deliver", "withdraw", "close"):
        raise ValueError(f"{name} is made by a function of its own.")
    case, parts = await seen(kernel, no, actor)
    reason = _because(because) if name == "pause" else because.strip()[:2000]
    changes: dict[str, Any] = {"deadline": None} if name in ("withdraw", "close") else {}
    if name in ("resume", "correct"):
        # The clock runs again: from here on the case carries the day that the pause has moved it to.
        events = await Event.filter(case_id=case.id).order_by("seq").only("type", "at")
        now = (EVENT_NAMES[name], kernel.now().isoformat())
        changes["deadline"] = due_of(kernel, case, [*((one.type, one.at) for one in events), now]).day
    if name == "correct":
        changes["record"] = {**(case.record or {}), "corrected_on": kernel.today().isoformat()}
    await make_move(
        kernel, case, name, hats=parts.hats, revision=revision, actor=actor, data={"because": reason}, changes=changes
    )
    return await after(kernel, case, actor)
