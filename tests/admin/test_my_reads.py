"""`/me`: who read my data, in plain words, for one case or all, in pages."""

from __future__ import annotations

import re

from tests.admin.conftest import BLACKLISTED, NO_ACCOUNT, REVIEWER, Desk

BOTH_DATABASES = True


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
