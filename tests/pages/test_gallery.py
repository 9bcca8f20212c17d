"""The gallery for authors: every exhibit has a page with its schema beside it, and reads back what is sent to it."""

from __future__ import annotations

import html
import json
import re
from typing import Any

import pytest

from forms.engine.gallery import entries
from tests.conftest import Client
from tests.forms_engine.browser import posted

CHINESE = re.compile(r"[\u3400-\u9fff]+")


def at(title: str) -> str:
    return f"/gallery/{next(n for n, one in enumerate(entries(), 1) if one.title.startswith(title))}"


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


def fields_of(text: str) -> list[tuple[str, str]]:
    form = re.search(r'<form class="exhibit-form".*?</form>', text, re.S)
    assert form is not None
    return posted(form[0])


def as_post(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """For httpx: names with all their values."""
    names: dict[str, Any] = {}
    for name, value in pairs:
        names.setdefault(name, []).append(value)
    return names


def test_every_exhibit_sent_as_it_is_drawn_is_read_back_as_it_was(client: Client) -> None:
    for number, one in enumerate(entries("zh"), 1):
        page = client.http.get(f"/gallery/{number}")
        files = {"_file:/none": ("", b"", "application/octet-stream")}
        answer = client.http.post(f"/gallery/{number}", data=as_post(fields_of(page.text)), files=files)
        assert answer.status_code in (200, 422), one.title
        read = re.search(r"<h2>读回的内容</h2>.*?<code>(.*?)</code>", answer.text, re.S)
        assert read is not None, one.title
        got = json.loads(html.unescape(read[1]))
        assert got == (one.answers or {}), one.title
        wrong = one.form.problems(one.answers or {})
        assert (answer.status_code == 422) == bool(wrong), one.title
        assert ("<title>有误：" in answer.text) == bool(wrong), one.title


def test_a_file_is_told_by_its_content_and_shown_again(client: Client) -> None:
    page = client.http.get(at("照片"))
    post = as_post(fields_of(page.text))
    lying = client.http.post(at("照片"), data=post, files={"_file:/f": ("猫.png", b"<html>", "image/png")})
    assert lying.status_code == 422
    assert "猫.png" in lying.text
    true = client.http.post(at("照片"), data=post, files={"_file:/f": ("猫.gif", b"GIF89a;", "image/gif")})
    assert true.status_code == 200
    assert "已有文件：猫.gif" in true.text
    assert 'src="data:image/gif;base64,' in true.text


def words_of(one: Any) -> str:
    """The page's own words: what is drawn, without what was answered."""
    shown = html.unescape(one.html)
    for answer in _texts(one.answers):
        shown = shown.replace(answer, "")
    for area in one.areas.values():
        shown = shown.replace(area.name, "")
    return shown


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value]
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    keys = [key for key in value if CHINESE.search(key)] if isinstance(value, dict) else []
    return sorted([*keys, *(t for one in inner for t in _texts(one))], key=len, reverse=True)


@pytest.mark.parametrize("wrong", [False, True], ids=["filled in", "with problems"])
def test_no_page_is_in_two_languages(wrong: bool) -> None:
    mixed = {}
    for one in entries("en", wrong=wrong):
        # An option's value stays as it is; what is read of it is translated.
        drawn = re.sub(r'value="[^"]*"', "", words_of(one))
        if CHINESE.search(drawn):
            mixed[one.title] = CHINESE.findall(drawn)
    assert not mixed
    english = {}
    for one in entries("zh", wrong=wrong):
        drawn = re.sub(r"<[^>]*>", " ", re.sub(r'<button[^>]*class="lf-refresh.*?</button>', "", words_of(one)))
        if found := [w for w in re.findall(r"[A-Za-z]{2,}", drawn) if w not in ("lf", "KB", "pdf")]:
            english[one.title] = found
    assert not english
