"""Several results of one case: a certificate of its own for each row that is granted, each with its number and end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from core import jobs
from core.cases import access, actions
from core.cases.connector import OwnCases
from core.cases.models import Case, Waiting
from core.cases.nouns import Receipt
from core.catalog.bundle import read_item
from core.contract import Down, Empty, Found, Item
from core.errors import Conflict, Unprocessable
from core.judge.validity import moved
from core.kernel import Kernel
from tests.cases.town import ALLOWANCE, ELDER, PORTAL, REVIEWER, Registers, person

pytestmark = pytest.mark.anyio
BOILER = {"name": "锅炉", "until": "2099-05-31", "tonnes": 4}
LIFT = {"name": "电梯", "until": "2099-01-31", "tonnes": 1}
CRANE = {"name": "行车", "until": "2098-12-31", "tonnes": 50}
ALSO = [
    {"id": "card", "title": "使用登记证（${/each/name}）", "template": "card.html", "each": "/answers/devices",
     "valid": "P100Y", "valid_until": "/each/until"},
    {"id": "manager", "title": "管理人员任命书", "when": {"/answers/devices": {"minItems": 2}}, "valid": "P1Y"},
]  # fmt: skip
CARD = "<article><h2>{{ result.title }}</h2>{{ result.no }} {{ each.name }} {{ result.valid_until }}</article>"
LETTER = "<p>{{ case.no }}{% for one in case.results %} {{ one.no }} {{ one.title }}{% endfor %}</p>"
IN_PART = {
    "asked": "/answers/devices",
    "when": {"/each/tonnes": {"maximum": 10}},
    "title": "/each/name",
    "because": "超过十吨",
}
PLATE = {"id": "plate", "title": "登记标志", "place": "发证窗口", "result": "card"}


def devices(*, card: str = CARD, part: Mapping[str, Any] | None = IN_PART, **result: Any) -> Item:
    """Devices are registered: a card for each of them, and a paper where there are several."""
    routing = ALLOWANCE["routing"]
    approve = {**routing["decide"][0], "basis": "示例规定第五条"} | ({"part": part} if part else {})
    fields = {"name": {"type": "string"}, "until": {"type": "string", "format": "date"}, "tonnes": {"type": "number"}}
    device = {"type": "object", "properties": fields}
    form = ALLOWANCE["form"]
    return read_item("allowance", {
        **ALLOWANCE,
        "item": {**ALLOWANCE["item"], "handover": [PLATE],
                 "result": {"title": "登记通知", "template": "result.html", "also": ALSO, **result}},
        "form": {**form, "properties": {**form["properties"], "devices": {"type": "array", "items": device}}},
        "routing": {**routing, "decide": [approve, *routing["decide"][1:]]},
        "templates": {"result.html": LETTER, "card.html": card},
    })  # fmt: skip


async def send(kernel: Kernel, *rows: Mapping[str, Any], item: Item | None = None) -> Receipt:
    receipt, _ = await actions.file(
        kernel, item or devices(), actor=PORTAL, applicant=person(ELDER),
        answers={"phone": "13900000000", "devices": list(rows)},
        idempotency_key=str(rows), body_digest="x",
    )  # fmt: skip
    return receipt


async def test_every_row_is_given_a_certificate_of_its_own(kernel: Kernel) -> None:
    no = (await send(kernel, BOILER, LIFT)).no
    case = await access.case(kernel, PORTAL, no)
    year = (moved(kernel.today(), "P1Y") - timedelta(days=1)).isoformat()
    given = [
        {"id": "card", "title": "使用登记证（锅炉）", "no": f"{no}-1", "valid_until": "2099-05-31"},
        {"id": "card", "title": "使用登记证（电梯）", "no": f"{no}-2", "valid_until": "2099-01-31"},
        {"id": "manager", "title": "管理人员任命书", "no": f"{no}-3", "valid_until": year},
    ]
    assert case.as_json()["results"] == given
    assert [(one.kind, one.title) for one in case.letters] == [
        ("result", "登记通知"), *(("document", str(one["title"])) for one in given)
    ]  # fmt: skip
    letter, boiler, lift, manager = (one.text for one in case.letters)
    assert all(f"{one['no']} {one['title']}" in letter for one in given), "the letter tells what comes with it"
    assert f"{no}-1 锅炉 2099-05-31" in boiler
    assert f"{no}-2 电梯 2099-01-31" in lift
    assert "管理人员任命书" in manager, "a line without a template has a plain document"
    assert f"{no}-3" in manager
    assert year in manager
    things = [(one["id"], one["title"]) for one in case.as_json()["handover"]]
    assert things == [("plate-1", "登记标志·使用登记证（锅炉）"), ("plate-2", "登记标志·使用登记证（电梯）")]


async def test_a_row_that_is_not_granted_gives_none(kernel: Kernel) -> None:
    case = await access.case(kernel, PORTAL, (await send(kernel, CRANE, BOILER)).no)
    assert case.decision["part"] == "准予：锅炉。不予：行车（超过十吨）"
    assert [(one.id, one.title) for one in case.results] == [
        ("card", "使用登记证（锅炉）"), ("manager", "管理人员任命书"),
    ]  # fmt: skip
    assert "锅炉" in case.letters[1].text
    assert [one.id for one in case.handover] == ["plate-1"]


async def test_a_case_without_rows_has_nothing_besides(kernel: Kernel) -> None:
    case = await access.case(kernel, PORTAL, (await send(kernel)).no)
    assert case.outcome == "approve"
    assert "results" not in case.as_json()
    assert "handover" not in case.as_json()
    assert len(case.letters) == 1


async def test_a_case_that_is_looked_at_again_is_given_the_same(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(kernel.catalog.items, "allowance", devices())
    account = registers.held["own-business"][ELDER]
    registers.held["own-business"][ELDER] = Down("no route to host")
    no = (await send(kernel, CRANE, LIFT)).no
    assert (await access.case(kernel, PORTAL, no)).results == (), "nothing is granted yet"
    registers.held["own-business"][ELDER] = account
    await Waiting.all().update(next_at=kernel.now() - timedelta(seconds=1))
    assert await jobs.recheck(kernel) == "1 asked again, 1 decided"
    case = await access.case(kernel, PORTAL, no)
    assert [one.title for one in case.results] == ["使用登记证（电梯）", "管理人员任命书"]
    assert [one.kind for one in case.letters] == ["result", "document", "document"]
    assert [one.id for one in case.handover] == ["plate-1"]


async def test_how_long_a_grant_lasts_is_known_also_where_a_register_was_down_at_first(
    kernel: Kernel, registers: Registers, monkeypatch: pytest.MonkeyPatch
) -> None:
    item = devices(valid="P1D")
    monkeypatch.setitem(kernel.catalog.items, "allowance", item)
    account = registers.held["own-business"][ELDER]
    registers.held["own-business"][ELDER] = Down("no route to host")
    no = (await send(kernel, LIFT, item=item)).no
    registers.held["own-business"][ELDER] = account
    await Waiting.all().update(next_at=kernel.now() - timedelta(seconds=1))
    await jobs.recheck(kernel)
    record = (await Case.get(no=no)).record
    assert record is not None
    assert record["valid_until"] == kernel.today().isoformat()


async def waiting(kernel: Kernel, *rows: Mapping[str, Any]) -> str:
    """A case that a reviewer has to decide."""
    step = {"unit": "civil-affairs", "days": 2, "when": {"/answers/phone": {"type": "string"}}, "because": "复核"}
    whole = devices().bundle
    item = read_item("allowance", {**whole, "routing": {**whole["routing"], "steps": [step]}})
    return (await send(kernel, *rows, item=item)).no


GRANT = {"outcome": "approve", "because": "经审查，符合条件"}


async def test_a_reviewer_grants_what_the_rule_proposes_and_may_refuse_one(kernel: Kernel) -> None:
    no = await waiting(kernel, CRANE, BOILER, LIFT)
    case = await access.case(kernel, REVIEWER, no)
    assert [(one.key, one.proposed) for one in case.grantable] == [
        ("card/0", False), ("card/1", True), ("card/2", True), ("manager", True),
    ]  # fmt: skip
    with pytest.raises(Unprocessable, match="不发哪几份"):
        await actions.decide(kernel, no, actor=REVIEWER, **GRANT, results=["card/1", "manager"], revision=case.revision)
    with pytest.raises(Unprocessable, match="现在不能发"):
        await actions.decide(kernel, no, actor=REVIEWER, **GRANT, results=["card/7"], revision=case.revision)
    said = {**GRANT, "part": "准予锅炉；行车、电梯不予", "basis": "示例规定第五条"}
    done = await actions.decide(
        kernel, no, actor=REVIEWER, **said, results=["card/1", "manager"], revision=case.revision
    )
    assert [(one.title, one.no) for one in done.results] == [
        ("使用登记证（锅炉）", f"{no}-1"), ("管理人员任命书", f"{no}-2"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("part", "titles"),
    [
        ("", ["使用登记证（行车）", "使用登记证（锅炉）", "管理人员任命书"]),
        ("准予锅炉；行车不予", ["使用登记证（锅炉）", "管理人员任命书"]),
    ],
)
async def test_a_reviewer_who_names_none_gives_what_his_words_grant(
    kernel: Kernel, part: str, titles: list[str]
) -> None:
    no = await waiting(kernel, CRANE, BOILER)
    case = await access.case(kernel, REVIEWER, no)
    done = await actions.decide(
        kernel, no, actor=REVIEWER, **GRANT, part=part, basis="示例规定第五条", revision=case.revision
    )
    assert [one.title for one in done.results] == titles


async def test_documents_that_failed_are_written_under_their_numbers_once_the_template_is_mended(
    kernel: Kernel, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = (await send(kernel, BOILER, item=devices(card="{{ each.missing }}"))).no
    case = await access.case(kernel, PORTAL, no)
    assert case.letters == ()
    assert "card.html" in case.letter_fault
    assert [one.no for one in case.results] == [f"{no}-1"], "it is granted whatever becomes of its paper"
    with pytest.raises(Conflict):
        await actions.issue_letter(kernel, no, actor=REVIEWER)
    monkeypatch.setitem(kernel.catalog.items, "allowance", devices())
    assert await actions.issue_letter(kernel, no, actor=REVIEWER)
    case = await access.case(kernel, PORTAL, no)
    assert [one.kind for one in case.letters] == ["result", "document"]
    assert f"{no}-1 锅炉" in case.letters[1].text


async def test_a_rule_may_ask_whether_the_applicant_holds_one_of_them(kernel: Kernel) -> None:
    ended = {**LIFT, "until": (kernel.today() - timedelta(days=1)).isoformat()}
    no = (await send(kernel, BOILER, ended)).no
    by = {"id_number": ELDER, "items": ["allowance"], "result": "card"}
    found = await OwnCases().ask(by)
    assert isinstance(found, Found)
    rows = found.value
    assert isinstance(rows, list)
    assert [(one["no"], one["title"], one["standing"]) for one in rows] == [
        (f"{no}-1", "使用登记证（锅炉）", True), (f"{no}-2", "使用登记证（电梯）", False),
    ]  # fmt: skip
    standing = await OwnCases().ask({**by, "standing": True})
    assert isinstance(standing, Found)
    assert [one["no"] for one in standing.value] == [f"{no}-1"]
    assert isinstance(await OwnCases().ask({**by, "result": "nothing"}), Empty)
    whole = await OwnCases().ask({"id_number": ELDER, "items": ["allowance"]})
    assert isinstance(whole, Found)
    assert [set(one) & {"results", "no"} for one in whole.value] == [{"no"}], "as before where no result is named"
