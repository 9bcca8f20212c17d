"""What follows an approval: set up with it, done by its office or its holder, due in time, and once more."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from core import jobs
from core.cases import access, actions, proving
from core.cases.actions.duties import watch_duties
from core.cases.case_view import CaseView
from core.cases.duty_reads import duties_of_office, pressing
from core.cases.duty_view import DutyView
from core.cases.models import Case, CaseDuty
from core.contract import Actor
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.judge.clock import next_working_day
from core.judge.retelling import retold
from core.judge.sentences import say
from core.judge.validity import moved
from core.kernel import Kernel
from tests.cases import town
from tests.cases.test_law import pass_days
from tests.cases.test_moves import approve, erase, under_review
from tests.cases.test_outbox import file_one
from tests.cases.town import CITIZEN, CITY, OTHER, REVIEWER, STRANGER, TOWN, Registers

pytestmark = pytest.mark.anyio
LIVING = {
    "id": "living",
    "title": "生存认证",
    "unit": "civil-affairs",
    "within": "P1Y",
    "every": "P1Y",
    "findings": {
        "type": "object",
        "properties": {"alive": {"type": "boolean", "title": "健在"}},
        "required": ["alive"],
    },
}
REPORT = {"id": "report", "title": "年度报告", "party": True, "within": "P2M", "because": "每年报一次"}
CREDIT = {"id": "credit", "title": "信用回访", "unit": "credit-office", "days": 20}
CREDIT_TOWN = Actor(id="acc-credit", role="reviewer", name="何审", unit="credit-office", area=CITY)


@pytest.fixture
def declared(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.item(duties=[LIVING, REPORT, CREDIT]))


def named(view: CaseView, id: str, number: int = 1) -> DutyView:
    return next(one for one in view.duties if (one.id, one.number) == (id, number))


async def finish(kernel: Kernel, no: str, id: str, actor: Actor = REVIEWER, number: int = 1, **more: Any) -> CaseView:
    view = await access.case(kernel, actor, no)
    said: dict[str, Any] = {"findings": {"alive": True}, "note": "上门看望", "revision": view.revision, **more}
    return await actions.finish_duty(kernel, no, actor=actor, duty=named(view, id, number).key, **said)


def in_a_year(day: date, kernel: Kernel, years: int = 1) -> date:
    return next_working_day(moved(day, f"P{years}Y"), kernel.calendar)


@pytest.mark.usefixtures("declared")
async def test_an_approval_by_rule_sets_them_up(kernel: Kernel) -> None:
    no = await file_one(kernel)
    mine = await access.case(kernel, CITIZEN, no)
    assert {one.id: one.state for one in mine.duties} == {"living": "open", "report": "open", "credit": "open"}
    living = named(mine, "living")
    assert living.due == in_a_year(kernel.today(), kernel)
    assert (living.unit, living.area) == ("civil-affairs", TOWN)
    assert living.lines()[0] == f"自作出决定之日 {kernel.today()} 起算"
    assert named(mine, "credit").area == CITY, "the nearest to who decided"
    decided = next(e for e in mine.events if e.type == "decided")
    assert decided.data["duties"]["living"] == living.due.isoformat()
    assert mine.as_json()["duties"][0]["state"] == "open"
    assert "年度报告" in mine.letters[0].text, "what the holder has to do is told in writing"
    assert "生存认证" not in mine.letters[0].text


@pytest.mark.usefixtures("declared")
async def test_an_approval_by_a_person_and_one_by_silence_do_too(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await under_review(kernel, registers)
    assert (await access.case(kernel, REVIEWER, no)).duties == ()
    pass_days(kernel, monkeypatch, 3)
    await approve(kernel, no)
    view = await access.case(kernel, CITIZEN, no)
    assert named(view, "living").due == in_a_year(kernel.today(), kernel)
    assert view.events[-1].data["duties"].keys() == {"living", "report", "credit"}
    assert "年度报告" in view.letters[0].text


@pytest.mark.usefixtures("declared")
async def test_a_refusal_leaves_nothing_to_do(kernel: Kernel, registers: Registers) -> None:
    no = await under_review(kernel, registers)
    await actions.decide(kernel, no, actor=REVIEWER, outcome="reject", because="不实", basis="示例规定", revision=1)
    assert not await CaseDuty.all().exists()


@pytest.mark.usefixtures("declared")
async def test_the_office_records_that_it_is_done_and_the_next_time_stands(kernel: Kernel) -> None:
    no = await file_one(kernel)
    with pytest.raises(Unprocessable) as wrong:
        await finish(kernel, no, "living", findings={})
    assert [one.at for one in wrong.value.problems] == ["/findings/living-1/alive"]
    await finish(kernel, no, "living")
    view = await access.case(kernel, REVIEWER, no)
    done, then = named(view, "living"), named(view, "living", 2)
    assert (done.state, done.done_on, done.note, done.by) == ("done", kernel.today(), "上门看望", REVIEWER.name)
    assert done.found == {"alive": True}
    assert (then.state, then.due) == ("open", in_a_year(kernel.today(), kernel, 2))
    assert view.events[-1].type == "duty_done"
    assert view.events[-1].data["done"] == {"alive": True}
    with pytest.raises(Conflict):
        await finish(kernel, no, "living")
    assert await proving.chain_of(str((await Case.get(no=no)).id)) is None


@pytest.mark.usefixtures("declared")
async def test_another_office_reads_the_case_for_its_own_duty_and_records_no_other(kernel: Kernel) -> None:
    no = await file_one(kernel)
    with pytest.raises(NotAllowed):
        await finish(kernel, no, "living", CREDIT_TOWN)
    with pytest.raises(NotAllowed):
        await finish(kernel, no, "credit", REVIEWER)
    await finish(kernel, no, "credit", CREDIT_TOWN)
    view = await access.case(kernel, CREDIT_TOWN, no)
    assert named(view, "credit").state == "done"
    assert [one.id for one in view.duties if one.may_record] == []
    with pytest.raises(NotFound):
        await access.case(kernel, OTHER, no)


@pytest.mark.usefixtures("declared")
async def test_the_holder_reports_and_nobody_for_him(kernel: Kernel) -> None:
    no = await file_one(kernel)
    view = await access.case(kernel, CITIZEN, no)
    report = named(view, "report")
    assert (report.may_report, named(view, "living").may_report) == (True, False)
    say: dict[str, Any] = {"duty": report.key, "revision": view.revision}
    with pytest.raises(Unprocessable):
        await actions.report_duty(kernel, no, actor=CITIZEN, text=" ", **say)
    with pytest.raises(NotFound):
        await actions.report_duty(kernel, no, actor=OTHER, text="报了", **say)
    with pytest.raises(NotAllowed):
        await actions.report_duty(kernel, no, actor=REVIEWER, text="报了", **say)
    with pytest.raises(NotAllowed):
        await actions.report_duty(kernel, no, actor=CITIZEN, text="健在", **{**say, "duty": named(view, "living").key})
    await actions.report_duty(
        kernel, no, actor=CITIZEN, text="已按时报告", upload=("年报.pdf", b"%PDF-1.7 made up"), **say
    )
    mine = await access.case(kernel, REVIEWER, no)
    done = named(mine, "report")
    assert (done.state, done.report, [file.name for file in done.files]) == ("done", "已按时报告", ["年报.pdf"])
    assert mine.events[-1].type == "duty_reported"
    assert [one.number for one in mine.duties if one.id == "report"] == [1], "it is done once"
    _ref, data = await access.file_bytes(kernel, REVIEWER, no, done.files[0].digest)
    assert data == b"%PDF-1.7 made up"


async def test_what_the_holder_reports_and_staff_are_to_look_at_waits_for_them(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked_at = {**LIVING, "party": True}
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.item(duties=[looked_at]))
    no = await file_one(kernel)
    view = await access.case(kernel, CITIZEN, no)
    key = named(view, "living").key
    await actions.report_duty(kernel, no, actor=CITIZEN, duty=key, text="我健在", revision=view.revision)
    view = await access.case(kernel, CITIZEN, no)
    assert (named(view, "living").state, named(view, "living").may_report) == ("reported", False)
    assert len(view.duties) == 1
    await finish(kernel, no, "living")
    assert [(one.number, one.state) for one in (await access.case(kernel, CITIZEN, no)).duties] == [
        (1, "done"), (2, "open"),
    ]  # fmt: skip


async def test_a_sentence_does_not_close_a_yearly_duty_long_before_its_day_and_staff_open_again_what_was_closed(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    yearly = {**REPORT, "within": "P1Y", "every": "P1Y"}
    monkeypatch.setitem(kernel.catalog.items, "allowance", town.item(duties=[yearly]))
    no = await file_one(kernel)

    async def report(number: int = 1) -> CaseView:
        view = await access.case(kernel, CITIZEN, no)
        key = named(view, "report", number).key
        return await actions.report_duty(
            kernel, no, actor=CITIZEN, duty=key, text="今年没有变化", revision=view.revision
        )  # fmt: skip

    async def reopen(because: str, actor: Actor = REVIEWER) -> CaseView:
        view = await access.case(kernel, actor, no)
        key = named(view, "report").key
        return await actions.reopen_duty(
            kernel, no, actor=actor, duty=key, because=because, revision=view.revision
        )  # fmt: skip

    assert named(await report(), "report").state == "reported"
    assert named(await access.case(kernel, REVIEWER, no), "report").may_reopen
    with pytest.raises(Unprocessable):
        await reopen(" ")
    with pytest.raises(NotAllowed):
        await reopen("不对", CITIZEN)
    opened = named(await reopen("年度还没有过完"), "report")
    assert (opened.state, opened.report, opened.reopened) == ("open", "", "年度还没有过完")
    with pytest.raises(Conflict):
        await reopen("再来一次")
    pass_days(kernel, monkeypatch, 340)
    done = await report()
    assert (named(done, "report").state, named(done, "report", 2).state) == ("done", "open")
    again = await reopen("核对后有变化")
    assert (named(again, "report").state, named(again, "report").done_on) == ("open", None)
    assert (again.events[-1].type, again.events[-1].data["because"]) == ("duty_reopened", "核对后有变化")
    assert [one.number for one in (await report()).duties] == [1, 2], "the time after it is not set up twice"
    assert (await proving.verify_all())[1] == []


@pytest.mark.usefixtures("declared")
async def test_it_is_listed_before_its_day_reminded_of_and_marked_when_it_is_over(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = await file_one(kernel)
    assert (await duties_of_office(kernel, REVIEWER)).lines == ()
    every = (await duties_of_office(kernel, REVIEWER, every=True)).lines
    assert [one.title for one in every] == ["年度报告", "生存认证"], "its own, the nearest first"
    with pytest.raises(NotAllowed):
        await duties_of_office(kernel, CITIZEN)
    assert [one.title for one in (await duties_of_office(kernel, STRANGER)).lines] == ["信用回访"]
    assert await watch_duties(kernel) == 0
    due = named(await access.case(kernel, CITIZEN, no), "living").due
    assert due is not None

    pass_days(kernel, monkeypatch, (due - kernel.today()).days - 5)
    assert await watch_duties(kernel) == 3, "two are over, one is due soon"
    assert await watch_duties(kernel) == 0, "each is told once"
    view = await access.case(kernel, CITIZEN, no)
    assert sorted(e.type for e in view.events[-3:]) == ["duty_over", "duty_over", "duty_soon"]
    assert [one.title for one in (await duties_of_office(kernel, REVIEWER)).lines] == ["年度报告", "生存认证"]
    soon = await pressing(kernel, REVIEWER)
    assert (soon.over, soon.soon) == (1, 1)
    assert (await access.cases_of(kernel, CITIZEN)).lines[0].to_do[0][0] == "年度报告"

    pass_days(kernel, monkeypatch, (due - date.today()).days + 3)
    assert "1 told" in await jobs.duties(kernel)
    view = await access.case(kernel, REVIEWER, no)
    assert (named(view, "living").state, named(view, "living", 2).state) == ("open", "open"), "late, and the next"
    await finish(kernel, no, "living")
    view = await access.case(kernel, REVIEWER, no)
    assert [one.number for one in view.duties if one.id == "living"] == [1, 2], "the next stands already"
    assert await proving.chain_of(str((await Case.get(no=no)).id)) is None


@pytest.mark.usefixtures("declared")
async def test_one_that_is_ended_comes_no_more(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    no = await file_one(kernel)
    view = await access.case(kernel, REVIEWER, no)
    key = named(view, "living").key
    with pytest.raises(Unprocessable):
        await actions.end_duty(kernel, no, actor=REVIEWER, duty=key, because=" ", revision=view.revision)
    with pytest.raises(Conflict):
        await actions.end_duty(kernel, no, actor=REVIEWER, duty=key, because="x", revision=view.revision + 1)
    await actions.end_duty(kernel, no, actor=REVIEWER, duty=key, because="老人去世", revision=view.revision)
    pass_days(kernel, monkeypatch, 800)
    await watch_duties(kernel)
    view = await access.case(kernel, REVIEWER, no)
    assert [(one.state, one.note) for one in view.duties if one.id == "living"] == [("ended", "老人去世")]


async def test_pages_of_the_list_follow_each_other(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    unknown = {"id": "b", "title": "报备", "party": True, "days": 3, "after": "/answers/phone"}
    monkeypatch.setitem(
        kernel.catalog.items, "allowance", town.item(duties=[{"id": "a", "title": "回访", "days": 1, **_OURS}, unknown])
    )
    monkeypatch.setattr("core.cases.duty_reads.PAGE", 2)
    for _ in range(3):
        await file_one(kernel)
    pages, after = [], None
    while True:
        page = await duties_of_office(kernel, REVIEWER, after=after, every=True)
        pages.append([one.title for one in page.lines])
        after = page.after
        if after is None:
            break
    assert pages == [["回访", "回访"], ["回访", "报备"], ["报备", "报备"]]
    with pytest.raises(NotFound):
        await duties_of_office(kernel, REVIEWER, after="2026-13-01_x")


_OURS = {"unit": "civil-affairs"}


@pytest.mark.usefixtures("declared")
async def test_nothing_of_them_is_left_once_the_case_is_erased(kernel: Kernel, monkeypatch: pytest.MonkeyPatch) -> None:
    no = await file_one(kernel)
    await finish(kernel, no, "living", note="陈试甲本人健在")
    await erase(kernel, no, basis="示例", ordered=True)
    assert all(one.detail is None for one in await CaseDuty.all())
    pass_days(kernel, monkeypatch, 800)
    assert await watch_duties(kernel) == 0
    assert (await duties_of_office(kernel, REVIEWER, every=True)).lines == ()


def test_the_reminder_comes_within_what_is_listed_ahead() -> None:
    from core.cases.actions.duties import REMIND_DAYS
    from core.cases.duty_view import AHEAD

    assert timedelta(days=REMIND_DAYS * 2) < AHEAD


@pytest.mark.parametrize(
    ("key", "values"),
    [
        ("duty_soon", {"title": "年度报告"}),
        ("duty_over", {"title": "年度报告"}),
        ("pay_soon", {"sum": "1"}),
        ("pay_over", {"sum": "1"}),
        ("pay_lapsed", {}),
        ("paid_accepted", {}),
        ("silent_accepted", {}),
        ("silent_approved", {}),
        ("later_soon", {"title": "年度报告"}),
        ("later_over", {"title": "年度报告"}),
        ("later_missed", {}),
    ],
)
def test_what_a_timer_writes_is_told_in_english(key: str, values: dict[str, str]) -> None:
    said = {**values, "day": "2027-01-29"}
    assert retold(say("zh", key, **said), "en", {"年度报告": "yearly report"}) == say(
        "en", key, **{**said, **({"title": "yearly report"} if "title" in values else {})}
    )


@pytest.mark.parametrize("told", ["refused", "over"])
@pytest.mark.parametrize("instead", ["", "_then_upload", "_then_staff"])
def test_what_follows_where_a_party_does_not_confirm_is_told_in_english(told: str, instead: str) -> None:
    def text(language: str, title: str) -> str:
        why = say(language, f"party_{told}")
        because = say(language, f"party{instead}", why=why) if instead else why
        return say(language, "party_silent", title=title, day="2027-01-29", because=because)

    assert retold(text("zh", "卖方确认"), "en", {"卖方确认": "seller's word"}) == text("en", "seller's word")
