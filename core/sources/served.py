"""One source in service: its connection, time limit, breaker, concurrency limit, and what it may answer.

Knows no item, no lookup and no applicant: a question is a map of fields, an answer one of the four outcomes.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from core.contract import Down, Found, Outcome, Source
from core.errors import Unavailable
from core.settings import Settings
from core.sources import apart, demo
from core.sources.breaker import Breaker
from core.sources.connectors import CannotConnect, Connect, Connection, Unfit, bundled, sql
from core.sources.environment import expand, names, unset
from core.sources.fitting import ALARM, Fitting
from core.sources.states import SourceState, Tally
from core.sources.threads import AllBusy, Threads

log = logging.getLogger("lingban.sources")

CONCURRENT = 8
TRIAL_PATIENCE_S = 0.25
"""How long a page waits for a source on trial; the trial itself goes on for the source's own time limit."""


@dataclass(frozen=True, slots=True)
class Answer:
    outcome: Outcome
    """Found holds a list of records where `many` was asked, else one record."""
    asked_at: str
    """UTC, ISO 8601, seconds: when it was read."""
    ms: int
    misfit: bool = False
    """The question did not fit the query schema and was never asked."""


class Flight:
    """One question on its way. Everybody who asks the same meanwhile waits for the same answer."""

    __slots__ = ("answer", "begun", "begun_at", "patient_until", "task", "timer")

    def __init__(self, answer: asyncio.Future[Answer], begun: float, patient_until: float) -> None:
        self.answer, self.begun, self.patient_until = answer, begun, patient_until
        self.begun_at = asyncio.get_running_loop().time()
        self.task: asyncio.Task[None] | None = None
        self.timer: asyncio.TimerHandle | None = None

    def result(self, late: str) -> Answer:
        """The answer; Down with the reason `late` while there is none."""
        if self.answer.done():
            return self.answer.result()
        return Answer(Down(late), utc_now(), round((asyncio.get_running_loop().time() - self.begun_at) * 1000))


class Served:
    """Use from one event loop. Opens its connection with the first question."""

    def __init__(
        self, source: Source, *, settings: Settings, code: Callable[[], Awaitable[Any]], clock: Callable[[], float]
    ) -> None:
        """`code()` gives an integrator's connect, or None; called only for a connector that core does not bring."""
        self.source = source
        self._settings, self._code, self._clock = settings, code, clock
        self._names = tuple(dict.fromkeys(names(source.settings)))
        self.unset = unset(source.settings, settings.environment)
        self.demo = bool(self.unset) and settings.demo
        self._limit_s = source.timeout_ms / 1000
        self._breaker = Breaker(clock)
        self._slots = asyncio.Semaphore(size_of(source))
        self._flights: dict[str, Flight] = {}
        self._hanging: set[asyncio.Task[None]] = set()
        self._connection: Connection | None = None
        self._opening = asyncio.Lock()
        self._closed = False
        self._fitting = Fitting(source)
        self.tally = Tally()

    # --- asking --------------------------------------------------------------------------------------

    def ask(self, by: Mapping[str, Any], many: bool, key: str, *, force: bool = False) -> Answer | Flight:
        """The answer where no question is needed, else the flight that brings it.

        `key` is the canonical spelling of the question; `force` asks even while the breaker is open.
        """
        if self.unset and not self.demo:
            return self._unasked(Down(f"{', '.join(self.unset)} is not set in the environment"))
        flight = self._flights.get(key)
        if flight is not None and (self._connection is None or self._connection.shared):
            self.tally.counts["joined"] += 1
            return flight
        wrong = self._fitting.wrong_question(by)
        if wrong:
            return self._unasked(Down(wrong), misfit=True)
        admitted = "ask" if force else self._breaker.admit()
        if admitted is None:
            return self._unasked(Down(f"not asked after errors; tried again in {self._breaker.retry_in_s():.0f} s"))
        now = self._clock()
        connection = self._connection
        if connection is not None:
            answer = self._at_once(connection, by, many, now)
            if answer is not None:
                return answer
        loop = asyncio.get_running_loop()
        patience = self._limit_s + 1 if admitted == "ask" else min(self._limit_s, TRIAL_PATIENCE_S)
        flight = self._flights[key] = Flight(loop.create_future(), now, now + patience)
        flight.timer = loop.call_later(self._limit_s, self._overdue, flight, key)
        flight.task = loop.create_task(self._fly(flight, by, many, key))
        return flight

    @property
    def ready(self) -> bool:
        """Whether a question would be asked now, and not be answered Down at once."""
        return not (self.unset and not self.demo) and self._breaker.ready

    @property
    def failing(self) -> bool:
        """Whether the last question ended in the source's own trouble."""
        return self._breaker.in_a_row > 0

    def _unasked(self, outcome: Down, *, misfit: bool = False) -> Answer:
        at = utc_now()
        if misfit:
            self.tally.counts["misfit"] += 1  # whoever asked is wrong, not the source
        else:
            self.tally.note(at, "down", 0)
        return Answer(outcome, at, 0, misfit)

    def _at_once(self, connection: Connection, by: Mapping[str, Any], many: bool, now: float) -> Answer | None:
        try:
            raw = connection.at_once(by, many)
        except Exception as error:
            log.warning("source %s: at_once: %s", self.source.id, type(error).__name__)
            return None
        if raw is None:
            return None
        outcome, trouble = self._look_at(raw, by, many)
        return self._answered(outcome, trouble, round((self._clock() - now) * 1000))

    async def _fly(self, flight: Flight, by: Mapping[str, Any], many: bool, key: str) -> None:
        trouble = False
        try:
            async with self._slots:
                connection = self._connection or await self._open()
                raw = await connection.ask(by, many)
            outcome, trouble = self._look_at(raw, by, many)
        except asyncio.CancelledError:
            raise
        except Unfit as error:
            self._land(flight, key, Down(self.plain(str(error), by)), None, misfit=not error.asked)
            return
        except (CannotConnect, AllBusy) as error:
            outcome, trouble = Down(self.plain(str(error), by)), True
        except Unavailable as error:
            # A plugin's hook failed: the sentence in it is for citizens, the reason for us.
            outcome, trouble = Down(self.plain(str(getattr(error, "reason", error)), by)), True
        except Exception as error:
            outcome, trouble = Down(self.plain(f"{type(error).__name__}: {error}", by)), True
        self._land(flight, key, outcome, trouble)

    def _overdue(self, flight: Flight, key: str) -> None:
        self._land(flight, key, Down(f"no answer within {self.source.timeout_ms} ms"), True)
        task = flight.task
        if task is not None and not task.done():
            # It may not end at once, or ever; the answer does not wait for it, its place in the line does.
            task.cancel()
            self._hanging.add(task)
            task.add_done_callback(self._forget)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._hanging.discard(task)
        with contextlib.suppress(asyncio.CancelledError):
            task.exception()

    def _land(self, flight: Flight, key: str, outcome: Outcome, trouble: bool | None, *, misfit: bool = False) -> None:
        if flight.answer.done():
            return
        if flight.timer is not None:
            flight.timer.cancel()
        if self._flights.get(key) is flight:
            del self._flights[key]
        if self._connection is not None and (left := self._connection.left()):
            self.tally.trouble(utc_now(), left, kind="leak")
        ms = round((self._clock() - flight.begun) * 1000)
        flight.answer.set_result(self._answered(outcome, trouble, ms, misfit=misfit))

    def _answered(self, outcome: Outcome, trouble: bool | None, ms: int, *, misfit: bool = False) -> Answer:
        """`trouble`: whether the source is ill; None where the question was at fault, which tells nothing of it."""
        at = utc_now()
        if trouble is None:
            self._breaker.untold()
        elif trouble:
            well = self._breaker.state == "closed"
            self._breaker.failed()
            if well and self._breaker.state != "closed" and isinstance(outcome, Down):
                why = f"{self._breaker.in_a_row} errors in a row, so it is not asked for a while: {outcome.reason}"
                self.tally.trouble(at, why[:300], kind="opened")
        else:
            self._breaker.worked()
        if isinstance(outcome, Down) and not outcome.reason.startswith(ALARM):
            self.tally.trouble(at, outcome.reason)
        self.tally.note(at, outcome.name, ms)
        return Answer(outcome, at, ms, misfit)

    # --- opening and closing -------------------------------------------------------------------------

    async def warm(self) -> None:
        """Read the connector's code and its driver's, so that the first question does not spend its time on that."""
        loader = Threads(f"read {self.source.id}", 1)
        with contextlib.suppress(Exception):
            await loader.run(self._read_code)
        loader.close()

    def _read_code(self) -> None:
        bundled(self.source.connector)
        if self.source.connector == "sql" and not self.unset:
            sql.driver_of(str(expand(self.source.settings, self._settings.environment).get("url") or ""))

    async def _open(self) -> Connection:
        async with self._opening:
            if self._closed:
                raise CannotConnect("the source was taken out of service")
            if self._connection is None:
                opener = Threads(f"open {self.source.id}", 1)
                try:
                    self._connection = await opener.run(await self._how_to_open())
                finally:
                    opener.close()
        return self._connection

    async def _how_to_open(self) -> Callable[[], Connection]:
        source = self.source
        if self.demo:
            return lambda: demo.connect(self._settings, source)
        settings = expand(source.settings, self._settings.environment)
        if bundled_connector(source.connector):
            return lambda: builtin(source.connector)(source, settings, near=self._settings.data)
        code = await self._code()
        if code is None:
            raise CannotConnect(f'no plugin brings the connector "{source.connector}"')
        return lambda: apart.connect(source, settings, code, size=size_of(source))

    def close(self) -> None:
        """Let go; questions in flight end as Down."""
        self._closed = True
        for key, flight in list(self._flights.items()):
            self._land(flight, key, Down("the source was taken out of service"), False)
            if flight.task is not None:
                flight.task.cancel()
        connection, self._connection = self._connection, None
        if connection is not None:
            close = getattr(connection, "close", None)
            if callable(close):
                with contextlib.suppress(Exception):
                    close()

    async def closed(self) -> None:
        """Wait a moment for what was cancelled, so that nothing is left behind at the end."""
        tasks = [task for task in self._hanging if not task.done()]
        if tasks:
            await asyncio.wait(tasks, timeout=0.2)

    def _look_at(self, raw: Any, by: Mapping[str, Any], many: bool) -> tuple[Outcome, bool]:
        outcome, trouble = self._fitting.look_at(raw, by, many)
        if not isinstance(outcome, Found) and outcome.reason != "":
            outcome = type(outcome)(self.plain(outcome.reason, by))
            if outcome.reason.startswith(ALARM):
                self.tally.trouble(utc_now(), outcome.reason, kind="record")
                log.error("source %s: %s", self.source.id, outcome.reason)
        return outcome, trouble

    def plain(self, reason: Any, by: Mapping[str, Any] | None = None) -> str:
        """A reason, whatever an integrator gave for one, without secrets and the personal data that was asked by."""
        text = str(reason or "").encode("utf-8", "replace").decode().replace("\0", " ")
        for name in self._names:
            value = self._settings.environment.get(name) or ""
            if len(value) > 3:
                text = text.replace(value, "${" + name + "}")
        for value in (by or {}).values():
            if isinstance(value, str) and len(value) > 1:
                text = text.replace(value, "…")
        return text[:300]

    def state(self) -> SourceState:
        tally, source = self.tally, self.source
        return SourceState(
            id=source.id,
            title=source.title,
            unit=source.unit,
            connector=source.connector,
            state="unset" if self.unset and not self.demo else self._breaker.state,
            demo=self.demo,
            unset=self.unset,
            in_flight=len(self._flights) + len(self._hanging),
            asked=sum(tally.counts[name] for name in ("found", "empty", "down", "refused")),
            counts=dict(tally.counts),
            p50_ms=tally.percentile(0.5),
            p95_ms=tally.percentile(0.95),
            failures_in_a_row=self._breaker.in_a_row,
            retry_in_s=self._breaker.retry_in_s(),
            last_answer_at=tally.last_answer_at,
            troubles=tuple(tally.troubles),
            points=tally.points,
            notes=tuple(self.plain(note) for note in getattr(self._connection, "notes", ())),
        )


def size_of(source: Source) -> int:
    """How many questions the source gets at once."""
    declared = source.settings.get("concurrent", CONCURRENT)
    return declared if isinstance(declared, int) and 1 <= declared <= 100 else CONCURRENT


def bundled_connector(name: str) -> bool:
    from core.sources.connectors import NAMES

    return name in NAMES


def builtin(name: str) -> Connect:
    found = bundled(name)
    if found is None:
        raise CannotConnect(f'no connector "{name}"')
    return found


_second = (0, "")


def utc_now() -> str:
    """UTC, ISO 8601, seconds; spelled once a second."""
    global _second
    now = int(time.time())
    if _second[0] != now:
        _second = (now, datetime.fromtimestamp(now, UTC).isoformat(timespec="seconds"))
    return _second[1]
