"""Certificates for every row: an officer chooses which to give, and everybody is told where they are."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest

from core.settings import Settings
from tests.admin.conftest import Desk
from tests.conftest import Client

CITIZEN = "elder-no-account"
OFFICER = "reviewer-market-regulation-shipu"
ROWS = [{"name": "锅炉", "until": "2099-05-31", "tonnes": 4}, {"name": "行车", "tonnes": 50}]
ITEM = {
    "contract": 1, "title": "特种设备使用登记", "version": "1.0.0", "unit": "market-regulation", "audience": ["person"],
    "handling": "instant", "promised_days": 0, "channels": ["web"], "materials": [],
    "basis": ["示例规定第一条"], "result": {"title": "登记通知", "also": [
        {"id": "card", "title": "使用登记证（${/each/name}）", "each": "/answers/devices", "template": "card.html",
         "valid_until": "/each/until"},
        {"id": "manager", "title": "管理人员备案回执", "when": {"/answers/devices": {"minItems": 2}}},
    ]},
}  # fmt: skip
DEVICE = {
    "type": "object", "required": ["name", "tonnes"],
    "properties": {"name": {"type": "string", "title": "名称"}, "tonnes": {"type": "number", "title": "吨位"},
                   "until": {"type": "string", "format": "date", "title": "检验到"}},
}  # fmt: skip
FORM = {
    "$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["devices"],
    "properties": {"devices": {"type": "array", "title": "设备", "items": DEVICE}},
}  # fmt: skip
SOME = {"/answers/devices": {"minItems": 1}}
IN_PART = {"asked": "/answers/devices", "when": {"/each/tonnes": {"maximum": 10}}, "because": "超过十吨"}
ROUTING = {
    "sites": {"city": "decide"}, "area": "anywhere",
    "steps": [{"unit": "market-regulation", "days": 1, "when": SOME, "because": "看图"}],
    "decide": [{"when": SOME, "outcome": "approve", "because": "齐全", "basis": "法", "part": IN_PART}],
}  # fmt: skip
CARD = '<article class="letter"><h2>使用登记证</h2><p>{{ result.no }} {{ each.name }}</p></article>'


@pytest.fixture
def town(town: Settings, tmp_path: Path) -> Settings:
    folder = tmp_path / "shelf" / "device-cards"
    (folder / "templates").mkdir(parents=True)
    for name, said in (("item", ITEM), ("form", FORM), ("routing", ROUTING)):
        (folder / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    (folder / "templates" / "card.html").write_text(CARD, "utf-8")
    return dataclasses.replace(town, plugins=(folder.parent,))


@pytest.fixture
def house(client: Client) -> Desk:
    return Desk(client)


def filed(house: Desk) -> str:
    citizen = next(a for a in house.client.told["accounts"] if a["login"] == CITIZEN)
    applicant = {"kind": "person", "id_number": citizen["id_number"], "name": "甲", "area": "320583103001"}
    body: dict[str, Any] = {"applicant": applicant, "answers": {"devices": ROWS}}
    answer = house.client.http.post("/api/v1/items/device-cards/cases", json=body, headers=house.client.token())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["no"])


def test_the_officer_gives_what_he_ticks_and_says_why_he_gives_no_more(house: Desk) -> None:
    no = filed(house)
    house.sign_in(OFFICER)
    page = house.case(no)
    assert 'name="result/card/0" value="yes" checked' in page, "the rule grants this row"
    assert 'name="result/card/1" value="yes">' in page, "and not that one"
    said = {"outcome": "approve", "because": "图纸合格", "results": "yes", "result/card/0": "yes"}
    wrong = house.move(no, "decide", **said)
    assert wrong.status_code == 422
    assert "不发哪几份" in wrong.text
    assert 'name="result/manager" value="yes">' in wrong.text, "what was chosen stays"
    part = {"part": "只登记锅炉；行车不登记，也不用备案", "basis": "示例规定第一条"}
    assert house.move(no, "decide", **said, **part).status_code == 303
    assert f"{no}-1" in house.case(no)
    told = house.client.http.get(f"/api/v1/cases/{no}", headers=house.client.token()).json()
    card = {"id": "card", "title": "使用登记证（锅炉）", "no": f"{no}-1", "valid_until": "2099-05-31"}
    assert told["results"] == [card]

    house.sign_in(CITIZEN)
    for path in (f"/cases/{no}", "/me"):
        assert f'href="/cases/{no}/notice?document={no}-1"' in house.get(path).text
    every, alone = house.get(f"/cases/{no}/notice").text, house.get(f"/cases/{no}/notice?document={no}-1").text
    assert f"{no}-1 锅炉" in every
    assert f"{no}-1 锅炉" in alone
    assert "行车不登记" in every
    assert "行车不登记" not in alone, "one certificate is printed by itself"
    assert house.get(f"/cases/{no}/notice?document={no}-2").status_code == 404


def test_the_guide_says_what_is_given_besides(house: Desk) -> None:
    page = house.get("/items/device-cards").text
    assert "使用登记证（名称）" in page
    assert "（每一项各一份）" in page
    assert "管理人员备案回执" in page
