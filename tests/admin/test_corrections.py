"""`/admin/corrections` over HTTP: who sees it, who answers, what is told, and what the applicant reads."""

from __future__ import annotations

import re

import pytest

from tests.admin.conftest import Desk

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
    for words in ("《政务数据共享条例》", "10个工作日"):
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
