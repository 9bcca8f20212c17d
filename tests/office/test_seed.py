"""Reading seeds: the Office, and faults that name file and line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from core.contract import Fault
from core.errors import DeclarationError
from core.faults.seeds import SENTENCES
from core.office import seed
from core.settings import SOURCE_ROOT


def change(seeds: Path, name: str, old: str, new: str) -> None:
    path = seeds / f"{name}.csv"
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


def faults(seeds: Path) -> list[tuple[str, str]]:
    return [(fault.where, fault.code) for fault in seed.read(seeds).faults]


def test_the_office_is_read_from_the_folder(seeds: Path) -> None:
    read = seed.read(seeds)
    assert read.faults == ()
    office = read.office
    assert office.areas["320583103205"].parent == "320583103000"
    assert [area.level for area in office.upwards("320583103205")] == ["village", "town", "city"]
    assert ("civil-affairs", "320583103000") in office.offices
    assert office.sites["station-shixin"].kind == "station"
    assert office.themes["elders"] == "养老"
    assert {person.role for person in read.staff} >= {"reviewer", "administrator"}
    assert read.demo[1].credit_code == "91320583MAXX000153"


def test_the_bundled_seeds_have_no_fault() -> None:
    assert seed.read(SOURCE_ROOT / "seeds").faults == ()


def test_a_loop_of_areas_is_named_with_its_lines(seeds: Path) -> None:
    change(seeds, "areas", "320583103000,试浦镇,town,320583000000", "320583103000,试浦镇,town,320583103205")
    assert faults(seeds) == [("seeds/areas.csv:3#parent", "loop"), ("seeds/areas.csv:4#parent", "loop")]


def numbered(seeds: Path, *rows: str) -> None:
    (seeds / "staff.csv").write_text("login,name,role,unit,site,id_number\n" + "\n".join(rows) + "\n", "utf-8")


def test_staff_may_carry_an_identity_number_and_nobody_two_powers(seeds: Path) -> None:
    number = "320583198001019934"
    numbered(
        seeds,
        f"first,王窗,administrator,,,{number}",
        f"second,王窗,clerk,,hall-shipu,{number.lower()}",
        "third,李工,guide,,hall-shipu,",
    )
    read = seed.read(seeds)
    assert (read.faults, [one.id_number for one in read.staff]) == ((), [number, number, None])
    numbered(seeds, f"first,王窗,administrator,,,{number}", f"second,王窗,auditor,,,{number}", "third,李工,auditor,,,3")
    assert faults(seeds) == [
        ("seeds/staff.csv:3#id_number", "two-powers"),
        ("seeds/staff.csv:4#id_number", "bad-id-number"),
    ]


def test_a_duplicate_code_names_the_earlier_line(seeds: Path) -> None:
    change(seeds, "areas", "320583104000,样湖镇", "320583103000,样湖镇")
    (fault, *_) = seed.read(seeds).faults
    assert fault == Fault(
        "seeds/areas.csv:5#code",
        '"320583103000" is already declared in line 3.',
        "Remove one of the two lines.",
        "duplicate",
    )


@pytest.mark.parametrize(
    ("name", "old", "new", "where", "code"),
    [
        ("areas", "320583104000,样湖镇", "3205,样湖镇", "areas.csv:5#code", "bad-code"),
        ("areas", "试新村,village", "试新村,hamlet", "areas.csv:4#level", "unknown-level"),
        ("areas", "试新村", "", "areas.csv:4#name", "no-name"),
        ("areas", "town,320583000000\n320583103205", "town,\n320583103205", "areas.csv:3#parent", "no-parent"),
        ("areas", "village,320583103000", "village,320583103001", "areas.csv:4#parent", "unknown-area"),
        ("areas", "样湖镇,town,320583000000", "样湖市,city,", "areas.csv:5#parent", "second-city"),
        ("areas", "样湖镇,town,320583000000", "样湖镇,town,320583103000", "areas.csv:5#parent", "parent-level"),
        ("units", "civil-affairs", "Civil Affairs", "units.csv:2#id", "bad-id"),
        ("offices", "civil-affairs,320583103000", "civil-afairs,320583103000", "offices.csv:3#unit", "unknown-unit"),
        ("offices", "approval-bureau,320583000000", "civil-affairs,320583000000", "offices.csv:4#unit", "duplicate"),
        ("sites", "市政务大厅,hall", "市政务大厅,hotel", "sites.csv:2#kind", "unknown-kind"),
        ("staff", "clerk,approval-bureau,hall-shipu", "clerk,approval-bureau,", "staff.csv:3#site", "no-site"),
        ("staff", "reviewer,civil-affairs,hall-shipu", "reviewer,,hall-shipu", "staff.csv:5#unit", "no-unit"),
        ("staff", "auditor,,", "citizen,,", "staff.csv:9#role", "unknown-role"),
        ("staff", "operator,approval-bureau", "operator,aproval-bureau", "staff.csv:4#unit", "unknown-unit"),
        ("demo", "320583194005129913", "320583194005129914", "demo.csv:2#id_number", "bad-id-number"),
        ("demo", "320583194005129913", "320583194002309913", "demo.csv:2#id_number", "bad-id-number"),
        ("demo", "91320583MAXX000153", "91320583MAXX000154", "demo.csv:3#credit_code", "bad-credit-code"),
        ("demo", "elder,", "clerk,", "demo.csv:2#login", "duplicate"),
        ("themes", "elders,养老", "elders,养老,3", "themes.csv:2", "cells"),
        ("themes", "id,name", "id,nam", "themes.csv:1", "missing-column"),
    ],
)
def test_each_mistake_is_named_with_file_line_and_column(
    seeds: Path, name: str, old: str, new: str, where: str, code: str
) -> None:
    change(seeds, name, old, new)
    assert (f"seeds/{where}", code) in faults(seeds)


@pytest.mark.parametrize(
    ("name", "line", "column", "code"),
    [
        ("hours", "hall-cty,workday,09:00,17:00,", "site", "unknown-site"),
        ("hours", "hall-city,weekday,09:00,17:00,", "days", "unknown-day"),
        ("hours", "hall-city,workday,9:00,17:00,", "opens", "bad-time"),
        ("hours", "hall-city,workday,09:00,25:00,", "closes", "bad-time"),
        ("hours", "hall-city,workday,17:00,09:00,", "closes", "bad-hours"),
        ("hours", "hall-city,workday,09:00,17:00,lunch", "kind", "unknown-kind"),
        ("closed", "hall-city,2026-02-30,,", "since", "bad-date"),
        ("closed", "hall-city,2026-12-08,2026-12-07,", "until", "bad-date"),
        ("counters", "hall-city,A 1,综合,,", "id", "bad-id"),
        ("counters", "hall-city,01,,,", "name", "no-name"),
        ("counters", "hall-city,01,综合,elder,", "themes", "unknown-theme"),
        ("counters", "hall-city,01,综合,,Shop_Sign", "items", "bad-id"),
        ("contacts", "hall-nowhere,一路,", "site", "unknown-site"),
        ("calendar", "2027-1-2,yes,", "day", "bad-date"),
        ("calendar", "2027-01-02,perhaps,", "working", "unknown-answer"),
    ],
)
def test_a_mistake_in_a_site_s_own_sheets_is_named_too(
    seeds: Path, name: str, line: str, column: str, code: str
) -> None:
    (seeds / f"{name}.csv").write_text(f"{','.join(seed.SHEETS[name])}\n{line}\n", "utf-8")
    assert faults(seeds) == [(f"seeds/{name}.csv:2#{column}", code)]


def test_openings_that_overlap_name_the_later_line(seeds: Path) -> None:
    lines = ["site,days,opens,closes,kind", "hall-city,workday,09:00,12:00,", "hall-city,workday,11:30,17:00,"]
    (seeds / "hours.csv").write_text("\n".join(lines) + "\n", "utf-8")
    assert faults(seeds) == [("seeds/hours.csv:3#opens", "overlap")]


def test_a_counter_declared_twice_names_the_earlier_line(seeds: Path) -> None:
    lines = ["site,id,name,themes,items", "hall-city,01,综合,,", "hall-city,01,社保,,", "hall-shipu,01,综合,,"]
    (seeds / "counters.csv").write_text("\n".join(lines) + "\n", "utf-8")
    assert faults(seeds) == [("seeds/counters.csv:3#site", "duplicate")]


def test_all_faults_are_told_at_once_with_the_near_miss(seeds: Path) -> None:
    change(seeds, "offices", "civil-affairs,320583103000", "civil-afairs,320583103009")
    change(seeds, "themes", "elders", "Elders")
    told = {fault.where: fault for fault in seed.read(seeds).faults}
    assert set(told) == {"seeds/offices.csv:3#unit", "seeds/offices.csv:3#area", "seeds/themes.csv:2#id"}
    assert told["seeds/offices.csv:3#unit"].hint == 'Did you mean "civil-affairs"?'


def test_faults_stand_in_the_order_of_the_files_and_their_lines(seeds: Path) -> None:
    change(seeds, "areas", "320583000000,虚山市,city,", "320583000000,虚山市,city,320583103205")
    change(seeds, "staff", "reviewer,钱审", "Reviewer!,钱审")
    change(seeds, "staff", "auditor,郑计,auditor", "auditor,郑计,king")
    change(seeds, "staff", "worker,李工", "w,李工")
    places = [where for where, _ in faults(seeds)]
    lines = [(where.split(":")[0], int(where.split(":")[1].split("#")[0])) for where in places]
    assert lines == sorted(lines)
    assert len(lines) >= 5


def test_a_file_from_excel_in_gbk_says_how_to_save_it(seeds: Path) -> None:
    path = seeds / "units.csv"
    path.write_bytes(path.read_text("utf-8").encode("gbk"))
    (told,) = [fault for fault in seed.read(seeds).faults if fault.where.startswith("seeds/units.csv")]
    assert (told.where, told.code) == ("seeds/units.csv:2", "encoding")
    assert "UTF-8" in told.hint


def test_a_byte_order_mark_and_blank_lines_are_no_fault(seeds: Path) -> None:
    path = seeds / "units.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n") + b"\r\n\r\n")
    assert seed.read(seeds).faults == ()


def test_an_empty_folder_and_an_empty_file_are_faults(tmp_path: Path) -> None:
    assert [fault.code for fault in seed.read(tmp_path).faults] == ["no-seeds"]
    (tmp_path / "areas.csv").write_text("", "utf-8")
    assert [fault.code for fault in seed.read(tmp_path).faults] == ["no-heading"]


def test_an_unclosed_quotation_mark_is_a_fault_and_no_crash(seeds: Path) -> None:
    change(seeds, "themes", "welfare,公益", 'welfare,"公益')
    assert ("seeds/themes.csv:3", "csv") in faults(seeds)


def test_rows_may_refer_to_what_the_database_already_holds(seeds: Path, tmp_path: Path) -> None:
    known = seed.read_office(seeds)
    more = tmp_path / "more"
    more.mkdir()
    (more / "offices.csv").write_text("unit,area\napproval-bureau,320583104000\n", "utf-8")
    assert seed.read(more, known=known).faults == ()
    with pytest.raises(DeclarationError):
        seed.read_office(more)


def test_every_fault_is_told_in_chinese_too(seeds: Path) -> None:
    change(seeds, "offices", "civil-affairs,320583103000", "civil-afairs,320583103009")
    change(seeds, "areas", "320583104000,样湖镇", "320583103000,样湖镇")
    change(seeds, "units", "civil-affairs", "Civil Affairs")
    told = [fault.told("zh") for fault in seed.read(seeds).faults]
    assert len(told) > 3
    assert not [one for one in told if not one.what.endswith("。") or "{" in one.what + one.hint]
    assert "没有“civil-afairs”这个部门。" in {one.what for one in told}
    assert "“320583103000”在第 3 行已经写过。" in {one.what for one in told}


def test_every_sentence_is_written_in_both_languages_with_the_same_blanks() -> None:
    for key, one in SENTENCES.items():
        for en, zh in ((one.en, one.zh), (one.hint, one.hint_zh)):
            assert bool(en) == bool(zh), key
            assert set(re.findall(r"{\w+}", en)) == set(re.findall(r"{\w+}", zh)), key
