"""By whatever way a case came in, once the person is erased nothing of him is found in any column or file.

What the law wants kept is listed in docs/operations.md, "Erasing"; `STAYS` is that list.
"""

from __future__ import annotations

import hashlib
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest

from core.cases import actions, proving
from core.cases.actions import upkeep
from core.cases.actions.outbox import MOST_ATTEMPTS, deliver_new
from core.cases.correcting import corrections_for
from core.cases.lifecycle import OVER
from core.cases.mandating import Proof
from core.cases.models import Case, Delivery, Draft, Mandate
from core.catalog.bundle import read_item
from core.contract import Actor, Item
from core.kernel import Kernel
from core.office import actions as office_actions
from core.office.seed import Person
from tests.cases.fallbacks import several
from tests.cases.remains import found
from tests.cases.test_corrections import POLICE
from tests.cases.test_corrections import kept_by_the_police as kept_by_the_police
from tests.cases.test_moves import ADMINISTRATOR, PDF, SECOND
from tests.cases.test_outbox import Listener
from tests.cases.town import (
    ALLOWANCE,
    CITIZEN,
    DAUGHTER,
    ELDER,
    GUARDIAN,
    OFFICE,
    OTHER,
    PORTAL,
    WORKER,
    YOUNG,
    Registers,
    person,
)

pytestmark = pytest.mark.anyio
AGENT = Actor(id="acc-agent", role="agent", name="沈代", id_number="320583198811110000", channel="web")
ANSWERS = {"phone": "13900000000", "people": [{"id": YOUNG}, {"id": DAUGHTER}], "other": YOUNG}
APPLICANT = person(ELDER, "陈试甲")
SCAN = b"%PDF-1.7 a made-up mandate"
STAYS = {
    "index of the number": {"cases_access_log.subject_key"},
    "index of the agent": {"cases_access_log.subject_key"},
}
ALL_ORDERED: dict[str, Any] = {"reason": "陈试甲要求", "basis": "法院判决书（虚构）", "ordered": True}


def wants_everything() -> Item:
    """Every kind of material at once: looked up, uploaded, confirmed by one and by several."""
    base = several()
    guide = dict(base.declared)
    more = [
        ALLOWANCE["item"]["materials"][1],
        {"id": "photo", "title": "照片"},
        {"id": "alone", "title": "另一方同意", "fallback": {"confirm": "/answers/other", "joint": True}},
    ]
    other = {"type": "string", "title": "另一方"}
    form = {**base.form, "properties": {**base.form["properties"], "other": other}}
    guide = {**ALLOWANCE["item"], "materials": [*guide["materials"], *more]}
    return read_item("allowance", {**ALLOWANCE, "item": guide, "form": form})


async def write(kernel: Kernel, actor: Actor, *, mandate: str | None = None, site: Any = None) -> str:
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=actor, applicant=APPLICANT, channel=actor.channel, mandate=mandate,
        site=site,
    )  # fmt: skip
    draft = await actions.add_file(kernel, draft, "photo", "陈试甲的照片.pdf", PDF)
    edited = actions.edit_draft(
        draft, answers=ANSWERS, revision=draft.revision, disputed=["/name"], claims={"/name": "陈试假"}
    )
    return (await actions.file_draft(kernel, edited, actor=actor)).no


async def leave_a_draft(kernel: Kernel, actor: Actor, mandate: str | None = None) -> None:
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=actor, applicant=APPLICANT, channel=actor.channel, mandate=mandate
    )
    await actions.add_file(kernel, draft, "photo", "草稿.pdf", PDF + b" of a draft")


async def himself(kernel: Kernel) -> str:
    await leave_a_draft(kernel, CITIZEN)
    return await write(kernel, CITIZEN)


async def under_mandate(kernel: Kernel) -> str:
    granted = await actions.grant_mandate(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=APPLICANT, holder=AGENT, signed="account"
    )
    await leave_a_draft(kernel, AGENT, granted.id)
    return await write(kernel, AGENT, mandate=granted.id)


async def guardian(kernel: Kernel) -> str:
    await leave_a_draft(kernel, GUARDIAN)
    return await write(kernel, GUARDIAN)


async def station(kernel: Kernel) -> str:
    scan = await actions.keep_scan(kernel, "委托书.pdf", SCAN)
    granted = await actions.grant_mandate(
        kernel, kernel.item("allowance"), actor=WORKER, applicant=APPLICANT, signed="paper", proof=Proof(files=(scan,))
    )
    await leave_a_draft(kernel, WORKER, granted.id)
    return await write(kernel, WORKER, mandate=granted.id, site=OFFICE.sites["station"])


async def program(kernel: Kernel) -> str:
    receipt, _ = await actions.file(
        kernel, kernel.item("allowance"), actor=PORTAL, applicant=APPLICANT, answers=ANSWERS, idempotency_key="陈试甲",
        body_digest=hashlib.sha256(b"what was sent").hexdigest(), files={"photo": [("照片.pdf", PDF)]},
        disputes={"/name": "陈试假"},
    )  # fmt: skip
    return receipt.no


WAYS: dict[str, Callable[[Kernel], Awaitable[str]]] = {
    "himself": himself, "under a mandate": under_mandate, "guardian": guardian, "station": station, "API": program,
}  # fmt: skip


def marks(kernel: Kernel) -> dict[str, str]:
    """What must not be found: names, numbers, and every mark by which one could be told again."""
    return {
        "number": ELDER,
        "name": "陈试甲",
        "what he says his name is": "陈试假",
        "telephone": "13900000000",
        "account": "6222000000000000",
        "date of birth": "1940-01-01",
        "login": "chen-shi-jia",
        "name of a file": "照片.pdf",
        "digest of a file": hashlib.sha256(PDF).hexdigest(),
        "digest of the scan": hashlib.sha256(SCAN).hexdigest(),
        "index of the number": kernel.keys.index(ELDER),
        "number of the agent": "320583198811110000",
        "name of the agent": "沈代",
        "index of the agent": kernel.keys.index("320583198811110000"),
        "number of the guardian": DAUGHTER,
        "index of who confirms": kernel.keys.index(YOUNG),
        "what the register's unit found": "与户口簿不一致",
        "what the desk asked for": "请补交存折首页",
        "what was decided": "与口述不符",
    }


async def live_through(kernel: Kernel, no: str) -> None:
    """A correction asked for and answered, a confirmation, a register's answer, and a decision."""
    case = await Case.get(no=no)
    office = Actor(id="acc-decides", role="reviewer", name="李审", unit=case.deciding_unit, area=case.deciding_area)
    other = replace(office, id="acc-accepts")
    wanted = {"photo": "请补交存折首页"}
    await actions.ask_correction(kernel, no, actor=other, wanted=wanted, revision=case.revision)
    case = await Case.get(no=no)
    await actions.hand_in(
        kernel, no, actor=other, material="photo", name="又一张照片.pdf", data=PDF, revision=case.revision
    )
    for party, material in ((OTHER, "alone"), (OTHER, "both"), (GUARDIAN, "both")):
        await actions.confirm(kernel, no, actor=party, material=material, agrees=True)
    for one in (await corrections_for(kernel, POLICE)).lines:
        await actions.answer_correction(kernel, one.id, actor=POLICE, answer="right", reason="与户口簿不一致")
    case = await Case.get(no=no)
    if case.status == "correction":
        await actions.accept(kernel, no, actor=other, revision=case.revision)
    case = await Case.get(no=no)
    if case.status not in OVER:
        await actions.decide(
            kernel, no, actor=office, outcome="reject", because="与口述不符", basis="某法第一条", revision=case.revision
        )


@pytest.mark.parametrize("way", WAYS)
async def test_nothing_of_the_person_is_left(kernel: Kernel, registers: Registers, way: str) -> None:
    registers.held["own-business"][ELDER] = {"bank_account": "6222000000000000"}
    kernel.catalog.items = {"allowance": wants_everything()}  # type: ignore[misc]  # the town's catalog is a plain holder
    known = Person("chen-shi-jia", "陈试甲", "citizen", id_number=ELDER)
    await office_actions.create_account(known, password="made-up-password", office=OFFICE)
    no = await WAYS[way](kernel)
    await live_through(kernel, no)
    listener = Listener()
    listener.failing = {"mail": "it answered 500", "archive": "it answered 500"}
    await deliver_new(kernel, listener)
    waiting = await Delivery.all()
    assert waiting
    await Delivery.filter(id=waiting[0].id).update(state="dead", attempts=MOST_ATTEMPTS)
    before = await found(kernel, marks(kernel))
    assert {"number", "name", "telephone", "login", "index of the number", "digest of a file"} <= before.keys()
    assert ("index of the agent" in before) == (way == "under a mandate")
    assert ("digest of the scan" in before) == (way == "station")
    assert "index of who confirms" in before

    request = await actions.ask_to_erase_person(kernel, ELDER, actor=ADMINISTRATOR, **ALL_ORDERED)
    await actions.confirm_erasure(kernel, request, actor=SECOND)

    left = await found(kernel, marks(kernel))
    assert {
        what: places - STAYS.get(what, set()) for what, places in left.items() if places - STAYS.get(what, set())
    } == {}
    assert await Draft.all().count() == 0
    assert await Mandate.exclude(content=None).count() == 0
    assert (await proving.verify_all()) == (1, [])
    assert await Delivery.filter(state="dead").count() == 1, "what waits for a listener holds ids and statuses only"
    assert await upkeep.sweep_files(kernel) == 0
