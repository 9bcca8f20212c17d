"""`lingban audit` without a server: prove the log, give out the daily roots, look at a receipt.

Knows how to open the database for one command; options and output are in `core.cli`.
"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from core import database, sealing, signing
from core.cases import proving
from core.cases.actions import auditing
from core.cases.models import Case, Event
from core.errors import UsageError
from core.settings import Settings


@contextlib.asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[None]:
    """The database, which must have this release's tables. Raises UsageError."""
    sealing.use(sealing.keys_for(settings))
    context = await database.open(settings)
    try:
        if not await database.is_migrated(context):
            raise UsageError("The tables are not those of this release. Run `lingban migrate` first.")
        yield
    finally:
        await database.close(context)


async def verify(settings: Settings, *, progress: proving.Progress, kept: Path | None) -> proving.Report:
    """Every chain, read and root; with `kept`, the roots somebody has kept outside too. The run is recorded."""
    roots = read_kept(kept, signing.signer_for(settings)) if kept else {}
    async with opened(settings):
        report = await proving.verify(progress=progress, kept=roots)
        await auditing.note_run(report)
        return report


def read_kept(path: Path, signer: signing.Signer) -> Mapping[str, str]:
    """day → root of a file of signed lines (`lingban audit roots`). Raises UsageError with the line that is none."""
    found: dict[str, str] = {}
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        if not line.strip():
            continue
        try:
            kind, day, root, *_ = signer.check(line)
        except ValueError as error:
            raise UsageError(f"{path}:{number}: {error}.") from error
        if kind != signing.ROOT:
            raise UsageError(f"{path}:{number}: this is no line of `lingban audit roots`.")
        if found.setdefault(day, root) != root:
            raise UsageError(f"{path}:{number}: {day} stands twice with two roots, both signed. One was rewritten.")
    return found


async def roots(settings: Settings) -> list[str]:
    """Every daily root as a signed line, oldest first."""
    signer = signing.signer_for(settings)
    async with opened(settings):
        return [proving.root_line(signer, row) for row in await proving.roots_after("")]


async def receipt(settings: Settings, line: str) -> dict[str, Any]:
    """What a receipt says, and whether the case still has the event that it was printed for."""
    try:
        fields = signing.signer_for(settings).check(line)
    except ValueError as error:
        return {"genuine": False, "because": str(error)}
    if fields[0] != signing.RECEIPT or len(fields) != 7:
        return {"genuine": False, "because": "this is no receipt"}
    _, no, item, status, outcome, day, digest = fields
    said = {"no": no, "item": item, "status": status, "outcome": outcome, "day": day}
    async with opened(settings):
        case = await Case.get_or_none(no=no)
        event = await Event.get_or_none(case_id=case.id, digest=signing.unb64(digest).hex()) if case else None
    if case is None:
        return {**said, "genuine": True, "in_the_log": False, "because": "the case is not there any more"}
    if event is None:
        return {**said, "genuine": True, "in_the_log": False, "because": "its event is not in the chain any more"}
    return {**said, "genuine": True, "in_the_log": True, "because": f"event {event.seq}, {event.type}"}
