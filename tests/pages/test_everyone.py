"""Every page is everyone's page: axe finds nothing, nothing scrolls sideways at 320 px or at 200 % text."""

from __future__ import annotations

import html5lib
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.pages.conftest import Visit
from tests.pages.test_main_job import ITEM, apply_for

OPEN = ["/", "/?q=zlj", "/?q=nichts", f"/items/{ITEM}", "/login", "/track", "/about/privacy", "/about/access", "/none"]
SIGNED_IN = ["/me", f"/items/{ITEM}/apply"]
MODES = {"normal": None, "large": "/look?size=large", "kiosk": "/look?size=kiosk", "English": "/look?language=en"}


def faults(page: Page) -> list[str]:
    """What axe calls a violation, one line each."""
    found = Axe().run(page).response["violations"]
    return [f"{page.url} {one['id']}: {one['help']} {[n['html'][:120] for n in one['nodes']]}" for one in found]


def width_over(page: Page) -> int:
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


@pytest.mark.parametrize("mode", MODES)
def test_axe_finds_nothing_on_open_pages(visit: Visit, mode: str) -> None:
    page = visit()
    if MODES[mode]:
        page.goto(str(MODES[mode]))
    found = []
    for path in OPEN if mode == "normal" else ("/", f"/items/{ITEM}"):
        page.goto(path)
        found += faults(page)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_pages_of_a_person(visit: Visit) -> None:
    page = visit("elder")
    found = []
    for path in SIGNED_IN:
        page.goto(path)
        found += faults(page)
    apply_for(page)
    found += faults(page)
    page.get_by_label("联系电话").fill("12")
    page.get_by_role("button", name="提交申请").click()
    page.get_by_role("alert").wait_for()
    found += faults(page)
    page.get_by_label("联系电话").fill("13900000000")
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/cases/*")
    found += faults(page)
    page.goto(page.url + "/notice")
    found += faults(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", ["normal", "large"])
@pytest.mark.parametrize("language", ["zh", "en"])
def test_nothing_scrolls_sideways_on_a_narrow_screen(visit: Visit, size: str, language: str) -> None:
    page = visit("elder", width=320, height=640)
    apply_for(page)
    draft = page.url
    page.goto(f"/look?size={size}")
    page.goto(f"/look?language={language}")
    over = {}
    for path in [*OPEN, *SIGNED_IN, draft]:
        page.goto(path)
        over[path] = width_over(page)
    assert not {path: by for path, by in over.items() if by > 0}


def test_nothing_scrolls_sideways_at_twice_the_text(visit: Visit) -> None:
    page = visit(width=640, height=900)
    for path in OPEN:
        page.goto(path)
        page.evaluate("document.documentElement.style.fontSize = '225%'")
        assert width_over(page) <= 0, path


def test_a_kiosk_shows_the_form_and_the_result_without_scrolling(visit: Visit) -> None:
    page = visit("elder", width=1080, height=1920)
    page.goto("/look?size=kiosk")
    apply_for(page)
    tall = int(page.evaluate("document.documentElement.scrollHeight"))
    assert tall <= 1920, f"the form is {tall} px tall"
    small = page.evaluate(
        """[...document.querySelectorAll('main button, main .btn, header a, header button')]
        .filter(one => one.offsetParent && !one.classList.contains('aside-text'))
        .filter(one => one.getBoundingClientRect().height < 63.5).map(one => one.outerHTML.slice(0, 90))"""
    )
    assert not small


def test_every_page_has_one_heading_a_title_and_labels(visit: Visit) -> None:
    page = visit("elder")
    for path in [*OPEN, *SIGNED_IN]:
        page.goto(path)
        assert page.locator("h1").count() == 1, path
        assert page.title().endswith("零办"), path
        ids = page.evaluate("[...document.querySelectorAll('[id]')].map(one => one.id)")
        assert len(ids) == len(set(ids)), path
        unnamed = page.evaluate(
            "[...document.querySelectorAll('main input:not([type=hidden]), main select, main textarea')]"
            ".filter(one => !one.labels.length).map(one => one.outerHTML)"
        )
        assert not unnamed, path


def test_every_page_is_valid_html(visit: Visit) -> None:
    page = visit("elder")
    apply_for(page)
    draft = page.url
    page.locator("[name='/phone']").fill("13900000000")
    page.locator(".btn[value=file]").click()
    page.wait_for_url("**/cases/*")
    for path in [*OPEN, *SIGNED_IN, draft, page.url, f"{page.url}/notice"]:
        text = page.request.get(path).text()
        parser = html5lib.HTMLParser(strict=False)
        parser.parse(text)
        assert not parser.errors, f"{path}: {parser.errors}"


def test_no_page_needs_an_inline_style_or_script(visit: Visit) -> None:
    page = visit("elder")
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in ["/", f"/items/{ITEM}", "/me", "/login"]:
        page.goto(path)
    apply_for(page)
    assert page.locator("[style], style, script:not([src])").count() == 0
    assert not said


def test_pages_of_a_person_are_stored_nowhere(visit: Visit) -> None:
    page = visit("elder")
    for path in SIGNED_IN:
        answer = page.goto(path)
        assert answer is not None
        assert answer.headers["cache-control"] == "no-store"
        assert "default-src 'self'" in answer.headers["content-security-policy"]
