"""A row that is a link as a whole lets the links and buttons that stand in it be clicked."""

from __future__ import annotations

import re

import pytest

from tests.pages.conftest import Visit


@pytest.mark.parametrize("width", [1280, 390])
def test_an_agent_begins_from_his_own_list_with_the_mouse(visit: Visit, width: int) -> None:
    page = visit("agent-food")
    page.set_viewport_size({"width": width, "height": 900})
    page.goto("/me")
    row = page.locator("ul[aria-labelledby=held] > li").first
    row.locator("a[href^='/items/']").first.click()
    page.wait_for_url(re.compile("/items/"))
    page.goto("/me")
    row.locator("h3 a").click()
    page.wait_for_url("**/mandates/*")
