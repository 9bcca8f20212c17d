"""抄送件: a copy that an office was sent is marked as read.

Knows no page and no letter's text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.cases.sent_reads import NONE, copies_within, letter_key
from core.contract import Actor
from core.errors import NotFound

if TYPE_CHECKING:
    from core.kernel import Kernel


async def mark_read(kernel: Kernel, actor: Actor, id: str) -> None:
    """已阅: whoever says so first is kept. Raises NotAllowed, NotFound."""
    mine = copies_within(kernel, actor).filter(id=letter_key(id))
    if not await mine.exists():
        raise NotFound(NONE)
    await mine.filter(read_at__isnull=True).update(read_at=kernel.now(), read_by=actor.id)
