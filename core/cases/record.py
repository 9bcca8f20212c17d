"""The sealed record of a case: parties, answers, and what judge said, in words and reasons.

Knows no column; what is searched lies beside the record in the case's row.
"""

from __future__ import annotations

from typing import Any

from core.cases import results
from core.cases.clock import terms_json
from core.cases.duties import in_record
from core.cases.filing import Judged
from core.cases.handover import recorded
from core.cases.letters import registered_name
from core.cases.nouns import Receipt
from core.cases.proposing import decision_record
from core.cases.receipt import route_json
from core.contract import Actor, Calendar
from core.judge.terms import terms_of


def record_of(judged: Judged, *, actor: Actor, receipt: Receipt, calendar: Calendar) -> dict[str, Any]:
    application, verdict = judged.application, judged.verdict
    return {
        "applicant": application.applicant,
        "called": registered_name(application.item, judged.facts["lookups"]),
        "agent": application.agent,
        "actor": {"name": actor.name, "id_number": actor.id_number},
        "standing": application.standing,
        "site": judged.facts.get("site"),
        "today": application.today.isoformat(),
        "answers": judged.answers,
        "declared": list(judged.declared),
        "disputed": list(application.disputed),
        "claims": dict(application.filling.claimed),
        "decision": decision_record(verdict.decision),
        "route": route_json(verdict.route),
        **terms_json(terms_of(application.item, verdict.route, judged.facts, calendar)),
        "deadline_because": list(verdict.deadline_because),
        "fee": verdict.fee,
        "amount": verdict.amount,
        **recorded(verdict.handover),
        **in_record(verdict.duties),
        **({"place": verdict.route.place} if verdict.route and application.item.declared.get("duties") else {}),
        **results.recorded(results.numbered(receipt.no, verdict.results)),
        "valid_until": verdict.valid_until.isoformat() if verdict.valid_until else None,
        "receipt": {
            "status": receipt.status,
            "decision": receipt.decision,
            "materials": list(receipt.materials),
            "route": receipt.route,
            "deadline": receipt.deadline,
        },
    }
