"""What is declared to no effect is told to the author, and the folder serves all the same."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from core.catalog.advice import advice
from core.judge.granting import granted
from core.judge.rules import rules_of
from tests.catalog.world import GOOD, inspected
from tests.judge.town import CALENDAR, elder

NO_EFFECT = "no-effect"


def told(tmp_path: Path, change: Callable[[dict[str, Any]], None]) -> list[str]:
    folder = tmp_path / "dog-licence"
    shutil.copytree(GOOD / "dog-licence", folder, dirs_exist_ok=True)
    files = {name: json.loads((folder / f"{name}.json").read_text("utf-8")) for name in ("item", "lookups", "routing")}
    change(files)
    for name, said in files.items():
        (folder / f"{name}.json").write_text(json.dumps(said, ensure_ascii=False), "utf-8")
    found = inspected(folder)
    assert found.item is not None, found.faults
    return [f"{one.where}: {one.code}" for one in advice(found.item, found.files)]


def test_what_nobody_reads_is_told_once_and_what_somebody_reads_is_not(tmp_path: Path) -> None:
    before = told(tmp_path, lambda files: None)

    def change(files: dict[str, Any]) -> None:
        files["lookups"]["lookups"]["idle"] = files["lookups"]["lookups"]["history"]
        files["item"]["sums"] = [{"id": "dogs", "title": "犬数", "lines": [{"title": "一", "amount": "1.00"}]}]
        files["item"]["materials"].append({"id": "flat", "title": "租约", "consequence": "撤销",
                                           "valid_when": {"/lookups/person/alive": {"const": True}}})  # fmt: skip

    at = len(json.loads((GOOD / "dog-licence" / "item.json").read_text("utf-8"))["materials"])
    assert set(told(tmp_path, change)) - set(before) == {
        f"plugins/dog-licence/lookups.json#/lookups/idle: {NO_EFFECT}",
        f"plugins/dog-licence/item.json#/sums/0: {NO_EFFECT}",
        f"plugins/dog-licence/item.json#/materials/{at}/valid_when: {NO_EFFECT}",
        f"plugins/dog-licence/item.json#/materials/{at}/consequence: {NO_EFFECT}",
    }

    def read(files: dict[str, Any]) -> None:
        change(files)
        files["routing"]["decide"][1]["because"] = "${/sums/dogs}条，${/lookups/idle/0/tag}"
        files["item"]["materials"][-1] |= {"proved_by": "person", "fallback": {"down": "promise"}}

    assert told(tmp_path, read) == before


def test_every_way_of_reading_a_lookup_counts(tmp_path: Path) -> None:
    idle = f"plugins/dog-licence/lookups.json#/lookups/idle: {NO_EFFECT}"

    def with_(reader: Callable[[dict[str, Any]], Any]) -> list[str]:
        def change(files: dict[str, Any]) -> None:
            files["lookups"]["lookups"]["idle"] = files["lookups"]["lookups"]["history"]
            reader(files)

        return told(tmp_path, change)

    assert idle in with_(lambda files: None)
    rule = {"when": {"/outcomes/idle": {"const": "down"}}, "outcome": "review", "because": "没有应答"}
    assert idle not in with_(lambda files: files["routing"]["decide"].append(rule))
    other = {"/lookups/idle": {"minItems": 1}}
    assert idle not in with_(lambda files: files["lookups"]["lookups"]["dog"].update(allowed_when=other))
    (tmp_path / "dog-licence" / "templates" / "more.html").write_text("{% for one in lookups.idle %}x{% endfor %}")
    assert idle not in with_(lambda files: None)


ROWS = {
    "asked": "/answers/rows", "title": "/each/name", "because": "现场不合格",
    "when": {"/each/name": {"type": "string"}, "/findings/visit/fit": {"const": True}},
}  # fmt: skip


def item(**when: Any) -> Any:
    visit = {"unit": "civil-affairs", "days": 1, "id": "visit", "findings": {"type": "object", "properties": {}}}
    rule = {"when": {"/channel": {"const": "web"}, **when}, "outcome": "approve", "because": "符合", "part": ROWS}
    return elder(routing={"steps": [visit], "decide": [rule]})


def test_a_part_that_rests_on_what_may_never_be_found_is_told_and_refuses_nobody() -> None:
    (one,) = [one for one in advice(item()) if one.code == "part-before-findings"]
    assert one.where == "plugins/elder-allowance/routing.json#/decide/0/part/when"
    reads = item(**{"/findings/visit/fit": {"type": "boolean"}})
    assert [one for one in advice(reads) if one.code == "part-before-findings"] == []

    made, facts = item(), {"answers": {"rows": [{"name": "甲"}, {"name": "乙"}]}}
    (rule,) = rules_of(made).decide

    def grant(**more: Any) -> Any:
        return granted(made, rule.place, (), rule.part, None, {**facts, **more}, CALENDAR)

    assert grant().held_back
    assert not grant().part
    assert "不合格" in grant(findings={"visit": {"fit": False}}).held_back[0]
    assert not grant(findings={"visit": {"fit": True}}).held_back
