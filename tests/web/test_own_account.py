"""`/account`: one's own password and sessions, and what ends a session."""

from __future__ import annotations

import time

import pytest

from core.office import actions
from core.office.permissions import SITE_ROLES, STAFF_ROLES
from tests.conftest import Client

BOTH_DATABASES = True

NEW = "a much longer secret"


def change(client: Client, **fields: str) -> int:
    hidden = client.hidden(client.http.get("/account").text)
    return int(client.http.post("/account/password", data=hidden | fields, follow_redirects=False).status_code)


def is_in(client: Client, sid: str) -> bool:
    """Whether a browser that holds only this session is signed in."""
    kept = list(client.http.cookies.jar)
    client.http.cookies.clear()
    answer = client.http.get("/account", headers={"Cookie": f"lb_sid={sid}"}, follow_redirects=False)
    client.http.cookies.clear()
    for cookie in kept:
        client.http.cookies.jar.set_cookie(cookie)
    return bool(answer.status_code == 200)


def sid(client: Client) -> str:
    return str(client.http.cookies["lb_sid"])


def test_a_changed_password_ends_every_other_session_and_this_one_goes_on(client: Client) -> None:
    account = client.sign_in("citizen")
    other = sid(client)
    client.http.cookies.clear()
    client.sign_in("citizen")
    before = sid(client)
    assert is_in(client, other)
    assert change(client, old=account["password"], new=NEW, again=NEW) == 303
    assert is_in(client, sid(client))
    assert not is_in(client, before)
    assert not is_in(client, other)
    account["password"] = NEW
    client.http.cookies.clear()
    client.sign_in("citizen")


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"old": "not it", "new": NEW, "again": NEW}, 401),
        ({"old": "", "new": NEW, "again": NEW}, 401),
        ({"new": "short", "again": "short"}, 422),
        ({"new": NEW, "again": NEW + "!"}, 422),
    ],
)
def test_what_will_not_do_is_said_and_nothing_is_changed(client: Client, fields: dict[str, str], status: int) -> None:
    account = client.sign_in("citizen")
    assert change(client, **{"old": account["password"], **fields}) == status
    client.http.cookies.clear()
    client.sign_in("citizen")


def test_guessing_the_old_password_locks_as_guessing_at_the_door_does(client: Client) -> None:
    client.sign_in("citizen")
    assert [change(client, old=f"guess {n}", new=NEW, again=NEW) for n in range(5)] == [401] * 4 + [429]


def test_one_leaves_everywhere_else_at_once(client: Client) -> None:
    client.sign_in("clerk")
    other = sid(client)
    client.http.cookies.clear()
    client.sign_in("clerk")
    hidden = client.hidden(client.http.get("/account").text)
    client.http.post("/account/sessions", data=hidden)
    assert is_in(client, sid(client))
    assert not is_in(client, other)


def test_a_session_planted_before_the_sign_in_is_worth_nothing_after(client: Client) -> None:
    client.sign_in("citizen")
    planted = sid(client)
    account = client.account("clerk")
    page = client.http.get("/account")  # the victim's browser carries the planted session to the door
    fields = client.hidden(page.text) | {"login": account["login"], "password": account["password"]}
    assert client.http.post("/login", data=fields, follow_redirects=False).status_code == 303
    assert sid(client) != planted
    assert not is_in(client, planted)


def test_who_walks_away_from_a_shared_counter_is_signed_out(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    real = time.time
    ahead = [0.0]
    client.sign_in("clerk")
    monkeypatch.setattr(time, "time", lambda: real() + ahead[0])
    idle = actions.IDLE_S["clerk"]
    for _ in range(3):  # who works stays, however long
        ahead[0] += idle - 30
        assert client.http.get("/admin/", follow_redirects=False).status_code == 200
    ahead[0] += idle + 1
    assert client.http.get("/admin/", follow_redirects=False).status_code == 303


def test_counters_time_out_sooner_than_offices() -> None:
    assert set(actions.IDLE_S) == set(STAFF_ROLES)
    assert max(actions.IDLE_S[role] for role in SITE_ROLES) < actions.IDLE_S["reviewer"]
