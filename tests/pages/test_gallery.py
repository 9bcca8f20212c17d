"""The gallery for authors: every exhibit has a page with its schema beside it, and is everybody's page."""

from __future__ import annotations

from forms.engine.gallery import entries
from tests.conftest import Client


def test_every_exhibit_has_its_page_with_the_schema_beside_it(client: Client) -> None:
    shown = entries("zh")
    listed = client.http.get("/gallery").text
    for number, one in enumerate(shown, 1):
        assert one.title in listed
        page = client.http.get(f"/gallery/{number}")
        assert page.status_code == 200
        assert "form.json" in page.text
        assert client.http.get(f"/gallery/{number}?wrong").status_code == 200
    assert client.http.get(f"/gallery/{len(shown) + 1}").status_code == 404
    assert client.http.get("/gallery/0").status_code == 404
