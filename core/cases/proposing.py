"""What the rules propose for a case while a person has it, and what keeps them from deciding, from the case's own rows.

Asks nobody and writes nothing: the record and the event that tell it go into the transaction of whoever changed a row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.clock import terms_of_record
from core.cases.letters import addressed
from core.cases.models import Case, CaseEvidence, CaseMaterial
from core.cases.paying import paid_of
from core.cases.receipt import terms_of, terms_of_grant
from core.catalog import versions
from core.contract import Decision, Item, MaterialState, Route, RouteStep
from core.judge.decision import NEGATIVE, as_answer, decide
from core.judge.payment import unpaid
from core.judge.sentences import say
from core.judge.verdict import granted_fact

if TYPE_CHECKING:
    from core.kernel import Kernel


def decision_record(decision: Decision) -> dict[str, Any]:
    """A decision as a case's record keeps it."""
    return {
        "outcome": decision.outcome,
        "because": decision.because,
        "basis": decision.basis,
        "rule": decision.rule,
        "instead": decision.instead,
        "held_back": list(decision.held_back),
        **terms_of(decision),
        **({"ground": decision.ground} if decision.ground else {}),
    }


def state_of(row: CaseMaterial, changed: Mapping[str, Any] | None = None) -> MaterialState:
    """A material as its row stands, or will stand once `changed` is written."""
    now = {name: getattr(row, name) for name in ("status", "required", "open", "because", "told")} | dict(changed or {})
    return MaterialState(
        row.material,
        row.title,
        now["status"],
        now["required"],
        now["open"],
        tuple(row.by),
        because=now["because"],
        checked=now["told"] == "accepted",
    )


async def spoken_to(case: Case) -> dict[str, Any]:
    """The applicant of a case as its letters speak to him."""
    (found,) = await spoken_to_each([case])
    return found


async def spoken_to_each(cases: Sequence[Case]) -> list[dict[str, Any]]:
    """As `spoken_to`, of each of these, with one question to the database for all."""
    found: dict[UUID, dict[str, Any]] = {case.id: {} for case in cases}
    for one in await CaseEvidence.filter(case_id__in=[*found], outcome="found") if found else []:
        if one.detail:
            found[one.case_id][one.lookup] = one.detail["value"]
    return [
        addressed((case.record or {}).get("applicant", {}), await versions.item_by_digest(case.version), found[case.id])
        for case in cases
    ]


def confirmations_of(
    rows: Sequence[CaseMaterial], changed: Mapping[str, Mapping[str, Any]] | None = None
) -> dict[str, str]:
    """`/confirmations` as the rows stand, or will stand: what each material's other parties have said."""
    said = {}
    for row in rows:
        now = {name: getattr(row, name) for name in ("status", "required", "open", "told")}
        now |= (changed or {}).get(row.material, {})
        if row.confirm and now["told"] in ("refused", "over"):
            said[row.material] = "refused" if now["told"] == "refused" else "late"
        elif now["status"] == "confirm":
            signed = now["told"] == "signed" or (now["required"] and not now["open"])
            said[row.material] = "confirmed" if signed else "waiting"
    return said


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
    facts["confirmations"] = confirmations_of(materials)
    if record.get("site"):
        facts["site"] = record["site"]
    if record.get("findings"):
        facts["findings"] = record["findings"]
    facts["channel"] = case.channel
    facts["today"] = record.get("today", "")
    return facts


def proposal(
    kernel: Kernel,
    item: Item,
    facts: Mapping[str, Any],
    materials: Sequence[MaterialState],
    route: Route | None,
    record: Mapping[str, Any],
) -> dict[str, Any]:
    """What the rules say of these facts, as the record keeps it; `review` with every reason while one holds it back.

    A refusal that only a later answer of a register brought is told as a doubt, and proposed once findings bear it out.
    One that the applicant's own correction 补正 brought rests on his word, and is proposed.
    """
    doubtful = {as_answer(at) for at in (*record.get("declared", ()), *record.get("disputed", ()))}
    claimed = [*map(as_answer, record.get("claims", ()))]
    known = {**facts, "materials": {one.id: one.status for one in materials}}
    said = decide(
        item, known | granted_fact(item, known, kernel.calendar), materials, route, kernel.calendar,
        unreliable=doubtful, claimed=claimed,
    )  # fmt: skip
    said = unpaid(item, said, record.get("fee"), paid=paid_of(record))
    decision = decision_record(said)
    kept = [*decision["held_back"]]
    if said.outcome in NEGATIVE and not record.get("findings") and not record.get("corrected"):
        kept.append(say("zh", "refuses_now", because=said.because))
    kept += record.get("unfit") or ()
    if record.get("differs"):
        kept.append(say("zh", "differs_now"))
    if kept:
        decision |= {"outcome": "review", "because": "；".join(kept), "basis": "", "instead": None, "held_back": kept}
    return decision


async def restated(
    kernel: Kernel,
    case: Case,
    changed: Mapping[str, Mapping[str, Any]],
    *,
    record: Mapping[str, Any] | None = None,
) -> tuple[dict[str, Any], dict[str, Any]]:
    """The case's record once these materials (id → columns) have changed, and what the event tells of it. `record`: as
    it will be, where something else in it changes too.

    A case that is not a person's to decide keeps its record, and there is nothing to tell.
    """
    record = dict(case.record or {} if record is None else record)
    if case.record is None or case.outcome != "review":
        return record, {}
    item = await versions.item_by_digest(case.version)
    rows = await CaseMaterial.filter(case_id=case.id).order_by("position")
    facts = {**await stored_facts(case), "today": kernel.today().isoformat()}
    facts["confirmations"] = confirmations_of(rows, changed)
    states = [state_of(one, changed.get(one.material)) for one in rows]
    record["decision"] = proposal(kernel, item, facts, states, _road(case, record), record)
    return record, in_event(record["decision"])


def in_event(decision: Mapping[str, Any]) -> dict[str, Any]:
    """A proposal as an event tells it, so that the events alone give what the record says."""
    told = {name: decision[name] for name in ("outcome", "because", "rule", "held_back")}
    return {"decision": {**told, **terms_of_grant(decision)}}


def _road(case: Case, record: Mapping[str, Any]) -> Route | None:
    """The road as it was laid, what the item's own code put on it included."""
    terms = terms_of_record(record)
    steps: tuple[RouteStep, ...] = terms.steps if terms else ()
    unit, area = case.deciding_unit or "", case.deciding_area or ""
    return Route(case.mode or "direct", None, None, unit, area, None, steps, None, False, ())
