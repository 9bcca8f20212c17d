"""委托: the principal sees at `/me` whom he let act for him, and ends it at once."""

from __future__ import annotations

import re

from tests.conftest import Client

BOTH_DATABASES = True


def signed_in(client: Client, login: str) -> None:
    client.http.cookies.clear()
    account = next(one for one in client.told["accounts"] if one["login"] == login)
    page = client.http.get("/login")
    fields = client.hidden(page.text) | {"login": login, "password": account["password"]}
    assert client.http.post("/login", data=fields, follow_redirects=False).status_code == 303


def test_a_mandate_that_its_principal_ends_stops_the_draft_under_it(client: Client) -> None:
    elder = next(one for one in client.told["accounts"] if one["login"] == "elder")
    signed_in(client, "worker-shipu-205")
    page = client.http.get("/admin/take/elder-allowance").text
    fields = client.hidden(page) | {
        "kind": "person", "name": "陈试甲", "number": elder["id_number"], "mandate": "yes",
    }  # fmt: skip
    begun = client.http.post("/admin/take/elder-allowance", data=fields, follow_redirects=False)
    draft = begun.headers["location"]
    assert client.http.get(draft).status_code == 200
    worker = dict(client.http.cookies)

    signed_in(client, "elder")
    mine = client.http.get("/me").text
    assert "我委托别人办的" in mine
    address = re.search(r'action="(/me/mandates/[^"]+/end)"', mine)
    assert address, mine
    ended = client.http.post(address[1], data=client.hidden(mine))
    assert "委托已结束" in ended.text
    assert "已结束</span>" in ended.text
    assert address[1] not in ended.text

    client.http.cookies.clear()
    for name, value in worker.items():
        client.http.cookies.set(name, value)
    stopped = client.http.get(draft)
    assert stopped.status_code == 403
    assert "委托已经结束或过期" in stopped.text
    signed_in(client, "elder-blacklisted")
    other = client.http.get("/me").text
    assert client.http.post(address[1], data=client.hidden(other)).status_code == 404
