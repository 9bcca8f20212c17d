"""Every exhibit of the gallery in a real browser: axe finds nothing, and nothing is wider than a small phone."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, sync_playwright

from forms.engine import gallery

STATIC = Path(__file__).parents[2] / "core" / "web" / "static"
CSS = "\n".join((STATIC / name).read_text(encoding="utf-8") for name in ("lingban.css", "fields.css"))


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("no Chromium on this machine: the gallery is not looked at")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox"])
        yield browser.new_page(viewport={"width": 320, "height": 700})
        browser.close()


def show(page: Page, html: str) -> None:
    page.set_content(
        '<!doctype html><html lang="zh-CN"><head><meta name="viewport" content="width=device-width">'
        "<title>样例</title>"
        f"<style>{CSS}</style></head><body><main><h1>样例</h1><form>{html}</form></main></body></html>"
    )


@pytest.mark.parametrize("wrong", [False, True], ids=["filled in", "with problems"])
def test_no_exhibit_is_a_barrier(page: Page, wrong: bool) -> None:
    axe = Axe()
    found: list[str] = []
    for entry in gallery.entries(wrong=wrong):
        show(page, entry.html)
        found += [
            f"{entry.title}: {v['id']}: {v['nodes'][0]['html'][:150]}" for v in axe.run(page).response["violations"]
        ]
    assert found == []


def test_nothing_is_wider_than_a_small_phone_even_at_double_size(page: Page) -> None:
    found: list[str] = []
    for entry in gallery.entries():
        show(page, entry.html)
        for size in ("100%", "200%"):
            page.add_style_tag(content=f"html {{ font-size: {size} }}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > 320:
                found.append(f"{entry.title} at {size}: {wide} px")
    assert found == []


def test_a_box_is_found_by_its_label_and_ticked_by_keyboard(page: Page) -> None:
    entry = next(e for e in gallery.entries() if "ok" in (e.schema.get("properties") or {}))
    show(page, entry.html)
    box = page.get_by_label("以上内容属实")
    box.focus()
    assert box.is_checked()
    page.keyboard.press("Space")
    assert not box.is_checked()
