"""Finding items as people type, counting them, and naming the source that would free the most."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from core.catalog.load import load
from core.catalog.pinyin import matches, readings_of
from core.catalog.report import most_freeing
from core.catalog.snapshot import Catalog
from core.office.seed import read_office
from core.settings import Settings


@pytest.fixture(scope="module")
def catalog(tmp_path_factory: pytest.TempPathFactory) -> Catalog:
    settings = Settings(data=tmp_path_factory.mktemp("data"))
    return load(settings, read_office(settings.seeds))


@pytest.mark.parametrize(
    "text",
    [
        "尊老金",
        "老年人尊老金待遇申领",
        "高龄补贴",
        "zunlaojin",
        "ZLJ",
        "ｚｌｊ",
        "老人 尊老金",
        "elder-allowance",
    ],
)
def test_the_allowance_is_found_however_it_is_typed(catalog: Catalog, text: str) -> None:
    found = [item.id for item in catalog.search(text)]
    assert found[0] == "elder-allowance", found


def test_nothing_typed_finds_everything_and_nonsense_nothing(catalog: Catalog) -> None:
    assert len(catalog.search("  ")) == len(catalog.items)
    assert catalog.search("qqqqq") == []
    assert catalog.search("鼷鼠") == []


def test_a_search_keeps_to_theme_and_audience(catalog: Catalog) -> None:
    assert all("养老" in item.themes for item in catalog.search("", theme="养老"))
    assert catalog.search("尊老金", audience="enterprise") == []


def test_counts_are_computed_from_the_items(catalog: Catalog) -> None:
    counts = catalog.counts()
    rows = [catalog.facts(item) for item in catalog.items.values()]
    assert counts["items"] == len(rows)
    assert counts["zero_material"] == sum(row["zero_material"] for row in rows)
    assert counts["same_list"] == sum("city" in row["sites"] and "town" in row["sites"] for row in rows)
    assert counts["village_decides"] == sum(row["sites"].get("village") == "decide" for row in rows)
    assert list(rows[0]) == ["id", "title", "version", "zero_material", "handling", "sites", "area", "channels"]
    assert list(catalog.as_json()) == ["items", "sources", "counts"]
    queries = [row for row in rows if row["handling"] in ("query", "handoff")]
    assert not any(row["zero_material"] for row in queries)


def test_the_report_names_what_stands_between_an_item_and_zero_material(catalog: Catalog) -> None:
    rows = most_freeing(catalog)
    assert rows
    first = rows[0]
    assert len(first.frees) == max(len(row.frees) for row in rows)
    named = {(item, material) for row in rows for item, material, _ in row.materials}
    for item in catalog.items.values():
        if item.handling in ("instant", "promised") and not catalog.facts(item)["zero_material"]:
            assert any(id == item.id for id, _ in named)


def test_filings_a_year_weigh_in_the_report(catalog: Catalog) -> None:
    rows = most_freeing(catalog)
    last = next(row for row in reversed(rows) if row.frees)
    assert most_freeing(catalog, {last.frees[0]: 10_000})[0] == next(
        row for row in most_freeing(catalog, {last.frees[0]: 10_000}) if last.frees[0] in row.frees
    )


def test_every_bundled_plugin_is_without_fault(catalog: Catalog) -> None:
    assert [str(fault) for plugin in catalog.plugins.values() for fault in plugin.faults] == []
    assert Path(Settings().bundled_plugins).name == "plugins"


@pytest.mark.parametrize(
    ("word", "text", "found"),
    [
        ("zunlaojin", "老年人尊老金待遇申领", 1),
        ("laonianren", "老年人尊老金待遇申领", 2),
        ("lnr", "老年人尊老金待遇申领", 2),
        ("lnrzunlao", "老年人尊老金待遇申领", 2),
        ("zunlaoj", "老年人尊老金待遇申领", 1),
        ("yinhang", "银行账户", 2),
        ("yinxing", "银行账户", 2),
        ("chongqing", "重庆", 2),
        ("jinlao", "老年人尊老金待遇申领", 0),
        ("nvxing", "女性两癌筛查", 2),
        ("duli", "独立（个体）户", 2),
        ("duligeti", "独立（个体）户", 2),
        ("ica", "IC卡充值", 0),
        ("icka", "ic卡充值", 2),
    ],
)
def test_pinyin_matches_in_full_by_initials_and_mixed(word: str, text: str, found: int) -> None:
    assert matches(word, text, readings_of([text])) == found


def test_a_search_does_not_keep_the_table_of_phrases_in_memory(catalog: Catalog) -> None:
    catalog.search("zlj")
    assert "pypinyin" not in sys.modules
