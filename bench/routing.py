"""One routing decision with its reasons, against `json.loads` of its facts: every scenario of every item in turn."""

from __future__ import annotations

import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bench.table import Row, microseconds
from core.catalog.load import load
from core.contract import Calendar, Item, Office, Site
from core.judge import scenario
from core.judge.places import site_of
from core.judge.routing import choose
from core.office.calendar import StateCalendar
from core.office.seed import read_office
from core.settings import read

TIMES, ROUNDS = 20, 15


def run() -> list[Row]:
    """In turns, the calmest round of each. The worst item stands beside the mean of all."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read(data=Path(folder) / "data", environ={})
        office, calendar = read_office(settings.seeds), StateCalendar()
        catalog = load(settings, office)
        kinds: dict[str, list[tuple[float, float]]] = {}
        for item in catalog.items.values():
            told = catalog.plugins[item.id].scenarios
            if item.handling != "handoff" and told:
                every = [scenario.run(item, one, office, calendar).facts for one in told.values()]
                kinds[item.id] = _measure(item, every, office, calendar)
    rows = []
    costs = {id: (min(a for a, _ in rounds), min(b for _, b in rounds)) for id, rounds in kinds.items()}
    ours, floor = (sum(both[n] for both in costs.values()) / len(costs) for n in (0, 1))
    rows.append(Row(f"one route, mean of {len(costs)} items", microseconds(ours), microseconds(floor), ours / floor, 5,
                    1 / ours))  # fmt: skip
    worst = max(costs, key=lambda id: costs[id][0] / costs[id][1])
    ours, floor = costs[worst]
    rows.append(Row(f"one route, the dearest: {worst}", microseconds(ours), microseconds(floor), ours / floor, 5,
                    1 / ours))  # fmt: skip
    return rows


def _measure(item: Item, every: list[Any], office: Office, calendar: Calendar) -> list[tuple[float, float]]:
    texts = [json.dumps(facts, ensure_ascii=False) for facts in every]
    cases: list[tuple[Any, Site | None]] = [(facts, site_of(facts, office)) for facts in every]

    def ours() -> None:
        for facts, site in cases:
            choose(item, facts, office, calendar, site)

    def floor() -> None:
        for text in texts:
            json.loads(text)

    ours()  # compiles the conditions, which happens once for an item version
    return [(_cpu(ours) / len(cases), _cpu(floor) / len(cases)) for _ in range(ROUNDS)]


def _cpu(work: Callable[[], None]) -> float:
    started = time.process_time()
    for _ in range(TIMES):
        work()
    return (time.process_time() - started) / TIMES
