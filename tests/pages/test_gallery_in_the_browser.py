"""The gallery in a real browser, with JavaScript and without: choosing, signing, adding, moving; everyone's pages."""

from __future__ import annotations

import json
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from forms.engine.gallery import entries
from tests.pages.conftest import Visit
from tests.pages.test_everyone import faults, width_over
from tests.pages.test_gallery import at


def send(page: Page) -> dict[str, Any]:
    page.get_by_role("button", name="提交看看").last.click()
    read = page.locator(".exhibit-code pre").first
    page.get_by_role("heading", name="读回的内容").wait_for()
    return dict(json.loads(read.inner_text()))


@pytest.mark.parametrize("javascript", [True, False], ids=["with JavaScript", "without"])
class TestInTheBrowser:
    def test_an_area_is_chosen_level_by_level_or_by_name(self, visit: Visit, javascript: bool) -> None:
        page = visit(width=390, javascript=javascript)
        page.goto(at("区划（逐级"))
        page.get_by_label("镇（街道）").select_option(label="东示例镇")
        if not javascript:
            page.get_by_role("button", name="接着选下一级").click()
        village = page.get_by_label("村（社区）", exact=True)
        page.get_by_role("option", name="东演示村").wait_for(state="attached")
        assert "西演示村" not in village.inner_text()
        village.select_option(label="东演示村")
        assert send(page) == {"a": "320583101207"}
        page.get_by_label("按名称查找").fill("西样")
        if javascript:
            page.keyboard.press("Enter")
        else:
            page.get_by_role("button", name="查找").click()
        page.get_by_text("找到的在下面的列表里").wait_for()
        page.locator("select").select_option(label="西样例社区")
        assert send(page) == {"a": "320583102209"}

    def test_rows_are_added_moved_and_removed(self, visit: Visit, javascript: bool) -> None:
        page = visit(width=390, javascript=javascript)
        page.goto(at("列表（增"))
        page.get_by_role("button", name="添加家庭成员").click()
        page.locator('[name="/rows/2/name"]').fill("赵六")
        page.get_by_role("button", name="上移第 3 项").click()
        expect(page.locator('[name="/rows/1/name"]')).to_have_value("赵六")
        page.get_by_role("button", name="删除第 1 项").click()
        page.locator('[name="/rows/2/name"]').wait_for(state="detached")
        assert send(page) == {"rows": [{"name": "赵六"}, {"name": "王五"}]}

    def test_what_was_chosen_opens_its_questions(self, visit: Visit, javascript: bool) -> None:
        page = visit(width=390, javascript=javascript)
        page.goto(at("分支：先选"))
        page.get_by_label("有证", exact=True).check()
        if not javascript:
            page.get_by_role("button", name="更新表单").click()
        page.get_by_label("证号").fill("示例 7")
        assert not page.get_by_label("证号").get_attribute("aria-invalid")
        assert send(page) == {"no": "示例 7"}

    def test_a_second_case_is_chosen_beside_the_first(self, visit: Visit, javascript: bool) -> None:
        page = visit(width=390, javascript=javascript)
        page.goto(at("分支：可以同时"))
        page.get_by_label("有邮箱", exact=True).uncheck()
        if not javascript:
            page.get_by_role("button", name="更新表单").click()
        page.get_by_label("邮箱", exact=True).wait_for(state="detached")
        page.get_by_label("有邮箱", exact=True).check()
        if not javascript:
            page.get_by_role("button", name="更新表单").click()
        page.get_by_label("邮箱", exact=True).fill("b@example.com")
        assert send(page) == {"tel": "051200000000", "mail": "b@example.com"}

    def test_a_name_stands_in_for_a_signature(self, visit: Visit, javascript: bool) -> None:
        page = visit(width=390, javascript=javascript)
        page.goto(at("手写签名"))
        assert send(page)["s"].startswith("data:image/png;base64,")
        page.get_by_label("输入姓名").fill("李四")
        assert send(page) == {"s": "李四"}


def test_a_signature_by_hand_comes_back_as_it_was_drawn(visit: Visit) -> None:
    page = visit(width=390)
    page.goto(at("手写签名"))
    before = send(page)["s"]
    page.get_by_role("button", name="清除，重新签").click()
    board = page.locator("canvas")
    board.scroll_into_view_if_needed()
    box = board.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 30, box["y"] + 30)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 80, steps=5)
    page.mouse.up()
    drawn = send(page)["s"]
    assert drawn.startswith("data:image/png;base64,")
    assert drawn != before
    assert send(page) == {"s": drawn}


def test_a_whole_form_is_filled_in_and_sent_by_keyboard(visit: Visit) -> None:
    page = visit()
    page.goto(at("条件：选了才问"))
    page.keyboard.press("Tab")
    for _ in range(40):
        if page.evaluate("document.activeElement.name") == "/light":
            break
        page.keyboard.press("Tab")
    page.keyboard.press("ArrowDown")
    page.locator('[name="/power"]').wait_for(state="detached")
    assert page.evaluate("document.activeElement.name") == "/light", "the focus stays where it was"
    page.keyboard.press("ArrowUp")
    page.locator('[name="/power"]').wait_for()
    page.keyboard.press("Tab")
    page.keyboard.type("１２.5")
    page.keyboard.press("Enter")
    page.get_by_role("heading", name="读回的内容").wait_for()
    assert json.loads(page.locator(".exhibit-code pre").first.inner_text()) == {"light": True, "power": 12.5}


@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_on_any_page_of_the_gallery(visit: Visit, width: int) -> None:
    page = visit(width=width)
    found = []
    for number in range(1, len(entries()) + 1):
        page.goto(f"/gallery/{number}")
        found += faults(page)
        if width == 320:
            if over := width_over(page):
                found.append(f"{number}: {over} px too wide")
            page.evaluate("document.documentElement.style.fontSize = '200%'")
            found += faults(page)
            if over := width_over(page):
                found.append(f"{number}: {over} px too wide at 200 %")
    assert not found, "\n".join(found)
