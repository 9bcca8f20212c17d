"""What a step finds: filled in at the desk, sealed with the case, read by the rules, proposed to whoever decides."""

from __future__ import annotations

import dataclasses
import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.testclient import TestClient

from core.settings import Settings
from tests.conftest import Client

BOTH_DATABASES = True

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

    written = {"/inspection/note": "没有单独的消毒间", "/inspection/co2_percent": "x"}
    wrong = post(client, no, "finish_step", step=at, opinion="agree", **written)
    assert wrong.status_code == 422
    assert "没有单独的消毒间" in wrong.text, "what was written stays"
    assert step(client, no) == at, "nothing is done"

    said = {
        "/inspection/result": "不合格",
        "_y:/inspection/on": "2026",
        "_m:/inspection/on": "11",
        "_d:/inspection/on": "25",
        "/inspection/note": "没有单独的消毒间",
        "/inspection/co2_percent": "0.2",
    }
    done = post(client, no, "finish_step", step=at, opinion="object", because="现场核查不合格", **said)
    assert done.status_code == 303, re.findall(r"role=.alert.*?</div>", done.text, re.DOTALL)
    page = client.http.get(f"/admin/cases/{no}").text
    assert "各环节的结论" in page
    assert "没有单独的消毒间" in page
    assert "现场核查不合格（2026-11-25）" in page, "the rule that reads it is the proposal"
    assert "按规则应当" in page
    assert step(client, no) == ""


def test_the_desk_leads_to_the_findings_before_it_offers_an_approval(client: Client) -> None:
    no = filed(client)
    reviewer(client)
    page = client.http.get(f"/admin/cases/{no}").text
    assert re.search("“[^”]+”的结论由[^，]+填写，轮到它时填。", page), "somebody else has to be first"
    assert post(client, no, "finish_step", step="0", opinion="agree").status_code == 303
    at, page = step(client, no), client.http.get(f"/admin/cases/{no}").text
    assert f'<a href="#h-finding-{at}">' in page, "to where it is filled in"
    assert f'id="h-finding-{at}"' in page
    assert 'name="outcome" value="approve"' not in page
    early = post(client, no, "decide", outcome="approve", because="符合")
    assert early.status_code == 422
    assert "还没有填写结论，不能准予" in early.text
    assert step(client, no) == at, "the decision has not finished it"

    assert post(client, no, "finish_step", step=at, opinion="agree", **found("合格", "25")).status_code == 303
    later = post(client, no, "decide", outcome="approve", because="符合")
    assert "还没有填写结论" not in later.text, "what it waits for now are the papers"


def found(result: str, day: str, **more: str) -> dict[str, str]:
    return {
        "/inspection/result": result,
        "_y:/inspection/on": "2026",
        "_m:/inspection/on": "11",
        "_d:/inspection/on": day,
        **{f"/inspection/{name}": value for name, value in more.items()},
    }


def test_a_step_is_done_again_until_it_is_well_and_rules_read_its_last_round_alone(client: Client) -> None:
    no = filed(client)
    reviewer(client)
    assert post(client, no, "finish_step", step="0", opinion="agree").status_code == 303
    at = step(client, no)

    once = post(
        client,
        no,
        "finish_step",
        step=at,
        opinion="object",
        because="未达标",
        **found("限期整改", "25", note="没有消毒间"),
    )
    assert once.status_code == 303
    assert once.headers["location"].endswith("done=again")
    page = client.http.get(once.headers["location"]).text
    assert "等复查" in page
    assert step(client, no) == at, "it is still this step's turn"
    assert "（第2次）" in page
    assert "现场核查发现的问题请在十日内整改，届时复查" in page
    assert "第1次办理后要求整改，次日起为复查重新计算" in page
    assert "按规则应当" not in page or "现场核查不合格" not in page, "no rule reads an unfinished round"

    assert page.count("<h2>整改和复查告知书</h2>") == 1, "the applicant is told in writing"
    assert "<p>要求：现场核查发现的问题请在十日内整改，届时复查</p>" in page
    assert "<p>说明：未达标</p>" in page
    assert re.search(r"将在 \d{4}-\d\d-\d\d 前再办理一次", page)

    second = post(
        client,
        no,
        "finish_step",
        step=at,
        opinion="object",
        because="仍未达标",
        **found("限期整改", "26", note="没有排风"),
    )
    assert second.status_code == 303
    assert step(client, no) == at
    last = post(
        client,
        no,
        "finish_step",
        step=at,
        opinion="object",
        because="仍未达标",
        **found("限期整改", "27", note="还是没有"),
    )
    assert last.headers["location"].endswith("done=finish_step"), "no round is left"
    page = client.http.get(f"/admin/cases/{no}").text
    assert step(client, no) == ""
    assert page.count("<h2>整改和复查告知书</h2>") == 2, "one for each round that was called for"
    rounds = [page.index(one) for one in ("没有消毒间", "没有排风", "还是没有")]
    assert rounds == sorted(rounds), "every round stands on the page, in order"
    assert "现场核查不合格（2026-11-27）" in page


INSPECTIONS = {
    "together": [
        {
            "id": "site",
            "unit": "health",
            "title": "现场核查",
            "calendar_days": 10,
            "findings": {
                "type": "object",
                "properties": {
                    "result": {"$ref": "#/$defs/verdict"},
                    "where": {"$ref": "urn:lingban:common:address:1", "title": "查看的地点"},
                    "rooms": {
                        "type": "array",
                        "title": "看过的房间",
                        "items": {"type": "object", "properties": {"name": {"type": "string", "title": "房间"}}},
                    },
                    "readings": {
                        "type": "object",
                        "title": "读数",
                        "patternProperties": {"^[a-z][0-9]$": {"type": "string", "title": "读数"}},
                    },
                },
                "required": ["result", "where"],
                "$defs": {"verdict": {"type": "string", "title": "核查结论", "enum": ["合格", "不合格"]}},
            },
        },
        {
            "id": "water",
            "unit": "health",
            "title": "水质检测",
            "days": 5,
            "findings": {
                "type": "object",
                "properties": {"result": {"type": "string", "title": "检测结论", "maxLength": 50}},
                "required": ["result"],
            },
        },
    ],
    "title": "核查和检测",
}
ENGLISH = {
    "routing.json#/steps/0/together/0/title": "On-site inspection",
    "routing.json#/steps/0/together/0/findings/$defs/verdict/title": "Verdict",
    "routing.json#/steps/0/together/0/findings/properties/where/title": "Place looked at",
}


@pytest.fixture
def two(town: Settings, tmp_path: Path) -> Iterator[Client]:
    """A shelf with the same item, whose two inspections run together and one of which asks for an address."""
    from core.web.app import build

    folder = tmp_path / "shelf" / ITEM
    shutil.copytree(PLUGINS / ITEM, folder)
    shutil.rmtree(folder / "cases")
    routing = json.loads((folder / "routing.json").read_text("utf-8"))
    routing |= {"steps": [INSPECTIONS], "decide": [routing["decide"][2]]}
    (folder / "routing.json").write_text(json.dumps(routing, ensure_ascii=False), "utf-8")
    english = json.loads((folder / "texts" / "en.json").read_text("utf-8"))
    english = {key: text for key, text in english.items() if not key.startswith("routing.json#")} | ENGLISH
    (folder / "texts" / "en.json").write_text(json.dumps(english), "utf-8")
    settings = dataclasses.replace(town, plugins=(folder.parent,))
    with TestClient(build(settings, background=False), base_url="http://127.0.0.1:8000") as http:
        yield Client(http, json.loads((town.data / "demo.json").read_text("utf-8")), settings)


WHERE = {"/site/where/area": "320583103001", "/site/where/detail": "试浦老街4号"}


def test_of_two_steps_that_run_together_each_is_answered_alone_and_what_is_typed_for_the_other_stays(
    two: Client,
) -> None:
    no = filed(two)
    reviewer(two)
    page = two.http.get(f"/admin/cases/{no}").text
    assert "填写结论，完成环节：现场核查" in page
    assert "填写结论，完成环节：水质检测" in page
    assert "详细地址" in page, "the common fragment is drawn"
    both = {**WHERE, "/water/result": "菌落总数超标", "opinion/1": "object"}

    wrong = post(two, no, "finish_step", step="0", **{"opinion/0": "agree"}, **both)
    assert wrong.status_code == 422, "the inspection has no verdict"
    assert "菌落总数超标" in wrong.text
    assert "试浦老街4号" in wrong.text

    done = post(two, no, "finish_step", step="0", **{"opinion/0": "agree", "/site/result": "合格"}, **both)
    assert done.status_code == 200
    assert "填写结论，完成环节：现场核查" not in done.text
    assert 'value="菌落总数超标"' in done.text, "what was written for the water test stays"
    assert re.search(r'name="opinion/1" value="object"[^>]* checked', done.text)

    objects = {"opinion/1": "object", "because/1": "水质不合格"}
    assert post(two, no, "finish_step", step="1", **objects, **{"/water/result": "x" * 60}).status_code == 422
    last = post(two, no, "finish_step", step="1", **objects, **{"/water/result": "超标"})
    assert last.status_code == 303
    page = two.http.get(f"/admin/cases/{no}").text
    assert "填写结论，完成环节" not in page
    assert "各环节的结论" in page
    assert "试浦老街4号" in page
    assert "水质不合格" in page


def test_a_button_of_the_questions_draws_them_again_and_finishes_nothing(two: Client) -> None:
    no = filed(two)
    reviewer(two)
    both = {
        **WHERE,
        "/site/result": "合格",
        "/water/result": "菌落总数超标",
        "opinion/0": "object",
        "because/0": "太小",
    }

    drawn = post(two, no, "finish_step", _add="/site/rooms", **both)
    assert drawn.status_code == 200
    assert 'name="/site/rooms/0/name"' in drawn.text, "the row is there"
    assert 'value="菌落总数超标"' in drawn.text
    assert "太小" in drawn.text
    assert re.search(r'name="opinion/0" value="object"[^>]* checked', drawn.text)
    assert "lf-error" not in drawn.text, "nobody is blamed for what he has not sent yet"

    seek = post(two, no, "finish_step", _refresh="/site/where/area", **both, **{"_find:/site/where/area": "城区"})
    assert seek.status_code == 200
    assert 'id="site-where-area-found"' in seek.text or "-found" in seek.text, "what was looked for is answered"
    # Without a button of a step (a browser's own, Enter in a field), with every answer there.
    assert post(two, no, "finish_step", **both).status_code == 200
    assert "填写结论，完成环节：现场核查" in two.http.get(f"/admin/cases/{no}").text, "and still nothing is finished"


def test_loading_the_page_again_after_one_of_two_steps_was_saved_saves_nothing_twice(two: Client) -> None:
    no = filed(two)
    reviewer(two)
    page = two.http.get(f"/admin/cases/{no}").text
    hidden = {k: v for k, v in two.hidden(page).items() if k != "step"}
    sent = {**hidden, **WHERE, "step": "0", "opinion/0": "agree", "/site/result": "合格", "/water/result": "超标"}
    path = f"/admin/cases/{no}/moves/finish_step"
    assert two.http.post(path, data=sent, follow_redirects=False).status_code == 200
    again = two.http.post(path, data=sent, follow_redirects=False)
    assert again.status_code == 409
    assert 'value="超标"' in again.text, "what was written for the other step stays"
    assert two.http.get(f"/admin/cases/{no}").text.count("结论：现场核查") <= 1
    assert "填写结论，完成环节：水质检测" in two.http.get(f"/admin/cases/{no}").text


def test_the_questions_of_a_finding_follow_the_language_of_whoever_answers_them(two: Client) -> None:
    from core.web.session import LANGUAGE

    no = filed(two)
    reviewer(two)
    two.http.cookies.set(LANGUAGE, "en")
    page = two.http.get(f"/admin/cases/{no}").text
    assert "Record the findings and finish the step: On-site inspection" in page
    assert "Verdict" in page
    assert "Place looked at" in page
    assert "Street address" in page, "the fragment brings its own English"
    wrong = post(two, no, "finish_step", step="0", **{"opinion/0": "agree"}, **WHERE)
    assert wrong.status_code == 422
    form = wrong.text[wrong.text.index('class="move finding"') :].split("</form>")[0]
    assert "Verdict" in form
    problems = re.findall(r'<p class="lf-error[^>]*>(.*?)</p>', form, re.DOTALL)
    assert problems
    assert not [one for one in problems if re.search(r"[一-鿿]", one)], problems
    done = post(two, no, "finish_step", step="0", **{"opinion/0": "agree", "/site/result": "合格"}, **WHERE)
    assert done.status_code == 303
    page = two.http.get(f"/admin/cases/{no}").text
    assert "Place looked at" in page


def test_what_could_not_be_taken_of_a_finding_finishes_nothing_and_is_told_beside_it(two: Client) -> None:
    no = filed(two)
    reviewer(two)
    said = {
        **WHERE,
        "/site/result": "合格",
        "opinion/0": "agree",
        "_kind:/site/readings/~+0": "0",
        "_row:/site/readings/~+0": "",
        "_key:/site/readings/~+0": "不合格式的名字",
        "/site/readings/~+0": "0.7",
    }
    wrong = post(two, no, "finish_step", step="0", **said)
    assert wrong.status_code == 422
    assert "不合格式的名字" in wrong.text, "what was written stays"
    assert 'aria-invalid="true"' in wrong.text
    done = post(two, no, "finish_step", step="0", **{**said, "_key:/site/readings/~+0": "a1"})
    assert done.status_code == 303
    page = two.http.get(f"/admin/cases/{no}").text
    assert "填写结论，完成环节：现场核查" not in page
    assert "0.7" in page
