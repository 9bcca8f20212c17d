"""Every bundled item's letter, written for each of its scenarios that ends in a decision."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from core.cases.notices import decision_letters
from core.cases.results import numbered, recorded
from core.catalog import alike
from core.catalog.load import load
from core.judge import scenario as scenarios
from core.office.calendar import StateCalendar
from core.office.seed import read_office
from core.settings import Settings, bundled
from core.sources.taken import Reaches

CALENDAR = StateCalendar()


@pytest.fixture(scope="module")
def town() -> Any:
    office = read_office(bundled("seeds"))
    return SimpleNamespace(office=office, catalog=load(Settings(), office), calendar=CALENDAR, reaches=Reaches())


def folders() -> list[str]:
    return sorted(path.parent.parent.name for path in bundled("plugins").glob("*/templates/result.html"))


@pytest.mark.parametrize("id", folders())
def test_each_decided_scenario_gives_its_letter(town: Any, id: str) -> None:
    item = town.catalog.items.get(id)
    if item is None:
        pytest.skip(f"{id} is not an item, or is set aside")
    told = 0
    files = sorted(Path(bundled("plugins") / id / "cases").glob("*.json"))
    whole = alike.whole({path.stem: json.loads(path.read_text(encoding="utf-8")) for path in files})
    for scenario in whole.values():
        if "lookups" not in scenario:
            continue
        result = scenarios.run(item, scenario, town.office, CALENDAR)
        decision = result.verdict.decision
        if result.verdict.problems or decision.outcome not in ("approve", "reject", "decline"):
            continue
        route = result.verdict.route
        letters = decision_letters(
            town,
            item,
            "0190a000-0000-7000-8000-000000000000",
            no="20261123K7Q2M9XD4",
            facts=result.facts,
            decision={"outcome": decision.outcome, "because": decision.because, "basis": decision.basis},
            unit=route.deciding_unit if route else item.unit,
            area=route.deciding_area if route else None,
            fee=result.verdict.fee,
            record=recorded(numbered("20261123K7Q2M9XD4", result.verdict.results)),
            amount=result.verdict.amount,
            filed_on=scenarios.today_of(scenario),
            today=scenarios.today_of(scenario),
            now=datetime.now(UTC),
        )
        assert letters
        for letter in letters:
            assert "None" not in letter.values["text"], letter.values["text"]
        told += 1
    assert town.reaches.fetch() == [], "a letter reads what its item does not take"
    assert told or item.handling == "promised"
