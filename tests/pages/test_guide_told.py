"""The guide page: what it costs, how long in which situation, what is yours to do; and no draft that would end."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from core.catalog.scaffold import new
from core.settings import Settings
from tests.conftest import Client

LAW = "《示例办法》第八条"
SAID: dict[str, Any] = {
    "fee": [{"title": "工本费", "amount": "12.00"}, {"title": "邮费", "amount": "8.5"}],
    "handling": "promised",
    "promised_days": [
        {"title": "加急", "when": {"/answers/urgent": {"const": True}}, "days": 2},
        {"title": "其余", "by": "09-30"},
    ],
    "correction": {"days": 20, "otherwise": "close", "basis": LAW},
    "pauses": [{"id": "posting", "title": "门前张贴", "basis": LAW, "calendar_days": 7, "at_least": True}],
}


@pytest.fixture
def town(town: Settings, tmp_path: Path) -> Settings:
    folder = new("item", "lease-filing", tmp_path / "shelf", {"title": "房屋租赁登记备案", "unit": "civil-affairs"})
    item, form, routing = (json.loads((folder / f"{n}.json").read_text("utf-8")) for n in ("item", "form", "routing"))
    today = date.today()
    far = {"from": (today + timedelta(days=300)).isoformat(), "to": (today + timedelta(days=310)).isoformat()}
    item |= SAID | {"open": [far]}
    item.pop("statutory_days", None)
    form["properties"]["urgent"] = {"type": "boolean", "title": "加急"}
    visit = {"party": True, "title": "到窗口拍照", "days": 5, "otherwise": "close", "basis": LAW}
    routing["steps"] = [visit, {"unit": "civil-affairs", "days": 1}]
    for name, said in (("item", item), ("form", form), ("routing", routing)):
        (folder / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    for case in (folder / "cases").iterdir():
        case.unlink()
    for file in folder.rglob("*.json"):
        file.write_text(file.read_text("utf-8").replace("请填写：", ""), "utf-8")
    return dataclasses.replace(town, plugins=(folder.parent,))


def test_the_page_says_what_it_costs_how_long_and_what_is_yours_to_do(client: Client) -> None:
    answer = client.http.get("/items/lease-filing")
    page = "".join(re.sub(r"<[^>]+>", "", answer.text).split())
    for words in (
        "要花钱吗20.50元",
        "加急：2个工作日",
        "其余：9月30日前",
        "到窗口拍照（轮到后5个工作日内）",
        "补正（通知了要补正的）（通知后20个工作日内）",
        "逾期没有完成的，按撤回申请处理",
        "门前张贴（最少7日",
    ):
        assert words in page, (words, page)


def test_no_draft_is_offered_that_would_end_before_it_could_be_filed(client: Client) -> None:
    page = client.http.get("/items/lease-filing").text
    assert "现在填的草稿已经过期" in page
    assert "先填写草稿" not in page
    assert 'href="/items/lease-filing/apply"' not in page
