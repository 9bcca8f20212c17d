"""替单位确认: what an application asks of a firm, its registered legal representative alone answers at `/me`."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import pytest

from core.catalog.scaffold import new
from core.settings import Settings
from tests.conftest import Client
from tests.pages.test_resume import Come, come

__all__ = ["come"]
FIRM = "91320583MAXX000153"
OWNER = "320583194005129913"


@pytest.fixture
def town(town: Settings, tmp_path: Path) -> Settings:
    """With one more item: a lease that the firm which rents has to confirm."""
    folder = new("item", "lease-filing", tmp_path / "shelf", {"title": "房屋租赁登记备案", "unit": "housing"})
    item = json.loads((folder / "item.json").read_text("utf-8"))
    item["materials"].append(
        {"id": "tenant", "title": "承租单位确认", "fallback": {"confirm": "/answers/tenant/credit_code"}}
    )
    form = json.loads((folder / "form.json").read_text("utf-8"))
    form["properties"]["tenant"] = {"$ref": "urn:lingban:common:enterprise:1", "title": "承租单位"}
    for name, said in {"item.json": item, "form.json": form}.items():
        (folder / name).write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    for case in (folder / "cases").iterdir():
        case.unlink()
    return dataclasses.replace(town, plugins=(folder.parent,))


def test_the_legal_representative_answers_for_the_firm_and_nobody_else(client: Client, come: Come) -> None:
    tenant = {"name": "虚山市示例餐饮有限公司", "credit_code": FIRM, "contact": "谢样未", "telephone": "13900000000"}
    filed = client.http.post(
        "/api/v1/items/lease-filing/cases",
        headers={**client.token(), "Idempotency-Key": "1"},
        json={
            "applicant": {"kind": "person", "id_number": OWNER},
            "answers": {"phone": "13900000000", "tenant": tenant},
        },
    )
    assert filed.status_code == 201, filed.text
    stranger = come("mother")
    assert "没有要这家单位确认的事" in stranger.get(f"/me?firm={FIRM}")
    no = filed.json()["no"]
    stranger.post(f"/cases/{no}/confirm/tenant", "/me", status=404, answer="yes", firm=FIRM)
    boss = come("firm-food")
    assert "承租单位确认" not in boss.get("/me")
    assert "没有要这家单位确认的事" in boss.get("/me?firm=91320583MAXX00066B")
    asked = boss.get(f"/me?firm={FIRM}")
    assert "承租单位确认" in asked
    assert OWNER not in asked, "the other party is told a name, never a number"
    done = boss.post(f"/cases/{no}/confirm/tenant", f"/me?firm={FIRM}", answer="yes")
    assert "您的意见已记下" in done
    assert "没有要这家单位确认的事" in boss.get(f"/me?firm={FIRM}")
    case = client.http.get(f"/api/v1/cases/{no}", headers=client.token())
    assert case.json()["decision"]["outcome"] == "approve", case.text
