"""The auditor's page and the page of deliveries: who may see them, what they tell, what they do."""

from __future__ import annotations

import time
from datetime import timedelta
from typing import Any

import pytest

from core.cases.actions import upkeep
from core.cases.models import AuditRun, Delivery, Outbox
from tests.admin.conftest import Desk
from tests.cases.tampering import run

BOTH_DATABASES = True

PAGES = {"/admin/audit": "auditor", "/admin/deliveries": "administrator"}


@pytest.mark.parametrize(("path", "role"), PAGES.items())
def test_only_its_own_role_opens_the_page_and_finds_it_in_its_menu(desk: Desk, path: str, role: str) -> None:
    for other in ("auditor", "administrator", "reviewer", "clerk", "citizen"):
        desk.client.sign_in(other)
        answer = desk.get(path)
        assert answer.status_code == (200 if other == role else 403), other
        if other == role:
            assert f'href="{path}"' in answer.text


@pytest.mark.parametrize("role", ["auditor", "administrator", "reviewer", "clerk"])
def test_a_closed_door_leads_staff_back_to_a_desk_that_opens(desk: Desk, role: str) -> None:
    desk.client.sign_in(role)
    closed = next(path for path, other in PAGES.items() if other != role)
    answer = desk.get(closed)
    assert answer.status_code == 403
    assert '<a class="btn" href="/admin/">回到待办</a>' in answer.text
    assert "您的岗位没有“" in answer.text or "您的账号" in answer.text, "the door says why it is closed"
    desk.client.http.cookies.set("lb_lang", "en")
    assert "Your post does not include" in desk.get(closed).text or "Your account" in desk.get(closed).text
    desk.client.http.cookies.delete("lb_lang")
    assert desk.get("/admin/").status_code == 200


def test_a_closed_door_leads_a_citizen_home(desk: Desk) -> None:
    desk.client.sign_in("citizen")
    answer = desk.get("/admin/audit")
    assert answer.status_code == 403
    assert "回到待办" not in answer.text
    assert "您的岗位没有“审计”的权限" in answer.text or "工作人员的工作台" in answer.text
    assert "回到办事首页" in answer.text


def test_a_bookmark_of_a_search_leads_to_its_page(desk: Desk) -> None:
    desk.client.sign_in("auditor")
    answer = desk.client.http.get("/admin/audit/reads", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/admin/audit#h-reads")


def call(desk: Desk, work: Any) -> Any:
    assert desk.client.http.portal is not None
    return desk.client.http.portal.call(work)


def test_an_auditor_has_the_log_checked_and_reads_what_is_broken(desk: Desk) -> None:
    no = desk.file("elder")
    kernel = desk.client.http.app.state.kernel  # type: ignore[attr-defined]

    async def root() -> None:
        await upkeep.root_day(kernel, kernel.today() - timedelta(days=1), kernel.now())

    async def newest() -> AuditRun | None:
        return await AuditRun.all().order_by("-id").first()

    def checked() -> str:
        before = call(desk, newest)
        hidden = desk.client.hidden(desk.get("/admin/audit").text)
        answer = desk.client.http.post("/admin/audit", data={"_csrf": hidden["_csrf"]}, follow_redirects=False)
        assert answer.status_code == 303
        for _ in range(100):
            if call(desk, newest) != before:
                return desk.get("/admin/audit").text
            time.sleep(0.05)
        raise AssertionError("the run does not end")

    call(desk, root)
    desk.client.sign_in("auditor")
    page = checked()
    assert "全部对得上" in page
    assert page.count('class="code root"') == 1

    async def tamper() -> None:
        await run("UPDATE cases_event SET actor = 'somebody' WHERE seq = 1 AND type = 'filed'")

    call(desk, tamper)
    page = checked()
    assert f"{no}: event 1 was changed" in page
    assert "处对不上" in page


def test_who_read_whose_data_is_searched_by_number_and_the_search_is_noted(desk: Desk) -> None:
    desk.file("elder")
    desk.client.sign_in("auditor")
    number = desk.client.account("citizen")["id_number"]

    def search(**said: str) -> str:
        hidden = desk.client.hidden(desk.get("/admin/audit").text)
        answer = desk.client.http.post("/admin/audit/reads", data={"_csrf": hidden["_csrf"], **said})
        assert answer.status_code == (200 if said else 422)
        return answer.text

    page = search(number=number)
    assert "elder-allowance" in page
    for words in ("老年人尊老金待遇申领", "自然人信息数据库", "查到了"):
        assert words in page, words
    assert "审计查询" in search(number=number), "the first search shows in the second"
    assert "没有这样的查阅记录" in search(account="nobody")
    found = search(account="auditor")
    assert "审计查询" in found, "the auditor's own searches are found by his login"
    assert "没有这样的查阅记录" not in found
    assert "请至少填一项" in search()


def test_dead_letters_show_their_reason_and_are_sent_again(desk: Desk) -> None:
    desk.file("elder")

    async def lay_aside() -> None:
        for one in await Outbox.all().order_by("-id").limit(2):
            await Delivery.create(
                event_id=one.id, case_id=one.case_id, seq=one.seq, listener="webhook:archive", state="dead",
                attempts=12, since=one.next_at, next_at=one.next_at, error="NotTaken: it answered 500",
            )  # fmt: skip

    async def states() -> list[str]:
        return sorted([one.state for one in await Delivery.all()])

    call(desk, lay_aside)
    desk.client.sign_in("administrator")
    page = desk.get("/admin/deliveries").text
    assert page.count("NotTaken: it answered 500") >= 2
    hidden = desk.client.hidden(page)
    post = desk.client.http.post
    post("/admin/deliveries/again", data={"_csrf": hidden["_csrf"], "id": hidden["id"]})
    assert call(desk, states) == ["dead", "pending"]
    answer = post("/admin/deliveries/again", data={"_csrf": hidden["_csrf"], "listener": "webhook:archive"})
    assert "1 个事件已重新排队" in answer.text
    assert call(desk, states) == ["pending", "pending"]
    assert post("/admin/deliveries/again", data={"_csrf": hidden["_csrf"], "id": "x"}).status_code == 404
