"""Every record in seeds/sources keeps the contract of its source; a source without records has none to show.

Reads CSV files and source.json; opens no database.
"""

from __future__ import annotations

import csv
import json
from collections import Counter
from pathlib import Path

import pytest

from core.catalog.bundle import read_source
from core.contract import Source
from core.judge.schema import compile
from core.sources.records import Records

ROOT = Path(__file__).parents[2]
SOURCES = sorted(
    path.parent.name
    for path in (ROOT / "plugins").glob("*/source.json")
    if json.loads(path.read_text(encoding="utf-8"))["connector"] != "cases"
)
"""Our own cases are nobody's made-up records."""


def source(id: str) -> Source:
    return read_source(id, json.loads((ROOT / "plugins" / id / "source.json").read_text()))


def rows(id: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / "sources" / f"{id}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_sources_and_their_records_are_the_same_set() -> None:
    assert sorted(path.stem for path in (ROOT / "seeds" / "sources").glob("*.csv")) == SOURCES


@pytest.mark.parametrize("id", SOURCES)
def test_every_record_keeps_the_contract(id: str) -> None:
    declared = source(id)
    records, schema = Records(declared.record), compile(declared.record)
    for row in rows(id):
        record = records.from_cells(row.items())
        assert list(schema.errors(record)) == [], row
    # Asked by a field that is no column, the embedded register could not answer.
    assert set(declared.query["properties"]) <= set(rows(id)[0])


@pytest.mark.parametrize(
    ("id", "key", "twice"),
    [
        ("natural-person", ("id_number",), 1),
        ("legal-entity", ("credit_code",), 1),
        ("own-business", ("id_number",), 0),
        ("social-insurance", ("id_number",), 0),
        ("provident-fund", ("id_number",), 0),
        ("medical-insurance", ("id_number",), 0),
        ("disability", ("id_number",), 0),
        ("marriage", ("id_number",), 0),
        ("social-relief", ("id_number",), 0),
        ("veterans", ("id_number",), 0),
        ("drainage-register", ("credit_code",), 0),
        ("guardianship", ("ward_id", "guardian_id"), 0),
        ("kinship", ("person_id", "kin_id", "kinship"), 0),
        ("permits", ("credit_code", "permit_no"), 0),
        ("shop-fronts", ("credit_code", "location"), 0),
        ("real-estate", ("owner_id", "certificate"), 0),
        ("household", ("id_number", "member_id"), 0),
    ],
)
def test_one_key_has_one_record_but_for_those_that_are_meant(id: str, key: tuple[str, ...], twice: int) -> None:
    every = Counter(tuple(row[name] for name in key) for row in rows(id))
    assert sum(count > 1 for count in every.values()) == twice
