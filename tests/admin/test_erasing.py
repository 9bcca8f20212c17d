"""Erasure on a page: one account asks, another confirms, the page says before what goes and proves it afterwards."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from core.cases import proving
from core.cases.models import Case, Draft, Erasure, Event
from core.office.models import Account, OfficeEvent
from tests.admin.conftest import Desk

BOTH_DATABASES = True
ASKS, CONFIRMS, HEAD = "administrator", "administrator-2", "supervisor-civil-affairs"
SAID = {"reason": "本人来信要求", "basis": "个人信息保护法第四十七条"}


def post(desk: Desk, path: str, **fields: str) -> Any:
    page = desk.get("/admin/erasures").text
    data = {"_csrf": desk.client.hidden(page)["_csrf"], **fields}
    return desk.client.http.post(path, data=data, follow_redirects=False)


def run(desk: Desk, work: Any) -> Any:
    assert desk.client.http.portal is not None
    return desk.client.http.portal.call(work)


def years_ago(desk: Desk, no: str, years: int = 11) -> None:
    """The case is as old as if it had been decided then."""

    async def back() -> None:
        case = await Case.get(no=no)
        await Case.filter(no=no).update(updated_at=case.updated_at - timedelta(days=366 * years))

    run(desk, back)


def ask(desk: Desk, what: str, **more: str) -> str:
    """The address of the request."""
    desk.sign_in(ASKS)
    answer = post(desk, "/admin/erasures", what=what, **SAID, **more)
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"])


def whole(desk: Desk) -> bool:
    async def verify() -> bool:
        return not (await proving.verify()).faults

    return bool(run(desk, verify))


def test_one_asks_another_confirms_and_the_chain_is_still_whole(desk: Desk) -> None:
    no = desk.file("elder")
    years_ago(desk, no)
    desk.sign_in(ASKS)
    page = post(desk, "/admin/erasures/look", what=no).text
    for sentence in ("会删除", "会留下", "查询结果", "告知书的正文", "事件链"):
        assert sentence in page
    assert "陈试甲" not in page, "who erases need not read"
    request = ask(desk, no)
    assert "您提出的申请要由另一个账号的人确认" in desk.get(request).text
    assert "confirm" not in desk.get(request).text
    answer = post(desk, f"{request}/confirm")
    assert (answer.status_code, "不能自己确认" in answer.text) == (403, True)
    desk.sign_in(CONFIRMS)
    assert "本人来信要求" in desk.get(request).text
    answer = post(desk, f"{request}/confirm")
    assert answer.status_code == 303, answer.text
    page = desk.get(request).text
    assert "已经删除" in page
    assert re.search(r"事件链逐个重算，\d+ 个事件都对得上", page)
    assert "本人来信要求" not in page
    assert whole(desk)

    async def left() -> tuple[Any, list[str], list[str]]:
        case = await Case.get(no=no)
        last = [one async for one in Event.filter(case_id=case.id).order_by("-seq").limit(2)]
        return case.record, [one.type for one in last], [one.actor for one in last]

    record, types, actors = run(desk, left)
    assert record is None
    assert types == ["erased", "erasure_asked"]
    assert len(set(actors)) == 2
    assert post(desk, f"{request}/confirm").status_code == 409


def test_the_head_of_the_deciding_unit_may_confirm_and_sees_no_other_units_requests(desk: Desk) -> None:
    no = desk.file("elder")
    years_ago(desk, no)
    request = ask(desk, no)
    desk.sign_in("supervisor-water-affairs")
    assert no not in desk.get("/admin/erasures").text
    assert desk.get(request).status_code == 404
    assert post(desk, f"{request}/confirm").status_code == 404
    desk.sign_in(HEAD)
    assert no in desk.get("/admin/erasures").text
    assert post(desk, "/admin/erasures", what=no, **SAID).status_code == 403
    assert post(desk, f"{request}/confirm").status_code == 303
    assert "已经删除" in desk.get(request).text


def test_what_may_not_be_erased_is_refused_with_the_reason(desk: Desk) -> None:
    kept, live = desk.file("elder"), desk.file("elder-blacklisted")
    desk.sign_in(ASKS)
    for what, sentence in ((kept, "要依法保存到"), (live, "尚未办结")):
        answer = post(desk, "/admin/erasures", what=what, **SAID)
        assert (answer.status_code, sentence in answer.text) == (409, True), answer.text
    answer = post(desk, "/admin/erasures", what=kept, reason="", basis=" ")
    assert answer.status_code == 422
    assert answer.text.count('class="lf-error"') == 2
    assert post(desk, "/admin/erasures/look", what="20261123-AAAAAAAA-A").status_code == 404
    assert post(desk, "/admin/erasures/look", what="").status_code == 422
    request = ask(desk, kept, ordered="yes")
    answer = post(desk, "/admin/erasures", what=kept, ordered="yes", **SAID)
    assert (answer.status_code, "已有一条等待确认" in answer.text) == (409, True)
    desk.sign_in(CONFIRMS)
    assert post(desk, f"{request}/refuse", because="").status_code == 422
    assert post(desk, f"{request}/refuse", because="文书没有原件").status_code == 303
    page = desk.get(request).text
    assert "文书没有原件" in page

    async def record() -> Any:
        return (await Case.get(no=kept)).record

    assert run(desk, record) is not None
    again = ask(desk, kept, ordered="yes")
    desk.sign_in(CONFIRMS)
    assert post(desk, f"{again}/confirm").status_code == 303
    assert whole(desk)


def test_asking_does_not_begin_the_time_of_keeping_anew(desk: Desk) -> None:
    no = desk.file("elder")
    years_ago(desk, no)
    request = ask(desk, no)
    assert post(desk, f"{request}/refuse", because="收回").status_code == 303
    assert ask(desk, no)


def test_all_of_one_person_goes_and_what_the_law_keeps_stays(desk: Desk) -> None:
    account = next(one for one in desk.client.told["accounts"] if one["login"] == "elder-100")
    old, young = desk.file("elder-100"), desk.file("elder-100")
    years_ago(desk, old)
    desk.sign_in("elder-100")
    hidden = desk.client.hidden(desk.get("/items/elder-allowance/apply").text)
    desk.client.http.post("/items/elder-allowance/apply", data={**hidden, "whom": "self"})
    desk.sign_in(ASKS)
    page = post(desk, "/admin/erasures/look", what=account["id_number"]).text
    for sentence in ("没有提交的草稿", "本人的登录账号", old, young, "依法保存到"):
        assert sentence in page
    request = ask(desk, account["id_number"])
    desk.sign_in(HEAD)
    assert desk.get(request).status_code == 404, "of a whole person no single unit judges"
    desk.sign_in(CONFIRMS)
    assert post(desk, f"{request}/confirm").status_code == 303

    async def left() -> tuple[Any, Any, int, int, list[str]]:
        events = [one.type async for one in OfficeEvent.filter(type__startswith="erasure").order_by("id")]
        return (
            (await Case.get(no=old)).record,
            (await Case.get(no=young)).record,
            await Draft.all().count(),
            await Account.filter(login="elder-100").count() + await Account.filter(name="沈例百").count(),
            events,
        )

    gone, kept, drafts, accounts, events = run(desk, left)
    assert (gone, drafts, accounts) == (None, 0, 0)
    assert kept is not None
    assert events == ["erasure.asked", "erasure.done"]
    assert whole(desk)
    page = desk.get("/login")
    fields = desk.client.hidden(page.text) | {"login": "elder-100", "password": account["password"]}
    assert desk.client.http.post("/login", data=fields, follow_redirects=False).status_code != 303


@pytest.mark.parametrize("login", ["auditor", "publisher", "reviewer-civil-affairs-shipu", "elder"])
def test_nobody_else_finds_the_door(desk: Desk, login: str) -> None:
    desk.sign_in(login)
    assert desk.get("/admin/erasures").status_code == 403


def test_of_two_who_confirm_at_once_one_erases(desk: Desk) -> None:
    no = desk.file("elder")
    years_ago(desk, no)
    request = ask(desk, no)
    kernel = desk.client.http.app.state.kernel  # type: ignore[attr-defined]

    async def twice() -> list[str]:
        import asyncio

        from core.cases import actions
        from core.office import access

        seconds = [await access.actor_by_login(login) for login in (CONFIRMS, HEAD)]
        id = request.rsplit("/", 1)[1]
        done = await asyncio.gather(
            *(actions.confirm_erasure(kernel, id, actor=one) for one in seconds if one), return_exceptions=True
        )
        return sorted(type(one).__name__ for one in done)

    assert run(desk, twice) == ["Conflict", "NoneType"]

    async def count() -> tuple[int, int]:
        case = await Case.get(no=no)
        return await Event.filter(case_id=case.id, type="erased").count(), await Erasure.filter(case_no=no).count()

    assert run(desk, count) == (1, 1)
