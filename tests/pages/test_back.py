"""Back after a page that told an error: the browser shows it again, with what was written, and nothing is lost."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.pages.conftest import Site, Visit
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


@BOTH
def test_a_tab_that_came_second_can_be_reloaded_and_come_back_to(visit: Visit, javascript: bool) -> None:
    page = visit("firm-food", javascript=javascript)
    begin(page)
    first_page(page)
    page.locator("main .actions").get_by_role("button", name="保存").click()
    expect(page.get_by_role("status").filter(has_text="已保存")).to_be_visible()
    other = page.context.new_page()
    other.goto(page.url)
    for tab, address in ((page, "试浦镇虚构路5号"), (other, "试浦镇虚构路6号")):
        tab.get_by_label("经营地址").fill(address)
        on(tab)
        tab.wait_for_url(re.compile("/ask/sign|aside"))
    for again in (other.reload, lambda: (other.goto("/me"), other.go_back())):
        again()
        expect(other.get_by_role("alert")).to_contain_text("别处保存的是“试浦镇虚构路5号”")
        expect(other.get_by_label("经营地址")).to_have_value("试浦镇虚构路6号")
    page.go_back()
    page.get_by_label("经营地址").fill("试浦镇虚构路7号")
    on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("店里有什么")
    other.reload()
    expect(other.get_by_role("alert")).to_contain_text("别处保存的是“试浦镇虚构路7号”")
    on(other)
    expect(other.get_by_role("heading", level=1)).to_have_text("店里有什么")
    on(other, "上一步")
    expect(other.get_by_label("经营地址")).to_have_value("试浦镇虚构路6号")
    expect(other.get_by_role("alert")).to_have_count(0)


@BOTH
def test_a_form_of_one_page_that_came_second_too(visit: Visit, javascript: bool) -> None:
    page = visit("elder", javascript=javascript)
    draft = begin(page, "elder-allowance")
    other = page.context.new_page()
    other.goto(draft)
    for tab, phone in ((page, "13900000001"), (other, "13900000002")):
        tab.get_by_label("联系电话").fill(phone)
        on(tab, "保存，以后再填")
    expect(other.get_by_role("alert")).to_contain_text("别处保存的是“13900000001”")
    other.reload()
    expect(other.get_by_label("联系电话")).to_have_value("13900000002")
    other.get_by_role("link", name="不用刚才填的").click()
    expect(other.get_by_label("联系电话")).to_have_value("13900000001")
    expect(other.get_by_role("alert")).to_have_count(0)


@BOTH
def test_a_wrong_password_a_wrong_code_and_a_wrong_number_have_pages_that_reload(
    visit: Visit, javascript: bool
) -> None:
    page = visit(javascript=javascript)
    page.goto("/login?next=/items/elder-allowance/apply")
    page.get_by_label("账号").fill("elder")
    page.get_by_label("密码").fill("not the password")
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**wrong")
    for again in (page.reload, lambda: (page.goto("/"), page.go_back())):
        again()
        expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
        expect(page.get_by_label("账号")).to_have_value("elder")
        expect(page.get_by_label("密码")).to_have_value("")
        expect(page.get_by_role("main")).to_contain_text("登录后继续办理")
    page = visit("elder", javascript=javascript)
    page.goto("/resume")
    page.get_by_label("接续码").fill("AAAA AAAA")
    page.get_by_role("button", name="接着办").click()
    page.wait_for_url("**wrong")
    page.reload()
    expect(page.get_by_role("main").get_by_role("alert")).to_contain_text("没有找到")
    expect(page.get_by_label("接续码")).to_have_value("AAAA AAAA")
    page.goto("/items/shop-sign/apply")
    page.get_by_label("统一社会信用代码").fill("91320583MAXX000820")
    page.get_by_role("button", name="同意查询").click()
    page.wait_for_url("**wrong")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("18 位统一社会信用代码")
    expect(page.get_by_label("统一社会信用代码")).to_have_value("91320583MAXX000820")
    page.goto("/items/shop-sign/apply")
    expect(page.get_by_role("alert")).to_have_count(0)


@BOTH
def test_a_password_that_was_not_changed_has_a_page_that_reloads(visit: Visit, javascript: bool) -> None:
    page = visit("elder", javascript=javascript)
    page.goto("/account")
    page.get_by_label("原密码").fill("one that it is not")
    page.get_by_label("新密码", exact=False).first.fill("a much longer secret")
    page.get_by_label("再输一次新密码").fill("a much longer secret")
    page.get_by_role("button", name="改密码").click()
    page.wait_for_url("**/account?wrong")
    for again in (page.reload, lambda: (page.goto("/me"), page.go_back())):
        again()
        expect(page).to_have_title(re.compile("^有误："))
        expect(page.get_by_role("alert")).to_contain_text("原密码不对")
        expect(page.get_by_label("原密码")).to_have_value("")
    page.goto("/account")
    expect(page.get_by_role("alert")).to_have_count(0)


@BOTH
def test_what_is_carried_over_the_end_of_a_session_has_an_address(visit: Visit, site: Site, javascript: bool) -> None:
    page = visit("elder", javascript=javascript)
    draft = begin(page, "elder-allowance")
    page.get_by_label("联系电话").fill("13900000000")
    page.context.clear_cookies(name="lb_sid")
    on(page, "保存，以后再填")
    again = page.get_by_role("heading", level=1)
    expect(again).to_have_text("请重新登录，接着办")
    page.reload()
    expect(again).to_have_text("请重新登录，接着办")
    page.get_by_label("账号").fill("elder")
    page.get_by_label("密码").fill("not my password")
    on(page, "登录")
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    page.reload()
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    expect(page.get_by_label("账号")).to_have_value("elder")
    page.get_by_label("密码").fill(site.passwords["elder"])
    on(page, "登录")
    expect(again).to_have_text("请再提交一次")
    page.reload()
    expect(again).to_have_text("请再提交一次")
    address = page.url
    on(page, "接着办")
    page.wait_for_url(draft + "**")
    expect(page.get_by_label("联系电话")).to_have_value("13900000000")
    # Nothing is left for who signs in next.
    page.context.clear_cookies(name="lb_sid")
    page.goto(address)
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    assert "13900000000" not in page.content()


def test_a_kiosk_keeps_nothing_of_what_is_carried(visit: Visit) -> None:
    page = visit("elder", javascript=False)
    draft = begin(page, "elder-allowance")
    page.goto("/look?size=kiosk")
    page.goto(draft)
    page.get_by_label("联系电话").fill("13900000000")
    page.context.clear_cookies(name="lb_sid")
    on(page, "保存，以后再填")
    expect(page.get_by_role("heading", level=1)).to_have_text("请重新登录，接着办")
    assert not [one for one in page.context.cookies() if one.get("name", "").startswith("lb_wrong")]
