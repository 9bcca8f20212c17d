"""Is it alive, is it ready, how much does it do. Knows no personal data."""

from __future__ import annotations

import resource
import sys
import time

from prometheus_client import CollectorRegistry, Gauge, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from tortoise.exceptions import BaseORMException

from core import database
from core.cases.access import listener_queues, silent_jobs, waits_since
from core.kernel import Kernel
from core.web.session import kernel

COUNTED_FOR = 100
"""A count stands this many times as long as it took."""


class Metrics:
    """Gauges read when they are asked for, so that no request pays for being counted."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.started = time.time()
        self.uptime = Gauge("lingban_uptime_seconds", "Seconds since start", registry=self.registry)
        self.memory = Gauge("lingban_max_rss_bytes", "Largest resident set so far", registry=self.registry)
        self.plugins = Gauge("lingban_plugins", "Plugins by kind and state", ["kind", "state"], registry=self.registry)
        self.catalog = Gauge("lingban_catalog", "Counts of the catalog", ["count"], registry=self.registry)
        self.cases = Gauge("lingban_cases", "Cases by status", ["status"], registry=self.registry)
        self.silent = Gauge("lingban_silent_jobs", "Jobs whose heartbeat is overdue", registry=self.registry)
        self.outbox = Gauge("lingban_outbox", "Events not told yet, by state", ["state"], registry=self.registry)
        self.job_silent = Gauge(
            "lingban_silent_job_seconds", "Seconds since the last heartbeat of a job that is overdue", ["job"],
            registry=self.registry,
        )  # fmt: skip
        by = ["listener"]
        self.told = Gauge("lingban_listener_events", "Attempts of this process, by how they ended",
                          ["listener", "result"], registry=self.registry)  # fmt: skip
        self.waiting = Gauge("lingban_listener_waiting", "Events to be sent again", by, registry=self.registry)
        self.dead = Gauge("lingban_listener_dead", "Events laid aside", by, registry=self.registry)
        self.lag = Gauge("lingban_listener_lag_seconds", "Age of the oldest event not taken", by,
                         registry=self.registry)  # fmt: skip
        self._counted_until = 0.0

    async def count_listeners(self, kernel: Kernel) -> None:
        for gauge in (self.told, self.waiting, self.dead, self.lag):
            gauge.clear()
        for queue in await listener_queues(kernel):
            self.waiting.labels(queue.listener).set(queue.waiting)
            self.dead.labels(queue.listener).set(queue.dead)
            for result in ("delivered", "failed"):
                self.told.labels(queue.listener, result).set(kernel.listeners.counted[queue.listener, result])
        for listener, seconds in (await waits_since(kernel)).items():
            self.lag.labels(listener).set(seconds)

    async def watch_jobs(self, kernel: Kernel) -> None:
        silent = await silent_jobs(kernel)
        self.silent.set(len(silent))
        self.job_silent.clear()
        for one in silent:
            self.job_silent.labels(one.name).set((kernel.now() - one.since).total_seconds())

    async def count_cases(self) -> None:
        """Cases by status, events by state. What took long stands for a hundred times as long: counting a million
        cases, however often one asks, costs the database at most a hundredth of its time."""
        started = time.monotonic()
        if started < self._counted_until:
            return
        db = database.connection()
        cases = await db.execute_query_dict("SELECT status, count(*) AS n FROM cases_case GROUP BY status")
        self.cases.clear()
        for row in cases:
            self.cases.labels(row["status"]).set(row["n"])
        for state in ("pending", "dead"):  # each by its partial index; who was told already is no backlog
            rows = await db.execute_query_dict(f"SELECT count(*) AS n FROM cases_outbox WHERE state = '{state}'")
            self.outbox.labels(state).set(rows[0]["n"])
        ended = time.monotonic()
        self._counted_until = ended + COUNTED_FOR * (ended - started)


async def alive(request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def ready(request: Request) -> Response:
    """200 when the database answers and at least one item is offered, else 503 with the reason."""
    reasons = []
    try:
        await database.connection().execute_query("SELECT 1")
    except (BaseORMException, OSError):
        reasons.append("the database does not answer")
    catalog = kernel(request).catalog
    if not catalog.items:
        reasons.append("no item is loaded")
    # Pages are served all the same: a silent job is an alarm for the house, no reason to send people elsewhere.
    silent = await silent_jobs(kernel(request)) if not reasons else []
    body = {
        "status": "ready" if not reasons else "not ready",
        "items": len(catalog.items),
        "reasons": reasons,
        "silent_jobs": [one.name for one in silent],
        "silent_since": {one.name: one.since.isoformat(timespec="seconds") for one in silent},
    }
    return JSONResponse(body, status_code=503 if reasons else 200)


async def metrics(request: Request) -> Response:
    gauges: Metrics = request.app.state.metrics
    catalog = kernel(request).catalog
    gauges.uptime.set(time.time() - gauges.started)
    gauges.memory.set(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024))
    gauges.plugins.clear()
    for plugin in catalog.plugins.values():
        state = "set_aside" if plugin.faults else "served"
        gauges.plugins.labels(plugin.kind, state).inc()
    for name, count in catalog.counts().items():
        gauges.catalog.labels(name).set(count)
    await gauges.count_cases()
    await gauges.watch_jobs(kernel(request))
    await gauges.count_listeners(kernel(request))
    return PlainTextResponse(generate_latest(gauges.registry), media_type=CONTENT_TYPE_LATEST)
