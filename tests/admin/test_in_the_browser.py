"""The desk as eyes, ears and fingers meet it: no axe finding, no sideways scrolling, keys for everything."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, ConsoleMessage, Page, expect, sync_playwright

from tests.admin.conftest import BLACKLISTED, NO_ACCOUNT, REVIEWER
from tests.pages.conftest import chromium, serving

__all__ = ["chromium"]
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa", "best-practice"]


@dataclass
class Town:
    url: str
    passwords: dict[str, str]
    roles: dict[str, str]
    cases: dict[str, str]

    def sign_in(self, page: Page, login: str) -> None:
        page.goto(f"{self.url}/login")
        page.fill("#login", login)
        page.fill("#password", self.passwords[login])
        page.click("form.sign-in button[type=submit]")


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Town]:
    data: Path = tmp_path_factory.mktemp("desk-in-browser")
    with serving(data) as site:
        told = json.loads((data / "demo.json").read_text("utf-8"))
        token = next(t["token"] for t in told["tokens"] if t["role"] == "portal")
        cases = {}
        for login in (BLACKLISTED, NO_ACCOUNT):
            elder = next(a for a in told["accounts"] if a["login"] == login)
            applicant = {
                "kind": "person",
                "name": "名字很长的申请人阿不都拉·买买提",
                "id_number": elder["id_number"],
                "area": "320583103001",
            }
            answer = httpx.post(
                f"{site.url}/api/v1/items/elder-allowance/cases",
                json={"applicant": applicant, "answers": {"phone": "13900000000"}},
                headers={"Authorization": f"Bearer {token}"},
            )
            assert answer.status_code == 201, answer.text
            cases[login] = answer.json()["no"]
        roles = {a["role"]: a["login"] for a in told["accounts"]}
        yield Town(site.url, site.passwords, roles, cases)


@pytest.fixture(scope="module")
def browser(chromium: str) -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield started
        started.close()


def listener(wrong: list[str]) -> Callable[[ConsoleMessage], None]:
    def note(message: ConsoleMessage) -> None:
        if message.type == "error":
            wrong.append(message.text)

    return note


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (320, "dark")])
def test_every_page_of_the_desk_is_everyones_page(browser: Browser, town: Town, width: int, scheme: str) -> None:
    ways = {
        REVIEWER: ("/admin/", f"/admin/cases/{town.cases[BLACKLISTED]}", "/admin/catalog"),
        "reviewer-civil-affairs-xutang": (f"/admin/cases/{town.cases[NO_ACCOUNT]}", "/admin/open?no=123"),
        "worker-shipu-205": ("/admin/take", "/admin/take/elder-allowance", "/admin/take/shop-sign"),
        town.roles["administrator"]: (
            "/admin/plugins", "/admin/plugins/elder-allowance", "/admin/sources", "/admin/staff",
        ),
    }  # fmt: skip
    found = []
    for login, paths in ways.items():
        context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
        )
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", listener(wrong))
        town.sign_in(page, login)
        for path in paths:
            page.goto(town.url + path)
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                found.append(f"{path} at {width}: {wide} px wide")
            answer = Axe().run(page, options={"runOnly": RULES}).response
            found += [f"{path} at {width}: {v['id']} {v['nodes'][0]['target']}" for v in answer["violations"]]
            if page.locator("h1").count() != 1:
                found.append(f"{path}: {page.locator('h1').count()} h1")
        found += [f"{login}: {text}" for text in wrong if "404" not in text]
        context.close()
    assert not found, "\n".join(found)


def test_a_case_is_found_and_rejected_by_keys_alone(browser: Browser, town: Town) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    town.sign_in(page, REVIEWER)
    page.goto(f"{town.url}/admin/")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url("**/admin/cases/*")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_have_attribute("open", "")
    page.keyboard.press("a")
    expect(page.locator("#next-move")).to_be_focused()
    page.keyboard.press("r")
    expect(page.locator("#reject-because")).to_be_focused()
    page.keyboard.type("j 账户已被冻结")
    page.keyboard.press("Tab")
    page.keyboard.type("办法第三条")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_contain_text("已作出决定")
    expect(page.locator(".act__said")).to_contain_text("j 账户已被冻结")
    page.keyboard.press("q")
    page.wait_for_url("**/admin/")


def test_single_keys_can_be_switched_off(browser: Browser, town: Town) -> None:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    town.sign_in(page, "reviewer-civil-affairs-xutang")
    page.goto(f"{town.url}/admin/")
    page.keyboard.press("?")
    page.locator("#keys-on").uncheck()
    page.reload()
    page.keyboard.press("/")
    expect(page.locator("#find-no")).not_to_be_focused()
