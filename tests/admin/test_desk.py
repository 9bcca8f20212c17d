"""The desk through the front door: queue, case, files, and who may not."""

from __future__ import annotations

import re

import pytest

from core.office.permissions import STAFF_ROLES
from tests.admin.conftest import BLACKLISTED, NO_ACCOUNT, PNG, REVIEWER, Desk, upload

BOTH_DATABASES = True


def test_nobody_gets_in_without_signing_in_and_no_citizen_at_all(desk: Desk) -> None:
    answer = desk.get("/admin/")
    assert answer.status_code == 303
    assert answer.headers["location"].startswith("/login?next=/admin/")
    desk.sign_in("elder")
    for path in ("/admin/", "/admin/plugins", "/admin/sources", "/admin/catalog", "/admin/open?no=1"):
        assert desk.get(path).status_code == 403, path


def test_the_queue_holds_what_the_office_decides_and_links_to_it(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    page = desk.get("/admin/").text
    assert f'href="/admin/cases/{no}"' in page
    assert "老年人尊老金待遇申领" in page
    assert "个工作日" in page, "the due light speaks in words"
    assert "no-store" in desk.get("/admin/").headers["cache-control"]


def test_a_decided_case_leaves_the_queue_and_stands_under_its_filter(desk: Desk) -> None:
    no = desk.file("elder-79")
    desk.sign_in(REVIEWER)
    assert no not in desk.get("/admin/").text
    assert no in desk.get("/admin/?state=decided").text
    assert desk.get("/admin/?state=nonsense").status_code == 200


def test_the_list_names_whom_the_client_sent_by_number_alone(desk: Desk) -> None:
    account = next(one for one in desk.client.told["accounts"] if one["login"] == BLACKLISTED)
    nameless = {"kind": "person", "id_number": account["id_number"], "area": "320583103001"}
    desk.file(BLACKLISTED, applicant=nameless)
    desk.sign_in(REVIEWER)
    page = desk.get("/admin/").text
    assert "卫例乙" in page, "the register told the name"
    assert account["id_number"] not in page


@pytest.mark.parametrize(("login", "name"), [(BLACKLISTED, "卫例乙"), ("elder-unknown", "")])
def test_a_receipt_names_whom_the_client_sent_by_number_alone_or_masks_the_number(
    desk: Desk, login: str, name: str
) -> None:
    number = next(one["id_number"] for one in desk.client.told["accounts"] if one["login"] == login)
    answers = {"phone": "13900000000"} | ({} if name else {"name": "褚虚乙", "birth_date": "1943-04-04"})
    applicant = {"kind": "person", "id_number": number, "area": "320583103001"}
    no = desk.file(login, applicant=applicant, answers=answers)
    desk.sign_in(login)
    page = desk.get(f"/cases/{no}").text
    assert (name or f"{number[:4]}**********{number[-4:]}") in page
    assert number not in page + desk.get("/me").text
    if name:
        desk.sign_in(REVIEWER)
        assert f'<span class="case__who">{name}</span>' in desk.case(no)


def test_what_was_delivered_stands_under_a_filter_of_its_own(desk: Desk) -> None:
    no = desk.file("elder-79")
    desk.sign_in(REVIEWER)
    assert no not in desk.get("/admin/?state=delivered").text
    number = next(one["id_number"] for one in desk.client.told["accounts"] if one["login"] == "elder-79")
    answer = desk.move(no, "deliver", because="本人领取", note="本人领取", method="pickup", collector=number)
    assert answer.status_code == 303, answer.text
    page = desk.get("/admin/?state=delivered").text
    assert no in page
    assert "已送达" in page


def test_a_decision_told_at_once_is_delivered_and_no_step_of_it_is_left_open(desk: Desk) -> None:
    no = desk.file("elder")
    desk.sign_in(REVIEWER)
    page = desk.case(no)
    assert "送达已经完成" in page
    assert "提交申请时已在网上当场告知决定" in page
    assert "登记送达" not in page, "it is delivered"
    assert "登记纸质结果的邮寄或自取" in page
    assert 'name="method" value="mail"' in page
    assert 'name="method" value="electronic"' not in page
    assert "未进行" not in page
    assert "按规则当场作出了决定，不经这一环节" in page, "why the step was not done"


def test_a_decision_made_at_the_desk_is_still_to_be_delivered(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    answer = desk.move(no, "decide", outcome="reject", because="材料不实", basis="《行政许可法》第三十八条")
    assert answer.status_code == 303, answer.text
    page = desk.case(no)
    assert "登记送达" in page
    assert 'name="method" value="electronic"' in page
    assert "送达已经完成" not in page
    assert "没有等这一环节就作出了决定" in page, "the credit office was not heard"


def test_a_pause_has_a_last_day_in_its_box(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    assert re.search(r'name="until" min="[0-9-]{10}" max="[0-9-]{10}"', desk.case(no))


def test_a_case_shows_evidence_reasons_route_and_history(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    page = desk.case(no)
    for words in (
        "自然人信息数据库",  # the source beside the answer it proves
        "出生日期",
        "1939-12-30",
        "已核验",
        "公共信用信息系统",  # the lookup that proves nothing but counts
        "由谁办、何时办结",
        "提交申请",
        "到“准予”或下一步操作",
        "不予批准",
    ):
        assert words in page, words
    assert page.count('class="btn"') == 1, "the next action is the one filled button"
    assert f'href="/admin/cases/{no}" aria-current="true"' in page, "the queue stays beside it"


def test_another_office_does_not_learn_that_the_case_exists(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in("reviewer-civil-affairs-yanghu")
    assert desk.get(f"/admin/cases/{no}").status_code == 404
    assert desk.get("/admin/cases/20260101AAAAAAAAA").status_code == 404
    assert no not in desk.get("/admin/").text


def test_a_number_read_out_opens_its_case_or_says_that_it_is_not_there(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    found = desk.get(f"/admin/open?no=+{no.lower()}+")
    assert (found.status_code, found.headers["location"]) == (303, f"/admin/cases/{no}")
    missing = desk.get("/admin/open?no=%3Cb%3E123")
    assert missing.status_code == 404
    assert "没有查到编号为 &lt;b&gt;123 的办件" in missing.text


def test_an_uploaded_file_is_shown_to_who_may_read_the_case_and_can_do_nothing(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT, **upload("account", "银行卡<script>.png"))
    desk.sign_in("supervisor-civil-affairs")
    page = desk.case(no)
    assert "已交，待核对" in page
    assert "<script>.png" not in page
    link = page.split(f"/admin/cases/{no}/files/", 1)[1].split('"', 1)[0]
    file = desk.get(f"/admin/cases/{no}/files/{link}")
    assert (file.content, file.headers["content-type"]) == (PNG, "image/png")
    assert any("sandbox" in value for value in file.headers.get_list("content-security-policy"))
    assert desk.get(f"/admin/cases/{no}/files/{'0' * 64}").status_code == 404
    desk.sign_in("reviewer-civil-affairs-yanghu")
    assert desk.get(f"/admin/cases/{no}/files/{link}").status_code == 404


def test_every_page_answers_every_role_without_breaking(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    paths = (
        "/admin/", "/admin/?state=decided", "/admin/?after=1-nonsense", "/admin/open?no=1", f"/admin/cases/{no}",
        "/admin/plugins", "/admin/plugins/elder-allowance", "/admin/plugins/nothing", "/admin/sources",
        "/admin/catalog",
    )  # fmt: skip
    seen = set()
    for role in STAFF_ROLES:
        if not any(account["role"] == role for account in desk.client.told["accounts"]):
            continue
        desk.sign_in(desk.one_of(role))
        for path in paths:
            answer = desk.get(path)
            assert answer.status_code in (200, 303, 403, 404), (role, path, answer.status_code)
            seen.add((path, answer.status_code))
    assert {path for path, status in seen if status == 200} >= {"/admin/", "/admin/plugins", "/admin/sources"}
