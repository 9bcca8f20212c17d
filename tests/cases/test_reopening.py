"""补正 in the form: the case opened again with what was filled in, corrected, judged anew, and whole afterwards."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from core.cases import access, actions, reopened
from core.cases.actions import reopening
from core.cases.case_view import CaseView
from core.cases.draft_view import DraftView
from core.cases.models import AccessLog, Case, CaseStep, Draft, Event, Waiting
from core.cases.proving import verify_all
from core.catalog.bundle import read_item
from core.contract import Actor, Down, Item
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.kernel import Kernel
from core.sources.questions import value_digest
from tests.cases import fallbacks
from tests.cases.fallbacks import status
from tests.cases.test_moves import PDF, erase
from tests.cases.town import (
    ALLOWANCE,
    CITIZEN,
    DAUGHTER,
    ELDER,
    GUARDIAN,
    OTHER,
    REVIEWER,
    REVIEWER_2,
    TOWN,
    WORKER,
    YOUNG,
    Registers,
    person,
)

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True
GOOD = {"phone": "1390000000", "kind": "small", "spouse": YOUNG}
"""One digit of the telephone is missing: nothing in the form forbids it here."""


def shop(**changes: Any) -> Item:
    """A promised item: a paper that is always missing, so that it is not accepted yet; a paper, a sum, a step and a
    refusal that hang on `kind`, a register asked by `spouse`, and an office that hangs on `level`."""
    text = {"type": "string"}
    form = {
        "type": "object",
        "required": ["phone", "kind"],
        "properties": {
            "name": {**text, "title": "姓名", "x-from": "/lookups/person/name"},
            "phone": {**text, "title": "联系电话", "pattern": "^\\d+$"},
            "kind": {**text, "title": "规模", "enum": ["small", "large", "barred"]},
            "spouse": {**text, "title": "配偶号码"},
            "spouse_name": {**text, "title": "配偶姓名", "x-from": "/lookups/spouse/name"},
            "level": {**text, "title": "哪一级", "enum": ["town", "city"]},
        },
    }
    spouse = {"source": "own-people", "by": {"id_number": "/answers/spouse"}, "take": ["name"]}
    spouse |= {"source": "natural-person", "purpose": "核对配偶", "basis": "示例规定第四条"}
    person_ = ALLOWANCE["lookups"]["lookups"]["person"]
    guide = {
        **ALLOWANCE["item"],
        "handling": "promised",
        "materials": [
            {
                "id": "spouse",
                "title": "配偶证明",
                "proved_by": "spouse",
                "fallback": {"down": "promise", "empty": "upload"},
            },
            {"id": "letter", "title": "申请书"},
            {"id": "plan", "title": "平面图", "when": {"/answers/kind": {"const": "large"}}},
        ],
        "result": {
            "title": "通知",
            "template": "result.html",
            "amount": [
                {"title": "大", "when": {"/answers/kind": {"const": "large"}}, "amount": "300.00"},
                {"title": "小", "when": {"/answers/kind": {"const": "small"}}, "amount": "100.00"},
            ],
        },
        **changes,
    }
    routing = {
        **ALLOWANCE["routing"],
        "decided_at": [{"when": {"/answers/level": {"const": "city"}}, "level": "city", "because": "市级决定"}],
        "steps": [
            {"unit": "civil-affairs", "title": "初审", "days": 2},
            {"unit": "credit-office", "title": "会商", "days": 1, "when": {"/answers/kind": {"const": "large"}}},
        ],
        "decide": [
            {
                "when": {"/answers/kind": {"const": "barred"}},
                "outcome": "reject",
                "because": "禁止的规模",
                "basis": "示例规定第五条",
            }
        ],
    }
    lookups = {"lookups": {"person": person_, "spouse": spouse}}
    return read_item("allowance", {**ALLOWANCE, "item": guide, "form": form, "routing": routing, "lookups": lookups})


@pytest.fixture(autouse=True)
def offered(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", shop())


async def filed(kernel: Kernel, *, actor: Actor = CITIZEN, answers: dict[str, Any] | None = None, **more: Any) -> str:
    receipt, _ = await actions.file(
        kernel,
        kernel.item("allowance"),
        actor=actor,
        applicant=person(ELDER, "陈试甲"),
        answers=answers or GOOD,
        **more,
    )
    return receipt.no


async def asked(kernel: Kernel, wanted: dict[str, str] | None = None, **more: Any) -> str:
    """A case whose correction is asked for."""
    no = await filed(kernel, **more)
    case = await Case.get(no=no)
    await actions.ask_correction(
        kernel,
        no,
        actor=replace(REVIEWER, unit=case.deciding_unit, area=case.deciding_area),
        wanted=wanted or {"form": "电话少一位"},
        revision=case.revision,
    )
    return no


async def edited(kernel: Kernel, draft: DraftView, **answers: Any) -> DraftView:
    saved = await actions.save_draft(
        kernel, draft, answers={**draft.answers, **answers}, revision=draft.revision, promises=draft.promises
    )
    return await actions.ask_again(kernel, saved)


async def corrected(kernel: Kernel, no: str, *, actor: Actor = CITIZEN, because: str = "", **answers: Any) -> CaseView:
    draft = await edited(kernel, await actions.open_correction(kernel, no, actor=actor), **answers)
    assert await actions.send_correction(kernel, draft, actor=actor, because=because) == no
    return await access.case(kernel, actor, no)


def problems(error: pytest.ExceptionInfo[Unprocessable]) -> list[tuple[str, str]]:
    return [(one.at, one.message) for one in error.value.problems]


async def test_the_form_opens_with_what_was_written_and_the_case_goes_on_with_what_is_corrected(
    kernel: Kernel, registers: Registers
) -> None:
    no = await asked(kernel)
    before = await access.case(kernel, CITIZEN, no)
    told = len(registers.asked)
    draft = await actions.open_correction(kernel, no, actor=CITIZEN)
    assert draft.answers == GOOD, "what was filled in for him is not his to write"
    assert draft.filling.values == {"/name": "陈试甲", "/spouse_name": "李试乙"}
    assert draft.of is not None
    assert (draft.of.no, draft.of.wanted) == (no, {"form": "电话少一位"})
    assert (await actions.open_correction(kernel, no, actor=CITIZEN)).id == draft.id
    assert await Draft.all().count() == 1
    assert (await access.draft(kernel, CITIZEN, draft.id)).answers == GOOD
    view = await corrected(kernel, no, phone="13900000000")
    assert view.status == "filed"
    assert view.answers == {**before.answers, "phone": "13900000000"}
    assert view.evidence == before.evidence
    assert len(registers.asked) == told, "nobody was asked again"
    event = view.events[-1]
    assert (event.type, event.actor, event.data["by"]["name"]) == ("corrected", CITIZEN.id, "陈试甲")
    assert event.data["changed"] == {"old": {"phone": "1390000000"}, "new": {"phone": "13900000000"}}
    assert await Draft.all().count() == 0
    assert (await verify_all())[1] == []


async def test_the_events_alone_undo_it_and_an_erasure_takes_both_values(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await asked(kernel)
    before = dict((await Case.get(no=no)).record["answers"])
    await corrected(kernel, no, phone="13911111111", kind="large", because="面积量错了")
    case = await Case.get(no=no)
    event = await Event.get(case_id=case.id, type="corrected")
    assert reopened.undone(case.record["answers"], reopened.of_event(event.payload["data"])) == before
    digests = event.payload["data"]["answers"]
    assert digests == {"old": value_digest(before), "new": value_digest(case.record["answers"])}
    await actions.simple_move(kernel, no, "withdraw", actor=CITIZEN, revision=case.revision)
    await erase(kernel, no, basis="示例依据", ordered=True)
    gone = await Event.get(case_id=case.id, type="corrected")
    assert gone.payload is None
    assert (await verify_all())[1] == []


async def test_materials_sums_and_the_way_follow_the_corrected_answers(kernel: Kernel) -> None:
    no = await asked(kernel)
    assert [one.id for one in (await access.case(kernel, CITIZEN, no)).materials] == ["spouse", "letter"]
    draft = await edited(kernel, await actions.open_correction(kernel, no, actor=CITIZEN), kind="large")
    with pytest.raises(Unprocessable) as error:
        await actions.send_correction(kernel, draft, actor=CITIZEN)
    assert problems(error) == [("material-plan", "请提交“平面图”；交不了的，在“补正说明”里写明原因。")]
    assert (await Case.get(no=no)).status == "correction", "nothing is spent"
    draft = await access.draft(kernel, CITIZEN, draft.id)
    assert draft.answers["kind"] == "large"
    draft = await actions.add_file(kernel, draft, "plan", "图.pdf", PDF)
    await actions.send_correction(kernel, draft, actor=CITIZEN)
    view = await access.case(kernel, REVIEWER, no)
    assert status(view, "plan") == ("given", False)
    assert [file.name for one in view.materials for file in one.files] == ["图.pdf"]
    assert view.amount == "300.00"
    case = await Case.get(no=no)
    assert [one.unit for one in await CaseStep.filter(case_id=case.id).order_by("position")] == [
        "civil-affairs", "credit-office",
    ]  # fmt: skip
    assert [one["unit"] for one in case.record["route"]["steps"]] == ["civil-affairs", "credit-office"]
    assert (await verify_all())[1] == []


async def test_what_the_corrected_answers_no_longer_call_for_is_wanted_no_more(kernel: Kernel) -> None:
    no = await asked(kernel, {"plan": "没有平面图"}, answers={**GOOD, "kind": "large"})
    assert status(await access.case(kernel, CITIZEN, no), "plan") == ("upload", True)
    view = await corrected(kernel, no, kind="small")
    assert status(view, "plan") == ("upload", False)
    assert (view.amount, [one.id for one in view.materials if one.required and one.open]) == ("100.00", ["letter"])
    case = await Case.get(no=no)
    assert await CaseStep.filter(case_id=case.id).count() == 1
    assert "平面图" not in view.decision["because"]


async def test_what_is_refused_now_is_accepted_and_proposed_to_the_officer(kernel: Kernel) -> None:
    no = await asked(kernel)
    view = await corrected(kernel, no, kind="barred")
    assert (view.status, view.outcome) == ("filed", "review")
    assert (view.decision["outcome"], view.decision["because"]) == ("reject", "禁止的规模")
    assert view.as_json()["decision"]["outcome"] == "review", "a proposal is nobody's decision"
    seen = await actions.accept(kernel, no, actor=REVIEWER, revision=view.revision)
    seen = await actions.decide(
        kernel, no, actor=REVIEWER_2, outcome="reject", because="禁止的规模", basis="第五条", revision=seen.revision
    )
    assert seen.status == "decided"
    assert (await verify_all())[1] == []


async def test_a_form_that_is_wrong_is_told_as_at_filing_and_nothing_is_lost(kernel: Kernel) -> None:
    no = await asked(kernel)
    draft = await edited(kernel, await actions.open_correction(kernel, no, actor=CITIZEN), phone="abc", kind="")
    with pytest.raises(Unprocessable) as error:
        await actions.send_correction(kernel, draft, actor=CITIZEN, because="请看")
    assert {at for at, _ in problems(error)} == {"/phone", "/kind"}
    draft = await access.draft(kernel, CITIZEN, draft.id)
    assert draft.of is not None
    assert (draft.answers["phone"], draft.of.because) == ("abc", "请看")
    assert (await Case.get(no=no)).status == "correction"


async def test_the_one_correction_is_not_spent_on_nothing(kernel: Kernel) -> None:
    no = await asked(kernel, {"form": "电话少一位。"})
    draft = await actions.open_correction(kernel, no, actor=CITIZEN)
    with pytest.raises(Unprocessable) as error:
        await actions.send_correction(kernel, draft, actor=CITIZEN)
    assert problems(error) == [("because", "还没有改：电话少一位。请改好，或者在“补正说明”里写明。")]
    draft = await access.draft(kernel, CITIZEN, draft.id)
    await actions.send_correction(kernel, draft, actor=CITIZEN, because="电话没有错")
    view = await access.case(kernel, CITIZEN, no)
    assert view.events[-1].data["because"] == "电话没有错"
    assert view.events[-1].data["changed"] == {"old": {}, "new": {}}


async def test_a_register_is_asked_anew_only_where_the_question_is_another_one(
    kernel: Kernel, registers: Registers
) -> None:
    no = await asked(kernel)
    reads = await AccessLog.filter(reference=no).count()
    told = len(registers.asked)
    view = await corrected(kernel, no, because="证明另交", spouse=DAUGHTER)
    assert registers.asked[told:] == [("natural-person", DAUGHTER)]
    assert await AccessLog.filter(reference=no, lookup="spouse", actor=CITIZEN.id).count() == 2
    assert await AccessLog.filter(reference=no).count() == reads + 1
    assert status(view, "spouse") == ("upload", True)
    assert "spouse_name" not in view.answers, "what the register said of another person is gone with the question"
    assert {one.lookup: one.outcome for one in view.evidence} == {"person": "found", "spouse": "empty"}


async def test_where_the_register_is_down_the_declared_fallback_applies_and_it_is_asked_again_later(
    kernel: Kernel, registers: Registers
) -> None:
    no = await asked(kernel)
    registers.held["natural-person"][DAUGHTER] = Down("timeout")
    draft = await edited(kernel, await actions.open_correction(kernel, no, actor=CITIZEN), spouse=DAUGHTER)
    with pytest.raises(Unprocessable) as error:
        await actions.send_correction(kernel, draft, actor=CITIZEN)
    assert [at for at, _ in problems(error)] == ["material-spouse"]
    draft = await access.draft(kernel, CITIZEN, draft.id)
    draft = await actions.save_draft(kernel, draft, answers=draft.answers, revision=draft.revision, promises=["spouse"])
    await actions.send_correction(kernel, draft, actor=CITIZEN)
    view = await access.case(kernel, CITIZEN, no)
    assert status(view, "spouse") == ("promise", False)
    assert [one.title for one in view.letters] == ["告知承诺书：配偶证明"]
    case = await Case.get(no=no)
    assert await Waiting.filter(case_id=case.id, source="natural-person").count() == 1


async def test_who_decides_is_not_changed_by_a_correction(kernel: Kernel) -> None:
    no = await asked(kernel, answers={**GOOD, "level": "town"})
    draft = await edited(
        kernel, await actions.open_correction(kernel, no, actor=CITIZEN), level="city", phone="13900000000"
    )
    with pytest.raises(Unprocessable) as error:
        await actions.send_correction(kernel, draft, actor=CITIZEN)
    assert [(at, "请撤回这件申请，再重新申请" in text) for at, text in problems(error)] == [("/level", True)]
    case = await Case.get(no=no)
    assert (case.status, case.deciding_area) == ("correction", TOWN)


async def test_of_two_clicks_and_two_people_one_wins_and_the_other_is_led_to_the_case(kernel: Kernel) -> None:
    no = await asked(kernel)
    mine = await edited(kernel, await actions.open_correction(kernel, no, actor=CITIZEN), phone="13900000000")
    theirs = await access.draft(kernel, CITIZEN, mine.id)
    done = await asyncio.gather(
        *(actions.send_correction(kernel, one, actor=CITIZEN) for one in (mine, theirs)), return_exceptions=True
    )
    assert sorted(type(one).__name__ for one in done)[-1] == "str"
    lost = next(one for one in done if isinstance(one, Exception))
    assert isinstance(lost, (Conflict, NotFound))
    assert (await Case.get(no=no)).status == "filed"
    assert await Event.filter(case__no=no, type="corrected").count() == 1
    with pytest.raises(NotFound) as gone:
        await access.draft(kernel, CITIZEN, mine.id)
    assert gone.value.code == "corrected"
    assert await reopened.corrected_by(CITIZEN, mine.id) == no
    assert await reopened.corrected_by(OTHER, mine.id) is None


async def test_a_stale_page_overwrites_nothing(kernel: Kernel) -> None:
    no = await asked(kernel)
    first = await actions.open_correction(kernel, no, actor=CITIZEN)
    await edited(kernel, first, phone="13900000000")
    with pytest.raises(Conflict):
        await actions.send_correction(kernel, first, actor=CITIZEN, because="旧页面")
    assert (await Case.get(no=no)).status == "correction"


async def test_a_draft_of_a_case_that_went_on_is_no_more(kernel: Kernel) -> None:
    no = await asked(kernel)
    draft = await edited(kernel, await actions.open_correction(kernel, no, actor=CITIZEN), phone="13900000000")
    case = await Case.get(no=no)
    await actions.simple_move(kernel, no, "correct", actor=CITIZEN, revision=case.revision, because="电话写在这里")
    with pytest.raises(NotFound) as gone:
        await access.draft(kernel, CITIZEN, draft.id)
    assert gone.value.code == "moved-on"
    with pytest.raises(NotFound):
        await actions.send_correction(kernel, draft, actor=CITIZEN)
    assert await access.drafts_of(kernel, CITIZEN) == []
    with pytest.raises(Conflict):
        await actions.open_correction(kernel, no, actor=CITIZEN)
    assert (await access.case(kernel, CITIZEN, no)).answers["phone"] == "1390000000"


async def test_it_is_the_version_of_the_case_that_asks_and_judges(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await asked(kernel)
    version = (await Case.get(no=no)).version
    monkeypatch.setitem(kernel.catalog.items, "allowance", shop(version="2.0.0", materials=[]))
    draft = await actions.open_correction(kernel, no, actor=CITIZEN)
    assert draft.item.digest == version
    view = await corrected(kernel, no, phone="13900000000")
    assert (view.version, [one.id for one in view.materials]) == (version, ["spouse", "letter"])


async def test_nobody_else_opens_it_and_a_counter_only_under_a_mandate(kernel: Kernel) -> None:
    no = await asked(kernel)
    for actor in (OTHER, replace(OTHER, id="acc-else", id_number=DAUGHTER)):
        with pytest.raises(NotFound):
            await actions.open_correction(kernel, no, actor=actor)
    with pytest.raises(NotAllowed):
        await actions.open_correction(kernel, no, actor=REVIEWER)
    await actions.grant_mandate(
        kernel, kernel.item("allowance"), actor=WORKER, applicant=person(ELDER, "陈试甲"), signed="presence"
    )
    theirs = await asked(kernel, actor=WORKER)
    draft = await actions.open_correction(kernel, theirs, actor=WORKER)
    assert (draft.owner, draft.channel, draft.answers) == (WORKER.id, "station", GOOD)
    view = await corrected(kernel, theirs, actor=WORKER, phone="13900000000")
    said = view.events[-1].data
    assert (said["by"]["name"], said["standing"]["kind"]) == ("李工", "mandate")
    left = await actions.open_correction(kernel, await asked(kernel, actor=WORKER), actor=WORKER)
    await actions.next_client(kernel, actor=WORKER)
    assert not await Draft.filter(id=left.id).exists(), "nothing of one client is left for the next"


async def test_another_party_is_asked_anew_and_a_joint_applicant_cannot_be_put_out(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.cases.test_joint import together

    for made, joint in (
        (fallbacks.item("identity", "lease", "other"), False),
        (together("identity", "lease", "other"), True),
    ):
        monkeypatch.setitem(kernel.catalog.items, "allowance", made)
        no = await asked(kernel, answers=fallbacks.ANSWERS)
        await actions.confirm(kernel, no, actor=OTHER, material="other", agrees=True)
        assert status(await access.case(kernel, CITIZEN, no), "other") == ("confirm", False)
        draft = await edited(kernel, await actions.open_correction(kernel, no, actor=CITIZEN), other=DAUGHTER)
        if joint:
            with pytest.raises(Unprocessable) as error:
                await actions.send_correction(kernel, draft, actor=CITIZEN)
            assert [(at, "不能换人" in text) for at, text in problems(error)] == [("/other", True)]
            with pytest.raises(NotAllowed):
                await actions.open_correction(kernel, no, actor=OTHER)
            continue
        await actions.send_correction(kernel, draft, actor=CITIZEN)
        assert status(await access.case(kernel, CITIZEN, no), "other") == ("confirm", True)
        daughter = replace(GUARDIAN, id_number=DAUGHTER)
        assert [one.no for one in await access.to_confirm(kernel, daughter)] == [no]
        assert await access.to_confirm(kernel, OTHER) == []


async def test_a_paper_found_wanting_is_answered_by_the_new_one(kernel: Kernel) -> None:
    no = await filed(kernel, answers={**GOOD, "kind": "large"}, files={"plan": [("图.pdf", PDF)]})
    case = await Case.get(no=no)
    await actions.judge_paper(
        kernel, no, actor=REVIEWER, material="plan", good=False, because="看不清", revision=case.revision
    )
    await actions.ask_correction(kernel, no, actor=REVIEWER, wanted={"plan": "请重拍"}, revision=case.revision + 1)
    draft = await actions.open_correction(kernel, no, actor=CITIZEN)
    assert draft.given == frozenset()
    with pytest.raises(Unprocessable) as error:
        await actions.send_correction(kernel, draft, actor=CITIZEN)
    assert [at for at, _ in problems(error)] == ["material-plan"]
    draft = await actions.add_file(
        kernel, await access.draft(kernel, CITIZEN, draft.id), "plan", "新图.pdf", PDF + b"2"
    )
    await actions.send_correction(kernel, draft, actor=CITIZEN)
    view = await access.case(kernel, CITIZEN, no)
    assert status(view, "plan") == ("given", False)
    assert [file.name for one in view.materials for file in one.files] == ["图.pdf", "新图.pdf"]
    assert next(one for one in view.materials if one.id == "plan").told == ""


async def test_what_fails_while_it_is_written_leaves_nothing_half_done(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One transaction: a statement that breaks at its very end takes the case, its rows and the draft back."""
    no = await asked(kernel)
    draft = await edited(
        kernel, await actions.open_correction(kernel, no, actor=CITIZEN), phone="13900000000", kind="large"
    )
    draft = await actions.add_file(kernel, draft, "plan", "图.pdf", PDF)
    case = await Case.get(no=no)
    rows = reopening._files

    def broken(*args: Any) -> Any:
        made = rows(*args)
        return [
            *made,
            replace(made[0], values={**made[0].values, "id": str(case.id)}),
            replace(made[0], values={**made[0].values, "id": str(case.id)}),
        ]

    monkeypatch.setattr(reopening, "_files", broken)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await actions.send_correction(kernel, draft, actor=CITIZEN)
    monkeypatch.undo()
    after = await Case.get(no=no)
    assert (after.status, after.revision, after.record) == (case.status, case.revision, case.record)
    assert await Draft.filter(id=draft.id, revision=draft.revision).exists()
    assert (await verify_all())[1] == []
