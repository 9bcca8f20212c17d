"""What a stale post may be offered again as: only to the page that sent it, escaped, and never a secret."""

from __future__ import annotations

import time
from http.cookies import SimpleCookie

import pytest
from httpx2 import Response

from core.web import kept
from tests.conftest import Client

BOTH_DATABASES = True


@pytest.mark.parametrize("origin", [{}, {"Origin": "null"}, {"Origin": "https://elsewhere.example"}])
def test_a_post_that_no_page_of_ours_sent_is_not_offered_again(client: Client, origin: dict[str, str]) -> None:
    answer = client.http.post("/drafts/x", data={"/phone": "13900000000"}, headers=origin)
    assert answer.status_code == 403
    assert "13900000000" not in answer.text


def test_what_is_offered_again_is_escaped_and_holds_no_password(client: Client) -> None:
    fields = {"/phone": '"><script>alert(1)</script>', "password": "geheim", "_csrf": "old"}
    answer = client.http.post("/drafts/x", data=fields, headers={"Origin": "http://127.0.0.1:8000"})
    assert answer.status_code == 401
    assert "alert(1)" in answer.text
    assert "<script>alert" not in answer.text
    assert "geheim" not in answer.text


OURS = {"Origin": "http://127.0.0.1:8000"}
PHONE = "13900000000"
AGAIN = "/login/again"


def stale(client: Client, path: str = "/drafts/x", **fields: str) -> Response:
    """What a page of ours gets that was drawn under another session."""
    return client.http.post(path, data={"_csrf": "old", **fields}, headers=OURS, follow_redirects=False)


def carried_on(client: Client, answer: Response) -> dict[str, str]:
    """The fields of the page that the answer leads to."""
    assert (answer.status_code, answer.headers["location"]) == (303, AGAIN)
    return client.hidden(client.http.get(AGAIN).text)


def sealed(client: Client) -> dict[str, str]:
    return {one.name: str(one.value) for one in client.http.cookies.jar if one.name.startswith(kept.COOKIE)}


def test_its_cookie_is_for_its_own_address_only_out_of_reach_of_scripts_and_small(client: Client) -> None:
    answer = stale(client, phone=PHONE)
    assert answer.headers["cache-control"] == "no-store"
    [header] = [one for one in answer.headers.get_list("set-cookie") if one.startswith(kept.COOKIE)]
    [(name, cookie)] = SimpleCookie(header).items()
    assert (cookie["path"], cookie["samesite"], cookie["max-age"]) == (AGAIN, "lax", str(kept.SECONDS))
    assert cookie["httponly"]
    assert PHONE not in header
    assert len(header) < 4096
    assert len(name) + len(cookie.value) + len(cookie["path"]) < 4096


def test_more_than_a_cookie_takes_is_drawn_at_once_and_leaves_none(client: Client) -> None:
    text = "".join(chr(0x4E00 + (n * n * 7919) % 20000) for n in range(4000))
    answer = stale(client, reason=text)
    assert answer.status_code == 401
    assert text in answer.text
    assert not sealed(client)


@pytest.mark.parametrize("role", [None, "citizen"])
def test_it_is_shown_to_whom_it_was_written_for_and_to_nobody_after(client: Client, role: str | None) -> None:
    if role:
        client.sign_in(role)
    answer = stale(client, phone=PHONE)
    assert answer.headers["location"] == AGAIN
    for _ in range(2):
        page = client.http.get(AGAIN)
        assert PHONE in page.text
        assert page.headers["cache-control"] == "no-store"
    kept_here, whose = sealed(client), "lb_sid" if role else "lb_visitor"
    identity = str(client.http.cookies[whose])
    if role:
        fields = client.hidden(client.http.get("/account").text)
        client.http.post("/logout", data=fields, follow_redirects=False)
    # Whoever has the cookies of a session that is over, under whatever name, or is signed in as somebody else.
    thefts = [{"lb_visitor": "else"}, {"lb_sid": identity}, *([{"lb_visitor": identity}] if role else [])]
    for theft in thefts:
        client.http.cookies.clear()
        cookies = "; ".join(f"{name}={value}" for name, value in (kept_here | theft).items())
        page = client.http.get(AGAIN, headers={"Cookie": cookies}, follow_redirects=False)
        assert (page.status_code, page.headers["location"]) == (303, "/login"), theft


def test_what_one_address_keeps_opens_at_no_other(client: Client) -> None:
    fields = client.hidden(client.http.get("/login").text) | {"login": "nobody", "password": "wrong"}
    client.http.post("/login", data=fields, headers=OURS, follow_redirects=False)
    [value] = sealed(client).values()
    stale(client, phone=PHONE)
    [name] = [one for one in sealed(client) if sealed(client)[one] != value]
    visitor = client.http.cookies["lb_visitor"]
    client.http.cookies.clear()
    moved = {"Cookie": f"lb_visitor={visitor}; {name}={value}"}
    assert client.http.get(AGAIN, headers=moved, follow_redirects=False).headers["location"] == "/login"


def test_ten_minutes_later_nothing_is_shown(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    stale(client, phone=PHONE)
    later = time.time() + kept.SECONDS + 1
    monkeypatch.setattr(time, "time", lambda: later)
    assert client.http.get(AGAIN, follow_redirects=False).status_code == 303


def test_passwords_of_the_own_account_are_carried_nowhere(client: Client) -> None:
    answer = stale(client, "/account/password", old="geheim", new="geheim2", again="geheim2")
    assert answer.status_code == 403
    assert "geheim" not in answer.text
    assert not sealed(client)


def test_a_desk_and_a_kiosk_keep_nothing_of_it(client: Client) -> None:
    answer = stale(client, "/admin/cases/x/decide", reason=PHONE)
    assert (answer.status_code, PHONE in answer.text, sealed(client)) == (401, True, {})
    # Also where it was written before the screen became everybody's.
    stale(client, phone=PHONE)
    assert PHONE in client.http.get(AGAIN).text
    client.http.cookies.set("lb_size", "kiosk", domain="127.0.0.1")
    assert client.http.get(AGAIN, follow_redirects=False).status_code == 303


def test_who_signs_in_there_goes_on_in_a_session_that_nobody_knew_before(client: Client) -> None:
    account = client.account("citizen")
    fields = carried_on(client, stale(client, phone=PHONE))
    fields = {name: value.replace("&#34;", '"') for name, value in fields.items()}
    visitor = client.http.cookies["lb_visitor"]
    wrong = client.http.post("/login", data=fields | {"login": "x", "password": "geheim"}, headers=OURS)
    assert "账号或密码不对" in wrong.text
    assert "geheim" not in wrong.text
    client.http.cookies.set("lb_lang", "en", domain="127.0.0.1")
    assert "账号或密码不对" not in client.http.get(AGAIN).text
    right = {"login": account["login"], "password": account["password"]}
    answer = client.http.post("/login", data=fields | right, headers=OURS, follow_redirects=False)
    assert carried_on(client, answer)["phone"] == PHONE
    assert client.http.cookies["lb_sid"] != visitor
    assert "lb_visitor" not in client.http.cookies
