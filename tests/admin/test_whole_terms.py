"""A step whose days nobody may cut short, on the desk's page and the applicant's."""

from __future__ import annotations

import dataclasses
import json
import os
from pathlib import Path

import pytest

from core.catalog.scaffold import new
from core.settings import Settings
from tests.admin.conftest import REVIEWER, Desk
from tests.conftest import Client

ELDER = "320583194005129913"


@pytest.fixture
def town(town: Settings, tmp_path: Path) -> Settings:
    folder = new("item", "list-filing", tmp_path / "shelf", {"title": "名单备案", "unit": "civil-affairs"})
    routing = json.loads((folder / "routing.json").read_text("utf-8"))
    routing["steps"] = [
        {"unit": "civil-affairs", "title": "名单公示", "calendar_days": 10, "counts": False, "at_least": True}
    ]
    (folder / "routing.json").write_text(json.dumps(routing, ensure_ascii=False), "utf-8")
    for case in (folder / "cases").iterdir():
        os.unlink(case)
    return dataclasses.replace(town, plugins=(folder.parent,))


def test_the_desk_says_until_when_and_offers_nothing_that_would_be_refused(client: Client) -> None:
    house = Desk(client)
    body = {
        "applicant": {"kind": "person", "id_number": ELDER, "area": "320583103001"},
        "answers": {"phone": "13900000000"},
    }
    made = client.http.post("/api/v1/items/list-filing/cases", headers=client.token(), json=body)
    assert made.status_code == 201, made.text
    said = made.json()
    assert said["decision"]["outcome"] == "review", "no rule approves over it"
    assert said["route"]["steps"][0]["at_least"] is True
    no = str(said["no"])
    house.sign_in(REVIEWER)
    page = house.case(no)
    assert "“名单公示”到" in page
    assert "才期满" in page
    assert "期满" in page
    for offered in (f"/admin/cases/{no}/moves/finish_step", 'name="outcome" value="approve"'):
        assert offered not in page, offered
    refused = house.move(no, "finish_step", step="0", opinion="agree")
    assert refused.status_code == 409
    house.sign_in("elder")
    own = client.http.get(f"/cases/{no}").text
    assert "期满" in own
    assert "已算在告知的日期里" in own
