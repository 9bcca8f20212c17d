"""What an officer does for a material that no lookup proved: has it asked again, or says what he saw."""

from __future__ import annotations

from typing import Any

from tests.admin.conftest import NO_ACCOUNT, Desk

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
