"""Whoever was away too long signs in again and goes on: what he wrote is not lost, and nobody else's hands get it."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.pages.conftest import Site, Visit
from tests.pages.test_main_job import apply_for
from tests.pages.test_way import BOTH, begin, first_page, on


def sign_in_here(page: Page, site: Site, login: str) -> None:
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(site.passwords[login])
    page.get_by_role("main").get_by_role("button", name="登录").click()


@BOTH
def test_what_was_written_survives_the_end_of_the_session(visit: Visit, site: Site, javascript: bool) -> None:
    page = visit("firm-food", javascript=javascript)
    begin(page)
    first_page(page)
    page.context.clear_cookies(name="lb_sid")
    on(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("请重新登录，接着办")
    page.get_by_label("账号").fill("firm-food")
    page.get_by_label("密码").fill("not my password")
    page.get_by_role("main").get_by_role("button", name="登录").click()
    expect(page.get_by_role("alert")).to_contain_text("账号或密码不对")
    sign_in_here(page, site, "firm-food")
    page.get_by_role("button", name="接着办").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("店里有什么")
    on(page, "上一步")
    expect(page.get_by_label("经营地址")).to_have_value("试浦镇虚构路1号")


def test_somebody_else_who_signs_in_there_gets_nothing(visit: Visit, site: Site) -> None:
    page = visit("elder", javascript=False)
    apply_for(page)
    page.get_by_label("联系电话").fill("13900000000")
    page.context.clear_cookies(name="lb_sid")
    page.get_by_role("button", name="提交申请").click()
    sign_in_here(page, site, "father")
    page.get_by_role("button", name="接着办").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这份草稿")


def test_who_signed_in_again_in_another_tab_sends_it_once_more(visit: Visit, site: Site) -> None:
    page = visit("elder", javascript=False)
    apply_for(page)
    page.get_by_label("联系电话").fill("13900000000")
    page.context.clear_cookies(name="lb_sid")
    other = page.context.new_page()
    other.goto("/login")
    sign_in_here(other, site, "elder")
    page.get_by_role("button", name="提交申请").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("请再提交一次")
    page.get_by_role("button", name="接着办").click()
    page.wait_for_url("**/cases/*")
