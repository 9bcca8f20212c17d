"""岗位: a member of staff gets another role, unit or site on a page; what he was signed in to ends."""

from __future__ import annotations

import re

import pytest

from tests.admin.conftest import Desk

BOTH_DATABASES = True
CLERK = {"name": "周收", "role": "clerk", "unit": "approval-bureau", "site": "hall-city"}


def page_of(desk: Desk, login: str) -> str:
    answer = desk.get(f"/admin/staff/{login}")
    assert answer.status_code == 200, answer.text
    return answer.text


def change(desk: Desk, login: str, page: str = "", **fields: str) -> tuple[int, str]:
    """Post the page's own form with some fields changed; shows what follows."""
    page = page or page_of(desk, login)
    hidden = desk.client.hidden(page)
    now = {name: hidden[f"was-{name}"] for name in ("name", "role", "unit", "site")}
    data = {**hidden, **now, **fields}
    answer = desk.client.http.post(f"/admin/staff/{login}", data=data, follow_redirects=True)
    return answer.status_code, answer.text


def new_account(desk: Desk, login: str, **fields: str) -> str:
    """Its password."""
    token = desk.client.hidden(desk.get("/admin/staff").text)["_csrf"]
    answer = desk.client.http.post("/admin/staff", data={"_csrf": token, "login": login, **CLERK, **fields})
    found = re.search(r'class="code handed">([^<]+)<', answer.text)
    assert found, answer.text
    return found[1]


def test_who_is_moved_is_signed_out_and_reaches_only_his_new_place(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    password = new_account(desk, "moved-clerk")
    boss = dict(desk.client.http.cookies)
    desk.client.http.cookies.clear()
    fields = desk.client.hidden(desk.get("/login").text) | {"login": "moved-clerk", "password": password}
    assert desk.client.http.post("/login", data=fields, follow_redirects=False).status_code == 303
    his = dict(desk.client.http.cookies)
    assert desk.get("/admin/take").status_code == 200

    desk.client.http.cookies.clear()
    desk.client.http.cookies.update(boss)
    status, page = change(desk, "moved-clerk", role="reviewer", unit="civil-affairs", site="")
    assert (status, "已更改" in page) == (200, True), page
    assert "clerk" not in re.findall(r'<option value="(\w+)" selected', page)
    assert "岗位：" in page, "the history names what was changed"

    desk.client.http.cookies.clear()
    desk.client.http.cookies.update(his)
    assert desk.get("/admin/take").status_code == 303, "the session of the old role is over"
    desk.client.http.cookies.clear()
    fields = desk.client.hidden(desk.get("/login").text) | {"login": "moved-clerk", "password": password}
    assert desk.client.http.post("/login", data=fields, follow_redirects=False).status_code == 303
    assert desk.get("/admin/take").status_code == 403
    assert desk.get("/admin/").status_code == 200


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"role": "reviewer", "unit": ""}, "这个岗位要选择部门"),
        ({"role": "clerk", "site": ""}, "这个岗位要选择服务点"),
        ({"role": "king"}, "请选择岗位"),
        ({"role": "citizen"}, "请选择岗位"),
        ({"name": ""}, "请填写姓名"),
        ({"unit": "nowhere"}, "这个岗位要选择部门"),
    ],
)
def test_what_will_not_do_is_told_at_its_field_and_nothing_is_changed(
    desk: Desk, fields: dict[str, str], words: str
) -> None:
    desk.sign_in(desk.one_of("administrator"))
    before = desk.client.hidden(page_of(desk, "worker-shipu-205"))
    status, page = change(desk, "worker-shipu-205", **fields)
    assert (status, words in page) == (422, True), page
    after = desk.client.hidden(page_of(desk, "worker-shipu-205"))
    assert {k: v for k, v in before.items() if k != "_csrf"} == {k: v for k, v in after.items() if k != "_csrf"}


def test_administration_audit_and_publishing_never_meet_in_one_account_even_one_after_the_other(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    new_account(desk, "once-auditor", role="auditor", unit="", site="")
    status, page = change(desk, "once-auditor", role="administrator")
    assert (status, "由不同的账号掌握" in page) == (409, True), page
    assert change(desk, "once-auditor", role="guide", site="hall-city")[0] == 200
    status, page = change(desk, "once-auditor", role="publisher")
    assert (status, "由不同的账号掌握" in page) == (409, True), "by way of a third role neither"
    assert change(desk, "once-auditor", role="auditor")[0] == 200, "back to its own it may go"


def test_of_two_administrators_at_one_page_the_second_is_told(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    new_account(desk, "twice-changed")
    page = page_of(desk, "twice-changed")
    assert change(desk, "twice-changed", page, name="先改")[0] == 200
    status, told = change(desk, "twice-changed", page, name="后改")
    assert (status, "刚被别人更改" in told) == (409, True), told
    assert "先改" in told


def test_nobody_moves_himself_or_a_citizen(desk: Desk) -> None:
    me = desk.one_of("administrator")
    desk.sign_in(me)
    token = desk.client.hidden(desk.get("/admin/staff").text)["_csrf"]
    mine = {"name": "我", "role": "auditor", "unit": "", "site": ""}
    said = {"_csrf": token, **mine, **{f"was-{name}": value for name, value in mine.items()}}
    assert desk.client.http.post(f"/admin/staff/{me}", data=said).status_code == 409
    assert desk.client.http.post("/admin/staff/elder", data=said).status_code == 404
    assert desk.get("/admin/staff/elder").status_code == 404
