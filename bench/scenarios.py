"""`lingban test`: all scenarios of all items judged, against parsing the same files with `json`."""

from __future__ import annotations

import asyncio
import gc
import json
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from bench.table import Row, microseconds
from core.catalog.load import load
from core.dryrun import test
from core.office.seed import read_office
from core.settings import read

ROUNDS = 5


def run() -> list[Row]:
    """Both in CPU seconds of this process, in turns, of which the calmest counts; a first round of each is not kept."""
    with tempfile.TemporaryDirectory() as folder:
        settings = read(data=Path(folder) / "data", environ={})
        catalog = load(settings, read_office(settings.seeds))
        files = [file for one in catalog.plugins.values() for file in sorted(Path(one.folder).rglob("*.json"))]
        cases = sum(len(one.scenarios) for one in catalog.plugins.values())

        def parsed() -> None:
            for file in files:
                json.loads(file.read_text(encoding="utf-8"))

        def tested() -> None:
            done = asyncio.run(test(settings, (), lambda line: None))
            assert done == (cases, 0), done

        parsed()
        tested()
        rounds = [(_cpu(tested), _cpu(parsed)) for _ in range(ROUNDS)]
    ours, floor = min(a for a, _ in rounds), min(b for _, b in rounds)
    what = f"`lingban test`: {cases} scenarios, with loading and checking all folders"
    return [Row(what, microseconds(ours), microseconds(floor), ours / floor, 40, cases / ours)]


def _cpu(work: Callable[[], None]) -> float:
    gc.collect()
    started = time.process_time()
    work()
    return time.process_time() - started
