"""A desk with cases on it, in the made-up town."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import httpx2 as httpx
import pytest
from starlette.testclient import TestClient

from bench.repeatable import repeatable
from core.settings import Settings
from tests.cases.town import PNG as PNG
from tests.conftest import Client, on_database

REVIEWER = "reviewer-civil-affairs-shipu"
"""Civil affairs of 试浦镇, which decides for the people below."""
BLACKLISTED = "elder-blacklisted"
"""His way leads past the credit office, so a person decides, with every material proved."""
CREDIT = "reviewer-credit-office"
"""The credit office's step of his way."""
NO_ACCOUNT = "elder-no-account"
"""The register holds no bank account of his: an upload is wanted."""


@dataclass
class Desk:
    client: Client

    def sign_in(self, login: str) -> None:
        self.client.http.cookies.clear()
        account = next(a for a in self.client.told["accounts"] if a["login"] == login)
        page = self.client.http.get("/login")
        fields = self.client.hidden(page.text) | {"login": login, "password": account["password"]}
        answer = self.client.http.post("/login", data=fields, follow_redirects=False)
        assert answer.status_code == 303, answer.text

    def one_of(self, role: str) -> str:
        return str(self.client.account(role)["login"])

    def file(self, login: str, **more: Any) -> str:
        """The number of an elder's application, sent by the city's portal."""
        elder = next(a for a in self.client.told["accounts"] if a["login"] == login)
        applicant = {"kind": "person", "name": login, "id_number": elder["id_number"], "area": "320583103001"}
        body = {"applicant": applicant, "answers": {"phone": "13900000000"}, **more}
        answer = self.client.http.post(
            "/api/v1/items/elder-allowance/cases", json=body, headers=self.client.token("portal")
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["no"])

    def get(self, path: str) -> httpx.Response:
        return self.client.http.get(path, follow_redirects=False)

    def case(self, no: str) -> str:
        answer = self.get(f"/admin/cases/{no}")
        assert answer.status_code == 200, answer.text
        return answer.text

    def revision(self, page: str) -> str:
        found = re.search(r'name="revision" value="(\d+)"', page)
        assert found, page
        return found[1]

    def consult(self, no: str) -> None:
        """The credit office has said its word, so that the case can be approved; then REVIEWER sits at the desk."""
        self.sign_in(REVIEWER)
        assert self.move(no, "finish_step", step="0", opinion="agree").status_code == 303
        self.sign_in(CREDIT)
        assert self.move(no, "finish_step", step="1", opinion="agree").status_code == 303
        self.sign_in(REVIEWER)

    def move(self, no: str, move: str, *, revision: str | None = None, **fields: str) -> httpx.Response:
        """Post a move as the page's own form does, with the page's CSRF field; an approval, with its papers ticked."""
        page = self.case(no)
        hidden = self.client.hidden(page)
        if fields.get("outcome") == "approve":
            fields = dict.fromkeys(re.findall(r'name="(checked/[^"]+)"', page), "yes") | fields
        data = {"_csrf": hidden["_csrf"], "revision": revision or hidden.get("revision", "0"), **fields}
        return self.client.http.post(f"/admin/cases/{no}/moves/{move}", data=data, follow_redirects=False)


def again(settings: Settings) -> Settings:
    """A town where one elder may be filed for as often as the tests of a module need him."""
    return replace(settings, plugins=(*settings.plugins, repeatable(settings.data)))


@pytest.fixture(scope="module")
def desk(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """One town a module: its tests file cases of their own, so they need not start it again each."""
    from core.web.app import build

    folder = tmp_path_factory.mktemp("desk") / "data"
    with (
        on_database(getattr(request, "param", "sqlite"), request, folder) as settings,
        TestClient(build(again(settings), background=False), base_url="http://127.0.0.1:8000") as http,
    ):
        yield Desk(Client(http, json.loads((folder / "demo.json").read_text("utf-8")), settings))


def upload(material: str, name: str = "card.png") -> dict[str, Any]:
    return {"files": {material: [{"name": name, "base64": base64.b64encode(PNG).decode()}]}}
