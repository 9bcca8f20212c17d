"""A file handed in by mistake is taken out again before filing; the way to another device keeps what is typed."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from playwright.sync_api import FilePayload, expect

from tests.pages.conftest import Visit
from tests.pages.test_way import BOTH, begin, on, to_papers


def pdf(name: str, content: bytes = b" a made-up page") -> FilePayload:
    return {"name": name, "mimeType": "application/pdf", "buffer": b"%PDF-1.7" + content}


@BOTH
def test_a_file_is_taken_out_again_and_nothing_else_with_it(visit: Visit, javascript: bool) -> None:
    page = visit("firm-food", javascript=javascript)
    to_papers(page)
    line = page.locator("#material-layout")
    chosen = line.locator("input[type=file]")
    chosen.set_input_files([pdf("错的.pdf"), pdf("对的.pdf", b" another")])
    page.locator("#material-gas").get_by_role("checkbox").check()
    on(page, "保存，以后再填")
    expect(line.locator(".uploads li")).to_have_count(2)
    line.get_by_role("button", name=re.compile("移除.*错的.pdf")).click()
    expect(page.get_by_role("status").filter(has_text="文件已移除")).to_be_visible()
    expect(line.locator(".uploads li")).to_have_count(1)
    expect(line.locator(".uploads")).to_contain_text("对的.pdf")
    expect(page.locator("#material-gas").get_by_role("checkbox")).to_be_checked()
    page.reload()
    expect(line.locator(".uploads li")).to_have_count(1)
    on(page)
    page.wait_for_url("**/check")
    expect(page.get_by_role("main")).to_contain_text("对的.pdf")
    expect(page.get_by_role("main")).not_to_contain_text("错的.pdf")
    on(page, "确认无误")
    page.wait_for_url("**/cases/*")
    expect(page.get_by_role("main")).not_to_contain_text("错的.pdf")


@pytest.mark.parametrize("megabytes", [10, 40])
@BOTH
def test_a_file_that_is_too_large_takes_nothing_of_the_page_away(
    visit: Visit, tmp_path: Path, javascript: bool, megabytes: int
) -> None:
    page = visit("firm-food", javascript=javascript)
    to_papers(page)
    big = tmp_path / "大.pdf"
    big.write_bytes(b"%PDF-1.7" + bytes(megabytes * 1024 * 1024))
    page.locator("#material-layout input[type=file]").set_input_files([big])
    page.locator("#material-gas").get_by_role("checkbox").check()
    on(page)
    expect(page.get_by_role("alert")).to_contain_text("文件“大.pdf”没有上传：每个文件不超过 10 MB")
    expect(page.locator("#material-gas").get_by_role("checkbox")).to_be_checked()


@pytest.mark.parametrize("paged", [True, False], ids=["one of several pages", "a form of one page"])
@BOTH
def test_every_page_offers_to_go_on_elsewhere_and_keeps_what_is_typed(
    visit: Visit, paged: bool, javascript: bool
) -> None:
    page = visit("firm-food" if paged else "elder", javascript=javascript)
    draft = begin(page) if paged else begin(page, "elder-allowance")
    box = page.get_by_label("经营地址" if paged else "联系电话")
    box.fill("试浦镇虚构路9号" if paged else "13900000009")
    on(page, "换个设备，或到窗口接着办")
    page.wait_for_url(f"{draft}/code")
    page.get_by_role("link", name="回到草稿").click()
    expect(box).to_have_value("试浦镇虚构路9号" if paged else "13900000009")
