"""缴费 at the counter: what is due stands on the case, the receipt is noted or taken back; the applicant reads it."""

from __future__ import annotations

import json
import re
from typing import Any

from tests.admin.conftest import Desk
from tests.admin.test_granting import CITIZEN, OFFICER, PLUGINS, date_of_today, filed


def granted(desk: Desk) -> str:
    """A permit for 12 square metres and 10 days."""
    no = filed(desk, "temporary-occupation", "review-person", "plan", promises=["restoration"])
    desk.sign_in(OFFICER)
    answer = desk.move(no, "decide", outcome="approve", because="方案可行")
    assert answer.status_code == 303, answer.text
    return no


def test_the_desk_notes_the_receipt_and_until_then_nothing_is_handed_over(desk: Desk) -> None:
    no = granted(desk)
    page = desk.case(no)
    assert re.search(r"待缴 36\.00 元，最迟 \d{4}-\d\d-\d\d", page)
    assert "缴清以前不送达、不能领" in page
    assert "moves/deliver" not in page
    wrong = desk.move(no, "note_payment", receipt="00012345", on="2026-01-01", sum="30")
    assert wrong.status_code == 422
    assert "应当等于应缴的 36.00 元" in wrong.text
    assert 'value="00012345"' in wrong.text, "what was written stays"
    said = {"receipt": "00012345", "on": date_of_today(page), "sum": "36.00"}
    assert desk.move(no, "note_payment", **said).status_code == 303
    page = desk.case(no)
    assert "已缴清" in page
    assert "缴清以前" not in page
    assert "00012345" in page
    told = re.sub(r"<[^>]+>", "", page.partition('id="h-history"')[2])
    assert "票据号 00012345 · 36.00 元" in told
    assert "moves/deliver" in page
    assert desk.move(no, "note_payment", **said).status_code == 409
    assert desk.move(no, "reverse_payment", receipt="00012345", because=" ").status_code == 422
    assert desk.move(no, "reverse_payment", receipt="00012345", because="金额看错").status_code == 303
    page = desk.case(no)
    assert "待缴 36.00 元" in page
    assert "缴清以前不送达、不能领" in page
    assert "金额看错" in page


def test_what_is_not_paid_is_not_called_delivered_in_either_language(desk: Desk) -> None:
    no = granted(desk)
    assert "等缴清费用" in desk.case(no)
    desk.client.http.cookies.set("lb_lang", "en")
    page = desk.case(no)
    desk.client.http.cookies.delete("lb_lang")
    for words in ("Waits for the fee to be paid", "Review of the plan", "City Management Bureau, 试浦镇"):
        assert words in page, words
    assert "试浦镇城市管理局" not in page


def test_the_names_of_steps_are_in_the_language_of_the_page(desk: Desk) -> None:
    case = json.loads((PLUGINS / "industrial-project" / "cases" / "review-hazard.json").read_text(encoding="utf-8"))
    body = {"applicant": case["applicant"], "answers": case["answers"]}
    body["files"] = {one: [{"name": "a.pdf", "base64": "JVBERi0xLjQK"}] for one in case["given"]}
    made = desk.client.http.post("/api/v1/items/industrial-project/cases", json=body, headers=desk.client.token())
    assert made.status_code == 201, made.text
    desk.sign_in("reviewer-development-reform")
    desk.client.http.cookies.set("lb_lang", "en")
    page = desk.case(made.json()["no"])
    desk.client.http.cookies.delete("lb_lang")
    for english, chinese in (("Building plan", "建设方案审查"), ("“Expert review”", "“专家评审”")):
        assert english in page, english
        assert chinese not in page, chinese


def test_the_guide_says_what_waits_for_the_fee(desk: Desk) -> None:
    desk.client.http.cookies.clear()
    assert "缴清后才能领取或查看办理结果" in desk.get("/items/temporary-occupation").text


def at_till(desk: Desk, no: str, **fields: str) -> Any:
    page = desk.get(f"/admin/payments?no={no}").text
    said = {**desk.client.hidden(page), "no": no, "on": date_of_today(page), **fields}
    said.pop("lang", None)
    return desk.client.http.post("/admin/payments", data=said, follow_redirects=False)


def test_a_clerk_notes_the_payment_of_what_was_filed_online_and_reads_no_more_of_it(desk: Desk) -> None:
    no = granted(desk)
    desk.sign_in("clerk-shipu-1")
    assert desk.get(f"/admin/cases/{no}").status_code == 404
    page = desk.get(f"/admin/payments?no={no.lower()}").text
    assert re.search(r"待缴 36\.00 元，最迟", page)
    assert "12号门前" not in page, "what was applied for is not the till's to read"
    wrong = at_till(desk, no, receipt="77000001", sum="abc")
    assert wrong.status_code == 422
    assert "请用数字填写缴费金额" in wrong.text
    assert 'value="77000001"' in wrong.text, "what was written stays"
    assert "应当等于应缴的 36.00 元" in at_till(desk, no, receipt="77000001", sum="30").text
    noted = at_till(desk, no, receipt="77000001", sum="36")
    assert noted.status_code == 303
    assert "已缴清" in desk.get(noted.headers["location"]).text
    desk.sign_in(OFFICER)
    assert "77000001" in desk.case(no)

    other = granted(desk)
    desk.sign_in("clerk-shipu-1")
    again = at_till(desk, other, receipt="77000001", sum="36")
    assert again.status_code == 422
    assert no in again.text
    assert 'name="together"' in again.text
    assert at_till(desk, other, receipt="77000001", sum="36", together="1").status_code == 303


def test_a_till_of_another_town_finds_nothing_and_a_stale_page_writes_nothing(desk: Desk) -> None:
    no = granted(desk)
    desk.sign_in("clerk-yanghu-1")
    assert desk.get(f"/admin/payments?no={no}").status_code == 404
    desk.sign_in("clerk-shipu-1")
    assert at_till(desk, no, receipt="77000002", sum="36", revision="0").status_code == 409
    assert "待缴 36.00 元" in desk.get(f"/admin/payments?no={no}").text


def test_nothing_is_owed_for_what_was_not_accepted(desk: Desk) -> None:
    no = filed(desk, "temporary-occupation", "review-person", "plan", promises=["restoration"])
    desk.sign_in(CITIZEN)
    assert "应缴费用：36.00 元" in desk.get(f"/cases/{no}").text
    desk.sign_in(OFFICER)
    answer = desk.move(no, "refuse", because="占用的地方不属于城市道路", basis="《城市道路管理条例》第三十一条")
    assert answer.status_code == 303, answer.text
    desk.sign_in(CITIZEN)
    page = desk.get(f"/cases/{no}").text
    assert "不予受理" in page
    assert "应缴费用" not in page
