"""`plugins/_guide/sources.md`: what every bundled source asks for and gives back, and the office's units and themes.

`python -m tests.items.sources_page` writes it anew; a test holds it to what the folders and seeds say.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.contract import LEVELS
from core.office.seed import read_office

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "plugins" / "_guide" / "sources.md"
TYPES = {
    "string": "文字", "integer": "整数", "number": "数", "boolean": "是否（true、false）", "array": "列表",
    "object": "一组", "null": "可以为空",
}  # fmt: skip
FORMATS = {
    "date": "日期 2026-11-23",
    "cn-id-number": "身份证号",
    "cn-credit-code": "统一社会信用代码",
    "cn-area": "十二位区划",
}
LEVEL_NAMES = {"city": "市", "town": "镇", "village": "村（社区）"}


def page() -> str:
    lines = [
        "# 数据源、部门、主题一览",
        "",
        "写 `lookups.json` 时照这里抄字段名，写条件时照这里抄取值；部门写 `unit`，主题写名称。",
        "",
        "“必给”的字段在 `by` 里一定要有。“公开”的字段可以直接用申请人填的内容去查。",
        "",
    ]
    for folder in sorted(path.parent for path in (ROOT / "plugins").glob("*/source.json")):
        lines += _source(folder.name, json.loads((folder / "source.json").read_text(encoding="utf-8")))
    lines += ["## 部门", "", "| 编号 | 名称 | 哪些层级有 |", "|---|---|---|"]
    office = read_office(ROOT / "seeds")
    for unit in office.units.values():
        areas = [area for one, area in office.offices if one == unit.id]
        levels = {office.areas[area].level for area in areas}
        lines.append(f"| `{unit.id}` | {unit.name} | {'、'.join(LEVEL_NAMES[x] for x in LEVELS if x in levels)} |")
    lines += ["", "## 主题", "", "、".join(office.themes.values()), ""]
    return "\n".join(lines)


def _source(id: str, declared: Mapping[str, Any]) -> list[str]:
    lines = [f"## {id} {declared['title']}", "", "| 用来查的字段 | 名称 | 说明 |", "|---|---|---|"]
    query, record = declared["query"], declared["record"]
    for name, field in query["properties"].items():
        marks = ["必给"] if name in query.get("required", ()) else []
        marks += ["公开"] if name in declared.get("public", ()) else []
        lines.append(f"| `{name}` | {field.get('title', '')} | {'，'.join([*marks, *_says(field)])} |")
    lines += ["", "| 查到的字段 | 名称 | 类型和取值 |", "|---|---|---|"]
    for name, field in record["properties"].items():
        lines.append(f"| `{name}` | {field.get('title', '')} | {'，'.join(_says(field))} |")
    return [*lines, ""]


def _says(field: Mapping[str, Any]) -> Iterator[str]:
    if "enum" in field:
        yield "只有：" + "、".join(f"`{json.dumps(value, ensure_ascii=False)}`" for value in field["enum"])
        return
    if field.get("format") in FORMATS:
        yield FORMATS[field["format"]]
    else:
        types = field.get("type", [])
        yield from (TYPES[one] for one in ([types] if isinstance(types, str) else types))
    if isinstance(field.get("type"), list) and "null" in field["type"] and field.get("format") in FORMATS:
        yield TYPES["null"]
    if isinstance(field.get("items"), dict) and "properties" in field["items"]:
        parts = field["items"]["properties"].items()
        yield "每条有 " + "、".join(f"`{name}` {part.get('title', '')}".strip() for name, part in parts)


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
