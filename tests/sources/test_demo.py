"""The embedded registers of the demo: made from CSV, typed by the record schema, made again when it changed."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from core.contract import Source
from core.settings import Settings
from core.sources import demo
from core.sources.connectors import CannotConnect
from core.sources.engine import Sources
from tests.sources.conftest import ELDER, source

pytestmark = pytest.mark.anyio
CSV = f"""id_number,name,birth_date,alive,spouse_id
{ELDER},张试,1940-01-01,true,320583194202020025
320583194202020025,李试,1942-02-02,否,
"""


@pytest.fixture
def seeds(tmp_path: Path) -> Path:
    folder = tmp_path / "seeds"
    (folder / "sources").mkdir(parents=True)
    (folder / "sources" / "natural-person.csv").write_text(CSV, encoding="utf-8-sig")
    return folder


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data=tmp_path / "data", demo=True)


UNSET = source(settings={"url": "${NATURAL_PERSON_URL}", "select": "SELECT * FROM residents WHERE no = :id_number"})


async def test_an_unset_source_answers_from_the_table_under_its_id(settings: Settings, seeds: Path) -> None:
    connection = demo.connect(settings, UNSET, seeds)
    found = await connection.ask({"id_number": ELDER})
    assert getattr(found, "value", None) == [
        {
            "id_number": ELDER,
            "name": "张试",
            "birth_date": "1940-01-01",
            "alive": True,
            "spouse_id": "320583194202020025",
        }
    ]
    other = await connection.ask({"id_number": "320583194202020025"})
    assert getattr(other, "value", None)[0]["alive"] is False  # type: ignore[index]
    assert getattr(other, "value", None)[0]["spouse_id"] is None  # type: ignore[index]
    assert (await connection.ask({"id_number": "' OR 1=1 --"})).name == "empty"
    assert (await connection.ask({"stranger": ELDER})).name == "down"
    connection.close()


async def test_its_own_select_is_used_where_it_fits_the_table(settings: Settings, seeds: Path) -> None:
    select = 'SELECT id_number, name FROM "natural-person" WHERE id_number = :id_number AND alive = 1'
    connection = demo.connect(settings, replace(UNSET, settings={"url": "${X}", "select": select}), seeds)
    assert (await connection.ask({"id_number": ELDER})).name == "found"
    assert (await connection.ask({"id_number": "320583194202020025"})).name == "empty"
    connection.close()


def test_it_is_made_once_and_again_when_the_csv_changed(settings: Settings, seeds: Path) -> None:
    sources = {"natural-person": UNSET}
    (made,) = demo.prepare(settings, sources, seeds)
    first = made.stat().st_ino
    assert made.stat().st_mode & 0o077 == 0
    demo.prepare(settings, sources, seeds)
    assert made.stat().st_ino == first
    (seeds / "sources" / "natural-person.csv").write_text(CSV + "1,新,2000-01-01,1,\n")
    demo.prepare(settings, sources, seeds)
    assert demo.made_from(made) is not None
    assert made.stat().st_ino != first
    assert os.listdir(made.parent) == ["natural-person.sqlite3"]
    made.write_bytes(b"garbage")
    demo.prepare(settings, sources, seeds)
    assert demo.made_from(made) is not None


def test_a_source_with_an_address_needs_no_stand_in(settings: Settings, seeds: Path) -> None:
    set_ = replace(settings, environment={"NATURAL_PERSON_URL": "sqlite:///x"})
    assert demo.prepare(set_, {"natural-person": UNSET}, seeds) == ()


def test_a_missing_or_broken_csv_says_so(settings: Settings, seeds: Path) -> None:
    assert demo.prepare(settings, {"other": replace(UNSET, id="other")}, seeds) == ()
    with pytest.raises(CannotConnect, match="does not exist"):
        demo.connect(settings, replace(UNSET, id="other"), seeds)
    (seeds / "sources" / "natural-person.csv").write_text("id_number,name\n1,2,3\n")
    with pytest.raises(CannotConnect, match="more cells"):
        demo.connect(settings, UNSET, seeds)
    (seeds / "sources" / "natural-person.csv").write_text("name\nx\n")
    with pytest.raises(CannotConnect, match="no column id_number"):
        demo.connect(settings, UNSET, seeds)


async def test_the_engine_uses_the_stand_in_and_says_so(town: Callable[..., Sources], person: Source) -> None:
    unset = replace(person, settings={"url": "${NATURAL_PERSON_URL}"})
    sources = town(unset, demo=True)
    assert sources.states()[0].demo
    assert (await sources.probe("natural-person", {"id_number": "1"})).outcome == "empty"
