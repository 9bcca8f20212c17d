"""Delivery: at least once, in order per case, patient, and in the end laid aside where a person sees it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from core import jobs
from core.cases import access, actions
from core.cases.actions.outbox import (
    LEASE,
    MOST_ATTEMPTS,
    MOST_FAILURES,
    deliver_again,
    deliver_new,
    wait_after,
)
from core.cases.models import Delivery, Heartbeat, Outbox
from core.contract import Actor
from core.errors import NotAllowed
from core.kernel import Kernel
from tests.cases.town import CITIZEN, ELDER, person

pytestmark = pytest.mark.anyio
ADMINISTRATOR = Actor(id="acc-admin", role="administrator", name="吴管")


class Listener:
    """Two listeners; what fails is told by the test."""

    def __init__(self) -> None:
        self.failing: dict[str, str] = {}
        self.told: list[tuple[str, str, str]] = []
        self.tried: list[str] = []
        self.pause = 0.0

    async def names(self) -> list[str]:
        return ["mail", "archive"]

    async def tell(self, listener: str, event: Mapping[str, Any]) -> str:
        self.tried.append(listener)
        await asyncio.sleep(self.pause)
        if listener not in self.failing:
            self.told.append((listener, event["case"], event["type"]))
        return self.failing.get(listener, "")

    def heard(self, listener: str, case: str = "") -> list[str]:
        return [type for name, no, type in self.told if name == listener and case in ("", no)]


async def deliver_due(kernel: Kernel, listener: Any) -> int:
    """What both jobs do in one turn."""
    return await deliver_new(kernel, listener) + await deliver_again(kernel, listener)


async def file_one(kernel: Kernel) -> str:
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER), channel="web"
    )
    edited = actions.edit_draft(draft, answers={"phone": "13900000000"}, revision=draft.revision)
    return (await actions.file_draft(kernel, edited, actor=CITIZEN)).no


async def later(kernel: Kernel, by: timedelta) -> None:
    """As if so much time had passed."""
    for model in (Outbox, Delivery):
        for row in await model.all():
            await model.filter(id=row.id).update(next_at=row.next_at - by)


async def test_events_of_a_case_are_told_in_order_once(kernel: Kernel) -> None:
    listener = Listener()
    no = await file_one(kernel)
    assert await deliver_due(kernel, listener) == 2
    assert listener.heard("mail") == ["filed", "decided"]
    assert {c for _, c, _ in listener.told} == {no}
    assert await deliver_due(kernel, listener) == 0
    assert await Outbox.filter(state="delivered").count() == 2
    assert await Delivery.all().count() == 0


async def test_who_fails_holds_up_nobody_else_and_gets_everything_in_order_later(kernel: Kernel) -> None:
    listener = Listener()
    first = await file_one(kernel)
    listener.failing = {"archive": "no answer"}
    assert await deliver_new(kernel, listener) == 2
    assert listener.heard("mail", first) == ["filed", "decided"]
    rows = await Delivery.all().order_by("seq")
    assert [(one.listener, one.seq, one.attempts, one.error) for one in rows] == [
        ("archive", 1, 1, "no answer"),
        ("archive", 2, 0, ""),
    ]
    assert listener.tried.count("archive") == 1, "the second event of the case waits for the first"
    second = await file_one(kernel)
    assert await deliver_due(kernel, listener) == 2
    assert listener.heard("mail", second) == ["filed", "decided"]
    listener.failing = {}
    await later(kernel, timedelta(minutes=1))
    while await deliver_due(kernel, listener):
        pass
    assert listener.heard("archive", first) == ["filed", "decided"]
    assert listener.heard("archive", second) == ["filed", "decided"]
    assert listener.heard("mail", first) == ["filed", "decided"]
    assert await Delivery.all().count() == 0


async def test_a_dead_endpoint_costs_few_attempts_a_turn_however_much_waits_for_it(kernel: Kernel) -> None:
    listener = Listener()
    listener.failing = {"archive": "no answer"}
    for _ in range(8):
        await file_one(kernel)
    await deliver_new(kernel, listener)
    await later(kernel, timedelta(hours=1))
    listener.tried.clear()
    await deliver_again(kernel, listener)
    assert len(listener.tried) == MOST_FAILURES
    await deliver_again(kernel, listener)
    assert len(listener.tried) == MOST_FAILURES, "then it is left alone until its wait is over"
    assert await Delivery.all().count() == 16
    assert len(listener.heard("mail")) == 16


async def test_an_event_that_one_listener_never_takes_holds_back_its_case_alone(kernel: Kernel) -> None:
    class Picky(Listener):
        async def tell(self, listener: str, event: Mapping[str, Any]) -> str:
            if listener == "archive" and event["case"] == poison:
                return "it answered 422"
            return await super().tell(listener, event)

    listener = Picky()
    poison, other = await file_one(kernel), await file_one(kernel)
    await deliver_new(kernel, listener)
    for _ in range(3):
        await deliver_again(kernel, listener)
    assert listener.heard("archive", other) == ["filed", "decided"]
    assert listener.heard("archive", poison) == []


async def test_a_dead_letter_lets_the_next_one_go_and_can_be_taken_up_again(kernel: Kernel) -> None:
    listener = Listener()
    await file_one(kernel)
    listener.failing = {"mail": "broken", "archive": "broken"}
    await deliver_new(kernel, listener)
    for _ in range(MOST_ATTEMPTS):
        await later(kernel, timedelta(hours=7))
        await deliver_again(kernel, listener)
    dead = await Delivery.filter(seq=1)
    assert {one.state for one in dead} == {"dead"}
    page = await access.dead_letters(kernel, ADMINISTRATOR)
    assert [(one.event["type"], one.error) for one in page.lines] == [("filed", "broken")] * 2
    listener.failing = {}
    await later(kernel, timedelta(hours=7))
    assert await deliver_again(kernel, listener) == 2
    with pytest.raises(NotAllowed):
        await actions.redeliver(kernel, actor=CITIZEN)
    assert await actions.redeliver(kernel, actor=ADMINISTRATOR, id=str(dead[0].id)) == 1
    assert await deliver_again(kernel, listener) == 1
    assert await actions.redeliver(kernel, actor=ADMINISTRATOR, listener=dead[1].listener) == 1
    assert await deliver_again(kernel, listener) == 1
    assert await actions.redeliver(kernel, actor=ADMINISTRATOR) == 0


async def test_the_first_releases_dead_and_half_told_events_are_taken_over(kernel: Kernel) -> None:
    listener = Listener()
    await file_one(kernel)
    await Outbox.filter(seq=1).update(state="dead", waiting=["mail"], error="mail: broken")
    await Outbox.filter(seq=2).update(waiting=["archive"])
    assert await deliver_due(kernel, listener) == 1
    assert listener.told == [("archive", listener.told[0][1], "decided")]
    assert [one.listener for one in (await access.dead_letters(kernel, ADMINISTRATOR)).lines] == ["mail"]


async def test_what_a_dead_worker_had_claimed_is_told_by_another(kernel: Kernel) -> None:
    await file_one(kernel)

    class Dies(Listener):
        async def tell(self, listener: str, event: Mapping[str, Any]) -> str:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await deliver_due(kernel, Dies())
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
            if await Heartbeat.filter(job="sometimes", note="well").exists():
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
