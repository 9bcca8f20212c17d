"""A paper that an answer calls for is on the page before anything is filed, with scripts and without."""

from __future__ import annotations

import html
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.conftest import Client
from tests.pages.test_mandates import signed_in

PAPER = "意外受伤情况说明"
FILLED = {"/hospital": "外地急诊", "/total": "1200", "/phone": "13900000000"}


def begun(client: Client) -> tuple[str, str]:
    """The draft's address, and its page."""
    signed_in(client, "father")
    page = client.http.get("/items/medical-reimbursement/apply")
    draft = client.http.post("/items/medical-reimbursement/apply", data=client.hidden(page.text) | {"kind": "person"})
    return draft.url.path, draft.text


def test_without_scripts_the_page_shows_it_before_it_files(client: Client) -> None:
    path, text = begun(client)
    assert PAPER not in html.unescape(text)
    sent = FILLED | {"/accident": "true", "action": "file"}
    first = client.http.post(path, data=client.hidden(text) | sent)
    assert first.url.path == path
    told = html.unescape(first.text)
    assert "根据您的回答，还要交下面打圈的材料" in told
    assert PAPER in told
    assert 'value="1200"' in told, "what was written is still there"
    second = client.http.post(path, data=client.hidden(first.text) | sent)
    assert second.url.path.startswith("/cases/")
    assert PAPER in html.unescape(second.text)


def test_an_answer_that_calls_for_none_files_at_once(client: Client) -> None:
    path, text = begun(client)
    filed = client.http.post(path, data=client.hidden(text) | FILLED | {"/accident": "false", "action": "file"})
    assert filed.url.path.startswith("/cases/")
    assert PAPER not in html.unescape(filed.text)


def test_what_is_wrong_is_told_first(client: Client) -> None:
    path, text = begun(client)
    sent = FILLED | {"/total": "-1", "/accident": "true", "action": "file"}
    told = html.unescape(client.http.post(path, data=client.hidden(text) | sent).text)
    assert "根据您的回答，还要交下面打圈的材料" not in told
    assert PAPER in told


def test_with_scripts_it_comes_with_the_answer(visit: Callable[..., Page]) -> None:
    page = visit("father", width=390)
    page.goto("/items/medical-reimbursement/apply")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/drafts/**")
    expect(page.get_by_text(PAPER)).to_have_count(0)
    page.locator('input[name="/accident"][value="true"]').check()
    expect(page.locator("#checklist").get_by_text(PAPER).first).to_be_visible()
    page.locator('input[name="/accident"][value="false"]').check()
    expect(page.locator("#checklist").get_by_text(PAPER)).to_have_count(0)
