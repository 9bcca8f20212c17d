"""A part of the page drawn anew on a change: an error goes with its answer, and a new question is no error."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.pages.conftest import Visit
from tests.pages.test_way import BOTH, begin, on

OTHER = "其他用途"


def test_the_error_of_an_answered_question_goes_with_the_next_change_and_the_others_stay(visit: Visit) -> None:
    page = visit("elder")
    begin(page, "elder-meal")
    on(page, "提交申请")
    told, frames = page.locator(".lf-summary li"), page.locator(".lf-form [aria-invalid=true]")
    expect(told).to_have_count(2)
    expect(page).to_have_title(re.compile("^有误："))
    page.get_by_label("每月大约几餐").fill("20")
    delivery = page.get_by_role("group", name="要送餐上门")
    delivery.get_by_label("是").check()
    expect(page.get_by_label("送餐地址")).to_be_visible()
    expect(told).to_have_count(1)
    expect(told).to_contain_text("联系电话")
    expect(frames).to_have_count(1)
    expect(page).to_have_title(re.compile("^有误："))
    page.get_by_label("联系电话").fill("13900000000")
    delivery.get_by_label("否").check()
    expect(page.locator(".lf-summary")).to_have_count(0)
    expect(page.locator(".lf-error")).to_have_count(0)
    expect(frames).to_have_count(0)
    expect(page).not_to_have_title(re.compile("有误"))
    on(page, "提交申请")
    page.wait_for_url("**/cases/*")


@BOTH
def test_a_question_that_has_just_become_active_is_asked_and_is_no_error(visit: Visit, javascript: bool) -> None:
    page = visit("elder", javascript=javascript)
    begin(page, "housing-certificate")
    page.get_by_label("联系电话").fill("13900000000")
    page.get_by_label("其他", exact=True).check()
    if not javascript:
        on(page, "提交申请")
    expect(page.get_by_label(OTHER)).to_be_visible()
    expect(page.locator(".lf-error")).to_have_count(0)
    expect(page.locator(".lf-summary")).to_have_count(0)
    expect(page.locator(".lf-form [aria-invalid=true]")).to_have_count(0)
    expect(page).not_to_have_title(re.compile("有误"))
    on(page, "提交申请")
    expect(page.locator(".lf-summary li")).to_have_count(1)
    page.get_by_label(OTHER).fill("办理入学")
    on(page, "提交申请")
    page.wait_for_url("**/cases/*")
