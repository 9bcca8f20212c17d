"""事项一览: the leader's numbers, and the list behind each."""

from __future__ import annotations

import json
import re
import subprocess
import sys

import pytest

from tests.admin.conftest import REVIEWER, Desk
from tests.guards.test_doors import ROOT

BOTH_DATABASES = True

COUNTS = ("zero_material", "instant", "same_city", "same_list", "village_decides", "village_collects")


def listed(page: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/items/([a-z0-9-]+)"', page)


def numbers(page: str) -> list[int]:
    return [int(n) for n in re.findall(r'class="tiles__n num">(\d+)<', page)]


@pytest.fixture(autouse=True)
def reviewer(desk: Desk) -> None:
    desk.sign_in(REVIEWER)


def test_the_numbers_are_those_of_the_command_line(desk: Desk) -> None:
    command = [sys.executable, "-m", "core.cli", "catalog", "--json"]
    told = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout)["counts"]
    page = desk.get("/admin/catalog").text
    assert numbers(page)[:7] == [told["items"], *(told[name] for name in COUNTS)]
    assert len(listed(page)) == told["items"]


@pytest.mark.parametrize("name", COUNTS)
def test_behind_each_number_stands_its_own_list(desk: Desk, name: str) -> None:
    whole = numbers(desk.get("/admin/catalog").text)[1 + COUNTS.index(name)]
    assert len(listed(desk.get(f"/admin/catalog?show={name}").text)) == whole


def test_a_cell_of_the_levels_leads_to_as_many_items(desk: Desk) -> None:
    page = desk.get("/admin/catalog").text
    cells = re.findall(r'href="(/admin/catalog\?level=\w+&amp;may=\w+)">(\d+)<', page)
    assert len(cells) >= 4
    handoffs = 0
    for address, count in cells:
        found = listed(desk.get(address.replace("&amp;", "&")).text)
        handoffs = max(handoffs, len(found) - int(count)) if "none" in address else handoffs
        assert "none" in address or len(found) == int(count), address


def test_filters_narrow_and_may_find_nothing(desk: Desk) -> None:
    some = listed(desk.get("/admin/catalog?unit=civil-affairs").text)
    fewer = listed(desk.get("/admin/catalog?unit=civil-affairs&theme=elders").text)
    assert "elder-allowance" in fewer
    assert set(fewer) < set(some)
    for query in ("unit=nobody", "theme=cats", "level=moon", "may=dance", "show=everything"):
        page = desk.get(f"/admin/catalog?{query}").text
        assert listed(page) == []
        assert "没有符合这些条件的事项" in page
