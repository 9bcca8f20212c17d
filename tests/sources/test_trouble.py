"""What becomes of a source that hangs, fails, lies or floods: Down in time, and nobody else notices."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Callable
from dataclasses import asdict, replace
from datetime import date
from typing import Any

import pytest

from core.contract import Down, Empty, Found, Refused, Source
from core.sources.connectors import Connection
from core.sources.engine import Sources
from tests.sources.conftest import CALENDAR, ELDER, PERSON, facts, item, lookup
from tests.sources.registers import IN_TIME_S, RECORD, Register, Town, after, ask, in_order, later, served_by

pytestmark = pytest.mark.anyio


def raises() -> Any:
    raise RuntimeError(f"no luck with {ELDER}")


class Odd(BaseException):
    """What no library should raise."""


def leaves(error: BaseException) -> Callable[[], Any]:
    """Raised where it is asked."""

    def answer() -> Any:
        raise error

    return answer


def leaves_later(error: BaseException) -> Callable[[], Any]:
    """Raised in a coroutine."""

    async def answer() -> Any:
        raise error

    return answer


def within(times: int) -> Any:
    held: Any = {}
    for _ in range(times):
        held = {"a": held}
    return held


def circle() -> Any:
    held: dict[str, Any] = {}
    held["a"] = held
    return held


WORDS = [
    (Found(dict(RECORD)), "found", ""),
    (Found([dict(RECORD)]), "found", ""),
    (Found([]), "empty", ""),
    (Empty(), "empty", ""),
    (Refused("not for you"), "refused", "not for you"),
    (Down("maintenance"), "down", "maintenance"),
    (later, "found", ""),
    (raises, "down", "RuntimeError: no luck with …"),
    (lambda: None, "down", "NoneType instead of an outcome"),
    (dict(RECORD), "down", "dict instead of an outcome"),
    (Found("a text"), "down", "str instead of an object"),
    (Found({"id_number": ELDER}), "down", "/name (required)"),
    (Found({**RECORD, "alive": "perhaps"}), "down", "/alive (type)"),
    (Found({**RECORD, "name": object()}), "down", "does not fit"),
    (Found([dict(RECORD), dict(RECORD)]), "down", "more than one record"),
    (Found({**RECORD, "id_number": "320583194202020025"}), "down", "ALARM"),
    (Found({**RECORD, "open": {"a": [1.5, None, "甲"]}}), "found", ""),
    (Found({**RECORD, "open": float("nan")}), "down", "cannot be written as JSON (ValueError)"),
    (Found({**RECORD, "open": float("inf")}), "down", "cannot be written as JSON (ValueError)"),
    (Found({**RECORD, "open": {1}}), "down", "cannot be written as JSON (TypeError)"),
    (Found({**RECORD, "open": date(2026, 1, 2)}), "down", "cannot be written as JSON (TypeError)"),
    (Found({**RECORD, "open": 10**5000}), "down", "cannot be written as JSON (ValueError)"),
    (Found({**RECORD, "name": "half a \ud800"}), "down", "cannot be written as JSON (UnicodeEncodeError)"),
    (lambda: Found({**RECORD, "open": within(40)}), "down", "more than 32 lists and objects"),
    (lambda: Found({**RECORD, "open": within(5000)}), "down", "more than 32 lists and objects"),
    (lambda: Found({**RECORD, "open": circle()}), "down", "more than 32 lists and objects"),
    (Found({**RECORD, "name": "很" * 2_000_000}), "down", "larger than 4194304 bytes"),
    (Found(dict(RECORD), date(2026, 1, 2)), "found", ""),  # type: ignore[arg-type]  # an easy mistake
    (Found(dict(RECORD), object()), "down", "recorded_at is object"),  # type: ignore[arg-type]
    (Refused(f"not {ELDER}"), "refused", "not …"),
    (Refused(ValueError("not you")), "refused", "not you"),  # type: ignore[arg-type]
    (Down(None), "down", ""),  # type: ignore[arg-type]
    (Down("half a \ud800"), "down", "half a ?"),
    (leaves(Odd()), "down", "Odd in a source's thread"),
    (leaves(SystemExit(3)), "down", "SystemExit in a source's thread"),
    (leaves(asyncio.CancelledError()), "down", "CancelledError in a source's thread"),
    (leaves(GeneratorExit()), "down", "GeneratorExit in a source's thread"),
    (leaves_later(Odd()), "down", "Odd in a source's thread"),
    (leaves_later(SystemExit(3)), "down", "SystemExit in a source's thread"),
    (leaves_later(KeyboardInterrupt()), "down", "KeyboardInterrupt in a source's thread"),
    (leaves_later(asyncio.CancelledError()), "down", "CancelledError in a source's thread"),
]
OPEN = {**PERSON["record"], "properties": {**PERSON["record"]["properties"], "open": {}}}


@pytest.mark.parametrize(("answer", "outcome", "says"), WORDS)
async def test_whatever_a_connector_gives_ends_in_one_of_four_outcomes(
    town: Town, answer: Any, outcome: str, says: str
) -> None:
    register = Register(answer)
    sources = town(served_by("a", record=OPEN), connectors={"a": register.connect})
    asking = item({"a": lookup("a", take=["name", "open"])})
    evidence = (await sources.ask(asking, facts(), calendar=CALENDAR))["a"]
    assert evidence.outcome == outcome, evidence.reason
    assert says in evidence.reason
    assert ELDER not in evidence.reason
    assert (evidence.value is None) == (outcome != "found")
    assert json.loads(json.dumps(asdict(evidence), allow_nan=False)) == asdict(evidence)
    register.answer = later
    assert (await sources.probe("a", {"id_number": ELDER})).outcome == "found", "what it did is over"


async def test_a_task_left_behind_that_would_end_the_loop_ends_no_question(town: Town) -> None:
    async def ends() -> None:
        raise SystemExit(3)

    async def answer() -> Any:
        task = asyncio.ensure_future(ends())
        await asyncio.wait([task])
        return Found(dict(RECORD)) if isinstance(task.exception(), SystemExit) else None

    sources = town(served_by("a"), connectors={"a": Register(answer).connect})
    for _ in range(3):
        assert (await sources.probe("a", {"id_number": ELDER})).outcome == "found"


async def test_somebody_elses_record_raises_an_alarm(town: Town, caplog: pytest.LogCaptureFixture) -> None:
    other = Found({**RECORD, "id_number": "320583194202020025"})
    sources = town(served_by("a"), connectors={"a": Register(other).connect})
    await ask(sources)
    assert [trouble.alarm for trouble in sources.states()[0].troubles] == [True]
    assert "source a: ALARM" in caplog.text
    assert "320583" not in caplog.text


async def test_a_connector_that_cannot_be_made_is_down(town: Town) -> None:
    def broken(source: Source, settings: Any) -> Any:
        raise ValueError("no such host")

    sources = town(served_by("a"), served_by("b"), served_by("c"), connectors={"a": broken, "b": lambda s, t: 5})
    evidence = await ask(sources)
    assert "no such host" in evidence["a"].reason
    assert "no ask(by)" in evidence["b"].reason
    assert 'no plugin brings the connector "c"' in evidence["c"].reason


async def test_a_secret_never_stands_in_a_reason(town: Town) -> None:
    def leaks() -> Any:
        raise ValueError("cannot reach http://u:hunter22@x")

    sources = town(
        served_by("a", settings={"password": "${PASSWORD}"}),
        connectors={"a": Register(leaks).connect},
        environment={"PASSWORD": "hunter22"},
    )
    assert "http://u:${PASSWORD}@x" in (await ask(sources))["a"].reason


@pytest.mark.parametrize("way", ["thread", "loop"])
async def test_one_that_hangs_is_down_in_time_and_no_other_waits(town: Town, way: str) -> None:
    stop = threading.Event()

    async def block_the_loop() -> None:
        stop.wait(60)

    hang: Callable[[], Any] = (lambda: stop.wait(60)) if way == "thread" else block_the_loop
    registers = {"slow": Register(hang), "quick": Register()}
    sources = town(
        served_by("slow", timeout_ms=1000),
        served_by("quick"),
        connectors={id: r.connect for id, r in registers.items()},
    )
    begun = time.monotonic()
    (evidence, alone), order = await in_order(ask(sources), ask(sources, "quick"))
    assert time.monotonic() - begun < IN_TIME_S
    assert (evidence["slow"].outcome, evidence["quick"].outcome, alone["quick"].outcome) == ("down", "found", "found")
    assert "within 1000 ms" in evidence["slow"].reason
    assert order == [1, 0]
    stop.set()


async def test_the_budget_of_the_page_ends_the_wait(town: Town) -> None:
    stop = threading.Event()
    sources = town(served_by("slow"), connectors={"slow": Register(lambda: stop.wait(60)).connect})
    begun = time.monotonic()
    evidence = await ask(sources, budget_s=0.1)
    assert time.monotonic() - begun < IN_TIME_S
    assert evidence["slow"].outcome == "down"
    stop.set()


async def test_five_sources_are_asked_side_by_side(town: Town) -> None:
    now, most = 0, 0

    async def slow() -> Any:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.3)
        now -= 1
        return Found(dict(RECORD))

    class Here(Connection):
        async def ask(self, by: Any, many: bool = False) -> Any:
            return await slow()

    ids = [f"s{n}" for n in range(5)]
    sources = town(*map(served_by, ids))
    for id in ids:
        sources.find(id)._connection = Here()  # type: ignore[union-attr]
    evidence = await ask(sources)
    assert {e.outcome for e in evidence.values()} == {"found"}
    assert most == 5


async def test_equal_questions_in_flight_are_asked_once(town: Town) -> None:
    register = Register(after(0.05))
    sources = town(served_by("a"), connectors={"a": register.connect})
    answers = await asyncio.gather(*(ask(sources) for _ in range(20)))
    assert {a["a"].outcome for a in answers} == {"found"}
    assert register.asked == 1
    assert sources.states()[0].counts["joined"] == 19


async def test_nobody_gets_more_questions_at_once_than_declared(town: Town) -> None:
    now, most = 0, 0

    async def count() -> Any:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.02)
        now -= 1
        return Empty()

    sources = town(served_by("a", settings={"concurrent": 2}), connectors={"a": Register(count).connect})
    await asyncio.gather(*(sources.probe("a", {"id_number": str(n)}) for n in range(6)))
    assert most == 2


async def test_a_kept_answer_says_its_age_and_holds_only_what_was_taken(town: Town) -> None:
    now = [1000.0]
    register = Register()
    sources = town(served_by("a", cache_s=60), connectors={"a": register.connect}, clock=lambda: now[0])
    first = (await ask(sources))["a"]
    now[0] += 20
    again = (await ask(sources))["a"]
    assert (first.age_s, again.age_s, register.asked) == (0, 20, 1)
    assert (again.value, again.asked_at, again.digest) == ({"name": "张试"}, first.asked_at, first.digest)
    now[0] += 40
    assert (await ask(sources))["a"].age_s == 0
    assert register.asked == 2
    register.answer = Down("gone")
    now[0] += 60
    assert (await ask(sources))["a"].outcome == "down"
    register.answer = Found(dict(RECORD))
    assert (await ask(sources))["a"].outcome == "found"


async def test_after_failures_in_a_row_it_is_not_asked_until_a_trial_works(town: Town) -> None:
    now = [1000.0]
    register = Register(Down("boom"))
    sources = town(served_by("a"), connectors={"a": register.connect}, clock=lambda: now[0])
    for _ in range(3):
        await ask(sources)
    assert sources.states()[0].state == "open"
    assert "not asked after errors" in (await ask(sources))["a"].reason
    assert register.asked == 3
    now[0] += 5
    assert sources.states()[0].state == "half-open"
    await ask(sources)
    assert (register.asked, sources.states()[0].state) == (4, "open")
    register.answer = Found(dict(RECORD))
    now[0] += 5
    await ask(sources)
    assert register.asked == 4  # the rest has doubled
    now[0] += 5
    assert (await ask(sources))["a"].outcome == "found"
    assert sources.states()[0].state == "closed"


async def test_a_probe_asks_even_while_the_breaker_is_open(town: Town) -> None:
    register = Register(Down("boom"))
    sources = town(served_by("a"), connectors={"a": register.connect})
    for _ in range(3):
        await ask(sources)
    register.answer = Found(dict(RECORD))
    assert (await sources.probe("a", {"id_number": ELDER})).outcome == "found"
    assert sources.states()[0].state == "closed"


async def test_a_probe_waits_for_as_long_as_the_source_may_take(town: Town) -> None:
    """An integrator asks how slow his register is; a page would have gone on without it."""
    slow, register = served_by("a"), Register(later)
    hurried = replace(town(slow).settings, lookup_budget_s=0.0)
    sources = Sources(settings=hurried, connectors={"a": register.connect})
    sources.use({"a": slow})
    assert "within the time of the page" in (await ask(sources))["a"].reason
    assert (await sources.probe("a", {"id_number": ELDER})).outcome == "found"
    await sources.close()


async def test_a_bad_record_is_nobody_elses_trouble(town: Town) -> None:
    sources = town(served_by("a"), connectors={"a": Register(Found({"id_number": ELDER})).connect})
    for _ in range(5):
        assert (await ask(sources))["a"].outcome == "down"
    assert sources.states()[0].state == "closed"


async def test_a_source_on_trial_keeps_no_page_waiting(town: Town) -> None:
    go = threading.Event()
    register = Register(Down("boom"))
    sources = town(served_by("a", timeout_ms=60_000), connectors={"a": register.connect})
    for _ in range(3):
        await ask(sources)
    sources.find("a")._breaker._until = 0.0  # type: ignore[union-attr]  # the rest is over
    register.answer = lambda: go.wait(60) and Found(dict(RECORD))
    begun = time.monotonic()
    assert (await ask(sources, budget_s=60))["a"].outcome == "down"
    assert time.monotonic() - begun < IN_TIME_S
    go.set()
    for _ in range(500):
        if sources.states()[0].state == "closed":
            break
        await asyncio.sleep(0.02)
    assert sources.states()[0].state == "closed"


async def test_a_new_snapshot_keeps_what_did_not_change(town: Town, person: Source) -> None:
    registers = {"a": Register(), "b": Register()}
    a, b = served_by("a"), served_by("b")
    sources = town(person, a, b, connectors={id: r.connect for id, r in registers.items()})
    await ask(sources)
    kept, plain, changed = sources.find("a"), sources.find("natural-person"), sources.find("b")
    again = replace(person)
    sources.use({"natural-person": again, "a": a, "b": replace(b)})
    assert (sources.find("a"), sources.find("natural-person")) == (kept, plain)
    assert sources.find("b") is not changed  # read anew: its code may have changed
    sources.use({"natural-person": again, "a": replace(a, timeout_ms=300), "b": b})
    assert sources.find("a") is not kept
    assert {e.outcome for e in (await ask(sources)).values()} == {"found"}
    sources.use({})
    assert (await ask(sources, "a"))["a"].reason == "there is no source a"


async def test_a_source_taken_away_ends_its_questions(town: Town) -> None:
    sources = town(served_by("a", timeout_ms=5000), connectors={"a": Register(after(0.3)).connect})
    asked = asyncio.ensure_future(ask(sources, "a"))
    await asyncio.sleep(0.05)
    sources.use({})
    assert "taken out of service" in (await asked)["a"].reason


async def test_whoever_gives_up_waiting_harms_nobody_else(town: Town) -> None:
    register = Register(after(0.1))
    sources = town(served_by("a"), connectors={"a": register.connect})
    one, two = asyncio.ensure_future(ask(sources)), asyncio.ensure_future(ask(sources))
    await asyncio.sleep(0.02)
    one.cancel()
    assert (await two)["a"].outcome == "found"
