"""Enter in a field tells what is wrong, or that nothing is; it never files an application."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.pages.conftest import Visit

ITEM = "elder-allowance"
BOTH = pytest.mark.parametrize("javascript", [True, False], ids=["with scripts", "without scripts"])


@BOTH
def test_enter_in_a_field_tells_what_is_wrong_and_files_nothing(visit: Visit, javascript: bool) -> None:
    page = visit("elder-100", javascript=javascript)
    page.goto(f"/items/{ITEM}/apply")
    page.get_by_role("button", name="同意查询，开始填写").click()
    page.wait_for_url("**/drafts/*")
    phone = page.get_by_label("联系电话")
    phone.fill("12")
    phone.press("Enter")
    expect(page).to_have_title(re.compile("^有误："))
    expect(page.get_by_role("alert").get_by_role("link")).to_have_count(1)
    expect(page.get_by_role("main")).not_to_contain_text("已保存")
    expect(phone).to_have_value("12")
    phone.fill("13900000000")
    phone.press("Enter")
    said = page.get_by_role("status").filter(has_text="没有问题")
    expect(said).to_contain_text("还没有提交。要提交，请按“提交申请”")
    if javascript:
        expect(said).to_be_focused()
    expect(page).to_have_url(re.compile("/drafts/"))
    expect(phone).to_have_value("13900000000")
    page.reload()
    expect(said).to_be_visible()
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/cases/*")
