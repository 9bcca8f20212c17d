"""寄出: a letter of a case to somebody outside was sent, by which way, and what shows it.

Knows no page and no template; the letter itself stays as it was written.
"""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from core.cases.actions.moves import MOVED_ON, add_event, after
from core.cases.case_view import CaseView
from core.cases.clock import legal_day
from core.cases.models import Case, Letter
from core.cases.outgoing import own_letter
from core.cases.rows import update
from core.cases.sent_reads import NONE
from core.contract import Actor, Problem
from core.errors import Conflict, NotFound, Unprocessable
from core.judge.clock import read_date

if TYPE_CHECKING:
    from core.kernel import Kernel

SENT_BY = ("mail", "hand", "electronic")


async def note_sent(
    kernel: Kernel, id: str, *, actor: Actor, method: str, note: str, on: str, revision: int
) -> CaseView:
    """A letter to somebody outside was sent on the day `on` (ISO 8601, empty: today): `note` is the postal number, who
    signed for it, or the address it went to. One that came back is noted anew: the chain keeps every time.

    `revision` is the case's. Raises Unprocessable (way, note, day), Conflict (moved on), NotAllowed, NotFound.
    """
    one = await own_letter(kernel, actor, id)
    if one.whom is None:
        raise NotFound(NONE)
    case: Case = one.case
    if case.revision != revision:
        raise Conflict(MOVED_ON, code="stale")
    day, today = read_date(on) if on.strip() else kernel.today(), kernel.today()
    if problems := _problems(method, note, day, first=legal_day(one.at), today=today):
        raise Unprocessable(problems)
    told = {"method": method, "note": note.strip()[:200], "on": str(day)}
    await add_event(
        kernel, case, "letter_sent", to=case.status, actor=actor,
        data={"title": one.title, "no": one.number, "letter": one.digest, "name": one.whom["name"], **told},
        more=[update(Letter, {"sent_at": kernel.now(), "sent": {**told, "by": actor.name}}, {"id": one.id})],
    )  # fmt: skip
    return await after(kernel, case, actor)


def _problems(method: str, note: str, day: date | None, *, first: date, today: date) -> list[Problem]:
    found = []
    if method not in SENT_BY:
        found.append(Problem("/method", "enum", "请选择怎样送出的。"))
    if not note.strip():
        found.append(Problem("/note", "required", "请写明凭什么知道送出了：邮寄单号、谁签收的，或者发到哪个地址。"))
    if day is None or not first <= day <= today:
        found.append(Problem("/on", "format", "请写送出的日期：文书写成那天到今天之间。"))
    return found
