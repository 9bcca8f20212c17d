"""告知承诺书, its untruth and the notice of a pause: written through the desk's own doors, whatever stands in them."""

from __future__ import annotations

import dataclasses
import html
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.catalog.scaffold import new
from core.settings import Settings
from tests.admin.conftest import REVIEWER, Desk
from tests.conftest import Client

BOTH_DATABASES = True

ELDER = "320583194005129913"
CONSEQUENCE = "不实的，撤销备案并记入信用记录。{{ consequence }}{% endfor %}"
"""What an author writes is text in our notices: nothing of it is run."""
HOSTILE = "经核查，<b>房屋</b>已出租 {{ 7 * 7 }} {% raw %} {{ applicant.__class__ }}"
UNTIL = (date.today() + timedelta(days=30)).isoformat()


@pytest.fixture
def town(town: Settings, tmp_path: Path) -> Settings:
    """With an item whose own letter is broken, which takes a promise and goes to a person unless it is urgent."""
    folder = new("item", "lease-filing", tmp_path / "shelf", {"title": "房屋租赁登记备案", "unit": "civil-affairs"})
    item, form, routing = (
        json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("item", "form", "routing")
    )
    paper = {"id": "vacant", "title": "房屋空置证明", "fallback": "promise", "consequence": CONSEQUENCE}
    item["materials"].append(paper)
    item["pauses"] = [
        {"id": "field-check", "title": "房屋现场核查", "basis": "《示例办法》第六条", "days": 5},
        {"id": "posting", "title": "门前张贴", "basis": "《示例办法》第七条", "calendar_days": 7, "at_least": True},
    ]
    form["properties"]["remark"] = {"type": "string", "title": "备注", "maxLength": 50}
    form["properties"]["urgent"] = {"type": "boolean", "title": "加急"}
    routing["decide"][0]["when"] = {"/answers/urgent": {"const": True}}
    for name, said in (("item", item), ("form", form), ("routing", routing)):
        (folder / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    (folder / "templates" / "result.html").write_text("<p>{{ answers.remark }}</p>", "utf-8")
    for case in (folder / "cases").iterdir():
        case.unlink()
    return dataclasses.replace(town, plugins=(folder.parent,))


@pytest.fixture
def house(client: Client) -> Desk:
    return Desk(client)


def file(house: Desk, *, urgent: bool) -> str:
    body = {
        "applicant": {"kind": "person", "id_number": ELDER, "area": "320583103001"},
        "answers": {"phone": "13900000000", "urgent": urgent},
        "promises": ["vacant"],
    }
    made = house.client.http.post("/api/v1/items/lease-filing/cases", headers=house.client.token(), json=body)
    assert made.status_code == 201, made.text
    assert made.json()["decision"]["outcome"] == ("approve" if urgent else "review"), made.text
    return str(made.json()["no"])


def letters(page: str) -> dict[str, str]:
    """Title → text of every letter on a page, as a person reads it."""
    found = re.findall(
        r'<details class="letter"><summary>(.*?)<span.*?<div class="letter__text">(.*?)</div>', page, re.DOTALL
    )
    return {title.strip(): html.unescape(" ".join(re.sub(r"<[^>]+>", " ", text).split())) for title, text in found}


def post(house: Desk, no: str, path: str, **fields: str) -> Any:
    hidden = house.client.hidden(house.case(no))
    data = {"_csrf": hidden["_csrf"], "revision": hidden["revision"], **fields}
    return house.client.http.post(f"/admin/cases/{no}/{path}", data=data, follow_redirects=False)


def test_a_promise_is_written_though_the_items_own_letter_fails(house: Desk) -> None:
    no = file(house, urgent=True)
    house.sign_in(REVIEWER)
    page = house.case(no)
    assert "决定的文书没有生成" in page
    told = letters(page)
    assert list(told) == ["告知承诺书：房屋空置证明"]
    promise = told["告知承诺书：房屋空置证明"]
    for words in (
        f"办件编号：{no}",
        "申请办理“房屋租赁登记备案”，应当提交“房屋空置证明”",
        "所承诺的内容真实",
        CONSEQUENCE,
        "承诺时间：",
        "网上勾选",
    ):
        assert words in promise, words
    assert "承诺人：陈试甲" in promise, "the name that the register knows: the portal told none"
    house.sign_in("elder")
    notice = house.get(f"/cases/{no}/notice").text
    assert "告知承诺书" in notice
    assert "您申请的“房屋租赁登记备案”" in notice, "the decision, in plain words, stands before the promise"
    assert notice.index("您申请的“房屋租赁登记备案”") < notice.index("现书面承诺")


def test_an_untrue_promise_is_told_in_a_letter_that_takes_every_word_as_it_was_written(house: Desk) -> None:
    no = file(house, urgent=True)
    house.sign_in(REVIEWER)
    done = post(house, no, "materials/vacant/promise-false", because=HOSTILE, basis="《示例办法》第三条")
    assert done.status_code == 303, done.text
    told = letters(house.case(no))["告知承诺不实告知书：房屋空置证明"]
    for words in (
        f"办件编号：{no}",
        "就“房屋空置证明”所作的书面承诺，经核查与事实不符",
        f"核查情况：{HOSTILE}",
        "依据：《示例办法》第三条",
        f"后果：{CONSEQUENCE}",
        "陈述、申辩",
        "民政局",
    ):
        assert words in told, words
    assert told.count("陈试甲：您在办理") == 1, "by the name that the register knows: the portal told none"
    house.sign_in("elder")
    assert "告知承诺不实告知书" in house.get(f"/cases/{no}/notice").text
    assert "<b>房屋</b>" not in house.get(f"/cases/{no}/notice").text


@pytest.mark.parametrize(
    ("kind", "title", "law"),
    [
        ("hearing", "听证", "《中华人民共和国行政许可法》第四十五条"),
        ("expert_review", "专家评审", "《中华人民共和国行政许可法》第四十五条"),
        ("public_notice", "公示", "《示例条例》第九条"),
    ],
)
def test_a_pause_is_told_in_a_letter_with_its_kind_its_ground_and_its_end(
    house: Desk, kind: str, title: str, law: str
) -> None:
    no = file(house, urgent=False)
    house.sign_in(REVIEWER)
    own = {} if "行政许可法" in law else {"basis": law}
    long = HOSTILE + "，" + "很长的事由" * 390
    done = house.move(no, "pause", kind=kind, because=long, until=UNTIL, **own)
    assert done.status_code == 303, done.text
    told = letters(house.case(no))["不计入办理期限告知书"]
    for words in (
        f"编号：{no}",
        f"“房屋租赁登记备案”依法需要{title}，所需时间不计入办理期限",
        f"事由：{long[:2000]}",
        f"依据：{law}",
        f"预计 {UNTIL} 前结束",
        "民政局",
        "咨询电话：",
    ):
        assert words in told, words
    assert "陈试甲：您申请的" in told
    house.sign_in("elder")
    assert "查看和打印文书" in house.get(f"/cases/{no}").text
    page = house.get(f"/cases/{no}/notice").text
    assert "不计入办理期限告知书" in page
    assert title in page


def test_a_ground_that_the_item_declares_stops_the_clock_and_is_named_with_its_law(house: Desk) -> None:
    assert "房屋现场核查" in house.get("/items/lease-filing").text
    no = file(house, urgent=False)
    house.sign_in(REVIEWER)
    page = house.case(no)
    assert "房屋现场核查" in page
    assert "《示例办法》第六条 · 最多 5个工作日" in re.sub(r"<[^>]+>", "", page)
    late = house.move(no, "pause", kind="field-check", because="看房", until=UNTIL)
    assert (late.status_code, "到期没有结束的，写明理由再次中止" in late.text) == (422, True)
    assert house.move(no, "pause", kind="field-check", because="看房", until="").status_code == 303
    told = letters(house.case(no))["不计入办理期限告知书"]
    assert "依法需要房屋现场核查，所需时间不计入办理期限" in told
    assert "依据：《示例办法》第六条" in told
    assert "moves/resume" in house.case(no)
    house.sign_in("elder")
    page = house.get(f"/cases/{no}").text
    assert "房屋现场核查（《示例办法》第六条）" in page
    assert "因“房屋现场核查”中止，尚未恢复" in page


def test_a_ground_that_has_to_last_is_not_cut_short(house: Desk) -> None:
    no = file(house, urgent=False)
    house.sign_in(REVIEWER)
    soon = (date.today() + timedelta(days=2)).isoformat()
    early = house.move(no, "pause", kind="posting", because="张贴", until=soon)
    assert (early.status_code, "要满期才能结束" in early.text) == (422, True)
    assert house.move(no, "pause", kind="posting", because="张贴").status_code == 303
    assert "moves/resume" not in house.case(no)
    assert "“门前张贴”到" in house.case(no)
    assert house.move(no, "resume").status_code == 409
