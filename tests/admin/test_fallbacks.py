"""What an officer does for a material that no lookup proved: has it asked again, or says what he saw."""

from __future__ import annotations

import base64
import re
from typing import Any

from tests.admin.conftest import NO_ACCOUNT, PNG, Desk

BOTH_DATABASES = True

REVIEWER = "reviewer-civil-affairs-xutang"
"""Where he lives, civil affairs of 徐塘镇 decides."""


def post(desk: Desk, no: str, path: str, **fields: str) -> Any:
    hidden = desk.client.hidden(desk.case(no))
    data = {"_csrf": hidden["_csrf"], "revision": hidden.get("revision", "0"), **fields}
    return desk.client.http.post(f"/admin/cases/{no}/{path}", data=data, follow_redirects=False)


def test_the_desk_has_the_sources_asked_again_and_is_told_when_nothing_is_new(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(REVIEWER)
    assert "现在再查一次" in desk.case(no)
    answer = post(desk, no, "look-up")
    assert answer.status_code == 503
    assert "仍未得到新的答复" in answer.text


def test_what_the_desk_saw_is_recorded_and_the_reviewer_may_then_approve(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(REVIEWER)
    assert post(desk, no, "materials/account/seen", because=" ").status_code == 422
    assert post(desk, no, "materials/account/shouted", because="x").status_code == 404
    done = post(desk, no, "materials/account/seen", because="电话向银行核实，账户正常")
    assert done.headers["location"] == f"/admin/cases/{no}?done=seen"
    page = desk.case(no)
    assert "已交，待核对" in page
    assert "电话向银行核实，账户正常" in page
    assert desk.move(no, "decide", outcome="approve", because="已核实").status_code == 303


def test_a_paper_that_is_not_good_goes_into_the_correction_notice_with_its_reason(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(REVIEWER)
    hidden = desk.client.hidden(desk.case(no))
    brought = {"_csrf": hidden["_csrf"], "revision": hidden["revision"]}
    url = f"/admin/cases/{no}/materials/account"
    taken = desk.client.http.post(url, data=brought, files={"file": ("a.png", PNG)}, follow_redirects=False)
    assert taken.status_code == 303, taken.text
    page = desk.case(no)
    assert "符合要求" in page
    assert post(desk, no, "materials/account/not-good", because=" ").status_code == 422
    done = post(desk, no, "materials/account/not-good", because="户名不是申请人本人")
    assert done.headers["location"] == f"/admin/cases/{no}?done=not-good"
    page = desk.case(no)
    asked = re.search(r'name="wanted/account"[^>]*>([^<]*)<', page)
    assert asked, page
    assert asked[1] == "户名不是申请人本人"
    stale = post(desk, no, "materials/account/good")
    assert stale.status_code == 409
    desk.sign_in(NO_ACCOUNT)
    assert "不符合要求，请重新提交：户名不是申请人本人" in desk.get(f"/cases/{no}").text


def test_once_the_case_is_accepted_the_desk_is_told_where_the_applicant_reads_the_reason(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT, files={"account": [{"name": "a.png", "base64": base64.b64encode(PNG).decode()}]})
    desk.sign_in(REVIEWER)
    assert desk.move(no, "accept").status_code == 303
    assert post(desk, no, "materials/account/not-good", because="模糊").status_code == 303
    page = desk.case(no)
    assert "可以直接重新提交" in page
    assert desk.move(no, "accept").status_code == 409


def test_a_paper_that_is_good_shows_who_looked_at_it(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT, files={"account": [{"name": "a.png", "base64": base64.b64encode(PNG).decode()}]})
    desk.sign_in(REVIEWER)
    assert post(desk, no, "materials/account/good").status_code == 303
    page = desk.case(no)
    assert "核对人：" in page
    assert "已核对，符合要求" in page
    assert desk.move(no, "decide", outcome="approve", because="已核实").status_code == 303


def test_a_paper_that_nobody_has_looked_at_is_ticked_off_with_the_approval(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT, files={"account": [{"name": "a.png", "base64": base64.b64encode(PNG).decode()}]})
    desk.sign_in(REVIEWER)
    assert re.search(r'name="checked/account" value="yes" required>', desk.case(no))
    unseen = post(desk, no, "moves/decide", outcome="approve", because="已核实")
    assert unseen.status_code == 422
    assert "材料“银行账户证明”已交，还没有人核对，不能准予" in unseen.text
    said = {"outcome": "approve", "because": "已核实", "checked/account": "yes"}
    assert post(desk, no, "moves/decide", **said).status_code == 303
    page = desk.case(no)
    assert "已交，待核对" not in page
    assert "核对人：" in page


def reasons(desk: Desk, no: str) -> tuple[list[str], list[str]]:
    """Why a person has the case: as the desk reads it, and as the applicant does."""
    desk.sign_in(NO_ACCOUNT)
    page = desk.get(f"/cases/{no}").text
    told = re.search(r"<h2>理由</h2>\s*<ul>(.*?)</ul>", page, re.S)
    mine = re.findall(r"<li>(.*?)</li>", told[1]) if told else []
    desk.sign_in(REVIEWER)
    said = re.search(
        r'id="h-act".*?<p class="act__said"><strong>转人工审核</strong>(.*?)</p>(.*?)<form', desk.case(no), re.S
    )
    assert said
    theirs = re.findall(r"<li>(.*?)</li>", said[2].split("</ul>")[0]) if "act__why" in said[2] else []
    return theirs or [one for one in [said[1].removeprefix("：")] if one], mine


def test_why_a_person_has_the_case_follows_every_word_on_its_paper(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    for_desk, for_him = reasons(desk, no)
    assert for_desk == for_him
    assert ["尚未齐备" in one for one in for_desk] == [True]

    hidden = desk.client.hidden(desk.case(no))
    brought = {"_csrf": hidden["_csrf"], "revision": hidden["revision"]}
    desk.client.http.post(f"/admin/cases/{no}/materials/account", data=brought, files={"file": ("a.png", PNG)})
    for_desk, for_him = reasons(desk, no)
    assert for_desk == for_him == ["“银行账户证明”已提交，需要人工核对"]

    assert post(desk, no, "materials/account/not-good", because="户名不是本人").status_code == 303
    for_desk, for_him = reasons(desk, no)
    assert for_desk == for_him == ["“银行账户证明”尚未齐备（不符合要求：户名不是本人）"]

    hidden = desk.client.hidden(desk.case(no))
    brought = {"_csrf": hidden["_csrf"], "revision": hidden["revision"]}
    again = {"file": ("b.png", PNG + b"1")}
    desk.client.http.post(f"/admin/cases/{no}/materials/account", data=brought, files=again)
    assert post(desk, no, "materials/account/good").status_code == 303
    assert reasons(desk, no) == ([], [])
    page = desk.case(no)
    assert "按规则应当：<strong>批准发放</strong>（户籍在册且年满80周岁）" in page
    told = desk.client.http.get(f"/api/v1/cases/{no}", headers=desk.client.token("portal")).json()
    assert told["decision"]["outcome"] == "review", "a proposal is no decision"


def test_what_a_register_rightly_does_not_hold_calls_for_nobody_and_open_papers_come_first(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(REVIEWER)
    page = desk.case(no)
    asked = re.search(r'<form class="ask-again.*?</form>', page, re.S)
    assert asked
    assert "发放" in asked[0], "the account is wanted, and a register may hold it by now"
    assert "冻结" not in asked[0], "to stand on no list is good news"
    proofs = re.search(r'<ul class="proofs">.*?</ul>', page, re.S)
    assert proofs
    titles = re.findall(r'class="proof__what"><h3>([^<]+)', proofs[0])
    assert titles == ["银行账户证明", "居民身份证"], "what is open, then what is good"
