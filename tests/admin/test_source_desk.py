"""The source desk: what stands there, a test question that leaves its trace, and what would free the most items."""

from __future__ import annotations

from core.sources import history
from core.sources.engine import Sources
from core.sources.states import Noted
from tests.admin.conftest import NO_ACCOUNT, REVIEWER, Desk

BOTH_DATABASES = True


def ask(desk: Desk, source: str, **fields: str) -> tuple[int, str]:
    hidden = desk.client.hidden(desk.get(f"/admin/sources/{source}").text)
    data = {"_csrf": hidden["_csrf"], **fields}
    answer = desk.client.http.post(f"/admin/sources/{source}", data=data, follow_redirects=False)
    return answer.status_code, answer.text


def test_a_test_question_is_answered_and_the_person_asked_about_sees_it(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    elder = next(a for a in desk.client.told["accounts"] if a["login"] == NO_ACCOUNT)
    number = str(elder["id_number"])
    assert ask(desk, "natural-person", purpose="检查")[0] == 422
    status, page = ask(desk, "natural-person", **{"by/id_number": number, "purpose": "检查能否查到"})
    assert status == 200
    assert "已查到" in page
    desk.sign_in(NO_ACCOUNT)
    mine = desk.get("/me").text
    assert "检查能否查到" in mine


def test_who_may_look_at_sources_may_not_ask_them(desk: Desk) -> None:
    desk.sign_in(desk.one_of("author"))
    page = desk.get("/admin/sources/natural-person")
    assert page.status_code == 200
    assert "试查一次" not in page.text
    assert "哪些事项要用它" in page.text
    assert ask(desk, "natural-person", **{"by/id_number": "x", "purpose": "好奇"})[0] == 403
    desk.sign_in(REVIEWER)
    assert desk.get("/admin/sources/natural-person").status_code == 403


def test_the_report_counts_what_people_were_in_fact_asked_for(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    page = desk.get("/admin/sources").text
    assert "接通哪些数据源，能让群众少交最多材料" in page
    assert "租赁" in page or "合同" in page
    assert desk.get("/admin/sources/nowhere").status_code == 404


def test_a_mistyped_question_is_told_at_its_field_and_the_register_is_not_asked(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    before = desk.get("/me").text.count("<strong>")
    status, page = ask(desk, "natural-person", **{"by/id_number": "123", "purpose": "检查"})
    assert status == 422
    assert "没有去查，请改正" in page
    assert 'href="#by-id_number"' in page
    assert 'aria-invalid="true"' in page
    assert "数据源未回应</" not in page[page.index('id="h-probe"') :]
    assert "query schema" not in page
    assert desk.get("/me").text.count("<strong>") == before


def test_a_yes_or_no_of_a_register_is_told_in_words(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    elder = next(a for a in desk.client.told["accounts"] if a["login"] == NO_ACCOUNT)
    _, page = ask(desk, "natural-person", **{"by/id_number": str(elder["id_number"]), "purpose": "检查"})
    assert "<dd>是</dd>" in page
    assert "<dd>True</dd>" not in page


def test_an_english_desk_tells_of_each_lookup_in_english(desk: Desk) -> None:
    no = desk.file(NO_ACCOUNT)
    desk.sign_in("reviewer-civil-affairs-xutang")
    desk.get("/look?language=en")
    page = desk.case(no)
    assert "Natural-person register" in page
    assert "To check name, age, household registration" in page
    for chinese in (
        "自然人信息数据库",
        "自有业务数据库",
        "核对姓名",
        "向本人账户发放待遇",
        "出生日期",
        "提供部门：",
        "公安局",
    ):
        assert chinese not in page, chinese


ALARM = "ALARM: the record's id_number is not the one that was asked for"


def test_an_alarm_is_told_by_every_worker_and_after_a_restart(desk: Desk) -> None:
    """What another process saw, and this one, of which the page is asked, never did."""
    kernel = desk.client.http.app.state.kernel  # type: ignore[attr-defined]

    async def another_process() -> None:
        other = Sources(settings=kernel.settings)
        at = kernel.now().isoformat(timespec="seconds")
        other.keep([
            Noted("natural-person", "record", ALARM, at, at, 2),
            Noted("own-business", "opened", "3 errors in a row, so it is not asked for a while: away", at, at, 1),
        ])  # fmt: skip
        await history.note(other)

    assert desk.client.http.portal is not None
    desk.client.http.portal.call(another_process)
    desk.sign_in(desk.one_of("administrator"))
    page = desk.get("/admin/sources").text
    for said in ("警报：数据源答了别人的记录", "当天 2 次", "停过查询的（近三十天）", "连续出错 3 次，暂停查询：away"):
        assert said in page, said
    page = desk.get("/admin/sources/natural-person").text
    assert "警报" in page.partition("最近的问题")[2]
    assert "查回的是另一个人的记录（id_number 对不上）" in page


def test_a_source_that_was_silent_last_time_is_not_called_well(desk: Desk) -> None:
    kernel = desk.client.http.app.state.kernel  # type: ignore[attr-defined]
    desk.sign_in(desk.one_of("administrator"))
    assert "个数据源都可查询" in desk.get("/admin/sources").text
    breaker = kernel.sources._served["natural-person"]._breaker
    breaker.failed()
    page = desk.get("/admin/sources").text
    assert "1 个数据源上次没有应答；再查几次都没有，就暂停查询。" in page
    assert "上次没有应答，照常再查" in page
    assert "个数据源都可查询" not in page
    breaker.worked()
    assert "个数据源都可查询" in desk.get("/admin/sources").text
