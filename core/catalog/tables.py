"""A table (CSV, Excel) → the contract of a source: which columns it has, what they hold, by which it is asked.

Knows how people write tables; serving one is the `table` connector's affair.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from core.catalog.pinyin import readings_of
from core.errors import UsageError
from core.judge.schema import compile

KINDS: Mapping[str, Mapping[str, Any]] = {
    "身份证号": {"type": "string", "format": "cn-id-number"},
    "信用代码": {"type": "string", "format": "cn-credit-code"},
    "手机号": {"type": "string", "format": "cn-mobile"},
    "区划": {"type": "string", "format": "cn-area"},
    "日期": {"type": "string", "format": "date"},
    "是否": {"type": "boolean"},
    "整数": {"type": "integer"},
    "数": {"type": "number"},
    "文字": {"type": "string"},
}
"""What a clerk calls it → how a record says it, the narrowest first: a column is the first that all its cells fit."""
ONE_OF = "几选一"
FIELD = re.compile(r"[a-z][a-z0-9_]*")
OWN = {"身份证号": "id_number", "信用代码": "credit_code"}
_WORDS = {"是": True, "否": False, "有": True, "无": False, "true": True, "false": False}
_INTEGER = re.compile(r"-?(0|[1-9][0-9]{0,14})")
_NUMBER = re.compile(r"-?(0|[1-9][0-9]{0,14})\.[0-9]{1,9}")
_THOUSANDS = re.compile(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d{1,9})?")
_ABOUT_A_DAY = re.compile(r"\d{4}[/.年]\d{1,2}[/.月]\d{1,2}日?")
_DAYS = {"/": "%Y/%m/%d", ".": "%Y.%m.%d", "年": "%Y年%m月%d日"}
_MEASURED = re.compile(
    "金额|限额|面积|余额|单价|价格|价款|费用?$|工资|收入|补贴|补助|比例|利率|税率|重量|长度|宽度|高度|容积"
)
"""What a column of amounts or measures is called."""
_NUMBERED = re.compile("编[码号]|号码|代码|[证账卡档]号|档案")
"""What a column of names in figures is called: nobody adds them up, and the next may begin with a letter."""
_ROUNDED = re.compile(r"\d(\.\d+)?[Ee]\+\d+")
_EXACT = 10**15
"""A spreadsheet keeps fifteen digits of a number: what is longer has lost the others."""
_TITLES = 10
"""So many rows are looked at for the names of the columns, under titles and notes."""


@dataclass(frozen=True)
class Column:
    header: str
    field: str
    kind: str
    """A word of KINDS, or 几选一 with what there is: 几选一:有效/注销."""
    empty: bool = False
    """Some row has nothing here."""
    example: Any = None
    rounded: bool = False
    """Long numbers that a spreadsheet has cut to fifteen digits."""


@dataclass(frozen=True)
class Table:
    columns: tuple[Column, ...]
    name: str = "table.csv"
    """Its file's name in the folder; the suffix says how it is read."""
    content: bytes = b""
    encoding: str = ""
    """Where it is not UTF-8."""
    delimiter: str = ""
    """Where it is not a comma."""
    header_row: int = 1
    date_format: str = ""
    """How its days are written, where not as 2026-11-23."""
    notes: tuple[str, ...] = ()
    """What looks wrong, for whoever makes the source."""


def read_table(path: Path, titles: Mapping[str, str]) -> Table:
    """`titles`: what columns are called → the field that other sources have for it. Raises UsageError."""
    suffix = path.suffix.lower()
    if suffix not in (".csv", ".xlsx"):
        raise UsageError(f"{path}：只认 .csv 和 .xlsx。在 Excel 里另存为其中一种。")
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{path}：读不出来（{error.strerror}）。") from None
    encoding, delimiter, notes = "", "", []
    if suffix == ".csv":
        text, encoding = _decoded(content, path)
        rows, delimiter = _csv(text, path)
        if content and not content.endswith((b"\n", b"\r")):
            if len(rows[-1]) < len(rows[0]):
                raise UsageError(f"{path}：最后一行没有写完，文件被截断了，或者还在写。请重新导出。")
            notes.append("文件最后一行没有换行，可能被截断了：看看最后一行全不全。")
            content += b"\r\n"
    else:
        rows = _excel(content, path)
    head = _header_row(rows)
    if not rows or not any(rows[head]):
        raise UsageError(f"{path}：第一行要写各列的名称。")
    headers = [str(cell if cell is not None else "").strip() for cell in rows[head]]
    for header in headers:
        if header and headers.count(header) > 1:
            raise UsageError(f"{path}：有两列都叫“{header}”。改一个名称。")
    body = [row for row in rows[head + 1 :] if any(cell not in (None, "") for cell in row)]
    by_column = {
        header: [_plain(row[at] if at < len(row) else None) for row in body]
        for at, header in enumerate(headers)
        if header
    }
    date_format = _date_format(by_column.values())
    columns: list[Column] = []
    for header, cells in by_column.items():
        columns.append(_column(header, cells, titles, {one.field for one in columns}, date_format))
    if head:
        notes.append(f"列名在第 {head + 1} 行，上面的当作表头标题。")
    notes += [
        f"“{one.header}”里的长数字被表格软件四舍五入了，后几位已经丢失：把这一列设成“文本”，重新填写再导出。"
        for one in columns
        if one.rounded
    ]
    return Table(tuple(columns), f"table{suffix}", content, encoding, delimiter, head + 1, date_format, tuple(notes))


def _csv(text: str, path: Path) -> tuple[list[Sequence[Any]], str]:
    """The rows, and what parts the cells where it is no comma: what makes the most columns of the names."""
    made: dict[str, list[Sequence[Any]]] = {}
    for mark in (",", ";", "\t", "|"):
        try:
            made[mark] = list(csv.reader(io.StringIO(text, newline=""), strict=True, delimiter=mark))
        except csv.Error as error:
            if mark == ",":
                raise UsageError(f"{path}：不是完好的 CSV（{error}）。") from None
    best = max(made, key=lambda mark: max((len(row) for row in made[mark][:_TITLES]), default=0))
    return made[best], "" if best == "," else best


def _header_row(rows: Sequence[Sequence[Any]]) -> int:
    """Where the names of the columns stand: the first row, unless that is a title in one cell above a wider table."""
    filled = [sum(cell not in (None, "") for cell in row) for row in rows[:_TITLES]]
    return filled.index(max(filled)) if filled and filled[0] == 1 else 0


def _date_format(columns: Iterable[Sequence[Any]]) -> str:
    """The one way in which all columns of days write them, other than 2026-11-23; else nothing."""
    found: set[str] = set()
    for cells in columns:
        held = [cell for cell in cells if cell != ""]
        if held and all(_ABOUT_A_DAY.fullmatch(str(cell)) for cell in held):
            found |= {_DAYS.get(str(cell)[4], "") for cell in held}
    only = found.pop() if len(found) == 1 else ""
    return only


def _decoded(content: bytes, path: Path) -> tuple[str, str]:
    """Excel in China saves "CSV" as GBK, and "CSV UTF-8" as what it says."""
    for encoding, said in (("utf-8-sig", ""), ("gb18030", "gb18030")):
        try:
            return content.decode(encoding), said
        except UnicodeDecodeError:
            continue
    raise UsageError(f"{path}：不是 UTF-8，也不是 GBK。在 Excel 里另存为“CSV UTF-8”。")


def _excel(content: bytes, path: Path) -> list[Sequence[Any]]:
    from openpyxl import load_workbook

    try:
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (OSError, ValueError, KeyError, zipfile.BadZipFile):
        raise UsageError(f"{path}：打不开，不是完好的 .xlsx。") from None
    try:
        return list(book.worksheets[0].iter_rows(values_only=True))
    finally:
        book.close()


def _column(
    header: str, cells: Sequence[Any], titles: Mapping[str, str], taken: Collection[str], date_format: str
) -> Column:
    held = [cell for cell in cells if cell != ""]
    kind = "日期" if held and all(_is_day(cell, date_format) for cell in held) else kind_of(held)
    if kind == "整数" and _MEASURED.search(header):
        kind = "数"  # that no row has a fraction today is chance
    if _NUMBERED.search(header) and (kind == "整数" or (kind == "区划" and "代码" not in header)):
        kind = "文字"
    wanted = OWN.get(kind) or titles.get(header) or field_of(header)
    rounded = any(_is_rounded(cell) for cell in held)
    return Column(header, free(wanted, taken), kind, len(held) < len(cells), held[0] if held else None, rounded)


def _is_day(cell: Any, date_format: str) -> bool:
    try:
        return bool(date_format and _ABOUT_A_DAY.fullmatch(str(cell)) and datetime.strptime(str(cell), date_format))
    except ValueError:
        return False


def _is_rounded(cell: Any) -> bool:
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return abs(cell) >= _EXACT
    return isinstance(cell, str) and bool(_ROUNDED.fullmatch(cell))


def _plain(cell: Any) -> Any:
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    if isinstance(cell, bool | int | float):
        return cell
    text = str(cell or "").strip()
    return text[2:-1] if len(text) > 2 and text.startswith('="') and text.endswith('"') else text


def free(wanted: str, taken: Collection[str]) -> str:
    n = 2
    found = wanted
    while found in taken:
        found, n = f"{wanted}_{n}", n + 1
    return found


def field_of(header: str) -> str:
    """A field's name for what a column is called: its own letters, or pinyin."""
    known = readings_of([header])
    parts = [f" {known[c][0]} " if c in known else c if c.isascii() and c.isalnum() else " " for c in header.lower()]
    name = "_".join("".join(parts).split())[:40].strip("_")
    return name if FIELD.fullmatch(name) else f"f_{name}".rstrip("_")


def kind_of(cells: Sequence[Any]) -> str:
    if not cells:
        return "文字"
    kind = next(word for word, said in KINDS.items() if all(_fits(said, cell) for cell in cells))
    few = sorted({str(cell) for cell in cells})
    if kind == "文字" and 2 <= len(few) <= 6 and len(cells) >= 3 * len(few) and all(len(v) <= 12 for v in few):
        return f"{ONE_OF}:{'/'.join(few)}" if not any("/" in v for v in few) else kind
    return kind


def _fits(said: Mapping[str, Any], cell: Any) -> bool:
    if said["type"] == "boolean":
        return isinstance(cell, bool) or str(cell).lower() in _WORDS
    if said["type"] in ("integer", "number"):
        text = str(cell).replace(",", "") if _THOUSANDS.fullmatch(str(cell)) else str(cell)
        whole = bool(_INTEGER.fullmatch(text)) and not isinstance(cell, bool)
        return whole or (said["type"] == "number" and bool(_NUMBER.fullmatch(text)))
    return compile(dict(said)).is_valid(str(cell))


def like_a_day(column: Column) -> bool:
    """A date, but not as the connector reads it."""
    return column.kind == "文字" and bool(_ABOUT_A_DAY.fullmatch(str(column.example)))


def schema_of(column: Column, *, key: bool = False) -> dict[str, Any]:
    """The property of one column; `key`: what is asked by, and nobody asks by nothing."""
    word, _, values = column.kind.partition(":")
    said: dict[str, Any] = {"type": "string", "enum": values.split("/")} if word == ONE_OF else dict(KINDS[word])
    if column.empty and not key:
        said["type"] = [said["type"], "null"]
        if "enum" in said:
            said["enum"] = [*said["enum"], None]
    return {"title": column.header, **said}


def usual_key(columns: Sequence[Column]) -> Column:
    """What it is most likely asked by: whose record it is, else the first column."""
    own = (one for one in columns if one.kind in OWN)
    return next(own, columns[0])


def asked_by(table: Table, keys: Sequence[str]) -> tuple[Column, ...]:
    """The columns in that order; as texts, whatever they look like: 0012 is not 12. Raises UsageError."""
    by: list[Column] = []
    for key in keys:
        column = next((c for c in table.columns if key in (c.field, c.header)), None)
        if column is None:
            raise UsageError(f"没有“{key}”这一列。有：{'、'.join(c.header for c in table.columns)}。")
        by.append(replace(column, kind="文字") if column.kind in ("整数", "数", "是否") else column)
    return tuple(by)


def contract(table: Table, keys: Sequence[str], *, public: bool) -> dict[str, Any]:
    """`public`, `query`, `record` and `settings` of source.json. The first key must be given; the others narrow."""
    by = asked_by(table, keys)
    columns = [next((one for one in by if one.field == c.field), c) for c in table.columns]
    asked = {column.field: schema_of(column, key=True) for column in by}
    settings: dict[str, Any] = {"path": table.name}
    if table.encoding:
        settings["encoding"] = table.encoding
    if table.delimiter:
        settings["delimiter"] = table.delimiter
    if table.header_row > 1:
        settings["header_row"] = table.header_row
    if table.date_format:
        settings["date_format"] = table.date_format
    renamed = {c.field: c.header for c in table.columns if c.field != c.header}
    if renamed:
        settings["columns"] = renamed
    return {
        "public": list(asked) if public else [],
        "query": {"type": "object", "properties": asked, "required": [by[0].field], "additionalProperties": False},
        "record": {
            "type": "object",
            "properties": {c.field: schema_of(c) for c in columns},
            "required": [c.field for c in columns if not c.empty],
        },
        "settings": settings,
    }


def written(columns: Sequence[Column], row: Mapping[str, Any]) -> bytes:
    """A table of one row, for a register that nobody has a table of yet."""
    out = io.StringIO(newline="")
    rows = csv.writer(out)
    rows.writerow([one.header for one in columns])
    rows.writerow([{True: "是", False: "否"}.get(v, v) if isinstance(v := row[c.field], bool) else v for c in columns])
    return out.getvalue().encode("utf-8-sig")
