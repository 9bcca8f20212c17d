"""Plugins with their faults, sources with their state, the catalog by level."""

from __future__ import annotations

import dataclasses
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from core.faults import CODES
from core.faults.table import SUBJECTS
from core.settings import SOURCE_ROOT, Settings
from core.web.session import LANGUAGE
from tests.admin.conftest import Desk
from tests.conftest import Client


@pytest.fixture
def broken_desk(town: Settings, tmp_path: Path) -> Iterator[Desk]:
    """The town with a shelf on which one folder is broken and one lies over a bundled one."""
    from core.web.app import build

    shelf = tmp_path / "shelf"
    (shelf / "dog-licence").mkdir(parents=True)
    (shelf / "dog-licence" / "item.json").write_text('{"title": "犬只登记", "unit": "animal"}', "utf-8")
    bundled = SOURCE_ROOT / "plugins" / "elder-allowance"
    for file in bundled.rglob("*"):
        if file.is_file():
            copy = shelf / "elder-allowance" / file.relative_to(bundled)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(file.read_bytes())
    settings = dataclasses.replace(town, plugins=(shelf,))
    with TestClient(build(settings, background=False), base_url="http://127.0.0.1:8000") as http:
        yield Desk(Client(http, json.loads((town.data / "demo.json").read_text("utf-8")), settings))


def test_a_broken_folder_shows_its_faults_and_stops_nobody(broken_desk: Desk) -> None:
    broken_desk.sign_in(broken_desk.one_of("administrator"))
    page = broken_desk.get("/admin/plugins").text
    assert "需要改正" in page
    assert "dog-licence/item.json#/unit" in page
    assert "没有“animal”这个部门。" in page
    assert '"animal" is not a unit' not in page
    assert "老年人尊老金待遇申领" in page
    detail = broken_desk.get("/admin/plugins/dog-licence")
    assert detail.status_code == 200
    assert "已停用" in detail.text


def test_a_fault_is_told_with_the_path_that_opens_the_file_and_leads_to_its_explanation(broken_desk: Desk) -> None:
    broken_desk.sign_in(broken_desk.one_of("administrator"))
    (shelf,) = broken_desk.client.settings.plugins
    page = broken_desk.get("/admin/plugins/dog-licence").text
    assert f"{shelf}/dog-licence/item.json#/unit" in page
    assert 'href="/admin/faults?code=unknown-unit#unknown-unit"' in page
    explained = broken_desk.get("/admin/faults").text.replace("&#34;", '"')
    for code, about in CODES.items():
        assert f'id="{code}"' in explained
        assert about in explained


def test_in_english_the_faults_are_english(broken_desk: Desk) -> None:
    broken_desk.sign_in(broken_desk.one_of("administrator"))
    broken_desk.client.http.cookies.set(LANGUAGE, "en")
    page = broken_desk.get("/admin/plugins").text
    assert "&#34;animal&#34; is not a unit." in page


def test_a_folder_that_lies_over_another_says_so(broken_desk: Desk) -> None:
    broken_desk.sign_in(broken_desk.one_of("administrator"))
    assert "覆盖同名文件夹" in broken_desk.get("/admin/plugins").text
    assert "覆盖了" in broken_desk.get("/admin/plugins/elder-allowance").text


def test_the_sources_page_counts_questions_and_uses(desk: Desk) -> None:
    desk.file("elder")
    desk.sign_in(desk.one_of("administrator"))
    page = desk.get("/admin/sources").text
    assert "自然人信息数据库" in page
    assert "都可查询" in page
    row = page.split("自然人信息数据库", 1)[1].split("</tr>", 1)[0]
    assert ">1</td>" in row


def test_the_catalog_page_shows_the_counts_of_the_catalog(desk: Desk) -> None:
    desk.sign_in("reviewer-civil-affairs-shipu")
    page = desk.get("/admin/catalog").text
    counts = desk.client.http.app.state.kernel.catalog.counts()  # type: ignore[attr-defined]
    for key in ("items", "zero_material", "instant", "same_city"):
        assert f'<span class="tiles__n num">{counts[key]}</span>' in page
    assert "村（社区）收集代办" in page


def test_only_who_cares_for_the_house_sees_folders_and_sources(desk: Desk) -> None:
    desk.sign_in("reviewer-civil-affairs-shipu")
    for path in ("/admin/plugins", "/admin/plugins/elder-allowance", "/admin/faults", "/admin/sources"):
        assert desk.get(path).status_code == 403, path
    menu = desk.get("/admin/").text
    assert 'href="/admin/plugins"' not in menu


def test_the_codes_lie_by_subject_the_one_followed_open_and_no_blank_raw(desk: Desk) -> None:
    desk.sign_in(desk.one_of("administrator"))
    page = desk.get("/admin/faults?code=unknown-unit").text
    opened = re.findall(r"<details class=\"explained__subject\" open>.*?</details>", page, re.S)
    assert [one.count('<div id="unknown-unit">') for one in opened] == [1]
    assert page.count("<details class") == len(SUBJECTS)
    assert not re.search(r"[^{$]\{\w+\}[^}]", re.search(r"<main.*</main>", page, re.S)[0])  # type: ignore[index]
    assert "“…”" in page
