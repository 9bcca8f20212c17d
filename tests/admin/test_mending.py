"""补正: the one correction is asked for at the desk and made on the applicant's page, with what is to change."""

from __future__ import annotations

import re
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
    assert "打开表单改正" in page
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


def opened(desk: Desk, no: str) -> str:
    """The address of the form by which the case is corrected."""
    data = {"_csrf": desk.client.hidden(desk.get(f"/cases/{no}").text)["_csrf"]}
    answer = desk.client.http.post(f"/cases/{no}/correction", data=data, follow_redirects=False)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def post(desk: Desk, at: str, **fields: Any) -> Any:
    hidden = desk.client.hidden(desk.get(at).text)
    data = {"_csrf": hidden["_csrf"], "_revision": hidden["_revision"], **fields}
    return desk.client.http.post(at, data=data, follow_redirects=False)


def test_the_form_is_opened_again_and_the_change_is_shown_before_it_is_sent_and_to_the_desk_after(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(REVIEWER)
    assert desk.move(no, "ask_correction", **{"wanted/form": "电话少一位，请改"}).status_code == 303
    desk.sign_in(NO_ACCOUNT)
    form = opened(desk, no)
    page = desk.get(form).text
    assert 'value="13900000000"' in page
    assert "电话少一位，请改" in page
    assert "核对改了什么" in page
    wrong = post(desk, form, **{"/phone": "139", "action": "file"})
    assert wrong.headers["location"].endswith("?wrong"), "the same checks as at filing"
    checked = post(desk, form, **{"/phone": "13911111111", "action": "file"})
    assert checked.headers["location"] == f"{form}/check"
    page = desk.get(f"{form}/check").text
    assert re.search(r"<del[^>]*>13900000000</del>.*<ins[^>]*>13911111111</ins>", page)
    assert f'href="{form}"' in desk.get("/me").text
    refused = mend(desk, no, "电话改为13911111111")
    assert refused.status_code == 422, "what was changed in the form is not left behind by a note"
    assert "请打开表单提交" in refused.text
    stale = desk.client.hidden(page)
    sent = post(desk, f"{form}/check", action="file", because="存折下周补交")
    assert sent.headers["location"] == f"/cases/{no}"
    again = desk.client.http.post(
        f"{form}/check", data={"_csrf": stale["_csrf"], "_revision": stale["_revision"], "action": "file"},
        follow_redirects=False,
    )  # fmt: skip
    assert again.headers["location"] == f"/cases/{no}", "the second click finds the case"
    page = desk.get(f"/cases/{no}").text
    assert "补正说明：存折下周补交" in page
    assert re.search(r"补正改了什么.*<del[^>]*>13900000000</del>", page, re.DOTALL)
    desk.client.http.cookies.clear()
    assert "13911111111" not in desk.get(f"/cases/{no}").text
    desk.sign_in(REVIEWER)
    page = desk.case(no)
    assert re.search(r"补正改了什么.*<del>13900000000</del>.*13911111111", page, re.DOTALL)
    assert "存折下周补交" in page


def test_who_comes_too_late_is_led_to_the_case_and_told(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(REVIEWER)
    assert desk.move(no, "ask_correction", **{"wanted/form": "电话少一位，请改"}).status_code == 303
    desk.sign_in(NO_ACCOUNT)
    form = opened(desk, no)
    assert mend(desk, no, "电话没有错").status_code == 303
    late = desk.get(form)
    assert late.headers["location"] == f"/cases/{no}?overtaken"
    assert "没有提交的更改没有用上" in desk.get(f"/cases/{no}?overtaken").text
    assert form not in desk.get("/me").text


def test_the_applicant_reads_what_he_filled_in_and_nobody_by_the_number_alone(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(NO_ACCOUNT)
    page = desk.get(f"/cases/{no}").text
    assert "我填写的内容" in page
    assert "13900000000" in page
    desk.client.http.cookies.clear()
    assert "13900000000" not in desk.get(f"/cases/{no}").text
