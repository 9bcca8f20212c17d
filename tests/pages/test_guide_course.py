"""The guide of an item tells all that its author wrote of it: the steps, the sums, the situations, whom to call."""

from __future__ import annotations

import dataclasses
import html
import json
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.catalog.scaffold import new
from core.settings import Settings
from tests.conftest import Client


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    """A permit to fell trees, with everything of a guide that a person reads."""
    folder = new("item", "felling", tmp_path / "shelf", {"title": "林木采伐许可", "unit": "natural-resources"})
    for file in folder.rglob("*.json"):
        file.write_text(file.read_text("utf-8").replace("请填写：", ""), "utf-8")
    mended(
        folder / "form.json",
        properties={
            "owner": {
                "title": "林木归谁",
                "oneOf": [{"const": "own", "title": "个人"}, {"const": "all", "title": "集体"}],
            },
            "m3": {"type": "number", "title": "蓄积（立方米）"},
            "near": {"type": "boolean", "title": "靠近公路"},
            "plots": {
                "type": "array",
                "title": "小班",
                "items": {"type": "object", "properties": {"name": {"type": "string", "title": "小班名称"}}},
            },
        },
        required=["owner", "m3", "near"],
    )
    mended(
        folder / "item.json",
        handling="promised",
        promised_days=3,
        telephone="0512-55550199",
        complaints="12345",
        hours="周一至周五上午",
        deliver={"days": 5},
        quota="限额用完的，当年不再核发",
        appointment=True,
        joint_units=["transport"],
        materials=[
            {
                "id": "vote",
                "title": "村民会议决议",
                "when": {"/answers/owner": {"const": "all"}},
                "basis": "《森林法》（示例）",
            },
            {"id": "survey", "title": "调查设计", "when": {"/answers/m3": {"exclusiveMinimum": 15}}},
            {
                "id": "road",
                "title": "公路部门意见",
                "when": {"/answers/near": {"const": True}},
                "fallback": "promise",
                "consequence": "承诺不实的，采伐证作废。",
            },
            {"id": "old", "title": "原证", "when": {"/lookups/natural_person/birth_date": {"x-age": {"minimum": 80}}}},
        ],
        result={
            "title": "准予采伐决定书",
            "valid_until": "12-31",
            "also": [{"id": "permit", "title": "采伐证（${/each/name}）", "each": "/answers/plots", "valid": "P1Y"}],
            "amount": [
                {"title": "补贴", "amount": "2.00", "times": ["/answers/m3"], "when": {"/answers/m3": {"minimum": 5}}},
                {
                    "title": "奖励",
                    "least": [
                        {"title": "按蓄积", "amount": "7.00", "times": ["/answers/m3"]},
                        {"title": "封顶", "amount": "700.00"},
                    ],
                },
            ],
        },
    )
    mended(
        folder / "item.json",
        handover=[{"id": "stamp", "title": "号印", "place": "林业站", "when": {"/answers/owner": {"const": "all"}}}],
        duties=[
            {
                "id": "replant",
                "title": "更新造林",
                "party": True,
                "within": "P1Y",
                "when": {"/answers/m3": {"minimum": 8}},
                "because": "采伐八立方米以上的，第二年补种",
            }
        ],
    )
    mended(
        folder / "routing.json",
        steps=[
            {"unit": "natural-resources", "title": "现场查验", "level": "town", "days": 3, "counts": False},
            {"by": "村民委员会", "title": "公示", "calendar_days": 5, "at_least": True, "counts": False},
            {
                "title": "会商",
                "unit": "transport",
                "days": 1,
                "when": {"/answers/near": {"const": True}},
                "because": "靠近公路",
            },
        ],
    )
    shutil.rmtree(folder / "cases")
    return folder


def mended(file: Path, **changes: Any) -> None:
    file.write_text(json.dumps({**json.loads(file.read_text("utf-8")), **changes}, ensure_ascii=False), "utf-8")


@pytest.fixture
def town(town: Settings, shelf: Path) -> Settings:
    return dataclasses.replace(town, plugins=(shelf.parent,))


TOLD = [
    "0512-55550199",
    "12345",
    "周一至周五上午",
    "限额用完的，当年不再核发",
    "可以预约",
    "联办机构",
    "《森林法》（示例）",
    # which situation wants which paper; what rests on a register is not told
    "（“林木归谁”是“集体”的才要）",
    "（“蓄积（立方米）”超过15的才要）",
    "（“靠近公路”选“是”的才要）",
    "（部分情形需要）",
    # the way, and what comes to the promised days
    "自然资源和规划局（镇级）",
    "满 5 日（自然日）才能办完，不计入办理期限",
    "不是每件都有：靠近公路",
    "另加：现场查验、公示（不计入时限）",
    # what one gets, and for how long
    "补贴：2.00 元 × 蓄积（立方米）",
    "（“蓄积（立方米）”不低于5）",
    "决定后5个工作日内",
    "采伐证（小班名称）",
    "有效期：1年",
    "到决定之后的第一个12月31日为止",
    "奖励：取下面最少的一项",
    "按蓄积：7.00 元 × 蓄积（立方米）",
    "封顶：700.00 元",
    # what comes after, and to whom
    "号印（“林木归谁”是“集体”）",
    "更新造林（“蓄积（立方米）”不低于8）（由您办）",
    "采伐八立方米以上的，第二年补种",
]


def test_what_an_author_wrote_for_people_is_on_the_page(client: Client) -> None:
    page = " ".join(html.unescape(re.sub(r"<[^>]+>", "", client.http.get("/items/felling").text)).split())
    assert [told for told in TOLD if told not in page] == []


def test_a_question_that_an_answer_brings_is_called_by_its_title_too(client: Client) -> None:
    page = html.unescape(client.http.get("/items/restaurant-opening").text)
    assert "店招标牌设置许可（设在哪里）" in page
    assert "不晚于“设到哪天（不写就是两年）”" in page
    english = html.unescape(client.http.get("/items/restaurant-opening?lang=en").text)
    assert not re.search("position|“until”", re.sub("<[^>]*>", "", english))


def test_the_promise_that_is_ticked_says_what_the_signed_one_will_say(client: Client) -> None:
    elder = next(one for one in client.told["accounts"] if one["login"] == "elder")
    page = client.http.get("/login")
    fields = client.hidden(page.text) | {"login": "elder", "password": elder["password"]}
    client.http.post("/login", data=fields)
    page = client.http.get("/items/legal-aid/apply")
    draft = client.http.post("/items/legal-aid/apply", data=client.hidden(page.text) | {"kind": "person"})
    told = client.hidden(draft.text) | {"/matter": "请求支付劳动报酬", "action": "check"}
    text = html.unescape(client.http.post(draft.url.path, data=told).text)
    assert "我书面承诺具备“经济困难状况”所证明的条件。承诺不实的，终止法律援助，追缴费用，记入信用记录。" in text
