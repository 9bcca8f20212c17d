"""Letters to somebody who has no part in the case: written for him, sent by an office, with what shows it."""

from __future__ import annotations

from typing import Any

import pytest

from core.cases import access, actions, outgoing, proving
from core.cases.models import Letter
from core.catalog.bundle import read_item
from core.contract import Item
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.kernel import Kernel
from tests.cases import fallbacks, remains
from tests.cases.fallbacks import ANSWERS
from tests.cases.test_moves import erase
from tests.cases.town import ALLOWANCE, CITIZEN, ELDER, OTHER, REVIEWER, STRANGER, person

pytestmark = pytest.mark.anyio
BOTH_DATABASES = True
PLACE = {"area": "320583103205", "detail": "示例路9号", "postcode": "215300"}
NEIGHBOURS = [{"name": "邻居甲"}, {"name": " "}, {"name": "邻居丙", "phone": "13900000003"}]
LETTERS: list[dict[str, Any]] = [
    {
        "id": "employer", "title": "告知用人单位", "template": "employer.html", "on": "decided:approve", "number": True,
        "to": {"name": "/answers/employer", "address": "/answers/place"},
    },
    {
        "id": "neighbour", "title": "告知邻居", "template": "neighbour.html", "on": "decided:approve",
        "to": {"each": "/answers/neighbours", "name": "/each/name", "phone": "/each/phone"},
    },
]  # fmt: skip
TEMPLATES = {
    "employer.html": "<p>{{ letter.no }} {{ letter.to }} {{ letter.address }}</p>",
    "neighbour.html": "<p>{{ letter.to }} {{ each.name }}{% if letter.phone %} {{ letter.phone }}{% endif %}</p>",
}


def item() -> Item:
    base = fallbacks.item("identity")
    row = {"type": "object", "properties": {"name": {"type": "string"}, "phone": {"type": "string"}}}
    more = {
        "employer": {"type": "string", "title": "用人单位"},
        "place": {"type": "object", "title": "单位地址", "properties": {key: {"type": "string"} for key in PLACE}},
        "neighbours": {"type": "array", "title": "邻居", "items": row},
    }
    form = {**base.bundle["form"], "properties": {**base.bundle["form"]["properties"], **more}}
    routing = {**ALLOWANCE["routing"], "decide": []}
    guide = {**base.bundle["item"], "letters": LETTERS}
    templates = {**ALLOWANCE["templates"], **TEMPLATES}
    return read_item(
        "allowance", {**base.bundle, "item": guide, "form": form, "routing": routing, "templates": templates}
    )


async def approved(kernel: Kernel, **answers: Any) -> str:
    receipt, _ = await actions.file(
        kernel, item(), actor=CITIZEN, applicant=person(ELDER, "陈试甲"), answers={**ANSWERS, **answers}
    )
    view = await access.case(kernel, REVIEWER, receipt.no)
    await actions.decide(kernel, receipt.no, actor=REVIEWER, outcome="approve", because="符合", revision=view.revision)
    return receipt.no


async def test_each_of_them_is_written_one_and_who_is_not_named_none(kernel: Kernel) -> None:
    no = await approved(kernel, employer="虚山样板厂", place=PLACE, neighbours=NEIGHBOURS)
    rows = await Letter.filter(case__no=no, reader="outside").order_by("id")
    assert [(one.declared, one.position, one.text) for one in rows] == [
        ("employer", 0, f"<p>{no}-W1 虚山样板厂 虚山市试浦镇试新村示例路9号 215300</p>"),
        ("neighbour", 0, "<p>邻居甲 邻居甲</p>"),
        ("neighbour", 1, "<p>邻居丙 邻居丙 13900000003</p>"),
    ]
    assert [one.whom for one in rows][1:] == [{"name": "邻居甲"}, {"name": "邻居丙", "phone": "13900000003"}]
    nobody = await approved(kernel)
    assert not await Letter.exists(case__no=nobody, reader="outside")


async def test_it_is_sent_once_somebody_says_how_and_what_shows_it_and_sent_anew_where_it_came_back(
    kernel: Kernel,
) -> None:
    no = await approved(kernel, employer="虚山样板厂", place=PLACE)
    (line,) = (await outgoing.to_send(kernel, REVIEWER)).lines
    assert (line.no, line.whom["name"], line.text, await outgoing.count_to_send(kernel, REVIEWER)) == (
        no, "虚山样板厂", "", 1,
    )  # fmt: skip
    one = await outgoing.outgoing(kernel, REVIEWER, line.id)
    told: dict[str, Any] = {"actor": REVIEWER, "on": "", "revision": one.revision}
    with pytest.raises(Unprocessable) as error:
        await actions.note_sent(kernel, line.id, method="pigeon", note=" ", **{**told, "on": "2001-01-01"})
    assert [problem.at for problem in error.value.problems] == ["/method", "/note", "/on"]
    await actions.note_sent(kernel, line.id, method="mail", note="EMS1", **told)
    with pytest.raises(Conflict):
        await actions.note_sent(kernel, line.id, method="mail", note="EMS1", **told)
    assert (await outgoing.to_send(kernel, REVIEWER)).lines == ()
    view = await access.case(kernel, REVIEWER, no)
    await actions.note_sent(kernel, line.id, method="hand", note="门卫签收", **{**told, "revision": view.revision})
    kept = await outgoing.outgoing(kernel, REVIEWER, line.id)
    assert kept.sent == {"method": "hand", "note": "门卫签收", "on": kernel.today().isoformat(), "by": REVIEWER.name}
    events = [one.data for one in (await access.case(kernel, REVIEWER, no)).events if one.type == "letter_sent"]
    assert [(one["name"], one["method"], one["note"]) for one in events] == [
        ("虚山样板厂", "mail", "EMS1"), ("虚山样板厂", "hand", "门卫签收"),
    ]  # fmt: skip
    assert await proving.verify_all() == (1, [])


async def test_nobody_else_finds_it(kernel: Kernel) -> None:
    no = await approved(kernel, employer="虚山样板厂", place=PLACE)
    (line,) = (await outgoing.to_send(kernel, REVIEWER)).lines
    view = await access.case(kernel, REVIEWER, no)
    for actor in (CITIZEN, OTHER, STRANGER):
        none = NotFound if actor is STRANGER else NotAllowed
        with pytest.raises(none):
            await outgoing.outgoing(kernel, actor, line.id)
        with pytest.raises(none):
            await actions.note_sent(
                kernel, line.id, actor=actor, method="mail", note="1", on="", revision=view.revision
            )
    assert (await outgoing.to_send(kernel, STRANGER)).lines == (), "another office"
    with pytest.raises(NotAllowed):
        await outgoing.to_send(kernel, CITIZEN)
    assert "employer" not in {one.title for one in (await access.case(kernel, CITIZEN, no)).letters}
    assert all(one.reader == "applicant" for one in (await access.case(kernel, CITIZEN, no)).letters)


async def test_an_erasure_leaves_nobody_to_be_sent_anything(kernel: Kernel) -> None:
    no = await approved(kernel, employer="虚山样板厂", place=PLACE)
    (line,) = (await outgoing.to_send(kernel, REVIEWER)).lines
    view = await access.case(kernel, REVIEWER, no)
    await actions.note_sent(
        kernel, line.id, actor=REVIEWER, method="hand", note="门卫签收", on="", revision=view.revision
    )
    view = await access.case(kernel, REVIEWER, no)
    await actions.deliver(kernel, no, actor=REVIEWER, method="electronic", revision=view.revision)
    await erase(kernel, no, basis="示例规定", ordered=True)
    assert await remains.found(kernel, {"name": "虚山样板厂", "note": "门卫签收", "place": "示例路9号"}) == {}
    assert (await outgoing.outgoing(kernel, REVIEWER, line.id)).whom == {}
    assert (await outgoing.to_send(kernel, REVIEWER)).lines == ()
    assert (await proving.verify_all())[1] == []
