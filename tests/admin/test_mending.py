"""补正: the one correction is asked for at the desk and made on the applicant's page, with what is to change."""

from __future__ import annotations

from typing import Any

from tests.admin.conftest import NO_ACCOUNT, PNG, Desk

BOTH_DATABASES = True
REVIEWER = "reviewer-civil-affairs-xutang"
"""Where he lives, civil affairs of 徐塘镇 decides."""


def mend(desk: Desk, no: str, because: str = "", **more: Any) -> Any:
    hidden = desk.client.hidden(desk.get(f"/cases/{no}").text)
    data = {"_csrf": hidden["_csrf"], "_revision": hidden["_revision"], "action": "correct", "because": because}
    return desk.client.http.post(f"/cases/{no}", data=data, follow_redirects=False, **more)


def test_a_correction_is_not_spent_on_nothing(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(REVIEWER)
    wanted = {"wanted/account": "请上传存折首页", "wanted/form": "电话少一位，请改"}
    assert desk.move(no, "ask_correction", **wanted).status_code == 303
    desk.sign_in(NO_ACCOUNT)
    page = desk.get(f"/cases/{no}").text
    assert "电话少一位，请改" in page
    assert "写明哪一项改成什么" in page
    refused = mend(desk, no)
    assert refused.status_code == 422
    assert "写明改成什么：电话少一位，请改" in refused.text
    assert "请提交“" in refused.text
    refused = mend(desk, no, files={"_material/account": ("a.png", PNG)})
    assert refused.status_code == 422, "the paper is there, the telephone is not"
    assert "请提交“" not in refused.text
    assert mend(desk, no, "电话改为13911111111").status_code == 303
    desk.sign_in(REVIEWER)
    assert "电话改为13911111111" in desk.case(no)


def test_the_applicant_reads_what_he_filled_in_and_nobody_by_the_number_alone(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(NO_ACCOUNT)
    page = desk.get(f"/cases/{no}").text
    assert "我填写的内容" in page
    assert "13900000000" in page
    desk.client.http.cookies.clear()
    assert "13900000000" not in desk.get(f"/cases/{no}").text
