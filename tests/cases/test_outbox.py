"""Delivery: at least once, in order per case, patient, and in the end laid aside where a person sees it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any

import pytest

from core import jobs
from core.cases import actions
from core.cases.actions.outbox import LEASE, MOST_ATTEMPTS, deliver_due, wait_after
from core.cases.models import Heartbeat, Outbox
from core.kernel import Kernel
from tests.cases.town import CITIZEN, ELDER, person

pytestmark = pytest.mark.anyio


class Listener:
    """Two listeners; what fails is told by the test."""

    def __init__(self) -> None:
        self.failing: dict[str, str] = {}
        self.told: list[tuple[str, str, str]] = []
        self.pause = 0.0

    async def __call__(self, event: Mapping[str, Any], only: Collection[str] | None) -> Mapping[str, str]:
        await asyncio.sleep(self.pause)
        names = [name for name in ("mail", "archive") if only is None or name in only]
        self.told += [(name, event["case"], event["type"]) for name in names if name not in self.failing]
        return {name: self.failing[name] for name in names if name in self.failing}


async def file_one(kernel: Kernel) -> str:
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER), channel="web"
    )
    edited = actions.edit_draft(draft, answers={"phone": "13900000000"}, revision=draft.revision)
    return (await actions.file_draft(kernel, edited, actor=CITIZEN)).no


async def later(kernel: Kernel, by: timedelta) -> None:
    """As if so much time had passed."""
    for row in await Outbox.all():
        await Outbox.filter(id=row.id).update(next_at=row.next_at - by)


async def test_events_of_a_case_are_told_in_order_once(kernel: Kernel) -> None:
    listener = Listener()
    no = await file_one(kernel)
    assert await deliver_due(kernel, listener) == 2
    assert [t for n, c, t in listener.told if n == "mail"] == ["filed", "decided"]
    assert {c for _, c, _ in listener.told} == {no}
    assert await deliver_due(kernel, listener) == 0
    assert await Outbox.filter(state="delivered").count() == 2


async def test_a_failure_holds_back_its_own_case_only_and_is_retried_for_who_failed(kernel: Kernel) -> None:
    listener = Listener()
    await file_one(kernel)
    listener.failing = {"archive": "no answer"}
    assert await deliver_due(kernel, listener) == 0
    first = await Outbox.get(seq=1)
    assert (first.state, first.attempts, first.error, first.waiting) == (
        "pending",
        1,
        "archive: no answer",
        ["archive"],
    )
    assert await Outbox.filter(seq__gt=1, attempts=0).count() == 1
    second = await file_one(kernel)
    listener.failing = {}
    assert await deliver_due(kernel, listener) == 2
    assert {c for _, c, _ in listener.told[1:]} == {second}
    await later(kernel, timedelta(minutes=1))
    assert await deliver_due(kernel, listener) == 2
    by_name: dict[str, list[str]] = defaultdict(list)
    for name, case, type in listener.told:
        if case != second:
            by_name[name].append(type)
    assert by_name["mail"] == ["filed", "decided"]
    assert by_name["archive"] == ["filed", "decided"]


async def test_a_dead_letter_lets_the_next_one_go_and_can_be_taken_up_again(kernel: Kernel) -> None:
    listener = Listener()
    await file_one(kernel)
    listener.failing = {"mail": "broken", "archive": "broken"}
    for _ in range(MOST_ATTEMPTS):
        await deliver_due(kernel, listener)
        await later(kernel, timedelta(hours=7))
    dead = await Outbox.get(seq=1)
    assert dead.state == "dead"
    listener.failing = {}
    assert await deliver_due(kernel, listener) == 1
    assert await actions.redeliver(kernel, str(dead.id))
    assert await deliver_due(kernel, listener) == 1
    assert not await actions.redeliver(kernel, str(dead.id))


async def test_what_a_dead_worker_had_claimed_is_told_by_another(kernel: Kernel) -> None:
    await file_one(kernel)

    async def dies(event: Mapping[str, Any], only: Collection[str] | None) -> Mapping[str, str]:
        raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await deliver_due(kernel, dies)
    listener = Listener()
    assert await deliver_due(kernel, listener) == 0
    await later(kernel, LEASE)
    assert await deliver_due(kernel, listener) == 2


async def test_two_workers_at_once_tell_each_event_once_and_in_order(kernel: Kernel) -> None:
    for _ in range(4):
        await file_one(kernel)
    listener = Listener()
    listener.pause = 0.001
    await asyncio.gather(*(deliver_due(kernel, listener) for _ in range(3)))
    mails: dict[str, list[str]] = defaultdict(list)
    for name, case, type in listener.told:
        if name == "mail":
            mails[case].append(type)
    assert list(mails.values()) == [["filed", "decided"]] * 4


def test_patience_grows_and_has_an_end() -> None:
    waits = [wait_after(n) for n in range(1, MOST_ATTEMPTS + 1)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=5)
    assert sum(waits, timedelta()) > timedelta(hours=12)


async def test_jobs_beat_and_survive_a_bad_turn(kernel: Kernel) -> None:
    turns = []

    async def sometimes(kernel: Kernel) -> str:
        turns.append(1)
        if len(turns) == 1:
            raise RuntimeError("a bad turn")
        return "well"

    async with jobs.running(kernel, [jobs.Job("sometimes", 0.01, sometimes)]):
        for _ in range(200):
            if await Heartbeat.filter(job="sometimes").exists():
                break
            await asyncio.sleep(0.01)
    beat = await Heartbeat.get(job="sometimes")
    assert beat.note == "well"
    assert len(turns) >= 2


async def test_a_plugin_hears_of_the_case(kernel: Kernel) -> None:
    no = await file_one(kernel)
    assert "2" in await jobs.deliver(kernel)
    assert await Outbox.filter(state="delivered").count() == 2
    assert no
