"""Connector `table`: CSV and Excel, typed by the record schema, read again when the file changes."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from core.contract import Down, Empty, Found, Outcome
from core.sources.connectors import CannotConnect
from core.sources.connectors.table import connect
from tests.sources.conftest import source

pytestmark = pytest.mark.anyio
BUS: dict[str, Any] = {
    "query": {"type": "object", "properties": {"card": {"type": "string"}, "line": {"type": "integer"}}},
    "record": {
        "type": "object",
        "properties": {
            "card": {"type": "string"},
            "line": {"type": "integer"},
            "balance": {"type": "string"},
            "share": {"type": "number"},
            "valid": {"type": "boolean"},
            "until": {"type": ["string", "null"], "format": "date"},
            "stops": {"type": "array", "items": {"type": "string"}},
            "note": {"type": "string"},
        },
    },
}
CSV = "card,line,balance,share,valid,until,stops,note,read_on\n001,5,12.50,0.25,是,2027-01-01,东门;西门,,2026-11-01\n"


async def ask(folder: Path, by: dict[str, Any], many: bool = False, **settings: Any) -> Outcome:
    connection = connect(source("bus", connector="table", folder=str(folder), **BUS), {"path": "bus.csv", **settings})
    try:
        return await connection.ask(by, many)
    finally:
        connection.close()


async def test_cells_become_what_the_record_schema_says(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text(CSV, encoding="utf-8-sig")
    found = await ask(tmp_path, {"card": "001"}, recorded_at="read_on")
    record = {
        "card": "001",
        "line": 5,
        "balance": "12.50",
        "share": 0.25,
        "valid": True,
        "until": "2027-01-01",
        "stops": ["东门", "西门"],
    }
    assert found == Found([record], "2026-11-01")
    assert await ask(tmp_path, {"card": "001", "line": 5}) == Found([record])
    assert await ask(tmp_path, {"card": "1"}) == Empty()


async def test_an_excel_sheet_answers_like_a_csv_file(tmp_path: Path) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "说明"
    cards = book.create_sheet("卡")
    cards.append(["卡号", "line", "balance", "until", "valid"])
    cards.append([13900000000, 5.0, 12.5, __import__("datetime").datetime(2027, 1, 1), True])
    book.save(tmp_path / "bus.xlsx")
    found = await ask(
        tmp_path, {"card": "13900000000"}, path="bus.xlsx", sheet="卡", columns={"card": "卡号"}, many=True
    )
    assert found == Found([{"card": "13900000000", "line": 5, "balance": "12.5", "until": "2027-01-01", "valid": True}])
    missing = await ask(tmp_path, {"card": "1"}, path="bus.xlsx", sheet="没有")
    assert isinstance(missing, Down)
    assert "说明, 卡" in missing.reason


async def test_a_table_on_our_own_disk_is_answered_at_once_until_it_changes(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text(CSV)
    bus = source("bus", connector="table", folder=str(tmp_path), **BUS)
    connection = connect(bus, {"path": "bus.csv"}, near=tmp_path)
    assert connection.at_once({"card": "001"}) is None
    asked = await connection.ask({"card": "001"})
    assert connection.at_once({"card": "001"}) == asked
    assert connection.at_once({"card": "001", "line": 5}) is None  # no index yet: a thread makes it
    (tmp_path / "bus.csv").write_text(CSV + "003,1,,,,,,,\n")
    assert connection.at_once({"card": "001"}) is None
    (tmp_path / "bus.csv").unlink()
    assert connection.at_once({"card": "001"}) is None
    connection.close()
    far = connect(bus, {"path": "bus.csv"})
    assert far.at_once({"card": "001"}) is None
    far.close()


async def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "bus.csv"
    path.write_text(CSV)
    connection = connect(source("bus", connector="table", folder=str(tmp_path), **BUS), {"path": "bus.csv"})
    assert (await connection.ask({"card": "002"})).name == "empty"
    path.write_text(CSV + "002,6,1.00,1,否,,,,\n")
    os.utime(path, ns=(1, 1))
    assert (await connection.ask({"card": "002"})).name == "found"
    path.unlink()
    assert (await connection.ask({"card": "002"})).name == "down"
    path.write_text(CSV)
    assert (await connection.ask({"card": "001"})).name == "found"
    connection.close()


@pytest.mark.parametrize(
    ("text", "by", "says"),
    [
        ("card,card\n1,2\n", {"card": "1"}, "two columns are called card"),
        ("card\n1,2\n", {"card": "1"}, "row 2 has more cells"),
        ("line\n1\n", {"card": "1"}, "no column card"),
        ('card\n"1\n', {"card": "1"}, "bus.csv"),
        ("\ufffecard\n", {"card": "1"}, "bus.csv"),
    ],
)
async def test_a_broken_file_is_down_and_says_where(tmp_path: Path, text: str, by: dict[str, Any], says: str) -> None:
    (tmp_path / "bus.csv").write_bytes(text.encode("utf-16-le" if "\ufffe" in text else "utf-8"))
    answer = await ask(tmp_path, by)
    assert isinstance(answer, Down)
    assert says in answer.reason


async def test_old_files_name_their_encoding(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text("card,note\n1,公交\n", encoding="gb18030")
    assert await ask(tmp_path, {"card": "1"}, encoding="gb18030") == Found([{"card": "1", "note": "公交"}])
    assert (await ask(tmp_path, {"card": "1"})).name == "down"


async def test_more_records_than_allowed_are_down(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text("card,note\n" + "1,x\n" * 5)
    assert (await ask(tmp_path, {"card": "1"}, many=True, max_records=4)).name == "down"
    assert (await ask(tmp_path, {"card": "1"}, many=True, max_records=5)).name == "found"


@pytest.mark.parametrize("settings", [{}, {"path": "x.ods"}])
def test_settings_that_cannot_work_are_refused(tmp_path: Path, settings: dict[str, Any]) -> None:
    with pytest.raises(CannotConnect):
        connect(source("bus", connector="table", folder=str(tmp_path), **BUS), settings)


@pytest.mark.parametrize("kept", [len(CSV) - 1, len(CSV) - 5, len(CSV) // 2])
async def test_a_file_cut_within_a_line_is_down_and_not_empty(tmp_path: Path, kept: int) -> None:
    (tmp_path / "bus.csv").write_text((CSV + CSV.splitlines()[1])[: kept + 1].rstrip("\n"))
    answer = await ask(tmp_path, {"card": "002"})
    assert isinstance(answer, Down)
    assert "ends within a line" in answer.reason
    (tmp_path / "bus.csv").write_text(CSV)
    assert await ask(tmp_path, {"card": "002"}) == Empty()


async def test_a_file_with_fewer_rows_than_it_ever_has_is_down_and_not_empty(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text("card,note\n1,x\n2,x\n3,x\n")
    assert await ask(tmp_path, {"card": "9"}, min_rows=3) == Empty()
    (tmp_path / "bus.csv").write_text("card,note\n1,x\n2,x\n")
    answer = await ask(tmp_path, {"card": "3"}, min_rows=3)
    assert isinstance(answer, Down)
    assert "2 rows" in answer.reason
