"""请您确认: what one application asks of several others, from the first yes to a refusal, and to nobody's answer."""

from __future__ import annotations

import dataclasses
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from core import jobs
from core.catalog.scaffold import new
from core.kernel import Kernel
from core.settings import Settings
from tests.admin.conftest import REVIEWER
from tests.conftest import Client
from tests.pages.test_resume import Come, come

__all__ = ["come"]
BOTH_DATABASES = True
OWNER = "elder"
OTHERS = ("mother", "elder-79")


@pytest.fixture
def town(town: Settings, tmp_path: Path) -> Settings:
    """With one more item: a lease that every other owner has to confirm within five working days."""
    folder = new("item", "shared-lease", tmp_path / "shelf", {"title": "共有房屋出租备案", "unit": "civil-affairs"})
    item, form = (json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("item", "form"))
    fallback = {"confirm": "/answers/owners/*/number", "days": 5, "otherwise": "upload"}
    item["materials"].append(
        {
            "id": "owners",
            "title": "共有人同意出租",
            "fallback": fallback,
            "note": "共有人在自己的手机上确认，不用到场。",
        }
    )
    number = {"$ref": "urn:lingban:common:id-number:1", "title": "公民身份号码"}
    row = {"type": "object", "properties": {"number": number}, "required": ["number"]}
    form["properties"]["owners"] = {"type": "array", "title": "共有人", "items": row, "minItems": 1}
    for name, said in {"item": item, "form": form}.items():
        (folder / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    for case in (folder / "cases").iterdir():
        case.unlink()
    return dataclasses.replace(town, plugins=(folder.parent,))


def number_of(client: Client, login: str) -> str:
    return str(next(a["id_number"] for a in client.told["accounts"] if a["login"] == login))


def file(client: Client) -> str:
    rows = [{"number": number_of(client, login)} for login in OTHERS]
    made = client.http.post(
        "/api/v1/items/shared-lease/cases",
        headers=client.token(),
        json={
            "applicant": {"kind": "person", "id_number": number_of(client, OWNER), "area": "320583103001"},
            "answers": {"phone": "13900000000", "owners": rows},
        },
    )
    assert made.status_code == 201, made.text
    assert made.json()["decision"]["outcome"] == "review"
    return str(made.json()["no"])


def outcome(client: Client, no: str) -> Any:
    return client.http.get(f"/api/v1/cases/{no}", headers=client.token()).json()["decision"]["outcome"]


def test_each_says_yes_for_himself_and_the_last_one_lets_the_rules_decide(client: Client, come: Come) -> None:
    no = file(client)
    first, last, owner, desk = come(OTHERS[0]), come(OTHERS[1]), come(OWNER), come(REVIEWER)
    asked = first.get("/me")
    for words in ("请您确认", "共有人同意出租", "陈试甲", "共有房屋出租备案", "不用到场", "我同意", "不同意"):
        assert words in asked, words
    assert number_of(client, OWNER) not in asked, "a name, never a number"
    assert "请您确认" not in owner.get("/me")
    mine = owner.get(f"/cases/{no}")
    assert "等另一方确认，最晚 " in mine
    assert "前补交" not in mine, "he has nothing to hand in"
    assert "待他方确认" in desk.get(f"/admin/cases/{no}")
    owner.post(f"/cases/{no}/confirm/owners", "/me", status=404, answer="yes")
    assert "您的意见已记下" in first.post(f"/cases/{no}/confirm/owners", "/me", answer="yes")
    assert "共有人同意出租" not in first.get("/me"), "he has answered"
    first.post(f"/cases/{no}/confirm/owners", "/me", status=409, answer="no")
    assert "已有 1 方确认，还有 1 方没有确认" in desk.get(f"/admin/cases/{no}")
    assert outcome(client, no) == "review"
    last.post(f"/cases/{no}/confirm/owners", "/me", answer="yes")
    assert outcome(client, no) == "approve"
    assert owner.get(f"/cases/{no}").count("对方已确认") >= 2, "the time line tells both"
    assert "待他方确认" not in desk.get(f"/admin/cases/{no}"), "the mark of the material is no longer that of waiting"


def test_one_no_makes_the_item_want_a_paper_and_asks_nobody_else(client: Client, come: Come) -> None:
    no = file(client)
    first, last, owner, desk = come(OTHERS[0]), come(OTHERS[1]), come(OWNER), come(REVIEWER)
    first.post(f"/cases/{no}/confirm/owners", "/me", answer="no")
    assert "共有人同意出租" not in last.get("/me"), "his word would change nothing"
    last.post(f"/cases/{no}/confirm/owners", "/me", status=409, answer="yes")
    mine = owner.get(f"/cases/{no}")
    assert "对方表示不同意" in mine
    assert 'type="file"' in mine
    assert "对方表示不同意。请提交其他证明。" in desk.get(f"/admin/cases/{no}")
    assert outcome(client, no) == "review"


def test_who_says_nothing_in_time_is_waited_for_no_longer(
    client: Client, come: Come, monkeypatch: pytest.MonkeyPatch
) -> None:
    no = file(client)
    kernel: Kernel = client.http.app.state.kernel  # type: ignore[attr-defined]
    first, last, owner = come(OTHERS[0]), come(OTHERS[1]), come(OWNER)
    first.post(f"/cases/{no}/confirm/owners", "/me", answer="yes")
    later = kernel.today() + timedelta(days=12)
    with monkeypatch.context() as patched:
        patched.setattr(kernel, "today", lambda: later)
        assert client.http.portal is not None
        client.http.portal.call(jobs.legal_clock, kernel)
    assert "共有人同意出租" not in last.get("/me")
    last.post(f"/cases/{no}/confirm/owners", "/me", status=409, answer="yes")
    mine = owner.get(f"/cases/{no}")
    assert "到期没有全部确认" in mine
    assert 'type="file"' in mine
