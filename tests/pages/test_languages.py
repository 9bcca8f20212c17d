"""No mixed page: in English every Chinese word is a name, a law or a letter, and is marked as Chinese."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import html5lib
import pytest

from tests.conftest import Client

CJK = re.compile("[\u4e00-\u9fff]")
CERTIFICATE = "虚(2016)试浦镇不动产权第0000001号"
"""A number as the register spells it: data."""
XHTML = "{http://www.w3.org/1999/xhtml}"


def chinese(page: str, names: tuple[str, ...] = ()) -> list[str]:
    """Texts with Chinese in them that nothing marks as Chinese; values that a register holds are data."""
    found: list[str] = []

    def walk(node: ElementTree.Element) -> None:
        if node.get("lang") == "zh-CN" or "lf-value" in (node.get("class") or "") or node.tag == f"{XHTML}select":
            return
        texts = [node.text, *(child.tail for child in node), node.get("aria-label"), node.get("placeholder")]
        if node.tag not in (f"{XHTML}script", f"{XHTML}style"):
            for text in texts:
                left = text or ""
                for name in names:
                    left = left.replace(name, "")
                if CJK.search(left):
                    found.append((text or "").strip()[:80])
        for child in node:
            if isinstance(child.tag, str):
                walk(child)

    walk(html5lib.parse(page))
    return found


@pytest.fixture
def english(client: Client) -> Client:
    client.sign_in()
    client.http.cookies.set("lb_lang", "en")
    return client


def items(client: Client) -> list[str]:
    return sorted(client.http.app.state.kernel.catalog.items)  # type: ignore[attr-defined]


def test_every_guide_and_what_will_be_looked_up_is_all_english(english: Client) -> None:
    mixed = {}
    for id in items(english):
        for path in (f"/items/{id}", f"/items/{id}/apply"):
            answer = english.http.get(path)
            assert answer.headers["content-language"] == "en"
            if left := chinese(answer.text):
                mixed[path] = left
    assert not mixed


def test_pages_of_the_house_are_all_english(english: Client) -> None:
    paths = ("/", "/?q=nichts", "/me", "/track", "/resume", "/about/privacy", "/about/access", "/nothing", "/drafts/x")
    assert not {path: left for path in paths if (left := chinese(english.http.get(path).text))}


def test_forms_of_every_item_that_a_person_may_begin_are_all_english(english: Client) -> None:
    kernel = english.http.app.state.kernel  # type: ignore[attr-defined]
    mixed, begun = {}, 0
    for id, item in sorted(kernel.catalog.items.items()):
        if item.handling not in ("instant", "promised") or "person" not in item.audience:
            continue
        hidden = english.hidden(english.http.get(f"/items/{id}/apply").text)
        answer = english.http.post(f"/items/{id}/apply", data={**hidden, "whom": "self"})
        if "/drafts/" not in str(answer.url):
            continue
        begun += 1
        draft = re.sub(r"(/drafts/[0-9a-f-]+).*", r"\1", str(answer.url))
        for path in (draft, f"{draft}/check", f"{draft}/code", f"{draft}/discard"):
            page = english.http.get(path).text.replace(CERTIFICATE, "No. 1")
            if left := chinese(page):
                mixed[f"{id} {path[-12:]}"] = left
    assert begun > 10
    assert not mixed


def test_a_decision_is_told_in_english_with_its_reasons(english: Client) -> None:
    kernel = english.http.app.state.kernel  # type: ignore[attr-defined]
    hidden = english.hidden(english.http.get("/items/elder-allowance/apply").text)
    draft = english.http.post("/items/elder-allowance/apply", data=hidden)
    fields = {**english.hidden(draft.text), "/phone": "13900000000", "action": "file"}
    receipt = english.http.post(str(draft.url), data=fields)
    assert "/cases/" in str(receipt.url)
    names = tuple(one.name for one in (*kernel.office.areas.values(), *kernel.office.units.values()))
    assert not chinese(receipt.text, names)
    assert "Approved: " in receipt.text
    me = english.http.get("/me").text
    assert not chinese(me)
    assert not chinese(english.http.get(f"{receipt.url}/notice").text)


def test_an_item_without_english_is_chinese_as_a_whole_and_says_so_in_english(english: Client) -> None:
    kernel = english.http.app.state.kernel  # type: ignore[attr-defined]
    item = kernel.catalog.items["elder-allowance"]
    texts = item.bundle.pop("texts")
    try:
        hidden = english.hidden(english.http.get("/items/elder-allowance/apply").text)
        draft = english.http.post("/items/elder-allowance/apply", data=hidden)
        told = english.http.post(str(draft.url), data={**english.hidden(draft.text), "/phone": "12", "action": "check"})
        asked = english.http.get("/items/elder-allowance/apply")
        for page in (english.http.get("/items/elder-allowance"), asked, draft, told):
            assert '<html lang="zh-CN"' in page.text
            assert page.headers["content-language"] == "zh-CN"
            note = re.search(r'<p class="note" lang="en">([^<]+)</p>', page.text)
            assert note is not None
            assert "available in Chinese only" in note[1]
            rest = re.sub(r"<[^>]+>", " ", page.text.replace(note[0], ""))
            assert not re.findall(r"\b[A-Z]?[a-z]{3,} [a-z]{2,} [a-z]{2,}", rest), "no English sentence besides"
        assert "<title>有误：" in told.text
        assert '<html lang="en"' in english.http.get("/").text, "he chose his language no less"
    finally:
        item.bundle["texts"] = texts
    assert "available in Chinese only" not in english.http.get("/items/elder-allowance").text
