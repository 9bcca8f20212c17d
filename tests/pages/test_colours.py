"""In the reader's own colours: dark has contrast enough, and forced colours still tell where one is."""

from __future__ import annotations

from playwright.sync_api import Page, expect

from tests.pages.conftest import Site, Visit
from tests.pages.test_everyone import faults
from tests.pages.test_main_job import apply_for
from tests.pages.test_way import begin, first_page, on

EDITORS = ("其他内容（名称自拟）", "其他内容（按名称定类型）", "长文字", "列表（增、删、移，不用脚本）")


def editors(page: Page) -> list[str]:
    page.goto("/gallery")
    return [str(page.get_by_role("link", name=one, exact=True).get_attribute("href")) for one in EDITORS]


def test_axe_finds_nothing_in_the_dark(visit: Visit) -> None:
    page = visit("elder", width=390)
    page.emulate_media(color_scheme="dark")
    found = []
    for path in ["/", "/resume", "/me/mandates/new", "/items/elder-allowance", *editors(page)]:
        page.goto(path)
        found += faults(page)
        if path.startswith("/gallery"):
            page.goto(f"{path}?wrong")
            found += faults(page)
    page.goto("/resume")
    page.get_by_label("接续码").fill("AAAA AAAA")
    page.get_by_role("button", name="接着办").click()
    page.get_by_role("main").get_by_role("alert").wait_for()
    found += faults(page)
    apply_for(page)
    page.get_by_role("button", name="提交申请").click()
    page.get_by_role("alert").wait_for()
    found += faults(page)
    page.get_by_label("联系电话").fill("13900000000")
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/cases/*")
    found += faults(page)
    assert not found, "\n".join(found)


def test_axe_finds_nothing_on_the_resume_page_of_a_counter(visit: Visit, site: Site) -> None:
    page = visit()
    page.goto("/login?next=/admin/resume")
    page.get_by_label("账号").fill("clerk-shipu-1")
    page.get_by_label("密码").fill(site.passwords["clerk-shipu-1"])
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/admin/resume")
    found = []
    for colours in ("light", "dark"):
        page.emulate_media(color_scheme=colours, reduced_motion="reduce")
        found += faults(page)
    page.get_by_label("接续码").fill("AAAA AAAA")
    page.get_by_role("button", name="查找草稿").click()
    page.get_by_role("main").get_by_role("alert").first.wait_for()
    found += faults(page)
    assert not found, "\n".join(found)


def test_forced_colours_tell_the_step_and_the_progress(visit: Visit) -> None:
    page = visit("firm-food")
    page.emulate_media(forced_colors="active")

    def style(selector: str, name: str, part: str | None = None) -> str:
        got = page.locator(selector).first.evaluate(
            "(one, [name, part]) => getComputedStyle(one, part)[name]", [name, part]
        )
        return str(got)

    page.goto("/")
    assert style(".hero", "display", "::after") == "none"
    assert style(".filter [aria-current]", "outlineStyle") == "solid"
    begin(page)
    first_page(page)
    on(page)
    page.wait_for_url("**/ask/sign")
    assert style(".steps [aria-current]", "outlineStyle", "::before") == "solid"
    assert style(".steps li:last-child", "outlineStyle", "::before") == "none"
    assert style(".way-bar", "borderTopStyle") == "solid"
    assert style(".btn--text", "borderTopWidth") == "0px"
    expect(page.locator(".way-bar")).to_be_visible()
