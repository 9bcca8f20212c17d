"""The door before every page: sessions, posts of our own pages only, nothing kept for the next client."""

from __future__ import annotations

import pytest

from core.web.session import safe_next
from tests.conftest import Client

BOTH_DATABASES = True


def test_a_page_that_needs_a_person_leads_to_sign_in_and_back(client: Client) -> None:
    answer = client.http.get("/me", follow_redirects=False)
    assert answer.status_code == 303
    assert answer.headers["location"] == "/login?next=/me"


def test_a_wrong_password_and_an_unknown_login_read_the_same(client: Client) -> None:
    known = client.account("citizen")["login"]
    pages = []
    for login in (known, "nobody-at-all"):
        fields = client.hidden(client.http.get("/login").text) | {"login": login, "password": "wrong"}
        answer = client.http.post("/login", data=fields)
        assert answer.status_code in (401, 422)
        pages.append(answer.text.replace(login, "LOGIN"))
    assert client.hidden(pages[0]) == client.hidden(pages[1])


def test_a_post_without_the_token_of_the_page_is_refused_and_changes_nothing(client: Client) -> None:
    client.sign_in()
    for fields in ({}, {"_csrf": ""}, {"_csrf": "X" * 32}):
        answer = client.http.post("/items/elder-allowance/apply", data=fields)
        assert answer.status_code == 403
        assert "过期" in answer.text


@pytest.mark.parametrize(
    "headers", [{"Origin": "https://elsewhere.example"}, {"Sec-Fetch-Site": "cross-site"}], ids=["origin", "fetch-site"]
)
def test_a_post_from_another_site_is_refused_even_with_the_token(client: Client, headers: dict[str, str]) -> None:
    client.sign_in()
    fields = client.hidden(client.http.get("/items/elder-allowance/apply").text)
    answer = client.http.post("/items/elder-allowance/apply", data=fields, headers=headers)
    assert answer.status_code == 403


def test_every_page_names_what_it_may_load_and_a_private_one_is_stored_nowhere(client: Client) -> None:
    public = client.http.get("/")
    assert "default-src 'self'" in public.headers["content-security-policy"]
    assert public.headers["x-content-type-options"] == "nosniff"
    client.sign_in()
    assert client.http.get("/me").headers["cache-control"] == "no-store"


def test_after_sign_out_the_old_cookie_opens_nothing(client: Client) -> None:
    client.sign_in()
    page = client.http.get("/me")
    old = dict(client.http.cookies)
    client.http.post("/logout", data=client.hidden(page.text))
    client.http.cookies.update(old)
    assert client.http.get("/me", follow_redirects=False).status_code == 303


@pytest.mark.parametrize("path", ["/nothing", "/items/nothing", "/cases/20261122-AAAAAAAA-A", "/drafts/nothing"])
def test_what_is_not_there_has_a_designed_page_with_a_way_on(client: Client, path: str) -> None:
    client.sign_in()
    answer = client.http.get(path)
    assert answer.status_code == 404
    assert "没有找到" in answer.text
    assert 'href="/"' in answer.text


def test_a_post_of_too_many_fields_is_refused_plainly(client: Client) -> None:
    client.sign_in()
    answer = client.http.post("/login", data={f"f{n}": "x" for n in range(6000)})
    assert answer.status_code == 413
    assert "太大" in answer.text


@pytest.mark.parametrize(
    ("target", "path"),
    [
        ("/cases/1?a=b", "/cases/1?a=b"),
        ("//evil.example", "/me"),
        ("/\\evil.example", "/me"),
        ("https://evil.example", "/me"),
        ("javascript:alert(1)", "/me"),
        ("/a\r\nSet-Cookie: x", "/me"),
        (None, "/me"),
    ],
)
def test_the_way_back_never_leaves_the_site(target: str | None, path: str) -> None:
    assert safe_next(target) == path


def test_health_says_alive_ready_and_how_much(client: Client) -> None:
    assert client.http.get("/healthz").json() == {"status": "ok"}
    assert client.http.get("/readyz").status_code == 200
    metrics = client.http.get("/metrics").text
    assert 'lingban_catalog{count="items"}' in metrics


def test_an_upload_beyond_the_limit_gets_a_page_that_names_the_limit(client: Client) -> None:
    client.sign_in()
    big = b"x" * (21 * 1024 * 1024)
    answer = client.http.post("/items/elder-allowance/apply", files={"_material/x": ("big.pdf", big)})
    assert answer.status_code == 413
    assert "20 MB" in answer.text
    assert 'href="/"' in answer.text


def test_an_identity_number_with_a_wrong_digit_is_named_before_anything_is_asked(client: Client) -> None:
    body = {"applicant": {"kind": "person", "id_number": "320583194005129914"}, "answers": {"phone": "13900000000"}}
    answer = client.http.post("/api/v1/items/elder-allowance/cases", json=body, headers=client.token())
    assert answer.status_code == 422
    assert [problem["at"] for problem in answer.json()["problems"]] == ["/applicant/id_number"]
