"""Seeding the database: repeatable, whole or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from tortoise.context import TortoiseContext

from core.errors import DeclarationError
from core.office import access, seed
from core.office.models import Account, AreaRow
from core.office.seeding import seed as write_seeds
from core.office.seeding import seed_once

pytestmark = pytest.mark.anyio


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
