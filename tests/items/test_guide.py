"""The author's guide says what the code does: its folder works, its excerpts are real, every key and code is explained.

Reads plugins/README.md and plugins/_guide against schemas/ and the bundled folders.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from core.catalog.faults import CODES
from core.catalog.load import load
from core.judge.coverage import unseen
from core.judge.scenario import run
from core.office.calendar import StateCalendar
from core.office.seed import read_office
from core.settings import Settings
from tests.items import faults_page, sources_page

ROOT = Path(__file__).parents[2]
PLUGINS = ROOT / "plugins"
GUIDE = PLUGINS / "_guide"
PAGES = {
    "item": "item.md",
    "form": "form.md",
    "form.ui": "form.md",
    "lookups": "lookups.md",
    "routing": "routing.md",
    "scenario": "cases.md",
    "source": "source.md",
}


def keys(schema: Any) -> Iterator[str]:
    """Every property that a schema names for people, deep; JSON Schema's own keywords inside examples are none."""
    if isinstance(schema, dict):
        for key, part in (schema.get("properties") or {}).items():
            yield key
            yield from keys(part)
        for inner in ("items", "additionalProperties", "then", "else", "if"):
            yield from keys(schema.get(inner))
        for part in (schema.get("$defs") or {}).values():
            yield from keys(part)


@pytest.mark.parametrize("name", PAGES)
def test_every_key_of_a_file_is_explained_on_its_page(name: str) -> None:
    page = (GUIDE / PAGES[name]).read_text()
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text())
    codes = re.findall(r"`([^`\n]+)`", page)
    explained = {*codes, *(word for code in codes for word in re.split(r"[.\[\]/\"{}: ]+", code))}
    assert {key for key in keys(schema) if key != "$schema" and key not in explained} == set()


def test_the_page_of_sources_units_and_themes_is_current() -> None:
    assert sources_page.PAGE.read_text(encoding="utf-8") == sources_page.page(), "python -m tests.items.sources_page"


def test_every_fault_code_is_explained_in_the_words_of_the_checker() -> None:
    page = faults_page.PAGE.read_text(encoding="utf-8")
    assert dict(re.findall(r"^\| `([a-z0-9-]+)` \| (.+?) \| .+ \|$", page, re.MULTILINE)) == CODES
    assert page == faults_page.page(), "python -m tests.items.faults_page"


def quoted() -> list[tuple[str, str, str]]:
    found = re.compile(r"<!-- 取自 (\S+)#(\S*) -->\n```json\n(.*?)\n```", re.DOTALL)
    return [match for page in sorted(GUIDE.glob("*.md")) for match in found.findall(page.read_text())]


def test_what_the_guide_quotes_stands_in_the_folder_it_names() -> None:
    assert len(quoted()) > 30
    for path, pointer, text in quoted():
        value = json.loads((PLUGINS / path).read_text())
        for part in pointer.split("/")[1:]:
            part = part.replace("~1", "/").replace("~0", "~")
            value = value[int(part)] if isinstance(value, list) else value[part]
        assert json.loads(text) == value, f"{path}#{pointer}"


def test_every_json_block_is_json() -> None:
    for page in [PLUGINS / "README.md", *GUIDE.glob("*.md")]:
        for text in re.findall(r"```json\n(.*?)\n```", page.read_text(), re.DOTALL):
            json.loads(text)


def test_every_link_of_the_guide_leads_somewhere() -> None:
    for page in [PLUGINS / "README.md", *GUIDE.glob("*.md")]:
        for target in re.findall(r"\]\(([^)#]+)\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_the_folder_that_the_guide_writes_is_served_and_its_scenarios_pass(tmp_path: Path) -> None:
    blocks = re.findall(
        r"\*\*library-card/(\S+?)\*\*\n\n```json\n(.*?)\n```", (PLUGINS / "README.md").read_text(), re.DOTALL
    )
    for name, text in blocks:
        path = tmp_path / "library-card" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    catalog = load(Settings(plugins=(tmp_path,)), read_office(ROOT / "seeds"))
    assert [str(fault) for fault in catalog.plugins["library-card"].faults] == []
    item = catalog.items["library-card"]
    told = [json.loads(path.read_text()) for path in sorted((tmp_path / "library-card" / "cases").glob("*.json"))]
    results = [run(item, scenario, catalog.office, StateCalendar()) for scenario in told]
    assert [result.differences for result in results if not result.passed] == []
    assert unseen(item, [result.seen_rules for result in results]) == ()


def test_the_tables_of_the_readme_name_every_bundled_folder() -> None:
    named = set(re.findall(r"^\| \[`([a-z0-9-]+)`\]", (PLUGINS / "README.md").read_text(), re.MULTILINE))
    assert named == {path.parent.name for path in PLUGINS.glob("[a-z]*/*.json")}


def test_the_counts_of_the_readme_are_those_of_the_catalog() -> None:
    counts = load(Settings(), read_office(ROOT / "seeds")).counts()
    said = (PLUGINS / "README.md").read_text().replace("\n", "")
    for words, count in (
        (r"共 (\d+) 项", counts["items"]),
        (r"零材料 (\d+) 项", counts["zero_material"]),
        (r"即办 (\d+) 项", counts["instant"]),
        (r"同城或不限 (\d+) 项", counts["same_city"]),
        (r"市镇同清单 (\d+) 项", counts["same_list"]),
        (r"村级直接办 (\d+) 项", counts["village_decides"]),
        (r"村级收集代办\s*(\d+) 项", counts["village_collects"]),
    ):
        match = re.search(words, said)
        assert match, words
        assert int(match[1]) == count, words
