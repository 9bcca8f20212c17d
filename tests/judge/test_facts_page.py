"""docs/facts.md is true: its facts load, and every condition in its table ends as the table says."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.judge.conditions import Condition
from core.judge.coverage import branches
from core.judge.measures import MEASURES
from tests.judge.town import CALENDAR, elder

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "facts.md").read_text(encoding="utf-8")
ROWS = re.findall(r"^\| `([\[{].*?[\]}])` \| (成立|不成立) \|", PAGE, re.M)


def the_facts() -> dict[str, Any]:
    (block,) = re.findall(r"```json\n(.*?)```", PAGE, re.S)
    facts: dict[str, Any] = json.loads(block)
    return facts


def test_the_table_was_found() -> None:
    assert len(ROWS) == PAGE.count("| 成立 |") + PAGE.count("| 不成立 |") >= 15


@pytest.mark.parametrize(("condition", "result"), ROWS)
def test_a_condition_ends_as_the_page_says(condition: str, result: str) -> None:
    assert Condition(json.loads(condition)).holds(the_facts(), CALENDAR) is (result == "成立")


def test_every_root_of_the_facts_is_explained() -> None:
    for name in [*the_facts(), "agent"]:
        assert re.search(rf"^\| `/{name}[`/]", PAGE, re.M), name
    for keyword in MEASURES:
        assert f"| `{keyword}` |" in PAGE


def test_the_kinds_of_branches_are_those_the_page_names() -> None:
    kinds = {re.sub(r"\d+", "N", branch) for branch in branches(elder())}
    kinds = {re.sub(r"lookups/\w+", "lookups/NAME", kind) for kind in kinds}
    assert kinds == {
        "item.json#/materials/N: proved",
        "item.json#/materials/N: not proved",
        "lookups.json#/lookups/NAME: down",
        "lookups.json#/lookups/NAME: empty",
        "routing.json#/sites/city",
        "routing.json#/sites/town",
        "routing.json#/sites/village",
        "routing.json#/steps/N/when: holds",
        "routing.json#/steps/N/when: does not hold",
        "routing.json#/decide/N",
        "routing.json#/rules/N",
    }
