"""Back after a page that told an error: the browser shows it again, with what was written, and nothing is lost."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.pages.conftest import Visit
from tests.pages.test_way import BOTH, begin, first_page, on


@BOTH
def test_back_to_a_page_that_told_an_error_shows_the_page(visit: Visit, javascript: bool) -> None:
    page = visit("firm-food", javascript=javascript)
    begin(page)
    first_page(page)
    page.get_by_label("营业面积").fill("很大")
    on(page)
    expect(page).to_have_title(re.compile("^有误："))
    expect(page.get_by_label("营业面积")).to_have_value("很大")
    page.goto("/me")
    page.go_back()
    expect(page).to_have_title(re.compile("^有误："))
    expect(page.get_by_label("营业面积")).to_have_value("很大")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("营业面积")
    page.get_by_label("营业面积").fill("120")
    on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("店里有什么")
    page.go_back()
    expect(page.get_by_label("营业面积")).to_have_value("120")
    expect(page.get_by_role("alert")).to_have_count(0)


@BOTH
def test_back_to_a_form_of_one_page_and_in_another_language(visit: Visit, javascript: bool) -> None:
    page = visit("elder", javascript=javascript)
    begin(page, "elder-allowance")
    page.get_by_label("联系电话").fill("12")
    on(page, "提交申请")
    expect(page.get_by_label("联系电话")).to_have_attribute("aria-invalid", "true")
    page.goto("/me")
    page.go_back()
    expect(page.get_by_label("联系电话")).to_have_value("12")
    expect(page.get_by_label("联系电话")).to_have_attribute("aria-invalid", "true")
    page.goto("/look?language=en&back=" + page.url)
    page.go_back()
    expect(page).to_have_title(re.compile("^Error"))
    expect(page.locator(".lf-error").first).not_to_contain_text(re.compile("[\u4e00-\u9fff]"))


def test_rows_added_without_scripts_are_come_back_to(visit: Visit) -> None:
    page = visit("poor", javascript=False)
    begin(page, "minimum-living")
    page.get_by_role("link", name="仍要填写").click()
    rows = page.locator(".lf-row")
    page.locator("[name='/members/0/name']").fill("甲")
    before = rows.count()
    page.get_by_role("button", name=re.compile("添加")).first.click()
    expect(rows).to_have_count(before + 1)
    page.goto("/me")
    page.go_back()
    expect(rows).to_have_count(before + 1)
