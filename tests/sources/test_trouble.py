"""What becomes of a source that hangs, fails, lies or floods: Down in time, and nobody else notices."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from core.contract import Down, Empty, Found, Refused, Source
from core.sources.connectors import Connection
from core.sources.engine import Sources
from tests.sources.conftest import CALENDAR, ELDER, facts, item, lookup, source

pytestmark = pytest.mark.anyio
Town = Callable[..., Sources]
AMPLE_MS = 20_000
"""For a source that should answer, however busy this machine is; what hangs does so for longer than IN_TIME_S."""
IN_TIME_S = 15.0
RECORD = {"id_number": ELDER, "name": "张试"}


class Register:
    """An integrator's connector: `answer` is what it gives, or does."""

    def __init__(self, answer: Any = None) -> None:
        self.answer = answer if answer is not None else Found(dict(RECORD))
        self.asked = 0

    def connect(self, source: Source, settings: Any) -> Register:
        return self

    def ask(self, by: Any) -> Any:
        self.asked += 1
        return self.answer() if callable(self.answer) else self.answer


def served_by(id: str, **more: Any) -> Source:
    return source(id, connector=id, **{"timeout_ms": AMPLE_MS, **more})


async def ask(sources: Sources, *ids: str, **more: Any) -> Any:
    names = ids or tuple(state.id for state in sources.states())
    return await sources.ask(item({id: lookup(id) for id in names}), facts(), calendar=CALENDAR, **more)


async def later() -> Any:
    await asyncio.sleep(0.01)
    return Found(dict(RECORD))


def after(seconds: float) -> Callable[[], Any]:
    """A connector that blocks its thread, then answers."""

    def answer() -> Any:
        time.sleep(seconds)
        return Found(dict(RECORD))

    return answer


async def in_order(*questions: Any) -> tuple[list[Any], list[int]]:
    """All answers, and who came in first: where one blocks the event loop, nobody overtakes it."""
    order: list[int] = []

    async def one(number: int, question: Any) -> Any:
        answer = await question
        order.append(number)
        return answer

    return await asyncio.gather(*(one(n, q) for n, q in enumerate(questions))), order


def raises() -> Any:
    raise RuntimeError(f"no luck with {ELDER}")


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
]


@pytest.mark.parametrize(("answer", "outcome", "says"), WORDS)
async def test_whatever_a_connector_gives_ends_in_one_of_four_outcomes(
    town: Town, answer: Any, outcome: str, says: str
) -> None:
    sources = town(served_by("a"), connectors={"a": Register(answer).connect})
    evidence = (await ask(sources))["a"]
    assert evidence.outcome == outcome
    assert says in evidence.reason
    assert ELDER not in evidence.reason
    assert (evidence.value is None) == (outcome != "found")


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


async def test_a_locked_database_is_down_in_time_and_blocks_nobody(town: Town, person: Source, register: Path) -> None:
    slow = source(settings=dict(person.settings), timeout_ms=1500)
    sources = town(slow, served_by("quick"), connectors={"quick": Register().connect})
    assert (await ask(sources, "natural-person"))["natural-person"].outcome == "found"
    with closing(sqlite3.connect(register, isolation_level=None)) as writer:
        writer.execute("BEGIN EXCLUSIVE")
        (evidence, other), order = await in_order(ask(sources, "natural-person"), ask(sources, "quick"))
        writer.execute("ROLLBACK")
    assert (evidence["natural-person"].outcome, other["quick"].outcome) == ("down", "found")
    assert order == [1, 0]
    assert (await ask(sources, "natural-person"))["natural-person"].outcome == "found"


async def test_a_statement_without_end_is_interrupted(town: Town, register: Path) -> None:
    endless = (
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "SELECT :id_number AS id_number, 'x' AS name FROM n WHERE i < 0 OR (:id_number = '1' AND i = 1) LIMIT 1"
    )
    sources = town(
        source(settings={"url": "sqlite://${REGISTER}", "select": endless}, timeout_ms=1500),
        served_by("quick"),
        connectors={"quick": Register().connect},
    )
    for _ in range(2):  # the second time at once, on the event loop
        assert (await sources.probe("natural-person", {"id_number": "1"})).outcome == "found"
    for _ in range(2):
        # More of them than the file has threads: each must be free again when its time is over.
        endless_ones = [sources.probe("natural-person", {"id_number": f"{n}{ELDER}"}) for n in range(5)]
        answers, order = await in_order(*endless_ones, ask(sources, "quick"))
        assert [answer.outcome for answer in answers[:5]] == ["down"] * 5
        assert (answers[5]["quick"].outcome, order[0]) == ("found", 5)
    for _ in range(500):
        if sources.states()[0].in_flight == 0:
            break
        await asyncio.sleep(0.02)
    assert sources.states()[0].in_flight == 0
    assert (await sources.probe("natural-person", {"id_number": "1"})).outcome == "found"


async def test_a_replaced_file_is_read_anew(town: Town, person: Source, register: Path) -> None:
    sources = town(person)
    assert (await ask(sources))["natural-person"].outcome == "found"
    fresh = register.with_name("fresh.sqlite3")
    with closing(sqlite3.connect(fresh)) as connection, connection:
        connection.execute("CREATE TABLE person (id_number, name, birth_date, alive, spouse_id, updated_on)")
    fresh.replace(register)
    assert (await ask(sources))["natural-person"].outcome == "empty"
    register.unlink()
    assert (await ask(sources))["natural-person"].outcome == "down"


async def test_a_register_may_come_later_than_the_first_question(town: Town, person: Source, register: Path) -> None:
    away = register.rename(register.with_suffix(".away"))
    sources = town(person)
    assert (await ask(sources))["natural-person"].outcome == "down"
    away.rename(register)
    for _ in range(3):
        assert (await ask(sources))["natural-person"].outcome == "found"
    served = sources.find("natural-person")
    assert served is not None
    connection: Any = served._connection
    assert connection.at_once({"id_number": ELDER}).name == "found"


async def test_a_source_is_only_ever_read(town: Town, register: Path) -> None:
    for select in ("DELETE FROM person", "SELECT 1; DELETE FROM person", "SELECT :stranger"):
        sources = town(source(settings={"url": "sqlite://${REGISTER}", "select": select}))
        assert (await ask(sources))["natural-person"].outcome == "down"
    sneaky = "WITH x AS (SELECT 1) INSERT INTO person SELECT 1, 2, 3, 4, 5, 6 FROM x RETURNING *"
    sources = town(source(settings={"url": "sqlite://${REGISTER}", "select": sneaky}))
    assert "readonly" in (await ask(sources))["natural-person"].reason


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
