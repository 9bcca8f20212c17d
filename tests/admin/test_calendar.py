"""工作日历: the year as published, single days of the office's own, and next year's notice from a file."""

from __future__ import annotations

import json
import re
from datetime import date
from typing import Any

import pytest

from tests.admin.conftest import REVIEWER, Desk

BOTH_DATABASES = True

NOTICE = "day,working,note\n2027-02-06,yes,春节调休\n2027-02-08,no,春节\n2027-02-09,no,春节\n"
FIXED = 6
"""Holidays that fall on the same days of every year, published or not."""


@pytest.fixture(autouse=True)
def administrator(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))


def post(desk: Desk, path: str, **fields: str) -> tuple[int, str]:
    token = desk.client.hidden(desk.get("/admin/calendar").text)["_csrf"]
    answer = desk.client.http.post(path, data={"_csrf": token, **fields}, follow_redirects=False)
    return answer.status_code, answer.text


def send(desk: Desk, data: bytes) -> tuple[int, str]:
    token = desk.client.hidden(desk.get("/admin/calendar").text)["_csrf"]
    files = {"file": ("notice.csv", data, "text/csv")}
    answer = desk.client.http.post("/admin/calendar/notice", data={"_csrf": token}, files=files)
    return answer.status_code, answer.text


def kernel_says(desk: Desk, day: date) -> bool:
    """What deadlines are counted with from now on."""
    app: Any = desk.client.http.app
    return bool(app.state.kernel.calendar.is_working_day(day))


def looks(page: str) -> dict[str, int]:
    return {look: len(re.findall(rf'class="day day--{look}[ "]', page)) for look in ("holiday", "makeup", "work")}


def test_a_published_year_shows_its_holidays_and_make_up_days(desk: Desk) -> None:
    page = desk.get("/admin/calendar?year=2026").text
    assert looks(page)["makeup"] == 6 + 1  # and one in the legend
    assert "尚未公布" not in page


def test_a_year_without_a_notice_says_the_provisional_rule(desk: Desk) -> None:
    page = desk.get("/admin/calendar?year=2027").text
    assert "尚未公布" in page
    assert "周一至周五上班、元旦和劳动节、国庆节放假" in page
    assert "暂定" in page


def test_a_day_of_the_office_s_own_counts_in_deadlines_and_can_be_given_back(desk: Desk) -> None:
    assert post(desk, "/admin/calendar", day="2027-05-03", working="no", note="虚构通知一号")[0] == 303
    page = desk.get("/admin/calendar?year=2027").text
    assert "虚构通知一号" in page
    assert looks(page)["holiday"] == 1 + 1 + FIXED
    assert kernel_says(desk, date(2027, 5, 3)) is False
    assert post(desk, "/admin/calendar", day="2027-05-03", working="notice", note="")[0] == 303
    assert kernel_says(desk, date(2027, 5, 3)) is True
    assert "虚构通知一号" not in re.sub(r"(?s)改动记录.*", "", desk.get("/admin/calendar?year=2027").text)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"day": "5月3日", "working": "no", "note": "x"}, "日期写成"),
        ({"day": "2027-05-03", "working": "", "note": "x"}, "请选择上班、休息"),
        ({"day": "2027-05-03", "working": "no", "note": ""}, "请写明依据"),
    ],
)
def test_a_day_without_date_answer_or_reason_is_refused(desk: Desk, fields: dict[str, str], words: str) -> None:
    status, page = post(desk, "/admin/calendar", **fields)
    assert status == 422
    assert words in page


def test_a_notice_is_shown_before_it_is_taken_over_and_leaves_one_entry(desk: Desk) -> None:
    status, page = send(desk, NOTICE.encode())
    assert status == 200
    assert "导入前先看一遍" in page
    assert "春节调休" in page
    assert looks(desk.get("/admin/calendar?year=2027").text)["makeup"] == 1, "the preview wrote nothing"
    csv = re.search(r'name="csv" value="([^"]*)"', page)
    assert csv
    assert post(desk, "/admin/calendar/notice", confirm="yes", csv=csv[1])[0] == 303
    assert looks(desk.get("/admin/calendar?year=2027").text) | {"work": 0} == {
        "holiday": 3 + FIXED,
        "makeup": 2,
        "work": 0,
    }
    changes = desk.client.rows("SELECT detail FROM office_event WHERE type='calendar.changed' ORDER BY id")
    assert set(json.loads(changes[-1]["detail"])) == {"2027-02-06", "2027-02-08", "2027-02-09"}


@pytest.mark.parametrize(
    ("data", "where"),
    [
        (b"day,working\n2027-01-01,no\n", "calendar.csv:1"),
        (b"day,working,note\n2027-13-01,no,x\n2027-01-02,maybe,x\n", "calendar.csv:2#day"),
        (b"day,working,note\n2027-01-01,no,x\n2027-01-01,yes,x\n", "calendar.csv:3#day"),
        ("day,working,note\n2027-01-01,no,元旦\n".encode("gbk"), "calendar.csv:2"),
    ],
)
def test_a_notice_with_a_mistake_names_its_line_and_changes_nothing(desk: Desk, data: bytes, where: str) -> None:
    before = desk.get("/admin/calendar?year=2027").text
    status, page = send(desk, data)
    assert status == 422
    assert where in page
    assert looks(desk.get("/admin/calendar?year=2027").text) == looks(before)


def test_staff_see_the_calendar_and_do_not_change_it(desk: Desk) -> None:
    desk.sign_in(REVIEWER)
    page = desk.get("/admin/calendar")
    assert page.status_code == 200
    assert 'action="/admin/calendar"' not in page.text
    token = desk.client.hidden(page.text)["_csrf"]
    data = {"_csrf": token, "day": "2027-05-03", "working": "no", "note": "x"}
    assert desk.client.http.post("/admin/calendar", data=data).status_code == 403
