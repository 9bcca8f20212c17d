"""下一位: the client before the counter goes, and nothing of his stays in the hands of the next one's clerk.

Knows drafts; the session's part of it is `core.office.actions.renew_session`.
"""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.cases.actions.resuming import hand_back
from core.cases.models import Draft, Resume
from core.cases.rows import delete, update, write
from core.cases.standing import STAFF
from core.contract import Actor
from core.errors import Conflict, NotAllowed, NotFound

if TYPE_CHECKING:
    from core.kernel import Kernel

NOBODY = ""
"""Owner of a draft that waits for its code alone: the applicant, or a counter that he goes to, takes it over."""


@dataclass(frozen=True, slots=True)
class Left:
    """What became of the drafts in the clerk's hands."""

    handed_back: int
    """Lent by the applicant: his again."""
    kept: int
    """A resume code was given out: whoever has it and the number goes on with it."""
    dropped: int


async def next_client(kernel: Kernel, *, actor: Actor) -> Left:
    """Every draft out of this counter's hands. Raises NotAllowed for who takes no cases."""
    if actor.role not in STAFF:
        raise NotAllowed("只有窗口、驿站和热线人员需要这一步。")
    handed_back = kept = dropped = 0
    for row in await Draft.filter(owner=actor.id):
        coded = await Resume.filter(draft=row.id, code_key__not_isnull=True).exists()
        if row.content.get("lent"):
            with contextlib.suppress(Conflict):  # taken back at this moment: it is gone already
                try:
                    await hand_back(kernel, str(row.id), actor=actor)
                    handed_back += 1
                except NotFound:  # or the case that it was to correct went on without it
                    await write(delete(Draft, {"id": row.id, "owner": actor.id}), delete(Resume, {"draft": row.id}))
        elif coded:
            await write(update(Draft, {"owner": NOBODY}, {"id": row.id, "owner": actor.id}))
            kept += 1
        else:
            await write(delete(Draft, {"id": row.id, "owner": actor.id}), delete(Resume, {"draft": row.id}))
            dropped += 1
    return Left(handed_back, kept, dropped)
