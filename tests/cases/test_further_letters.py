"""Further letters of a case: each written once for its event, read by its reader alone, and gone with an erasure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from core.cases import access, actions, proving, sent_reads
from core.cases.models import Event, Letter, LetterFault
from core.catalog.bundle import read_item
from core.contract import Actor, Item
from core.errors import Conflict, NotAllowed, NotFound
from core.kernel import Kernel
from tests.cases import fallbacks, remains
from tests.cases.fallbacks import ANSWERS
from tests.cases.test_moves import erase
from tests.cases.town import ALLOWANCE, CITIZEN, CITY, DAUGHTER, ELDER, OTHER, REVIEWER, STRANGER, person

pytestmark = pytest.mark.anyio
LETTERS: list[dict[str, Any]] = [
    {"id": "receipt", "title": "受理通知书", "template": "receipt.html", "on": "accepted", "number": True},
    {"id": "visit", "title": "核查告知书", "template": "visit.html", "on": "step:visit", "number": True},
    {"id": "party", "title": "送达另一方", "template": "party.html", "on": "decided:approve", "to": "party"},
    {
        "id": "copy", "title": "抄送信用办", "template": "copy.html", "on": "decided:approve",
        "to": {"unit": "credit-office"}, "when": {"/answers/phone": {"const": "13900000000"}},
    },
    {"id": "refusal", "title": "不予抄送", "template": "copy.html", "on": "decided:reject",
     "to": {"unit": "credit-office"}},
]  # fmt: skip
TEMPLATES = {
    "receipt.html": "<h2>{{ letter.title }}</h2><p>{{ letter.no }} {{ applicant.name }} {{ case.deadline }}</p>",
    "visit.html": "<p>{{ letter.no }} {{ event.day }} {{ event.opinion }} {{ event.because }}</p>",
    "party.html": "<p>{{ applicant.name }} {{ decision.because }} {{ case.no }}</p>",
    "copy.html": "<p>{{ letter.unit }}：{{ applicant.name }} {{ decision.outcome }}</p>",
}
OFFICER = STRANGER
ADVERSE = Actor(id="acc-else", role="citizen", name="外人", id_number=DAUGHTER, channel="web")


def item(*, materials: tuple[str, ...] = ("identity", "lease", "other"), **templates: str) -> Item:
    base = fallbacks.item(*materials)
    routing = {
        **ALLOWANCE["routing"],
        "steps": [{"id": "visit", "unit": "civil-affairs", "title": "入户核查", "days": 2}],
        "decide": [],
    }
    named = {**ALLOWANCE["templates"], **TEMPLATES, **{f"{k}.html": v for k, v in templates.items()}}
    guide = {**base.bundle["item"], "letters": LETTERS}
    return read_item("allowance", {**base.bundle, "item": guide, "routing": routing, "templates": named})


async def filed(kernel: Kernel, made: Item, *, key: str = "k-1") -> str:
    receipt, _ = await actions.file(
        kernel, made, actor=CITIZEN, applicant=person(ELDER, "陈试甲"), answers=ANSWERS, idempotency_key=key
    )
    return receipt.no


async def to_the_end(kernel: Kernel, no: str) -> None:
    """Every material in, the step done, approved."""
    await actions.confirm(kernel, no, actor=OTHER, material="other", agrees=True)
    view = await access.case(kernel, REVIEWER, no)
    view = await actions.finish_step(
        kernel, no, actor=REVIEWER, revision=view.revision, opinion="agree", because="情况属实"
    )
    await actions.decide(kernel, no, actor=REVIEWER, outcome="approve", because="符合条件", revision=view.revision)


async def written(no: str) -> list[tuple[str, str]]:
    rows = await Letter.filter(case__no=no, declared__isnull=False).order_by("id")
    return [(str(one.declared), one.number) for one in rows]


def plain(event: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(one["id"], one["to"]) for one in event["letters"]]


async def test_each_is_written_once_when_its_event_comes(kernel: Kernel) -> None:
    made = item(materials=("identity", "other"))
    no = await filed(kernel, made)
    assert await written(no) == []
    await to_the_end(kernel, no)
    assert await written(no) == [("visit", f"{no}-W1"), ("party", ""), ("copy", "")]
    mine = await access.case(kernel, CITIZEN, no)
    assert [one.title for one in mine.letters] == ["核查告知书", "尊老金告知单"] or {
        one.title for one in mine.letters
    } == {"核查告知书", "尊老金告知单"}
    visit = next(one for one in mine.letters if one.title == "核查告知书")
    assert visit.text == f"<p>{no}-W1 {kernel.today()} agree 情况属实</p>"
    told = [one.data for one in mine.events if one.type == "letters_written"]
    assert [plain(one) for one in told] == [[("visit", "applicant")], [("party", "party"), ("copy", "unit")]]
    assert await proving.verify_all() == (1, [])


async def test_a_case_that_is_accepted_when_it_is_filed_has_its_letter_then_and_a_retry_writes_no_second(
    kernel: Kernel,
) -> None:
    made = item(materials=("identity",))
    no = await filed(kernel, made)
    assert await filed(kernel, made) == no, "the same key"
    assert await written(no) == [("receipt", f"{no}-W1")]
    mine = await access.case(kernel, CITIZEN, no)
    (letter,) = mine.letters
    assert letter.text == f"<h2>受理通知书</h2><p>{no}-W1 陈试甲 {mine.deadline}</p>"
    assert [one.type for one in mine.events] == ["filed", "accepted", "begun", "letters_written"]
    view = await access.case(kernel, REVIEWER, no)
    stale = view.revision
    await actions.finish_step(kernel, no, actor=REVIEWER, revision=stale)
    with pytest.raises(Conflict):
        await actions.finish_step(kernel, no, actor=REVIEWER, revision=stale)
    assert await written(no) == [("receipt", f"{no}-W1"), ("visit", f"{no}-W2")]


async def test_no_day_is_promised_in_writing_while_a_fee_stops_the_clock(kernel: Kernel) -> None:
    said = "<p>{% if case.deadline %}{{ case.deadline }}{% else %}计时已停{% endif %}</p>"
    made = item(materials=("identity",), receipt=said, visit=said)
    paid = {
        "fee": [{"title": "工本费", "amount": "12.00"}],
        "payment": {"before": "decision", "days": 5, "how": "窗口"},
    }
    made = read_item("allowance", {**made.bundle, "item": {**made.bundle["item"], **paid}})
    no = await filed(kernel, made)
    view = await access.case(kernel, REVIEWER, no)
    assert view.clock_runs is False
    await actions.note_payment(
        kernel, no, actor=REVIEWER, receipt="1", on=kernel.today().isoformat(), sum="12", revision=view.revision
    )
    view = await access.case(kernel, REVIEWER, no)
    view = await actions.finish_step(kernel, no, actor=REVIEWER, revision=view.revision)
    letters = [str(one.text) for one in await Letter.filter(case__no=no, declared__isnull=False).order_by("id")]
    assert letters == ["<p>计时已停</p>", f"<p>{view.deadline}</p>"]


async def test_each_reader_finds_his_own_and_nobody_else_any(kernel: Kernel) -> None:
    no = await filed(kernel, item(materials=("identity", "other")))
    await to_the_end(kernel, no)
    visit, party, copy = await Letter.filter(case__no=no, declared__isnull=False).order_by("id")
    (theirs,) = await sent_reads.letters_to(kernel, OTHER)
    assert (theirs.id, theirs.no, theirs.text) == (str(party.id), no, "")
    assert (await sent_reads.letter(kernel, OTHER, theirs.id)).text == f"<p>陈试甲 符合条件 {no}</p>"
    assert (await sent_reads.letter(kernel, CITIZEN, str(visit.id))).text
    for actor, one in (
        (ADVERSE, visit), (ADVERSE, party), (ADVERSE, copy), (OTHER, visit), (OTHER, copy), (CITIZEN, party),
        (CITIZEN, copy), (OFFICER, visit), (OFFICER, party),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            await sent_reads.letter(kernel, actor, str(one.id))
    assert await sent_reads.letters_to(kernel, ADVERSE) == await sent_reads.letters_to(kernel, CITIZEN) == ()
    assert {one.title for one in (await access.case(kernel, CITIZEN, no)).letters} == {"核查告知书", "尊老金告知单"}
    assert {one.reader for one in (await access.case(kernel, REVIEWER, no)).letters} == {"applicant", "party", "unit"}


async def test_a_unit_reads_its_copy_and_says_so_once(kernel: Kernel) -> None:
    no = await filed(kernel, item(materials=("identity", "other")))
    await to_the_end(kernel, no)
    assert await sent_reads.unread_copies(kernel, OFFICER) == 1
    (line,) = (await sent_reads.copies_of(kernel, OFFICER)).lines
    assert (line.no, line.title, line.read_at) == (no, "抄送信用办", None)
    assert "陈试甲 approve" in (await sent_reads.copy(kernel, OFFICER, line.id)).text
    assert "copy" in [one.kind for one in (await access.accesses_of(kernel, CITIZEN)).lines]
    elsewhere = Actor(id="x", role="reviewer", name="别处", unit="approval-bureau", area=CITY)
    assert (await sent_reads.copies_of(kernel, elsewhere)).lines == ()
    for call in (sent_reads.copy(kernel, elsewhere, line.id), actions.mark_read(kernel, elsewhere, line.id)):
        with pytest.raises(NotFound):
            await call
    with pytest.raises(NotAllowed):
        await sent_reads.copies_of(kernel, CITIZEN)
    await actions.mark_read(kernel, OFFICER, line.id)
    first = (await Letter.get(id=line.id)).read_at
    await actions.mark_read(kernel, OFFICER, line.id)
    kept = await Letter.get(id=line.id)
    assert (kept.read_at, kept.read_by) == (first, OFFICER.id)
    assert await sent_reads.unread_copies(kernel, OFFICER) == 0


async def test_a_condition_that_does_not_hold_and_another_outcome_write_none(kernel: Kernel) -> None:
    made = item(materials=("identity",))
    receipt, _ = await actions.file(
        kernel, made, actor=CITIZEN, applicant=person(ELDER, "陈试甲"), answers={**ANSWERS, "phone": "13900000001"}
    )
    view = await access.case(kernel, REVIEWER, receipt.no)
    await actions.decide(kernel, receipt.no, actor=REVIEWER, outcome="approve", because="符合", revision=view.revision)
    assert [id for id, _ in await written(receipt.no)] == ["receipt"], "no party, and the condition fails"


async def test_one_that_fails_hinders_nothing_and_is_issued_once_it_is_mended(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = item(materials=("identity",), receipt="{{ answers.remark }}", visit="{{ answers.remark }}")
    no = await filed(kernel, broken)
    view = await access.case(kernel, REVIEWER, no)
    assert (view.status, "remark" in view.letter_fault, view.decision_written) == ("in_step", True, True)
    await actions.finish_step(kernel, no, actor=REVIEWER, revision=view.revision)
    assert await LetterFault.all().count() == 1, "one line a case, however many letters wait"
    monkeypatch.setitem(kernel.catalog.items, "allowance", broken)
    with pytest.raises(Conflict):
        await actions.issue_letter(kernel, no, actor=REVIEWER)
    monkeypatch.setitem(kernel.catalog.items, "allowance", item(materials=("identity",), visit="{{ answers.remark }}"))
    assert await actions.issue_letter(kernel, no, actor=REVIEWER)
    assert await written(no) == [("receipt", f"{no}-W1")]
    assert await LetterFault.all().count() == 1, "the other still waits"
    monkeypatch.setitem(kernel.catalog.items, "allowance", item(materials=("identity",)))
    assert await actions.issue_letter(kernel, no, actor=REVIEWER)
    assert not await actions.issue_letter(kernel, no, actor=REVIEWER), "there already"
    assert await written(no) == [("receipt", f"{no}-W1"), ("visit", f"{no}-W2")]
    assert not await LetterFault.all().exists()
    assert (await access.case(kernel, REVIEWER, no)).letter_fault == ""
    event = await Event.filter(case__no=no).order_by("-seq").first()
    assert event is not None
    assert (event.type, event.payload["data"]["title"]) == ("letter_issued", "核查告知书")
    assert await proving.verify_all() == (1, [])


async def test_an_erasure_leaves_nothing_of_them(kernel: Kernel) -> None:
    no = await filed(kernel, item(materials=("identity", "other")))
    await to_the_end(kernel, no)
    view = await access.case(kernel, REVIEWER, no)
    await actions.deliver(kernel, no, actor=REVIEWER, method="electronic", revision=view.revision)
    await erase(kernel, no, basis="示例规定", ordered=True)
    assert await sent_reads.letters_to(kernel, OTHER) == ()
    rows = await Letter.filter(case__no=no)
    assert {(one.text, one.digest, one.to_key) for one in rows} == {(None, "", None)}
    (line,) = (await sent_reads.copies_of(kernel, OFFICER)).lines
    assert (await sent_reads.copy(kernel, OFFICER, line.id)).text == ""
    assert "cases_letter.text" not in str((await remains.found(kernel, {"name": "陈试甲"})).get("name", ()))
    assert (await proving.verify_all())[1] == []
