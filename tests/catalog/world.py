"""A small world for inspections: an office, and the good folders of tests/faulty_plugins/_good with ways to spoil them.

Knows nothing of what a fault looks like.
"""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from core.catalog.faults import Faults
from core.catalog.inspect import Around, Inspection, inspect, inspect_files
from core.catalog.load import BUILT_IN_CONNECTORS
from core.catalog.reading import read_stored
from core.contract import Area, Office, Source, Unit

ROOT = Path(__file__).resolve().parents[2]
SCHEMAS = ROOT / "schemas"
FAULTY = ROOT / "tests" / "faulty_plugins"
GOOD = FAULTY / "_good"

OFFICE = Office(
    areas={
        "320583000000": Area("320583000000", "示例市", "city", None),
        "320583103000": Area("320583103000", "示例镇", "town", "320583000000"),
        "320583103205": Area("320583103205", "示例村", "village", "320583103000"),
    },
    units={
        id: Unit(id, name)
        for id, name in {
            "animals": "畜牧局",
            "public-security": "公安局",
            "credit-office": "信用办",
            "approval-bureau": "审批局",
            "idle-office": "没有办公室的部门",
        }.items()
    },
    offices=frozenset(
        [
            *((unit, "320583000000") for unit in ("animals", "public-security", "credit-office", "approval-bureau")),
            ("public-security", "320583103000"),
        ]
    ),
    themes={"convenience": "便民", "elders": "养老"},
)
ITEMS = ("dog-licence", "dog-query", "dog-shop")


def inspected(folder: Path, sources: Mapping[str, Source] | None = None, **more: Any) -> Inspection:
    return inspect(
        folder,
        office=OFFICE,
        sources=good_sources() if sources is None else sources,
        items=ITEMS,
        connectors=BUILT_IN_CONNECTORS,
        schemas=SCHEMAS,
        **more,
    )


_sources: dict[str, Source] = {}


def good_sources() -> Mapping[str, Source]:
    if not _sources:
        for id in ("person-register", "dog-register"):
            source = inspected(GOOD / id, {}).source
            assert source is not None
            _sources[id] = source
    return _sources


def inspected_patch(name: str, into: Path) -> Inspection:
    """What the inspector says of one broken folder, from disk or, with `"shelf": "database"`, from the database."""
    folder = spoiled(name, into)
    patch = json.loads((FAULTY / name / "patch.json").read_text(encoding="utf-8"))
    if patch.get("shelf") != "database":
        return inspected(folder)
    faults = Faults(folder.name)
    texts = {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}
    files = read_stored(folder.name, texts, faults)
    return inspect_files(files, faults, Around(OFFICE, good_sources(), ITEMS, BUILT_IN_CONNECTORS, SCHEMAS))


def spoiled(name: str, into: Path) -> Path:
    """The folder that `tests/faulty_plugins/<name>/patch.json` describes, made under `into`.

    `base` is the good folder, `as` its new name, `edits` a list of `{file, op, …}`: `write` text, `base64` bytes,
    `delete`, `link` to somewhere, or a JSON Patch operation (`add`, `replace`, `remove`) on the file's JSON.
    """
    patch = json.loads((FAULTY / name / "patch.json").read_text(encoding="utf-8"))
    folder: Path = into / patch.get("as", patch.get("base", name))
    if "base" in patch:
        shutil.copytree(GOOD / patch["base"], folder)
    else:
        folder.mkdir()
    for edit in patch["edits"]:
        _edit(folder, edit)
    return folder


def _edit(folder: Path, edit: Mapping[str, Any]) -> None:
    path = folder / edit["file"]
    match edit["op"]:
        case "write":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(edit["text"], encoding="utf-8")
        case "repeat":
            path.write_text(edit["text"] * edit["times"], encoding="utf-8")
        case "base64":
            path.write_bytes(base64.b64decode(edit["data"]))
        case "wide":
            wide = {"type": "object", "properties": {"a": {"enum": list(range(edit["values"]))}}}
            path.write_text(json.dumps(wide), encoding="utf-8")
        case "many":
            path.parent.mkdir(exist_ok=True)
            for i in range(edit["times"]):
                (path.parent / f"{path.name}-{i}.html").write_text("x", encoding="utf-8")
        case "delete":
            path.unlink()
        case "rename":
            path.rename(folder / edit["to"])
        case "link":
            path.unlink(missing_ok=True)
            path.symlink_to(edit["to"])
        case _:
            value = json.loads(path.read_text(encoding="utf-8"))
            path.write_text(json.dumps(_patched(value, edit), ensure_ascii=False, indent=2), encoding="utf-8")


def _patched(value: Any, edit: Mapping[str, Any]) -> Any:
    *way, last = [p.replace("~1", "/").replace("~0", "~") for p in edit["path"].split("/")[1:]]
    holder = value
    for part in way:
        holder = holder[int(part)] if isinstance(holder, list) else holder[part]
    if isinstance(holder, list):
        if edit["op"] == "add":
            holder.insert(len(holder) if last == "-" else int(last), edit["value"])
        elif edit["op"] == "remove":
            del holder[int(last)]
        else:
            holder[int(last)] = edit["value"]
    elif edit["op"] == "remove":
        del holder[last]
    else:
        holder[last] = edit["value"]
    return value
