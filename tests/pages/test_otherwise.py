"""One party, and a way on that differs by situation: what is wanted once he says no is what his situation names."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.catalog.scaffold import new
from core.cli import main
from core.settings import Settings
from tests.conftest import Client
from tests.pages.test_resume import Come, come

__all__ = ["come"]
OWNER = "320583194005129913"
TENANT = {"confirm": "/answers/tenant", "days": 10, "otherwise": "upload"}
URGENT = {"when": {"/answers/way": {"const": "加急"}}, "fallback": {**TENANT, "days": 3, "otherwise": "staff"}}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = new("item", "lease-filing", tmp_path / "shelf", {"title": "房屋租赁登记备案", "unit": "housing"})
    item = json.loads((made / "item.json").read_text("utf-8"))
    tenant = {"id": "tenant", "title": "承租人确认", "fallback": [URGENT, {"fallback": TENANT}]}
    item |= {"materials": [*item["materials"], tenant], "handling": "promised", "statutory_days": 20}
    item["promised_days"] = [{"when": URGENT["when"], "days": 2}, {"days": 9}]
    form = json.loads((made / "form.json").read_text("utf-8"))
    form["properties"]["tenant"] = {"type": "string", "title": "承租人"}
    form["properties"]["way"] = {"enum": ["加急", "一般"], "title": "办理方式"}
    for name, said in {"item.json": item, "form.json": form}.items():
        (made / name).write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    for case in (made / "cases").iterdir():
        case.unlink()
    return made


@pytest.fixture
def town(town: Settings, folder: Path) -> Settings:
    return dataclasses.replace(town, plugins=(folder.parent,))


def tenant_of(case: dict[str, Any]) -> str:
    return next(str(one["status"]) for one in case["materials"] if one["id"] == "tenant")


@pytest.mark.parametrize(
    ("way", "then", "told"), [("加急", "staff", "工作人员处理"), ("一般", "upload", "提交其他证明")]
)
def test_who_says_no_leaves_what_his_situation_names(
    client: Client, come: Come, way: str, then: str, told: str
) -> None:
    mother = next(one for one in client.told["accounts"] if one["login"] == "mother")
    answers = {"phone": "13900000000", "tenant": mother["id_number"], "way": way}
    filed = client.http.post(
        "/api/v1/items/lease-filing/cases",
        headers={**client.token(), "Idempotency-Key": then},
        json={"applicant": {"kind": "person", "id_number": OWNER}, "answers": answers},
    )
    assert filed.status_code == 201, filed.text
    no = filed.json()["no"]
    assert tenant_of(filed.json()) == "confirm"
    come("mother").post(f"/cases/{no}/confirm/tenant", "/me", answer="no")
    after = client.http.get(f"/api/v1/cases/{no}", headers=client.token()).json()
    assert tenant_of(after) == then
    assert told in after["decision"]["because"]


def test_each_line_of_the_days_is_a_branch_that_scenarios_see(folder: Path) -> None:
    applicant = {"kind": "person", "id_number": OWNER, "area": "320583103001"}
    said: dict[str, Any] = {"title": "一般", "today": "2026-11-23", "applicant": applicant, "lookups": {}}
    said["answers"] = {"phone": "13900000000", "tenant": "320583196805129915", "way": "一般"}
    said["expect"] = {"materials": {"tenant": "confirm"}, "deadline": "2026-12-04"}
    (folder / "cases" / "ordinary.json").write_text(json.dumps(said), "utf-8")
    one = CliRunner().invoke(main, ["test", str(folder)])
    assert "item.json#/promised_days/0" in one.output
    assert "item.json#/promised_days/1" not in one.output
    said["answers"]["way"] = "加急"
    said |= {"confirmed": ["tenant"], "expect": {"materials": {"tenant": "confirm"}, "deadline": "2026-11-25"}}
    (folder / "cases" / "urgent.json").write_text(json.dumps(said), "utf-8")
    both = CliRunner().invoke(main, ["test", str(folder)])
    assert both.exit_code == 0, both.output
    assert "promised_days" not in both.output
