"""What an auditor may read: runs of the audit, daily roots, and who read whose data. Nothing of what was read.

Knows no page. An auditor sees no case and no name: he searches by a number that he was given, and that search is itself
written to the access log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from core.cases.lines import AccessLine, Page
from core.cases.logbook import note
from core.cases.models import AccessLog, AuditRun, DailyRoot
from core.cases.reads import read_row
from core.contract import Actor
from core.errors import NotAllowed, NotFound
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

PAGE = 30


def check_auditor(actor: Actor) -> None:
    """Raises NotAllowed."""
    if not may(actor, "audit.read"):
        raise NotAllowed("audit.read")


async def runs(actor: Actor, limit: int = 5) -> list[AuditRun]:
    """The newest runs of `audit verify`, from page and command line alike."""
    check_auditor(actor)
    return list(await AuditRun.all().order_by("-id").limit(limit))


async def roots(actor: Actor, before: str = "") -> Page[DailyRoot]:
    """Daily roots, newest first, those of days before `before`."""
    check_auditor(actor)
    query = DailyRoot.filter(day__lt=before) if before else DailyRoot.all()
    rows = await query.order_by("-day").limit(PAGE + 1)
    return Page(tuple(rows[:PAGE]), str(rows[PAGE - 1].day)[:10] if len(rows) > PAGE else None)


async def reads(
    kernel: Kernel, actor: Actor, *, number: str = "", account: str = "", reference: str = "", after: str = ""
) -> Page[AccessLine]:
    """Access records of a person or firm (by number), a member of staff (by account) or a case, newest first.

    The first page of a search is noted: who looked for whose reads. Raises NotAllowed, NotFound for a torn `after`.
    """
    check_auditor(actor)
    subject = kernel.keys.index(number) if number else ""
    query = AccessLog.all()
    for name, value in (("subject_key", subject), ("actor", account), ("reference", reference)):
        if value:
            query = query.filter(**{name: value})
    if after:
        try:
            query = query.filter(id__lt=str(UUID(after)))
        except ValueError:
            raise NotFound("") from None
    else:
        log = read_row(
            at=kernel.now(), kind="audit", actor=actor.id, actor_role=actor.role, subject_key=subject, item="",
            reference=reference[:40], purpose="审计查询",
        )  # fmt: skip
        await note([log])
    rows = await query.order_by("-id").limit(PAGE + 1)
    lines = [
        AccessLine(
            row.at, row.kind, row.actor, row.actor_role, row.item, row.reference, row.lookup, row.source, row.outcome,
            row.purpose, row.basis,
        )
        for row in rows[:PAGE]
    ]  # fmt: skip
    return Page(tuple(lines), str(rows[PAGE - 1].id) if len(rows) > PAGE else None)
