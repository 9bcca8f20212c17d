"""A draft found by its resume code 接续码: who may open it, and how often somebody may try.

Knows no page and changes no hands; `actions.resuming` does. What does not fit is answered with one sentence,
whichever of code, number and person it was.
"""

from __future__ import annotations

import contextlib
from datetime import timedelta
from typing import TYPE_CHECKING

from tortoise.queryset import QuerySet

from core.cases import numbers
from core.cases.draft_view import DraftView, Resumable
from core.cases.drafts import view_of
from core.cases.models import Draft, Resume, ResumeTry
from core.cases.reopened import completed
from core.cases.standing import STAFF, check_standing, key_of, live_mandate
from core.catalog import versions
from core.contract import Actor
from core.errors import NotAllowed, NotFound, TooMany
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

LENGTH = 8
MAX_TRIES = 5
WINDOW = timedelta(minutes=15)
NO_SUCH = "没有找到可以接续的草稿。请核对接续码和申请人的号码；接续码用过一次或草稿到期后失效。"


def code_of(kernel: Kernel, draft_id: str, serial: int) -> str:
    """Derived, so that its owner can see it again although only its mark is kept."""
    return kernel.keys.code("resume", f"{draft_id}:{serial}", LENGTH)


def key_of_code(kernel: Kernel, code: str) -> str:
    """What a code is found by, as a person typed it: small letters, gaps, O for 0."""
    return kernel.keys.index(code.upper().translate(numbers.MISREAD), "resume")


async def load(kernel: Kernel, draft_id: str) -> DraftView | None:
    """A draft whoever owns it; None where it is no more."""
    found = await views(kernel, Draft.filter(id=draft_id, expires_at__gt=kernel.now()))
    return found[0] if found else None


async def views(kernel: Kernel, drafts: QuerySet[Draft]) -> list[DraftView]:
    """The drafts of a query, each with the version of its item that it was begun with; without those of a case that
    waits for no correction any more."""
    found = []
    for row in await drafts:
        item = await versions.item_by_digest(row.version)
        view = view_of(
            kernel, item, row.content, id=str(row.id), owner=row.owner, revision=row.revision, expires_at=row.expires_at
        )
        with contextlib.suppress(NotFound):
            found.append(await completed(kernel, view))
    return found


async def resumable(kernel: Kernel, actor: Actor, code: str, number: str = "") -> Resumable:
    """The draft of this code, for its owner, its applicant, or staff to whom the applicant told his number or gave a
    mandate. Raises NotFound with one sentence for everything else, TooMany after five of those.
    """
    await _refuse_guessing(kernel, actor)
    found = await _found(kernel, actor, code[:40], number[:40])
    if found is None:
        from core.cases.actions.reading import count_resume_try  # `actions` imports this module

        await count_resume_try(kernel, actor, window=WINDOW)
        raise NotFound(NO_SUCH, code="no-such-code")
    return found


async def _refuse_guessing(kernel: Kernel, actor: Actor) -> None:
    row = await ResumeTry.get_or_none(actor=actor.id)
    if row is None or row.tries < MAX_TRIES:
        return
    left = row.since + WINDOW - kernel.now()
    if left > timedelta(0):
        raise TooMany("接续码输错次数过多，请过一会儿再试。", retry_after=int(left.total_seconds()) + 1)


async def _found(kernel: Kernel, actor: Actor, code: str, number: str) -> Resumable | None:
    row = await Resume.get_or_none(code_key=key_of_code(kernel, code)) if code.strip() else None
    draft = await load(kernel, str(row.draft)) if row else None
    if draft is None:
        return None
    if draft.owner == actor.id:
        return Resumable(draft, own=True, mandated=False)
    applicant = key_of(kernel, draft.applicant)
    if actor.role in STAFF and may(actor, "case.file_for_others"):
        mandated = await live_mandate(kernel, draft.item, actor=actor, applicant=draft.applicant) is not None
        told = applicant is not None and kernel.keys.index("".join(number.split())) == applicant
        return Resumable(draft, own=False, mandated=mandated) if told or mandated else None
    # Anybody else must be the applicant or stand for him as for a draft of his own: a guardian, a legal representative.
    with contextlib.suppress(NotAllowed):
        await check_standing(kernel, draft.item, actor=actor, applicant=draft.applicant, agent=draft.agent)
        return Resumable(draft, own=False, mandated=False)
    return None
