"""人员: accounts made, given passwords and closed from the desk."""

from __future__ import annotations

import re

import pytest

from tests.admin.conftest import Desk

BOTH_DATABASES = True


def post(desk: Desk, path: str, **fields: str) -> tuple[int, str]:
    token = desk.client.hidden(desk.get("/admin/staff").text)["_csrf"]
    answer = desk.client.http.post(path, data={"_csrf": token, **fields}, follow_redirects=False)
    return answer.status_code, answer.text


def sign_in(desk: Desk, login: str, password: str) -> int:
    desk.client.http.cookies.clear()
    fields = desk.client.hidden(desk.get("/login").text) | {"login": login, "password": password}
    return int(desk.client.http.post("/login", data=fields, follow_redirects=False).status_code)


def handed(page: str) -> str:
    found = re.search(r'class="code handed">([^<]+)<', page)
    assert found, page
    return found[1]


NEW = {"login": "new-clerk", "name": "新来的", "role": "clerk", "unit": "approval-bureau", "site": "hall-city"}


def test_a_new_account_signs_in_with_the_password_shown_once(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    status, page = post(desk, "/admin/staff", **NEW)
    assert status == 200
    password = handed(page)
    assert password not in desk.get("/admin/staff?q=new-clerk").text
    assert sign_in(desk, "new-clerk", password) == 303
    assert "收件" in desk.get("/admin/").text


def test_a_new_password_ends_the_old_one_and_a_closed_account_is_closed(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    old = handed(post(desk, "/admin/staff", **{**NEW, "login": "another"})[1])
    new = handed(post(desk, "/admin/staff/another/password")[1])
    assert sign_in(desk, "another", old) != 303
    assert sign_in(desk, "another", new) == 303
    desk.sign_in(desk.one_of("administrator"))
    status, page = post(desk, "/admin/staff/another/close")
    assert status == 200
    assert "已停用" in page
    assert sign_in(desk, "another", new) != 303
    desk.sign_in(desk.one_of("administrator"))
    assert "已重新启用" in post(desk, "/admin/staff/another/reopen")[1]
    assert sign_in(desk, "another", new) == 303


@pytest.mark.parametrize(
    ("change", "status", "words"),
    [
        ({"login": "New Clerk"}, 422, "账号用小写字母开头"),
        ({"name": ""}, 422, "请填写姓名"),
        ({"role": "king"}, 422, "请选择岗位"),
        ({"role": "reviewer", "unit": ""}, 422, "这个岗位要选择部门"),
        ({"site": "nowhere"}, 422, "这个岗位要选择服务点"),
        ({"login": "worker-shipu-205"}, 409, "已有人使用"),
    ],
)
def test_what_is_wrong_is_told_beside_the_field(desk: Desk, change: dict[str, str], status: int, words: str) -> None:
    desk.sign_in(desk.one_of("administrator"))
    got, page = post(desk, "/admin/staff", **{**NEW, "login": "third", **change})
    assert got == status
    assert words in page


def test_nobody_closes_himself_or_a_citizen(desk: Desk) -> None:
    me = desk.one_of("administrator")
    desk.sign_in(me)
    assert post(desk, f"/admin/staff/{me}/close")[0] == 409
    assert post(desk, "/admin/staff/elder/close")[0] == 404
    assert post(desk, "/admin/staff/elder/password")[0] == 404


@pytest.mark.parametrize("role", ["auditor", "publisher", "reviewer", "clerk"])
def test_only_administrators_see_accounts(desk: Desk, role: str) -> None:
    desk.sign_in(desk.one_of(role))
    assert desk.get("/admin/staff").status_code == 403
    token = desk.client.hidden(desk.get("/admin/").text)["_csrf"]
    answer = desk.client.http.post("/admin/staff/worker-shipu-205/password", data={"_csrf": token})
    assert answer.status_code == 403


NUMBER = "320583198001019934"


def test_two_accounts_of_one_person_are_told_and_never_hold_two_powers(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    status, page = post(desk, "/admin/staff", **{**NEW, "login": "same-1", "id_number": "320583198001019933"})
    assert status == 422
    assert "请核对每一位" in page
    assert post(desk, "/admin/staff", **{**NEW, "login": "same-1", "id_number": NUMBER})[0] == 200
    _, page = post(desk, "/admin/staff", **{**NEW, "login": "same-2", "role": "publisher", "id_number": NUMBER})
    assert "同一人的其他账号：same-1" in page
    assert NUMBER not in desk.get("/admin/staff?q=same-").text
    assert "同一人：same-2" in desk.get("/admin/staff?q=same-1").text
    auditor = {**NEW, "login": "same-3", "role": "auditor"}
    status, page = post(desk, "/admin/staff", **auditor, id_number=NUMBER)
    assert status == 409
    assert "要由不同的人掌握" in page
    assert post(desk, "/admin/staff", **auditor)[0] == 200, "whose it is, nobody said"

    page = desk.get("/admin/staff/same-3").text
    said = {**desk.client.hidden(page), "name": "新来的", "role": "auditor", "unit": "approval-bureau",
            "site": "hall-city", "id_number": NUMBER}  # fmt: skip
    answer = desk.client.http.post("/admin/staff/same-3", data=said, follow_redirects=False)
    assert answer.status_code == 409
    assert "要由不同的人掌握" in answer.text

    assert post(desk, "/admin/staff/same-2/close")[0] == 200
    answer = desk.client.http.post("/admin/staff/same-3", data=said, follow_redirects=False)
    assert answer.status_code == 303
    page = desk.get("/admin/staff/same-3").text
    assert "已登记 3205**********9934" in page
    assert NUMBER not in page
    assert "公民身份号码" in page[page.index("改动记录") :], "that it was changed is kept, not what it is"
    status, page = post(desk, "/admin/staff/same-2/reopen")
    assert status == 409
    assert "要由不同的人掌握" in page
