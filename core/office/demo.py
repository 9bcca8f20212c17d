"""Accounts and tokens to try everything with, and `DIR/demo.json`, which tells them.

Knows only what the seeds name: the staff, and the citizens of `demo.csv`. Never part of a real office.
"""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core import database
from core.contract import CHANNELS, Office
from core.errors import DeclarationError
from core.office import access, passwords
from core.office.models import Account, Token
from core.office.seed import Person, read
from core.office.seeding import seed_once, write_accounts
from core.settings import Settings

FILE = "demo.json"
_CLIENT = "demo"
_PLAIN = "abcdefghjkmnpqrstuvwxyz23456789"
_COUNTER_TOKENS = (("clerk", "hall"), ("station_worker", "station"), ("operator", "phone"))
_CHUNK = 200


async def make_demo(settings: Settings, url: str = "") -> dict[str, Any]:
    """Seed an empty database, write `demo.json` (DESIGN section 7) and return it.

    An earlier start's data, accounts and tokens stay as they are.

    All share one password, drawn for this data folder, and so one hash: some three hundred argon2 hashes would
    take a quarter of a minute.
    """
    await seed_once(settings.seeds)
    office = await access.office()
    seeds = read(settings.seeds, known=office)
    if seeds.faults:
        raise DeclarationError(seeds.faults)
    people = (*seeds.staff, *seeds.demo)
    path = settings.data / FILE
    kept = await _still_valid(path)
    if kept is None:
        kept = await _hand_out(people, office)
    else:
        await _add_newcomers(kept, people, office)
    kept["url"] = url or f"http://{settings.host}:{settings.port}"
    _write(path, kept)
    return kept


async def _still_valid(path: Path) -> dict[str, Any] | None:
    """What the file says, if it belongs to this database."""
    try:
        told = _read(path)
        bearers = [entry["token"] for entry in told["tokens"]]
        logins = {entry["login"]: entry["password"] for entry in told["accounts"]}
    except (OSError, ValueError, KeyError, TypeError):
        return None
    known = await Token.filter(token_hash__in=[access.digest(bearer) for bearer in bearers], active=True).count()
    return told if logins and bearers and known == len(bearers) else None


async def _add_newcomers(told: dict[str, Any], people: Sequence[Person], office: Office) -> None:
    """A newer release's seeds may name more people: they get accounts with the password of the others."""
    there = {entry["login"] for entry in told["accounts"]}
    new = [person for person in people if person.login not in there]
    if not new:
        return
    password = told["accounts"][0]["password"]
    hashed = await passwords.hashed(password)

    async def body() -> None:
        await write_accounts(new, office)
        await Account.filter(login__in=[person.login for person in new]).update(password_hash=hashed)

    await database.write(body)
    told["accounts"].extend(_entry(person, password) for person in new)


def _entry(person: Person, password: str) -> dict[str, Any]:
    return {
        "login": person.login,
        "password": password,
        "role": person.role,
        "site": person.site,
        "id_number": person.id_number,
    }


async def _hand_out(people: Sequence[Person], office: Office) -> dict[str, Any]:
    password = "demo-" + "".join(secrets.choice(_PLAIN) for _ in range(8))
    hashed = await passwords.hashed(password)
    logins = [person.login for person in people]
    tokens, rows = _tokens(people, office)

    async def body() -> None:
        await write_accounts(people, office)
        for start in range(0, len(logins), _CHUNK):
            await Account.filter(login__in=logins[start : start + _CHUNK]).update(password_hash=hashed)
        await Token.filter(client__startswith=f"{_CLIENT}-").delete()
        await Token.bulk_create(rows)

    await database.write(body)
    return {"url": "", "accounts": [_entry(person, password) for person in people], "tokens": tokens}


def _tokens(people: Sequence[Person], office: Office) -> tuple[list[dict[str, str]], list[Token]]:
    """A portal for every channel, and one client for each kind of counter, bound to a site that has such staff."""
    told: list[dict[str, str]] = []
    rows: list[Token] = []
    for role, channel in (*(("portal", channel) for channel in CHANNELS), *_COUNTER_TOKENS):
        bearer = f"lb_{secrets.token_urlsafe(32)}"
        holder = next((p for p in people if p.role == role), None)
        site = office.sites.get(holder.site or "") if holder else None
        told.append({"token": bearer, "role": role, "channel": channel})
        rows.append(
            Token(
                token_hash=access.digest(bearer),
                client=f"{_CLIENT}-{role}-{channel}",
                role=role,
                channel=channel,
                unit=holder.unit if holder else None,
                site=site.id if site else None,
                area=site.area if site else None,
            )
        )
    return told, rows


def _read(path: Path) -> Any:
    return json.loads(path.read_text("utf-8"))


def _write(path: Path, told: dict[str, Any]) -> None:
    """Whole or not at all, and for the owner's eyes: it holds passwords, if only of made-up people."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_CREAT | os.O_TRUNC | os.O_WRONLY, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(told, file, ensure_ascii=False, indent=2)
        file.write("\n")
    draft.replace(path)
