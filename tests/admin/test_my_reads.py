"""`/me`: who read my data, in plain words, for one case or all, in pages."""

from __future__ import annotations

import re
from typing import Any

from tests.admin.conftest import BLACKLISTED, NO_ACCOUNT, REVIEWER, Desk

BOTH_DATABASES = True

LOCAL = "reviewer-civil-affairs-xutang"
"""Decides where NO_ACCOUNT lives."""


def reads(page: str) -> str:
    return page[page.index('id="reads"') :]


def test_a_citizen_reads_who_looked_when_for_what_and_what_came_of_it(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(NO_ACCOUNT)
    mine = reads(desk.get(f"/me?case={no}").text)
    for words in (
        "政务平台", "自有业务数据库", "没有查到登记", "查的内容：姓名", "老年人尊老金待遇申领", "依据：", "查到了",
        f'href="/cases/{no}"',
    ):  # fmt: skip
        assert words in mine, words
    assert "None" not in mine


def test_a_lookup_of_an_application_that_was_refused_is_listed_as_one_without_a_case(desk: Desk) -> None:
    person = next(one for one in desk.client.told["accounts"] if one["login"] == "single")

    def post(**more: Any) -> int:
        body = {"applicant": {"kind": "person", "id_number": person["id_number"]}, "answers": {"phone": "1"}, **more}
        path = "/api/v1/items/elder-allowance/cases"
        return desk.client.http.post(path, json=body, headers=desk.client.token("portal")).status_code

    assert post(applicant={"kind": "enterprise", "id_number": person["id_number"]}) == 422
    desk.sign_in("single")
    assert "没有记录" in reads(desk.get("/me").text), "nobody was asked"
    assert post() == 422
    mine = reads(desk.get("/me").text)
    assert "自然人信息数据库" in mine
    assert "没有对应的办件：申请还在填写、没有提交成功" in mine


def test_reads_are_filtered_by_a_case_of_ones_own_and_by_no_other(desk: Desk) -> None:
    first, second = desk.file(BLACKLISTED), desk.file(BLACKLISTED)
    other = desk.file(NO_ACCOUNT)
    desk.sign_in(REVIEWER)
    desk.case(second)
    desk.sign_in(BLACKLISTED)
    mine = reads(desk.get(f"/me?case={second}").text)
    assert set(re.findall(r'href="/cases/(\w+)"', mine)) == {second}
    assert "办件的全部内容" in mine
    assert "办件的全部内容" not in reads(desk.get(f"/me?case={first}").text)
    for unknown in (other, "nonsense", "x" * 200):
        page = desk.get(f"/me?case={unknown}")
        assert page.status_code == 200
        assert "没有记录" in reads(page.text)


def test_older_reads_of_one_case_stay_in_that_case(desk: Desk) -> None:
    no = desk.file(BLACKLISTED)
    desk.sign_in(REVIEWER)
    for _ in range(22):
        desk.case(no)
    desk.sign_in(BLACKLISTED)
    page = desk.get(f"/me?case={no}").text
    more = re.search(r'href="(/me\?reads=[^"#]+)', page)
    assert more, page
    older = reads(desk.get(more[1].replace("&amp;", "&")).text)
    assert "自然人信息数据库" in older
    assert set(re.findall(r'href="/cases/(\w+)"', older)) == {no}


def test_a_question_put_again_and_again_is_one_line_with_every_time_inside(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in(LOCAL)
    for _ in range(22):
        hidden = desk.client.hidden(desk.case(no))
        data = {"_csrf": hidden["_csrf"], "revision": hidden["revision"]}
        assert desk.client.http.post(f"/admin/cases/{no}/look-up", data=data).status_code == 503
    desk.sign_in(NO_ACCOUNT)
    lines, path = [], f"/me?case={no}"
    while path:
        page = desk.get(path).text
        lines += re.findall(r"<li><strong>.*?</p></li>", reads(page), re.DOTALL)
        more = re.search(r'href="(/me\?reads=[^"]+)"', page)
        path = more[1].replace("&amp;", "&").partition("#")[0] if more else ""
    asked = [one for one in lines if "自有业务数据库" in one]
    (folded,) = [one for one in asked if "共 22 次" in one]
    assert len(re.findall(r'<li><span class="num nowrap">2[\d: -]+</span> 没有查到登记</li>', folded)) == 22
    assert "审核人员" in folded
    assert "最近一次：没有查到登记" in folded
    alone = [one for one in asked if one is not folded]
    assert alone, "what the portal asked at filing is somebody else's read"
    assert all("次" not in one for one in alone)
    opened = [one for one in lines if "办件的全部内容" in one]
    assert len(opened) > 22, "a case that is opened is no question: each time is a line"
    desk.client.http.get("/look?language=en")
    assert "Asked 22 times from " in reads(desk.get(f"/me?case={no}").text)
    desk.client.http.get("/look?language=zh")
