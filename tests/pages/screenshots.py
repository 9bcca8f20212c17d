"""The pictures of docs/screenshots, from a fresh demo: `make screenshots`, or those named. README shows four.

Look at every one before it is committed.
"""

from __future__ import annotations

import contextlib
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from bench.repeatable import repeatable
from tests.pages.conftest import Site, serving

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "screenshots"
ITEM = "elder-allowance"
PHONE = "13900000000"
REVIEWER = "reviewer-civil-affairs-shipu"
FOR_REVIEW = ("elder-no-account", "elder-blacklisted")
"""Citizens whose cases a rule cannot decide, so that the desk has something to show."""


@dataclass(frozen=True)
class Shot:
    """One picture: whose browser, how large, and the way to the page."""

    name: str
    way: Callable[[Page], None]
    login: str | None = None
    width: int = 1280
    height: int = 800
    size: str = "normal"
    language: str = "zh"
    dark: bool = False
    before: tuple[str, ...] = ()
    """Citizens who file the item first."""


def to(path: str) -> Callable[[Page], None]:
    return lambda page: (page.goto(path), None)[1]


def draft(page: Page) -> None:
    page.goto(f"/items/{ITEM}/apply")
    page.locator("main form .btn[type=submit]").click()
    page.wait_for_url("**/drafts/*")


def mistake(page: Page) -> None:
    draft(page)
    page.locator("[name='/phone']").fill("12")
    page.locator(".btn[value=file]").click()
    page.get_by_role("alert").wait_for()


def receipt(page: Page) -> None:
    draft(page)
    page.locator("[name='/phone']").fill(PHONE)
    page.locator(".btn[value=file]").click()
    page.wait_for_url("**/cases/*")


def firm(page: Page) -> None:
    page.goto("/items/shop-sign/apply")
    page.locator("main form .btn[type=submit]").click()
    page.wait_for_url("**/drafts/*")


def desk(page: Page) -> None:
    page.goto("/admin/")
    page.locator("main a[href*='/cases/']").first.click()
    page.wait_for_load_state()


SHOTS = (
    Shot("home", to("/")),
    Shot("guide", to(f"/items/{ITEM}"), height=1000),
    Shot("apply", to(f"/items/{ITEM}/apply"), "elder", height=1100),
    Shot("draft", draft, "elder", 900, 1080),
    Shot("mistake", mistake, "elder", 900, 1080),
    Shot("firm", firm, "firm-sign", 900, 1300),
    Shot("receipt", receipt, "elder", 900, 1080),
    Shot("home-phone", to("/"), None, 390, 844),
    Shot("draft-phone", draft, "elder", 390, 1200),
    Shot("draft-large", draft, "elder", 390, 1400, size="large"),
    Shot("home-kiosk", to("/"), None, 1080, 1920, size="kiosk"),
    Shot("draft-kiosk", draft, "elder", 1080, 1920, size="kiosk"),
    Shot("receipt-dark", receipt, "elder", 900, 1080, dark=True),
    Shot("home-english", to("/"), language="en"),
    Shot("desk", desk, REVIEWER, 1280, 1100, before=FOR_REVIEW),
)


def take(browser: Browser, site: Site, shot: Shot, folder: Path) -> Path:
    for citizen in shot.before:
        with visiting(browser, site, Shot("", receipt, citizen)) as page:
            receipt(page)
    with visiting(browser, site, shot) as page:
        shot.way(page)
        target = folder / f"{shot.name}.png"
        page.screenshot(path=target)
        return target


@contextlib.contextmanager
def visiting(browser: Browser, site: Site, shot: Shot) -> Iterator[Page]:
    """A browser of this shape, signed in where the shot says so."""
    context = browser.new_context(
        base_url=site.url,
        viewport={"width": shot.width, "height": shot.height},
        color_scheme="dark" if shot.dark else "light",
        locale="zh-CN",
    )
    try:
        page = context.new_page()
        if shot.login:
            page.goto("/login")
            page.fill("#login", shot.login)
            page.fill("#password", site.passwords[shot.login])
            page.locator("main form [type=submit]").click()
            page.wait_for_url(lambda url: "/login" not in url)
        page.goto(f"/look?size={shot.size}")
        page.goto(f"/look?language={shot.language}")
        yield page
    finally:
        context.close()


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        sys.exit("no Chromium on this machine")
    FOLDER.mkdir(parents=True, exist_ok=True)
    # Every shot is of one and the same elder, who would be told that he has it already.
    with (
        tempfile.TemporaryDirectory() as data,
        serving(Path(data), "--plugins", str(repeatable(Path(data)))) as site,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for shot in SHOTS:
            if sys.argv[1:] and shot.name not in sys.argv[1:]:
                continue
            print(take(browser, site, shot, FOLDER))


if __name__ == "__main__":
    main()
