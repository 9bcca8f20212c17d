"""Deciding at the desk: reasons, basis, two people at once."""

from __future__ import annotations

import pytest

from tests.admin.conftest import BLACKLISTED, NO_ACCOUNT, PNG, REVIEWER, Desk
from tests.cases.town import SOON

BOTH_DATABASES = True

SUPERVISOR = "supervisor-civil-affairs"


def test_a_reviewer_approves_and_the_applicant_reads_why(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    early = desk.move(no, "decide", outcome="approve", because="账户未被冻结，符合条件")
    assert (early.status_code, "信用会商”环节尚未完成" in early.text) == (422, True)
    desk.consult(no)
    done = desk.move(no, "decide", outcome="approve", because="账户未被冻结，符合条件")
    assert (done.status_code, done.headers["location"]) == (303, f"/admin/cases/{no}?done=decide")
    page = desk.get(done.headers["location"]).text
    assert "已作出决定" in page
    assert "账户未被冻结，符合条件" in page
    assert "已出具的文书" in page
    assert 'value="approve"' not in page, "nothing is left to decide"
    shown = desk.client.http.get(f"/api/v1/cases/{no}", headers=desk.client.token("portal")).json()
    assert (shown["status"], shown["decision"]["outcome"]) == ("decided", "approve")


def test_a_rejection_names_reason_and_basis_or_keeps_what_was_typed(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    refused = desk.move(no, "decide", outcome="reject", because="账户已被冻结")
    assert refused.status_code == 422
    assert "不予的，应当写明依据。" in refused.text
    assert "账户已被冻结</textarea>" in refused.text
    assert '<details class="move-more" id="reject" open>' in refused.text
    done = desk.move(no, "decide", outcome="reject", because="账户已被冻结", basis="办法第三条")
    assert done.status_code == 303
    page = desk.case(no)
    assert "不予批准" in page, "a benefit is no permit"
    assert "不予许可" not in page
    assert "办法第三条" in page


def test_of_two_people_at_once_one_wins_and_the_other_sees_the_newer_state(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    old = desk.revision(desk.case(no))
    desk.sign_in(SUPERVISOR)
    first = desk.move(no, "decide", outcome="reject", because="先到的决定", basis="第三条")
    assert first.status_code == 303
    desk.sign_in(REVIEWER)
    late = desk.move(no, "decide", revision=old, outcome="reject", because="后到的", basis="第三条")
    assert late.status_code == 409
    assert "办件已有新的进展" in late.text
    assert "先到的决定" in late.text
    assert "后到的" not in late.text.replace("后到的</textarea>", "")


def test_a_case_with_an_open_material_offers_no_approval(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(SUPERVISOR)
    page = desk.case(no)
    assert "必需的材料还没有齐" in page
    assert 'value="approve"' not in page
    refused = desk.move(no, "decide", outcome="approve", because="还是准予")
    assert refused.status_code == 422
    assert "尚未齐备" in refused.text


@pytest.mark.parametrize("fields", [{"_csrf": ""}, {"_csrf": "wrong"}])
def test_a_post_that_is_not_from_our_page_changes_nothing(desk: Desk, fields: dict[str, str]) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    revision = desk.revision(desk.case(no))
    data = {"revision": revision, "outcome": "approve", "because": "x", **fields}
    assert desk.client.http.post(f"/admin/cases/{no}/moves/decide", data=data).status_code == 403
    assert desk.revision(desk.case(no)) == revision


@pytest.mark.parametrize(
    ("move", "fields", "status"),
    [
        ("decide", {"outcome": "approve", "because": " "}, 422),
        ("decide", {"outcome": "perhaps", "because": "x"}, 422),
        ("decide", {"outcome": "approve", "because": "x", "revision": "-1"}, 409),
        ("decide", {"outcome": "approve", "because": "x", "revision": "x"}, 409),
        ("decide", {"outcome": "approve", "because": "x", "revision": "9" * 5000}, 409),
        ("decide", {"outcome": "approve", "because": "x", "revision": "²"}, 409),
        ("deliver", {}, 409),
        ("pause", {"kind": "public_notice", "because": "x", "until": SOON}, 422),
        ("pause", {"kind": "hearing", "because": "x"}, 422),
        ("finish_step", {"step": "1", "opinion": "agree"}, 409),
        ("finish_step", {"step": "99", "opinion": "agree"}, 422),
        ("finish_step", {"step": "0"}, 422),
        ("resume", {}, 409),
        ("frobnicate", {}, 404),
    ],
)
def test_a_move_that_cannot_be_made_is_told_and_writes_nothing(
    desk: Desk, move: str, fields: dict[str, str], status: int
) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    before = desk.revision(desk.case(no))
    assert desk.move(no, move, **fields).status_code == status
    assert desk.revision(desk.case(no)) == before


def test_pausing_and_resuming_stand_in_the_history_with_their_reason(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    stopped = desk.move(no, "pause", kind="hearing", because="申请人要求听证", until=SOON)
    assert stopped.status_code == 303
    page = desk.case(no)
    assert "申请人要求听证" in page
    assert "《中华人民共和国行政许可法》第四十五条" in page
    assert "不计入办理期限告知书" in page
    assert "已中止" in page
    assert "计时中止：听证" in page
    assert f"预计 {SOON} 结束" in page
    assert "不会自己恢复" in page
    assert desk.move(no, "resume").status_code == 303
    assert "恢复计时" in desk.case(no)
    assert "不会自己恢复" not in desk.case(no)


def test_somebody_who_may_only_look_is_refused(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    page = desk.case(no)
    hidden = desk.client.hidden(page)
    desk.sign_in("reviewer-civil-affairs-yanghu")
    token = desk.client.hidden(desk.get("/admin/").text)["_csrf"]
    data = {"_csrf": token, "revision": hidden["revision"], "outcome": "approve", "because": "x"}
    assert desk.client.http.post(f"/admin/cases/{no}/moves/decide", data=data).status_code == 404


def test_a_paper_that_was_brought_is_taken_and_the_case_can_be_approved(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in("reviewer-civil-affairs-xutang")
    page = desk.case(no)
    assert "收下" in page
    data = {"_csrf": desk.client.hidden(page)["_csrf"], "revision": desk.revision(page)}
    path = f"/admin/cases/{no}/materials/account"
    empty = desk.client.http.post(path, data=data, follow_redirects=False)
    assert (empty.status_code, "请先选择文件" in empty.text) == (422, True)
    wrong = desk.client.http.post(path, data=data, files={"file": ("a.exe", b"MZ..")}, follow_redirects=False)
    assert (wrong.status_code, "不是 PDF、JPG 或 PNG" in wrong.text) == (422, True)
    taken = desk.client.http.post(path, data=data, files={"file": ("存折.png", PNG)}, follow_redirects=False)
    assert taken.headers.get("location") == f"/admin/cases/{no}?done=hand_in", taken.text
    page = desk.get(taken.headers["location"]).text
    assert "材料已收" in page
    assert "存折.png" in page
    assert desk.move(no, "decide", outcome="approve", because="账户已核对").status_code == 303
    stale = desk.client.http.post(path, data=data, files={"file": ("b.png", PNG)}, follow_redirects=False)
    assert stale.status_code == 409
