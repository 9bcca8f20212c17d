"""What anybody may take away: keys, roots; and lists that are read a page at a time while they grow."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from core.cases import proving
from core.cases.models import DailyRoot
from core.judge.schema import compile as compile_schema
from core.signing import key_id, unb64
from tests.conftest import Client
from tests.web.test_api import PATH, body_of

BOTH_DATABASES = True


def published(client: Client, name: str, value: object) -> None:
    document = client.http.get("/openapi.json").json()
    schema = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
    assert [str(error) for error in compile_schema(schema).errors(value)] == []


def test_the_public_key_is_at_its_well_known_address(client: Client) -> None:
    (key,) = client.http.get("/.well-known/lingban-keys.json").json()["keys"]
    assert (key["kty"], key["crv"], key["kid"]) == ("OKP", "Ed25519", key_id(unb64(key["x"])))


def test_daily_roots_are_given_out_signed_a_page_at_a_time(client: Client) -> None:
    async def make() -> None:
        before = None
        for days in range(403):
            end = datetime.fromisoformat("2025-01-01T00:00:00+08:00") + timedelta(days=days)
            before = DailyRoot(
                day=date(2024, 12, 31) + timedelta(days=days), until=end, at=end,
                **await proving.made_root(before, end),
            )  # fmt: skip
            await before.save(force_create=True)

    assert client.http.portal is not None
    client.http.portal.call(make)
    first = client.http.get("/api/v1/roots").json()
    published(client, "Roots", first)
    rest = client.http.get("/api/v1/roots", params={"after": first["next"]}).json()
    days = [row["day"] for row in (*first["roots"], *rest["roots"])]
    assert (len(first["roots"]), len(days), len(set(days)), rest["next"]) == (400, 403, 403, None)
    assert first["roots"][0]["line"].startswith(f"LBR1 2024-12-31 {first['roots'][0]['root']} 0 ")
    assert client.http.get("/api/v1/roots", params={"after": "x"}).status_code == 400


def test_items_are_read_by_pages_and_all_at_once_without_a_limit(client: Client) -> None:
    every = client.http.get("/api/v1/items").json()
    assert "next" not in every
    ids: list[str] = []
    after: str | None = ""
    while after is not None:
        page = client.http.get("/api/v1/items", params={"limit": 7, "after": after}).json()
        published(client, "Catalog", page)
        ids += [row["id"] for row in page["items"]]
        after = page["next"]
    assert ids == sorted(row["id"] for row in every["items"])
    for wrong in ("0", "201", "x", "-1", ""):
        assert client.http.get("/api/v1/items", params={"limit": wrong}).status_code == 400


def test_a_clients_cases_are_read_by_pages_while_new_ones_come(client: Client) -> None:
    def file() -> str:
        return str(client.http.post(PATH, json=body_of(client), headers=client.token()).json()["no"])

    filed = [file() for _ in range(45)]
    seen: list[str] = []
    after = None
    while True:
        answer = client.http.get("/api/v1/cases", params={"after": after} if after else {}, headers=client.token())
        page = answer.json()
        published(client, "Cases", page)
        seen += [row["no"] for row in page["cases"]]
        file()  # a new one on top must not push an old one onto the next page twice, nor hide one
        after = page["next"]
        if after is None:
            break
    assert seen == filed[::-1]
    assert client.http.get("/api/v1/cases").status_code == 401
