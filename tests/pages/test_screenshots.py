"""The pictures in the documentation are those of today's pages: each can be taken, and none is missing or left over."""

from __future__ import annotations

import re
import struct
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.pages.conftest import Site
from tests.pages.screenshots import FOLDER, SHOTS, take

README = FOLDER.parent.parent / "README.md"
HEAVIEST = 300_000


def size_of(png: Path) -> tuple[int, int]:
    width, height = struct.unpack(">II", png.read_bytes()[16:24])
    return width, height


def test_the_folder_holds_the_set_and_nothing_else() -> None:
    assert {path.stem for path in FOLDER.glob("*.png")} == {shot.name for shot in SHOTS}
    assert all(path.stat().st_size < HEAVIEST for path in FOLDER.glob("*.png"))


def test_readme_shows_four_of_them() -> None:
    shown = re.findall(r"docs/screenshots/([\w-]+)\.png", README.read_text(encoding="utf-8"))
    assert len(set(shown)) == 4
    assert set(shown) <= {shot.name for shot in SHOTS}


@pytest.mark.parametrize("name", ["home", "draft", "receipt", "desk"])
def test_a_picture_of_readme_can_be_taken_today(browser: Browser, site: Site, tmp_path: Path, name: str) -> None:
    shot = next(one for one in SHOTS if one.name == name)
    taken = take(browser, site, shot, tmp_path)
    assert size_of(taken) == size_of(FOLDER / taken.name) == (shot.width, shot.height)
    assert taken.stat().st_size > 15_000
