"""`lingban new` at a terminal and without one."""

from __future__ import annotations

import json
import os
import pty
import re
import shlex
import subprocess
import sys
import time
from pathlib import Path

import pytest
from click.testing import CliRunner

from core.cli import main

ROOT = Path(__file__).resolve().parents[2]


def at_a_terminal(words: list[str], lines: list[str], into: Path) -> str:
    """What the terminal showed while these lines were typed, one for each question."""
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        [sys.executable, "-m", "core.cli", "--data", str(into / "data"), "new", *words, "--into", str(into)],
        cwd=ROOT, stdin=theirs, stdout=theirs, stderr=theirs,
    )  # fmt: skip
    os.close(theirs)
    os.write(ours, "".join(f"{line}\n" for line in lines).encode())
    shown = b""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            got = os.read(ours, 65536)
        except OSError:
            break
        if not got:
            break
        shown += got
    os.close(ours)
    assert process.wait(timeout=60) == 0, shown.decode(errors="replace")
    return shown.decode()


def run(*words: object, data: Path) -> tuple[int, str]:
    result = CliRunner().invoke(main, ["--data", str(data), *map(str, words)])
    return result.exit_code, result.output


def test_a_terminal_is_asked_in_chinese_and_a_wrong_answer_is_asked_again(tmp_path: Path) -> None:
    lines = ["养犬登记", "个人", "承偌", "承诺", "自然人信息数据库，househould", "自然人信息数据库，household",
             "是", "办", "受理", "交部门", "农机局", "agriculture"]  # fmt: skip
    shown = at_a_terminal(["item", "dog-licence"], lines, tmp_path)
    assert "没有“承偌”。可以写：即办、承诺、查询、转办。" in shown
    assert "没有“househould”。是不是想写“household”" in shown
    assert "没有“农机局”。" in shown
    item = json.loads((tmp_path / "dog-licence" / "item.json").read_text("utf-8"))
    assert (item["title"], item["handling"], item["unit"]) == ("养犬登记", "promised", "agriculture")
    routing = json.loads((tmp_path / "dog-licence" / "routing.json").read_text("utf-8"))
    assert routing["sites"] == {"city": "decide", "town": "accept", "village": "forward"}
    lookups = json.loads((tmp_path / "dog-licence" / "lookups.json").read_text("utf-8"))["lookups"]
    assert [one["source"] for one in lookups.values()] == ["natural-person", "household", "own-cases"]
    assert (tmp_path / "dog-licence" / "cases" / "decline-earlier.json").exists()
    code, said = run("check", "--language", "zh", tmp_path / "dog-licence", data=tmp_path / "data")
    assert code == 0
    assert f"{tmp_path}/dog-licence/item.json#/basis/0: 还没有填写；写完以前不列给群众。" in said
    assert "lookups.json#/lookups/household/basis: 还没有填写" in said
    code, said = run("test", tmp_path / "dog-licence", data=tmp_path / "data")
    assert code == 0
    assert "no scenario has seen" not in said


def test_a_source_is_asked_about_too(tmp_path: Path) -> None:
    at_a_terminal(["source", "dog-register"], ["犬只登记簿", "程序", "企业", "畜牧", "agriculture"], tmp_path)
    source = json.loads((tmp_path / "dog-register" / "source.json").read_text("utf-8"))
    assert (source["title"], source["unit"]) == ("犬只登记簿", "agriculture")
    assert list(source["query"]["properties"]) == ["credit_code"]
    assert run("check", tmp_path / "dog-register", data=tmp_path / "data")[0] == 0


@pytest.mark.parametrize("kind", ["item", "source"])
def test_no_question_is_asked_without_a_terminal(tmp_path: Path, kind: str) -> None:
    code, said = run("new", kind, "dog-licence", "--into", tmp_path, data=tmp_path / "data")
    assert code == 0
    assert "？" not in said
    assert "[" not in said
    assert run("check", tmp_path / "dog-licence", data=tmp_path / "data")[0] == 0


TABLE = (
    "登记日期,信用代码,名称,状态,年检,户数,门牌,上次\n"
    + "".join(
        f"2026-0{n}-01,91320583MAXX000821,示例{n}行,{'有效' if n % 2 else '注销'},是,{n}.5,00{n}{n},2026/1/{n}\n"
        for n in range(1, 7)
    )
).rstrip("\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk"])
def test_a_source_is_read_from_a_table_as_a_spreadsheet_saves_it(tmp_path: Path, encoding: str) -> None:
    (tmp_path / "firms.csv").write_bytes(TABLE.replace("91320583MAXX000821", "91350100M000100Y43").encode(encoding))
    words = ("new", "source", "firms", "--from", tmp_path / "firms.csv", "--by", "门牌", "--into", tmp_path)
    assert run(*words, data=tmp_path / "d")[0] == 0
    source = json.loads((tmp_path / "firms" / "source.json").read_text("utf-8"))
    kinds = {k: said.get("enum") or said.get("format") or said["type"]
             for k, said in source["record"]["properties"].items()}  # fmt: skip
    assert kinds == {
        "registered_on": "date", "credit_code": "cn-credit-code", "name": "string", "status": ["有效", "注销"],
        "nian_jian": "boolean", "hu_shu": "number", "men_pai": "string", "shang_ci": "date",
    }  # fmt: skip
    assert run("check", tmp_path / "firms", data=tmp_path / "d")[0] == 0
    code, said = run("source", "check", tmp_path / "firms", data=tmp_path / "d")
    assert (code, "left out" in said) == (0, False), said
    code, said = run("source", "probe", tmp_path / "firms", "--by", "men_pai=0033", "--json", data=tmp_path / "d")
    assert json.loads(said)["value"] == {
        "registered_on": "2026-03-01", "credit_code": "91350100M000100Y43", "name": "示例3行", "status": "有效",
        "nian_jian": True, "hu_shu": 3.5, "men_pai": "0033", "shang_ci": "2026-01-03",
    }  # fmt: skip


def test_a_source_is_read_from_an_excel_file(tmp_path: Path) -> None:
    from datetime import datetime

    from openpyxl import Workbook

    book = Workbook()
    for row in (
        ["牌号", "到期", "只数", "备注"],
        ["A1", datetime(2027, 1, 31), 2, None],
        ["A2", datetime(2026, 1, 1), 3, "补发"],
    ):
        book.worksheets[0].append(row)
    book.save(tmp_path / "dogs.xlsx")
    assert run("new", "source", "dogs", "--from", tmp_path / "dogs.xlsx", "--into", tmp_path, data=tmp_path)[0] == 0
    assert run("source", "check", tmp_path / "dogs", data=tmp_path)[0] == 0
    _, said = run("source", "probe", tmp_path / "dogs", "--by", "pai_hao=A1", "--json", data=tmp_path)
    assert json.loads(said)["value"] == {"pai_hao": "A1", "dao_qi": "2027-01-31", "zhi_shu": 2, "bei_zhu": None}


def test_a_table_as_an_office_keeps_it_is_read_and_what_looks_wrong_is_told(tmp_path: Path) -> None:
    text = (
        "2026年公交卡台账;;;;\n卡号;身份证号;发卡日期;余额;备注\n"
        '="0012";3.20583E+17;2021/3/5;1,234.50;\n="0013";3.20583E+17;2021/12/31;20;补'
    )
    (tmp_path / "bus.csv").write_text(text, encoding="gb18030")
    code, said = run(
        "new", "source", "bus", "--from", tmp_path / "bus.csv", "--by", "卡号", "--into", tmp_path, data=tmp_path / "d"
    )
    assert code == 0, said
    assert "注意：文件最后一行没有换行，可能被截断了" in said
    assert "注意：列名在第 2 行" in said
    assert "注意：“身份证号”里的长数字被表格软件四舍五入了" in said
    made = json.loads((tmp_path / "bus" / "source.json").read_text("utf-8"))
    settings = made["settings"]
    assert (settings["delimiter"], settings["header_row"], settings["date_format"]) == (";", 2, "%Y/%m/%d")
    fields = list(made["record"]["properties"].values())
    assert (fields[2]["format"], fields[3]["type"]) == ("date", "number")
    assert run("check", tmp_path / "bus", data=tmp_path / "d")[0] == 0
    key = made["query"]["required"][0]
    code, said = run("source", "probe", tmp_path / "bus", "--by", f"{key}=0012", data=tmp_path / "d")
    assert code == 0, said
    assert '"2021-03-05"' in said
    assert "1234.5" in said


def test_a_number_that_is_a_name_is_text(tmp_path: Path) -> None:
    table = tmp_path / "doctors.csv"
    table.write_text("身份证号,资格证书编码,档案编号,区划代码,人数\n320583194005129913,123456789012345,320500012345,"
                     "320583103001,3\n", "utf-8")  # fmt: skip
    code, said = run("new", "source", "doctors", "--from", table, "--into", tmp_path, data=tmp_path / "d")
    assert code == 0, said
    record = json.loads((tmp_path / "doctors" / "source.json").read_text("utf-8"))["record"]["properties"]
    made = {one["title"]: (one["type"], one.get("format")) for one in record.values()}
    assert made["资格证书编码"] == made["档案编号"] == ("string", None)
    assert made["区划代码"] == ("string", "cn-area")
    assert made["人数"] == ("integer", None)


def test_a_terminal_asks_for_the_columns_of_a_table(tmp_path: Path) -> None:
    (tmp_path / "dogs.csv").write_text("牌号,犬名,登记,备注\nA1,阿黄,2026/1/2,无\nA2,阿白,2026.1.3,无\n", "utf-8")
    lines = ["犬只登记簿", "表格", str(tmp_path / "no.csv"), str(tmp_path / "dogs.csv"), "tag", "Dog 文字", "dog_name",
             "registered 日子", "", "不要", "牌号", "能", "agriculture"]  # fmt: skip
    shown = at_a_terminal(["source", "dogs"], lines, tmp_path)
    assert "no.csv：读不出来" in shown
    assert "“Dog”不能做编号" in shown
    assert "没有“日子”这种类型" in shown
    assert "像日期，写成 2026-11-23 才认得" in shown
    source = json.loads((tmp_path / "dogs" / "source.json").read_text("utf-8"))
    assert list(source["record"]["properties"]) == ["tag", "dog_name", "deng_ji"]
    assert (source["public"], source["query"]["required"], source["unit"]) == (["tag"], ["tag"], "agriculture")
    assert run("source", "check", tmp_path / "dogs", data=tmp_path / "d")[0] == 0


def test_a_register_that_nobody_has_a_table_of_yet_is_told_column_by_column(tmp_path: Path) -> None:
    lines = ["免疫台账", "", "无", "身份证号 id_number 身份证号", "犬名", "结论 result 几选一:合格/不合格",
             "免疫到 until 日期", "已绝育 neutered 是否", "写完了", "", ""]  # fmt: skip
    at_a_terminal(["source", "vaccinations"], lines, tmp_path)
    folder = tmp_path / "vaccinations"
    source = json.loads((folder / "source.json").read_text("utf-8"))
    assert list(source["record"]["properties"]) == ["id_number", "quan_ming", "result", "until", "neutered"]
    assert source["record"]["properties"]["result"]["enum"] == ["合格", "不合格"]
    assert run("check", folder, data=tmp_path / "d")[0] == 0
    code, said = run("source", "check", folder, data=tmp_path / "d")
    assert (code, "left out" in said) == (0, False), said


def test_a_column_it_is_asked_by_may_be_empty_in_some_rows_and_is_told_as_it_is_written(tmp_path: Path) -> None:
    (tmp_path / "births.csv").write_text(
        "出生证编号,母亲身份证号,父亲身份证号,年度,结果\n"
        "C1,320583199903219913,,2024,合格\nC2,320583201809019907,320583194005129913,2025,合格\n"
        "C3,320583199903219913,,2025,合格\n", "utf-8")  # fmt: skip
    words = ["new", "source", "births", "--from", tmp_path / "births.csv", "--into", tmp_path]
    code, said = run(*words, "--by", "母亲身份证号", "--by", "父亲身份证号", "--by", "年度", data=tmp_path / "d")
    assert code == 0, said
    assert "父亲身份证号 → id_number_2 身份证号，可以为空" in said
    assert "年度 → nian_du 文字" in said
    assert "结果 → jie_guo 文字" in said, "one value, however often, is no choice"
    code, said = run(
        "source", "probe", tmp_path / "births", "--by", "id_number=320583201809019907", data=tmp_path / "d"
    )
    assert code == 0, said
    by = ["--by", "id_number=320583199903219913", "--by", "nian_du=2025"]
    code, said = run("source", "probe", tmp_path / "births", *by, data=tmp_path / "d")
    assert (code, '"id_number_2": null' in said) == (0, True), said


@pytest.mark.parametrize(
    ("text", "words"),
    [("牌号,牌号\nA,B\n", "两列都叫“牌号”"), ("", "第一行要写各列的名称"), ('牌号\n"A\n', "不是完好的 CSV")],
)
def test_a_table_that_cannot_be_used_is_refused_and_nothing_is_written(tmp_path: Path, text: str, words: str) -> None:
    (tmp_path / "dogs.csv").write_text(text, "utf-8")
    code, said = run("new", "source", "dogs", "--from", tmp_path / "dogs.csv", "--into", tmp_path, data=tmp_path / "d")
    assert code == 2
    assert words in said
    assert not (tmp_path / "dogs").exists()


def test_the_commands_of_the_guide_print_what_it_says(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    page = (ROOT / "plugins" / "_guide" / "source.md").read_text("utf-8")
    [table] = re.findall(r"```csv\n(.*?)```", page, re.DOTALL)
    (tmp_path / "dogs.csv").write_text(table, "utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("LINGBAN_LANGUAGE", "zh")
    [console] = re.findall(r"```console\n(.*?)```", page, re.DOTALL)
    commands = [part.splitlines() for part in console.split("$ lingban ")[1:]]
    assert len(commands) == 4
    for command, *lines in commands:
        code, said = run(*shlex.split(command), data=tmp_path / "data")
        assert code == 0, said
        printed = [re.sub(r"\d+ 毫秒", "3 毫秒", line) for line in said.splitlines()]
        assert [line for line in lines if line not in printed] == [], said


def test_title_and_unit_are_named_or_taken_from_the_file_and_what_is_guessed_is_told(tmp_path: Path) -> None:
    table = tmp_path / "公租房台账.csv"
    table.write_text("身份证号,补贴金额,建筑面积,人口\n320583199903219913,300,60,2\n", "utf-8")
    code, output = run("new", "source", "rental", "--from", table, "--into", tmp_path / "a", data=tmp_path / "data")
    assert code == 0, output
    assert "名称取自文件名：公租房台账" in output
    assert "--unit" in output
    made = json.loads((tmp_path / "a" / "rental" / "source.json").read_text("utf-8"))
    assert made["title"] == "公租房台账"
    types = {one["title"]: one["type"] for one in made["record"]["properties"].values()}
    assert (types["补贴金额"], types["建筑面积"], types["人口"]) == ("number", "number", "integer")
    code, output = run(
        "new", "source", "rental", "--from", table, "--title", "公租房", "--unit", "民政局", "--into", tmp_path / "b",
        data=tmp_path / "data",
    )  # fmt: skip
    assert (code, "--unit" in output) == (0, False)
    made = json.loads((tmp_path / "b" / "rental" / "source.json").read_text("utf-8"))
    assert (made["title"], made["unit"]) == ("公租房", "civil-affairs")


def test_an_item_for_firms_asks_by_the_firm_and_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    words = ("new", "item", "shop", "--title", "开店备案", "--audience", "enterprise", "--into", tmp_path)
    code, output = run(*words, data=tmp_path / "data")
    assert code == 0, output
    lookups = json.loads((tmp_path / "shop" / "lookups.json").read_text("utf-8"))["lookups"]
    assert [one["by"] for one in lookups.values()] == [{"credit_code": "/applicant/credit_code"}]
    assert json.loads((tmp_path / "shop" / "item.json").read_text("utf-8"))["title"] == "开店备案"
    short = ("new", "item", "stall", "--title", "摊位备案", "--into", tmp_path, "--unit")
    assert run(*short, "市监局", data=tmp_path / "data")[0] == 0
    assert json.loads((tmp_path / "stall" / "item.json").read_text("utf-8"))["unit"] == "market-regulation"
    code, output = run(*words, "--unit", "养犬局", data=tmp_path / "data")
    assert code == 2
