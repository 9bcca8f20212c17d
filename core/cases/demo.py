"""Mandates 委托书 of the made-up town, so that its agent has something to act under. Never part of a real office.

Knows `seeds/mandates.csv` and nothing that a citizen could not sign at `/me`.
"""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime, timedelta

from core import sealing
from core.cases.mandating import digest_of, ends, text_of
from core.cases.models import Mandate
from core.kernel import LEGAL_TIME
from core.office.seed import Person, read
from core.settings import Settings

FILE = "mandates.csv"


async def make_mandates(settings: Settings) -> int:
    """Those that the database has never held, ended ones included; returns how many were made."""
    path = settings.seeds / FILE
    if not path.exists():
        return 0
    people = {person.login: person for person in read(settings.seeds).demo}
    made = 0
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file):
            firm, agent = people.get(line["principal"]), people.get(line["holder"])
            if firm and agent and firm.credit_code and agent.id_number and firm.id_number:
                made += await _make(settings, line, firm, agent)
    return made


async def _make(settings: Settings, line: dict[str, str], firm: Person, agent: Person) -> int:
    keys = sealing.current()
    principal_key, holder_key = keys.index(firm.credit_code or ""), keys.index(agent.id_number or "")
    if await Mandate.filter(principal_key=principal_key, holder_key=holder_key).exists():
        return 0
    today = datetime.now(LEGAL_TIME).date()
    last = today + timedelta(days=int(line["days"]))
    items = [{"id": id, "title": _title(settings, id)} for id in line["items"].split()]
    principal = {"kind": "enterprise", "name": line["principal_name"], "credit_code": firm.credit_code}
    signer = {"name": firm.name, "id_number": firm.id_number or "", "relation": "legal_representative"}
    holder = {"name": agent.name, "id_number": agent.id_number}
    text = text_of(
        principal=principal,
        holder=holder,
        titles=[one["title"] for one in items],
        case_no=None,
        since=today,
        until=last,
        signer=signer,
    )
    await Mandate.create(
        principal_key=principal_key,
        holder="",
        holder_key=holder_key,
        signer_key=keys.index(firm.id_number or ""),
        item=items[0]["id"],
        items=[one["id"] for one in items],
        signed="account",
        content={
            "principal": principal,
            "holder": {"id": "", "role": "agent", **holder},
            "item": items[0],
            "items": items,
            "text": list(text),
            "proof": {"signer": signer},
            "recorder": None,
            "files": [],
        },
        digest=digest_of(text),
        valid_from=datetime.now(UTC),
        valid_until=ends(last),
    )
    return 1


def _title(settings: Settings, id: str) -> str:
    declared = json.loads((settings.bundled_plugins / id / "item.json").read_text(encoding="utf-8"))
    return str(declared["title"])
