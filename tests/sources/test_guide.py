"""What docs/sources.md shows is true: every example of a source can be opened by its connector."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from core.catalog.bundle import read_source
from core.sources.connectors import bundled
from core.sources.environment import expand, names

GUIDE = (Path(__file__).resolve().parents[2] / "docs" / "sources.md").read_text(encoding="utf-8")
EXAMPLES: list[dict[str, Any]] = [json.loads(block) for block in re.findall(r"```json\n(.*?)```", GUIDE, re.S)]
SOURCES = [example for example in EXAMPLES if "connector" in example]
ENVIRONMENT = {
    "NATURAL_PERSON_URL": "postgresql://127.0.0.1/x",
    "RELIEF_FILE": "relief.xlsx",
    "REAL_ESTATE_URL": "https://localhost",
    "REAL_ESTATE_TOKEN_URL": "https://localhost/token",
    "REAL_ESTATE_ID": "id",
    "REAL_ESTATE_SECRET": "secret",
}


@pytest.mark.parametrize("declared", SOURCES, ids=lambda declared: str(declared["connector"]))
def test_an_example_of_the_guide_can_be_opened(declared: dict[str, Any]) -> None:
    source = read_source("example", declared)
    assert set(names(source.settings)) <= set(ENVIRONMENT)
    connect = bundled(source.connector)
    assert connect is not None
    connect(source, expand(source.settings, ENVIRONMENT))


def test_every_connector_has_its_example() -> None:
    assert {declared["connector"] for declared in SOURCES} == {"sql", "table", "http"}
