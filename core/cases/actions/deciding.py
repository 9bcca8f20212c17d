"""Decisions 决定: approval, rejection, refusal to accept; each with its reason, its record and its letter.

Knows no page; how a move is written is in `moves`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from core.cases.actions.completing import check_complete, found_good, own_steps
from core.cases.actions.moves import after, check_move, dates_now, make_move, said, seen
from core.cases.case_view import CaseView
from core.cases.duties import duties_for, duty_rows, in_record, told_duties
from core.cases.letters import addressed
from core.cases.models import Case, CaseMaterial
from core.cases.notices import case_letters
from core.cases.parts import at_accepting_site
from core.cases.paying import demanded
from core.cases.proposing import stored_facts
from core.cases.results import granting, key_of
from core.cases.rows import Statement, insert
from core.catalog import versions
from core.contract import Actor, Duty, Problem
from core.errors import NotAllowed, Unprocessable
from core.judge.decision import asked_in, most_in_part
from core.judge.granting import plain
from core.judge.numbers import typed
from core.judge.results import further_results
from core.judge.verdict import fee_of
from core.office.persons import accounts_of

if TYPE_CHECKING:
    from core.kernel import Kernel


async def decide(
    kernel: Kernel,
    no: str,
    *,
    actor: Actor,
    outcome: str,
    because: str,
    basis: str | None = None,
    conditions: Sequence[str] = (),
    part: str = "",
    amount: str = "",
    results: Collection[str] | None = None,
    measure: str = "",
    ground: str = "",
    checked: Collection[str] = (),
    revision: int,
) -> CaseView:
    """A reviewer's decision: approve or reject, with the reason the applicant will read.

    An approval may be under `conditions`, or of a `part`: what is granted and what is not, and why. `amount` is what a
    person grants where the item pays out; without it, what the item computes. `results` are the further results that
    he grants (`core.cases.results.key_of`); without them, those that the rules give. `measure` is how much he grants of
    what is counted in a unit of its own; without it, what the rules say. `ground` of a rejection is one of the item's
    `refusals`, whose basis is taken where none is said. `checked`: materials whose paper he has looked at and finds
    good, by this approval.
    Raises Unprocessable (no reason; a rejection or a part without its basis; see `completing.check_complete`),
    NotAllowed (not this office, or who filed or accepted it), Conflict (moved on meanwhile).
    """
    case, parts = await seen(kernel, no, actor)
    await check_separation(case, actor)
    check_move(case, "decide", hats=parts.hats, revision=revision)
    if outcome not in ("approve", "reject"):
        raise Unprocessable([Problem("/outcome", "enum", "请选择准予或不予。")])
    reason = said(because)
    noted = await _ground(case, ground) if outcome == "reject" else {}
    basis = (basis or "").strip() or noted.get("basis", "")
    if outcome == "reject" and not (basis or "").strip():
        raise Unprocessable([Problem("/basis", "required", "不予的，应当写明依据。")])
    terms = _terms(conditions, part) if outcome == "approve" else {}
    if terms.get("part") and not (basis or "").strip():
        raise Unprocessable([Problem("/basis", "required", "部分不予的，应当写明依据。")])
    papers: list[CaseMaterial] = []
    if outcome == "approve" and (much := await _measured(case, measure, terms.get("part", ""))):
        terms["granted"] = much
    dates = await dates_now(kernel, case)
    if outcome == "approve":
        papers = await check_complete(kernel, case, dates, checked)
    today, now = kernel.today(), kernel.now()
    decision: dict[str, Any] = {
        "outcome": outcome,
        "because": reason,
        "basis": (basis or "").strip(),
        "rule": None,
        "instead": None,
        "held_back": [],
        **terms,
        **({"ground": ground} if noted else {}),
    }
    granted = _amount(amount)
    if terms.get("part") and granted is not None:
        await _check_part(case, granted)
    if outcome == "approve" and results is not None:
        await _check_results(kernel, case, results, in_part=bool(terms.get("part")))
    newer, letter, told = await decided_record(kernel, case, decision, amount=granted, results=results)
    await make_move(
        kernel,
        case,
        "decide",
        hats=parts.hats,
        revision=revision,
        actor=actor,
        data={
            "outcome": outcome,
            "because": reason,
            "basis": decision["basis"],
            "finishes": own_steps(case, await versions.item_by_digest(case.version), dates),
            **({"checked": [one.material for one in papers]} if papers else {}),
            **terms,
            **({"ground": ground} if noted else {}),
            **told,
        },
        changes={
            "outcome": outcome,
            "decided_at": now,
            "record": newer,
            **({"accepted_on": today} if case.accepted_on is None else {}),
        },
        more=[*letter, *found_good(papers)],
    )
    return await after(kernel, case, actor)


async def _ground(case: Case, ground: str) -> Mapping[str, Any]:
    """The item's declared ground of refusal; empty where none was chosen. Raises Unprocessable."""
    if not ground:
        return {}
    declared: Sequence[Mapping[str, Any]] = (await versions.item_by_digest(case.version)).declared.get("refusals", ())
    found = next((one for one in declared if one["id"] == ground), None)
    if found is None:
        raise Unprocessable([Problem("/ground", "enum", "请从列出的事由里选择。")])
    return found


def _terms(conditions: Sequence[str], part: str) -> dict[str, Any]:
    """What an approval says besides, cut as reasons are."""
    lines = [said(one, "/conditions") for one in conditions if one.strip()][:20]
    return {**({"conditions": lines} if lines else {}), **({"part": said(part, "/part")} if part.strip() else {})}


async def _check_part(case: Case, granted: str) -> None:
    """Who grants a part grants no more than was asked for, or than the item computes. Raises Unprocessable."""
    item, facts = await versions.item_by_digest(case.version), await stored_facts(case)
    most = most_in_part(item, facts, (case.record or {}).get("amount"))
    if most is not None and Decimal(granted) > most:
        what = f"部分准予的金额不能多于 {most:.2f} 元：申请的和按规则算出的，以少的为限。"
        raise Unprocessable([Problem("/amount", "maximum", what)])


async def _measured(case: Case, measure: str, part: str) -> dict[str, str] | None:
    """How much is granted, in its unit; None where the item counts in none. Raises Unprocessable."""
    proposed = ((case.record or {}).get("decision") or {}).get("granted")
    if not proposed:
        return None
    unit, said_ = proposed["unit"], measure.strip() or proposed["number"]
    value = typed(said_)
    if value is None:
        raise Unprocessable([Problem("/measure", "format", "请用数字填写准予多少，如 8。")])
    if value <= 0:
        raise Unprocessable([Problem("/measure", "exclusiveMinimum", "准予的要大于 0。")])
    item, facts = await versions.item_by_digest(case.version), await stored_facts(case)
    most = asked_in(item, facts, unit)
    if most is not None and value > most:
        raise Unprocessable([Problem("/measure", "maximum", f"准予的不能多于申请的 {plain(most)} {unit}。")])
    if most is not None and value < most and plain(value) not in part:
        what = f"准予的比申请的少：请在“只准予一部分”里写明准予 {plain(value)} {unit}、为什么。"
        raise Unprocessable([Problem("/part", "required", what)])
    return {"number": plain(value), "unit": unit}


async def _check_results(kernel: Kernel, case: Case, results: Collection[str], *, in_part: bool) -> None:
    """Who gives fewer certificates than were asked for says which he refuses, and why. Raises Unprocessable."""
    item, facts = await versions.item_by_digest(case.version), await stored_facts(case)
    with contextlib.suppress(ValueError):  # a duration beyond the calendar is told with the letter
        every = {key_of(one) for one in further_results(item, facts, kernel.calendar, kernel.today())}
        if not every >= {*results}:
            raise Unprocessable([Problem("/results", "enum", "有的证照现在不能发，请刷新后再选。")])
        if every - {*results} and not in_part:
            what = "有证照不发的，请在“只准予一部分”里写明不发哪几份、为什么。"
            raise Unprocessable([Problem("/part", "required", what)])


def _amount(given: str) -> str | None:
    """What a person grants instead of the computed amount; None: that one stands. Raises Unprocessable."""
    if not given.strip():
        return None
    value = typed(given)
    if value is None:
        raise Unprocessable([Problem("/amount", "format", "请用数字填写核定的金额，如 300.00。")])
    if value < 0:
        raise Unprocessable([Problem("/amount", "minimum", "核定的金额不能小于 0。")])
    if value != round(value, 2):
        raise Unprocessable([Problem("/amount", "multipleOf", "核定的金额精确到分，最多两位小数。")])
    return f"{value:.2f}"


async def refuse(kernel: Kernel, no: str, *, actor: Actor, because: str, basis: str, revision: int) -> CaseView:
    """不予受理, with its reason and basis."""
    case, parts = await seen(kernel, no, actor)
    check_move(case, "refuse", hats=parts.hats, revision=revision)
    reason = said(because)
    law = said(basis, "/basis")
    decision: dict[str, Any] = {
        "outcome": "decline",
        "because": reason,
        "basis": law,
        "rule": None,
        "instead": None,
        "held_back": [],
    }
    newer, letter, told = await decided_record(kernel, case, decision)
    await make_move(
        kernel, case, "refuse", hats=parts.hats, revision=revision, actor=actor,
        data={"outcome": "decline", "because": reason, "basis": law, **told},
        more=letter,
        changes={
            "outcome": "decline", "decided_at": kernel.now(), "record": newer,
        },
    )  # fmt: skip
    return await after(kernel, case, actor)


async def decided_record(
    kernel: Kernel,
    case: Case,
    decision: Mapping[str, Any],
    *,
    amount: str | None = None,
    results: Collection[str] | None = None,
) -> tuple[dict[str, Any], list[Statement], Mapping[str, Any]]:
    """The case's record with this decision in it; the letters that tell it and what is to be paid, and what it leaves
    to be done; and what the event tells of both. Why there is no letter is in the record."""
    record = case.record or {}
    if amount is not None and decision["outcome"] == "approve":
        record = {**record, "amount": amount}
    newer = {**record, "decision": decision, "proposed": record.get("decision")}
    item, facts = await versions.item_by_digest(case.version), await stored_facts(case)
    if amount is not None and decision["outcome"] == "approve":
        # Of a part a part of the fee, where the fee rests on what is granted.
        newer["fee"] = fee_of(item, {**facts, "result": {"amount": float(amount)}}, kernel.calendar)
    duties: tuple[Duty, ...] = ()
    if decision["outcome"] == "approve":
        newer |= granting(newer, item, facts, kernel.calendar, no=case.no, on=kernel.today(), keys=results)
        unit, area = case.deciding_unit or "", case.deciding_area
        duties = duties_for(kernel, item, newer, facts, unit=unit, area=area, decided_on=kernel.today())
        newer |= in_record(duties)
    letters = case_letters(kernel, item, case, newer, facts=facts, decision=decision, duties=duties)
    asked = demanded(
        kernel, item, newer, outcome=decision["outcome"], case_id=str(case.id), no=case.no,
        applicant=addressed(facts["applicant"], item, facts["lookups"]), unit=case.deciding_unit,
    )  # fmt: skip
    follows = insert(duty_rows(case.id, duties, newer.get("valid_until")))
    return asked.record, [*insert([*letters, *asked.letters]), *follows], {**asked.told, **told_duties(newer)}


async def check_separation(case: Case, actor: Actor) -> None:
    """Who filed or accepted does not decide alone, by whichever account of his. Raises NotAllowed."""
    mine = await accounts_of(actor)
    if mine.keys() & {case.actor, case.accepted_by} or at_accepting_site(actor, case):
        raise NotAllowed("收件或受理人员不能单独作出决定，请由另一位审核人员办理。", code="separation-of-duties")
