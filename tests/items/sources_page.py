"""`plugins/_guide/sources.md`: what an author copies from: sources, units, areas, themes, fragments, people to try.

`python -m tests.items.sources_page` writes it anew; a test holds it to what the folders and seeds say.
"""

from __future__ import annotations

import csv
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
    "cn-bank-card": "银行卡号，如 6217001234567890007",
    "cn-mobile": "手机号码",
}
LEVEL_NAMES = {"city": "市", "town": "镇", "village": "村（社区）"}


def page() -> str:
    lines = [
        "# 数据源、部门、区划、主题、公用片段一览",
        "",
        "写 `lookups.json` 时照这里抄字段名，写条件时照这里抄取值；部门写 `unit`，区划写十二位代码，主题写名称。"
        "后面还有[部门](#部门)、[区划](#区划)、[主题](#主题)、[公用片段](#公用片段)和[试用的人和企业](#试用的人和企业)。",
        "",
        "“必给”的字段在 `by` 里一定要有，几个“其一”至少给一个。“公开”的字段可以直接用申请人填的内容去查。",
        "",
    ]
    for folder in sorted(path.parent for path in (ROOT / "plugins").glob("*/source.json")):
        lines += _source(folder.name, json.loads((folder / "source.json").read_text(encoding="utf-8")))
    lines += ["## 部门", "", "| 编号 | 名称 | 哪些层级有 |", "|---|---|---|"]
    office = read_office(ROOT / "seeds")
    for unit in office.units.values():
        levels = {office.areas[area].level for one, area in office.offices if one == unit.id}
        lines.append(f"| `{unit.id}` | {unit.name} | {'、'.join(LEVEL_NAMES[x] for x in LEVELS if x in levels)} |")
    lines += ["", "## 区划", "", _AREAS, "", "| 代码 | 名称 | 层级 |", "|---|---|---|"]
    lines += [
        f"| `{one.code}` | {one.name} | `{one.level}` {LEVEL_NAMES[one.level]} |" for one in office.areas.values()
    ]
    lines += ["", "## 主题", "", "、".join(office.themes.values()), ""]
    return "\n".join([*lines, *_fragments(), *_people()])


def _fragments() -> Iterator[str]:
    yield from ("## 公用片段", "", _FRAGMENTS, "", "| `$ref` | 名称 | 是什么 | 问哪个数据元 |", "|---|---|---|---|")
    for path in sorted((ROOT / "schemas" / "common").glob("*.json")):
        said = json.loads(path.read_text(encoding="utf-8"))
        parts = said.get("properties", {}).items()
        inside = "里面有 " + "、".join(f"`{n}` {one.get('title', '')}".strip() for n, one in parts) if parts else ""
        what = "；".join(part for part in (said.get("description", "").rstrip("。"), inside) if part)
        element = f"`{said['x-element']}`" if "x-element" in said else ""
        yield f"| `{said['$id']}` | {said['title']} | {what} | {element} |"
    yield ""


def _people() -> Iterator[str]:
    yield from ("## 试用的人和企业", "", _PEOPLE, "", "| 姓名或名称 | 号码 | 区划 |  |", "|---|---|---|---|")
    decades: dict[str, dict[str, str]] = {}
    for row in _seeds("natural-person"):
        if row["alive"] == "true" and row["area"].startswith("320583"):
            decades.setdefault(row["birth_date"][:3], row)
    for _, row in sorted(decades.items()):
        yield f"| {row['name']} | `{row['id_number']}` | `{row['area']}` | {row['birth_date']} 生 |"
    for row in _seeds("legal-entity")[:6]:
        yield f"| {row['name']} | `{row['credit_code']}` | `{row['area']}` | {row['kind']} |"
    yield ""


def _seeds(source: str) -> list[dict[str, str]]:
    with (ROOT / "seeds" / "sources" / f"{source}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_AREAS = (
    "情景的 `site.area`、`applicant.area`、`expect.deciding_area` 写这些代码，服务点的 `level` 要与代码的层级一致。"
)
_FRAGMENTS = (
    '`form.json` 里写 `{"$ref": "urn:lingban:common:telephone:1", "title": "联系电话"}`，'
    "就有了类型、格式、错误提示和译文；旁边写的 `title` 盖过片段自己的。"
)
_PEOPLE = "写情景、试办时用这些编造的人：号码的校验码是对的，演示的数据源里也查得到。"


def _source(id: str, declared: Mapping[str, Any]) -> list[str]:
    lines = [f"## {id} {declared['title']}", "", "| 用来查的字段 | 名称 | 说明 |", "|---|---|---|"]
    query, record = declared["query"], declared["record"]
    for name, field in query["properties"].items():
        marks = ["必给"] if name in query.get("required", ()) else []
        marks += ["其一"] if any(name in one.get("required", ()) for one in query.get("anyOf", ())) else []
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
