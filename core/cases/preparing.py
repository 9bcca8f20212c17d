"""Every row of one filing, made before the transaction begins.

Knows no database: a list of rows comes out, in the order in which they are to be written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases import numbers
from core.cases.chain import Chain
from core.cases.clock import dates_of, happenings
from core.cases.correcting import correction_rows
from core.cases.duties import duty_rows, in_record, told_duties
from core.cases.files import is_proof
from core.cases.filing import Judged, is_open, is_unseen
from core.cases.letters import LetterFailed, addressed
from core.cases.lifecycle import UNDER_WAY, WITH_OFFICES
from core.cases.models import Case, CaseEvidence, CaseFile, CaseStep
from core.cases.notices import letter_fault, notices
from core.cases.nouns import Receipt
from core.cases.paying import demanded, pay_by
from core.cases.promising import signed_letter
from core.cases.proposing import decision_record
from core.cases.receipt import decision_json, materials_json, route_json, terms_of_grant
from core.cases.record import record_of
from core.cases.rows import Row, new_id, row
from core.cases.sending import WRITTEN, About, Happened, begun, faults_of, letters_of, wanted
from core.cases.standing import key_of
from core.cases.waiting import confirm_keys, confirmer_rows, material_row, waiting_rows
from core.contract import Actor, Item
from core.judge.clock import add_working_days
from core.judge.legal_clock import Happening
from core.judge.letters import BEGUN

if TYPE_CHECKING:
    from core.kernel import Kernel


def tracking_hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()


def tracking_code(kernel: Kernel, case_id: UUID | str) -> str:
    """Derived, so that a retry gets the same code although only its hash is kept."""
    return kernel.keys.code("tracking", str(case_id))


def told(item: Item) -> bool:
    """A decision made at filing is told by the answer itself, where the item's result goes out electronically."""
    return "electronic" in ((item.declared.get("result") or {}).get("delivery") or ("electronic",))


def chain_happenings(chain: Chain) -> list[Happening]:
    return [one for type, data in chain.said for one in happenings(type, chain.at, data)]


class Prepared:
    """Every row of one filing, made before the transaction begins."""

    def __init__(
        self, kernel: Kernel, judged: Judged, *, actor: Actor, filing_key: str, body_digest: str, now: datetime
    ) -> None:
        application, verdict = judged.application, judged.verdict
        item, route = application.item, verdict.route
        today = application.today
        case_id = new_id()
        no = numbers.new(today)
        code = tracking_code(kernel, case_id)
        outcome = verdict.decision.outcome
        decided = outcome in ("approve", "reject")
        chain = Chain(case_id, no=no, item=item.id, version=item.digest, at=now)
        if route is not None:
            chain.place(route.deciding_unit, route.deciding_area)
        chain.add(
            "filed",
            actor=actor.id,
            role=actor.role,
            to="filed",
            data={
                "by": {"name": actor.name, "site": application.site.id if application.site else None},
                "applicant": {"name": application.applicant.get("name") or ""},
                "standing": application.standing,
                "channel": application.channel,
                "lookups": {name: one.digest or one.outcome for name, one in application.evidence.items()},
                "consents": sorted(application.consents),
                "promises": list(application.promises),
                "declared": list(judged.declared),
                "disputed": list(application.disputed),
                **({"claims": dict(application.filling.claimed)} if application.filling.claimed else {}),
                "ignored": application.ignored,
            },
        )
        reasons = {
            "outcome": outcome,
            "because": verdict.decision.because,
            "basis": verdict.decision.basis,
            "rule": verdict.decision.rule,
            "held_back": list(verdict.decision.held_back),
            **terms_of_grant(decision_record(verdict.decision)),
        }
        complete = not is_open(verdict.materials) and not is_unseen(verdict.materials)
        asked = demanded(
            kernel,
            item,
            {"fee": verdict.fee},
            outcome=outcome,
            case_id=case_id,
            no=no,
            applicant=addressed(application.applicant, item, judged.facts.get("lookups") or {}),
            unit=route.deciding_unit if route is not None else item.unit,
        )
        if outcome == "decline":
            chain.add("refused", to="not_accepted", data=reasons)
        else:
            if not decided and complete and verdict.unpaid != "acceptance":
                chain.add("accepted", to="accepted", data={"because": "材料齐全，符合法定形式"})
            if decided:
                holds = "payment" in asked.record
                if holds:
                    # Told by the answer itself, once it is paid.
                    asked.record["payment"]["tells"] = told(item)
                follows = told_duties(in_record(verdict.duties))
                tells = {**reasons, "told": told(item) and not holds, **asked.told, **follows}
                chain.add("decided", to="decided", data=tells)
            else:
                chain.add("begun", to="in_step", data={**reasons, **asked.told})
        status = chain.status
        rank = 0 if route is not None and route.priority == "green" else 1
        days_due = {state.id: _due(kernel, today, state.days) for state in verdict.materials}
        shown = Receipt(
            no=no,
            tracking_code=code,
            status=status,
            decision=decision_json(verdict.decision),
            materials=tuple(materials_json(verdict.materials)),
            route=route_json(route),
            deadline=verdict.deadline.isoformat() if verdict.deadline else None,
        )
        site = application.site
        self.receipt = shown
        self.chain = chain
        self.letters: list[Row] = []
        self.letter_faults: list[Row] = []
        record = record_of(judged, actor=actor, receipt=shown, calendar=kernel.calendar)
        record |= asked.record
        try:
            self.letters += notices(kernel, case_id, no=no, judged=judged, record=record, now=now)
        except LetterFailed as error:
            # A wrong template is the author's fault, not the applicant's: the decision stands, staff see the reason.
            record["letter_fault"] = str(error)
            self.letter_faults.append(letter_fault(item, case_id, str(outcome), now=now))
        self.letters += asked.letters
        self.letters += [
            signed_letter(
                case_id,
                no=no,
                item=item,
                material=state.id,
                title=state.title,
                applicant=addressed(application.applicant, item, judged.facts.get("lookups") or {}),
                channel=application.channel,
                now=now,
            )
            for state in verdict.materials
            if state.status == "promise"
        ]
        under_way = status in UNDER_WAY
        # Decided at once and told at once, nothing runs any more: most filings need no clock.
        clock = under_way or not told(item) or "payment" in record
        dates = dates_of(kernel, record, chain_happenings(chain)) if clock else None
        runs = dates is None or dates.stopped_since is None
        record = self._letters(
            kernel, judged, record, case_id, no=no, deadline=verdict.deadline if runs else None,
            begins=begun(dates.steps) if dates and status in WITH_OFFICES else (),
        )  # fmt: skip
        self.case = row(
            Case,
            id=case_id,
            no=no,
            filing_key=filing_key,
            body_digest=body_digest,
            tracking_hash=tracking_hash(code),
            item=item.id,
            version=item.digest,
            title=item.title,
            handling=item.handling,
            channel=application.channel,
            status=status,
            outcome=outcome,
            revision=1,
            head=chain.head,
            events_count=chain.seq,
            actor=actor.id,
            actor_role=actor.role,
            applicant_key=key_of(kernel, application.applicant) or "",
            agent_key=key_of(kernel, application.agent),
            site=site.id if site else None,
            site_may=route.accepting_may if route else None,
            mode=route.mode if route else None,
            deciding_unit=route.deciding_unit if route else None,
            deciding_area=route.deciding_area if route else None,
            rank=rank,
            waiting=rank if under_way else None,
            filer=None if application.standing["kind"] == "self" else actor.id,
            zero_material=verdict.zero_material,
            filed_at=now,
            accepted_on=today if any(type in ("accepted", "decided") for type, _ in chain.said) else None,
            deadline=verdict.deadline,
            provisional=verdict.provisional,
            stopped_since=dates.stopped_since if dates and under_way else None,
            deliver_by=dates.deliver_by.day if dates and dates.deliver_by else None,
            pay_by=pay_by(record, status),
            decided_at=now if status in ("decided", "not_accepted") else None,
            updated_at=now,
            record=record,
        )
        self.materials = [
            material_row(kernel, case_id, judged.facts, state, position=position, due=days_due[state.id])
            for position, state in enumerate(verdict.materials)
        ]
        self.confirmers = [
            made for state in verdict.materials for made in confirmer_rows(kernel, case_id, judged.facts, state)
        ]
        self.steps = [
            row(
                CaseStep,
                case_id=case_id,
                position=one.position,
                unit=one.step.unit,
                area=one.step.area,
                due=one.due.day,
                waiting=rank if one.current and status in WITH_OFFICES else None,
                outside=bool(one.step.by),
            )
            for one in (dates.steps if dates and under_way else ())
        ]
        self.evidence = [
            row(
                CaseEvidence,
                case_id=case_id,
                lookup=one.lookup,
                source=one.source,
                outcome=one.outcome,
                asked_at=one.asked_at,
                detail=one.as_json(),
            )
            for one in application.evidence.values()
        ]
        self.files = [
            row(
                CaseFile,
                case_id=case_id,
                material=one.material,
                digest=one.digest,
                media_type=one.media_type,
                size=one.size,
                name=one.name,
                actor=actor.id,
                at=now,
            )
            for one in application.files
            if not is_proof(one.material) or one.material in application.disputed
        ]
        self.duties = duty_rows(case_id, verdict.duties, record["valid_until"]) if status == "decided" else []
        self.waiting = waiting_rows(case_id, application.evidence.values(), now) if status in UNDER_WAY else []
        self.rows: tuple[list[Row], ...] = (
            [self.case],
            self.materials,
            self.confirmers,
            self.steps,
            self.evidence,
            self.files,
            self.letters,
            self.letter_faults,
            self.duties,
            self.waiting,
            correction_rows(kernel, application, case_id, no=no, now=now) if application.disputed else [],
            chain.events,
            chain.outbox,
        )

    def _letters(
        self,
        kernel: Kernel,
        judged: Judged,
        record: dict[str, Any],
        case_id: str,
        *,
        no: str,
        deadline: date | None,
        begins: Sequence[Mapping[str, Any]],
    ) -> dict[str, Any]:
        """The item's letters that these first events call for; the record with what could not be written."""
        item, verdict = judged.application.item, judged.verdict
        happened = [Happened(n, type, data) for n, (type, data) in enumerate(self.chain.said, start=1)]
        happened += [Happened(len(happened), BEGUN, one) for one in begins]
        if not wanted(item, record.get("steps", ()), happened):
            return record
        keys = [key for one in verdict.materials for key in confirm_keys(kernel, judged.facts, one) if key]
        about = About(
            case_id, no, judged.facts, record, verdict.decision.outcome,
            verdict.route.deciding_unit if verdict.route else item.unit,
            verdict.route.deciding_area if verdict.route else None,
            deadline, parties=[*dict.fromkeys(keys)],
        )  # fmt: skip
        sent = letters_of(kernel, item, about, happened)
        newer, faults = faults_of(case_id, record, sent, now=self.chain.at)
        self.letters += sent.rows
        self.letter_faults += faults
        if sent.rows:
            self.chain.add(WRITTEN, to=self.chain.status, data=sent.told)
        return newer


def _due(kernel: Kernel, today: date, days: int | None) -> date | None:
    return None if days is None else add_working_days(today, days, kernel.calendar)
