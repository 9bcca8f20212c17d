"""What other parties confirm: who is asked, who may answer, until when, and what the rules read of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core.cases import access, actions
from core.cases.actions import timers
from core.cases.case_view import CaseView
from core.cases.models import CaseMaterial
from core.cases.proving import verify_all
from core.catalog.bundle import read_item
from core.contract import Actor, Down, Empty
from core.errors import Conflict, NotFound
from core.kernel import Kernel
from tests.cases import fallbacks, town
from tests.cases.fallbacks import filed, on, status
from tests.cases.town import (
    BOSS,
    CITIZEN,
    DAUGHTER,
    ELDER,
    FIRM,
    GUARDIAN,
    OTHER,
    PNG,
    REVIEWER,
    YOUNG,
    Registers,
    person,
)

pytestmark = pytest.mark.anyio


@pytest.fixture
async def kernel(anyio_backend: str, tmp_path: Path, registers: Registers) -> AsyncIterator[Kernel]:
    async with town.kernel(tmp_path, registers) as made:
        yield made


async def test_only_the_other_party_confirms_and_the_rules_are_asked_again(
    kernel: Kernel, registers: Registers
) -> None:
    case = await filed(kernel, "identity", "other")
    assert case.status == "in_step"
    (asked,) = await access.to_confirm(kernel, OTHER)
    assert (asked.no, asked.material, asked.applicant_name) == (case.no, "other", "陈试甲")
    for stranger in (CITIZEN, REVIEWER, Actor(id="x", role="citizen", id_number=DAUGHTER)):
        assert await access.to_confirm(kernel, stranger) == []
        with pytest.raises(NotFound):
            await actions.confirm(kernel, case.no, actor=stranger, material="other", agrees=True)
    await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=True)
    done = await access.case(kernel, CITIZEN, case.no)
    assert (done.status, done.outcome, status(done, "other")) == ("decided", "approve", ("confirm", False))
    assert await access.to_confirm(kernel, OTHER) == []
    with pytest.raises(Conflict):
        await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=True)


async def test_a_firm_confirms_through_its_legal_representative_alone(kernel: Kernel, registers: Registers) -> None:
    boss = Actor(id="boss", role="citizen", name="谢样未", id_number=BOSS)
    receipt, _ = await actions.file(
        kernel, fallbacks.item("identity", "other"), actor=CITIZEN, applicant=person(ELDER, "陈试甲"),
        answers={**fallbacks.ANSWERS, "other": FIRM},
    )  # fmt: skip
    case = await access.case(kernel, CITIZEN, receipt.no)
    assert await access.to_confirm(kernel, boss) == []
    (asked,) = await access.to_confirm(kernel, boss, firm=FIRM)
    assert (asked.no, asked.material) == (case.no, "other")
    for stranger in (CITIZEN, REVIEWER, OTHER):
        assert await access.to_confirm(kernel, stranger, firm=FIRM) == []
        with pytest.raises(NotFound):
            await actions.confirm(kernel, case.no, actor=stranger, material="other", agrees=True, firm=FIRM)
    with pytest.raises(NotFound):
        await actions.confirm(kernel, case.no, actor=boss, material="other", agrees=True)
    await actions.confirm(kernel, case.no, actor=boss, material="other", agrees=True, firm=FIRM)
    done = await access.case(kernel, CITIZEN, case.no)
    assert (done.status, done.outcome, status(done, "other")) == ("decided", "approve", ("confirm", False))
    assert (await verify_all())[1] == []


async def test_a_no_of_the_other_party_keeps_it_open(kernel: Kernel, registers: Registers) -> None:
    case = await filed(kernel, "identity", "other")
    await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=False)
    after = await access.case(kernel, CITIZEN, case.no)
    assert (after.status, status(after, "other")) == ("in_step", ("confirm", True))
    assert (await CaseMaterial.get(material="other")).because == "对方表示不同意。"
    assert await access.to_confirm(kernel, OTHER) == []


async def shared(kernel: Kernel, *numbers: str, born: tuple[str, ...] = (), **more: Any) -> CaseView:
    people = [{"id": one} | ({"born": born[n]} if n < len(born) else {}) for n, one in enumerate(numbers)]
    answers = {"phone": "13900000000", "people": people}
    receipt, _ = await actions.file(
        kernel, fallbacks.several(**more), actor=CITIZEN, applicant=person(ELDER, "陈试甲"), answers=answers
    )
    return await access.case(kernel, CITIZEN, receipt.no)


async def heard(kernel: Kernel) -> CaseView:
    """A case whose rules read what the other party says, and that looks him up once he has confirmed."""
    theirs = {
        "source": "natural-person", "by": {"id_number": "/answers/other"}, "take": ["birth_date"],
        "allowed_when": {"/confirmations/other": {"const": "confirmed"}}, "purpose": "核对成年", "basis": "示例规定",
    }  # fmt: skip
    adult = {"/confirmations/other": {"const": "confirmed"}, "/lookups/theirs/birth_date": {"x-age": {"minimum": 18}}}
    decide = [
        {"when": {"/confirmations/other": {"const": "refused"}}, "outcome": "review", "because": "对方不同意，先协商"},
        {"when": {"/confirmations/other": {"const": "waiting"}}, "outcome": "review", "because": "等对方确认"},
        {"when": {"/confirmations/other": {"const": "late"}}, "outcome": "review", "because": "对方没有答复"},
        {"when": adult, "outcome": "approve", "because": "对方已确认，已成年"},
    ]
    plain = fallbacks.item("identity", "other").bundle
    lookups = {"lookups": {**plain["lookups"]["lookups"], "theirs": theirs}}
    made = read_item("allowance", {**plain, "lookups": lookups, "routing": {**plain["routing"], "decide": decide}})
    receipt, _ = await actions.file(
        kernel, made, actor=CITIZEN, applicant=person(ELDER, "陈试甲"), answers=fallbacks.ANSWERS
    )
    case = await access.case(kernel, CITIZEN, receipt.no)
    assert (case.decision["rule"], case.decision["because"]) == ("/decide/1", "等对方确认")
    return case


async def test_the_word_of_the_other_party_opens_a_lookup_of_him_and_decides(
    kernel: Kernel, registers: Registers
) -> None:
    case = await heard(kernel)
    assert ("natural-person", YOUNG) not in registers.asked
    await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=True)
    done = await access.case(kernel, CITIZEN, case.no)
    assert registers.asked.count(("natural-person", YOUNG)) >= 1
    assert (done.status, done.outcome, done.decision["rule"]) == ("decided", "approve", "/decide/3")


async def test_rules_tell_a_no_of_the_other_party_from_his_silence(kernel: Kernel, registers: Registers) -> None:
    case = await heard(kernel)
    await actions.confirm(kernel, case.no, actor=OTHER, material="other", agrees=False)
    after = await access.case(kernel, CITIZEN, case.no)
    assert (after.status, after.decision["rule"]) == ("in_step", "/decide/0")
    assert ("natural-person", YOUNG) not in registers.asked


GROWN = {"/each/born": {"x-age": {"minimum": 18}}}


async def test_of_several_parties_only_those_confirm_for_whom_the_condition_holds(
    kernel: Kernel, registers: Registers
) -> None:
    case = await shared(kernel, YOUNG, DAUGHTER, born=("1990-01-01", "2020-01-01"), when=GROWN)
    assert await access.to_confirm(kernel, GUARDIAN) == []
    with pytest.raises(NotFound):
        await actions.confirm(kernel, case.no, actor=GUARDIAN, material="both", agrees=True)
    await actions.confirm(kernel, case.no, actor=OTHER, material="both", agrees=True)
    done = await access.case(kernel, CITIZEN, case.no)
    assert (done.status, done.outcome, status(done, "both")) == ("decided", "approve", ("confirm", False))


async def test_a_party_of_whom_the_condition_cannot_be_told_has_to_confirm_too(
    kernel: Kernel, registers: Registers
) -> None:
    case = await shared(kernel, YOUNG, DAUGHTER, born=("1990-01-01",), when=GROWN)
    for party in (OTHER, GUARDIAN):
        assert [one.material for one in await access.to_confirm(kernel, party)] == ["both"]
        assert status(await access.case(kernel, CITIZEN, case.no), "both") == ("confirm", True)
        await actions.confirm(kernel, case.no, actor=party, material="both", agrees=True)
    done = await access.case(kernel, CITIZEN, case.no)
    assert (done.status, status(done, "both")) == ("decided", ("confirm", False))


async def test_where_the_condition_holds_for_nobody_nobody_is_waited_for(kernel: Kernel, registers: Registers) -> None:
    done = await shared(kernel, YOUNG, DAUGHTER, born=("2019-01-01", "2020-01-01"), when=GROWN)
    assert (done.status, done.outcome, status(done, "both")) == ("decided", "approve", ("confirm", False))


async def test_parties_whom_a_silent_register_did_not_name_are_asked_once_it_answers(
    kernel: Kernel, registers: Registers
) -> None:
    plain = fallbacks.several().bundle
    household = {"confirm": "/lookups/account/members/*/id", "when": GROWN}
    materials = [plain["item"]["materials"][0], {"id": "both", "title": "各方同意", "fallback": household}]
    lookups = {**plain["lookups"]["lookups"]}
    lookups["account"] = {**lookups["account"], "take": ["members"]}
    made = read_item(
        "allowance",
        {**plain, "item": {**plain["item"], "materials": materials}, "lookups": {"lookups": lookups}},
    )
    both = [{"id": YOUNG, "born": "1990-01-01"}, {"id": DAUGHTER, "born": "1991-01-01"}]
    for silent, members in ((Down("away"), both), (Empty(), both[:1])):
        registers.held["own-business"][ELDER] = silent
        receipt, _ = await actions.file(
            kernel, made, actor=CITIZEN, applicant=person(ELDER, "陈试甲"), answers={"phone": "13900000000"}
        )
        case = await access.case(kernel, CITIZEN, receipt.no)
        assert status(case, "both") == ("confirm", True)
        assert receipt.no not in [one.no for one in await access.to_confirm(kernel, OTHER)]
        registers.held["own-business"][ELDER] = {"members": members}
        await actions.ask_sources_again(kernel, case.no, actor=REVIEWER, revision=case.revision)
        for party, named in ((OTHER, True), (GUARDIAN, len(members) > 1)):
            assert (receipt.no in [one.no for one in await access.to_confirm(kernel, party)]) is named
            if named:
                await actions.confirm(kernel, case.no, actor=party, material="both", agrees=True)
        assert status(await access.case(kernel, CITIZEN, case.no), "both") == ("confirm", False)


async def test_of_several_parties_all_have_to_confirm_each_for_himself(kernel: Kernel, registers: Registers) -> None:
    case = await shared(kernel, YOUNG, DAUGHTER, YOUNG)
    for party in (OTHER, GUARDIAN):
        assert [one.material for one in await access.to_confirm(kernel, party)] == ["both"]
    assert await access.to_confirm(kernel, CITIZEN) == []
    await actions.confirm(kernel, case.no, actor=OTHER, material="both", agrees=True)
    half = await access.case(kernel, CITIZEN, case.no)
    assert (half.status, status(half, "both")) == ("in_step", ("confirm", True))
    assert (await CaseMaterial.get(material="both")).because == "已有 1 方确认，还有 1 方没有确认。"
    assert await access.to_confirm(kernel, OTHER) == []
    with pytest.raises(Conflict):
        await actions.confirm(kernel, case.no, actor=OTHER, material="both", agrees=True)
    await actions.confirm(kernel, case.no, actor=GUARDIAN, material="both", agrees=True)
    done = await access.case(kernel, CITIZEN, case.no)
    assert (done.status, done.outcome, status(done, "both")) == ("decided", "approve", ("confirm", False))
    assert (await verify_all())[1] == []


async def test_one_no_of_several_makes_the_item_want_what_it_names_instead(
    kernel: Kernel, registers: Registers
) -> None:
    registers.held["natural-person"][ELDER] = Down("away")
    case = await shared(kernel, YOUNG, DAUGHTER, otherwise="upload")
    await actions.confirm(kernel, case.no, actor=GUARDIAN, material="both", agrees=False)
    after = await access.case(kernel, CITIZEN, case.no)
    assert status(after, "both") == ("upload", True)
    assert await access.to_confirm(kernel, OTHER) == [], "nobody else is asked in vain"
    with pytest.raises(Conflict):
        await actions.confirm(kernel, case.no, actor=OTHER, material="both", agrees=True)
    registers.held["natural-person"].pop(ELDER)
    asked = await actions.ask_sources_again(kernel, case.no, actor=REVIEWER, revision=after.revision)
    assert status(asked, "both") == ("upload", True), "what is asked again does not ask them again"
    given = await actions.hand_in(
        kernel, case.no, actor=CITIZEN, material="both", name="a.png", data=PNG, revision=asked.revision
    )
    assert status(given, "both") == ("given", False)


async def test_who_says_nothing_in_time_is_waited_for_no_longer(kernel: Kernel, registers: Registers) -> None:
    case = await shared(kernel, YOUNG, DAUGHTER, days=3, otherwise="staff")
    due = next(m.due for m in case.materials if m.id == "both")
    assert due is not None
    assert await timers.watch_confirmers(on(kernel, due)) == 0
    assert await timers.watch_confirmers(on(kernel, due + timedelta(days=1))) == 1
    assert await timers.watch_confirmers(on(kernel, due + timedelta(days=1))) == 0
    seen = await access.case(kernel, CITIZEN, case.no)
    assert seen.events[-1].type == "party_silent"
    assert (seen.status, status(seen, "both")) == ("in_step", ("staff", True))


@pytest.mark.parametrize("numbers", [(), (ELDER,), (YOUNG, "")])
async def test_where_a_party_is_not_known_or_is_the_applicant_nobody_confirms_for_him(
    kernel: Kernel, registers: Registers, numbers: tuple[str, ...]
) -> None:
    case = await shared(kernel, *numbers)
    assert status(case, "both") == ("confirm", True)
    for party in await access.to_confirm(kernel, OTHER):
        await actions.confirm(kernel, case.no, actor=OTHER, material=party.material, agrees=True)
    assert status(await access.case(kernel, CITIZEN, case.no), "both") == ("confirm", True)
