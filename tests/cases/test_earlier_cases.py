"""Nobody is granted the same twice: rules read the applicant's earlier cases, and of two at once one sees the other."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from core import jobs
from core.cases import access, actions
from core.cases.connector import OwnCases, held
from core.cases.models import AccessLog, Case, Draft
from core.cases.models.waits import Waiting
from core.cases.nouns import Receipt
from core.catalog.bundle import read_item
from core.contract import Down, Empty, Found, Item
from core.errors import Unprocessable
from core.kernel import Kernel
from tests.cases.town import ALLOWANCE, CITIZEN, ELDER, OTHER, PORTAL, REVIEWER, YOUNG, Registers, person

pytestmark = pytest.mark.anyio
PHONE = {"phone": "13900000000"}
EARLIER = {
    "source": "own-cases",
    "by": {
        "id_number": "/applicant/id_number",
        "items": {"const": ["allowance", "other-allowance"]},
        "standing": {"const": True},
    },
    "take": ["no", "filed_on", "title"],
    "purpose": "核对是不是已经申领",
    "basis": "示例规定第四条",
    "many": True,
}
AGAIN = {
    "when": {"/lookups/earlier": {"minItems": 1}},
    "outcome": "decline",
    "because": "您${/lookups/earlier/0/filed_on}已经申领“${/lookups/earlier/0/title}”，编号${/lookups/earlier/0/no}",
    "basis": "示例规定第四条",
}


def once(**changes: Any) -> Item:
    """The allowance, granted once."""
    routing = ALLOWANCE["routing"]
    return read_item(
        "allowance",
        {
            **ALLOWANCE,
            "item": {**ALLOWANCE["item"], **changes},
            "lookups": {"lookups": {**ALLOWANCE["lookups"]["lookups"], "earlier": EARLIER}},
            "routing": {**routing, "decide": [AGAIN, *routing["decide"]]},
        },
    )


async def send(kernel: Kernel, key: str, *, number: str = ELDER, item: Item | None = None) -> Receipt:
    receipt, _ = await actions.file(
        kernel,
        item or once(),
        actor=PORTAL,
        applicant=person(number),
        answers=PHONE,
        idempotency_key=key,
        body_digest=key,
    )
    return receipt


def outcome(receipt: Receipt) -> str:
    assert receipt.decision is not None
    return str(receipt.decision["outcome"])


async def test_a_second_filing_is_declined_with_the_number_of_the_first(kernel: Kernel) -> None:
    first, second = await send(kernel, "a"), await send(kernel, "b")
    assert outcome(first) == "approve"
    assert second.status == "not_accepted"
    assert second.decision is not None
    assert f"编号{first.no}" in second.decision["because"]
    assert "尊老金（测试）" in second.decision["because"]
    letter = (await access.case(kernel, PORTAL, second.no)).letters[0]
    assert first.no in letter.text
    assert outcome(await send(kernel, "c", number=YOUNG)) == "reject", "another person has no earlier case"
    assert await send(kernel, "a") == first, "a retry of the first gets its first receipt"


async def test_of_many_at_once_one_is_granted_and_the_others_name_it(kernel: Kernel) -> None:
    receipts = await asyncio.gather(*(send(kernel, f"k{n}") for n in range(5)))
    granted = [one for one in receipts if outcome(one) == "approve"]
    assert len(granted) == 1
    for one in receipts:
        assert one is granted[0] or f"编号{granted[0].no}" in str(one.decision)
    assert await Case.filter(outcome="approve").count() == 1


async def test_a_draft_that_looked_before_the_other_was_filed_looks_again_when_it_is_filed(kernel: Kernel) -> None:
    drafts = [
        await actions.start_draft(kernel, once(), actor=CITIZEN, applicant=person(ELDER), channel="web")
        for _ in range(2)
    ]
    assert [draft.evidence["earlier"].value for draft in drafts] == [[], []]
    first, second = [await actions.file_draft(kernel, replace(d, answers=PHONE), actor=CITIZEN) for d in drafts]
    assert (outcome(first), outcome(second)) == ("approve", "decline")
    assert first.no in str(second.decision)


async def test_two_drafts_filed_at_the_same_moment_are_granted_once(kernel: Kernel) -> None:
    drafts = [
        await actions.start_draft(kernel, once(), actor=CITIZEN, applicant=person(ELDER), channel="web")
        for _ in range(2)
    ]
    views = [replace(draft, answers=PHONE) for draft in drafts]
    receipts = await asyncio.gather(*(actions.file_draft(kernel, view, actor=CITIZEN) for view in views))
    assert sorted(map(outcome, receipts)) == ["approve", "decline"]
    assert await Draft.all().count() == 0


async def test_a_case_that_is_looked_at_again_does_not_find_itself(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", once())
    account = registers.held["own-business"][ELDER]
    registers.held["own-business"][ELDER] = Down("no route to host")
    first, second = await send(kernel, "a"), await send(kernel, "b")
    assert (first.status, second.status) == ("in_step", "not_accepted")
    registers.held["own-business"][ELDER] = account
    await Waiting.all().update(next_at=kernel.now() - timedelta(seconds=1))
    assert await jobs.recheck(kernel) == "1 asked again, 1 decided"
    assert (await access.case(kernel, PORTAL, first.no)).outcome == "approve"
    assert outcome(await send(kernel, "c")) == "decline"


async def test_two_clicks_on_one_draft_are_still_one_case(kernel: Kernel) -> None:
    draft = await actions.start_draft(kernel, once(), actor=CITIZEN, applicant=person(ELDER), channel="web")
    view = replace(draft, answers=PHONE)
    first, second = await asyncio.gather(*(actions.file_draft(kernel, view, actor=CITIZEN) for _ in range(2)))
    assert first.no == second.no
    assert outcome(first) == "approve"


async def test_a_case_stands_while_it_is_under_way_and_until_what_was_granted_ends(kernel: Kernel) -> None:
    today = kernel.today()
    await send(kernel, "a", item=once(result={"title": "证", "valid": "P1D"}))
    key = kernel.keys.index(ELDER)
    (row,) = await held(key, ["allowance"], today)
    assert row["standing"] is True
    assert row["valid_until"] == today.isoformat()
    (row,) = await held(key, ["allowance"], today.replace(year=today.year + 1))
    assert row["standing"] is False, "it has ended"
    assert await held(key, ["something-else"], today) == []
    assert await held(kernel.keys.index(YOUNG), ["allowance"], today) == []


async def test_only_what_was_filed_with_the_same_answer_is_held_against_a_new_one(kernel: Kernel) -> None:
    item = once()
    by = {**EARLIER["by"], "answer": {"const": "/phone"}, "equals": "/answers/phone"}  # type: ignore[dict-item]
    look = replace(item.lookups["earlier"], by=by)
    item = replace(item, lookups={**item.lookups, "earlier": look}, digest="")
    first = await send(kernel, "a", item=item)
    assert outcome(first) == "approve"
    assert first.no in str((await send(kernel, "b", item=item)).decision)
    there = kernel.keys.index(ELDER)
    assert len(await held(there, ["allowance"], kernel.today(), same=("/phone", PHONE["phone"]))) == 2
    assert await held(there, ["allowance"], kernel.today(), same=("/phone", "13900000009")) == []
    alone = await kernel.sources.probe(
        "own-cases", {"id_number": ELDER, "items": ["allowance"], "answer": "/phone"}, many=True
    )
    assert alone.outcome == "refused"


async def test_a_refused_or_withdrawn_case_does_not_stand_in_the_way(kernel: Kernel) -> None:
    assert outcome(await send(kernel, "a", number=YOUNG)) == "reject"
    assert outcome(await send(kernel, "b", number=YOUNG)) == "reject", "not declined as a second one"


async def test_the_look_is_logged_with_its_purpose_like_any_other(kernel: Kernel) -> None:
    await send(kernel, "a")
    log = await AccessLog.get(lookup="earlier")
    assert (log.source, log.purpose, log.basis) == ("own-cases", "核对是不是已经申领", "示例规定第四条")
    assert log.subject_key == kernel.keys.index(ELDER)


async def test_what_nobody_may_ask_by_gets_no_answer(kernel: Kernel) -> None:
    await send(kernel, "a")
    evidence = await kernel.sources.probe("own-cases", {"items": ["allowance"]}, many=True)
    assert evidence.outcome == "down"
    assert "does not fit the query schema" in evidence.reason
    assert OTHER.id_number == YOUNG


async def test_once_a_year_looks_at_this_calendar_year_only(kernel: Kernel) -> None:
    by = {"id_number": ELDER, "items": ["allowance"], "this_year": True}
    await send(kernel, "first")
    asked = await OwnCases().ask(by, many=True)
    assert isinstance(asked, Found)
    assert len(asked.value) == 1
    await Case.all().update(filed_at=kernel.now() - timedelta(days=366))
    assert isinstance(await OwnCases().ask(by, many=True), Empty)
    assert isinstance(await OwnCases().ask({**by, "this_year": False}, many=True), Found)


async def test_one_answer_of_before_is_told_and_the_day_of_the_decision(kernel: Kernel) -> None:
    by = {"id_number": ELDER, "items": ["allowance"]}
    await send(kernel, "first")
    asked = await OwnCases().ask({**by, "show": "/phone"}, many=True)
    assert isinstance(asked, Found)
    assert [(one["shown"], one["decided_on"]) for one in asked.value] == [(PHONE["phone"], kernel.today().isoformat())]
    for other in (by, {**by, "show": "/nothing"}, {**by, "show": "/"}):
        asked = await OwnCases().ask(other, many=True)
        assert isinstance(asked, Found)
        assert asked.value[0]["shown"] is None


FALSE = {"id": "false-papers", "title": "提供虚假材料", "basis": "示例规定第九条"}


def with_grounds(*rules: dict[str, Any]) -> Item:
    """The allowance, refused anew within a year of a refusal for false papers."""
    by = {"id_number": "/applicant/id_number", "items": {"const": ["allowance"]}, "ground": {"const": "false-papers"}}
    refused = {**EARLIER, "by": by, "take": ["no", "decided_on", "ground"]}
    again = {
        "when": {"/lookups/refused/0/decided_on": {"x-age": {"exclusiveMaximum": 1}}},
        "outcome": "decline",
        "because": "编号${/lookups/refused/0/no}因提供虚假材料被拒绝，一年内不得再次申请",
        "basis": "示例规定第九条",
    }
    return read_item(
        "allowance",
        {
            **ALLOWANCE,
            "item": {**ALLOWANCE["item"], "refusals": [FALSE]},
            "lookups": {"lookups": {**ALLOWANCE["lookups"]["lookups"], "refused": refused}},
            "routing": {**ALLOWANCE["routing"], "decide": [again, *rules]},
        },
    )


async def test_the_ground_that_a_reviewer_chose_is_read_by_the_next_application_and_another_is_not(
    kernel: Kernel,
) -> None:
    item = with_grounds()
    first = await send(kernel, "a", item=item)
    assert outcome(first) == "review"
    told: dict[str, Any] = {"actor": REVIEWER, "outcome": "reject", "because": "出生证是假的"}
    view = await access.case(kernel, REVIEWER, first.no)
    with pytest.raises(Unprocessable) as error:
        await actions.decide(kernel, first.no, **told, ground="no-such", revision=view.revision)
    assert [problem.at for problem in error.value.problems] == ["/ground"]
    await actions.decide(kernel, first.no, **told, ground="false-papers", revision=view.revision)
    done = await access.case(kernel, REVIEWER, first.no)
    assert done.decision["basis"] == FALSE["basis"], "its own, where none was written"
    assert done.events[-1].data["ground"] == "false-papers"
    second = await send(kernel, "b", item=item)
    assert second.status == "not_accepted"
    assert second.decision is not None
    assert f"编号{first.no}因提供虚假材料被拒绝" in second.decision["because"]
    third = await send(kernel, "c", number=YOUNG, item=item)
    view = await access.case(kernel, REVIEWER, third.no)
    await actions.decide(kernel, third.no, **told, basis="示例规定第一条", revision=view.revision)
    assert outcome(await send(kernel, "d", number=YOUNG, item=item)) == "review", "refused on no ground that is noted"


async def test_the_ground_that_a_rule_names_is_noted_and_one_that_goes_to_a_person_is_not(kernel: Kernel) -> None:
    rule = {
        "when": {"/lookups/person/alive": {"const": True}}, "outcome": "reject", "because": "示例", "basis": "示例规定",
        "ground": "false-papers",
    }  # fmt: skip
    item = with_grounds(rule)
    first = await send(kernel, "a", item=item)
    assert outcome(first) == "reject"
    (row,) = await held(kernel.keys.index(ELDER), ["allowance"], kernel.today())
    assert row["ground"] == "false-papers"
    assert (await send(kernel, "b", item=item)).status == "not_accepted"
    newest, _ = await held(kernel.keys.index(ELDER), ["allowance"], kernel.today())
    assert newest["ground"] is None, "a refusal to accept that names none"
