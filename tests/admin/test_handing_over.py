"""What is taken at a place: the desk records who took it and when, and it is told wherever the case is told."""

from __future__ import annotations

from typing import Any

import pytest

from tests.admin.conftest import Desk, upload

WINDOW = "市出入境接待大厅发证窗口"
TITLE = "贴好签注的往来港澳通行证"
ENDORSES = "reviewer-exit-entry-shipu"


def account(desk: Desk, login: str) -> dict[str, Any]:
    return next(one for one in desk.client.told["accounts"] if one["login"] == login)


def filed(desk: Desk, login: str, **answers: str) -> str:
    """An endorsement applied for by this person, with the photo that the window took."""
    body = {
        "applicant": {"kind": "person", "id_number": account(desk, login)["id_number"], "area": "320583103205"},
        "answers": {"to": "香港", "times": "一年一次", "pickup": "窗口自取", "phone": "13900000000", **answers},
        **upload("photo"),
    }
    token = desk.client.token("portal")
    answer = desk.client.http.post("/api/v1/items/exit-entry-endorsement/cases", json=body, headers=token)
    assert answer.status_code == 201, answer.text
    return str(answer.json()["no"])


def approved(desk: Desk, login: str, **answers: str) -> str:
    no = filed(desk, login, **answers)
    desk.sign_in(ENDORSES)
    for move, fields in (
        ("finish_step", {"step": "0", "opinion": "agree"}),
        ("decide", {"outcome": "approve", "because": "符合条件"}),
    ):
        answer = desk.move(no, move, **fields)
        assert answer.status_code == 303, answer.text
    return no


def told(desk: Desk, no: str) -> Any:
    return desk.client.http.get(f"/api/v1/cases/{no}", headers=desk.client.token("portal")).json()


def test_where_a_thing_is_to_be_taken_is_told_once_it_is_granted(desk: Desk) -> None:
    waits = filed(desk, "mother")
    assert "handover" not in told(desk, waits), "nothing is granted yet"
    no = approved(desk, "father")
    assert told(desk, no)["handover"] == [{"id": "permit", "title": TITLE, "place": WINDOW, "taken_on": None}]
    desk.sign_in("father")
    for path in (f"/cases/{no}", f"/cases/{no}/notice", "/me"):
        page = desk.get(path).text
        assert TITLE in page, path
        assert WINDOW in page, path


def test_the_guide_says_before_anybody_applies_what_is_taken_where(desk: Desk) -> None:
    desk.client.http.cookies.clear()
    page = desk.get("/items/exit-entry-endorsement").text
    assert TITLE in page
    assert WINDOW in page


def test_the_desk_records_who_took_it_and_that_delivers_the_decision(desk: Desk) -> None:
    no = approved(desk, "father")
    number = account(desk, "father")["id_number"]
    assert "登记领走" in desk.case(no)
    assert desk.move(no, "hand_over", thing="permit", note="韩虚丙", collector=number).status_code == 303
    assert "韩虚丙 于" in desk.case(no)
    case = told(desk, no)
    assert case["status"] == "delivered"
    assert case["handover"][0]["taken_on"]
    assert desk.move(no, "hand_over", thing="permit", note="韩虚丙", collector=number).status_code == 409
    desk.sign_in("father")
    assert "领取人：韩虚丙" in desk.get(f"/cases/{no}").text
    assert "待领取" not in desk.get("/me").text.partition(no)[2].partition("</li>")[0]


@pytest.mark.parametrize(
    ("fields", "status", "said"),
    [
        ({"note": "", "collector": "320583198805059915"}, 422, "请写明由谁领取。"),
        ({"note": "韩虚丙", "collector": ""}, 422, "本人领取也要填"),
        ({"note": "韩虚丙", "collector": "320583198805059910"}, 422, "校验位正确"),
        ({"note": "严虚子", "collector": "320583199012129914"}, 403, "没有申请人有效的委托书，不能代领"),
    ],
)
def test_nobody_takes_it_without_a_name_a_number_and_a_right(
    desk: Desk, fields: dict[str, str], status: int, said: str
) -> None:
    no = approved(desk, "father")
    answer = desk.move(no, "hand_over", thing="permit", **fields)
    assert answer.status_code == status
    assert said in answer.text
    assert told(desk, no)["handover"][0]["taken_on"] is None


def test_what_is_mailed_is_not_to_be_taken(desk: Desk) -> None:
    no = approved(desk, "father", pickup="邮寄", address="虚山市试浦镇试丰村1号")
    assert "handover" not in told(desk, no)
    assert desk.move(no, "hand_over", thing="permit", note="韩虚丙", collector="320583198805059915").status_code == 409


def test_an_original_goes_back_before_anything_is_decided(desk: Desk) -> None:
    """The proof of living was shown on paper: no register here knows who moved in lately."""
    body = {
        "applicant": {"kind": "person", "id_number": "341126198802029919", "area": "341100100000"},
        "answers": {
            "live_area": "320583103001", "address": "试浦社区样板苑2幢301室", "basis": "合法稳定就业",
            "phone": "13900000000",
        },
        **upload("living"),
    }  # fmt: skip
    token = desk.client.token("portal")
    answer = desk.client.http.post("/api/v1/items/residence-permit/cases", json=body, headers=token)
    assert answer.status_code == 201, answer.text
    no = str(answer.json()["no"])
    assert [one["id"] for one in told(desk, no)["handover"]] == ["living"]
    desk.sign_in("reviewer-public-security-shipu")
    assert desk.move(no, "hand_over", thing="living", note="外地某", collector="341126198802029919").status_code == 303
    case = told(desk, no)
    assert case["status"] == "in_step", "an original that goes back decides nothing"
    assert case["handover"][0]["taken_on"]
