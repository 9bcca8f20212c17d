"""`/admin/corrections` over HTTP: who sees it, who answers, what is told, and what the applicant reads."""

from __future__ import annotations

import base64
import re

import pytest

from tests.admin.conftest import PNG, Desk

BOTH_DATABASES = True

POLICE = "reviewer-public-security"
DISPUTES = {"/name": "陈试佳", "/birth_date": None}


def waiting(desk: Desk, no: str, login: str = POLICE) -> tuple[str, list[str]]:
    """The panels of one case on the unit's pages, and the ids that they answer to."""
    desk.sign_in(login)
    path, panels = "/admin/corrections", ""
    while path:
        page = desk.get(path)
        assert page.status_code == 200, page.text
        panels += "".join(one for one in re.findall(r"<section.*?</section>", page.text, re.DOTALL) if no in one)
        more = re.search(r'href="(/admin/corrections\?after=[^"]+)"', page.text)
        path = more[1] if more else ""
    return panels, re.findall(r'action="/admin/corrections/([0-9a-f-]{36})"', panels)


def answer(desk: Desk, id: str, **fields: str) -> int:
    token = desk.client.hidden(desk.get("/admin/corrections").text)["_csrf"]
    made = desk.client.http.post(f"/admin/corrections/{id}", data={"_csrf": token, **fields}, follow_redirects=False)
    return int(made.status_code)


def test_the_unit_reads_both_values_answers_and_the_applicant_reads_the_answer(desk: Desk) -> None:
    no = desk.file("elder-100", disputes=DISPUTES)
    panels, ids = waiting(desk, no)
    assert len(ids) == 2
    for words in ("陈试佳", "沈例百", "1926-"):
        assert words in panels
    for words in ("《政务数据共享条例》", "定为 10 个工作日"):
        assert words in desk.get("/admin/corrections").text
    assert answer(desk, ids[0], answer="right") == 422
    assert answer(desk, ids[0], answer="maybe", reason="x") == 422
    assert answer(desk, ids[0], answer="right", reason="与户口簿一致") == 303
    assert answer(desk, ids[0], answer="right", reason="又答") == 409
    assert len(waiting(desk, no)[1]) == 1
    assert "没有更早的答复" not in desk.get("/admin/corrections?answered").text
    desk.sign_in("elder-100")
    for path in ("/me", f"/cases/{no}"):
        assert "与户口簿一致" in desk.get(path).text
        assert "陈试佳" in desk.get(path).text


@pytest.mark.parametrize(
    "role", ["citizen", "station_worker", "clerk", "operator", "administrator", "auditor", "author"]
)
def test_no_other_role_reads_or_answers(desk: Desk, role: str) -> None:
    no = desk.file("elder-100", disputes=DISPUTES)
    _, ids = waiting(desk, no)
    desk.sign_in(desk.one_of(role))
    assert desk.get("/admin/corrections").status_code in (303, 403, 404)
    token = desk.client.hidden(desk.get("/me").text).get("_csrf", "")
    data = {"_csrf": token, "answer": "right", "reason": "x"}
    made = desk.client.http.post(f"/admin/corrections/{ids[0]}", data=data, follow_redirects=False)
    assert made.status_code in (403, 404)
    assert len(waiting(desk, no)[1]) == 2


def test_another_unit_finds_nothing(desk: Desk) -> None:
    no = desk.file("elder-100", disputes=DISPUTES)
    _, ids = waiting(desk, no)
    _, others = waiting(desk, no, "reviewer-tax")
    assert others == []
    assert answer(desk, ids[0], answer="right", reason="x") in (403, 404)
    assert desk.get("/admin/corrections?after=nonsense").status_code == 404


def opened(desk: Desk, login: str) -> tuple[str, str]:
    """A draft of his own, opened without a script: its address and its page."""
    desk.sign_in(login)
    start = desk.get("/items/elder-allowance/apply").text
    made = desk.client.http.post("/items/elder-allowance/apply", data=desk.client.hidden(start))
    assert made.status_code == 200, made.text
    return made.url.path, made.text


def test_what_shows_that_a_value_is_wrong_goes_beside_it_to_the_officer_and_to_the_unit_that_keeps_it(
    desk: Desk,
) -> None:
    path, page = opened(desk, "elder-100")
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file" id="/name-proof" name="_material//name"' in page
    fields = {**desk.client.hidden(page), "/phone": "13900000000", "_claim:/name": "陈试佳", "_wrong": "/name"}

    bad = {"_material//name": ("a.exe", b"MZ")}
    told = desk.client.http.post(path, data={**fields, "action": "save"}, files=bad)
    assert "文件“a.exe”不是 PDF、JPG 或 PNG" in told.text
    fields |= desk.client.hidden(told.text)

    paper = {"_material//name": ("户口簿.png", PNG + b"2")}
    saved = desk.client.http.post(path, data={**fields, "action": "save"}, files=paper)
    assert "户口簿.png" in saved.text
    fields |= desk.client.hidden(saved.text)
    filed = desk.client.http.post(path, data={**fields, "action": "file"})
    no = filed.url.path.rpartition("/")[2]
    assert filed.url.path == f"/cases/{no}", filed.text

    _, ids = waiting(desk, no)
    assert len(ids) == 1, "a proof is part of the one request"
    panels, _ = waiting(desk, no)
    link = re.search(rf'href="(/admin/corrections/{ids[0]}/files/[0-9a-f]+)"[^>]*>户口簿.png', panels)
    assert link
    given = desk.get(link[1])
    assert (given.content, given.headers["content-type"]) == (PNG + b"2", "image/png")
    assert given.headers["content-security-policy"].startswith("sandbox")
    assert desk.get(link[1][:-64] + "0" * 64).status_code == 404
    desk.sign_in("reviewer-tax")
    assert desk.get(link[1]).status_code == 404, "another unit's request is not his"

    desk.sign_in("reviewer-civil-affairs-lixi")
    row = re.search(r"<tr class=\"answers--doubt\">.*?</tr>", desk.case(no), re.S)
    assert row
    for words in ("陈试佳", "登记为：", "沈例百", "申请人的证明：", "户口簿.png"):
        assert words in row[0], words
    mine = re.search(r'href="(/admin/cases/[^"]+/files/[0-9a-f]+)"', row[0])
    assert mine
    assert desk.get(mine[1]).content == PNG + b"2"


def test_a_proof_calls_its_value_wrong_and_goes_when_it_is_taken_out(desk: Desk) -> None:
    path, page = opened(desk, "elder-100")
    fields = {**desk.client.hidden(page), "/phone": "13900000000", "action": "save"}
    saved = desk.client.http.post(path, data=fields, files={"_material//name": ("a.png", PNG + b"3")}).text
    assert 'name="_wrong" value="/name" checked' in saved
    drop = re.search(r'name="_drop" value="(/name/[0-9a-f]+)"', saved)
    assert drop
    fields |= desk.client.hidden(saved) | {"_drop": drop[1], "_wrong": "/name"}
    assert "a.png" not in desk.client.http.post(path, data=fields).text


def test_a_portal_sends_the_proof_with_the_dispute_and_only_with_it(desk: Desk) -> None:
    proof = {"/name": [{"name": "a.png", "base64": base64.b64encode(PNG + b"4").decode()}]}
    no = desk.file("elder-100", disputes=DISPUTES, files=proof)
    panels, _ = waiting(desk, no)
    assert panels.count("a.png") == 1
    elder = next(a for a in desk.client.told["accounts"] if a["login"] == "elder-100")
    applicant = {"kind": "person", "name": "x", "id_number": elder["id_number"], "area": "320583103001"}
    body = {"applicant": applicant, "answers": {"phone": "13900000000"}, "files": proof}
    answer = desk.client.http.post(
        "/api/v1/items/elder-allowance/cases", json=body, headers=desk.client.token("portal")
    )
    assert answer.status_code == 422
    assert answer.json()["problems"][0]["at"] == "/name"


def test_the_office_sets_the_days_of_a_unit_and_every_request_says_how_its_day_was_reckoned(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    path = "/admin/office/units/public-security"
    page = desk.get(path).text
    assert 'name="correction_days" maxlength="2" value="10"' in page
    fields = desk.client.hidden(page) | {"name": "公安局", "telephone": ""}
    for bad in ("0", "61", "三", "1.5"):
        told = desk.client.http.post(path, data={**fields, "correction_days": bad}, follow_redirects=False)
        assert told.status_code == 422
        assert "填 1 至 60 的整数" in told.text
    done = desk.client.http.post(path, data={**fields, "correction_days": "3"}, follow_redirects=False)
    assert done.status_code == 303, done.text
    no = desk.file("elder-100", disputes={"/name": None})
    panels, _ = waiting(desk, no)
    assert "次日起算 3 个工作日）" in panels
    assert "“公安局”的答复期限由本市在机构设置里定为 3 个工作日" in desk.get("/admin/corrections").text
