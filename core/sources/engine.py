"""Asking all that an item may ask: planned, in parallel, under one budget, each answer kept to what was declared.

Knows no page and no database. Call it outside any transaction.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Collection, Mapping
from typing import Any

from core.contract import Calendar, Down, Empty, Evidence, Facts, Found, Item, Lookup, Source
from core.errors import NotFound, Unavailable
from core.judge.plan import waves
from core.judge.rules import rules_of
from core.settings import Settings
from core.sources.cache import Cache
from core.sources.connectors import NAMES
from core.sources.questions import as_typed, question_digest, question_key, relation_holds, relation_question
from core.sources.rounds import LATE, Pending, Round, evidence_of
from core.sources.served import Answer, Flight, Served
from core.sources.states import Counted, Noted, SourceState

__all__ = ["SourceState", "Sources", "plan", "with_evidence"]

MOST_KEPT = 1000
"""Troubles kept in memory while the database takes none."""


def plan(item: Item) -> tuple[tuple[str, ...], ...]:
    """The waves in which an item's lookups are asked."""
    return waves(rules_of(item).plan)


def with_evidence(facts: Facts, evidence: Mapping[str, Evidence]) -> dict[str, Any]:
    """The same facts with `/lookups` and `/outcomes` as the evidence says."""
    return {
        **facts,
        "lookups": {name: e.value for name, e in evidence.items() if e.outcome == "found"},
        "outcomes": {name: e.outcome for name, e in evidence.items()},
    }


class Sources:
    """All sources of one process. `use` gives it a snapshot; it keeps the connections of unchanged sources."""

    def __init__(
        self,
        *,
        settings: Settings,
        connectors: Mapping[str, Any] | None = None,
        hooks: Any = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`connectors` are integrators' `{name: connect}`; with `hooks` the plugins are asked for theirs as well."""
        self._settings, self._hooks, self._clock = settings, hooks, clock
        self._connectors = dict(connectors or {})
        self._sources: Mapping[str, Source] = {}
        self._served: dict[str, Served] = {}
        self._cache = Cache(clock)
        self._leaving: list[Served] = []
        self._carried: list[Counted] = []
        self._told: list[Noted] = []

    def use(self, sources: Mapping[str, Source], *, connectors: Mapping[str, Any] | None = None) -> None:
        """A new snapshot. A source that changed or vanished loses its connection; the others notice nothing."""
        fresh = connectors is not None and dict(connectors) != self._connectors
        if connectors is not None:
            self._connectors = dict(connectors)
        self._sources = dict(sources)
        for id, served in list(self._served.items()):
            new = self._sources.get(id)
            # Where code serves it, an equal declaration may come with new code: then it is another object.
            same = new is served.source or (new == served.source and served.source.connector in NAMES)
            if fresh or not same:
                del self._served[id]
                self._carried += served.tally.fetch(id)
                self._told += served.tally.noted(id)
                self._leaving.append(served)
                served.close()
        self._cache.clear()

    async def warm(self) -> None:
        """Read the code of every source that has an address: a server does so before it takes questions."""
        for id in sorted(self._sources):
            served = self.find(id)
            if served is not None and not served.unset:
                await served.warm()

    @property
    def settings(self) -> Settings:
        return self._settings

    def only(self, source: Source) -> Sources:
        """Another one for this source alone, with the same settings and code. Close it."""
        made = Sources(settings=self._settings, connectors=self._connectors, hooks=self._hooks, clock=self._clock)
        made.use({source.id: source})
        return made

    async def close(self) -> None:
        for served in self._served.values():
            served.close()
            self._leaving.append(served)
        self._served = {}
        for served in self._leaving:
            await served.closed()
        self._leaving = []

    # --- the lookups of an item ------------------------------------------------------------------------

    async def ask(
        self,
        item: Item,
        facts: Facts,
        *,
        already: Mapping[str, Evidence] | None = None,
        consents: Collection[str] = (),
        calendar: Calendar,
        budget_s: float | None = None,
        max_age_s: float | None = None,
    ) -> dict[str, Evidence]:
        """Lookup → evidence, for every lookup that may be asked now; the others are left out.

        `already` is reused where the question is the same and the answer no older than `max_age_s` (15 minutes unless
        told), whatever its outcome: leave out what should be asked afresh. `consents` are the lookups that the
        applicant agreed to.
        """
        questions = rules_of(item).plan
        if not questions:
            return {}
        round_ = Round(
            facts,
            already=already or {},
            consents=consents,
            calendar=calendar,
            max_age_s=self._settings.outcome_max_age_s if max_age_s is None else max_age_s,
            serve=self.find,
            cache=self._cache,
        )
        deadline = self._clock() + (self._settings.lookup_budget_s if budget_s is None else budget_s)
        waiting = dict(questions)
        running: dict[str, Pending] = {}
        while True:
            ready = True
            while ready:
                ready = False
                for name, question in list(waiting.items()):
                    if not question.needs or not any(n in waiting or n in running for n in question.needs):
                        del waiting[name]
                        begun = round_.begin(question)
                        if begun is not None:
                            running[name] = begun
                        ready = True
            if not running:
                break  # all settled; what still waits is a circle, and inspection has named it
            await self._wait(running, deadline, first=bool(waiting))
            now = self._clock()
            for name, pending in list(running.items()):
                if now >= pending.patient_until(deadline) or now >= deadline or not any(pending.flights()):
                    del running[name]
                    round_.finish(pending)
        return {name: round_.evidence[name] for name in questions if name in round_.evidence}

    async def _wait(self, running: Mapping[str, Pending], deadline: float, *, first: bool) -> None:
        """Until all are done, or one is where others wait for it; never beyond the budget."""
        flights = [flight for pending in running.values() for flight in pending.flights()]
        if not flights:
            return
        until = min(deadline, *(flight.patient_until for flight in flights))
        how = asyncio.FIRST_COMPLETED if first else asyncio.ALL_COMPLETED
        await asyncio.wait(
            [flight.answer for flight in flights], timeout=max(0.0, until - self._clock()), return_when=how
        )

    # --- one question ----------------------------------------------------------------------------------

    async def probe(self, source_id: str, by: Mapping[str, Any], *, many: bool = False) -> Evidence:
        """One test question, with every field of the record. Asked even while the breaker is open.

        A text is read as the type that the query schema gives the field: test questions are typed by hand. Raises
        NotFound for a source that is not there.
        """
        served = self.find(source_id)
        if served is None:
            raise NotFound(source_id)
        fields = served.source.query.get("properties") or {}
        by = {name: as_typed(by[name], fields.get(name)) for name in sorted(by)}
        key = question_key(source_id, by, many)
        await served.warm()
        asked = served.ask(by, many, key, force=True)
        # Its own time limit and not the page's: how slow it is is what whoever tries it wants to know.
        answer = await asyncio.shield(asked.answer) if isinstance(asked, Flight) else asked
        lookup = Lookup(name="", source=source_id, by={}, many=many)
        return evidence_of(
            lookup, answer.outcome, asked_at=answer.asked_at, by_digest=question_digest([key], ()), ms=answer.ms
        )

    async def relation(self, kind: str, actor_id_number: str, applicant: Mapping[str, Any]) -> Found | Empty | Down:
        """Whether a source holds that the actor is this to the applicant: one of `core.contract.relations`.

        Found names the source and nothing of the record. Down where no source says so and one could not be asked.
        """
        facts = {"applicant": applicant, "agent": {"relation": kind, "id_number": actor_id_number}}
        asked: list[tuple[Source, Mapping[str, Any], Answer | Flight]] = []
        for source in self._sources.values():
            for declared in source.relations:
                by = relation_question(declared, facts) if declared.get("kind") == kind else None
                served = self.find(source.id)
                if by is not None and served is not None:
                    many = bool(declared.get("many", False))
                    asked.append((source, declared, served.ask(by, many, question_key(source.id, by, many))))
        reasons = []
        for source, declared, flight in asked:
            outcome = (await self._one(flight)).outcome
            if isinstance(outcome, Found):
                if relation_holds(declared, outcome.value, actor_id_number):
                    return Found({"kind": kind, "source": source.id}, outcome.recorded_at)
            elif not isinstance(outcome, Empty):
                reasons.append(f"{source.id}: {outcome.reason}")
        return Down("; ".join(reasons)) if reasons else Empty()

    async def _one(self, flight: Answer | Flight) -> Answer:
        if isinstance(flight, Answer):
            return flight
        until = min(flight.patient_until, flight.begun + self._settings.lookup_budget_s)
        await asyncio.wait([flight.answer], timeout=max(0.0, until - self._clock()))
        return flight.result(LATE)

    def ready(self, source_id: str) -> bool:
        """Whether a question would be put to the source now: it is there, has its address, and is not resting."""
        served = self.find(source_id)
        return served is not None and served.ready

    def well(self, source_id: str) -> bool:
        """Whether the source answers, as far as is known."""
        served = self.find(source_id)
        return served is not None and served.ready and not served.failing

    def find(self, source_id: str) -> Served | None:
        """The source in service; None for one that the snapshot does not hold."""
        served = self._served.get(source_id)
        if served is None and (source := self._sources.get(source_id)) is not None:
            connector = source.connector
            served = self._served[source_id] = Served(
                source, settings=self._settings, code=lambda: self._code_for(connector), clock=self._clock
            )
        return served

    async def _code_for(self, connector: str) -> Any:
        """An integrator's `connect`: given at start, or brought by a plugin; None where nobody brings it."""
        if connector in self._connectors:
            return self._connectors[connector]
        hooks = self._hooks
        if hooks is None:
            return None
        # A source served by its own plugin.py names itself; ask that one first, and no other if it knows.
        failed: Unavailable | None = None
        for plugin in sorted(hooks, key=lambda id: id != connector):
            if not hooks.offers(plugin, "connectors"):
                continue
            try:
                brought = await hooks.call_one(plugin, "connectors") or {}
            except Unavailable as error:
                failed = failed or error
                continue
            if connector in brought:
                return brought[connector]
        if failed is not None:
            raise failed
        return None

    def counted(self) -> list[Counted]:
        """What was counted since this was last called, for the history; sources that left are in it."""
        found, self._carried = self._carried, []
        for id, served in self._served.items():
            found += served.tally.fetch(id)
        return found

    def noted(self) -> list[Noted]:
        """What went wrong since this was last called, for the record; sources that left are in it."""
        found, self._told = self._told, []
        for id, served in self._served.items():
            found += served.tally.noted(id)
        return found

    def keep(self, noted: list[Noted]) -> None:
        """What could not be written down: it is in the next `noted`."""
        self._told = (noted + self._told)[-MOST_KEPT:]

    def states(self) -> list[SourceState]:
        """Every source of the snapshot, in the order of its id."""
        return [served.state() for id in sorted(self._sources) if (served := self.find(id)) is not None]
