"""共同申请 on pages: the buyer of a flat confirms, follows the case as his own, and ends it for both."""

from __future__ import annotations

import json
import re
from pathlib import Path

from tests.conftest import Client
from tests.pages.test_resume import Come, come

__all__ = ["come"]
BOTH_DATABASES = True
ITEM = "real-estate-transfer"
CASES = Path(__file__).parents[2] / "plugins" / ITEM / "cases"


def test_the_buyer_applies_jointly_once_he_has_confirmed(client: Client, come: Come) -> None:
    said = json.loads((CASES / "review-owners-confirmed.json").read_text("utf-8"))
    made = client.http.post(
        f"/api/v1/items/{ITEM}/cases",
        headers=client.token(),
        json={"applicant": said["applicant"], "answers": said["answers"]},
    )
    assert made.status_code == 201, made.text
    no = str(made.json()["no"])
    buyer, seller = come("worker"), come("landlord")
    asked = buyer.get("/me")
    assert "您同意了，就是这件申请的共同申请人" in asked
    assert f'/cases/{no}"' not in asked
    buyer.get(f"/cases/{no}", status=404)
    buyer.post(f"/cases/{no}/confirm/buyer", "/me", answer="yes")
    assert f'href="/cases/{no}"' in buyer.get("/me")
    page = buyer.get(f"/cases/{no}")
    for words in ("共同申请人：", "严虚子", "撤回申请", "您撤回了，其他申请人的也一起结束"):
        assert words in page, words
    revision = re.search(r'name="_revision" value="(\d+)"', page)
    assert revision is not None
    buyer.post(f"/cases/{no}", f"/cases/{no}", action="withdraw", _revision=revision[1])
    assert "已撤回" in seller.get("/me")
    assert "应缴费用" not in seller.get(f"/cases/{no}"), "nothing is owed for what was taken back"
    told = seller.get(f"/cases/{no}/notice")
    assert "共同申请撤回告知书" in told
    assert "由严虚子撤回" in told
