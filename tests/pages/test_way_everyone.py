"""The long way is everyone's way: by keyboard, with axe, at 320 px, at twice the text, on a bad network, at a kiosk."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.pages.conftest import Visit
from tests.pages.test_everyone import faults, width_over
from tests.pages.test_main_job import press_until, press_until_field
from tests.pages.test_way import begin, first_page, on, pick_area, to_check


def test_axe_finds_nothing_on_the_way_and_beside_it(visit: Visit) -> None:
    page = visit("firm-food")
    draft = begin(page)
    found = faults(page)
    on(page)
    page.get_by_role("alert").wait_for()
    found += faults(page)
    other = page.context.new_page()
    other.goto(draft)
    first_page(other)
    on(other)
    # Another area from the start: a page that holds for a moment what the other tab saved is no longer stale.
    pick_area(page)
    page.get_by_label("经营地址").fill("试浦镇虚构路1号")
    page.get_by_label("营业面积").fill("99")
    on(page)
    page.get_by_role("alert").get_by_text("在别处改过").wait_for()
    found += faults(page)
    for path in (
        f"{draft}/ask/sign",
        f"{draft}/check",
        f"{draft}/code",
        f"{draft}/discard",
        "/resume",
        "/drafts/x",
        "/me",
    ):
        page.goto(path)
        found += faults(page)
    page.goto(f"{draft}/ask/place_area")
    page.context.clear_cookies(name="lb_sid")
    on(page)
    page.get_by_role("heading", name="请重新登录").wait_for()
    found += faults(page)
    assert not found, "\n".join(found)


@pytest.mark.parametrize("size", ["normal", "large"])
def test_nothing_scrolls_sideways_on_a_narrow_screen_or_at_twice_the_text(visit: Visit, size: str) -> None:
    page = visit("firm-food", width=320, height=640)
    draft = to_check(page)
    page.goto(f"/look?size={size}")
    over = {}
    paths = [f"{draft}/check", f"{draft}/ask/place_area", f"{draft}/papers/layout", f"{draft}/code", "/me", "/resume"]
    for path in paths:
        page.goto(path)
        over[path] = width_over(page)
        if size == "normal":
            page.set_viewport_size({"width": 640, "height": 900})
            page.evaluate("document.documentElement.style.fontSize = '225%'")
            over[f"{path} at 200 %"] = width_over(page)
            page.set_viewport_size({"width": 320, "height": 640})
    assert not {path: by for path, by in over.items() if by > 0}


def test_the_long_way_by_keyboard_alone(visit: Visit) -> None:
    page = visit("firm-food")
    begin(page)
    page.get_by_role("heading", name="店开在哪里").wait_for()
    page.locator("body").focus()
    press_until_field(page, "_area:/place_area#0")
    page.keyboard.press("ArrowDown")
    page.locator("select[name='/place_area']").wait_for()
    press_until_field(page, "/place_area")
    page.keyboard.press("ArrowDown")
    press_until_field(page, "/place")
    page.keyboard.press("Control+A")
    page.keyboard.type("试浦镇虚构路1号")
    press_until_field(page, "/area_m2")
    page.keyboard.type("120")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask/sign")
    press_until(page, "下一步")
    page.keyboard.press("Enter")
    page.wait_for_url("**/ask/contact")
    press_until_field(page, "/contact")
    page.keyboard.type("陈例三")
    press_until_field(page, "/phone")
    page.keyboard.type("13900000000")
    page.keyboard.press("Enter")
    page.wait_for_url("**/papers/*")
    press_until(page, "下一步")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check")
    press_until(page, "更改")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/ask/.*\?check"))
    press_until(page, "改好了")
    page.keyboard.press("Enter")
    page.wait_for_url("**/check")
    press_until(page, "确认无误")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")


def rows(page: Page) -> None:
    begin(page, "minimum-living")
    page.get_by_role("link", name="仍要填写").click()
    page.locator("[name='/members/0/name']").fill("甲")


def test_a_part_comes_in_while_one_types_and_takes_nothing_away(visit: Visit) -> None:
    page = visit("poor")
    rows(page)
    page.evaluate("window.sameDocument = true")

    # Held by hand, not for a time: a page that is told within a time is a race on a fast machine.
    held: list[Route] = []
    page.route("**/ask/members", lambda route: held.append(route))
    page.get_by_role("button", name=re.compile("添加")).click()
    expect(page.get_by_role("status").filter(has_text="正在更新")).to_be_visible()
    held.pop().continue_()
    expect(page.locator("[name='/members/1/name']")).to_be_focused()
    expect(page.locator("[name='/members/0/name']")).to_have_value("甲")
    assert page.evaluate("window.sameDocument") is True


def test_a_network_that_fails_takes_nothing_away_and_says_so(visit: Visit) -> None:
    page = visit("poor")
    rows(page)

    def fail(route: Route) -> None:
        route.abort()

    page.route("**/ask/members", fail)
    page.get_by_role("button", name=re.compile("添加")).click()
    expect(page.get_by_role("status").filter(has_text="网络不通")).to_be_visible()
    expect(page.locator("[name='/members/0/name']")).to_have_value("甲")
    page.unroute("**/ask/members", fail)
    page.get_by_role("button", name=re.compile("添加")).click()
    expect(page.locator("[name='/members/1/name']")).to_be_focused()
    expect(page.locator("[name='/members/0/name']")).to_have_value("甲")


def test_a_kiosk_left_in_the_middle_of_a_form_leaves_nothing_to_the_next_one(visit: Visit) -> None:
    page = visit("elder", width=1080, height=1920)
    page.goto("/look?size=kiosk")
    page.goto("/items/elder-allowance/apply")
    page.get_by_role("button", name="同意查询，开始填写").click()
    page.wait_for_url("**/drafts/*")
    page.clock.install()
    page.reload()
    draft = page.url
    page.get_by_label("联系电话").fill("13900000000")
    page.clock.run_for(52_000)
    expect(page.locator(".idle")).to_contain_text("秒后退出")
    page.clock.run_for(9_000)
    page.wait_for_url(re.compile(r"//[^/]+/$"))
    expect(page.get_by_role("link", name="登录")).to_be_visible()
    assert "lb_sid" not in {one.get("name") for one in page.context.cookies()}
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("陈试甲")
    expect(page.locator("[name='/phone']")).to_have_count(0)
    page.goto(draft)
    expect(page).to_have_url(re.compile("/login"))
    assert page.evaluate("[localStorage.length, sessionStorage.length]") == [0, 0]
