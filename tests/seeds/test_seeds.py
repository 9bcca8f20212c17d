"""The made-up town holds together: codes check, references meet, and every case the items need is there.

Reads the CSV files alone; knows no database and no server.
"""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date
from pathlib import Path

import pytest
from stdnum import luhn
from stdnum.cn import uscc

SEEDS = Path(__file__).parents[2] / "seeds"
TODAY = date(2026, 11, 23)
ROLES = {
    "station_worker", "clerk", "operator", "guide", "reviewer", "supervisor",
    "enforcement", "author", "publisher", "administrator", "auditor",
}  # fmt: skip


def rows(name: str) -> list[dict[str, str]]:
    with (SEEDS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


PERSONS = {row["id_number"]: row for row in rows("sources/natural-person")}
FIRMS = {row["credit_code"]: row for row in rows("sources/legal-entity")}
DEMO = {row["login"]: row for row in rows("demo")}


def check_digit(number: str) -> str:
    """GB 11643: ISO 7064 MOD 11-2 over the first seventeen digits."""
    total = sum(int(digit) * (2 ** (17 - place) % 11) for place, digit in enumerate(number[:17]))
    return "10X98765432"[total % 11]


def age(born: str) -> int:
    day = date.fromisoformat(born)
    return TODAY.year - day.year - ((TODAY.month, TODAY.day) < (day.month, day.day))


def test_every_file_is_utf8_csv_whose_rows_are_as_long_as_the_header() -> None:
    for path in sorted(SEEDS.rglob("*.csv")):
        with path.open(encoding="utf-8", newline="") as file:
            header, *body = csv.reader(file)
        assert header, path
        assert len(set(header)) == len(header), path
        assert body, path
        assert {len(row) for row in body} == {len(header)}, path


def test_there_are_at_least_three_hundred_persons_and_sixty_firms() -> None:
    assert len(PERSONS) >= 300
    assert len(FIRMS) >= 60


def test_every_identity_number_has_its_date_its_check_digit_and_a_made_up_serial() -> None:
    seen = set(PERSONS) | {row["id_number"] for row in DEMO.values()}
    seen |= {row["legal_rep_id"] for row in FIRMS.values()} | {r["member_id"] for r in rows("sources/household")}
    for number in seen:
        assert re.fullmatch(r"\d{17}[\dX]", number), number
        date(int(number[6:10]), int(number[10:12]), int(number[12:14]))
        assert number[17] == check_digit(number), number
        assert number[14:16] == "99", f"{number} does not look made up"
    for number, person in PERSONS.items():
        assert number[6:14] == person["birth_date"].replace("-", "")
        assert (int(number[16]) % 2 == 1) is (person["sex"] == "男"), number


def test_every_credit_code_is_valid_and_made_up() -> None:
    for code in FIRMS:
        assert uscc.is_valid(code), code
        assert code[8:12] == "MAXX", code


def test_names_and_telephones_are_plainly_made_up() -> None:
    for person in PERSONS.values():
        assert person["name"][1] in "试样虚例", person["name"]
    for member in rows("staff"):
        assert member["name"][1] == "工", member["name"]
    for unit in rows("units"):
        assert re.fullmatch(r"0512-0000\d{4}", unit["telephone"]), unit
    for record in rows("sources/own-business"):
        assert record["telephone"].startswith("13900000"), record
        assert luhn.is_valid(record["bank_account"]), record
        assert "虚构" in record["bank_name"], record


def test_areas_form_one_tree_of_three_levels() -> None:
    areas = {row["code"]: row for row in rows("areas")}
    assert areas["320583000000"]["level"] == "city"
    assert Counter(row["level"] for row in areas.values())["town"] >= 3
    above = {"town": "city", "village": "town"}
    for code, area in areas.items():
        assert re.fullmatch(r"\d{12}", code)
        if area["level"] == "city":
            assert area["parent"] == ""
        else:
            assert areas[area["parent"]]["level"] == above[area["level"]], area
    for code, area in areas.items():
        if area["level"] == "town":
            assert any(row["parent"] == code for row in areas.values()), area


def test_offices_sites_and_staff_refer_to_what_exists() -> None:
    areas = {row["code"]: row for row in rows("areas")}
    units = {row["id"] for row in rows("units")}
    sites = {row["id"]: row for row in rows("sites")}
    assert len(sites) == len(rows("sites"))
    offices = [(row["unit"], row["area"]) for row in rows("offices")]
    assert len(set(offices)) == len(offices)
    assert {unit for unit, _ in offices} == units
    assert {area for _, area in offices} <= set(areas)
    for site in sites.values():
        assert site["kind"] in {"hall", "station", "kiosk"}
        assert areas[site["area"]]["level"] == site["level"], site
    staff = rows("staff")
    assert len({row["login"] for row in staff} | set(DEMO)) == len(staff) + len(DEMO)
    for member in staff:
        assert member["unit"] in units, member
        assert member["site"] in sites, member


def test_every_role_has_staff_and_every_station_a_worker() -> None:
    staff = rows("staff")
    assert {row["role"] for row in staff} == ROLES
    workers = {row["site"] for row in staff if row["role"] == "station_worker"}
    assert workers == {row["id"] for row in rows("sites") if row["kind"] == "station"}


def test_every_office_has_somebody_who_can_review() -> None:
    sites = {row["id"]: row["area"] for row in rows("sites")}
    reviewing = {(row["unit"], sites[row["site"]]) for row in rows("staff") if row["role"] == "reviewer"}
    assert {(row["unit"], row["area"]) for row in rows("offices")} <= reviewing


def test_persons_live_in_declared_areas_or_outside_the_city() -> None:
    areas = {row["code"] for row in rows("areas")}
    for person in PERSONS.values():
        assert person["area"] in areas or not person["area"].startswith("320583"), person


@pytest.mark.parametrize(
    ("login", "years"), [("elder", 86), ("elder-80-today", 80), ("elder-79", 79), ("elder-100", 100)]
)
def test_elders_have_the_ages_that_the_scenarios_count_on(login: str, years: int) -> None:
    assert age(PERSONS[DEMO[login]["id_number"]]["birth_date"]) == years


def test_the_birthdays_lie_on_the_edge_of_the_fixed_today() -> None:
    assert PERSONS[DEMO["elder-80-today"]["id_number"]]["birth_date"] == "1946-11-23"
    assert PERSONS[DEMO["elder-79"]["id_number"]]["birth_date"] == "1946-11-24"
    assert PERSONS[DEMO["leap"]["id_number"]]["birth_date"].endswith("02-29")


def test_the_odd_persons_are_there() -> None:
    every = Counter(row["id_number"] for row in rows("sources/natural-person"))
    assert every[DEMO["elder-twice"]["id_number"]] == 2
    assert every[DEMO["elder-unknown"]["id_number"]] == 0
    assert not PERSONS[DEMO["elder-moved"]["id_number"]]["area"].startswith("320583")
    assert any(row["alive"] == "false" for row in PERSONS.values())
    accounts = {row["id_number"] for row in rows("sources/own-business")}
    assert DEMO["elder-no-account"]["id_number"] not in accounts
    assert DEMO["elder"]["id_number"] in accounts
    black = {row["id_number"] for row in rows("sources/public-credit") if row["list"] == "black"}
    assert DEMO["elder-blacklisted"]["id_number"] in black
    assert DEMO["elder"]["id_number"] not in {row["id_number"] for row in rows("sources/public-credit")}


def test_the_odd_firms_are_there() -> None:
    every = Counter(row["credit_code"] for row in rows("sources/legal-entity"))
    assert 2 in every.values()
    assert {row["status"] for row in FIRMS.values()} == {"存续", "经营异常", "吊销", "注销"}
    assert FIRMS[DEMO["firm-expired"]["credit_code"]]["licence_until"] < TODAY.isoformat()
    assert any(row["licence_until"] == TODAY.isoformat() for row in FIRMS.values())
    assert max(Counter(row["legal_rep_id"] for row in FIRMS.values()).values()) >= 3
    black = {row["credit_code"] for row in rows("sources/public-credit") if row["list"] == "black"}
    assert DEMO["firm-blacklisted"]["credit_code"] in black


def test_firms_of_the_demo_are_opened_by_their_legal_representatives() -> None:
    for row in DEMO.values():
        if row["credit_code"]:
            assert FIRMS[row["credit_code"]]["legal_rep_id"] == row["id_number"], row


def test_guardians_and_spouses_point_at_each_other() -> None:
    for row in rows("sources/guardianship"):
        assert row["ward_id"] in PERSONS
        assert row["guardian_id"] in PERSONS
    spouses = {row["id_number"]: row["spouse_id"] for row in rows("sources/marriage") if row["spouse_id"]}
    assert all(spouses[spouse] == one for one, spouse in spouses.items())


def test_kin_are_persons_and_a_child_is_younger_than_its_parents() -> None:
    for row in rows("sources/kinship"):
        one, kin = PERSONS[row["person_id"]], PERSONS[row["kin_id"]]
        if row["kinship"] in ("子女", "父母"):
            assert (kin["birth_date"] > one["birth_date"]) is (row["kinship"] == "子女"), row


def test_a_citizen_of_the_demo_lives_where_the_register_says() -> None:
    """Sign-in tells it, so that an item that routes by `/applicant/area` finds the right town from the web."""
    with (SEEDS / "sources" / "natural-person.csv").open(encoding="utf-8", newline="") as file:
        registered = {row["id_number"]: row["area"] for row in csv.DictReader(file)}
    with (SEEDS / "demo.csv").open(encoding="utf-8", newline="") as file:
        told = {row["id_number"]: row["area"] for row in csv.DictReader(file)}
    assert {number: area for number, area in told.items() if area} == {
        number: registered[number] for number in told if number in registered
    }
