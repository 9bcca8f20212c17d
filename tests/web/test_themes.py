"""`/`: a theme of the address is found, or it is said that there is none."""

from __future__ import annotations

from tests.conftest import Client


def test_an_unknown_theme_is_called_so_and_the_themes_are_offered(client: Client) -> None:
    page = client.http.get("/", params={"theme": "<zzz>"}).text
    assert "没有“&lt;zzz&gt;”这个主题" in page
    assert "全部事项" in page
    known = client.http.get("/", params={"theme": "elders"}).text
    for one in (known, client.http.get("/").text):
        assert "这个主题" not in one
    assert page.count('href="/?theme=') > 5
