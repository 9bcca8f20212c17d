"""The main job as a person does it: pick, sign in, read what is looked up, fill in, file, read the result."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import Visit

ITEM = "elder-allowance"
TITLE = "老年人尊老金待遇申领"
NUMBER = re.compile(r"\d{8}-?[0-9A-Z-]+")


def apply_for(page: Page, item: str = ITEM) -> None:
    page.goto(f"/items/{item}")
    page.get_by_role("link", name="开始办理").click()
    page.get_by_role("button", name="同意查询，开始填写").click()
    page.wait_for_url("**/drafts/*")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_an_elder_applies_and_reads_at_once_that_it_is_approved(visit: Visit, javascript: bool) -> None:
    page = visit(javascript=javascript)
    page.goto("/")
    page.get_by_label("搜索事项").fill("zlj")
    page.get_by_role("button", name="搜索").click()
    page.get_by_role("link", name=TITLE).click()
    expect(page.get_by_role("heading", level=1)).to_have_text(TITLE)
    expect(page.get_by_text("什么都不用带")).to_be_visible()


def test_who_is_not_signed_in_is_brought_back_to_the_item(visit: Visit) -> None:
    page = visit()
    page.goto(f"/items/{ITEM}/apply")
    expect(page).to_have_url(re.compile(rf"/login\?next=/items/{ITEM}/apply"))


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_the_form_is_filled_and_filing_gives_the_result(visit: Visit, javascript: bool) -> None:
    page = visit("elder", javascript=javascript)
    apply_for(page)
    expect(page.get_by_text("自然人信息数据库").first).to_be_visible()
    expect(page.locator("input[name='/name']")).to_have_count(0)
    page.get_by_label("联系电话").fill("13900000000")
    page.get_by_role("button", name="提交申请").click()
    expect(page).to_have_url(re.compile(r"/cases/"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("已批准")
    expect(page.get_by_text("查询码").first).to_be_visible()
    number = page.locator(".big-no").first.inner_text()
    assert NUMBER.fullmatch(number), number

    page.reload()
    expect(page.get_by_text("只显示这一次")).to_have_count(0)
    page.get_by_role("link", name="查看和打印告知单").click()
    expect(page.locator(".letter").first).to_contain_text("陈试甲")
    page.goto("/me")
    expect(page.get_by_role("main")).to_contain_text(number)


def test_a_wrong_telephone_is_told_beside_the_field_and_on_top(visit: Visit) -> None:
    page = visit("elder")
    apply_for(page)
    box = page.get_by_label("联系电话")
    box.fill("12")
    page.get_by_role("button", name="提交申请").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("联系电话")).to_be_focused()
    expect(page.get_by_label("联系电话")).to_have_value("12")
    expect(page.get_by_label("联系电话")).to_have_attribute("aria-invalid", "true")


def test_the_second_click_and_the_old_bookmark_lead_to_the_same_case(visit: Visit) -> None:
    page = visit("elder-100")
    apply_for(page)
    draft = page.url
    page.get_by_label("联系电话").fill("13900000000")
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/cases/*")
    case = page.url
    page.goto(draft)
    assert page.url == case


def test_a_case_is_tracked_by_number_and_code_without_signing_in(visit: Visit) -> None:
    page = visit("elder-100")
    apply_for(page)
    page.get_by_label("联系电话").fill("13900000000")
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/cases/*")
    number, code = (one.inner_text() for one in page.locator(".big-no").all()[:2])

    stranger = visit()
    stranger.goto("/track")
    stranger.get_by_label("办件编号").fill(number)
    stranger.get_by_label("查询码").fill("WRONG0")
    stranger.get_by_role("button", name="查询").click()
    wrong_code = stranger.get_by_role("alert").inner_text()
    stranger.get_by_label("办件编号").fill("20261122-00000000")
    stranger.get_by_label("查询码").fill(code)
    stranger.get_by_role("button", name="查询").click()
    assert stranger.get_by_role("alert").inner_text() == wrong_code
    stranger.get_by_label("办件编号").fill(number)
    stranger.get_by_label("查询码").fill(code)
    stranger.get_by_role("button", name="查询").click()
    expect(stranger.get_by_role("heading", level=1)).to_contain_text("已批准")
    expect(stranger.get_by_role("main")).not_to_contain_text("沈例百")


def test_somebody_elses_case_and_draft_are_not_found(visit: Visit) -> None:
    owner = visit("elder")
    apply_for(owner)
    draft = owner.url
    other = visit("father")
    answer = other.goto(draft)
    assert answer is not None
    assert answer.status == 404
    answer = other.goto("/cases/20261122-00000000")
    assert answer is not None
    assert answer.status == 404


def test_back_after_signing_out_shows_nothing_of_the_person(visit: Visit) -> None:
    page = visit("elder")
    apply_for(page)
    page.get_by_role("button", name="退出").click()
    page.wait_for_url("**/")
    page.go_back()
    expect(page.locator("body")).not_to_contain_text("陈试甲")


def test_the_whole_job_by_keyboard_alone(visit: Visit) -> None:
    page = visit("elder")
    page.goto(f"/items/{ITEM}")
    press_until(page, "开始办理")
    page.keyboard.press("Enter")
    page.wait_for_url("**/apply")
    press_until(page, "同意查询，开始填写")
    page.keyboard.press("Enter")
    page.wait_for_url("**/drafts/*")
    press_until_field(page, "/phone")
    page.keyboard.type("13900000000")
    press_until(page, "提交申请")
    page.keyboard.press("Enter")
    page.wait_for_url("**/cases/*")


def press_until(page: Page, words: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if words in (page.evaluate("document.activeElement.textContent") or ""):
            return
    raise AssertionError(f"The keyboard does not reach “{words}”.")


def press_until_field(page: Page, name: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == name:
            return
    raise AssertionError(f"The keyboard does not reach {name}.")


@pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])
def test_a_wrong_value_is_answered_with_the_right_one(visit: Visit, javascript: bool) -> None:
    page = visit("elder-100", javascript=javascript)
    apply_for(page)
    line = page.locator(".lf-held").filter(has_text="出生日期").first
    line.locator("summary").click()
    expect(line.locator(".lf-claim").first).to_be_hidden()
    line.get_by_role("checkbox").check()
    expect(line.locator(".lf-claim").first).to_be_visible()
    line.get_by_label("年", exact=True).fill("1800")
    line.get_by_label("月", exact=True).fill("13")
    line.get_by_label("日", exact=True).fill("5")
    page.get_by_label("联系电话").fill("13900000000")
    page.get_by_role("button", name="提交申请").click()
    line = page.locator(".lf-held").filter(has_text="出生日期").first
    expect(line.locator(".lf-claim .lf-error")).to_be_visible()
    expect(line.get_by_label("年", exact=True)).to_have_value("1800")
    line.get_by_label("年", exact=True).fill("1926")
    line.get_by_label("月", exact=True).fill("2")
    page.get_by_role("button", name="提交申请").click()
    expect(page).to_have_url(re.compile(r"/cases/"))
    expect(page.get_by_role("main")).to_contain_text("您申报为：1926-02-05")
    papers = page.get_by_role("list", name="申请材料")
    expect(papers).to_contain_text("您说自然人信息数据库查到的有误，工作人员会和您申报的对照核实")
    expect(papers).not_to_contain_text("已由自然人信息数据库核验")
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("已批准")
