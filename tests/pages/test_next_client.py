"""下一位: in a real browser, nothing of one client is left for the next: history, kept pages, fields, storage."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.pages.conftest import Site, Visit, sign_in

ELDER = "320583194005129913"
PHONE = "13912345678"
REMEMBERING = re.compile(r' autocomplete="(?!off"|new-password"|one-time-code")')


def at_counter(visit: Visit, site: Site, login: str = "worker-shipu-205", **more: object) -> Page:
    page = visit(**more)
    page.goto("/login")
    page.get_by_label("账号").fill(login)
    page.get_by_label("密码").fill(site.passwords[login])
    page.get_by_role("main").get_by_role("button", name="登录").click()
    page.wait_for_url("**/admin/")
    return page


def begin(page: Page) -> str:
    page.goto("/admin/take/elder-allowance")
    page.get_by_label("姓名").fill("陈试甲")
    page.get_by_label("公民身份号码").fill(ELDER)
    page.get_by_text("申请人已当面确认").click()
    page.get_by_role("button", name="开始填写").click()
    page.wait_for_url("**/drafts/*")
    return page.url


def shows_nothing_of_him(page: Page) -> None:
    text = page.content()
    for secret in ("陈试甲", ELDER, PHONE):
        assert secret not in text, page.url


def stored(page: Page) -> str:
    found = page.evaluate("JSON.stringify([{...localStorage}, {...sessionStorage}, history.state, document.cookie])")
    cookies = " ".join(f"{one['name']}={one['value']}" for one in page.context.cookies())
    return f"{found} {cookies}"


def test_back_after_next_shows_nothing_of_the_last_client(visit: Visit, site: Site) -> None:
    page = at_counter(visit, site)
    draft = begin(page)
    page.locator("[name='/phone']").fill(PHONE)
    page.get_by_role("button", name="下一位").click()
    page.wait_for_url("**/admin/take?next=*")
    expect(page.get_by_role("status")).to_contain_text("没办完、已清除的草稿：1 份")
    for _ in range(5):
        page.go_back()
        page.wait_for_load_state()
        page.wait_for_timeout(150)
        shows_nothing_of_him(page)
        if page.evaluate("history.length") < 2 or page.url == "about:blank":
            break
    assert page.goto(draft).status == 404  # type: ignore[union-attr]
    shows_nothing_of_him(page)
    for secret in ("陈试甲", ELDER, PHONE):
        assert secret not in stored(page)


def test_a_filed_case_is_not_behind_the_back_button_either(visit: Visit, site: Site) -> None:
    page = at_counter(visit, site)
    begin(page)
    page.locator("[name='/phone']").fill(PHONE)
    page.get_by_role("button", name="提交申请").click()
    page.wait_for_url("**/cases/*")
    no = page.url.split("/cases/")[1].split("?")[0]
    page.goto(f"/admin/cases/{no}")
    assert "陈试甲" in page.content()
    page.get_by_role("button", name="下一位").click()
    page.wait_for_url("**/admin/take?next=*")
    for _ in range(3):
        page.go_back()
        page.wait_for_url("**/admin/take*")
        shows_nothing_of_him(page)
    # By its number, on purpose, the desk still opens it.
    page.goto(f"/admin/cases/{no}")
    assert "陈试甲" in page.content()


def test_next_asks_the_browser_to_forget_and_an_old_page_sends_nothing(visit: Visit, site: Site) -> None:
    page = at_counter(visit, site)
    draft = begin(page)
    token = page.locator("[name='_csrf']").first.get_attribute("value")
    before = next(one["value"] for one in page.context.cookies() if one["name"] == "lb_sid")
    answered = page.request.post("/admin/next", form={"_csrf": token or ""}, max_redirects=0)
    headers = answered.headers
    assert headers["clear-site-data"] == '"cache", "storage"'
    assert headers["cache-control"] == "no-store"
    after = next(one["value"] for one in page.context.cookies() if one["name"] == "lb_sid")
    assert after != before
    old = page.request.post(draft, form={"_csrf": token or "", "/phone": PHONE, "action": "save"})
    assert old.status == 403
    assert PHONE not in old.text()


def test_a_draft_with_a_code_waits_for_its_applicant(visit: Visit, site: Site) -> None:
    page = at_counter(visit, site)
    draft = begin(page)
    page.goto(f"{draft}/code")
    page.get_by_role("main").get_by_role("button").first.click()
    code = page.locator(".resume-code").inner_text()
    page.get_by_role("button", name="下一位").click()
    page.wait_for_url("**/admin/take?next=*")
    expect(page.get_by_role("status")).to_contain_text("凭接续码保留的草稿：1 份")
    assert page.goto(draft).status == 404  # type: ignore[union-attr]
    home = visit("elder")
    home.goto("/resume")
    home.get_by_label("接续码").fill(code)
    home.get_by_role("main").get_by_role("button").first.click()
    home.wait_for_url(draft)


@pytest.mark.parametrize("path", ["/items/elder-allowance/apply", "/me", "/track", "/login"])
def test_a_kiosk_remembers_no_field_and_a_phone_of_ones_own_may(visit: Visit, path: str) -> None:
    page = visit(None if path in ("/login", "/track") else "elder", width=1080, height=1920)
    own = page.request.get(path).text()
    page.goto("/look?size=kiosk")
    kiosk = page.request.get(path).text()
    assert not REMEMBERING.search(kiosk)
    assert all("autocomplete=" in form for form in re.findall(r"<form[^>]*>", kiosk))
    if path == "/login":
        assert 'autocomplete="username"' in own


def test_the_form_of_an_item_is_filled_in_on_ones_own_phone_and_never_at_a_counter(visit: Visit, site: Site) -> None:
    phone = visit("elder", width=390, height=844)
    phone.goto("/items/elder-allowance/apply")
    phone.get_by_role("main").get_by_role("button").last.click()
    phone.wait_for_url("**/drafts/*")
    assert phone.locator("[name='/phone']").get_attribute("autocomplete") in ("tel", "tel-national")
    desk = at_counter(visit, site)
    begin(desk)
    assert desk.locator("[name='/phone']").get_attribute("autocomplete") == "off"
    assert not REMEMBERING.search(desk.content())


@pytest.mark.parametrize("kiosk", [True, False])
def test_back_after_signing_out_shows_nothing(visit: Visit, site: Site, kiosk: bool) -> None:
    page = visit("elder", width=1080 if kiosk else 390, height=1920)
    if kiosk:
        page.goto("/look?size=kiosk")
    page.goto("/me")
    page.goto("/items/elder-allowance/apply")
    page.get_by_role("main").get_by_role("button").last.click()
    page.wait_for_url("**/drafts/*")
    page.locator("[name='/phone']").fill(PHONE)
    page.get_by_role("button", name="办完了，下一位" if kiosk else "退出").click()
    page.wait_for_url(f"{site.url}/")
    for _ in range(3):
        page.go_back()
        page.wait_for_load_state()
        shows_nothing_of_him(page)
    assert PHONE not in stored(page)
    assert "lb_sid" not in stored(page)
    # The next one signs in at the same screen and goes back: his own pages, or none.
    sign_in(page, "father", site.passwords["father"])
    for _ in range(4):
        page.go_back()
        page.wait_for_load_state()
        shows_nothing_of_him(page)


def test_an_upload_box_holds_no_file_for_the_next_one(visit: Visit, site: Site) -> None:
    page = visit("elder-no-account")
    page.goto("/items/elder-allowance/apply")
    page.get_by_role("main").get_by_role("button").last.click()
    page.wait_for_url("**/drafts/*")
    box = page.locator("input[type=file]").first
    box.set_input_files({"name": "陈试甲存折.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.4"})
    assert "陈试甲" not in (box.get_attribute("name") or "")
    page.get_by_role("button", name="退出").click()
    page.wait_for_url(f"{site.url}/")
    page.go_back()
    page.wait_for_load_state()
    assert page.locator("input[type=file]").count() == 0
    assert "存折" not in page.content()
