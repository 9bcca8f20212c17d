"""Seeding the database: repeatable, whole or not at all."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from core.errors import DeclarationError
from core.office import access, seed
from core.office.models import (
    Account,
    AreaRow,
    CalendarDay,
    OfficeEvent,
    OfficeRow,
    SiteRow,
    ThemeRow,
    UnitRow,
)
from core.office.seeding import seed as write_seeds
from core.office.seeding import seed_once

pytestmark = pytest.mark.anyio
TABLES = (Account, AreaRow, CalendarDay, OfficeEvent, OfficeRow, SiteRow, ThemeRow, UnitRow)


async def test_the_office_of_the_database_is_the_office_of_the_seeds(database: TortoiseContext, seeds: Path) -> None:
    await write_seeds(seeds)
    assert await access.office() == seed.read_office(seeds)
    assert list((await access.office()).themes) == ["elders", "welfare"]


async def test_seeding_again_changes_names_and_keeps_people(database: TortoiseContext, seeds: Path) -> None:
    first = await write_seeds(seeds)
    await Account.filter(login="clerk").update(password_hash="kept")
    key = (await Account.get(login="clerk")).id
    path = seeds / "staff.csv"
    path.write_text(path.read_text("utf-8").replace("王窗,clerk", "王大窗,clerk"), "utf-8")
    again = await write_seeds(seeds)
    clerk = await Account.get(login="clerk")
    assert (first.new_accounts, again.new_accounts) == (9, 0)
    assert (clerk.id, clerk.name, clerk.password_hash) == (key, "王大窗", "kept")


async def test_an_identity_number_comes_with_a_later_sheet_and_two_powers_of_one_person_do_not(
    database: TortoiseContext, seeds: Path
) -> None:
    number, head = "320583198001019934", "login,name,role,unit,site,id_number\n"
    await write_seeds(seeds)
    (seeds / "staff.csv").write_text(f"{head}auditor,冯审,auditor,,,{number}\nclerk,王窗,clerk,,hall-shipu,\n", "utf-8")
    await write_seeds(seeds)
    assert (await Account.get(login="auditor")).person["id_number"] == number
    before = await snapshot()
    (seeds / "staff.csv").write_text(f"{head}other,冯审,publisher,,,{number}\n", "utf-8")
    with pytest.raises(DeclarationError) as raised:
        await write_seeds(seeds)
    assert [one.code for one in raised.value.faults] == ["two-powers"]
    assert "auditor" in str(raised.value)
    assert await snapshot() == before
    (seeds / "staff.csv").write_text("login,name,role,unit,site\nauditor,冯审,auditor,,\n", "utf-8")
    await write_seeds(seeds)
    assert (await Account.get(login="auditor")).person["id_number"] == number, (
        "a sheet without the column takes nothing"
    )


HOURS = "site,days,opens,closes,kind\nhall-shipu,workday,09:00,17:00,\nstation-shixin,daily,00:00,24:00,open\n"


async def snapshot() -> dict[str, list[dict[str, Any]]]:
    """Everything that the room's tables hold, but for passwords of the moment."""
    return {model.__name__: await model.all().order_by(model._meta.pk_attr).values() for model in TABLES}


async def test_seeding_twice_changes_nothing_at_all(database: TortoiseContext, seeds: Path) -> None:
    (seeds / "hours.csv").write_text(HOURS, "utf-8")
    (seeds / "calendar.csv").write_text("day,working,note\n2027-01-02,yes,年终结算\n", "utf-8")
    await write_seeds(seeds)
    before = await snapshot()
    await write_seeds(seeds)
    assert await snapshot() == before
    assert before["CalendarDay"][0]["note"] == "年终结算"


async def test_a_change_in_a_sheet_follows_and_what_it_does_not_name_stays(
    database: TortoiseContext, seeds: Path
) -> None:
    (seeds / "hours.csv").write_text(HOURS, "utf-8")
    await write_seeds(seeds)
    (seeds / "hours.csv").write_text("site,days,opens,closes,kind\nhall-shipu,workday,08:30,16:30,\n", "utf-8")
    await write_seeds(seeds)
    sites = (await access.office()).sites
    assert [(one.opens, one.closes) for one in sites["hall-shipu"].hours] == [("08:30", "16:30")]
    assert [one.days for one in sites["station-shixin"].hours] == ["daily"]
    assert (await SiteRow.get(id="hall-shipu")).revision == 2
    assert (await SiteRow.get(id="hall-city")).revision == 1
    assert await OfficeEvent.filter(type="office.seeded").count() == 2


async def test_what_was_retired_in_admin_stays_retired(database: TortoiseContext, seeds: Path) -> None:
    await write_seeds(seeds)
    await SiteRow.filter(id="hall-yanghu").update(retired=True)
    await write_seeds(seeds)
    office = await access.office()
    assert "hall-yanghu" not in office.sites
    assert office.site_name("hall-yanghu") == "样湖镇便民服务中心", "old cases still name it"


async def test_a_fault_writes_nothing(database: TortoiseContext, seeds: Path) -> None:
    (seeds / "offices.csv").write_text("unit,area\nnobody,320583000000\n", "utf-8")
    with pytest.raises(DeclarationError) as caught:
        await write_seeds(seeds)
    assert str(caught.value).startswith('seeds/offices.csv:2#unit: "nobody" is not a unit.')
    assert await AreaRow.all().count() == 0


async def test_a_database_with_data_is_not_seeded_again_by_the_demo(database: TortoiseContext, seeds: Path) -> None:
    assert await seed_once(seeds)
    assert await seed_once(seeds) is None


async def test_accounts_belong_to_the_nearest_office_of_their_unit(database: TortoiseContext, seeds: Path) -> None:
    await write_seeds(seeds)
    placed = {a.login: (a.area, a.channel) for a in await Account.all()}
    assert placed["reviewer"] == ("320583103000", "hall")
    assert placed["reviewer-yanghu"] == ("320583000000", "hall"), "样湖镇 has no such office: the city's"
    assert placed["supervisor"] == ("320583000000", "web")
    assert placed["clerk"] == ("320583103000", "hall")
    assert placed["worker"] == ("320583103205", "station")
    assert placed["operator"][1] == "phone"
