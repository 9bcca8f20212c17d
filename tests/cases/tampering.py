"""What somebody with the whole database in his hands would do to it. For the tests of the audit."""

from __future__ import annotations

from typing import Any

from core import database
from core.cases.audit import GENESIS, Link, digest_link
from core.cases.models import Case, Event


async def run(sql: str) -> None:
    await database.connection().execute_script(sql)


async def rewrite_chain(no: str, **first: Any) -> None:
    """Change the first event and make the whole chain fit again, the case's head included."""
    case = await Case.get(no=no)
    previous = GENESIS
    for event in await Event.filter(case_id=case.id).order_by("seq"):
        for name, value in first.items() if event.seq == 1 else ():
            setattr(event, name, value)
        event.previous = previous
        event.digest = previous = digest_link(
            Link(
                str(event.case_id), event.seq, event.type, event.at, event.actor, event.actor_role, event.from_status,
                event.to_status, event.payload, event.payload_digest, event.previous, "",
            )
        )  # fmt: skip
        await event.save()
    await Case.filter(id=case.id).update(head=previous)


async def cut_out(no: str, *, everywhere: bool) -> None:
    """Remove a case; `everywhere`: with each row that still speaks of it."""
    case = await Case.get(no=no)
    tables = ["event", "material", "evidence", "file", "letter", "duty"]
    for table in tables:
        await run(f"DELETE FROM cases_{table} WHERE case_id = '{case.id}'")
    if everywhere:
        await run(f"DELETE FROM cases_outbox WHERE case_id = '{case.id}'")
        await run(f"DELETE FROM cases_access_log WHERE reference IN ('{no}', '{case.filing_key}')")
    await run(f"DELETE FROM cases_case WHERE id = '{case.id}'")
