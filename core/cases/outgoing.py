"""待寄出的文书: letters to somebody outside, which an office prints and sends, and what shows that it did.

Knows no page. Whoever works neither in the office that decides nor at the desk that took the case finds none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from tortoise.expressions import Subquery

from core.cases.acting import parts_for
from core.cases.actions.reading import note_read
from core.cases.lifecycle import DESK, OFFICE
from core.cases.lines import Page
from core.cases.models import Case, Letter
from core.cases.reaching import reached
from core.cases.sent_reads import NONE, letter_key
from core.contract import Actor
from core.errors import NotAllowed, NotFound
from core.judge.letters import OUTSIDE
from core.office.permissions import reach

if TYPE_CHECKING:
    from core.kernel import Kernel

PAGE = 20
NOBODYS = "您的账号没有待寄出的文书。"
_SENDS = "case.deliver"
"""Whoever delivers a decision sends what else is written of the case."""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A letter that is to be sent, or was."""

    id: str
    title: str
    number: str
    no: str
    item: str
    item_title: str
    at: datetime
    whom: Mapping[str, str]
    """name, and what is known of address, phone, email; empty once erased."""
    sent_at: datetime | None
    sent: Mapping[str, str]
    """method, note, on, by."""
    text: str = ""
    """HTML, escaped when it was rendered; "" in a list and once erased."""
    revision: int = 0
    """Of the case."""


async def to_send(kernel: Kernel, actor: Actor, *, after: str = "") -> Page[Outgoing]:
    """What is still to be sent, the oldest first. Raises NotAllowed, NotFound for a page that is none."""
    query = _waiting(kernel, actor)
    if after:
        query = query.filter(id__gt=letter_key(after))
    rows = await query.order_by("id").limit(PAGE + 1).prefetch_related("case")
    lines = tuple(_outgoing(one) for one in rows[:PAGE])
    return Page(lines, lines[-1].id if len(rows) > PAGE else None)


async def count_to_send(kernel: Kernel, actor: Actor) -> int:
    """How many letters this reader could send; 0 for who sends none."""
    return int(await _waiting(kernel, actor).count()) if _sends(actor) else 0


async def outgoing(kernel: Kernel, actor: Actor, id: str) -> Outgoing:
    """One of them, sent or not, which is noted as a look at its case. Raises NotAllowed, NotFound."""
    one = await own_letter(kernel, actor, id)
    await note_read(kernel, one.case, actor=actor, kind="case")
    return _outgoing(one, whole=True)


async def own_letter(kernel: Kernel, actor: Actor, id: str) -> Letter:
    """The row, with its case, for who may send it. Raises NotAllowed, NotFound."""
    if not _sends(actor):
        raise NotAllowed(NOBODYS)
    one = await Letter.get_or_none(id=letter_key(id), reader=OUTSIDE).prefetch_related("case")
    parts = await parts_for(kernel, actor, one.case) if one is not None else None
    if one is None or parts is None or not (parts.as_staff and parts.hats & {DESK, OFFICE}):
        raise NotFound(NONE)
    return one


def _sends(actor: Actor) -> bool:
    return bool(actor.unit or actor.site) and reach(actor, _SENDS) is not None


def _waiting(kernel: Kernel, actor: Actor) -> Any:
    held = reach(actor, _SENDS)
    if held is None or not _sends(actor):
        raise NotAllowed(NOBODYS)
    mine = reached(kernel, Case.all(), held.scope, actor)
    return Letter.filter(
        reader=OUTSIDE, sent_at__isnull=True, whom__isnull=False, case_id__in=Subquery(mine.values("id"))
    )


def _outgoing(one: Letter, *, whole: bool = False) -> Outgoing:
    case, text = one.case, str(one.text or "") if whole else ""
    return Outgoing(
        str(one.id), one.title, one.number, case.no, case.item, case.title, one.at, one.whom or {}, one.sent_at,
        one.sent or {}, text, case.revision,
    )  # fmt: skip
