"""Item versions outlive their folders; the database's shelf takes data, never faults or code."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

import pytest

from core.catalog import access, actions, versions
from core.catalog.bundle import version_of
from core.catalog.inspect import Around
from core.catalog.load import BUILT_IN_CONNECTORS
from core.catalog.models import ItemVersion
from core.catalog.snapshot import CatalogHolder
from core.errors import DeclarationError, NotFound
from core.settings import Settings
from tests.catalog.world import GOOD, ITEMS, OFFICE, SCHEMAS, good_sources, inspected

pytestmark = pytest.mark.anyio
AROUND = Around(OFFICE, good_sources(), ITEMS, BUILT_IN_CONNECTORS, SCHEMAS)


def texts(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text("utf-8") for p in folder.rglob("*") if p.is_file()}


async def test_a_version_reads_back_as_the_same_item(tables: None) -> None:
    item = inspected(GOOD / "dog-licence").item
    assert item is not None
    kept = await versions.ensure_version(item)
    assert kept == item.digest
    versions._items.clear()
    back = await versions.item_by_digest(kept)
    assert back == item
    assert json.dumps(back.bundle) == json.dumps(item.bundle), "the questions keep their order"
    assert back is await versions.item_by_digest(kept)


def test_the_order_of_the_questions_is_part_of_the_version() -> None:
    item = inspected(GOOD / "dog-licence").item
    assert item is not None
    turned = {**item.bundle, "form": {**item.form, "properties": dict(reversed(item.form["properties"].items()))}}
    assert version_of(item.id, turned) != item.digest
    assert version_of(item.id, json.loads(json.dumps(item.bundle))) == item.digest


async def test_the_same_version_is_kept_once_however_many_ask(tables: None) -> None:
    item = inspected(GOOD / "dog-licence").item
    assert item is not None
    await asyncio.gather(*(versions.ensure_version(item) for _ in range(8)))
    assert await ItemVersion.all().count() == 1


async def test_a_version_nobody_kept_is_not_found(tables: None) -> None:
    with pytest.raises(NotFound):
        await versions.item_by_digest("0" * 64)


async def test_a_published_folder_lies_over_all_others_until_it_is_withdrawn(tables: None, settings: Settings) -> None:
    holder = CatalogHolder(settings, OFFICE)
    files = texts(GOOD / "dog-shop")
    files["item.json"] = json.dumps({**json.loads(files["item.json"]), "title": "新版"})
    await actions.publish("dog-shop", files, AROUND, by="publisher")
    assert holder.reload(stored=await access.stored()).items["dog-shop"].title == "新版"
    assert await actions.withdraw("dog-shop")
    assert holder.reload(stored=await access.stored()).items["dog-shop"].title == "犬只用品"
    assert not await actions.withdraw("dog-shop")


async def test_what_has_a_fault_is_not_published(tables: None) -> None:
    files = texts(GOOD / "dog-licence")
    files["plugin.py"] = "x = 1\n"
    files["routing.json"] = files["routing.json"].replace('"animals"', '"animal"', 1)
    with pytest.raises(DeclarationError) as refused:
        await actions.publish("dog-licence", files, AROUND, by="publisher")
    assert {f.code for f in refused.value.faults} == {"code-in-database", "unknown-unit"}
    assert await access.stored() == {}
