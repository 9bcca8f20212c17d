"""An approval with conditions or in part at the desk: filled in as the rule proposes, told in page, letter and API."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.admin.conftest import Desk

PLUGINS = Path(__file__).parents[2] / "plugins"
CITIZEN = "elder-no-account"
OFFICER = "reviewer-urban-management-shipu"


def filed(desk: Desk, item: str, scenario: str, *uploads: str, promises: Sequence[str] = (), **answers: Any) -> str:
    """What the scenario fills in, for a citizen who can sign in."""
    citizen = next(a for a in desk.client.told["accounts"] if a["login"] == CITIZEN)
    case = json.loads((PLUGINS / item / "cases" / f"{scenario}.json").read_text(encoding="utf-8"))
    applicant = {"kind": "person", "id_number": citizen["id_number"], "name": "甲", "area": "320583103001"}
    body: dict[str, Any] = {"applicant": applicant, "answers": {**case["answers"], **answers}, "promises": promises}
    body["files"] = {one: [{"name": "a.pdf", "base64": "JVBERi0xLjQK"}] for one in uploads}
    answer = desk.client.http.post(f"/api/v1/items/{item}/cases", json=body, headers=desk.client.token())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["no"])


def date_of_today(page: str) -> str:
    """As the desk's own form knows it."""
    found = re.search(r'name="on" type="date" max="([^"]+)"', page)
    assert found is not None
    return found[1]


def box(page: str, name: str) -> str:
    found = re.search(rf'<textarea id="approve-{name}"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def test_an_officer_grants_a_part_under_conditions_and_everybody_is_told(desk: Desk) -> None:
    no = filed(desk, "temporary-occupation", "review-person", "plan", promises=["restoration"])
    under_way = desk.client.http.get(f"/api/v1/cases/{no}", headers=desk.client.token()).json()["decision"]
    assert "conditions" not in under_way, "nothing is granted yet"
    desk.sign_in(OFFICER)
    proposed = ["不得损坏道路设施", "占满10天即清理虚构路12号门前人行道的现场，恢复道路原状"]
    assert box(desk.case(no), "conditions").splitlines() == proposed

    said = {"outcome": "approve", "because": "方案可行", "conditions": "夜间设警示灯\n\n不得损坏道路设施",
            "part": "准予占用8平方米，其余4平方米影响盲道，不予"}  # fmt: skip
    wrong = desk.move(no, "decide", **said)
    assert wrong.status_code == 422
    assert "部分不予的，应当写明依据" in wrong.text
    assert box(wrong.text, "part") == said["part"], "what was written stays"
    assert desk.move(no, "decide", **said, basis="《城市道路管理条例》第三十一条").status_code == 303
    assert "夜间设警示灯" in desk.case(no)

    told = desk.client.http.get(f"/api/v1/cases/{no}", headers=desk.client.token()).json()["decision"]
    assert (told["outcome"], told["part"]) == ("approve", said["part"])
    assert told["conditions"] == ["夜间设警示灯", "不得损坏道路设施"]

    desk.sign_in(CITIZEN)
    page = desk.get(f"/cases/{no}").text
    assert "请在" in page
    assert "缴清 36.00 元" in page
    assert "夜间设警示灯" not in desk.get(f"/cases/{no}/notice").text, "the permit waits for the fee"
    assert "待缴费 36.00 元" in desk.get("/me").text
    desk.sign_in(OFFICER)
    today = date_of_today(desk.case(no))
    assert desk.move(no, "note_payment", receipt="0001", on=today, sum="36.00").status_code == 303
    desk.sign_in(CITIZEN)
    page = desk.get(f"/cases/{no}").text
    assert "费用已缴清" in page
    assert "已批准一部分" in page
    assert "影响盲道" in page
    assert "夜间设警示灯" in page
    assert "行政复议" in page, "who does not get all of it may appeal"
    letter = desk.get(f"/cases/{no}/notice").text
    assert "影响盲道" in letter
    assert "<li>夜间设警示灯</li>" in letter
    assert "行政复议" in letter


def test_the_amount_that_is_granted_in_part_can_be_set(desk: Desk) -> None:
    no = filed(
        desk,
        "medical-reimbursement",
        "review",
        "invoice",
        "list",
        "record",
        "account",
        bank_account="6210000000000000017",
    )
    desk.sign_in("reviewer-medical-security-shipu")
    said = {
        "outcome": "approve",
        "because": "核定",
        "part": "一张发票不在目录内，不予",
        "basis": "《社会保险法》第二十八条",
    }
    for amount, told in (("三百", "请用数字"), ("3e2", "请用数字"), ("-3", "不能小于 0"), ("1.005", "最多两位小数")):
        wrong = desk.move(no, "decide", **said, amount=amount)
        assert wrong.status_code == 422
        assert told in wrong.text, amount
    computed = re.search(r"核发金额</dt><dd class=\"num\">([0-9.]+)", wrong.text)
    assert computed, wrong.text
    more = desk.move(no, "decide", **said, amount=f"{float(computed[1]) + 0.01:.2f}")
    assert more.status_code == 422
    assert f"部分准予的金额不能多于 {computed[1]} 元" in more.text
    done = desk.move(no, "decide", **said, amount="300.5")
    assert done.status_code == 303, re.findall(r"role=.alert.*?</div>", done.text, re.DOTALL)
    desk.sign_in(CITIZEN)
    assert "300.50" in desk.get(f"/cases/{no}").text
    assert "300.50" in desk.get(f"/cases/{no}/notice").text


@pytest.mark.parametrize(
    ("item", "scenario", "papers", "officer", "words", "english"),
    [
        ("temporary-occupation", "review-person", ["plan"], OFFICER, ("准予许可", "不予许可"), "Permit refused"),
        ("medical-reimbursement", "review", ["invoice", "list", "record", "account"],
         "reviewer-medical-security-shipu", ("予以办理", "不予办理"), "Not carried out"),
    ],
)  # fmt: skip
def test_a_refusal_is_told_in_the_words_of_the_kind_of_item(
    desk: Desk, item: str, scenario: str, papers: list[str], officer: str, words: tuple[str, str], english: str
) -> None:
    more = {"bank_account": "6210000000000000017"} if item == "medical-reimbursement" else {}
    no = filed(desk, item, scenario, *papers, promises=["restoration"] if "plan" in papers else (), **more)
    desk.sign_in(officer)
    page = desk.case(no)
    assert all(f">{word}</button>" in page for word in words)
    assert desk.move(no, "decide", outcome="reject", because="不符合", basis="条例第三条").status_code == 303
    desk.sign_in(CITIZEN)
    assert words[1] in desk.get(f"/cases/{no}").text
    desk.client.http.cookies.set("lb_lang", "en")
    assert english in desk.get(f"/cases/{no}").text
