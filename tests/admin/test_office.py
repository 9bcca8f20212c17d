"""机构: areas, units, offices and sites kept from the desk; two administrators at once; nothing orphaned."""

from __future__ import annotations

import asyncio
import json
import re
from typing import Any

import pytest

from tests.admin.conftest import REVIEWER, Desk

BOTH_DATABASES = True

SITE = {
    "id": "hall-new",
    "name": "新设大厅",
    "kind": "hall",
    "area": "320583103000",
    "address": "编造路 99 号",
    "telephone": "0512-00001999",
    "hours-0-days": "workday",
    "hours-0-opens": "09:00",
    "hours-0-closes": "17:00",
    "hours-0-kind": "open",
    "counters-0-id": "01",
    "counters-0-name": "综合",
    "counters-0-themes": "养老",
    "counters-0-items": "elder-allowance",
    "closed-0-since": "2026-12-24",
    "closed-0-until": "",
    "closed-0-note": "搬迁",
}


@pytest.fixture(autouse=True)
def administrator(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))


def post(desk: Desk, path: str, **fields: str) -> tuple[int, str]:
    token = desk.client.hidden(desk.get("/admin/office/units").text)["_csrf"]
    answer = desk.client.http.post(path, data={"_csrf": token, **fields}, follow_redirects=False)
    return answer.status_code, answer.text


def revision(desk: Desk, path: str) -> str:
    found = re.search(r'name="revision" value="(\d+)"', desk.get(path).text)
    assert found
    return found[1]


def events(desk: Desk, target: str) -> list[dict[str, Any]]:
    return desk.client.rows("SELECT type, actor, detail FROM office_event WHERE target = {} ORDER BY id", target)


def test_a_new_site_is_at_once_on_the_citizens_page_and_its_change_follows(desk: Desk) -> None:
    assert post(desk, "/admin/office/sites", **SITE)[0] == 303
    page = desk.get("/sites/hall-new").text
    assert "编造路 99 号" in page
    assert "09:00–17:00" in page
    assert "养老" in page
    changed = {**SITE, "hours-0-closes": "18:00", "revision": revision(desk, "/admin/office/sites/hall-new")}
    assert post(desk, "/admin/office/sites/hall-new", **changed)[0] == 303
    assert "09:00–18:00" in desk.get("/sites/hall-new").text
    told = events(desk, "hall-new")
    assert [one["type"] for one in told] == ["site.added", "site.changed"]
    assert list(json.loads(told[1]["detail"])) == ["hours"]
    assert all(one["actor"] for one in told)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"id": "Hall New"}, "编号用小写字母开头"),
        ({"name": ""}, "请填写名称"),
        ({"area": "1"}, "请选择区划"),
        ({"hours-0-opens": "9"}, "时间写成两位小时"),
        ({"hours-0-closes": "08:00"}, "结束要晚于开始"),
        (
            {"hours-1-days": "workday", "hours-1-opens": "16:00", "hours-1-closes": "18:00", "hours-1-kind": "duty"},
            "重叠",
        ),
        ({"closed-0-since": "12 月 24 日"}, "日期写成"),
        ({"closed-0-until": "2026-12-01"}, "最后一天不能早于第一天"),
        ({"counters-0-themes": "养猫"}, "没有这样的主题或事项：养猫"),
        ({"counters-0-items": "no-such-item"}, "no-such-item"),
        ({"counters-0-name": ""}, "窗口要有编号"),
    ],
)
def test_what_is_wrong_with_a_site_is_told_and_nothing_typed_is_lost(
    desk: Desk, change: dict[str, str], words: str
) -> None:
    status, page = post(desk, "/admin/office/sites", **{**SITE, "id": "hall-bad", **change})
    assert status == 422
    assert words in page
    kept = [text for name, text in SITE.items() if name not in change and name in ("name", "address", "closed-0-note")]
    for typed in (*kept, *(text for text in change.values() if text and text != "1")):
        assert typed in page
    assert desk.get("/sites/hall-bad").status_code == 404


def test_of_two_administrators_one_wins_and_the_other_is_told_what_he_had_typed(desk: Desk) -> None:
    path = "/admin/office/units/health"
    seen = revision(desk, path)
    first = post(desk, path, name="卫健委甲", telephone="0512-00000105", revision=seen)
    second = post(desk, path, name="卫健委乙", telephone="0512-00000105", revision=seen)
    assert (first[0], second[0]) == (303, 409)
    assert "有人先改了这一条" in second[1]
    assert "卫健委甲" in second[1]
    assert "您写的是：卫健委乙" in second[1]
    assert "卫健委乙" not in desk.get("/admin/office/units").text


def test_eight_saves_of_one_revision_change_it_once(desk: Desk) -> None:
    path = "/admin/office/units/education"
    seen = revision(desk, path)
    token = desk.client.hidden(desk.get(path).text)["_csrf"]

    async def all_at_once() -> list[int]:
        def one(n: int) -> int:
            data = {"_csrf": token, "revision": seen, "name": f"教育局{n}", "telephone": ""}
            return int(desk.client.http.post(path, data=data, follow_redirects=False).status_code)

        return await asyncio.gather(*(asyncio.to_thread(one, n) for n in range(8)))

    assert sorted(asyncio.run(all_at_once())) == [303] + [409] * 7


def test_a_site_with_people_is_not_retired_and_an_empty_one_keeps_its_name(desk: Desk) -> None:
    status, page = post(desk, "/admin/office/sites/hall-shipu/retire", revision="1")
    assert status == 409
    assert "在岗人员" in page
    path = "/admin/office/sites/kiosk-lixi-203"
    seen = revision(desk, path)
    assert post(desk, f"{path}/retire", revision=seen)[0] == 303
    assert desk.get("/sites/kiosk-lixi-203").status_code == 404
    assert "kiosk-lixi-203" not in desk.get("/sites").text
    assert "例舟村市民驿站自助终端" in desk.get("/admin/office/sites").text
    assert post(desk, f"{path}/retire", revision=seen)[0] == 409, "a page that is too old"
    assert post(desk, f"{path}/restore", revision=str(int(seen) + 1))[0] == 303
    assert desk.get("/sites/kiosk-lixi-203").status_code == 200


def test_a_unit_in_use_is_not_retired_and_the_page_says_by_what(desk: Desk) -> None:
    status, page = post(desk, "/admin/office/units/civil-affairs/retire", revision="1")
    assert status == 409
    for what in ("部门设置", "在岗人员", "事项"):
        assert what in page


def test_an_open_case_keeps_its_office(desk: Desk) -> None:
    desk.file("elder-blacklisted")
    status, page = post(desk, "/admin/office/offices/civil-affairs@320583103001/retire", revision="1")
    assert status == 409
    assert re.search(r"未办结的办件|在岗人员", page)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"code": "3205"}, "十二位数字"),
        ({"name": ""}, "请填写名称"),
        ({"level": "hamlet"}, "请选择层级"),
        ({"level": "city"}, "只有一个市级"),
        ({"parent": ""}, "请选择上级区划"),
        ({"parent": "320583103001"}, "层级要更高"),
        ({"code": "320583103000"}, "已经有了"),
    ],
)
def test_what_is_wrong_with_an_area_is_told_beside_its_field(desk: Desk, change: dict[str, str], words: str) -> None:
    fields = {"code": "320583109000", "name": "新镇", "level": "town", "parent": "320583000000", **change}
    status, page = post(desk, "/admin/office/areas", **fields)
    assert status in (409, 422)
    assert words in page


def test_a_new_town_with_an_office_and_a_site_is_routed_to(desk: Desk) -> None:
    area = {"code": "320583109000", "name": "新镇", "level": "town", "parent": "320583000000"}
    assert post(desk, "/admin/office/areas", **area)[0] == 303
    assert post(desk, "/admin/office/offices", unit="civil-affairs", area="320583109000")[0] == 303
    status, _ = post(desk, "/admin/office/sites", **{**SITE, "id": "hall-newtown", "area": "320583109000"})
    assert status == 303
    assert desk.get("/sites?area=320583109000").text.count('href="/sites/hall-') == 1
    status, page = post(desk, "/admin/office/areas/320583109000/retire", revision="1")
    assert status == 409
    assert "服务点" in page


def test_staff_read_the_office_and_only_administrators_change_it(desk: Desk) -> None:
    desk.sign_in(REVIEWER)
    page = desk.get("/admin/office/sites")
    assert page.status_code == 200
    assert "/admin/office/sites/new" not in page.text
    assert desk.get("/admin/office/sites/hall-city").status_code == 403
    token = desk.client.hidden(desk.get("/admin/").text)["_csrf"]
    for path in ("sites", "sites/hall-city", "areas", "units/health", "units/health/retire"):
        answer = desk.client.http.post(f"/admin/office/{path}", data={"_csrf": token, **SITE})
        assert answer.status_code == 403, path


def test_the_load_shows_what_waits_where_one_works(desk: Desk) -> None:
    page = desk.get("/admin/load").text
    assert page.count('href="/sites/') >= 41
    desk.sign_in(desk.one_of("guide"))
    assert len(set(re.findall(r'<th scope="row"><a href="/sites/([a-z0-9-]+)"', desk.get("/admin/load").text))) == 1
    desk.sign_in(desk.one_of("auditor"))
    assert desk.get("/admin/load").status_code == 403
