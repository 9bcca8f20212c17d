"""`demo.json` as DESIGN section 7 has it."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import Any

import pytest
from tortoise.context import TortoiseContext

from core.contract import CHANNELS
from core.office import access, actions, demo
from core.office.models import Account
from core.settings import SOURCE_ROOT, Settings

pytestmark = pytest.mark.anyio


def read(settings: Settings) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((settings.data / "demo.json").read_text("utf-8"))
    return told


async def test_every_account_and_token_of_the_file_works(database: TortoiseContext, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", demo=True, port=8123)
    await demo.make_demo(settings)
    told = read(settings)
    assert told["url"] == "http://127.0.0.1:8123"
    assert set(told["accounts"][0]) == {"login", "password", "role", "site", "id_number"}
    roles = {account["role"]: account for account in told["accounts"]}
    assert roles.keys() >= {"citizen", "station_worker", "clerk", "operator", "reviewer", "administrator", "auditor"}
    for role in ("citizen", "reviewer", "administrator"):
        actor = await actions.sign_in(roles[role]["login"], roles[role]["password"])
        assert (actor.role, actor.site, actor.id_number) == (role, roles[role]["site"], roles[role]["id_number"])
    for entry in told["tokens"]:
        client = await access.token(entry["token"])
        assert client is not None
        assert (client.role, client.channel) == (entry["role"], entry["channel"])
    assert {t["channel"] for t in told["tokens"] if t["role"] == "portal"} == set(CHANNELS)
    assert {t["role"] for t in told["tokens"]} > {"portal"}


async def test_a_later_start_keeps_everything_but_the_address(database: TortoiseContext, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", demo=True)
    await demo.make_demo(settings)
    first = read(settings)
    await demo.make_demo(dataclasses.replace(settings, port=9000))
    again = read(settings)
    assert again.pop("url") != first.pop("url")
    assert again == first


async def test_people_whom_newer_seeds_name_are_added_to_the_others(database: TortoiseContext, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", demo=True)
    await demo.make_demo(settings)
    first = read(settings)
    gone = first["accounts"].pop()
    (settings.data / "demo.json").write_text(json.dumps(first), "utf-8")
    await Account.filter(login=gone["login"]).delete()
    await demo.make_demo(settings)
    again = read(settings)
    assert again["accounts"][:-1] == first["accounts"]
    assert again["accounts"][-1] == gone
    assert again["tokens"] == first["tokens"]
    assert await actions.sign_in(gone["login"], gone["password"])


async def test_a_lost_file_is_written_anew_and_the_old_tokens_end(database: TortoiseContext, tmp_path: Path) -> None:
    settings = Settings(data=tmp_path / "data", demo=True)
    await demo.make_demo(settings)
    old = read(settings)
    (settings.data / "demo.json").write_text("{broken", "utf-8")
    await demo.make_demo(settings)
    new = read(settings)
    assert await access.token(old["tokens"][0]["token"]) is None
    assert await access.token(new["tokens"][0]["token"]) is not None
    assert await actions.sign_in(new["accounts"][0]["login"], new["accounts"][0]["password"])


def test_the_made_up_people_are_those_of_the_bundled_seeds() -> None:
    assert Settings().seeds == SOURCE_ROOT / "seeds"
