"""What a case judged once more changes: its decision in words, its letter, its evidence and its materials.

Knows rows and asks nobody; all of it goes into the one transaction of `actions.rechecking`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from core.cases.clock import finished_steps, terms_of_record
from core.cases.duties import duties_for, duty_rows, in_record
from core.cases.models import Case, CaseConfirmer, CaseEvidence, CaseMaterial
from core.cases.notices import case_letters
from core.cases.proposing import proposal, state_of
from core.cases.rejudging import MACHINE_MAY, Held, Rejudged
from core.cases.results import granting
from core.cases.rows import Statement, delete, insert, row, update
from core.cases.waiting import confirm_key, confirm_keys, confirmer_rows, material_row, pointers_said
from core.contract import Evidence, MaterialState, Route, RouteStep
from core.judge.clock import add_working_days
from core.judge.joining import with_joined
from core.judge.pointers import tokens, walk

if TYPE_CHECKING:
    from core.kernel import Kernel


def decision_of(kernel: Kernel, now: Held, result: Rejudged, record: Mapping[str, Any]) -> dict[str, Any]:
    """What a person is to read of the materials as they stand once this is written; `record`: with what was found."""
    judged = result.judged
    item, facts = result.application.item, judged.facts if judged is not None else result.application.facts
    if record.get("findings"):
        facts = {**facts, "findings": record["findings"]}
    states = [_stands(now.materials.get(state.id), state) for state in result.materials]
    return proposal(kernel, item, facts, states, judged.verdict.route if judged is not None else None, record)


def _stands(held_row: CaseMaterial | None, state: MaterialState) -> MaterialState:
    """This material as it is from now on: what staff, or another party, said of it outlasts what is judged again."""
    if held_row is None:
        return state
    if held_row.told == "rejected" and state.status != "proved":
        return state_of(held_row)  # until another paper, or a register, answers it
    if held_row.told in ("refused", "over") and state.status == "confirm":
        return state_of(held_row)  # what the item wants instead of their word stays wanted
    return replace(state, checked=held_row.told == "accepted" and state.status == "given")


def said_before(now: Held, result: Rejudged) -> dict[str, Any]:
    """Pointer → what was declared while the register was silent, where it was found to hold something else: from now on
    its value stands in the answers, and whoever compares the two has to see both."""
    said = dict((now.case.record or {}).get("said") or {})
    for at in result.differs:
        if at not in said:
            said[at] = walk(now.application.answers, tokens(at))[1]
    return said


def moved_to(now: Held, result: Rejudged) -> Route | None:
    """The route by which another office decides than was told at filing, where `decided_at` reads what is found only
    now; None where it is the same office, or where one has acted: who has a case in hand keeps it.

    Its steps and its deadline are not looked at here: see `longer_way`.
    """
    case, judged = now.case, result.judged
    if (
        judged is None
        or now.in_hand
        or case.status not in MACHINE_MAY
        or not judged.application.item.routing.decided_at
    ):
        return None
    route = judged.verdict.route
    if route is None or (route.deciding_unit, route.deciding_area) == (case.deciding_unit, case.deciding_area):
        return None
    return route


async def longer_way(now: Held, result: Rejudged) -> tuple[RouteStep, ...] | None:
    """The way with the steps that what is found now calls for; None where it stays as it was told.

    None of those told is taken away, and the day that the applicant was told stands (行政许可法 42): who joins works
    within it. But no office that the item wants asked is left out because its register was silent for a moment.
    """
    route = result.judged.verdict.route if result.judged is not None else None
    terms = terms_of_record(now.case.record)
    if route is None or terms is None or result.outcome == "approve":
        return None
    way = with_joined(terms.steps, route.steps, await finished_steps(now.case))
    return way if len(way) > len(terms.steps) else None


def moved_route(told: Mapping[str, Any] | None, route: Route) -> dict[str, Any]:
    """The route in a record with its deciding office anew, and the sentence that says so: its first reason."""
    was = dict(told or {})
    deciding = {"unit": route.deciding_unit, "area": route.deciding_area}
    return {**was, "deciding": deciding, "because": [*route.because[:1], *was.get("because", ())[1:]]}


def letters_of(
    kernel: Kernel, case: Case, record: dict[str, Any], result: Rejudged, decision: Mapping[str, Any]
) -> list[Statement]:
    """The notices of the approval, and what it leaves to be done; what is granted, and why there are no notices, goes
    into the record, as at filing."""
    judged = result.judged
    if judged is None:
        return []
    item, facts = judged.application.item, judged.facts
    record |= granting(record, item, facts, kernel.calendar, no=case.no, on=kernel.today())
    duties = duties_for(
        kernel, item, record, facts, unit=case.deciding_unit or "", area=case.deciding_area, decided_on=kernel.today()
    )
    record |= in_record(duties)
    last = judged.verdict.valid_until
    return [
        *insert(case_letters(kernel, item, case, record, facts=facts, decision=decision, duties=duties)),
        *insert(duty_rows(case.id, duties, last.isoformat() if last else None)),
    ]


def evidence_changes(case: Case, evidence: Mapping[str, Evidence], had: Mapping[str, Evidence]) -> list[Statement]:
    """Evidence rows as they are now; what each said before stays in the events, by its digest."""
    statements: list[Statement] = []
    for name, one in evidence.items():
        values = {"source": one.source, "outcome": one.outcome, "asked_at": one.asked_at, "detail": one.as_json()}
        if name not in had:
            statements += insert([row(CaseEvidence, case_id=case.id, lookup=name, **values)])
        elif one != had[name]:
            statements.append(update(CaseEvidence, values, {"case_id": case.id, "lookup": name}))
    statements += [delete(CaseEvidence, {"case_id": case.id, "lookup": name}) for name in had if name not in evidence]
    return statements


def material_changes(kernel: Kernel, now: Held, result: Rejudged, *, gone: str = "复查后不再需要。") -> list[Statement]:
    """Material rows as they are now; `gone` is told of one that is wanted no more. The day of a `later` that runs stays
    the day that was promised."""
    statements: list[Statement] = []
    for position, state in enumerate(result.materials):
        held_row = now.materials.get(state.id)
        if held_row is None:
            made = material_row(
                kernel, now.case.id, result.application.facts, state, position=position, due=_due(kernel, state)
            )
            statements += insert([made])
            statements += insert(confirmer_rows(kernel, now.case.id, result.application.facts, state))
            continue
        if _named_now(kernel, now, held_row, result, state):
            named = confirm_key(kernel, result.application.facts, state)
            # Their days begin now: before, nobody knew whom to ask.
            statements.append(
                update(CaseMaterial, {"confirm_key": named, "due": _due(kernel, state)}, {"id": held_row.id})
            )
            statements += insert(confirmer_rows(kernel, now.case.id, result.application.facts, state))
            continue
        stood = (held_row.status, held_row.open, tuple(held_row.by), held_row.required)
        if stood == (state.status, state.open, state.by, state.required):
            continue
        if _stands(held_row, state) == state_of(held_row):
            continue
        values: dict[str, Any] = {
            "status": state.status, "open": state.open, "required": state.required, "by": list(state.by),
            "because": state.because,
        }  # fmt: skip
        if state.status == "confirm":
            facts = result.application.facts
            values |= {"confirm": pointers_said(state), "confirm_key": confirm_key(kernel, facts, state)}
            if held_row.status != "confirm":
                statements.append(delete(CaseConfirmer, {"case_id": now.case.id, "material": state.id}))
                statements += insert(confirmer_rows(kernel, now.case.id, facts, state))
        if state.status in ("later", "confirm"):
            values["due"] = held_row.due or _due(kernel, state)
        elif held_row.due is not None:
            values["due"] = None
        statements.append(update(CaseMaterial, values, {"id": held_row.id}))
    wanted = {state.id for state in result.materials}
    statements += [
        update(CaseMaterial, {"open": False, "required": False, "because": gone}, {"id": one.id})
        for id, one in now.materials.items()
        if id not in wanted and (one.open or one.required)
    ]
    return statements


def _named_now(kernel: Kernel, now: Held, row: CaseMaterial, result: Rejudged, state: MaterialState) -> bool:
    """Whether the parties are known only now: the register that names them gave no answer before."""
    waited = row.status == state.status == "confirm" and row.open and state.open and not row.told
    if not waited or row.confirm_key or row.material in now.several:
        return False
    return any(confirm_keys(kernel, result.application.facts, state))


def _due(kernel: Kernel, state: MaterialState) -> date | None:
    return None if state.days is None else add_working_days(kernel.today(), state.days, kernel.calendar)
