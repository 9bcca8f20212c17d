"""`/admin/outgoing`: a letter to somebody outside is printed, sent, and noted with what shows it."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import Path

import pytest

from core.catalog.scaffold import new
from core.settings import Settings
from tests.admin.conftest import REVIEWER, Desk
from tests.conftest import Client

ELDER = "320583194005129913"
LETTER = {
    "id": "landlord", "title": "告知出租人", "template": "landlord.html", "on": "filed",
    "to": {"name": "/answers/landlord", "address": "/answers/address"},
}  # fmt: skip


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    folder = new("item", "lease-filing", tmp_path / "shelf", {"title": "房屋租赁登记备案", "unit": "civil-affairs"})
    for name in ("form", "item"):
        said = json.loads((folder / f"{name}.json").read_text("utf-8"))
        if name == "item":
            said["letters"] = [LETTER]
        else:
            said["properties"] |= {key: {"type": "string", "title": key} for key in ("landlord", "address")}
        (folder / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    (folder / "templates" / "landlord.html").write_text("<p>{{ letter.to }}：房屋已经备案。</p>", "utf-8")
    return folder


@pytest.fixture
def town(town: Settings, shelf: Path) -> Settings:
    return dataclasses.replace(town, plugins=(shelf.parent,))


@pytest.fixture
def house(client: Client) -> Desk:
    return Desk(client)


def file(house: Desk, **answers: str) -> str:
    applicant = {"kind": "person", "id_number": ELDER, "area": "320583103001"}
    body = {"applicant": applicant, "answers": {"phone": "13900000000", **answers}}
    made = house.client.http.post("/api/v1/items/lease-filing/cases", headers=house.client.token("portal"), json=body)
    assert made.status_code == 201, made.text
    return str(made.json()["no"])


def test_it_waits_on_the_desk_until_it_is_noted_how_it_was_sent(house: Desk) -> None:
    no = file(house, landlord="秦样甲", address="试浦社区样板苑2幢")
    house.sign_in(REVIEWER)
    assert "1 份文书待寄出" in house.get("/admin/").text
    listed = house.get("/admin/outgoing").text
    assert "写给秦样甲" in listed
    (path,) = set(re.findall(r'href="(/admin/outgoing/[^"?]+)"', listed))
    assert f'href="{path}"' in house.case(no)
    page = house.get(path).text
    assert "秦样甲：房屋已经备案。" in page
    assert "试浦社区样板苑2幢" in page
    fields = house.client.hidden(page)
    wrong = house.client.http.post(path, data={**fields, "method": "mail", "note": "", "on": ""})
    assert wrong.status_code == 422
    assert "邮寄单号、谁签收的" in wrong.text
    assert 'value="mail" required checked' in wrong.text
    sent = {**fields, "method": "mail", "note": "EMS123", "on": ""}
    assert house.client.http.post(path, data=sent, follow_redirects=False).status_code == 303
    assert house.client.http.post(path, data=sent, follow_redirects=False).status_code == 409
    assert "EMS123" in house.get(path).text
    assert "没有待寄出的文书" in house.get("/admin/outgoing").text
    assert "份文书待寄出" not in house.get("/admin/").text
    case = house.case(no)
    assert "寄出文书" in case
    assert "已送出" in case
    house.client.http.cookies.clear()
    seen = house.client.http.get(f"/api/v1/cases/{no}", headers=house.client.token("portal"))
    assert seen.status_code == 200


def test_who_is_named_without_a_place_is_to_be_asked_for_and_another_office_finds_none(house: Desk) -> None:
    file(house, landlord="秦样甲")
    house.sign_in(REVIEWER)
    (path,) = set(re.findall(r'href="(/admin/outgoing/[^"?]+)"', house.get("/admin/outgoing").text))
    assert "申请人没有写怎样找到他" in house.get(path).text
    house.sign_in("reviewer-credit-office")
    assert house.get(path).status_code == 404
    assert "没有待寄出的文书" in house.get("/admin/outgoing").text
    house.sign_in(house.one_of("auditor"))
    assert house.get("/admin/outgoing").status_code == 403
