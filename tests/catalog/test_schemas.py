"""schemas/: every key explained in Chinese, every example true."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from core.contract.relations import RELATIONS
from core.judge.schema import compile
from forms.pages import acted
from tests.catalog.world import SCHEMAS

FILES = sorted(SCHEMAS.glob("*.schema.json"))
FRAGMENTS = sorted(SCHEMAS.glob("common/*.json"))
HAN = re.compile(r"[\u4e00-\u9fff]")


def _keys(schema: Any, at: str = "", names: bool = False) -> Iterator[tuple[str, Any]]:
    """Every property that a schema declares, with its pointer; `names`: this object's keys are names, not keywords."""
    if isinstance(schema, dict):
        for key, value in schema.items():
            if names and at.endswith("/properties"):
                yield f"{at}/{key}", value
            if names or key not in ("examples", "enum", "const", "default"):
                inside = not names and key in ("properties", "$defs", "patternProperties")
                yield from _keys(value, f"{at}/{key}", inside)
    elif isinstance(schema, list):
        for i, part in enumerate(schema):
            yield from _keys(part, f"{at}/{i}")


@pytest.mark.parametrize("path", [*FILES, *FRAGMENTS], ids=lambda p: p.name)
def test_every_key_has_a_chinese_title_a_description_and_examples(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    bare = [
        at
        for at, key in [("", schema), *_keys(schema)]
        if not (HAN.search(key.get("title", "")) and HAN.search(key.get("description", "")) and key.get("examples"))
    ]
    assert bare == []


@pytest.mark.parametrize("path", [*FILES, *FRAGMENTS], ids=lambda p: p.name)
def test_every_example_fits_its_own_schema(path: Path) -> None:
    schema = json.loads(path.read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    wrong = []
    for at, key in [("", schema), *_keys(schema)]:
        judged = compile({**{k: v for k, v in key.items() if k != "examples"}, "$defs": schema.get("$defs", {})})
        if '"#"' in json.dumps(key) and at:
            continue  # a key that leads back to the whole file is judged with the file
        wrong += [f"{at}: {example}" for example in key["examples"] if not judged.is_valid(example)]
    assert wrong == []


@pytest.mark.parametrize("path", FRAGMENTS, ids=lambda p: p.name)
def test_a_fragment_is_named_by_its_file(path: Path) -> None:
    assert json.loads(path.read_text(encoding="utf-8"))["$id"] == f"urn:lingban:common:{path.stem}:1"


def test_every_file_of_a_plugin_has_its_schema() -> None:
    assert {p.name.removesuffix(".schema.json") for p in FILES} == {
        "item", "form", "form.ui", "lookups", "routing", "source", "scenario", "texts"
    }  # fmt: skip


def test_the_kinds_of_relation_are_the_same_wherever_they_are_written() -> None:
    files = {p.name.removesuffix(".schema.json"): json.loads(p.read_text(encoding="utf-8")) for p in FILES}
    assert set(files["source"]["$defs"]["relation"]["properties"]["kind"]["enum"]) == set(RELATIONS)
    assert set(files["item"]["properties"]["agents"]["items"]["enum"]) == {*RELATIONS, "mandate"}
    assert set(acted.RELATIONS) == set(RELATIONS)
