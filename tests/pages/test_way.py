"""A long form, page by page: nothing skipped, nothing lost, everything checked before it is sent."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Response, expect

from tests.pages.conftest import Visit

ITEM = "restaurant-opening"
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])


def begin(page: Page, item: str = ITEM) -> str:
    """A fresh draft; its address without the page."""
    page.goto(f"/items/{item}/apply")
    page.get_by_role("button", name="同意查询，开始填写").click()
    page.wait_for_url("**/drafts/**")
    found = re.match(r".*/drafts/[0-9a-f-]+", page.url)
    assert found
    return found[0]


def sent(answer: Response) -> bool:
    return answer.request.method == "POST" and answer.request.is_navigation_request()


def on(page: Page, words: str = "下一步") -> None:
    """Press it, and go on only when the server has answered: another tab may be the next to act."""
    with page.expect_response(sent):
        page.locator("main .actions").get_by_role("button", name=words).click()


def pick_area(page: Page) -> None:
    """First the town, then the village in it; without scripts a button brings the next level."""
    page.locator("[name='_area:/place_area#0']").select_option("320583103000")
    following = page.locator("[id='/place_area-next']")
    if following.is_visible():
        following.click()
    page.locator("select[name='/place_area']").select_option("320583103205")


def first_page(page: Page) -> None:
    pick_area(page)
    page.get_by_label("经营地址").fill("试浦镇虚构路1号")
    page.get_by_label("营业面积").fill("120")


def to_papers(page: Page) -> str:
    """Every page of questions filled in, up to the one that asks for papers."""
    draft = begin(page)
    first_page(page)
    on(page)
    page.get_by_role("group", name="使用燃气").get_by_label("是").check()
    on(page)
    page.get_by_label("联系人").fill("陈例三")
    page.get_by_label("联系电话").fill("13900000000")
    on(page)
    page.wait_for_url("**/papers/**")
    return draft


def to_check(page: Page) -> str:
    """Every page filled in, up to the one where one checks."""
    draft = to_papers(page)
    on(page)
    page.wait_for_url("**/check")
    return draft


@BOTH
def test_a_long_form_is_filled_page_by_page_checked_and_filed(visit: Visit, javascript: bool) -> None:
    page = visit("firm-food", javascript=javascript)
    begin(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("店开在哪里")
    expect(page.get_by_role("main")).to_contain_text("第 1 步，共 5 步")
    expect(page).to_have_title(re.compile("店开在哪里（第 1 步，共 5 步）.*开办餐饮店"))
    expect(page.get_by_role("navigation", name="办理步骤").locator("[aria-current]")).to_have_text("核对填写")
    expect(page.get_by_label("联系电话")).to_have_count(0)
    first_page(page)
    on(page)
    expect(page.get_by_role("main")).to_contain_text("第 2 步，共 5 步")
    page.get_by_role("group", name="使用燃气").get_by_label("是").check()
    on(page, "上一步")
    expect(page.get_by_label("营业面积")).to_have_value("120")
    on(page)
    expect(page.get_by_role("group", name="使用燃气").get_by_label("是")).to_be_checked()
    on(page)
    page.get_by_label("联系人").fill("陈例三")
    page.get_by_label("联系电话").fill("13900000000")
    on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("申请材料")
    page.locator("#material-gas").get_by_role("checkbox").check()
    on(page)
    expect(page).to_have_url(re.compile("/check$"))
    expect(page.get_by_role("main")).to_contain_text("试浦镇虚构路1号")
    expect(page.get_by_role("main")).to_contain_text("13900000000")
    page.get_by_role("link", name="更改 联系电话").or_(page.get_by_role("link", name="更改联系电话")).click()
    expect(page).to_have_url(re.compile(r"/ask/phone\?check#/phone"))
    page.get_by_label("联系电话").fill("13911111111")
    on(page, "改好了，回到核对")
    expect(page).to_have_url(re.compile("/check$"))
    expect(page.get_by_role("main")).to_contain_text("13911111111")
    on(page, "确认无误，提交申请")
    page.wait_for_url("**/cases/*")


def test_an_error_names_the_page_in_its_title_and_leads_to_the_field(visit: Visit) -> None:
    page = visit("firm-food")
    begin(page)
    first_page(page)
    page.get_by_label("营业面积").fill("很大")
    on(page)
    expect(page).to_have_title(re.compile("^有误："))
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(1)
    summary.get_by_role("link").click()
    expect(page.get_by_label("营业面积")).to_be_focused()
    expect(page.get_by_label("营业面积")).to_have_value("很大")
    expect(page.get_by_label("经营地址")).to_have_value("试浦镇虚构路1号")


def test_who_skips_ahead_is_led_to_what_is_missing(visit: Visit) -> None:
    page = visit("firm-food", javascript=False)
    draft = begin(page)
    page.goto(f"{draft}/ask/phone")
    expect(page).to_have_url(re.compile(r"/ask/place_area\?first"))
    expect(page.get_by_role("status")).to_contain_text("前面还有没填好的")
    page.goto(f"{draft}/check")
    expect(page.get_by_role("main")).to_contain_text("还有没填好的")
    expect(page.get_by_role("button", name="提交申请")).to_have_count(0)
    page.get_by_role("link", name="联系电话").first.click()
    expect(page).to_have_url(re.compile("/ask/place_area"))
    page.goto(f"{draft}/ask/no-such-question")
    expect(page).to_have_url(re.compile("/ask/place_area"))


def test_a_page_left_for_later_is_where_one_goes_on(visit: Visit) -> None:
    page = visit("firm-food", javascript=False)
    draft = begin(page)
    first_page(page)
    on(page)
    on(page)
    page.get_by_label("联系人").fill("陈例三")
    on(page, "保存，以后再填")
    expect(page.get_by_role("status")).to_contain_text("已保存")
    page.goto(draft)
    expect(page).to_have_url(re.compile("/ask/contact"))
    expect(page.get_by_label("联系人")).to_have_value("陈例三")


@BOTH
def test_two_tabs_on_one_page_lose_nothing_of_either(visit: Visit, javascript: bool) -> None:
    page = visit("firm-food", javascript=javascript)
    draft = begin(page)
    pick_area(page)
    page.locator("main .actions").get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").filter(has_text="已保存")).to_be_visible()
    other = page.context.new_page()
    other.goto(draft)
    for tab, address in ((page, "试浦镇虚构路1号"), (other, "试浦镇虚构路2号")):
        tab.get_by_label("经营地址").fill(address)
        tab.get_by_label("营业面积").fill("120")
        on(tab)
    expect(other.get_by_role("alert")).to_contain_text("在别处改过")
    expect(other.get_by_role("alert")).to_contain_text("别处保存的是“试浦镇虚构路1号”")
    expect(other.get_by_label("经营地址")).to_have_value("试浦镇虚构路2号")
    on(other)
    expect(other.get_by_role("heading", level=1)).to_have_text("店里有什么")
    on(other, "上一步")
    expect(other.get_by_label("经营地址")).to_have_value("试浦镇虚构路2号")


def test_a_stale_page_still_brings_the_questions_that_follow_and_is_told_when_it_goes_on(visit: Visit) -> None:
    page = visit("firm-food")
    draft = begin(page)
    other = page.context.new_page()
    other.goto(draft)
    first_page(page)
    on(page)
    page.wait_for_url("**/ask/sign")
    # Another address from the start: who wrote the same in both tabs would have nothing to be told.
    pick_area(other)
    other.get_by_label("经营地址").fill("试浦镇虚构路2号")
    other.get_by_label("营业面积").fill("120")
    on(other)
    expect(other.get_by_role("alert")).to_contain_text("别处保存的是“试浦镇虚构路1号”")
    expect(other.get_by_label("经营地址")).to_have_value("试浦镇虚构路2号")


def test_two_tabs_on_different_pages_do_not_disturb_each_other(visit: Visit) -> None:
    page = visit("firm-food", javascript=False)
    draft = to_check(page)
    page.goto(f"{draft}/ask/phone?check")
    other = page.context.new_page()
    other.goto(f"{draft}/ask/place_area?check")
    other.get_by_label("营业面积").fill("90")
    on(other, "改好了")
    page.get_by_label("联系电话").fill("13922222222")
    on(page, "改好了")
    expect(page).to_have_url(re.compile("/check$"))
    expect(page.get_by_role("main")).to_contain_text("90")
    expect(page.get_by_role("main")).to_contain_text("13922222222")


def test_what_was_changed_after_checking_is_checked_again(visit: Visit) -> None:
    page = visit("firm-food", javascript=False)
    draft = to_check(page)
    other = page.context.new_page()
    other.goto(f"{draft}/ask/phone?check")
    other.get_by_label("联系电话").fill("13933333333")
    on(other, "改好了")
    on(page, "确认无误")
    expect(page.get_by_role("alert")).to_contain_text("刚在别处改过")
    expect(page.get_by_role("main")).to_contain_text("13933333333")
    on(page, "确认无误")
    page.wait_for_url("**/cases/*")
    other.goto(f"{draft}/ask/phone")
    expect(other).to_have_url(re.compile("/cases/"))


def test_the_back_button_of_the_browser_loses_nothing(visit: Visit) -> None:
    page = visit("firm-food")
    begin(page)
    first_page(page)
    on(page)
    page.wait_for_url("**/ask/sign")
    page.go_back()
    expect(page.get_by_label("营业面积")).to_have_value("120")
    page.get_by_label("营业面积").fill("130")
    on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("店里有什么")


def test_large_type_asks_one_question_a_page(visit: Visit) -> None:
    page = visit("firm-food", width=390, height=844, javascript=False)
    page.goto("/look?size=large")
    begin(page)
    expect(page.locator(".lf-field")).to_have_count(1)
    pick_area(page)
    on(page)
    expect(page.locator(".lf-field")).to_have_count(1)
    expect(page.get_by_label("经营地址")).to_be_visible()
    page.goto("/look?size=normal")
    page.go_back()
    expect(page.get_by_role("main")).to_contain_text("共 5 步")
