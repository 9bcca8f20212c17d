"""Asking again for a case under way: by itself when a source has come back, or because an officer wants it.

Sources are asked outside any transaction; evidence, materials, event and verdict are then written in one, over the
revision that was read: of the machine and an officer who act at the same moment one wins.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tortoise.expressions import F

from core.cases.actions.moves import MOVED_ON, add_event, after, seen
from core.cases.asking import ANY_AGE, access_rows, asked_now
from core.cases.case_view import CaseView
from core.cases.chain import SYSTEM
from core.cases.connector import looking_for
from core.cases.duties import told_duties
from core.cases.lifecycle import UNDER_WAY
from core.cases.logbook import note
from core.cases.models import Case, Waiting
from core.cases.paying import demanded
from core.cases.proposing import decision_record, in_event, spoken_to
from core.cases.receipt import step_json, terms_of_grant
from core.cases.rejudged import (
    decision_of,
    evidence_changes,
    letters_of,
    longer_way,
    material_changes,
    moved_route,
    moved_to,
    said_before,
)
from core.cases.rejudging import MACHINE_MAY, Held, Rejudged, held, rejudge
from core.cases.rows import Statement, delete, insert
from core.cases.waiting import silent, waiting_rows
from core.contract import Actor, Evidence
from core.errors import Conflict, NotAllowed, NotFound, Unavailable
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

LEASE = timedelta(seconds=60)
"""A worker that dies while it asks gives the case back after this long."""
LONGEST_WAIT, PATIENT_WAIT = timedelta(minutes=5), timedelta(hours=6)
"""While the source is in trouble; and while it answers others but not this one, so that nobody's record is read on
and on for nothing."""
BATCH = 20
MOST = 200
"""Cases of one turn of the job: the rest waits for the next."""
PATIENCE_S = 20.0
"""Nobody sits before a page: a source too slow for one is waited for, as long as its own limit and the lease allow."""


async def recheck_due(kernel: Kernel) -> tuple[int, int]:
    """(cases asked for, cases decided). One source after the other; one that rests is not waited for."""
    asked = decided = 0
    sources = await Waiting.filter(next_at__lte=kernel.now()).distinct().values_list("source", flat=True)
    for source in sorted(str(one) for one in sources):
        while asked < MOST and kernel.sources.ready(source):
            due = await Waiting.filter(source=source, next_at__lte=kernel.now()).order_by("next_at").limit(BATCH)
            if not due:
                break
            for one in due:
                # A source on trial is given one question; the others wait to see how that goes.
                if not kernel.sources.ready(source):
                    break
                if await _claim(kernel, one):
                    asked += 1
                    decided += await _recheck(kernel, one)
    return asked, decided


async def _claim(kernel: Kernel, one: Waiting) -> bool:
    now = kernel.now()
    mine = Waiting.filter(id=one.id, tries=one.tries, next_at__lte=now)
    return bool(await mine.update(tries=F("tries") + 1, next_at=now + LEASE))


async def _recheck(kernel: Kernel, one: Waiting) -> bool:
    """True where it led to a decision."""
    case = await Case.get_or_none(id=one.case_id)
    if case is None or case.status not in UNDER_WAY or case.record is None:
        await Waiting.filter(case_id=one.case_id).delete()
        return False
    try:
        now = await held(kernel, case)
        waited = {e.lookup for e in now.application.evidence.values() if e.outcome == "down"}
        again = {n for n in waited if kernel.sources.ready(now.application.evidence[n].source)}
        decided = await look_again(kernel, now, again, machine=True)
    except (Conflict, NotFound, Unavailable):
        # Somebody acted at this very moment, or the owning plugin could not be asked: the next turn sees to it.
        decided = False
    await _put_off(kernel, one)
    return decided


async def _put_off(kernel: Kernel, one: Waiting) -> None:
    """Wait longer each time: not long for a source in trouble, long for one that answers everybody else."""
    most = PATIENT_WAIT if kernel.sources.well(one.source) else LONGEST_WAIT
    wait = min(most, timedelta(seconds=10 * 2 ** min(one.tries, 12)))
    await Waiting.filter(id=one.id).update(next_at=kernel.now() + wait)


async def ask_sources_again(kernel: Kernel, no: str, *, actor: Actor, revision: int) -> CaseView:
    """由窗口代查: an officer has asked again whatever gave no answer or held nothing. He decides; no rule does.

    Raises NotAllowed, Conflict (moved on, over, or nothing to ask), Unavailable where still nobody answers.
    """
    case, _ = await seen(kernel, no, actor)
    if not may(
        actor, "case.look_up", own=case.actor == actor.id, unit=case.deciding_unit, area=case.deciding_area,
        site=case.site, office=kernel.office,
    ):  # fmt: skip
        raise NotAllowed("您不能为此办件查询数据源。", code="not-your-move")
    if case.revision != revision:
        raise Conflict(MOVED_ON, code="stale")
    if case.status not in UNDER_WAY or case.record is None:
        raise Conflict("办件已办结，不再查询。", code="move-not-possible")
    now = await held(kernel, case)
    item, had = now.application.item, now.application.evidence
    again = {name for name in item.lookups if name not in had or had[name].outcome in ("down", "empty")}
    if not again:
        raise Conflict("各数据源都已答复，不用再查。", code="nothing-to-ask")
    await look_again(kernel, now, again, machine=False, actor=actor)
    fresh = await after(kernel, case, actor)
    if fresh.revision == revision:
        raise Unavailable(
            "已再次查询，仍未得到新的答复。请稍后再试，或登记您从其他途径核实的情况。", code="still-silent"
        )
    return fresh


async def settle(kernel: Kernel, case_id: str) -> bool:
    """A material was closed by somebody else than staff: the rules are asked again. True where one decided."""
    case = await Case.get_or_none(id=case_id)
    if case is None or case.record is None or case.status not in UNDER_WAY:
        return False
    try:
        return await look_again(kernel, await held(kernel, case), (), machine=True, changed=True)
    except (Conflict, NotFound, Unavailable):
        return False  # a person decides


# --- asking and writing ----------------------------------------------------------------------------------


async def look_again(
    kernel: Kernel,
    now: Held,
    again: Collection[str],
    *,
    machine: bool,
    actor: Actor | None = None,
    changed: bool = False,
) -> bool:
    """Ask `again`, and write what has changed. True where a rule decided. Raises Conflict where somebody was faster.

    `changed`: something else than the evidence has, so the rules are asked whatever comes.

    A machine decides only by rules that approve, on answers none of which is older than at a filing, and only while no
    member of staff has the case in hand. What it would refuse, a person looks at.
    """
    had = now.application.evidence
    evidence = await _ask(kernel, now, had, {name: one for name, one in had.items() if name not in again}, actor)
    if not changed and _same(evidence, had):
        return False
    result = await rejudge(kernel, now, evidence)
    decides = machine and not now.in_hand and now.case.status in MACHINE_MAY
    if decides and result.outcome == "approve":
        fresh = await _ask(kernel, now, evidence, evidence, actor, max_age_s=None)
        gone = [name for name, one in evidence.items() if one.outcome == "found" and _outcome(fresh, name) == "down"]
        # What was proved stays proved while its source is silent; but nothing is decided on it by itself.
        evidence = {**fresh, **{name: evidence[name] for name in gone}}
        result = await rejudge(kernel, now, evidence)
        decides = not gone
    return await _write(kernel, now, result, evidence, decides=decides, machine=machine, actor=actor)


def _outcome(evidence: Mapping[str, Evidence], name: str) -> str:
    return evidence[name].outcome if name in evidence else ""


def _same(evidence: Mapping[str, Evidence], had: Mapping[str, Evidence]) -> bool:
    def told(all_of_it: Mapping[str, Evidence]) -> dict[str, tuple[str, str]]:
        return {name: (one.outcome, one.digest) for name, one in all_of_it.items()}

    return told(evidence) == told(had)


async def _ask(
    kernel: Kernel,
    now: Held,
    had: Mapping[str, Evidence],
    already: Mapping[str, Evidence],
    actor: Actor | None,
    *,
    max_age_s: float | None = ANY_AGE,
) -> dict[str, Evidence]:
    """Every question that was asked is logged, whatever becomes of it."""
    view = replace(now.application, evidence=dict(had))
    looked = looking_for.set(now.case.id)
    try:
        evidence = await kernel.sources.ask(
            view.item,
            view.facts,
            already=already,
            consents=view.consents,
            calendar=kernel.calendar,
            max_age_s=max_age_s,
            budget_s=None if actor is not None else PATIENCE_S,
        )
    finally:
        looking_for.reset(looked)
    log = access_rows(
        kernel,
        asked_now(evidence, had),
        actor=actor.id if actor else SYSTEM,
        actor_role=actor.role if actor else SYSTEM,
        applicant=view.applicant,
        item=view.item,
        reference=now.case.no,
        at=kernel.now(),
    )
    await note(log)
    return evidence


async def _write(
    kernel: Kernel,
    now: Held,
    result: Rejudged,
    evidence: Mapping[str, Evidence],
    *,
    decides: bool,
    machine: bool,
    actor: Actor | None,
) -> bool:
    case, record = now.case, dict(now.case.record or {})
    moved = moved_to(now, result) if machine else None
    if moved is not None:
        # Before the letter and the event, which name the office that decides.
        case.deciding_unit, case.deciding_area = moved.deciding_unit, moved.deciding_area
        record["route"] = moved_route(record.get("route"), moved)
    approved = decides and result.outcome == "approve"
    changes: dict[str, Any] = {}
    if moved is not None:
        changes |= {
            "deciding_unit": moved.deciding_unit, "deciding_area": moved.deciding_area,
            "site_may": moved.accepting_may,
        }  # fmt: skip
    more: list[Statement] = [
        *evidence_changes(case, evidence, now.application.evidence),
        *material_changes(kernel, now, result),
    ]
    then: tuple[str, str, Mapping[str, Any]] | None = None
    longer = await longer_way(now, result)
    if longer is not None and record.get("route"):
        record |= {
            "steps": [asdict(step) for step in longer],
            "route": {**record["route"], "steps": [step_json(step) for step in longer]},
        }
    if result.judged is not None:
        verdict = result.judged.verdict
        changes["zero_material"] = verdict.zero_material
        record |= {
            "answers": result.judged.answers,
            "declared": [*result.judged.declared],
            "fee": verdict.fee,
            "amount": verdict.amount,
        }
    record |= {
        "differs": sorted({*record.get("differs", ()), *result.differs}),
        "said": said_before(now, result),
        "unfit": [problem.message for problem in result.problems],
    }
    verdict_now = decision_record(result.judged.verdict.decision) if approved and result.judged is not None else None
    decision = verdict_now or decision_of(kernel, now, result, record)
    if case.outcome == "review":
        # A case that an officer has decided never comes here; one under way shows what the rules say of it now.
        record["decision"] = decision
    if approved and result.judged is not None:
        more += letters_of(kernel, case, record, result, decision)
        changes |= {"outcome": "approve", "decided_at": kernel.now(), "deadline": None}
        if case.accepted_on is None:
            changes["accepted_on"] = kernel.today()
        reasons = {key: decision[key] for key in ("outcome", "because", "basis", "rule", "held_back")}
        reasons |= terms_of_grant(decision) | told_duties(record)
        then = ("decided", "decided", reasons)
    asked = demanded(
        kernel, now.application.item, record, outcome="approve" if approved else case.outcome, case_id=str(case.id),
        no=case.no, applicant=await spoken_to(case), unit=case.deciding_unit,
    )  # fmt: skip
    record, more = asked.record, [*more, *insert(asked.letters)]
    if approved:
        more.append(delete(Waiting, {"case_id": case.id}))
    else:
        still, waited = silent(evidence.values()), silent(now.application.evidence.values())
        more += [delete(Waiting, {"case_id": case.id, "source": one}) for one in waited if one not in still]
        newly = [one for one in evidence.values() if one.outcome == "down" and one.source not in waited]
        more += insert(waiting_rows(case.id, newly, kernel.now()))
    await add_event(
        kernel,
        case,
        "rechecked",
        to=case.status,
        actor=actor,
        data={
            "lookups": {name: one.digest or one.outcome for name, one in evidence.items()},
            "materials": {state.id: state.status for state in result.materials},
            "differs": list(result.differs),
            "problems": [problem.at for problem in result.problems],
            **({"moved": {"unit": moved.deciding_unit, "area": moved.deciding_area}} if moved is not None else {}),
            **({"steps": [step.title or step.unit for step in longer]} if longer is not None else {}),
            **in_event(decision),
            **asked.told,
        },
        changes={**changes, "record": record},
        more=more,
        then=then,
        facts=result.judged.facts if result.judged is not None else None,
    )
    return approved
