"""One round of questions for one set of facts: what may be asked, what is on its way, and the evidence of it.

Knows the rules of a lookup (`allowed_when`, `consent`, `each`, `many`, `take`), no connection and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.contract import Calendar, Down, Empty, Evidence, Facts, Found, Lookup, Outcome, Refused, Source
from core.judge.plan import Question
from core.sources.cache import Cache
from core.sources.questions import pruned, question_digest, question_key, value_digest
from core.sources.served import Answer, Flight, Served, utc_now

MOST_ROWS = 100
"""Rows of one `each`."""
NO_CONSENT = "the applicant did not consent"
LATE = "no answer within the time of the page"


@dataclass(slots=True)
class Part:
    """One question of a lookup; without `each` the only one."""

    key: str
    answer: Answer | Flight
    cached: bool = False
    age_s: int = 0


@dataclass(slots=True)
class Pending:
    """A lookup on its way."""

    question: Question
    source: Source
    by_digest: str
    parts: list[Part | None]
    """None for a row that is not asked."""

    def flights(self) -> Iterator[Flight]:
        for part in self.parts:
            if part is not None and isinstance(part.answer, Flight) and not part.answer.answer.done():
                yield part.answer

    def patient_until(self, deadline: float) -> float:
        return min((flight.patient_until for flight in self.flights()), default=deadline)


class Round:
    """Facts grow with every settled lookup; `evidence` is what the round gives in the end."""

    def __init__(
        self,
        facts: Facts,
        *,
        already: Mapping[str, Evidence],
        consents: Collection[str],
        calendar: Calendar,
        max_age_s: float,
        serve: Callable[[str], Served | None],
        cache: Cache,
    ) -> None:
        self._already, self._consents, self._calendar = already, consents, calendar
        self._max_age_s, self._serve, self._cache = max_age_s, serve, cache
        self._lookups: dict[str, Any] = {}
        self._outcomes: dict[str, str] = {}
        self._facts: dict[str, Any] = {**facts, "lookups": self._lookups, "outcomes": self._outcomes}
        self.evidence: dict[str, Evidence] = {}

    def begin(self, question: Question) -> Pending | None:
        """Ask, where the lookup may be asked. None: not asked, or settled without a question."""
        lookup = question.lookup
        served = self._serve(lookup.source)
        public = served.source.public if served is not None else ()
        questions = question.keys(self._facts, self._calendar, public)
        if questions.count(None) == len(questions):
            return None
        keys = [question_key(lookup.source, by, lookup.many) if by is not None else "" for by in questions]
        by_digest = question_digest(keys, lookup.take)
        consented = not lookup.consent or lookup.name in self._consents
        held = self._already.get(lookup.name)
        if held is not None and consented and self._still_good(held, lookup, by_digest):
            self._settle(held)
            return None
        refusal: Outcome | None = None
        if not consented:
            refusal = Refused(NO_CONSENT)
        elif served is None:
            refusal = Down(f"there is no source {lookup.source}")
        elif len(questions) > MOST_ROWS:
            refusal = Down(f"more than {MOST_ROWS} rows to ask for")
        if refusal is not None or served is None:
            self._settle(evidence_of(lookup, refusal or Down(), asked_at=utc_now(), by_digest=by_digest))
            return None
        if not question.rows and served.source.cache_s <= 0 and questions[0] is not None:
            # By far the commonest lookup, and often answered at once: spare it the lists.
            answer = served.ask(questions[0], lookup.many, keys[0])
            if type(answer) is Answer:
                outcome = self._kept(lookup, answer)
                self._settle(evidence_of(lookup, outcome, asked_at=answer.asked_at, by_digest=by_digest, ms=answer.ms))
                return None
            return Pending(question, served.source, by_digest, [Part(keys[0], answer)])
        parts: list[Part | None] = []
        on_its_way = False
        for by, key in zip(questions, keys, strict=True):
            if by is None:
                parts.append(None)
                continue
            cached = self._cache.get(served.source, key, lookup.take) if served.source.cache_s > 0 else None
            if cached is not None:
                served.tally.counts["cached"] += 1
                parts.append(Part(key, cached[0], True, cached[1]))
            else:
                answer = served.ask(by, lookup.many, key)
                on_its_way = on_its_way or type(answer) is Flight
                parts.append(Part(key, answer))
        pending = Pending(question, served.source, by_digest, parts)
        if on_its_way:
            return pending
        self.finish(pending)
        return None

    def _still_good(self, held: Evidence, lookup: Lookup, by_digest: str) -> bool:
        if held.by_digest != by_digest or held.source != lookup.source:
            return False
        if held.outcome == "refused" and held.reason == NO_CONSENT:
            return False  # consent has come since
        try:
            age = (datetime.now(UTC) - datetime.fromisoformat(held.asked_at)).total_seconds()
        except ValueError:
            return False
        return age <= self._max_age_s

    def finish(self, pending: Pending) -> None:
        """Settle a lookup with what has come; what has not come is Down."""
        lookup = pending.question.lookup
        outcomes: list[Outcome] = []
        asked_at, ms, age_s = "", 0, 0
        for part in pending.parts:
            if part is None:
                outcomes.append(pruned(Empty(), lookup.take, lookup.many))
                continue
            answer = part.answer
            if isinstance(answer, Flight):
                answer = answer.result(LATE)
            outcome = self._kept(lookup, answer)
            if not part.cached and pending.source.cache_s > 0:
                self._cache.put(pending.source, part.key, lookup.take, Answer(outcome, answer.asked_at, answer.ms))
            outcomes.append(outcome)
            asked_at = min(asked_at, answer.asked_at) if asked_at else answer.asked_at
            ms, age_s = max(ms, answer.ms), max(age_s, part.age_s)
        whole = together(outcomes) if pending.question.rows else outcomes[0]
        self._settle(evidence_of(lookup, whole, asked_at=asked_at, by_digest=pending.by_digest, ms=ms, age_s=age_s))

    def _kept(self, lookup: Lookup, answer: Answer) -> Outcome:
        """What is kept of an answer: the fields taken."""
        outcome = pruned(answer.outcome, lookup.take, lookup.many)
        if answer.misfit and lookup.must_find and not lookup.many:
            # Nothing can be held under such a key: the applicant reads it beside the field that he wrote.
            return Empty(outcome.reason if isinstance(outcome, Down) else "")
        return outcome

    def _settle(self, evidence: Evidence) -> None:
        self.evidence[evidence.lookup] = evidence
        self._outcomes[evidence.lookup] = evidence.outcome
        if evidence.outcome == "found":
            self._lookups[evidence.lookup] = evidence.value


def together(outcomes: list[Outcome]) -> Outcome:
    """Rows as one outcome: a list aligned with them; one Down or Refused row makes the whole so."""
    for kind in (Down, Refused):
        for outcome in outcomes:
            if isinstance(outcome, kind):
                return outcome
    return Found([outcome.value if isinstance(outcome, Found) else None for outcome in outcomes])


def evidence_of(
    lookup: Lookup, outcome: Outcome, *, asked_at: str, by_digest: str, ms: int = 0, age_s: int = 0
) -> Evidence:
    found = isinstance(outcome, Found)
    value = outcome.value if isinstance(outcome, Found) else None
    return Evidence(
        lookup=lookup.name,
        source=lookup.source,
        outcome=outcome.name,
        value=value,
        digest=value_digest(value) if found else "",
        asked_at=asked_at,
        recorded_at=outcome.recorded_at if isinstance(outcome, Found) else None,
        ms=ms,
        age_s=age_s,
        purpose=lookup.purpose,
        basis=lookup.basis,
        reason="" if isinstance(outcome, Found) else outcome.reason,
        by_digest=by_digest,
    )
