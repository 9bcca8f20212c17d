"""How much is granted where it is no money: asked 30 立方米, granted 20, said in its unit, by a rule or by a person."""

from __future__ import annotations

from typing import Any

import pytest

from core.cases import access, actions
from core.cases.case_view import CaseView
from core.catalog.bundle import read_item
from core.errors import Unprocessable
from core.kernel import Kernel
from tests.cases.town import ALLOWANCE, ELDER, PORTAL, REVIEWER, person

pytestmark = pytest.mark.anyio
LETTER = "<p>{{ decision.granted.number }}{{ decision.granted.unit }}；{{ decision.part }}</p>"


async def send(kernel: Kernel, asked: int, *, person_decides: bool = False) -> CaseView:
    routing, form = ALLOWANCE["routing"], ALLOWANCE["form"]
    part = {"asked": "/answers/volume", "granted": 20, "unit": "立方米", "because": "超出用水定额"}
    approve = {**routing["decide"][0], "basis": "示例规定第五条", "part": part}
    look = {"unit": "civil-affairs", "days": 2, "when": {"/answers/volume": {"minimum": 1}}, "because": "现场查看"}
    steps = [look] if person_decides else routing["steps"]
    item = read_item("allowance", {
        **ALLOWANCE,
        "item": {**ALLOWANCE["item"], "result": {"title": "取水许可", "template": "result.html"}},
        "form": {**form, "properties": {**form["properties"], "volume": {"type": "integer"}}},
        "routing": {**routing, "steps": steps, "decide": [approve, *routing["decide"][1:]]},
        "templates": {"result.html": LETTER},
    })  # fmt: skip
    receipt, _ = await actions.file(
        kernel, item, actor=PORTAL, applicant=person(ELDER), answers={"phone": "13900000000", "volume": asked},
        idempotency_key=f"{asked}-{person_decides}", body_digest="x",
    )  # fmt: skip
    return await access.case(kernel, PORTAL, receipt.no)


async def test_a_rule_grants_as_much_as_it_says_and_the_letter_tells_it(kernel: Kernel) -> None:
    less = await send(kernel, 30)
    assert less.decision["granted"] == {"number": "20", "unit": "立方米"}
    assert less.decision["part"] == "申请30立方米，准予20立方米；其余不予：超出用水定额"
    assert "20立方米；申请30立方米" in less.letters[0].text


async def test_no_more_is_granted_than_was_asked_for(kernel: Kernel) -> None:
    whole = await send(kernel, 15)
    assert whole.decision["granted"] == {"number": "15", "unit": "立方米"}
    assert not whole.decision.get("part")


async def test_a_person_grants_less_with_his_reason_and_never_more_than_was_asked_for(kernel: Kernel) -> None:
    case = await send(kernel, 30, person_decides=True)
    assert case.status == "in_step"
    said: dict[str, Any] = {"actor": REVIEWER, "outcome": "approve", "because": "水源紧张", "basis": "示例规定第五条"}
    said["revision"] = case.revision
    for measure, at in (
        ("31", "/measure"),
        ("0", "/measure"),
        ("很多", "/measure"),
        ("1e1", "/measure"),
        ("10", "/part"),
    ):
        with pytest.raises(Unprocessable) as raised:
            await actions.decide(kernel, case.no, measure=measure, **said)
        assert [one.at for one in raised.value.problems] == [at], measure
    part = "准予10立方米，其余水源不足，不予"
    done = await actions.decide(kernel, case.no, measure="10", part=part, **said)
    assert done.decision["granted"] == {"number": "10", "unit": "立方米"}
    assert "10立方米；准予10立方米" in done.letters[0].text
