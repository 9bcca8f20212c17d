"""What a client sent wrong is told in its own words: what is missing first, what nothing reads, and what was meant."""

from __future__ import annotations

from typing import Any

import pytest

from tests.conftest import Client

PATH = "/api/v1/items/elder-allowance/cases"


def send(client: Client, body: Any, item: str = "elder-allowance") -> Any:
    return client.http.post(f"/api/v1/items/{item}/cases", json=body, headers=client.token())


def elder(client: Client, **more: Any) -> dict[str, Any]:
    return {"kind": "person", "id_number": client.account("citizen")["id_number"], **more}


@pytest.mark.parametrize(
    ("body", "at", "keyword", "says"),
    [
        ({}, "/applicant", "required", "请写明申请人"),
        ({"applicant": {"id_number": "1"}}, "/applicant/kind", "required", "个人（person）还是企业（enterprise）"),
        ({"applicant": {"kind": "human"}}, "/applicant/kind", "enum", "个人（person）还是企业（enterprise）"),
        ({"applicant": {"kind": "enterprise"}}, "/applicant/kind", "audience", "面向个人"),
    ],
)
def test_what_is_missing_of_the_applicant_is_told_first(
    client: Client, body: Any, at: str, keyword: str, says: str
) -> None:
    answer = send(client, body)
    assert answer.status_code == 422
    (problem,) = answer.json()["problems"]
    assert (problem["at"], problem["keyword"]) == (at, keyword)
    assert says in problem["message"]


def test_a_misspelt_answer_is_named_beside_what_is_missing(client: Client) -> None:
    answer = send(client, {"applicant": elder(client), "answers": {"phon": "13900000000"}})
    assert answer.status_code == 422
    told = answer.json()
    assert [one["at"] for one in told["problems"]] == ["/phone"]
    (warning,) = told["warnings"]
    assert (warning["at"], warning["keyword"]) == ("/phon", "unknown")
    assert "没有名为“phon”的一项，没有采用。是不是“phone”？" in warning["message"]


def test_what_nothing_reads_is_told_beside_the_receipt_also_when_it_is_sent_again(client: Client) -> None:
    body = {
        "applicant": elder(client, id_no="1"),
        "answers": {"phone": "13900000000", "shoe_size": 42},
        "consents": ["persn"],
        "promises": ["nothing"],
    }
    headers = {**client.token(), "Idempotency-Key": "k"}
    first, again = (client.http.post(PATH, json=body, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert [one["at"] for one in first.json()["warnings"]] == [
        "/shoe_size", "/applicant/id_no", "/consents/0", "/promises/0",
    ]  # fmt: skip
    assert "person" in first.json()["warnings"][2]["message"]


def test_a_body_that_says_only_what_is_read_brings_no_warning(client: Client) -> None:
    answer = send(client, {"applicant": elder(client), "answers": {"phone": "13900000000", "name": "陈试甲"}})
    assert answer.status_code == 201
    assert "warnings" not in answer.json()


def test_an_error_speaks_one_language(client: Client) -> None:
    broken = client.http.post(PATH, content=b"{", headers=client.token()).json()
    assert broken["title"].isascii()
    assert broken["detail"].isascii()
    wrong = send(client, {}).json()
    assert not wrong["title"].isascii()
    assert not wrong["detail"].isascii()


def test_a_number_of_hundreds_of_digits_is_called_too_long() -> None:
    from core.judge.answers import Answers

    whole = Answers({"type": "object", "properties": {"n": {"type": "integer", "title": "人数"}}})
    assert [one.message for one in whole.problems({"n": "9" * 400})] == ["人数的数字太长，请核对有没有多按"]
    assert [one.message for one in whole.problems({"n": "9" * 4 + "x"})] == ["人数请填写整数"]
