"""A draft changes hands: a code is given out, a counter takes the draft over, and it goes back.

A draft has one owner at any time. Lent to a counter it still belongs to who lent it: he takes it back when he likes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from core.cases.actions.drafts import STALE, check_item
from core.cases.actions.mandates import grant_mandate
from core.cases.draft_view import DraftView, Resumable, ResumeCode
from core.cases.drafts import content_of, site_of
from core.cases.logbook import note
from core.cases.mandating import Proof, still_runs
from core.cases.models import Draft, Resume, ResumeTry
from core.cases.reads import Read, read_row
from core.cases.reopened import check_takes
from core.cases.resuming import WINDOW, code_of, key_of_code, load, resumable
from core.cases.rows import Missed, Statement, update
from core.cases.standing import (
    ENDED,
    STAFF,
    check_standing,
    check_still_standing,
    key_of,
    mandate_runs,
    site_for,
)
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable

if TYPE_CHECKING:
    from core.kernel import Kernel


async def resume_code(kernel: Kernel, draft: DraftView) -> ResumeCode:
    """The code of the owner's draft: the one that is good, or a new one where there is none or it was used."""
    row = await Resume.get_or_none(draft=draft.id)
    if row is None:
        key = key_of_code(kernel, code_of(kernel, draft.id, 1))
        with contextlib.suppress(IntegrityError):  # two clicks at once: the other one made it
            await Resume.create(draft=draft.id, code_key=key, expires_at=draft.expires_at)
        return ResumeCode(code_of(kernel, draft.id, 1), draft.expires_at)
    if row.code_key is None:
        serial = row.serial + 1
        key = key_of_code(kernel, code_of(kernel, draft.id, serial))
        await Resume.filter(draft=draft.id, serial=row.serial).update(serial=serial, code_key=key)
        return ResumeCode(code_of(kernel, draft.id, serial), draft.expires_at)
    return ResumeCode(code_of(kernel, draft.id, row.serial), draft.expires_at)


async def take_over(
    kernel: Kernel,
    *,
    actor: Actor,
    code: str,
    number: str = "",
    mandated: bool = False,
    signed: str = "",
    proof: Proof | None = None,
) -> DraftView:
    """The draft of a code, now the actor's. `mandated`: the applicant confirmed before this member of staff that he
    acts for him, `signed` how, with what `proof`.

    Raises NotFound, TooMany (see `resumable`), NotAllowed without a mandate, Unprocessable where the item is not taken
    here, Conflict where the draft was being changed at this moment.
    """
    found = await resumable(kernel, actor, code, number)
    draft = found.draft
    if found.own:
        return draft
    if draft.of is not None:
        await check_takes(kernel, draft, actor)
    newer, lender = await _in_new_hands(kernel, actor, found, mandated=mandated, signed=signed, proof=proof)
    log = read_row(
        at=kernel.now(),
        kind="resume",
        actor=actor.id,
        actor_role=actor.role,
        subject_key=key_of(kernel, draft.applicant) or "",
        item=draft.item.id,
        reference=draft.id,
        purpose="凭接续码接着办理草稿",
    )
    await _hand(
        kernel, draft, newer, lender, [update(ResumeTry, {"tries": 0}, {"actor": actor.id})], reads=[log], taken=True
    )
    return newer


async def _in_new_hands(
    kernel: Kernel, actor: Actor, found: Resumable, *, mandated: bool, signed: str, proof: Proof | None
) -> tuple[DraftView, str | None]:
    """The draft as its new owner holds it, and whom it goes back to."""
    draft, item = found.draft, found.draft.item
    staff = actor.role in STAFF
    channel = actor.channel if staff or actor.channel in item.channels else draft.channel
    check_item(item, channel)
    site = site_for(kernel, actor, None) if staff and channel != "phone" else None
    if site is not None and site.level not in item.routing.sites:
        raise Unprocessable([Problem("/site", "sites", "本事项不在这一级服务点办理。")])
    if staff and not found.mandated:
        if not mandated:
            raise NotAllowed("请先请申请人确认委托，再接着办。", code="mandate-needed")
        way = signed or ("voice" if channel == "phone" else "presence")
        await grant_mandate(kernel, item, actor=actor, applicant=draft.applicant, signed=way, proof=proof)
    standing, acting = await check_standing(
        kernel, item, actor=actor, applicant=draft.applicant, agent=None if staff else draft.agent
    )
    # It goes back to the citizen who lent it. From one counter to the next it stays his; from a counter to the
    # applicant himself it is at home.
    lent = (draft.lent or _as_lent(draft)) if staff and (draft.lent or draft.owner_role not in STAFF) else None
    newer = replace(
        draft,
        owner=actor.id,
        owner_role=actor.role,
        channel=channel,
        site=site,
        standing=standing,
        agent=acting,
        lent=lent,
        revision=draft.revision + 1,
    )
    return newer, str(lent["owner"]) if lent else None


def _as_lent(draft: DraftView) -> dict[str, Any]:
    return {
        "owner": draft.owner,
        "role": draft.owner_role,
        "channel": draft.channel,
        "site": draft.site.id if draft.site else None,
        "standing": dict(draft.standing),
        "agent": dict(draft.agent) if draft.agent else None,
    }


async def hand_back(kernel: Kernel, draft_id: str, *, actor: Actor) -> None:
    """A lent draft goes back to whom it belongs: he takes it, or the counter gives it. Raises NotFound, Conflict."""
    try:
        draft = await load(kernel, str(UUID(draft_id)))
    except ValueError:
        draft = None
    lent = draft.lent if draft else None
    if draft is None or lent is None or actor.id not in (draft.owner, lent["owner"]):
        raise NotFound("没有这份草稿。")
    if actor.id == lent["owner"]:
        # An agent whose mandate ended meanwhile gets nothing back into his hands; the counter may always give it away.
        await check_still_standing(kernel, lent["standing"])
    home = replace(
        draft,
        owner=lent["owner"],
        owner_role=lent["role"],
        channel=lent["channel"],
        site=site_of(kernel, lent["site"]),
        standing=lent["standing"],
        agent=lent["agent"],
        lent=None,
        revision=draft.revision + 1,
    )
    await _hand(kernel, draft, home, None, [])


async def _hand(
    kernel: Kernel,
    draft: DraftView,
    newer: DraftView,
    lender: str | None,
    more: list[Statement],
    *,
    reads: Sequence[Read] = (),
    taken: bool = False,
) -> None:
    """One transaction: the draft under its new owner, the code used up, the log. Two at once: one of them misses."""
    under = newer.standing.get("mandate") if taken else None
    guard = (still_runs(str(under), kernel.now()),) if under else ()
    changes = {"owner": newer.owner, "content": content_of(newer), "revision": newer.revision}
    try:
        await note(
            reads,
            update(Draft, changes, {"id": draft.id, "revision": draft.revision, "owner": draft.owner}, must=True),
            update(Resume, {"code_key": None, "lender": lender}, {"draft": draft.id}),
            guard,
            more,
        )
    except Missed:
        if under and not await mandate_runs(kernel, str(under)):
            raise NotAllowed(ENDED, code="mandate-ended") from None
        raise Conflict(STALE, code="stale") from None


async def drop_resume_codes(kernel: Kernel) -> int:
    """Codes of drafts that are over, and counts of tries that no window holds any more."""
    now = kernel.now()
    await ResumeTry.filter(since__lt=now - WINDOW).delete()
    return int(await Resume.filter(expires_at__lte=now).delete())
