"""延长期限 at the desk: whether the time can be extended is said in every state, and why where it cannot."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from tests.admin.conftest import BLACKLISTED, REVIEWER, Desk

CASES = Path(__file__).parents[2] / "plugins" / "sewage-permit" / "cases"
LAW = "可以延长一次，最多10个工作日（《中华人民共和国行政许可法》第四十二条）。"
OFFICER = "reviewer-water-affairs-shipu"
HEAD = "supervisor-water-affairs"


FIRMS = ("91320583MAXX000153", "91320583MAXX00031Q")
"""Of the drainage register, in the same village: who has an application under way files no second."""


def sewage(desk: Desk, firm: str = FIRMS[0]) -> str:
    case: dict[str, Any] = json.loads((CASES / "review-large-volume.json").read_text("utf-8"))
    body = {"applicant": {**case["applicant"], "credit_code": firm}, "answers": case["answers"]}
    headers = desk.client.token()
    answer = desk.client.http.post("/api/v1/items/sewage-permit/cases", json=body, headers=headers)
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "in_step", answer.text
    return str(answer.json()["no"])


def test_who_may_extend_and_when_is_said_to_the_reviewer_and_to_the_head(desk: Desk) -> None:
    no = sewage(desk)
    desk.sign_in(OFFICER)
    page = desk.case(no)
    assert f"{LAW}由决定部门的负责人批准" in page
    assert "moves/extend" not in page
    desk.sign_in(HEAD)
    page = desk.case(no)
    assert f"{LAW}您可以在上面“批准延长期限”里批准" in page
    assert "moves/extend" in page
    assert desk.move(no, "extend", because="检测排期较晚", number="4").status_code == 303
    assert "已经批准延长4个工作日；只能延长一次。" in desk.case(no)


def test_a_case_that_stands_still_says_when_it_could_be_extended(desk: Desk) -> None:
    no = sewage(desk, FIRMS[1])
    desk.sign_in(OFFICER)
    until = desk.client.rows("SELECT deadline FROM cases_case WHERE no = {}", no)[0]["deadline"]
    done = desk.move(no, "pause", kind="inspection", because="送检", until=str(until)[:10])
    assert done.status_code == 303, done.text
    assert f"{LAW}现在中止计时" in desk.case(no)


def test_an_item_without_a_rule_for_it_says_so(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    assert "没有规定可以延长办理期限，不能延长" in desk.case(no)
    assert desk.move(no, "decide", outcome="reject", because="不符合", basis="条例第三条").status_code == 303
    assert "延长办理期限" not in desk.case(no), "what is over has no time left"
