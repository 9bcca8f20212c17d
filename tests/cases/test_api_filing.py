"""One request, one case: what a client of the API sends, with and without its key."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.models import AccessLog, Case
from core.catalog.hooks import Hooks
from core.contract import Actor
from core.errors import Conflict, NotAllowed, NotFound, Unavailable, Unprocessable
from core.kernel import Kernel
from tests.cases.town import BOSS, CITIZEN, ELDER, FIRM, OTHER, PORTAL, WORKER, YOUNG, item, person

pytestmark = pytest.mark.anyio
PHONE = {"phone": "13900000000"}
PDF = b"%PDF-1.7 a made-up page"


async def test_the_same_key_and_body_give_the_first_receipt(kernel: Kernel) -> None:
    async def send(body: str, key: str | None = "k1", actor: Actor = PORTAL):  # type: ignore[no-untyped-def]
        return await actions.file(
            kernel,
            kernel.item("allowance"),
            actor=actor,
            applicant=person(ELDER),
            answers=PHONE,
            idempotency_key=key,
            body_digest=body,
        )

    first, made = await send("a")
    assert made
    assert await send("a") == (first, False)
    with pytest.raises(Conflict):
        await send("b")
    other = Actor(id="client-2", role="portal", channel="web")
    assert (await send("b", actor=other))[1]
    assert (await send("a", key=None))[1]
    assert await Case.all().count() == 3


async def test_ten_requests_with_one_key_at_once_make_one_case(kernel: Kernel) -> None:
    answers = await asyncio.gather(
        *(
            actions.file(
                kernel,
                kernel.item("allowance"),
                actor=PORTAL,
                applicant=person(ELDER),
                answers=PHONE,
                idempotency_key="k",
                body_digest="a",
            )
            for _ in range(10)
        )
    )
    assert len({receipt.no for receipt, _ in answers}) == 1
    assert sum(made for _, made in answers) == 1
    assert await Case.all().count() == 1


async def test_who_asked_the_sources_is_logged_though_another_was_faster(kernel: Kernel) -> None:
    class Slow:
        """A check that holds both requests between asking and writing."""

        def __init__(self, hooks: Hooks) -> None:
            self.hooks, self.together = hooks, asyncio.Barrier(2)

        async def call_one(self, plugin: str, hook: str, **arguments: Any) -> Any:
            if hook == "check_answers":
                await self.together.wait()
            return await self.hooks.call_one(plugin, hook, **arguments)

    kernel = replace(kernel, hooks=Slow(kernel.hooks))  # type: ignore[arg-type]
    send = {"actor": PORTAL, "applicant": person(ELDER), "answers": PHONE, "idempotency_key": "k", "body_digest": "a"}
    await asyncio.gather(*(actions.file(kernel, kernel.item("allowance"), **send) for _ in range(2)))  # type: ignore[arg-type]
    assert await Case.all().count() == 1
    assert await AccessLog.filter(kind="lookup").count() == 2 * len(kernel.item("allowance").lookups)


async def test_who_asked_the_sources_is_logged_though_the_items_own_check_fails(kernel: Kernel) -> None:
    class Failing:
        async def call_one(self, plugin: str, hook: str, **arguments: Any) -> Any:
            raise Unavailable("not now")

    broken = replace(kernel, hooks=Failing())  # type: ignore[arg-type]
    with pytest.raises(Unavailable):
        await actions.file(broken, kernel.item("allowance"), actor=PORTAL, applicant=person(ELDER), answers=PHONE)
    assert await Case.all().count() == 0
    assert await AccessLog.filter(kind="lookup").count() == len(kernel.item("allowance").lookups)


async def test_a_client_that_does_not_vouch_needs_a_mandate(kernel: Kernel) -> None:
    async def send(mandate: str | None = None) -> str:
        receipt, _ = await actions.file(
            kernel,
            kernel.item("allowance"),
            actor=WORKER,
            applicant=person(ELDER),
            answers=PHONE,
            mandate=mandate,
            site=kernel.office.sites["station"],
        )
        return receipt.no

    with pytest.raises(NotAllowed):
        await send()
    granted = await actions.grant_mandate(
        kernel, kernel.item("allowance"), actor=WORKER, applicant=person(ELDER, "陈试甲"), signed="screen"
    )
    no = await send(granted.id)
    assert (await access.case(kernel, WORKER, no)).mode == "proxy"
    with pytest.raises(NotAllowed):
        await send("0190a000-0000-7000-8000-000000000000")
    await actions.revoke_mandate(kernel, granted.id, actor=CITIZEN)
    with pytest.raises(NotAllowed):
        await send()


async def test_a_mandate_serves_one_item_one_principal_and_one_holder(kernel: Kernel) -> None:
    await actions.grant_mandate(kernel, kernel.item("allowance"), actor=WORKER, applicant=person(ELDER), signed="voice")
    other_item = item(title="另一事项", version="2.0.0")
    colleague = Actor(id="acc-colleague", role="station_worker", site="station", channel="station")
    for it, actor, number in (
        (kernel.item("allowance"), WORKER, YOUNG),
        (kernel.item("allowance"), colleague, ELDER),
    ):
        with pytest.raises(NotAllowed):
            await actions.file(kernel, it, actor=actor, applicant=person(number), answers=PHONE)
    assert other_item.id == "allowance"


async def test_only_the_principal_grants_from_an_account(kernel: Kernel) -> None:
    with pytest.raises(NotAllowed):
        await actions.grant_mandate(
            kernel, kernel.item("allowance"), actor=OTHER, applicant=person(ELDER), holder=OTHER, signed="account"
        )
    with pytest.raises(NotAllowed):
        await actions.grant_mandate(
            kernel, kernel.item("allowance"), actor=OTHER, applicant=person(ELDER), signed="screen"
        )
    await actions.grant_mandate(
        kernel, kernel.item("allowance"), actor=CITIZEN, applicant=person(ELDER), holder=OTHER, signed="account"
    )
    receipt, _ = await actions.file(
        kernel, kernel.item("allowance"), actor=OTHER, applicant=person(ELDER), answers=PHONE
    )
    view = await access.case(kernel, OTHER, receipt.no)
    assert view.agent is not None
    assert view.agent["relation"] == "mandate"


async def test_files_are_checked_all_before_one_is_kept(kernel: Kernel) -> None:
    with pytest.raises(Unprocessable):
        await actions.file(
            kernel,
            kernel.item("allowance"),
            actor=PORTAL,
            applicant=person(ELDER),
            answers=PHONE,
            files={"account": [("a.pdf", PDF), ("b.exe", b"MZ...")]},
        )
    assert not kernel.settings.files.exists()


async def test_an_applicant_of_the_wrong_kind_or_without_number_is_a_problem(kernel: Kernel) -> None:
    for applicant in ({"kind": "enterprise", "credit_code": FIRM}, {"kind": "person"}, {}):
        with pytest.raises(Unprocessable):
            await actions.file(kernel, kernel.item("allowance"), actor=PORTAL, applicant=applicant, answers=PHONE)


async def test_a_query_answers_and_leaves_an_access_record_only(kernel: Kernel) -> None:
    answer = await actions.answer_query(kernel, kernel.item("account-query"), actor=CITIZEN, applicant=person(ELDER))
    assert answer.evidence is not None
    assert answer.evidence.value == {"bank_account": "6222000000000000"}
    assert await Case.all().count() == 0
    log = await access.accesses_of(kernel, CITIZEN)
    assert [line.kind for line in log.lines] == ["query"]
    with pytest.raises(NotAllowed):
        await actions.answer_query(kernel, kernel.item("account-query"), actor=OTHER, applicant=person(ELDER))
    with pytest.raises(NotFound):
        await actions.start_draft(
            kernel, kernel.item("account-query"), actor=CITIZEN, applicant=person(ELDER), channel="web"
        )


async def test_a_legal_representative_files_for_the_firm_and_leaves_no_agent(kernel: Kernel) -> None:
    firm_item = item(audience=["enterprise"])
    boss = Actor(id="acc-boss", role="citizen", name="谢样未", id_number=BOSS, channel="web")
    firm = {"kind": "enterprise", "name": "试样公司", "credit_code": FIRM, "area": "320583103205", "groups": []}
    draft = await actions.start_draft(kernel, firm_item, actor=boss, applicant=firm, channel="web")
    assert draft.agent is None
    assert draft.standing["relation"] == "legal_representative"
    with pytest.raises(NotAllowed):
        await actions.start_draft(kernel, firm_item, actor=OTHER, applicant=firm, channel="web")


async def test_staff_take_applications_at_their_own_site_only(kernel: Kernel) -> None:
    await actions.grant_mandate(
        kernel, kernel.item("allowance"), actor=WORKER, applicant=person(ELDER), signed="screen"
    )
    with pytest.raises(NotAllowed) as raised:
        await actions.start_draft(
            kernel,
            kernel.item("allowance"),
            actor=WORKER,
            applicant=person(ELDER),
            channel="station",
            site=kernel.office.sites["hall-town"],
        )
    assert raised.value.code == "not-your-site"
    draft = await actions.start_draft(
        kernel, kernel.item("allowance"), actor=WORKER, applicant=person(ELDER), channel="station"
    )
    assert draft.site is not None
    assert draft.site.id == "station"


async def test_who_tried_to_act_for_a_person_is_told_to_that_person(kernel: Kernel) -> None:
    with pytest.raises(NotAllowed):
        await actions.start_draft(kernel, kernel.item("allowance"), actor=OTHER, applicant=person(ELDER), channel="web")
    (line,) = (await access.accesses_of(kernel, CITIZEN)).lines
    assert (line.kind, line.lookup) == ("relation", "guardian")
    assert line.actor == OTHER.id
