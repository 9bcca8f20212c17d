"""补正 by eyes and fingers: opened, corrected, checked and sent, on a desk and on a phone, with scripts and without."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from bench.repeatable import repeatable
from tests.admin.conftest import NO_ACCOUNT
from tests.pages.conftest import Site, chromium, serving
from tests.pages.test_everyone import faults, width_over

__all__ = ["chromium"]
REVIEWER = "reviewer-civil-affairs-xutang"


@dataclass
class Town:
    site: Site
    told: Any

    def sign_in(self, page: Page, login: str) -> None:
        page.goto(f"{self.site.url}/login")
        page.fill("#login", login)
        page.fill("#password", self.site.passwords[login])
        page.click("form.sign-in button[type=submit]")
        page.wait_for_url(lambda url: "/login" not in url)

    def filed(self) -> str:
        elder = next(one for one in self.told["accounts"] if one["login"] == NO_ACCOUNT)
        token = next(one["token"] for one in self.told["tokens"] if one["role"] == "portal")
        applicant = {"kind": "person", "id_number": elder["id_number"], "area": "320583103001"}
        answer = httpx.post(
            f"{self.site.url}/api/v1/items/elder-allowance/cases",
            json={"applicant": applicant, "answers": {"phone": "13900000000"}},
            headers={"Authorization": f"Bearer {token}"},
        )
        assert answer.status_code == 201, answer.text
        return str(answer.json()["no"])


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory, chromium: str) -> Iterator[Town]:
    data = tmp_path_factory.mktemp("mending")
    with serving(data, "--plugins", str(repeatable(data))) as site:
        yield Town(site, json.loads((data / "demo.json").read_text("utf-8")))


@pytest.mark.parametrize(("width", "scripts"), [(1280, True), (390, True), (390, False)])
def test_a_correction_from_the_notice_to_the_desk(town: Town, chromium: str, width: int, scripts: bool) -> None:
    no = town.filed()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        office = browser.new_page(viewport={"width": 1280, "height": 900})
        town.sign_in(office, REVIEWER)
        office.goto(f"{town.site.url}/admin/cases/{no}")
        office.fill("#wanted-form", "电话少一位，请改")
        office.locator("form[action$=ask_correction] button[type=submit]").click()
        expect(office.get_by_text("待补正").first).to_be_visible()
        page = browser.new_page(viewport={"width": width, "height": 844}, java_script_enabled=scripts)
        town.sign_in(page, NO_ACCOUNT)
        page.goto(f"{town.site.url}/cases/{no}")
        page.get_by_role("button", name="打开表单改正").click()
        page.get_by_label("联系电话").fill("13911111111")
        page.get_by_role("button", name="核对改了什么").click()
        expect(page.get_by_role("heading", name="核对改了什么，再提交补正")).to_be_visible()
        expect(page.locator("del")).to_have_text("13900000000")
        expect(page.locator("ins")).to_have_text("13911111111")
        if scripts:
            assert faults(page) == []
            assert width_over(page) <= 0
        page.get_by_role("button", name="确认无误，提交补正").click()
        expect(page.get_by_role("link", name="请提交“银行账户证明”")).to_be_visible()
        page.get_by_label("补正说明").fill("存折下周补交")
        page.get_by_role("button", name="确认无误，提交补正").click()
        page.wait_for_url(f"{town.site.url}/cases/{no}")
        expect(page.get_by_text("补正说明：存折下周补交")).to_be_visible()
        if scripts:
            assert faults(page) == []
            assert width_over(page) <= 0
        office.reload()
        expect(office.get_by_role("heading", name="补正改了什么")).to_be_visible()
        expect(office.locator("del")).to_have_text("13900000000")
        assert faults(office) == []
        browser.close()
