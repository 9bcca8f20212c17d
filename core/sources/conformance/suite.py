"""The checks themselves, in order: what a source answers, what it must never answer, and how it bears trouble.

Knows the engine and the connectors' settings; each check says in one sentence what was wrong, or why it was left out.
"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from core.contract import Evidence, Source
from core.sources.conformance.samples import Samples, samples_of
from core.sources.conformance.troubles import NotMade, troubles
from core.sources.engine import Sources

FEWER = 'Where the register bears fewer questions at once, "settings": {"concurrent": 1} asks them one after the other'
IN_TIME_S = 5.0
"""Beyond its own limit, how long a question may take to end."""


@dataclass(frozen=True, slots=True)
class Check:
    name: str
    passed: bool
    reason: str = ""
    """Why it failed; for a check that was left out, why; for one that fails nobody, what it has to tell."""
    skipped: bool = False


class LeftOut(Exception):
    """The check cannot be made on this source; the message says why."""


class Failed(Exception):
    """The message says what was wrong."""


@dataclass(frozen=True)
class Trial:
    """What the checks work with."""

    sources: Sources
    source: Source
    samples: Samples
    silence: list[str] = field(default_factory=lambda: [""])
    """Why the register gave no answer at last; empty once it gave one."""

    async def ask(self, by: Mapping[str, Any], *, many: bool = False, sources: Sources | None = None) -> Evidence:
        answer = await (sources or self.sources).probe(self.source.id, by, many=many)
        if answer.outcome != "down":
            self.silence.clear()
        elif self.silence:
            self.silence[0] = self.silence[0] or answer.reason
        return answer

    def found(self) -> Mapping[str, Any]:
        if self.samples.found is None:
            raise LeftOut('no question is known that it answers: add one to the query schema as "examples"')
        return self.samples.found


async def checks(sources: Sources, source: Source, *, found: Mapping[str, Any] | None = None) -> AsyncIterator[Check]:
    """Every check, one after the other. `found` is a question that the source answers."""
    settings = sources.settings
    samples = samples_of(
        source, seeds=settings.seeds if settings.demo else None, found=found, environment=settings.environment
    )
    trial = Trial(sources.only(source), source, samples)
    try:
        for name, check in CHECKS.items():
            yield await one(name, check, trial)
        if source.connector == "table" and not trial.sources.states()[0].demo:
            notes = "; ".join(trial.sources.states()[0].notes)
            yield Check("columns", True, notes, skipped=bool(notes))
        async for name, wrong in troubles(trial.sources, source, trial.samples):
            if isinstance(wrong, NotMade):
                yield Check(name, True, f"left out: {wrong.why}", skipped=True)
            else:
                yield Check(name, wrong == "", wrong)
    finally:
        await trial.sources.close()


async def one(name: str, check: Callable[[Trial], Awaitable[None]], trial: Trial) -> Check:
    try:
        await check(trial)
    except LeftOut as why:
        return Check(name, True, f"left out: {why}", skipped=True)
    except Failed as wrong:
        return Check(name, False, str(wrong))
    if trial.silence and trial.silence[0]:
        # What a register that was never heard did not do wrong says nothing of it.
        return Check(name, True, f"not asked: {trial.silence[0]}", skipped=True)
    return Check(name, True)


def must(holds: bool, wrong: str) -> None:
    if not holds:
        raise Failed(wrong)


def _said(answer: Evidence) -> str:
    return f"{answer.outcome}: {answer.reason}" if answer.reason else answer.outcome


# --- what it answers -------------------------------------------------------------------------------------


async def answers(trial: Trial) -> None:
    """found: a known question gives one record that fits the schema and names its key."""
    answer = await trial.ask(trial.found())
    must(answer.outcome == "found", f"{answer.outcome}: {answer.reason}")
    fields = trial.source.record.get("properties") or {}
    keys = [name for name in trial.found() if name in fields]
    must(bool(keys), "no field of the record has the name of a field of the query: a wrong record cannot be noticed")
    missing = [name for name in keys if name not in answer.value]
    must(not missing, f"the record leaves out {', '.join(missing)}, so a wrong record cannot be noticed")


async def answers_the_same_twice(trial: Trial) -> None:
    """stable: the same question gives the same digest."""
    one, two = [await trial.ask(trial.found()) for _ in range(2)]
    for answer in (one, two):
        must(answer.outcome == "found", f"asked twice, it gave {answer.outcome} once: {answer.reason}")
    must(one.digest == two.digest, "the same question gave two different records")


async def lists(trial: Trial) -> None:
    """many: the same question as a list holds the same record."""
    one, many = await trial.ask(trial.found()), await trial.ask(trial.found(), many=True)
    must(one.outcome == "found", f"asked for one record again: {one.outcome}: {one.reason}")
    must(many.outcome == "found" and isinstance(many.value, list), f"asked for a list: {many.outcome}: {many.reason}")
    must(one.value in many.value, "the list does not hold the record that was found alone")


async def holds_nothing_for_nobody(trial: Trial) -> None:
    """empty: a key that is nobody's gives Empty, not an error."""
    if not trial.samples.nobody:
        raise LeftOut("no key could be made up that fits the query schema")
    answer = await trial.ask(trial.samples.nobody[0])
    must(answer.outcome == "empty", f"a key that is nobody's gave {_said(answer)}")


async def refuses_what_does_not_fit(trial: Trial) -> None:
    """wrong type: a question that breaks the query schema never reaches the source."""
    before = count(trial.sources)
    for wrong in ({name: {"$ne": ""} for name in trial.source.query.get("properties") or {"x": 1}}, {"x-unknown": "1"}):
        answer = await trial.sources.probe(trial.source.id, wrong)
        must(answer.outcome == "down", f"a question that fits no schema gave {answer.outcome}; close the query schema")
    must(count(trial.sources) == before, 'a question that fits no schema was asked: set "additionalProperties": false')


async def reads_no_value_as_code(trial: Trial) -> None:
    """attacks: what is meant to break out of a statement finds nobody and breaks nothing."""
    for question in trial.samples.attacks:
        answer = await trial.ask(question, many=True)
        held = answer.value if answer.outcome == "found" else []
        must(
            not held, f"{next(iter(question.values()))!r} found {len(held)} records: values become part of the question"
        )
    if trial.samples.found is not None:
        answer = await trial.ask(trial.found())
        must(answer.outcome == "found", f"after the attacks a known question gave {answer.outcome}: {answer.reason}")


async def keeps_answers_apart(trial: Trial) -> None:
    """concurrent: different questions at once, each with its own answer."""
    known = trial.found()
    alone = await trial.ask(known)
    must(alone.outcome == "found", f"asked alone: {alone.outcome}: {alone.reason}")
    for _ in range(3):
        asked = [known, *trial.samples.nobody]
        answers = await asyncio.gather(*map(trial.ask, asked), trial.ask(known, many=True))
        for answer in answers:
            must(answer.outcome != "down", f"asked several at once, one was down: {answer.reason}. {FEWER}")
        mine, listed = answers[0], answers[-1]
        must(mine.value == alone.value, f"asked among others it gave another answer ({mine.outcome}: {mine.reason})")
        must(alone.value in (listed.value or []), f"asked among others the list was another ({listed.outcome})")
        for other in answers[1:-1]:
            must(other.outcome == "empty", f"asked among others, nobody's key gave {_said(other)}")


async def ends_in_time(trial: Trial) -> None:
    """slow: a time limit of 1 ms is kept, whatever the source is doing, and it can be asked again afterwards."""
    hasty = trial.sources.only(replace(trial.source, timeout_ms=1))
    try:
        for _ in range(3):
            begun = time.monotonic()
            answer = await trial.ask(trial.found(), sources=hasty)
            must(answer.outcome in ("found", "down"), f"gave {answer.outcome} when there was no time")
            must(time.monotonic() - begun < IN_TIME_S, "the question did not end when its time was over")
    finally:
        await hasty.close()
    answer = await trial.ask(trial.found())
    must(answer.outcome == "found", f"asked again after the hurry it gave {answer.outcome}: {answer.reason}")


async def leaves_nothing_behind(trial: Trial) -> None:
    """leaks: opened and closed ten times, it leaves no thread behind."""
    known = trial.found()
    for round_ in range(10):
        again = trial.sources.only(trial.source)
        await trial.ask(known, sources=again)
        await again.close()
        if round_ == 1:
            await asyncio.sleep(0.1)
            before = threading.active_count()
    for _ in range(20):
        if threading.active_count() <= before:
            return
        await asyncio.sleep(0.05)
    must(threading.active_count() <= before, f"{threading.active_count() - before} threads are left after closing")


def count(sources: Sources) -> int:
    return sum(state.asked for state in sources.states())


CHECKS: Mapping[str, Callable[[Trial], Awaitable[None]]] = {
    "found": answers,
    "stable": answers_the_same_twice,
    "many": lists,
    "empty": holds_nothing_for_nobody,
    "wrong type": refuses_what_does_not_fit,
    "attacks": reads_no_value_as_code,
    "concurrent": keeps_answers_apart,
    "slow": ends_in_time,
    "leaks": leaves_nothing_behind,
}
