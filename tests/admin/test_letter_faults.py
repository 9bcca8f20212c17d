"""`/admin/letters`: a letter that could not be written is seen by whoever mends it, and issued once it can be."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.catalog.scaffold import new
from core.kernel import Kernel
from core.settings import Settings
from tests.admin.conftest import REVIEWER, Desk
from tests.conftest import Client

BOTH_DATABASES = True

ELDER = "320583194005129913"
BROKEN = "<p>{{ applicant.name }}{% if decision.outcome %}</p>\n<p>{{ answers.remark }}{% endif %}</p>"
MENDED = '<p>{{ applicant.name }}：{{ decision.day }}</p><p>{{ answers.remark|default("无备注") }}</p>'


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """An item whose letter asks for what the applicant may leave out, which no inspection can know."""
    folder = new("item", "lease-filing", tmp_path / "shelf", {"title": "房屋租赁登记备案", "unit": "civil-affairs"})
    form = json.loads((folder / "form.json").read_text("utf-8"))
    form["properties"]["remark"] = {"type": "string", "title": "备注", "maxLength": 50}
    (folder / "form.json").write_text(json.dumps(form, ensure_ascii=False), "utf-8")
    (folder / "templates" / "result.html").write_text(BROKEN, "utf-8")
    return folder


@pytest.fixture
def town(town: Settings, shelf: Path) -> Settings:
    return dataclasses.replace(town, plugins=(shelf.parent,))


@pytest.fixture
def house(client: Client) -> Desk:
    return Desk(client)


def kernel_of(client: Client) -> Kernel:
    found: Kernel = client.http.app.state.kernel  # type: ignore[attr-defined]
    return found


def publish(client: Client, shelf: Path, template: str) -> None:
    (shelf / "templates" / "result.html").write_text(template, "utf-8")
    assert client.http.portal is not None
    client.http.portal.call(kernel_of(client).holder.reload_beside)


def file(client: Client, **answers: str) -> str:
    applicant = {"kind": "person", "id_number": ELDER, "area": "320583103001"}
    body = {"applicant": applicant, "answers": {"phone": "13900000000", **answers}}
    made = client.http.post("/api/v1/items/lease-filing/cases", headers=client.token(), json=body)
    assert made.status_code == 201, made.text
    assert made.json()["decision"]["outcome"] == "approve", "a wrong template is not the applicant's fault"
    return str(made.json()["no"])


def issue(house: Desk, no: str, path: str = "/admin/letters", **fields: str) -> Any:
    token = house.client.hidden(house.get(path).text)["_csrf"]
    data = {"_csrf": token, **fields}
    return house.client.http.post(f"/admin/letters/{no}", data=data, follow_redirects=False)


def events(client: Client, no: str) -> list[str]:
    rows = client.rows(
        "SELECT e.type FROM cases_event AS e JOIN cases_case AS c ON c.id = e.case_id WHERE c.no = {} ORDER BY e.seq",
        no,
    )
    return [str(one["type"]) for one in rows]


def plain(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_a_letter_that_failed_is_listed_with_its_fault_in_words_and_what_to_do(house: Desk) -> None:
    sound, no = file(house.client, remark="长期"), file(house.client)
    house.sign_in("administrator")
    assert "1 件办件有文书因为模板出错还没有出具" in house.get("/admin/").text
    page = house.get("/admin/letters").text
    told = plain(page)
    assert 'aria-current="page">未出具的文书' in page
    for words in (
        no, "房屋租赁登记备案", "办理结果告知单", "templates/result.html 第 2 行用到“remark”，这个办件里没有",
        "lingban try", "发布改好的版本", "还没有改", "has no attribute &#39;remark&#39;",
    ):  # fmt: skip
        assert words in told, words
    assert sound not in told
    assert f'href="/admin/cases/{no}"' not in page, "an administrator opens no case"
    assert 'href="/admin/plugins/lease-filing"' in page
    house.client.http.get("/look?language=en")
    english = plain(house.get("/admin/letters").text)
    assert "templates/result.html, line 2, uses “remark”, which this case does not have" in english
    assert "1 case has a letter that is not written" in plain(house.get("/admin/").text)
    house.client.http.get("/look?language=zh")
    house.sign_in(REVIEWER)
    assert "/admin/letters" in house.get("/admin/").text
    assert f'href="/admin/cases/{no}"' in house.get("/admin/letters").text


def test_it_is_issued_once_the_template_is_mended_with_the_day_of_the_decision(
    house: Desk, shelf: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, no = house.client, file(house.client)
    kernel = kernel_of(client)
    decided = kernel.today().isoformat()
    house.sign_in("administrator")
    still = issue(house, no)
    assert (still.status_code, "还是写不出这份文书" in still.text) == (409, True)
    publish(client, shelf, "<p>{{ answers.nobody }}</p>")
    assert "已有新的" not in house.get("/admin/letters").text, "a folder with a fault is not published"
    publish(client, shelf, MENDED)
    assert "已有新的" in house.get("/admin/letters").text
    monkeypatch.setattr(kernel, "today", lambda: (datetime.now(UTC) + timedelta(days=9)).date())
    monkeypatch.setattr(kernel, "now", lambda: datetime.now(UTC) + timedelta(days=9))
    before = events(client, no)
    done = issue(house, no)
    assert (done.status_code, done.headers["location"]) == (303, f"/admin/letters?issued={no}")
    assert "的文书已出具" in house.get(done.headers["location"]).text
    assert "没有未出具的文书" in house.get("/admin/letters").text
    assert "文书因为模板出错" not in house.get("/admin/").text
    again = client.http.post(
        f"/admin/letters/{no}", data={"_csrf": client.hidden(house.get("/admin/letters").text)["_csrf"]}
    )
    assert "已经出具，不用再出" in again.text
    assert events(client, no) == [*before, "letter_issued"]
    house.sign_in("elder")
    notice = plain(client.http.get(f"/cases/{no}/notice").text)
    assert f"：{decided} 无备注" in notice
    assert "出具了决定的文书" in client.http.get(f"/cases/{no}").text
    assert len(client.rows("SELECT id FROM cases_letter")) == 1
    assert client.rows("SELECT id FROM cases_letter_fault") == []


def test_two_clicks_at_one_moment_make_one_letter(house: Desk, shelf: Path) -> None:
    client, no = house.client, file(house.client)
    publish(client, shelf, MENDED)
    house.sign_in("administrator")
    kernel = kernel_of(client)

    async def both() -> list[bool]:
        from core.cases import actions
        from core.contract import Actor

        run = Actor("administrator", "administrator")
        return list(await asyncio.gather(*(actions.issue_letter(kernel, no, actor=run) for _ in range(5))))

    assert client.http.portal is not None
    assert sorted(client.http.portal.call(both)) == [False] * 4 + [True]
    assert events(client, no).count("letter_issued") == 1
    assert len(client.rows("SELECT id FROM cases_letter")) == 1


def test_the_deciding_office_issues_it_from_the_case_and_nobody_else_does(house: Desk, shelf: Path) -> None:
    client, no = house.client, file(house.client)
    publish(client, shelf, MENDED)
    for login, status in (
        ("reviewer-public-security", 404), ("author-civil-affairs", 403), ("publisher", 403), ("clerk-city-1", 403),
        ("auditor", 403), ("elder", 403),
    ):  # fmt: skip
        house.sign_in(login)
        token = client.hidden(house.get("/account").text)["_csrf"]
        made = client.http.post(f"/admin/letters/{no}", data={"_csrf": token}, follow_redirects=False)
        assert made.status_code == status, login
        assert (no in house.get("/admin/letters").text) == (login in ("author-civil-affairs", "publisher")), login
    house.sign_in(REVIEWER)
    assert client.http.post(f"/admin/letters/{no}", data={"back": "case"}).status_code == 403, "no CSRF field"
    page = house.case(no)
    assert "决定的文书没有生成" in page
    assert "第 2 行用到“remark”，这个办件里没有" in page
    done = issue(house, no, f"/admin/cases/{no}", back="case")
    assert done.headers["location"] == f"/admin/cases/{no}?done=issue"
    page = house.get(done.headers["location"]).text
    assert "文书已出具" in page
    assert "决定的文书没有生成" not in page
    assert "无备注" in page
    assert "重新出具文书" in page


def test_a_fact_that_the_engine_quotes_is_kept_from_who_may_not_read_the_case(house: Desk, shelf: Path) -> None:
    client = house.client
    publish(client, shelf, '<p>{{ {"a": 1}[answers["remark"]|default("")] }}</p>')
    file(client, remark="张三丰的身份")
    house.sign_in("author-civil-affairs")
    page = house.get("/admin/letters").text
    assert "张三丰" not in page
    assert "templates/result.html 第 1 行运行出错" in page
    assert "由决定部门的审核人员在这里看" in page
    house.sign_in(REVIEWER)
    assert "张三丰" in house.get("/admin/letters").text
