"""委托书: mandate × state × door as one table; and a mandate that ends at the last moment lets nothing through."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from core.cases import access, actions, proving
from core.cases.mandating import Proof, digest_of
from core.cases.models import Case, CaseFile, Draft, Event, Mandate, Outbox
from core.catalog.bundle import read_item
from core.contract import Actor
from core.errors import NotAllowed, NotFound, Unprocessable
from core.kernel import Kernel
from tests.cases.town import (
    ALLOWANCE,
    CITIZEN,
    CITY,
    DAUGHTER,
    ELDER,
    OTHER,
    REVIEWER,
    TOWN,
    YOUNG,
    Registers,
    item,
    kernel,
    person,
    stepwise,
)

pytestmark = pytest.mark.anyio
AGENT = Actor(id="acc-agent", role="agent", name="沈代", id_number="320583198811110000", channel="web")
CLERK = Actor(id="acc-clerk", role="clerk", name="吴窗", site="hall-town", area=TOWN, channel="hall")
CLERK_2 = Actor(id="acc-clerk-2", role="clerk", name="郑窗", site="hall-town", area=TOWN, channel="hall")
OPERATOR = Actor(id="acc-operator", role="operator", name="何线", area=CITY, channel="phone")
APPLICANT = person(ELDER, "陈试甲")
PDF = b"%PDF-1.4 made up"
PHONE = {"phone": "13900000000"}

STATES = (
    "valid", "future", "expired", "revoked", "other item", "other case", "other principal", "other agent", "none",
)  # fmt: skip
DOORS = ("draft", "edit", "file", "read", "correct", "hand in", "withdraw", "receive")
LETS_IN = {"valid"}


def other_item() -> Any:
    return read_item("allowance-other", {**ALLOWANCE, "item": {**ALLOWANCE["item"], "title": "另一事项"}})


@dataclass
class Stage:
    """One town, one holder; the mandate under test is put in whatever state, then a door is knocked at."""

    town: Kernel
    who: Actor
    channel: str

    async def grant(self, state: str = "valid") -> str:
        """A mandate for the holder in this state; the others are as valid as can be, but for somebody else's matter."""
        town, it = self.town, self.town.item("allowance")
        applicant, holder, case_no = APPLICANT, self.who, None
        if state == "other item":
            it = self.town.item("allowance-other")
        if state == "other principal":
            applicant = person(YOUNG, "李试乙")
        if state == "other agent":
            holder = CLERK_2 if self.who.role != "agent" else OTHER
        if state == "other case":
            case_no = "2026112300000000X"
        staff = self.who.role != "agent"
        granted = await actions.grant_mandate(
            town,
            it,
            actor=holder if staff else OTHER if state == "other principal" else CITIZEN,
            applicant=applicant,
            holder=None if staff else holder,
            signed="presence" if staff else "account",
            case_no=case_no,
        )
        await self.put(granted.id, state)
        return granted.id

    async def put(self, mandate: str, state: str) -> None:
        now = self.town.now()
        hour = timedelta(hours=1)
        if state == "revoked":
            await actions.revoke_mandate(self.town, mandate, actor=CITIZEN)
        if state == "expired":
            await Mandate.filter(id=mandate).update(valid_from=now - 2 * hour, valid_until=now - hour)
        if state == "future":
            await Mandate.filter(id=mandate).update(valid_from=now + hour, valid_until=now + 2 * hour)

    async def draft(self, mandate: str | None = None) -> Any:
        return await actions.start_draft(
            self.town, self.town.item("allowance"), actor=self.who, applicant=APPLICANT, channel=self.channel,
            mandate=mandate,
        )  # fmt: skip

    async def filed(self, state: str) -> str:
        """A case in correction, filed by the holder under a mandate that ran then and stands in `state` now."""
        first = await self.grant()
        draft = await self.draft(first)
        edited = actions.edit_draft(draft, answers=PHONE, revision=draft.revision)
        no = (await actions.file_draft(self.town, edited, actor=self.who)).no
        await actions.ask_correction(self.town, no, actor=REVIEWER, wanted={"account": "请补交"}, revision=1)
        if state in ("expired", "revoked", "future"):
            await self.put(first, state)
        elif state != "valid":
            await Mandate.filter(id=first).delete()
            if state != "none":
                await self.grant(state)
        return no

    async def knock(self, door: str, state: str) -> None:
        town, who = self.town, self.who
        if door == "draft":
            await self.draft(None if state == "none" else await self.grant(state))
            return
        if door in ("edit", "file"):
            mandate = await self.grant()
            draft = await self.draft(mandate)
            if state in ("expired", "revoked", "future"):
                await self.put(mandate, state)
            elif state != "valid":
                # The draft stands under a mandate that is no more; another one does not take its place.
                await Mandate.filter(id=mandate).delete()
                if state != "none":
                    await self.grant(state)
            if door == "edit":
                found = await access.draft(town, who, draft.id)
                await actions.save_draft(town, found, answers=PHONE, revision=found.revision)
                return
            edited = actions.edit_draft(draft, answers=PHONE, revision=draft.revision)
            await actions.file_draft(town, edited, actor=who)
            return
        no = await self.filed(state)
        revision = (await Case.get(no=no)).revision
        if door == "read":
            await access.case(town, who, no)
        elif door == "hand in":
            await actions.hand_in(town, no, actor=who, material="account", name="a.pdf", data=PDF, revision=revision)
        elif door == "receive":
            await actions.simple_move(town, no, "correct", actor=CITIZEN, revision=revision)
            await actions.decide(
                town, no, actor=REVIEWER, outcome="reject", because="不符", basis="某法", revision=revision + 1
            )
            await actions.deliver(town, no, actor=who, method="electronic", revision=revision + 2)
        else:
            await actions.simple_move(town, no, door, actor=who, revision=revision)


def may_pass(who: Actor, door: str, state: str) -> bool:
    """By the mandate, or by post: staff of the site read its cases and hand over decisions, the operator his own."""
    if state in LETS_IN:
        return not (who is OPERATOR and door == "receive")
    if who.role == "agent":
        return False
    return door == "read" or (door == "receive" and who is CLERK)


async def everything() -> list[Any]:
    cases = await Case.all().order_by("id").values_list("no", "revision", "status", "head")
    counts = [await model.all().count() for model in (Event, Outbox, CaseFile)]
    drafts = await Draft.all().order_by("id").values_list("id", "revision", "owner")
    return [cases, counts, drafts, await Mandate.all().order_by("id").values_list("id", "used")]


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("who", [AGENT, CLERK, OPERATOR], ids=lambda one: one.role)
async def test_every_door_in_every_state(who: Actor, state: str, tmp_path: Any, url: str) -> None:
    registers = Registers()
    registers.held["own-business"].pop(ELDER, None)
    async with kernel(tmp_path, registers, stepwise(), other_item(), url=url) as town:
        for door in DOORS:
            await Mandate.all().delete()
            stage = Stage(town, who, who.channel)
            at = f"{who.role} at {door} with a mandate: {state}"
            if may_pass(who, door, state):
                await stage.knock(door, state)
                continue
            with pytest.raises((NotAllowed, NotFound)) as raised:
                await stage.knock(door, state)
            if isinstance(raised.value, NotAllowed) and not (who is OPERATOR and door == "receive"):
                assert raised.value.code in ("mandate-ended", "mandate-needed", "no-standing"), at
            assert "委托" in str(raised.value) or "依据" in str(raised.value) or "无权" in str(raised.value), at
        assert (await proving.verify_all())[1] == []


async def test_what_is_refused_writes_nothing(tmp_path: Any, url: str) -> None:
    registers = Registers()
    registers.held["own-business"].pop(ELDER, None)
    async with kernel(tmp_path, registers, stepwise(), url=url) as town:
        stage = Stage(town, AGENT, "web")
        no = await stage.filed("revoked")
        draft_id = await _draft_then_revoked(stage)
        before = await everything()
        revision = (await Case.get(no=no)).revision
        tries: list[Callable[[], Awaitable[Any]]] = [
            lambda: access.case(town, AGENT, no),
            lambda: actions.simple_move(town, no, "correct", actor=AGENT, revision=revision),
            lambda: actions.simple_move(town, no, "withdraw", actor=AGENT, revision=revision),
            lambda: actions.hand_in(
                town, no, actor=AGENT, material="account", name="a.pdf", data=PDF, revision=revision
            ),
            lambda: access.draft(town, AGENT, draft_id),
            lambda: actions.file_draft(town, draft_id, actor=AGENT),
            lambda: stage.draft(),
        ]
        for one in tries:
            with pytest.raises(NotAllowed):
                await one()
            assert await everything() == before


async def _draft_then_revoked(stage: Stage) -> str:
    mandate = await stage.grant()
    draft = await stage.draft(mandate)
    await actions.revoke_mandate(stage.town, mandate, actor=CITIZEN)
    return str(draft.id)


@pytest.mark.parametrize("state", ["revoked", "expired"])
async def test_a_mandate_that_ends_while_the_sources_answer_files_nothing(state: str, tmp_path: Any, url: str) -> None:
    """Every check before the transaction has passed: only the transaction itself can see it."""
    registers = Registers()
    async with kernel(tmp_path, registers, item(), url=url) as town:
        stage = Stage(town, CLERK, "hall")
        mandate = await stage.grant()
        draft = await stage.draft(mandate)
        edited = actions.edit_draft(draft, answers=PHONE, revision=draft.revision)

        async def ends_now(*args: Any, **more: Any) -> None:
            await stage.put(mandate, state)

        town.hooks.call_one = ends_now  # type: ignore[method-assign]
        before = await everything()
        with pytest.raises(NotAllowed) as raised:
            await actions.file_draft(town, edited, actor=CLERK)
        assert raised.value.code == "mandate-ended"
        assert await everything() == before
        assert await Case.all().count() == 0


async def test_of_filing_and_revoking_at_once_one_comes_first(tmp_path: Any, url: str) -> None:
    """Either the case stands and was filed under a mandate that ran, or it ended first and nothing was written."""
    async with kernel(tmp_path, Registers(), item(), url=url) as town:
        stage = Stage(town, CLERK, "hall")
        filed = refused = 0
        for n in range(12):
            mandate = await stage.grant()
            draft = await stage.draft(mandate)
            edited = actions.edit_draft(draft, answers=PHONE, revision=draft.revision)

            async def revoked(after: float, mandate: str = mandate) -> None:
                await asyncio.sleep(after)
                await actions.revoke_mandate(town, mandate, actor=CITIZEN)

            said, _ = await asyncio.gather(
                actions.file_draft(town, edited, actor=CLERK), revoked(n * 0.002), return_exceptions=True
            )
            assert (await Mandate.get(id=mandate)).revoked_at is not None
            if isinstance(said, BaseException):
                assert isinstance(said, NotAllowed), said
                assert said.code == "mandate-ended"
                refused += 1
            else:
                filed += 1
            assert await Case.all().count() == filed
        assert filed + refused == 12
        assert (await proving.verify_all())[1] == []


async def test_a_case_mandate_opens_that_case_and_no_other(tmp_path: Any, url: str) -> None:
    registers = Registers()
    registers.held["own-business"].pop(ELDER, None)
    async with kernel(tmp_path, registers, stepwise(), url=url) as town:
        numbers = []
        for _ in range(2):
            draft = await actions.start_draft(
                town, town.item("allowance"), actor=CITIZEN, applicant=APPLICANT, channel="web"
            )
            edited = actions.edit_draft(draft, answers=PHONE, revision=draft.revision)
            numbers.append((await actions.file_draft(town, edited, actor=CITIZEN)).no)
        with pytest.raises(NotFound):
            await access.case(town, AGENT, numbers[0])
        agent = {"name": "沈代", "id_number": str(AGENT.id_number)}
        granted = await actions.grant_for_case(town, numbers[0], actor=CITIZEN, agent=agent, signed="account")
        assert (await access.case(town, AGENT, numbers[0])).no == numbers[0]
        with pytest.raises(NotFound):
            await access.case(town, AGENT, numbers[1])
        with pytest.raises(NotAllowed):
            await actions.start_draft(town, town.item("allowance"), actor=AGENT, applicant=APPLICANT, channel="web")
        view = await actions.simple_move(town, numbers[0], "withdraw", actor=AGENT, revision=1)
        last = view.events[-1]
        assert last.data["by"]["name"] == "沈代"
        assert last.data["applicant"]["name"] == "陈试甲"
        assert last.data["standing"]["mandate"] == granted.id
        assert last.data["standing"]["no"] == granted.no
        await actions.revoke_mandate(town, granted.id, actor=CITIZEN)
        with pytest.raises(NotAllowed):
            await access.case(town, AGENT, numbers[0])


async def test_another_collects_only_under_a_mandate(tmp_path: Any, url: str) -> None:
    registers = Registers()
    registers.held["own-business"].pop(ELDER, None)
    async with kernel(tmp_path, registers, stepwise(), url=url) as town:
        stage = Stage(town, CLERK, "hall")
        no = await stage.filed("valid")
        await actions.simple_move(town, no, "correct", actor=CITIZEN, revision=2)
        await actions.decide(town, no, actor=REVIEWER, outcome="reject", because="不符", basis="某法", revision=3)

        async def collect(number: str) -> Any:
            return await actions.deliver(
                town, no, actor=CLERK, method="pickup", note="沈代领取", collector=number, revision=4
            )

        for wrong in ("320583198811110001", "", " "):
            with pytest.raises(Unprocessable) as raised:
                await collect(wrong)
            assert [one.at for one in raised.value.problems] == ["/collector"]
        with pytest.raises(NotAllowed):
            await collect(str(AGENT.id_number))
        agent = {"name": "沈代", "id_number": str(AGENT.id_number)}
        granted = await actions.grant_for_case(town, no, actor=CLERK, agent=agent, signed="presence")
        await stage.put(granted.id, "expired")
        with pytest.raises(NotAllowed):
            await collect(str(AGENT.id_number))
        again = await actions.grant_for_case(town, no, actor=CLERK, agent=agent, signed="presence")
        view = await collect(str(AGENT.id_number))
        assert view.status == "delivered"
        assert view.events[-1].data["collector"]["standing"]["mandate"] == again.id


async def test_the_text_names_both_the_matter_and_the_term_and_its_digest_is_kept(tmp_path: Any, url: str) -> None:
    async with kernel(tmp_path, Registers(), item(), url=url) as town:
        stage = Stage(town, CLERK, "hall")
        row = await Mandate.get(id=await stage.grant())
        told = "\n".join(row.content["text"])
        for words in ("陈试甲", ELDER, "吴窗", "试浦镇便民服务中心", "尊老金", "不得转委托", "委托期限"):
            assert words in told
        assert row.digest == digest_of(row.content["text"])


async def test_a_guardian_signs_for_his_ward_where_the_register_says_so(tmp_path: Any, url: str) -> None:
    async with kernel(tmp_path, Registers(), item(), url=url) as town:
        for number, allowed in ((YOUNG, False), (DAUGHTER, True)):
            proof = Proof(signer={"name": "陈试丙", "id_number": number})
            granting = actions.grant_mandate(
                town, town.item("allowance"), actor=CLERK, applicant=APPLICANT, signed="relation", proof=proof
            )
            if allowed:
                granted = await granting
                assert "监护人 陈试丙" in "\n".join(granted.text)
                continue
            with pytest.raises(Unprocessable):
                await granting


async def test_staff_end_it_with_a_reason_and_nobody_else_does(tmp_path: Any, url: str) -> None:
    async with kernel(tmp_path, Registers(), item(), url=url) as town:
        mandate = await Stage(town, CLERK, "hall").grant()
        with pytest.raises(NotFound):
            await actions.revoke_mandate(town, mandate, actor=OTHER)
        with pytest.raises(NotFound):
            await actions.revoke_mandate(town, mandate, actor=CLERK_2, because="说不办了")
        await actions.revoke_mandate(town, mandate, actor=CITIZEN)
        row = await Mandate.get(id=mandate)
        assert row.revoked_at is not None
        assert row.ended["name"] == "陈试甲"
