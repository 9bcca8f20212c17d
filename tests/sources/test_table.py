"""Connector `table`: CSV and Excel, typed by the record schema, read again when the file changes."""

from __future__ import annotations

import json
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


def reason(answer: Outcome) -> str:
    assert isinstance(answer, Down), answer
    return answer.reason


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


async def test_a_file_in_another_encoding_is_told_which_to_try(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text("card,note\n1,公交\n", encoding="gb18030")
    assert reason(await ask(tmp_path, {"card": "1"})) == 'bus.csv: not written in utf-8; try "encoding": "gb18030"'
    (tmp_path / "bus.csv").write_text("card,note\n1,公交车\n", encoding="utf-8")
    assert '"encoding": "utf-8"' in reason(await ask(tmp_path, {"card": "1"}, encoding="gbk"))
    assert "utf-9 is not known" in reason(await ask(tmp_path, {"card": "1"}, encoding="utf-9"))


@pytest.mark.parametrize("mark", [";", "\t", "|"])
async def test_cells_parted_otherwise_are_read_where_it_is_said_and_told_where_not(tmp_path: Path, mark: str) -> None:
    (tmp_path / "bus.csv").write_text(CSV.replace(";", "/").replace(",", mark))
    assert (await ask(tmp_path, {"card": "001", "line": 5}, delimiter=mark)).name == "found"
    told = reason(await ask(tmp_path, {"card": "001"}))
    assert told.endswith(f'Say "delimiter": {json.dumps(mark)}'), told


async def test_titles_may_stand_above_the_names_of_the_columns(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text("公交卡台账\n填报：示例,2026\ncard,note\n1,x\n1,y,z\n")
    assert "row 5 has more cells" in reason(await ask(tmp_path, {"card": "1"}, header_row=3))
    (tmp_path / "bus.csv").write_text("公交卡台账,\n填报：示例,2026\ncard,note\n1,x\n")
    assert await ask(tmp_path, {"card": "1"}, header_row=3) == Found([{"card": "1", "note": "x"}])
    assert '"header_row": 2' in reason(await ask(tmp_path, {"card": "1"}))


async def test_a_column_that_the_file_does_not_have_is_down_by_the_name_it_should_have(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text("卡号,备注\n1,x\n")
    columns = {"card": "卡号", "note": "备注说明"}
    told = reason(await ask(tmp_path, {"card": "1"}, columns=columns))
    assert told == "bus.csv: no column 备注说明 (settings.columns.note); there are 卡号, 备注"
    told = reason(await ask(tmp_path, {"line": 5}, columns={"card": "卡号"}))
    assert told == "bus.csv: no column line; there are 卡号, 备注"
    bus = {**BUS, "record": {**BUS["record"], "required": ["card", "share"]}}
    connection = connect(source("bus", connector="table", folder=str(tmp_path), **bus), {"path": "bus.csv"})
    assert "no column card, share; there are 卡号, 备注" in reason(await connection.ask({"card": "1"}))
    connection.close()


async def test_days_and_numbers_as_people_write_them(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text(
        'card,until,share,line,read_on\n="0012",2021/3/5,"1,234.50","1,000",2021/12/31\n13,2021-03-06,"1,5",1,\n14,5.3.2021,1,1,\n'
    )
    settings: dict[str, Any] = {"date_format": "%Y/%m/%d", "recorded_at": "read_on"}
    record = {"card": "0012", "until": "2021-03-05", "share": 1234.5, "line": 1000}
    assert await ask(tmp_path, {"card": "0012"}, **settings) == Found([record], "2021-12-31")
    assert await ask(tmp_path, {"until": "2021-03-05"}, **settings) == Found([record], "2021-12-31")
    assert await ask(tmp_path, {"card": "13"}, **settings) == Found(
        [{"card": "13", "until": "2021-03-06", "share": "1,5", "line": 1}]
    )
    unread = await ask(tmp_path, {"card": "14"}, **settings)
    assert isinstance(unread, Found)
    assert unread.value[0]["until"] == "5.3.2021", "the schema then says that it is no date"


async def test_a_number_too_large_to_be_one_stays_a_text_and_holds_nobody_up(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text("card,until,share,line\n1,2026-01-01,1e9999999999,1E+9999999999\n")
    assert await ask(tmp_path, {"card": "1"}) == Found(
        [{"card": "1", "until": "2026-01-01", "share": "1E+9999999999", "line": "1E+9999999999"}]
    )


async def test_a_day_that_can_be_read_in_two_ways_is_none(tmp_path: Path) -> None:
    (tmp_path / "bus.csv").write_text("card,until\n1,20210305\n2,2021111\n")
    assert await ask(tmp_path, {"card": "1"}, date_format="%Y%m%d") == Found([{"card": "1", "until": "2021-03-05"}])
    assert await ask(tmp_path, {"card": "2"}, date_format="%Y%m%d") == Found([{"card": "2", "until": "2021111"}])


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


async def test_columns_that_may_be_absent_and_are_not_there_are_noted_once_the_file_is_read(tmp_path: Path) -> None:
    connection = connect(source("bus", connector="table", folder=str(tmp_path), **BUS), {"path": "bus.csv"})
    noted = []
    for text in ("", "card,line,balance,share,valid,until\n001,5,1.00,0.5,是,\n", CSV):
        if text:
            (tmp_path / "bus.csv").write_text(text)
            assert (await connection.ask({"card": "001"})).name == "found"
        noted.append(connection.notes)
    there = "there are card, line, balance, share, valid, until. No record has these fields"
    assert noted == [(), (f"bus.csv: no column stops, note; {there}",), ()]
    connection.close()


async def test_a_file_that_is_not_there_is_told_by_the_setting_that_names_it(town: Any, tmp_path: Path) -> None:
    for declared, said in (("${BUS_FILE}", "settings.path (${BUS_FILE})"), ("bus.csv", "settings.path")):
        bus = source("bus", connector="table", folder=str(tmp_path), settings={"path": declared}, **BUS)
        sources = town(bus, environment={"BUS_FILE": str(tmp_path / "deep" / "bus.csv")})
        answer = await sources.probe("bus", {"card": "1"})
        assert (answer.outcome, answer.reason) == ("down", f"there is no file where {said} points")
    select = "SELECT id_number, name FROM person WHERE id_number = :id_number"
    sources = town(
        source(settings={"url": "sqlite://${REGISTER}", "select": select}),
        environment={"REGISTER": str(tmp_path / "deep" / "persons.sqlite3")},
    )
    answer = await sources.probe("natural-person", {"id_number": "1"})
    assert (answer.outcome, answer.reason) == ("down", "there is no file where settings.url (${REGISTER}) points")
