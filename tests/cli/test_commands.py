"""The command line as a program uses it: exit codes, JSON shapes, and no side effect of a dry run."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli import main
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
ELDER = ROOT / "plugins" / "elder-allowance"


@dataclass
class Done:
    returncode: int
    stdout: str
    stderr: str


def lingban(*words: object, data: Path) -> Done:
    """The command in this process, as its entry point runs it; one test below starts it as a program."""
    result = CliRunner().invoke(main, ["--data", str(data), *map(str, words)])
    if result.exception is not None and not isinstance(result.exception, SystemExit):
        raise result.exception
    return Done(result.exit_code, result.stdout, result.stderr)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return tmp_path / "data"


def test_the_bundled_plugins_have_no_fault(data: Path) -> None:
    done = lingban("check", "--json", data=data)
    assert done.returncode == 0, done.stdout
    rows = json.loads(done.stdout)["plugins"]
    assert {"id": "elder-allowance", "kind": "item", "faults": []} in rows
    assert {row["kind"] for row in rows} >= {"item", "source"}


def test_texts_still_to_be_written_are_told_and_are_no_fault(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shelf" / "elder-allowance-2"
    shutil.copytree(ELDER, folder)
    item = json.loads((folder / "item.json").read_text(encoding="utf-8"))
    item["summary"] = "请填写：办了有什么用，一句话。"
    (folder / "item.json").write_text(json.dumps(item, ensure_ascii=False), encoding="utf-8")
    shutil.rmtree(folder / "texts")
    done = lingban("check", folder, data=data)
    assert done.returncode == 0
    assert (
        done.stdout
        == f"{folder}/item.json#/summary: still to be written; until then it is not listed.\n1 plugin, 0 faults\n"
    )
    (row,) = json.loads(lingban("check", "--json", folder, data=data).stdout)["plugins"]
    assert row["unfinished"] == ["item.json#/summary"]


def test_an_item_without_scenarios_is_told_so(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shelf" / "elder-allowance-2"
    shutil.copytree(ELDER, folder)
    shutil.rmtree(folder / "cases")
    done = lingban("test", folder, data=data)
    first, second, last = done.stdout.splitlines()
    assert "elder-allowance-2: no scenario yet. Write cases/approve.json" in first
    assert re.search(r"elder-allowance-2: \d+ branches wait for one", second)
    assert last == "0 passed, 0 failed"
    assert done.stdout.endswith("0 passed, 0 failed\n")
    done = lingban("--language", "zh", "test", folder, data=data)
    assert "elder-allowance-2：还没有情景。照 plugins/_guide/cases.md 写 cases/approve.json" in done.stdout
    assert "：还没有情景走到这里\n" not in done.stdout, "one count, not every branch"
    assert done.stdout.endswith("通过 0 个，失败 0 个\n")


def test_it_runs_as_a_program(data: Path) -> None:
    command = [sys.executable, "-m", "core.cli", "--data", str(data), "check", "nowhere"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "nowhere" in done.stderr


def test_a_fault_has_its_four_parts_and_ends_with_1(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shelf" / "elder-allowance-2"
    shutil.copytree(ELDER, folder)
    routing = json.loads((folder / "routing.json").read_text(encoding="utf-8"))
    routing["steps"][0]["unit"] = "civil-affair"
    (folder / "routing.json").write_text(json.dumps(routing), encoding="utf-8")
    for target in (folder, folder.parent):
        done = lingban("check", target, "--json", data=data)
        assert done.returncode == 1, done.stdout + done.stderr
        (row,) = json.loads(done.stdout)["plugins"]
        fault = next(fault for fault in row["faults"] if fault["code"] == "unknown-unit")
        assert fault == {
            "where": "plugins/elder-allowance-2/routing.json#/steps/0/unit",
            "what": '"civil-affair" is not a unit.',
            "hint": 'Did you mean "civil-affairs"?',
            "code": "unknown-unit",
        }
    said = lingban("check", folder, data=data).stdout
    assert (
        f'{folder}/routing.json#/steps/0/unit: "civil-affair" is not a unit. '
        'Did you mean "civil-affairs"? [unknown-unit]' in said
    )


def spoiled_unit(folder: Path) -> Path:
    shutil.copytree(ELDER, folder)
    routing = (folder / "routing.json").read_text(encoding="utf-8")
    (folder / "routing.json").write_text(routing.replace('"civil-affairs"', '"civil-affair"'), encoding="utf-8")
    return folder


def test_a_fault_names_the_file_as_it_is_opened_from_here(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = spoiled_unit(tmp_path / "mine" / "elder-allowance-2")
    monkeypatch.chdir(tmp_path)
    for target in ("mine", "mine/elder-allowance-2", folder):
        said = lingban("check", target, data=data).stdout
        assert said.startswith("mine/elder-allowance-2/"), said
    monkeypatch.chdir(folder)
    assert lingban("check", ".", data=data).stdout.startswith("./routing.json#")
    row = json.loads(lingban("check", ".", "--json", data=data).stdout)["plugins"][0]
    assert {fault["where"].split("/routing", 1)[0] for fault in row["faults"]} == {"plugins/elder-allowance-2"}


def a_shelf(home: Path, data: Path) -> Path:
    """An item, and the source that it asks, each a folder of one shelf that the product does not know."""
    item, source = home / "dog-licence", home / "dogs"
    assert lingban("new", "item", item.name, "--into", home, data=data).returncode == 0
    assert lingban("new", "source", source.name, "--into", home, data=data).returncode == 0
    lookups = json.loads((item / "lookups.json").read_text("utf-8"))
    first = next(iter(lookups["lookups"].values()))
    first.update(source=source.name, take=["name", "status"])
    (item / "lookups.json").write_text(json.dumps(lookups), "utf-8")
    for path in (item / "cases").glob("[!d]*.json"):
        path.unlink()  # they show a record of natural-person
    return item


def test_what_lies_beside_a_folder_on_its_shelf_is_known(data: Path, tmp_path: Path) -> None:
    item = a_shelf(tmp_path / "mine", data)
    done = lingban("check", item, "--json", data=data)
    assert [row["id"] for row in json.loads(done.stdout)["plugins"]] == ["dog-licence"]
    assert "unknown-source" not in done.stdout
    assert lingban("try", item, "--scenario", item / "cases" / "down.json", data=data).returncode != 2


def test_a_source_on_another_shelf_is_named_with_the_remedy(data: Path, tmp_path: Path) -> None:
    item = a_shelf(tmp_path / "mine", data)
    (tmp_path / "theirs").mkdir()
    shutil.move(tmp_path / "mine" / "dogs", tmp_path / "theirs" / "dogs")
    said = lingban("check", item, data=data).stdout
    assert '"dogs" is not a source. ' in said
    assert "where it lies on another shelf, add --plugins SHELF." in said
    assert "unknown-source" not in lingban("--plugins", tmp_path / "theirs", "check", item, data=data).stdout


def test_what_cannot_be_tried_is_told_where_it_lies_and_in_the_language_of_the_terminal(
    data: Path, tmp_path: Path
) -> None:
    folder = spoiled_unit(tmp_path / "elder-allowance-2")
    scenario = next((folder / "cases").glob("*.json"))
    said = lingban("try", folder, "--scenario", scenario, "--language", "zh", data=data).stderr
    assert f"{folder}/routing.json#/steps/0/unit: 没有“civil-affair”这个部门。" in said


@pytest.mark.parametrize(
    ("words", "environ", "chinese"),
    [
        (["--language", "zh"], {}, True),
        ([], {"LINGBAN_LANGUAGE": "zh"}, True),
        ([], {"LANG": "zh_CN.UTF-8"}, True),
        ([], {"LC_ALL": "C", "LANG": "zh_CN.UTF-8"}, False),
        (["--language", "en"], {"LANG": "zh_CN.UTF-8"}, False),
        ([], {"LANG": "fr_FR.UTF-8"}, False),
    ],
)
def test_faults_speak_the_language_of_the_terminal_and_json_stays_english(
    words: list[str], environ: dict[str, str], chinese: bool, data: Path, tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    for name in ("LINGBAN_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    folder = spoiled_unit(tmp_path / "elder-allowance-2")
    said = lingban("check", folder, *words, data=data).stdout
    assert ("没有“civil-affair”这个部门。是不是想写“civil-affairs”？ [unknown-unit]" in said) == chinese
    assert ('"civil-affair" is not a unit. Did you mean "civil-affairs"? [unknown-unit]' in said) != chinese
    rows = json.loads(lingban("check", folder, *words, "--json", data=data).stdout)["plugins"]
    assert rows[0]["faults"][0]["what"] == '"civil-affair" is not a unit.'


def test_try_gives_the_published_shape_and_writes_nothing(data: Path) -> None:
    done = lingban("try", "elder-allowance", "--scenario", ELDER / "cases" / "approve.json", "--json", data=data)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert list(told) == [
        "lookups", "materials", "problems", "decision", "passed_over", "route", "deadline", "zero_material", "fee",
        "amount", "duties", "reaches", "letter_fault",
    ]  # fmt: skip
    assert set(told["decision"]) == {"outcome", "because", "rule"}
    assert set(told["route"]) == {"mode", "accepting", "deciding", "steps", "priority", "home_visit", "because"}
    assert all(set(row) == {"outcome", "ms", "value"} for row in told["lookups"].values())
    assert told["decision"]["outcome"] == "approve"
    assert not data.exists()


@pytest.mark.parametrize(
    ("name", "word"), [("approve-married-confirmed", "对方已确认"), ("review-married-waiting", "待对方确认")]
)
def test_try_says_whether_the_other_party_has_answered(data: Path, tmp_path: Path, name: str, word: str) -> None:
    folder = Path(__file__).parents[2] / "plugins" / "provident-fund-house"
    said = json.loads((folder / "cases" / "approve-married-confirmed.json").read_text("utf-8"))
    if name.endswith("waiting"):
        said.pop("confirmed", None)
        said.pop("confirmations", None)
    (tmp_path / "one.json").write_text(json.dumps(said | {"expect": {}}, ensure_ascii=False), "utf-8")
    done = lingban("try", folder, "--scenario", tmp_path / "one.json", "--language", "zh", data=data)
    assert f"材料　　spouse: {word}" in done.stdout, done.stdout + done.stderr


def test_try_asks_the_sources_where_the_scenario_does_not_say(data: Path, tmp_path: Path) -> None:
    scenario = json.loads((ELDER / "cases" / "approve.json").read_text(encoding="utf-8"))
    del scenario["lookups"]
    citizens = (ROOT / "seeds" / "demo.csv").read_text(encoding="utf-8").splitlines()
    scenario["applicant"]["id_number"] = next(f for f in citizens[1].split(",") if len(f) == 18)
    path = tmp_path / "asked.json"
    path.write_text(json.dumps(scenario), encoding="utf-8")
    done = lingban("try", "elder-allowance", "--scenario", path, "--json", data=data)
    told = json.loads(done.stdout)
    assert told["lookups"]["person"]["outcome"] == "found", done.stderr
    assert not data.exists()


def test_a_folder_can_be_tried_and_tested_where_it_lies(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "a-copy"
    shutil.copytree(ELDER, folder)
    scenario = folder / "cases" / "approve.json"
    assert lingban("try", folder, "--scenario", scenario, "--json", data=data).returncode == 0
    done = lingban("test", folder, data=data)
    assert done.returncode == 0, done.stdout
    assert done.stdout.strip().endswith("0 failed")
    wrong = json.loads(scenario.read_text(encoding="utf-8"))
    wrong["expect"]["decision"] = "reject"
    scenario.write_text(json.dumps(wrong), encoding="utf-8")
    done = lingban("test", folder, data=data)
    assert done.returncode == 1
    assert "FAIL a-copy/approve.json" in done.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (("try", "elder-allownce", "--scenario", ELDER / "cases" / "approve.json"), "elder-allowance"),
        (("try", "elder-allowance", "--scenario", ROOT / "README.md"), "not JSON"),
        (("source", "probe", "natural-persn", "--by", "a=b"), "natural-person"),
        (("source", "probe", "natural-person", "--by", "ab"), "key=value"),
        (("--plugins", "nowhere", "catalog"), "no such folder"),
        (("check", "nowhere"), "nowhere"),
        (("new", "item", "Not An Id"), "cannot be an id"),
        (("nonsense",), "nonsense"),
    ],
)
def test_wrong_usage_ends_with_2_and_a_sentence(words: tuple[object, ...], says: str, data: Path) -> None:
    done = lingban(*words, data=data)
    assert done.returncode == 2, done.stdout + done.stderr
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_a_new_folder_passes_its_own_check_and_scenarios(data: Path, tmp_path: Path) -> None:
    made = lingban("new", "item", "reading-card", "--into", tmp_path, data=data)
    assert made.returncode == 0, made.stderr
    assert lingban("check", tmp_path / "reading-card", data=data).returncode == 0
    assert lingban("test", tmp_path / "reading-card", data=data).returncode == 0
    assert lingban("new", "source", "own-register", "--into", tmp_path, data=data).returncode == 0
    assert lingban("check", tmp_path, data=data).returncode == 0
    folder = tmp_path / "own-register"
    assert lingban("source", "check", folder, data=data).returncode == 0
    (folder / "source.json").write_text("{", encoding="utf-8")
    broken = lingban("source", "check", folder, data=data)
    assert broken.returncode == 2
    assert "own-register cannot be used" in broken.stderr
    assert "malformed-json" in broken.stderr


def test_the_catalog_counts_what_it_lists(data: Path) -> None:
    told = json.loads(lingban("catalog", "--json", data=data).stdout)
    items = told["items"]
    assert set(items[0]) == {"id", "title", "version", "zero_material", "handling", "sites", "area", "channels"}
    assert told["counts"]["items"] == len(items)
    assert told["counts"]["zero_material"] == sum(item["zero_material"] for item in items)
    assert {"id": "natural-person", "connector": "sql"} in told["sources"]


def test_globals_are_understood_before_and_after_the_command(data: Path, tmp_path: Path) -> None:
    folder = tmp_path / "shelf" / "a-copy"
    shutil.copytree(ELDER, folder)
    for words in (("--plugins", folder.parent, "catalog", "--json"), ("catalog", "--json", "--plugins", folder.parent)):
        listed = json.loads(lingban(*words, data=data).stdout)["items"]
        assert "a-copy" in {item["id"] for item in listed}


def test_a_probe_and_the_conformance_suite_answer_from_the_made_up_town(data: Path) -> None:
    citizens = (ROOT / "seeds" / "demo.csv").read_text(encoding="utf-8").splitlines()
    number = next(field for field in citizens[1].split(",") if len(field) == 18)
    done = lingban("source", "probe", "natural-person", "--by", f"id_number={number}", "--json", data=data)
    told = json.loads(done.stdout)
    assert told["outcome"] == "found"
    assert told["value"]["id_number"] == number
    assert lingban("source", "check", "natural-person", data=data).returncode == 0


def test_migrate_and_seed_can_be_repeated_and_the_chains_hold(data: Path) -> None:
    assert lingban("migrate", data=data).returncode == 0
    for _ in range(2):
        done = lingban("seed", ROOT / "seeds", data=data)
        assert done.returncode == 0, done.stderr
    assert "nothing to do" in lingban("migrate", data=data).stdout
    assert lingban("audit", "verify", data=data).returncode == 0


def test_check_judges_against_the_office_of_the_database(town: Settings, tmp_path: Path) -> None:
    done = lingban("check", data=town.data)
    assert done.returncode == 0, done.stdout
