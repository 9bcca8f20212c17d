"""替单位确认: what is asked of a firm, its legal representative answers at `/me`, or who holds its mandate."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from core.catalog.scaffold import new
from core.kernel import LEGAL_TIME
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
    item["agents"] = ["mandate"]
    item["materials"].append(
        {"id": "tenant", "title": "承租单位确认", "fallback": {"confirm": "/answers/tenant/credit_code"}}
    )
    form = json.loads((folder / "form.json").read_text("utf-8"))
    form["properties"]["tenant"] = {"$ref": "urn:lingban:common:enterprise:1", "title": "承租单位"}
    for name, said in {"item.json": item, "form.json": form}.items():
        (folder / name).write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    for case in (folder / "cases").iterdir():
        case.unlink()
    for file in folder.rglob("*.json"):  # with a text still to be written it would be its author's alone
        file.write_text(file.read_text("utf-8").replace("请填写：", ""), "utf-8")
    return dataclasses.replace(town, plugins=(folder.parent,))


def lease(client: Client, key: str) -> str:
    """An application of a person that asks the firm; its number."""
    tenant = {"name": "虚山市示例餐饮有限公司", "credit_code": FIRM, "contact": "谢样未", "telephone": "13900000000"}
    filed = client.http.post(
        "/api/v1/items/lease-filing/cases",
        headers={**client.token(), "Idempotency-Key": key},
        json={
            "applicant": {"kind": "person", "id_number": OWNER},
            "answers": {"phone": "13900000000", "tenant": tenant},
        },
    )
    assert filed.status_code == 201, filed.text
    return str(filed.json()["no"])


def test_who_holds_the_firm_s_mandate_for_the_matter_answers_for_it(client: Client, come: Come) -> None:
    no, boss, agent = lease(client, "2"), come("firm-food"), come("mother")
    agent.post(f"/cases/{no}/confirm/tenant", "/me", status=404, answer="yes", firm=FIRM)
    since = datetime.now(LEGAL_TIME).date()
    wish = {
        "whom": "firm", "credit_code": FIRM, "name": "杨例丙", "id_number": agent.account["id_number"],
        "since": since.isoformat(), "until": (since + timedelta(days=30)).isoformat(),
    }  # fmt: skip
    assert 'value="lease-filing"' in boss.get("/me/mandates/new?whom=firm"), (
        "a firm may be asked, though it cannot apply"
    )
    for item in ("shop-sign", "lease-filing"):
        assert "没有要这家单位确认的事" in agent.get(f"/me?firm={FIRM}"), (
            "a mandate for another matter is none for this"
        )
        text = boss.post("/me/mandates/new", **wish, item=item)
        assert "在他人申请此事时代为表示是否同意" in text
        digest = re.search(r'name="digest" value="([0-9a-f]{64})"', text)
        assert digest
        boss.post("/me/mandates/new", **wish, item=item, step="sign", digest=digest[1], agree="yes")
    paper = boss.at.partition("?")[0]
    held = agent.get("/me")
    assert "/items/shop-sign/apply?mandate=" in held
    assert "/items/lease-filing/apply" not in held, "the firm cannot apply for it"
    assert f'href="/me?firm={FIRM}"' in held
    assert "承租单位确认" in agent.get(f"/me?firm={FIRM}")
    second = lease(client, "3")
    assert "您的意见已记下" in agent.post(f"/cases/{no}/confirm/tenant", f"/me?firm={FIRM}", answer="yes")
    case = client.http.get(f"/api/v1/cases/{no}", headers=client.token())
    assert case.json()["decision"]["outcome"] == "approve", case.text
    boss.post(f"/me/mandates/{paper.rpartition('/')[2]}/end", "/me")
    agent.post(f"/cases/{second}/confirm/tenant", "/me", status=404, answer="yes", firm=FIRM)
    assert "没有要这家单位确认的事" in agent.get(f"/me?firm={FIRM}"), "a mandate that has ended lets nobody answer"


def test_the_legal_representative_answers_for_the_firm_and_nobody_else(client: Client, come: Come) -> None:
    no = lease(client, "1")
    stranger = come("mother")
    assert "没有要这家单位确认的事" in stranger.get(f"/me?firm={FIRM}")
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
