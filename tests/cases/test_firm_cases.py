"""A firm's case that its portal filed: whom the register names reads it and acts in it, and nobody else does."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from core.cases import access, actions
from core.contract import Actor, Down
from core.errors import NotAllowed, NotFound, Unavailable
from core.kernel import Kernel
from core.office import actions as office_actions
from core.office.seed import Person
from tests.cases import town
from tests.cases.test_mandate import AGENT
from tests.cases.town import BOSS, CITIZEN, DAUGHTER, ELDER, FIRM, OFFICE, PORTAL, Registers, person

pytestmark = pytest.mark.anyio


async def account(login: str, number: str, firm: str | None = FIRM) -> Actor:
    one = Person(login, "谢样未", "citizen", id_number=number, credit_code=firm)
    return await office_actions.create_account(one, password="long-enough-1", office=OFFICE)


async def filed(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> str:
    item = town.item(audience=["person", "enterprise"])
    monkeypatch.setitem(kernel.catalog.items, "allowance", item)
    firm: dict[str, Any] = {"kind": "enterprise", "name": "示例餐饮", "credit_code": FIRM, "groups": []}
    receipt, _ = await actions.file(kernel, item, actor=PORTAL, applicant=firm, answers={"phone": "13900000000"})
    return receipt.no


async def test_its_legal_representative_finds_it_and_may_end_it(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await filed(kernel, monkeypatch)
    boss = await account("boss", BOSS)
    firm = await access.firm_of(kernel, boss)
    assert [one.no for one in (await access.cases_of(kernel, boss, firm=firm)).lines] == [no]
    view = await access.case(kernel, boss, no)
    assert "withdraw" in view.moves
    done = await actions.simple_move(kernel, no, "withdraw", actor=boss, revision=view.revision, because="不办了")
    assert done.status == "withdrawn"
    assert done.events[-1].data["standing"] == {"kind": "relation", "relation": "legal_representative"}


async def test_nobody_else_does_and_a_silent_register_is_told(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await filed(kernel, monkeypatch)
    # An account says of itself for which firm it is known; the register decides.
    other, unknown = await account("other", DAUGHTER), await account("unknown", BOSS, None)
    for one in (other, unknown, CITIZEN):
        assert await access.firm_of(kernel, one) == ""
        with pytest.raises(NotFound):
            await access.case(kernel, one, no)
    boss = await account("boss", BOSS)
    registers.held["legal-entity"][FIRM] = Down("timeout")
    with pytest.raises(Unavailable):
        await access.firm_of(kernel, boss)
    with pytest.raises(Unavailable):
        await access.case(kernel, boss, no)


async def test_a_mandate_for_that_number_under_another_name_lets_nobody_in(kernel: Kernel) -> None:
    agent = {"name": "沈代理", "id_number": str(AGENT.id_number)}
    item = kernel.item("allowance")
    applicant = person(ELDER, "陈试甲")
    await actions.grant_mandate(kernel, item, actor=CITIZEN, applicant=applicant, agent=agent, signed="account")
    with pytest.raises(NotAllowed, match="姓名与您账号的姓名不一致"):
        await actions.start_draft(kernel, item, actor=AGENT, applicant=applicant, channel="web")
    named = replace(AGENT, name="沈 代理")
    assert await actions.start_draft(kernel, item, actor=named, applicant=applicant, channel="web")
