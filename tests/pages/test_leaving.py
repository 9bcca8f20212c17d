"""Going elsewhere from a draft while something was typed in it: it is saved first, whatever link was followed."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.pages.conftest import Visit
from tests.pages.test_way import BOTH, begin, on, sent


@BOTH
def test_another_language_or_size_keeps_what_was_typed(visit: Visit, javascript: bool) -> None:
    page = visit("elder", javascript=javascript, width=390, height=844)
    begin(page, "elder-allowance")
    page.get_by_label("联系电话").fill("139000")
    page.get_by_role("button", name="English").click()
    page.wait_for_url(re.compile(r"/drafts/[^?]*$"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("[name='/phone']")).to_have_value("139000")
    page.locator("[name='/phone']").fill("1390000")
    page.get_by_role("button", name="中文").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")
    expect(page.get_by_label("联系电话")).to_have_value("1390000")
    page.get_by_role("button", name="长辈版").click()
    expect(page.locator("html")).to_have_class(re.compile("size-large"))
    page.go_back()
    expect(page.locator("[name='/phone']")).to_have_value("1390000")


@BOTH
def test_so_does_a_form_of_several_pages_and_stays_on_its_page(visit: Visit, javascript: bool) -> None:
    page = visit("firm-food", javascript=javascript)
    begin(page)
    page.get_by_label("营业面积").fill("12x")
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.wait_for_url("**/ask/**")
    expect(page.locator("[name='/area_m2']")).to_have_value("12x")


def test_a_link_to_another_page_saves_first_and_goes_there(visit: Visit) -> None:
    page = visit("elder")
    begin(page, "elder-allowance")
    draft = page.url
    page.get_by_label("联系电话").fill("139")
    page.get_by_role("link", name="我的").click()
    page.wait_for_url("**/me")
    page.goto(draft)
    expect(page.get_by_label("联系电话")).to_have_value("139")
    page.get_by_label("联系电话").fill("13911")
    page.get_by_role("link", name="服务点和开放时间").click()
    page.wait_for_url("**/sites")
    page.go_back()
    expect(page.get_by_label("联系电话")).to_have_value("13911")


def test_without_scripts_the_page_says_that_it_wants_to_be_saved_first(visit: Visit) -> None:
    page = visit("elder", javascript=False)
    begin(page, "elder-allowance")
    expect(page.locator("noscript p")).to_be_visible()
    expect(page.locator("noscript p")).to_contain_text("请先按“保存，以后再填”")


def test_no_post_leads_off_the_site(visit: Visit) -> None:
    page = visit("elder")
    begin(page, "elder-allowance")
    page.get_by_label("联系电话").fill("139")
    page.locator("button[name=_go]").first.evaluate("one => { one.value = '//example.com/'; }")
    page.locator("button[name=_go]").first.click()
    page.wait_for_url("**/drafts/*?saved")


def test_a_button_of_the_form_keeps_telling_what_was_wrong_without_scripts(visit: Visit) -> None:
    page = visit("firm-food", javascript=False)
    begin(page)
    on(page)
    expect(page.locator(".lf-error")).to_have_text(
        ["错误：请选择经营场所所在村（社区）", "错误：请填写营业面积（平方米）"]
    )
    page.get_by_label("营业面积").fill("120")
    with page.expect_response(sent):
        page.locator(".lf-refresh").first.click()
    expect(page.locator(".lf-error")).to_have_text(["错误：请选择经营场所所在村（社区）"])
