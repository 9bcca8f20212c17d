"""收件: filing for the person at the counter, under a mandate."""

from __future__ import annotations

import pytest

from core.cases.models import Draft, Mandate
from tests.admin.conftest import Desk

BOTH_DATABASES = True

WORKER = "worker-shipu-205"
ELDER = "elder"


def person(desk: Desk, login: str = ELDER) -> dict[str, str]:
    account = next(a for a in desk.client.told["accounts"] if a["login"] == login)
    return {"kind": "person", "name": "陈试甲", "number": account["id_number"]}


def take(desk: Desk, item: str = "elder-allowance", **fields: str) -> tuple[int, str, str]:
    """Status, location and text of the post that begins the draft."""
    page = desk.get(f"/admin/take/{item}")
    assert page.status_code == 200, page.text
    data = {"_csrf": desk.client.hidden(page.text)["_csrf"], **fields}
    answer = desk.client.http.post(f"/admin/take/{item}", data=data, follow_redirects=False)
    return answer.status_code, answer.headers.get("location", ""), answer.text


def asked(desk: Desk) -> int:
    """How many questions the sources have been asked so far."""
    states = desk.client.http.app.state.kernel.sources.states()  # type: ignore[attr-defined]
    return sum(state.asked for state in states)


def test_a_station_worker_files_for_an_elder_and_the_bureau_handles_it(desk: Desk) -> None:
    desk.sign_in(WORKER)
    status, draft, _ = take(desk, **person(desk), mandate="yes")
    assert status == 303, draft
    page = desk.get(draft)
    assert page.status_code == 200
    assert "陈试甲" in page.text
    data = {**desk.client.hidden(page.text), "/phone": "13900000000", "action": "file"}
    filed = desk.client.http.post(draft, data=data, follow_redirects=False)
    assert filed.status_code == 303, filed.text
    no = filed.headers["location"].split("/cases/")[1].split("?")[0].split("/")[0]
    case = desk.case(no)
    assert "收集后代办" in case, "a village station collects; the approval bureau handles"
    assert "全科社工" in case
    assert "已办结" in case
    desk.sign_in(ELDER)
    assert no in desk.get("/me").text, "the principal sees what was filed for him"


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"mandate": ""}, "请先请申请人确认委托"),
        ({"number": "320583194005129914"}, "公民身份号码应为 18 位"),
        ({"name": " "}, "请填写申请人的姓名或名称"),
    ],
)
def test_without_mandate_or_number_nothing_is_asked(desk: Desk, change: dict[str, str], words: str) -> None:
    before = asked(desk)
    desk.sign_in(WORKER)
    fields = {**person(desk), "mandate": "yes", **change}
    status, _, text = take(desk, **fields)
    assert status == 422
    assert words in text
    assert asked(desk) == before


def test_a_name_that_the_register_does_not_know_for_the_number_begins_nothing(desk: Desk) -> None:
    desk.sign_in(WORKER)
    before = held(desk)
    status, _, text = take(desk, **{**person(desk), "name": "陈试乙"}, mandate="yes")
    assert (status, "登记的不是这个姓名" in text) == (422, True), text
    assert 'href="#name"' in text
    assert "陈试甲" not in text, "whoever stands there may not be that person"
    assert held(desk) == before, "no draft, and no mandate that runs"
    status, _, text = take(desk, **{**person(desk), "name": "陈 试甲"}, mandate="yes")
    assert status == 303, text


def held(desk: Desk) -> tuple[int, int]:
    """Drafts, and mandates that run."""

    async def count() -> tuple[int, int]:
        return await Draft.all().count(), await Mandate.filter(revoked_at=None).count()

    assert desk.client.http.portal is not None
    return desk.client.http.portal.call(count)


def test_the_list_holds_what_this_site_offers_and_is_searched_by_initials(desk: Desk) -> None:
    desk.sign_in(WORKER)
    everything = desk.get("/admin/take").text
    assert "自设性店招标牌设置许可" in everything
    assert "公交卡充值" not in everything, "done elsewhere, so nothing is taken"
    found = desk.get("/admin/take?q=zlj").text
    assert "老年人尊老金待遇申领" in found
    assert "自设性店招标牌设置许可" not in found
    assert "没有找到可以在这里收件的事项" in desk.get("/admin/take?q=%F0%9F%98%80xyz").text


def test_a_city_hall_does_not_take_what_only_villages_offer(desk: Desk) -> None:
    desk.sign_in(next(a["login"] for a in desk.client.told["accounts"] if a["site"] == "hall-city"
                      and a["role"] == "clerk"))  # fmt: skip
    assert desk.get("/admin/take/elder-meal").status_code == 404
    assert desk.get("/admin/take/elder-allowance").status_code == 200


@pytest.mark.parametrize("role", ["reviewer", "administrator", "auditor", "guide"])
def test_who_takes_no_cases_has_no_such_page(desk: Desk, role: str) -> None:
    desk.sign_in(desk.one_of(role))
    assert desk.get("/admin/take").status_code == 403
    assert desk.get("/admin/take/elder-allowance").status_code == 403
    assert 'href="/admin/take"' not in desk.get("/admin/").text
