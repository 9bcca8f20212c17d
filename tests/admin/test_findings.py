"""What a step finds: filled in at the desk, sealed with the case, read by the rules, proposed to whoever decides."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import httpx

from tests.conftest import Client

PLUGINS = Path(__file__).parents[2] / "plugins"
ITEM = "hygiene-permit-new"


def filed(client: Client) -> str:
    """A large place: somebody has to go and look."""
    case = json.loads((PLUGINS / ITEM / "cases" / "review-large.json").read_text(encoding="utf-8"))
    pdf = {"name": "a.pdf", "base64": "JVBERi0xLjQK"}
    body = {
        "applicant": case["applicant"],
        "answers": case["answers"],
        "promises": ["test"],
        "files": {one: [pdf] for one in case.get("given", ())},
    }
    answer = client.http.post(f"/api/v1/items/{ITEM}/cases", json=body, headers=client.token())
    assert answer.status_code == 201, answer.text
    return str(answer.json()["no"])


def reviewer(client: Client) -> None:
    health = [a for a in client.told["accounts"] if a["role"] == "reviewer" and "health" in a["login"]]
    number = [a for a in client.told["accounts"] if a["role"] == "reviewer"].index(health[0])
    client.sign_in("reviewer", number)


def post(client: Client, no: str, move: str, **said: Any) -> httpx.Response:
    page = client.http.get(f"/admin/cases/{no}").text
    hidden = client.hidden(page)
    fields = {"csrf": hidden.get("csrf", ""), **{k: v for k, v in hidden.items() if k != "step"}, **said}
    return client.http.post(f"/admin/cases/{no}/moves/{move}", data=fields, follow_redirects=False)  # type: ignore[return-value]


def step(client: Client, no: str) -> str:
    page = client.http.get(f"/admin/cases/{no}").text
    found = re.search(r'class="move finding".*?name="step" value="(\d+)"', page, re.DOTALL)
    return found[1] if found else ""


def test_a_finding_is_filled_in_at_the_desk_and_the_rules_read_it(client: Client) -> None:
    no = filed(client)
    reviewer(client)
    assert not step(client, no), "the inspection has not its turn yet"
    done = post(client, no, "finish_step", step="0", opinion="agree")
    assert done.status_code == 303, re.findall(r"role=.alert.*?</div>", done.text, re.DOTALL)
    at = step(client, no)
    page = client.http.get(f"/admin/cases/{no}").text
    assert "核查结论" in page
    assert "室内二氧化碳" in page

    wrong = post(
        client, no, "finish_step", step=at, opinion="agree", **{"/note": "没有单独的消毒间", "/co2_percent": "x"}
    )
    assert wrong.status_code == 422
    assert "没有单独的消毒间" in wrong.text, "what was written stays"
    assert step(client, no) == at, "nothing is done"

    said = {
        "/result": "不合格",
        "_y:/on": "2026",
        "_m:/on": "11",
        "_d:/on": "25",
        "/note": "没有单独的消毒间",
        "/co2_percent": "0.2",
    }
    done = post(client, no, "finish_step", step=at, opinion="object", because="现场核查不合格", **said)
    assert done.status_code == 303, re.findall(r"role=.alert.*?</div>", done.text, re.DOTALL)
    page = client.http.get(f"/admin/cases/{no}").text
    assert "各环节的结论" in page
    assert "没有单独的消毒间" in page
    assert "现场核查不合格（2026-11-25）" in page, "the rule that reads it is the proposal"
    assert "按规则应当" in page
    assert step(client, no) == ""
