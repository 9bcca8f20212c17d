"""A form control that a plugin brings, in a real browser."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Browser, Locator, expect

from tests.forms_engine.test_item_pages import ITEM
from tests.forms_engine.test_plugin_widget import GOOD, TESTER, shelf
from tests.pages.conftest import serving, sign_in
from tests.pages.test_way import begin


def reach(wanted: Locator) -> None:
    """By the Tab key, as somebody without a mouse."""
    for _ in range(100):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        wanted.page.keyboard.press("Tab")
    raise AssertionError("the Tab key does not lead there")


def test_it_is_filled_by_keyboard_and_filed(browser: Browser, tmp_path: Path) -> None:
    with serving(tmp_path, "--plugins", str(shelf(tmp_path, GOOD, TESTER))) as site:
        page = browser.new_context(base_url=site.url, locale="zh-CN").new_page()
        sign_in(page, "elder", site.passwords["elder"])
        begin(page, ITEM)
        stars = page.get_by_role("slider", name="<b>满意度")
        reach(stars)
        page.keyboard.press("Home")
        for _ in range(3):
            page.keyboard.press("ArrowRight")
        expect(stars).to_have_value("4")
        reach(page.locator("main .actions").get_by_role("button", name="提交申请"))
        page.keyboard.press("Enter")
        page.wait_for_url("**/cases/*")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert "/cases/" in page.url
