"""The keyboard alone: every exhibit of the gallery is reached, filled in and sent without a pointer, in a real browser.

One rule for all of them. The page as it is when nothing was filled in is walked with Tab from its top; at each control
what the exhibit holds is written as a person would write it, at the button Enter is pressed; what is read back is what
the exhibit holds. The test clicks, focuses and sets nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest
from playwright.sync_api import FileChooser, FilePayload, Page

from forms.engine.gallery import Entry, entries
from tests.forms_engine.browser import posted
from tests.pages.conftest import Visit

MOST = 80
"""Keys of Tab on one page, before it is a trap."""
EXHIBITS = entries()
UNANSWERED: Mapping[str, Mapping[str, str]] = {
    "身份证号": {"/id": "11010519491231002X"},
    "统一社会信用代码": {"/c": "91350100M000100Y43"},
    "银行卡号": {"/c": "6222020000000000000"},
    "密码": {"/p": "不告诉你 1"},
}
"""What the exhibits that hold nothing are given."""
FILE: FilePayload = {"name": "1.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7\n"}
PICTURE: FilePayload = {"name": "1.gif", "mimeType": "image/gif", "buffer": b"GIF89a;"}

HERE = """() => {
  const at = document.activeElement, form = at && at.closest('.exhibit-form');
  if (!form) return {inside: false};
  const all = [...form.elements];
  const group = at.type === 'radio' ? all.filter(one => one.type === 'radio' && one.name === at.name) : [];
  return {
    inside: true, tag: at.tagName, type: at.type, name: at.name, value: at.value,
    checked: at.checked === true, fixed: at.readOnly === true,
    choices: (at.tagName === 'SELECT' ? [...at.options] : group).map(one => one.value),
    names: all.map(one => one.name), seen: getComputedStyle(at).outlineStyle !== 'none',
  };
}"""


class Walker:
    """Somebody who has a keyboard and nothing else, on one page."""

    def __init__(self, page: Page) -> None:
        self.page = page
        # Listened to from the start: asked for with the key, the browser may open its own window before it is told
        # to hand windows over, and then opens no second one.
        self.choosers: list[FileChooser] = []
        page.on("filechooser", lambda chooser: self.choosers.append(chooser))

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.settle()

    def settle(self) -> None:
        """Wait as a person does: until the questions that were asked for are there."""
        self.page.locator("main [aria-busy]").wait_for(state="detached")

    def here(self) -> dict[str, Any]:
        return dict(self.page.evaluate(HERE))

    def go(self, wanted: Mapping[str, list[str]]) -> None:
        """Through the form, writing what is wanted, to its button."""
        was_inside, moved = False, False
        for _ in range(MOST):
            if not moved:
                self.press("Tab")
            moved = False
            here = self.here()
            if not here["inside"]:
                assert not was_inside, "the focus left the form before its button"
                continue
            was_inside = True
            assert here["seen"], f"nobody sees that the focus is on {here}"
            if here["tag"] == "BUTTON":
                if not here["name"]:
                    self.page.keyboard.press("Enter")
                    return
                below = here["value"]
                missing = [one for one in wanted if one.startswith(below)]
                if here["name"] == "_add" and set(missing) - set(here["names"]):
                    self.press("Enter")
                    moved = self.here()["name"] != "_add"
            elif here["name"] in wanted and not here["fixed"]:
                self.write(here, wanted[here["name"]])
        raise AssertionError("the button is not reached with Tab")

    def write(self, here: Mapping[str, Any], values: list[str]) -> None:
        if here["type"] == "checkbox":
            if here["checked"] != (here["value"] in values):
                self.press("Space")
        elif here["type"] == "radio":
            self.press(*([] if here["checked"] else ["Space"]))
            self.move(here["choices"].index(values[0]) - here["choices"].index(here["value"]))
        elif here["tag"] == "SELECT":
            self.move(here["choices"].index(values[0]) - here["choices"].index(here["value"]))
        elif here["type"] == "file":
            self.choosers.clear()
            self.page.keyboard.press("Enter")
            for _ in range(3000):
                if self.choosers:
                    break
                self.page.wait_for_timeout(10)
            assert self.choosers, "no window to choose a file was opened"
            self.choosers[0].set_files(FILE if values == [FILE["name"]] else PICTURE)
        elif here["value"] != values[0]:
            self.page.keyboard.press("Control+A")
            self.page.keyboard.type(values[0])

    def move(self, by: int) -> None:
        self.press(*["ArrowDown" if by > 0 else "ArrowUp"] * abs(by))


def wanted_of(one: Entry) -> tuple[dict[str, list[str]], Any]:
    """The names that are to be written with their values, and what is read back then."""
    if one.title in UNANSWERED:
        given = UNANSWERED[one.title]
        return {name: [value] for name, value in given.items()}, {name[1:]: value for name, value in given.items()}
    names: dict[str, list[str]] = {}
    for name, value in posted(one.html):
        names.setdefault(name, []).append(value.replace("\r\n", "\n"))
    expected = one.answers
    if one.title.startswith("多选"):
        expected = {"k": ["助餐", "助洁"]}  # boxes are ticked in their own order
    if one.title.startswith("手写签名"):
        names, expected = {"/s": ["李四"]}, {"s": "李四"}  # a hand needs a pointer: the name stands in for it
    if one.title.startswith(("照片", "文件")):
        picture = one.title.startswith("照片")
        names = {"_file:/f": ["1.gif" if picture else "1.pdf"]}
    return names, expected


@pytest.mark.parametrize("slice", range(4))
def test_every_exhibit_is_filled_in_and_sent(visit: Visit, slice: int) -> None:
    page = visit()
    walker = Walker(page)
    wrong: list[str] = []
    for number, one in list(enumerate(EXHIBITS, 1))[slice::4]:
        wanted, expected = wanted_of(one)
        if "readOnly" in json.dumps(one.schema):
            continue  # nothing of it is written by anybody
        page.goto(f"/gallery/{number}?wrong")
        try:
            walker.go(wanted)
            page.get_by_role("heading", name="读回的内容").wait_for()
            read = json.loads(page.locator(".exhibit-code pre").first.inner_text())
            if one.title.startswith(("照片", "文件")):
                assert read["f"].startswith("data:"), read
            else:
                assert read == expected, read
            # Some exhibits hold a mistake, to show how it is told.
            assert page.title().startswith("有误") == bool(one.form.problems(read)), page.title()
        except (AssertionError, ValueError) as error:
            wrong.append(f"{number} {one.title}: {error}")
    assert not wrong, "\n".join(wrong)
