"""A silent job is told on the administrator's first page, in /readyz and /metrics, until it runs again."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from admin.alarms import JOBS as NAMED
from core import jobs
from core.cases.models import Heartbeat
from core.kernel import Kernel
from tests.admin.conftest import Desk

BOTH_DATABASES = True


@pytest.fixture
def kernel(desk: Desk) -> Kernel:
    found: Kernel = desk.client.http.app.state.kernel  # type: ignore[attr-defined]
    return found


def run_jobs(desk: Desk, kernel: Kernel, which: Any = jobs.JOBS) -> None:
    """The jobs as the server runs them, until each has beaten anew; then they are killed."""

    async def work() -> None:
        began = kernel.now()
        async with jobs.running(kernel, which):
            for _ in range(400):
                beats = {one.job: one.at for one in await Heartbeat.all()}
                if all(beats.get(job.name, began) >= began for job in which):
                    return
                await asyncio.sleep(0.02)

    assert desk.client.http.portal is not None
    desk.client.http.portal.call(work)


def hours_later(kernel: Kernel, monkeypatch: pytest.MonkeyPatch, hours: int) -> None:
    monkeypatch.setattr(kernel, "now", lambda: datetime.now(UTC) + timedelta(hours=hours))


def test_every_job_of_the_house_has_its_words() -> None:
    assert {job.name for job in jobs.JOBS} == set(NAMED)


def test_jobs_that_were_killed_are_told_with_since_when_and_what_to_do(
    desk: Desk, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    run_jobs(desk, kernel)
    desk.sign_in("administrator")
    assert "后台任务停了" not in desk.get("/admin/").text
    assert desk.client.http.get("/readyz").json()["silent_jobs"] == []
    hours_later(kernel, monkeypatch, 12)
    page = desk.get("/admin/").text
    for sentence in ("后台任务停了", "法定时限", "legal_clock", "没有运行", "请重新启动 lingban serve"):
        assert sentence in page, sentence
    ready = desk.client.http.get("/readyz")
    assert (ready.status_code, set(ready.json()["silent_jobs"])) == (200, set(NAMED))
    assert set(ready.json()["silent_since"]) == set(NAMED)
    gauges = desk.client.http.get("/metrics").text
    assert f"lingban_silent_jobs {len(NAMED)}.0" in gauges
    assert 'lingban_silent_job_seconds{job="legal_clock"} 4' in gauges, "some 43,200 seconds"
    desk.sign_in(desk.one_of("reviewer"))
    assert "后台任务停了" not in desk.get("/admin/").text
    run_jobs(desk, kernel)
    desk.sign_in("administrator")
    assert "后台任务停了" not in desk.get("/admin/").text, "they run again"


def test_a_job_that_fails_at_every_turn_is_missed_though_it_never_said_a_word(
    desk: Desk, kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(kernel: Kernel) -> str:
        raise RuntimeError("no disk")

    async def work() -> None:
        async with jobs.running(kernel, [jobs.Job("archive", 0.01, fails)]):
            await asyncio.sleep(0.1)

    assert desk.client.http.portal is not None
    desk.client.http.portal.call(work)
    hours_later(kernel, monkeypatch, 13)
    desk.sign_in("administrator")
    page = desk.get("/admin/").text
    assert "archive" in page
    assert "no disk" not in page
