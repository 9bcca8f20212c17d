"""Times without measure: told by the schema alone, in one line, before a filing can break on them."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from tests.catalog.world import GOOD, inspected

DUTY = {"id": "visit", "title": "回访", "party": True}


def faults(tmp_path: Path, said: dict[str, Any], file: str = "item.json") -> list[str]:
    folder = tmp_path / "dog-licence"
    shutil.copytree(GOOD / "dog-licence", folder)
    path = folder / file
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **said}, ensure_ascii=False), "utf-8")
    return [str(fault) for fault in inspected(folder).faults]


@pytest.mark.parametrize(
    ("said", "at"),
    [
        ({"duties": [{**DUTY, "calendar_days": 100_000_000}]}, "/duties/0/calendar_days"),
        ({"duties": [{**DUTY, "days": 3661}]}, "/duties/0/days"),
        ({"duties": [{**DUTY, "within": "P101Y"}]}, "/duties/0/within"),
        ({"duties": [{**DUTY, "within": "P1Y", "every": "P9999M"}]}, "/duties/0/every"),
        ({"extension": {"days": 1_000_000_000, "basis": "《示例规定》第一条"}}, "/extension/days"),
        ({"promised_days": 5, "statutory_days": 1_000_000_000}, "/statutory_days"),
        ({"promised_days": 1_000_000_000, "statutory_days": None}, "/promised_days"),
        ({"promised_days": [{"months": 1_000_000_000}], "statutory_days": None}, "/promised_days/0/months"),
        ({"statutory_days": None, "statutory_calendar_days": 1_000_000_000}, "/statutory_calendar_days"),
        ({"result": {"title": "犬证", "template": "result.html", "valid": "P99999Y"}}, "/result/valid"),
    ],
)
def test_a_time_without_measure_is_one_fault(tmp_path: Path, said: dict[str, Any], at: str) -> None:
    assert [fault.split(":")[0].split("#")[1] for fault in faults(tmp_path, said)] == [at]


@pytest.mark.parametrize(
    "said",
    [
        {"duties": [{**DUTY, "calendar_days": 3660}]},
        {"duties": [{**DUTY, "within": "-P100Y", "after": "/result/valid_until"}]},
        {"duties": [{**DUTY, "within": "P1Y6M2W10D", "every": "P999M"}]},
    ],
)
def test_the_most_is_let_pass(tmp_path: Path, said: dict[str, Any]) -> None:
    valid = {"result": {"title": "犬证", "template": "result.html", "valid": "P100Y"}}
    assert faults(tmp_path, {**valid, **said}) == []


@pytest.mark.parametrize("unit", ["days", "calendar_days"])
def test_so_is_a_step_without_measure(tmp_path: Path, unit: str) -> None:
    step = {"title": "勘查", "unit": "police", unit: 1_000_000_000}
    at = f"/steps/0/{unit}"
    assert any(f"routing.json#{at}:" in fault for fault in faults(tmp_path, {"steps": [step]}, "routing.json"))
