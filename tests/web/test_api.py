"""The JSON API: filing with one receipt however often it is sent, and plain words for what is wrong."""

from __future__ import annotations

import base64
import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.judge.schema import compile as compile_schema
from core.web import openapi
from tests.conftest import Client

BOTH_DATABASES = True
PATH = "/api/v1/items/elder-allowance/cases"


def body_of(client: Client, **more: Any) -> dict[str, Any]:
    """A filing for the first citizen of the demo, who is old enough."""
    citizen = client.account("citizen")
    applicant = {"kind": "person", "id_number": citizen["id_number"]}
    return {"applicant": applicant, "answers": {"phone": "13900000000"}, **more}


def test_a_filing_without_a_name_gets_its_letter_with_the_name_that_the_register_holds(client: Client) -> None:
    filed = client.http.post(PATH, json=body_of(client), headers=client.token())
    assert filed.json()["decision"]["outcome"] == "approve"
    client.sign_in("citizen")
    page = client.http.get(f"/cases/{filed.json()['no']}/notice").text
    assert "陈试甲：您申领尊老金的申请已经批准" in page


def test_a_zero_material_item_is_filed_and_decided_in_one_call(client: Client) -> None:
    answer = client.http.post(PATH, json=body_of(client), headers=client.token())
    assert answer.status_code == 201, answer.text
    receipt = answer.json()
    assert receipt["status"] == "decided"
    assert receipt["decision"]["outcome"] == "approve"
    assert receipt["decision"]["because"]
    assert receipt["deadline"] is None
    assert {m["status"] for m in receipt["materials"]} == {"proved"}
    read = client.http.get(f"/api/v1/cases/{receipt['no']}", headers=client.token())
    assert read.status_code == 200
    told = read.json()
    assert [one["id"] for one in told.pop("duties")] == ["living"], "what follows the approval"
    assert told == {key: value for key, value in receipt.items() if key != "tracking_code"}


def test_who_holds_the_allowance_already_is_told_so_in_the_answer(client: Client) -> None:
    first = client.http.post(PATH, json=body_of(client), headers=client.token()).json()
    answer = client.http.post(PATH, json=body_of(client), headers=client.token())
    assert answer.status_code == 201, answer.text
    assert answer.json()["status"] == "not_accepted"
    because = answer.json()["decision"]["because"]
    assert "尊老金已经批准" in because
    assert first["no"] in because
    assert "不用再申请" in because


def test_the_same_key_and_body_give_the_first_receipt_another_body_is_refused(client: Client) -> None:
    headers = {**client.token(), "Idempotency-Key": "a-key"}
    first = client.http.post(PATH, json=body_of(client), headers=headers)
    again = client.http.post(PATH, json=body_of(client), headers=headers)
    other = client.http.post(PATH, json=body_of(client, answers={"phone": "13900000001"}), headers=headers)
    assert (first.status_code, again.status_code, other.status_code) == (201, 200, 409)
    assert again.json() == first.json()
    elsewhere = client.http.post(PATH, json=body_of(client), headers={**headers, **client.token(channel="mobile")})
    assert elsewhere.status_code == 201, "a key belongs to its client"


def test_problems_are_told_all_at_once_and_nothing_is_filed(client: Client) -> None:
    answer = client.http.post(PATH, json=body_of(client, answers={"phone": "1"}), headers=client.token())
    assert answer.status_code == 422
    assert answer.headers["content-type"].startswith("application/problem+json")
    assert [p["at"] for p in answer.json()["problems"]] == ["/phone"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"{", "not JSON"),
        (b"[]", "must be a JSON object"),
        (b'{"answer": {}}', "Unknown keys: answer"),
        (b'{"answers": []}', "/answers must be an object"),
        (b'{"answers": {}, "answers": {}}', "stands twice"),
        (b'{"answers": {"a": NaN}}', "NaN"),
        (b"\xff\xfe", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
        (b'{"answers": {"phone": ' + b"1" * 5000 + b"}}", "too many digits"),
        (b'{"files": {"a": [{"name": "x", "base64": "*"}]}}', "/files/a/0/base64"),
        (b'{"consents": [1]}', "/consents"),
    ],
)
def test_a_malformed_body_is_refused_with_its_place(client: Client, content: bytes, says: str) -> None:
    answer = client.http.post(PATH, content=content, headers=client.token())
    assert answer.status_code == 400, answer.text
    assert says in answer.json()["detail"]


def test_without_a_token_nobody_files_and_a_made_up_one_is_no_better(client: Client) -> None:
    for headers in ({}, {"Authorization": "Bearer nonsense"}, {"Authorization": "Basic abc"}):
        answer = client.http.post(PATH, json=body_of(client), headers=headers)
        assert answer.status_code == 401
        assert answer.headers["www-authenticate"].startswith("Bearer")


def test_a_client_that_does_not_vouch_needs_a_mandate(client: Client) -> None:
    answer = client.http.post(PATH, json=body_of(client), headers=client.token("operator", "phone"))
    assert answer.status_code == 403, answer.text


def test_a_case_number_of_nobody_or_of_another_client_is_not_found(client: Client) -> None:
    receipt = client.http.post(PATH, json=body_of(client), headers=client.token()).json()
    missing = client.http.get("/api/v1/cases/20261122-AAAAAAAA-A", headers=client.token())
    foreign = client.http.get(f"/api/v1/cases/{receipt['no']}", headers=client.token(channel="kiosk"))
    assert missing.status_code == foreign.status_code == 404
    assert missing.json() | {"instance": ""} == foreign.json() | {"instance": ""}


def test_a_field_the_server_fills_cannot_be_overwritten(client: Client) -> None:
    body = body_of(client, answers={"phone": "13900000000", "name": "冒名", "nonsense": 1})
    answer = client.http.post(PATH, json=body, headers=client.token())
    assert answer.status_code in (201, 422)
    assert "冒名" not in answer.text


def test_an_upload_travels_with_the_filing(client: Client) -> None:
    png = base64.b64encode(
        base64.b64decode(
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        )
    ).decode()
    body = body_of(client, files={"identity": [{"name": "a.png", "base64": png}]})
    assert client.http.post(PATH, json=body, headers=client.token()).status_code in (201, 422)


def test_items_are_listed_with_the_counts_of_the_catalog(client: Client) -> None:
    listed = client.http.get("/api/v1/items").json()
    assert {"items", "counts"} <= set(listed)
    assert "elder-allowance" in {row["id"] for row in listed["items"]}
    assert listed["counts"]["items"] == len(listed["items"])
    found = client.http.get("/api/v1/items", params={"q": "zunlaojin"}).json()["items"]
    assert [row["id"] for row in found] == ["elder-allowance"]
    guide = client.http.get("/api/v1/items/elder-allowance").json()
    assert guide["title"] == "老年人尊老金待遇申领"
    assert client.http.get("/api/v1/items/nothing").status_code == 404


def test_every_item_is_a_typed_operation_and_the_document_is_sound(client: Client) -> None:
    document = client.http.get("/openapi.json").json()
    assert document["openapi"].startswith("3.1")
    listed = client.http.get("/api/v1/items").json()["items"]
    filed = {row["id"] for row in listed if row["handling"] != "handoff"}
    assert {f"/api/v1/items/{id}/cases" for id in filed} <= set(document["paths"])
    for name, schema in document["components"]["schemas"].items():
        compile_schema({**schema, "components": document["components"]}), name
    answers = document["components"]["schemas"]["answers.elder-allowance"]
    assert "phone" in answers["properties"]


def test_receipts_keep_to_the_published_schema(client: Client) -> None:
    document = client.http.get("/openapi.json").json()
    receipt = client.http.post(PATH, json=body_of(client), headers=client.token()).json()
    schema = {"$ref": "#/components/schemas/Receipt", "components": document["components"]}
    assert [str(e) for e in compile_schema(schema).errors(receipt)] == []
    assert openapi.describe.__doc__


def test_a_body_beyond_the_limit_is_refused(client: Client) -> None:
    answer = client.http.post(PATH, content=b" " * (21 * 1024 * 1024), headers=client.token())
    assert answer.status_code == 413


def test_an_unknown_address_and_a_wrong_method_are_problems_too(client: Client) -> None:
    assert client.http.get("/api/v1/nothing").json()["code"] == "not-found"
    assert client.http.delete("/api/v1/items").status_code == 405


@pytest.mark.parametrize(
    ("disputes", "outcome"),
    [({"/name": None}, "approve"), ({"/name": "陈试佳"}, "review"), ({"/phone": "1"}, "approve")],
)
def test_a_held_value_that_is_wrong_is_told_with_the_right_one_and_a_person_decides(
    client: Client, disputes: Any, outcome: str
) -> None:
    answer = client.http.post(PATH, json=body_of(client, disputes=disputes), headers=client.token())
    assert answer.status_code == 201, answer.text
    assert answer.json()["decision"]["outcome"] == outcome


@pytest.mark.parametrize(
    ("disputes", "status"), [(["/name"], 400), ({"name": "x"}, 400), ({"/name": "名" * 500}, 422), ({"/name": 5}, 422)]
)
def test_a_dispute_that_cannot_be_read_is_told_at_its_place(client: Client, disputes: Any, status: int) -> None:
    answer = client.http.post(PATH, json=body_of(client, disputes=disputes), headers=client.token())
    assert answer.status_code == status, answer.text


def test_the_body_that_the_guide_shows_for_a_wrong_value_is_taken_as_it_stands(client: Client) -> None:
    guide = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
    shown = [json.loads(one) for one in re.findall(r"```json\n(.*?)```", guide, re.DOTALL) if "disputes" in one]
    assert len(shown) == 1
    answer = client.http.post(PATH, json={**body_of(client), **shown[0]}, headers=client.token())
    assert answer.status_code == 201, answer.text
    assert answer.json()["decision"]["outcome"] == "review"
    assert "申请人认为登记的内容有误" in answer.json()["decision"]["because"]
