"""The inspector from the outside: good folders, what is bundled, and what becomes of a fault of its own."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from core.catalog.hooks import Hooks
from core.catalog.inspection import guide
from core.catalog.load import Loader
from core.settings import Settings
from tests.catalog.world import GOOD, OFFICE, SCHEMAS, inspected, spoiled


@pytest.mark.parametrize("folder", sorted(p.name for p in GOOD.iterdir()))
def test_a_good_folder_has_no_fault(folder: str) -> None:
    found = inspected(GOOD / folder)
    assert [str(f) for f in found.faults] == []
    assert found.item or found.source


@pytest.mark.parametrize("module", ["line.py", "lines.py", "login.py", "items.py", "sources.py", "wire.py"])
def test_a_module_beside_plugin_py_may_have_any_name(tmp_path: Path, module: str) -> None:
    folder = shutil.copytree(GOOD / "person-register", tmp_path / "person-register")
    (folder / module).write_text("PORT = 1")
    (folder / "plugin.py").write_text(f"from .{module[:-3]} import PORT")
    assert [str(f) for f in inspected(folder).faults] == []


def test_a_misspelt_plugin_py_is_told(tmp_path: Path) -> None:
    folder = shutil.copytree(GOOD / "person-register", tmp_path / "person-register")
    (folder / "plugins.py").write_text("")
    assert [f.code for f in inspected(folder).faults] == ["unknown-file"]


def test_the_design_example_of_a_fault_reads_to_the_letter(tmp_path: Path) -> None:
    found = inspected(spoiled("unknown-unit", tmp_path))
    assert [str(f) for f in found.faults] == [
        'plugins/dog-licence/routing.json#/steps/0/unit: "animal" is not a unit. Did you mean "animals"? [unknown-unit]'
    ]


def test_an_error_of_the_inspector_itself_is_a_fault_of_code_internal(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(work: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(guide, "check", broken)
    found = inspected(GOOD / "dog-licence")
    assert [f.code for f in found.faults] == ["internal"]
    assert found.item is None


def test_the_checker_and_the_server_find_the_same(tmp_path: Path) -> None:
    shelf = tmp_path / "shelf"
    shutil.copytree(GOOD, shelf)
    for name in ("everything-at-once", "if-without-required", "unknown-unit"):
        shutil.rmtree(shelf / "dog-licence")
        spoiled(name, shelf)
        told = Loader(Settings(plugins=(shelf,)), Hooks()).load(OFFICE).plugins["dog-licence"]
        assert told.faults == inspected(shelf / "dog-licence").faults
        assert told.faults


def test_fragments_are_written_out_so_that_a_version_stands_by_itself() -> None:
    item = inspected(GOOD / "dog-licence").item
    assert item is not None
    landlord = item.form["properties"]["landlord"]
    assert landlord["title"] == "房东身份号码"
    assert landlord["format"] == "cn-id-number"
    assert "urn:lingban" not in json.dumps(item.bundle)


def test_a_hint_for_editors_is_no_part_of_a_version(tmp_path: Path) -> None:
    first = inspected(GOOD / "dog-licence").item
    folder = tmp_path / "dog-licence"
    shutil.copytree(GOOD / "dog-licence", folder)
    path = folder / "item.json"
    said = json.loads(path.read_text(encoding="utf-8"))
    del said["$schema"]
    path.write_text(json.dumps(said), encoding="utf-8")
    second = inspected(folder).item
    assert first
    assert second
    assert first.digest == second.digest
    said["title"] = "养犬登记（新）"
    path.write_text(json.dumps(said), encoding="utf-8")
    third = inspected(folder).item
    assert third
    assert third.digest != first.digest


def test_a_question_that_a_lookup_about_the_applicant_answers_is_filled(tmp_path: Path) -> None:
    folder = tmp_path / "dog-licence"
    shutil.copytree(GOOD / "dog-licence", folder)
    form, lookups = folder / "form.json", folder / "lookups.json"
    said = json.loads(form.read_text(encoding="utf-8"))
    said["properties"]["phone"] = {"$ref": "urn:lingban:common:telephone:1"}
    said["properties"]["others"]["items"]["properties"]["phone"] = {"$ref": "urn:lingban:common:telephone:1"}
    form.write_text(json.dumps(said), encoding="utf-8")
    assert [f.code for f in inspected(folder).faults] == ["needless-question"]
    asked = json.loads(lookups.read_text(encoding="utf-8"))
    asked["lookups"]["person"]["take"].append("telephone")
    lookups.write_text(json.dumps(asked), encoding="utf-8")
    item = inspected(folder).item
    assert item is not None
    assert item.form["properties"]["phone"]["x-from"] == "/lookups/person/telephone"
    # Somebody else's telephone is another matter, though it is the same element.
    assert "x-from" not in item.form["properties"]["others"]["items"]["properties"]["phone"]


def test_a_field_is_not_taken_for_one_whose_name_begins_alike(tmp_path: Path) -> None:
    folder = tmp_path / "dog-licence"
    shutil.copytree(GOOD / "dog-licence", folder)
    form, lookups = folder / "form.json", folder / "lookups.json"
    said = json.loads(form.read_text(encoding="utf-8"))
    said["properties"]["t"] = {"type": "string", "title": "品种", "x-from": "/lookups/dog/breed"}
    form.write_text(json.dumps(said), encoding="utf-8")
    asked = json.loads(lookups.read_text(encoding="utf-8"))
    assert asked["lookups"]["dog"]["by"]["tag"] == "/answers/tag"
    assert inspected(folder).faults == ()


@pytest.mark.parametrize(("filled", "codes"), [({"x-from": "/lookups/others/*/name"}, []), ({}, ["missing-key"])])
def test_a_scenario_need_not_write_what_a_lookup_fills_in_a_row(
    filled: dict[str, str], codes: list[str], tmp_path: Path
) -> None:
    folder = tmp_path / "dog-licence"
    shutil.copytree(GOOD / "dog-licence", folder)
    form, scenario = folder / "form.json", folder / "cases" / "approve.json"
    said = json.loads(form.read_text(encoding="utf-8"))
    said["properties"]["others"]["items"]["properties"]["name"] |= filled
    form.write_text(json.dumps(said), encoding="utf-8")
    told = json.loads(scenario.read_text(encoding="utf-8"))
    told["answers"]["others"] = [{"id_number": "11010519491231002X"}]
    scenario.write_text(json.dumps(told), encoding="utf-8")
    assert [f.code for f in inspected(folder).faults] == codes


def test_a_source_that_is_set_aside_is_not_the_item_s_fault(tmp_path: Path) -> None:
    from tests.catalog.world import good_sources

    sources = {id: s for id, s in good_sources().items() if id != "dog-register"}
    codes = {f.code for f in inspected(GOOD / "dog-licence", sources).faults}
    assert codes == {"unknown-source"}
    assert inspected(GOOD / "dog-licence", sources, broken=("dog-register",)).faults == ()


def test_schemas_is_where_the_bundled_ones_are() -> None:
    assert Settings().schemas == SCHEMAS


def test_a_fault_that_was_copied_into_every_scenario_is_told_once(tmp_path: Path) -> None:
    folder = shutil.copytree(GOOD / "dog-licence", tmp_path / "dog-licence")
    first = json.loads(next(iter(sorted((folder / "cases").glob("*.json")))).read_text("utf-8"))
    for file in (folder / "cases").glob("*.json"):
        file.unlink()
    first["site"] = {**first.get("site", {}), "area": "999999999999"}
    for n in range(4):
        (folder / "cases" / f"c{n}.json").write_text(json.dumps(first), "utf-8")
    first["site"]["area"] = "999999999998"
    (folder / "cases" / "other.json").write_text(json.dumps(first), "utf-8")
    copied, other = inspected(folder).faults
    assert copied.where == "plugins/dog-licence/cases/c0.json#/site/area"
    assert "The same in 3 more files of cases/." in copied.what
    assert "cases/ 里还有 3 个文件同样。" in str(copied.told("zh"))
    assert other.where == "plugins/dog-licence/cases/other.json#/site/area"
    assert "The same" not in other.what
