"""A draft goes on elsewhere: by a code at a counter, back again, given up; nobody else learns that it exists."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx2
import pytest
from starlette.testclient import TestClient

from tests.conftest import Client

BOTH_DATABASES = True

ITEM = "elder-allowance"
NO_SUCH = "没有找到可以接续的草稿"


@dataclass
class Person:
    """A browser of one's own on the shared site."""

    http: TestClient
    """One for all: the site lives in its event loop. Each person brings his own cookies."""
    account: dict[str, Any]
    cookies: httpx2.Cookies = field(default_factory=httpx2.Cookies)
    at: str = ""

    def ask(self, method: str, path: str, **more: Any) -> Any:
        self.http.cookies = self.cookies
        answer = self.http.request(method, path, **more)
        self.cookies = httpx2.Cookies(self.http.cookies)
        return answer

    def get(self, path: str, status: int = 200) -> str:
        answer = self.ask("GET", path)
        assert answer.status_code == status, answer.text[:2000]
        return str(answer.text)

    def post(self, path: str, page: str | None = None, *, status: Any = 200, **fields: Any) -> str:
        """From the page at `page` (its hidden fields go along); gives the page one ends on."""
        hidden = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', self.get(page or path))
        answer = self.ask("POST", path, data={**dict(hidden), **fields})
        assert answer.status_code == status, (answer.status_code, answer.text[:2000])
        self.at = str(answer.url).removeprefix("http://127.0.0.1:8000")
        return str(answer.text)


Come = Callable[[str], Person]


@pytest.fixture
def come(client: Client) -> Come:
    """`come("elder")`: one more browser, signed in."""

    def made(login: str) -> Person:
        account = next(one for one in client.told["accounts"] if one["login"] == login)
        person = Person(client.http, account)
        person.post("/login", login=login, password=account["password"])
        return person

    return made


def draft_of(person: Person, **fields: str) -> str:
    person.post(f"/items/{ITEM}/apply")
    draft = person.at
    if fields:
        person.post(draft, **fields, action="save")
    return draft.partition("?")[0]


def code_of(person: Person, draft: str) -> str:
    page = person.post(f"{draft}/code")
    found = re.search(r'class="resume-code">([^<]+)<', page)
    assert found
    return found[1]


def test_a_clerk_goes_on_with_the_draft_by_code_number_and_mandate_and_files_it(come: Come) -> None:
    elder, clerk = come("elder"), come("clerk-shipu-1")
    draft = draft_of(elder, **{"/phone": "13900000000"})
    code = code_of(elder, draft)
    assert re.fullmatch(r"[0-9A-HJKMNP-TV-Z]{4} [0-9A-HJKMNP-TV-Z]{4}", code)
    assert code_of(elder, draft) == code
    page = clerk.post("/admin/resume", code=code.lower().replace(" ", ""), number=elder.account["id_number"])
    assert "当面确认" in page
    assert "13900000000" not in page
    page = clerk.post("/admin/resume", code=code, number=elder.account["id_number"], step="mandate", mandate="yes")
    assert clerk.at == draft
    assert 'value="13900000000"' in page
    assert "交还申请人" in page
    elder.get(draft, status=404)
    assert "交给窗口代办的草稿" in elder.get("/me")
    page = clerk.post(draft, **{"/phone": "13900000001"}, action="file")
    assert "/cases/" in clerk.at
    assert "已批准" in page
    mine = elder.get("/me")
    assert "老年人尊老金" in mine
    assert "交给窗口代办的草稿" not in mine
    assert "接着办草稿" in mine


def test_the_applicant_takes_it_back_and_nothing_is_lost(come: Come) -> None:
    elder, clerk = come("elder"), come("clerk-shipu-1")
    draft = draft_of(elder)
    told = {"code": code_of(elder, draft), "number": elder.account["id_number"]}
    clerk.post("/admin/resume", **told, step="mandate", mandate="yes")
    clerk.post(draft, **{"/phone": "13900000002"}, action="save")
    elder.post(f"{draft}/back", "/me")
    assert elder.at == draft
    assert 'value="13900000002"' in elder.get(draft)
    clerk.get(draft, status=404)
    # The code was used; the next one is another.
    assert NO_SUCH in clerk.post("/admin/resume", **told, step="mandate", mandate="yes", status=404)
    assert code_of(elder, draft) != told["code"]
    assert "已批准" in elder.post(draft, **{"/phone": "13900000002"}, action="file")


def test_the_counter_hands_it_back_and_cannot_give_it_up(come: Come) -> None:
    elder, clerk = come("elder"), come("clerk-shipu-1")
    draft = draft_of(elder)
    clerk.post("/admin/resume", code=code_of(elder, draft), number=elder.account["id_number"], mandate="yes")
    assert "不能替他放弃" in clerk.get(f"{draft}/discard")
    clerk.post(f"{draft}/discard", f"{draft}/code", status=403)
    assert "已交还" in clerk.post(f"{draft}/back", f"{draft}/discard")
    elder.get(draft)
    clerk.get(draft, status=404)


def test_a_wrong_number_a_wrong_code_and_another_citizen_learn_the_same(come: Come) -> None:
    elder, clerk, father = come("elder"), come("clerk-shipu-1"), come("father")
    draft = draft_of(elder)
    code = code_of(elder, draft)
    said = [
        clerk.post("/admin/resume", code=code, number=father.account["id_number"], status=404),
        clerk.post("/admin/resume", code="AAAA AAAA", number=elder.account["id_number"], status=404),
        father.post("/resume", code=code, status=404),
    ]
    for page in said:
        assert NO_SUCH in page
        assert "尊老金" not in page
    father.get(draft, status=404)
    elder.get(draft)


def test_codes_cannot_be_guessed(come: Come) -> None:
    elder, clerk = come("elder"), come("clerk-shipu-1")
    draft = draft_of(elder)
    for _ in range(5):
        clerk.post("/admin/resume", code="AAAA AAAB", number=elder.account["id_number"], status=404)
    told = {"code": code_of(elder, draft), "number": elder.account["id_number"]}
    assert "输错次数过多" in clerk.post("/admin/resume", **told, mandate="yes", status=429)
    elder.get(draft)


def test_a_draft_begun_at_a_counter_goes_home_with_its_applicant(come: Come) -> None:
    elder, clerk = come("elder"), come("clerk-shipu-1")
    clerk.post(
        f"/admin/take/{ITEM}",
        kind="person",
        name="陈试甲",
        number=elder.account["id_number"],
        mandate="yes",
    )
    draft = clerk.at
    clerk.post(draft, **{"/phone": "13900000003"}, action="save")
    page = elder.post("/resume", code=code_of(clerk, draft))
    assert 'value="13900000003"' in page
    clerk.get(draft, status=404)
    assert "没办完的" in elder.get("/me")
    # It is his own now: there is no counter that it could go back to.
    clerk.post(f"{draft}/back", "/admin/resume", status=404)


def test_who_gives_a_draft_up_is_asked_once_and_then_it_is_gone(come: Come) -> None:
    elder, clerk = come("elder"), come("clerk-shipu-1")
    draft = draft_of(elder)
    code = code_of(elder, draft)
    assert "不能恢复" in elder.get(f"{draft}/discard")
    assert "草稿已放弃" in elder.post(f"{draft}/discard")
    assert "没有找到这份草稿" in elder.get(draft, status=404)
    clerk.post("/admin/resume", code=code, number=elder.account["id_number"], status=404)


def test_the_code_is_kept_as_a_mark_only(come: Come, client: Client) -> None:
    elder = come("elder")
    code = code_of(elder, draft_of(elder)).replace(" ", "")
    stored = client.stored()
    assert ITEM in stored
    assert code not in stored


def test_a_station_that_collects_goes_on_with_it_too(come: Come) -> None:
    elder, worker = come("elder"), come("worker-shipu-001")
    draft = draft_of(elder)
    worker.post("/admin/resume", code=code_of(elder, draft), number=elder.account["id_number"], mandate="yes")
    assert worker.at == draft


def test_a_correction_goes_on_at_a_counter_that_never_had_the_case(come: Come, client: Client) -> None:
    """An old person is asked to correct what he filed online: the hall does it with him, by code and mandate."""
    elder, clerk, reviewer = come("elder-no-account"), come("clerk-shipu-1"), come("reviewer-civil-affairs-xutang")
    applicant = {"kind": "person", "id_number": elder.account["id_number"], "area": "320583103001"}
    body = {"applicant": applicant, "answers": {"phone": "13900000000"}}
    answer = client.http.post(f"/api/v1/items/{ITEM}/cases", json=body, headers=client.token("portal"))
    no = answer.json()["no"]
    case = f"/admin/cases/{no}"
    page = reviewer.get(case)
    revision = re.search(r'name="revision" value="(\d+)"', page)
    assert revision
    reviewer.post(f"{case}/moves/ask_correction", case, revision=revision[1], **{"wanted/form": "电话少一位"})
    elder.post(f"/cases/{no}/correction", f"/cases/{no}")
    draft = elder.at
    assert "电话少一位" in elder.get(draft)
    clerk.get(f"/cases/{no}", status=404)
    clerk.post(
        "/admin/resume", code=code_of(elder, draft), number=elder.account["id_number"], step="mandate", mandate="yes"
    )
    assert clerk.at == draft
    clerk.post(draft, **{"/phone": "13911111111"}, action="file")
    assert clerk.at == f"{draft}/check"
    page = clerk.post(clerk.at, action="file", because="存折下周补交")
    assert clerk.at == "/admin/resume?corrected"
    assert "补正已经提交" in page
    page = elder.get(f"/cases/{no}")
    assert "13911111111" in page
    assert re.search(r"由 .+（.+） ?代 .+ 办理，凭委托书 .+；补正说明：存折下周补交", page)
