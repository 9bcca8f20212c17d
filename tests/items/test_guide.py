"""The author's guide says what the code does: its folder works, its excerpts are real, every key and code is explained.

Reads plugins/README.md and plugins/_guide against schemas/ and the bundled folders.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from core.catalog.faults import CODES
from core.catalog.load import load
from core.cli import main
from core.judge.coverage import unseen
from core.judge.scenario import run
from core.office.calendar import StateCalendar
from core.office.seed import read_office
from core.settings import Settings
from core.sources.conformance.suite import CHECKS
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


def keys(schema: Any) -> Iterator[tuple[str, str, bool]]:
    """(key, its title, whether it must be written) of every property that a schema declares, at any depth."""
    if isinstance(schema, list):
        for part in schema:
            yield from keys(part)
    elif isinstance(schema, dict):
        for word, part in schema.items():
            if word == "properties":
                for key, one in part.items():
                    yield key, one["title"], key in schema.get("required", ())
                    yield from keys(one)
            elif word not in ("examples", "const", "enum", "default"):
                yield from keys(part)


def rows(page: str) -> set[tuple[str, str, bool]]:
    found = re.findall(r"^\| `([^`]+)`(（必写）)? \| (.+?) \|", (GUIDE / page).read_text("utf-8"), re.MULTILINE)
    return {(name.replace("[]", "").split(".")[-1], title, bool(must)) for name, must, title in found}


@pytest.mark.parametrize("name", PAGES)
def test_every_key_of_a_file_has_a_row_on_its_page(name: str) -> None:
    schema = json.loads((ROOT / "schemas" / f"{name}.schema.json").read_text())
    declared = {one for one in keys(schema) if one[0] != "$schema" or name == "form"}
    assert declared, "a schema that declares nothing would prove nothing"
    assert declared - rows(PAGES[name]) == set()


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


def anchors(page: str) -> set[str]:
    """As the host of the pages makes them of headings."""
    headings = re.findall(r"^#+ (.+)$", page, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.replace("`", "").lower()).replace(" ", "-") for heading in headings}


def test_every_link_to_a_heading_finds_it() -> None:
    found = 0
    for page in [PLUGINS / "README.md", *GUIDE.glob("*.md")]:
        text = page.read_text("utf-8")
        for target, heading in re.findall(r"\]\(([^)#\s]*)#([^)\s]+)\)", text):
            found += 1
            there = (page.parent / target).read_text("utf-8") if target else text
            assert heading in anchors(there), f"{page.name}: {target}#{heading}"
    assert found >= 5


def library_card(into: Path) -> Path:
    """The folder that the guide writes, file by file."""
    blocks = re.findall(
        r"\*\*library-card/(\S+?)\*\*\n\n```json\n(.*?)\n```", (PLUGINS / "README.md").read_text(), re.DOTALL
    )
    for name, text in blocks:
        path = into / "library-card" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return into / "library-card"


def test_the_commands_print_what_the_guide_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    card = library_card(tmp_path)
    thin, broken = tmp_path / "thin-card", tmp_path / "broken-card"
    shutil.copytree(card, thin)
    for name in ("reject.json", "approve-child.json"):
        (thin / "cases" / name).unlink()
    first = thin / "cases" / "approve.json"
    first.write_text(first.read_text().replace('"decision": "approve"', '"decision": "review"'))
    shutil.copytree(card, broken)
    routing = (broken / "routing.json").read_text()
    (broken / "routing.json").write_text(routing.replace('"culture-tourism"', '"culture-tourisn"'))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINGBAN_LANGUAGE", "zh")
    console = re.findall(r"```console\n(.*?)```", (GUIDE / "commands.md").read_text("utf-8"), re.DOTALL)
    commands = [part.splitlines() for block in console for part in block.split("$ lingban ")[1:]]
    assert len(commands) >= 7
    for command, *lines in commands:
        done = CliRunner().invoke(main, ["--data", str(tmp_path / "data"), *shlex.split(command)])
        printed = done.output.splitlines()
        assert [line for line in lines if line not in printed] == [], done.output
        wrong = {"check broken-card", "test thin-card"}
        assert done.exit_code == (1 if command in wrong else 0), done.output


def test_the_commands_of_the_guide_name_every_count_and_every_check_of_a_source() -> None:
    page = (GUIDE / "commands.md").read_text("utf-8")
    explained = set(re.findall(r"`([^`\n]+)`", page))
    counts = load(Settings(), read_office(ROOT / "seeds")).counts()
    assert {*counts, *CHECKS} - explained == set()


def test_the_folder_that_the_guide_writes_is_served_and_its_scenarios_pass(tmp_path: Path) -> None:
    library_card(tmp_path)
    catalog = load(Settings(plugins=(tmp_path,)), read_office(ROOT / "seeds"))
    assert [str(fault) for fault in catalog.plugins["library-card"].faults] == []
    item = catalog.items["library-card"]
    told = catalog.plugins["library-card"].scenarios.values()
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
