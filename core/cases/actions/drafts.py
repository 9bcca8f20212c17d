"""Writing an application: start, save, ask the sources again, discard.

Knows no judgement; a draft may hold anything its owner wrote.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from core.cases.actions.versions import keep_version
from core.cases.asking import access_rows, ask, asked_now
from core.cases.draft_view import DraftView
from core.cases.drafts import content_of, titles_of
from core.cases.letters import registered_name
from core.cases.logbook import note
from core.cases.models import Draft, Resume
from core.cases.reads import Read
from core.cases.rows import Missed, delete, insert, new_id, row, update, write
from core.cases.standing import STAFF, check_applicant, check_standing, site_for
from core.contract import Actor, Evidence, Item, Problem, Site
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable

if TYPE_CHECKING:
    from core.kernel import Kernel


OTHER_NAME = (
    "登记机关对这个号码登记的不是这个姓名或名称，没有开始办理。请照证件核对姓名和号码；"
    "证件上就是这样的，请申请人先到登记机关更正。"
)
"""Does not tell the other name: whoever stands at the counter may not be that person."""
STALE = "这份申请已在别处更改，请查看最新内容后再继续。"


def check_item(item: Item, channel: str) -> None:
    """Raises where the item makes no case, or is not offered in this channel."""
    if item.handling in ("query", "handoff"):
        raise NotFound(f"“{item.title}”不在此处提交申请。")
    if channel not in item.channels:
        raise Unprocessable([Problem("/channel", "channels", "本事项不通过此渠道办理。")])


async def start_draft(
    kernel: Kernel,
    item: Item,
    *,
    actor: Actor,
    applicant: Mapping[str, Any],
    agent: Mapping[str, Any] | None = None,
    site: Site | None = None,
    channel: str,
    consents: Collection[str] = (),
    mandate: str | None = None,
    answers: Mapping[str, Any] | None = None,
) -> DraftView:
    """A new draft, its lookups asked. The row stands before any source is asked. `answers`: the form's defaults.

    Raises NotAllowed (before any lookup) where the actor may not act for the applicant.
    """
    check_item(item, channel)
    check_applicant(item, applicant)
    standing, acting = await check_standing(
        kernel, item, actor=actor, applicant=applicant, agent=agent, mandate=mandate
    )
    site = site_for(kernel, actor, site)
    await keep_version(kernel, item)
    now = kernel.now()
    draft_id = new_id()
    wanted = {name for name, one in item.lookups.items() if one.consent}
    view = DraftView(
        id=draft_id,
        item=item,
        owner=actor.id,
        owner_role=actor.role,
        revision=1,
        expires_at=now + timedelta(days=kernel.settings.draft_days),
        channel=channel,
        applicant=dict(applicant),
        agent=acting,
        site=site,
        standing=standing,
        answers=dict(answers or {}),
        evidence={},
        consents=frozenset(consents) & wanted,
        refused=frozenset(),
        promises=(),
        confirmed=(),
        disputed=(),
        files=(),
        today=kernel.today(),
        source_titles=titles_of(kernel, item),
    )
    fresh = row(
        Draft,
        id=draft_id,
        item=item.id,
        version=item.digest,
        owner=actor.id,
        content=content_of(view),
        created_at=now,
        expires_at=view.expires_at,
    )
    await write(insert([fresh]), durable=False)
    view = await _look_up(kernel, view, again=False)
    if actor.role in STAFF and _named_otherwise(view):
        await discard_draft(kernel, view)
        raise Unprocessable([Problem("/applicant/name", "register", OTHER_NAME)])
    return view


def _named_otherwise(view: DraftView) -> bool:
    """Whether a register knows the applicant's number under another name than the one typed at a counter.

    Refused there, since the person and his card are there to look at; what a client sends is only marked, and letters
    speak to the registered name. Widths, spaces and dots are no other name.
    """
    registered = registered_name(view.item, view.facts["lookups"])
    typed = str(view.applicant.get("name") or "")
    return bool(registered and typed) and _plain(registered) != _plain(typed)


def _plain(name: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", name).casefold() if one.isalnum())


async def _look_up(kernel: Kernel, view: DraftView, *, again: bool) -> DraftView:
    """Ask what can be asked now, outside any transaction, and keep the outcomes in the draft."""
    evidence = await ask(
        kernel, view.item, view.facts, already=view.evidence, consents=view.consents, again=again,
        of=view.of.id if view.of is not None else None,
    )  # fmt: skip
    return await keep_evidence(kernel, view, evidence)


async def keep_evidence(kernel: Kernel, view: DraftView, evidence: Mapping[str, Evidence]) -> DraftView:
    """The outcomes into the draft, and every question asked just now into the access log."""
    asked = asked_now(evidence, view.evidence)
    if not asked and not view.unsaved and evidence.keys() == view.evidence.keys():
        return view
    rows = access_rows(
        kernel,
        asked,
        actor=view.owner,
        actor_role=view.owner_role,
        applicant=view.applicant,
        item=view.item,
        reference=view.of.no if view.of is not None else view.id,
        at=kernel.now(),
    )

    try:
        return await keep_draft(replace(view, evidence=dict(evidence)), rows)
    except Conflict:
        await note(rows)  # the draft went on elsewhere; these questions were asked all the same
        raise


async def put_aside(view: DraftView, aside: Mapping[str, Any]) -> None:
    """Keep what a page that came second wrote. Nothing that a page shows has changed, so the revision stays. Raises
    Conflict where somebody was faster."""
    await _write(replace(view, aside=aside), view.revision)


async def keep_draft(view: DraftView, reads: Sequence[Read] = ()) -> DraftView:
    """Write the view over the revision it was read at, with what was read for it.

    Raises Conflict where somebody was faster.
    """
    newer = replace(view, revision=view.revision + 1, unsaved=False)
    await _write(newer, view.revision, reads)
    return newer


async def _write(newer: DraftView, over: int, reads: Sequence[Read] = ()) -> None:
    changes = {"content": content_of(newer), "revision": newer.revision}
    try:
        await note(reads, update(Draft, changes, {"id": newer.id, "revision": over}, must=True), durable=False)
    except Missed:
        raise Conflict(STALE, code="stale") from None


def edit_draft(
    draft: DraftView,
    *,
    answers: Mapping[str, Any],
    revision: int,
    promises: Collection[str] = (),
    consents: Collection[str] | None = None,
    disputed: Collection[str] | None = None,
    claims: Mapping[str, Any] | None = None,
    ignored: int = 0,
) -> DraftView:
    """The draft with what the applicant just wrote, not yet saved: hand it to `save_draft` or straight to `file_draft`.

    `disputed` are held pointers that he calls wrong, `claims` what he declares instead of some of them.
    `revision` is the one his page was made from; `ignored` counts posted names that the form does not take. Raises
    Conflict where the draft has moved on since.
    """
    if revision != draft.revision:
        raise Conflict(STALE, code="stale")
    wanted = {name for name, one in draft.item.lookups.items() if one.consent}
    materials = {one.id for one in draft.item.materials}
    yes = draft.consents if consents is None else frozenset(consents) & wanted
    doubted = draft.disputed if disputed is None else tuple(disputed)
    declared = draft.claims if claims is None else claims
    return replace(
        draft,
        answers=dict(answers),
        promises=tuple(dict.fromkeys(one for one in promises if one in materials)),
        consents=yes,
        refused=draft.refused if consents is None else frozenset(wanted - yes),
        disputed=doubted,
        claims={at: value for at, value in declared.items() if at in doubted},
        ignored=draft.ignored + ignored,
        unsaved=True,
    )


async def save_draft(
    kernel: Kernel,
    draft: DraftView,
    *,
    answers: Mapping[str, Any],
    revision: int,
    promises: Collection[str] = (),
    consents: Collection[str] | None = None,
    disputed: Collection[str] | None = None,
    claims: Mapping[str, Any] | None = None,
    ignored: int = 0,
) -> DraftView:
    """What the applicant wrote, over the revision he saw. Raises Conflict where the draft has moved on since."""
    edited = edit_draft(
        draft,
        answers=answers,
        revision=revision,
        promises=promises,
        consents=consents,
        disputed=disputed,
        claims=claims,
        ignored=ignored,
    )
    return await keep_draft(edited)


async def ask_again(kernel: Kernel, draft: DraftView) -> DraftView:
    """Ask what was down, what has grown old, and what the answers now allow to be asked."""
    return await _look_up(kernel, draft, again=True)


async def discard_draft(kernel: Kernel, draft: DraftView) -> None:
    """The owner gives up; nothing of the draft stays but the access log. Raises NotAllowed for what is only lent."""
    if draft.lent:
        raise NotAllowed("这份草稿是申请人交来代办的，请交还，不能放弃。", code="lent")
    await write(
        delete(Draft, {"id": draft.id, "owner": draft.owner}),
        delete(Resume, {"draft": draft.id}),
    )
