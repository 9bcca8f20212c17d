"""Filing: from a draft, or from one request of the API, to exactly one case.

Knows how it is written: one transaction that writes first and awaits only the database. What is written was judged
before, in `core.cases.filing`.
"""

from __future__ import annotations

import contextlib
import hashlib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tortoise.exceptions import IntegrityError

from core.cases.actions.drafts import STALE, check_item, keep_evidence
from core.cases.actions.turns import Overtaken, Taken, turn_of
from core.cases.actions.uploads import store_files
from core.cases.actions.versions import keep_version
from core.cases.asking import access_rows, ask, asked_now
from core.cases.draft_view import DraftView
from core.cases.drafts import view_of
from core.cases.filing import Judged, judge_application
from core.cases.logbook import note
from core.cases.mandating import still_runs
from core.cases.models import Case, Draft
from core.cases.nouns import Receipt
from core.cases.preparing import Prepared, tracking_code
from core.cases.reads import Read
from core.cases.rows import Missed, Statement, delete, insert, new_id, select_one, unsealed
from core.cases.standing import (
    ENDED,
    check_applicant,
    check_standing,
    check_still_standing,
    key_of,
    mandate_runs,
    site_for,
)
from core.catalog import versions
from core.contract import Actor, Item, Site
from core.errors import Conflict, NotAllowed, NotFound, Unavailable, Unprocessable
from core.judge.opening import not_open

if TYPE_CHECKING:
    from core.kernel import Kernel

_BY_KEY = "SELECT id, no, body_digest, record FROM cases_case WHERE filing_key = ? AND actor = ?"

_NUMBER_TRIES = 5
_TURNS = 5
BUSY = "同一申请人的另一份申请正在提交，请稍后再试。"


async def file_draft(kernel: Kernel, draft: DraftView | str, *, actor: Actor) -> Receipt:
    """The draft becomes a case; filed before (two clicks, a retry, a crash after commit), its first receipt again.

    `draft` is a view, or the bare id that a second click still knows. Raises Unprocessable with every problem,
    Conflict where the draft was changed elsewhere meanwhile, NotFound for an id that is not this actor's.
    """
    view = draft if isinstance(draft, DraftView) else await _load(kernel, draft, actor)
    if isinstance(view, Receipt):
        return view
    if view.owner != actor.id:
        raise NotFound("没有这份申请。")
    if view.expires_at <= kernel.now():
        raise NotFound("这份申请已过期，请重新开始。", code="draft-expired")
    try:
        check_open(kernel, view.item)
    except Unprocessable:
        await keep_evidence(kernel, view, view.evidence)  # what was written just now waits in the draft
        raise
    await check_still_standing(kernel, view.standing)
    for _ in range(_TURNS):
        with contextlib.suppress(Overtaken):
            return await _file_view(kernel, view, actor)
    raise Conflict(BUSY, code="overtaken")


def check_open(kernel: Kernel, item: Item) -> None:
    """Raises Unprocessable outside the windows in which the item may be applied for, before anything is asked.

    The windows are those of today's item: moving them holds for the drafts that were begun before.
    """
    if problems := not_open(kernel.newest(item), kernel.today()):
        raise Unprocessable(problems)


async def _file_view(kernel: Kernel, view: DraftView, actor: Actor) -> Receipt:
    turn = await turn_of(kernel, view.item, key_of(kernel, view.applicant))
    evidence = await ask(kernel, view.item, view.facts, already=view.evidence, consents=view.consents, filing=True)
    asked = asked_now(evidence, view.evidence)
    seen, view = view, replace(view, evidence=evidence) if asked or evidence.keys() != view.evidence.keys() else view
    try:
        judged = await judge_application(kernel, view, kernel.today())
    except (Unprocessable, Unavailable):
        # What was written and asked stays in the draft: the page that shows the problems shows it too.
        await keep_evidence(kernel, seen, evidence)
        raise
    now = kernel.now()
    log = access_rows(
        kernel,
        asked,
        actor=actor.id,
        actor_role=actor.role,
        applicant=view.applicant,
        item=view.item,
        reference=view.id,
        at=now,
    )
    receipt, _ = await _write(
        kernel,
        judged,
        actor=actor,
        filing_key=view.id,
        body_digest="",
        log=lambda _: log,
        now=now,
        draft=view,
        turn=turn,
    )
    return receipt


async def _load(kernel: Kernel, draft_id: str, actor: Actor) -> DraftView | Receipt:
    try:
        key = str(UUID(draft_id))
    except ValueError:
        raise NotFound("没有这份申请。") from None
    row = await Draft.get_or_none(id=key, owner=actor.id)
    if row is None:
        earlier = await receipt_by_key(kernel, key, actor)
        if earlier is None:
            raise NotFound("没有这份申请。")
        return earlier
    item = await versions.item_by_digest(row.version)
    return view_of(kernel, item, row.content, id=key, owner=row.owner, revision=row.revision, expires_at=row.expires_at)


async def receipt_by_key(
    kernel: Kernel, filing_key: str, actor: Actor, *, body_digest: str | None = None
) -> Receipt | None:
    """The first receipt of what was filed under this key by this actor, the tracking code derived again.

    Raises Conflict where the key was used with another body.
    """
    case = await select_one(_BY_KEY, filing_key, actor.id)
    if case is None:
        return None
    if case["record"] is None:
        raise NotFound("没有这份申请。", code="erased")
    if body_digest is not None and case["body_digest"] != body_digest:
        raise Conflict("这个 Idempotency-Key 已用于另一份申请。", code="idempotency-key-reused")
    first = unsealed(Case, "record", case["record"])["receipt"]
    return Receipt(
        no=case["no"],
        tracking_code=tracking_code(kernel, case["id"]),
        status=first["status"],
        decision=first["decision"],
        materials=tuple(first["materials"]),
        route=first["route"],
        deadline=first["deadline"],
    )


async def file(
    kernel: Kernel,
    item: Item,
    *,
    actor: Actor,
    applicant: Mapping[str, Any],
    answers: Mapping[str, Any],
    agent: Mapping[str, Any] | None = None,
    site: Site | None = None,
    consents: Collection[str] = (),
    promises: Collection[str] = (),
    disputes: Mapping[str, Any] | None = None,
    files: Mapping[str, Sequence[tuple[str, bytes]]] | None = None,
    mandate: str | None = None,
    idempotency_key: str | None = None,
    body_digest: str = "",
) -> tuple[Receipt, bool]:
    """One request, one case (the API). The flag is True where a case was made, False where it was there already.

    `disputes`: held pointers that the applicant calls wrong (`/name`) → what he declares, None where he only says it is
    wrong. What turns out not to be held is no dispute. Raises Conflict for a key that came with another body before.
    """
    filing_key = _filing_key(actor, idempotency_key)
    if idempotency_key is not None:
        earlier = await receipt_by_key(kernel, filing_key, actor, body_digest=body_digest)
        if earlier is not None:
            return earlier, False
    check_item(item, actor.channel)
    check_open(kernel, item)
    check_applicant(item, applicant)
    standing, acting = await check_standing(
        kernel, item, actor=actor, applicant=applicant, agent=agent, mandate=mandate
    )
    site = site_for(kernel, actor, site)
    await keep_version(kernel, item)
    now = kernel.now()
    wanted = {name for name, one in item.lookups.items() if one.consent}
    view = DraftView(
        id=new_id(),
        item=item,
        owner=actor.id,
        owner_role=actor.role,
        revision=0,
        expires_at=now + timedelta(days=1),
        channel=actor.channel,
        applicant=dict(applicant),
        agent=acting,
        site=site,
        standing=standing,
        answers=dict(answers),
        evidence={},
        consents=frozenset(consents) & wanted,
        refused=frozenset(wanted - set(consents)),
        promises=tuple(promises),
        confirmed=(),
        disputed=tuple(disputes or ()),
        claims={at: value for at, value in (disputes or {}).items() if value is not None},
        files=await store_files(kernel, item, files or {}, wrong=disputes or ()),
        today=kernel.today(),
    )
    for _ in range(_TURNS):
        with contextlib.suppress(Overtaken):
            return await _file_request(kernel, view, actor=actor, filing_key=filing_key, body_digest=body_digest)
    raise Conflict(BUSY, code="overtaken")


async def _file_request(
    kernel: Kernel, view: DraftView, *, actor: Actor, filing_key: str, body_digest: str
) -> tuple[Receipt, bool]:
    now = kernel.now()
    turn = await turn_of(kernel, view.item, key_of(kernel, view.applicant))
    evidence = await ask(kernel, view.item, view.facts, already={}, consents=view.consents)
    view = replace(view, evidence=evidence)
    view = replace(view, disputed=tuple(at for at in view.disputed if at in view.filling.values))

    def log(reference: str) -> list[Read]:
        return access_rows(
            kernel,
            evidence.values(),
            actor=actor.id,
            actor_role=actor.role,
            applicant=view.applicant,
            item=view.item,
            reference=reference,
            at=now,
        )

    try:
        judged = await judge_application(kernel, view, kernel.today())
    except (Unprocessable, Unavailable):
        await note(log(view.id))  # asked is asked, whatever became of the application
        raise
    return await _write(
        kernel,
        judged,
        actor=actor,
        filing_key=filing_key,
        body_digest=body_digest,
        log=log,
        now=now,
        draft=None,
        turn=turn,
    )


def _filing_key(actor: Actor, idempotency_key: str | None) -> str:
    if idempotency_key is None:
        return f"once:{new_id()}"
    return "key:" + hashlib.sha256(f"{actor.id}\0{idempotency_key}".encode()).hexdigest()


async def _write(
    kernel: Kernel,
    judged: Judged,
    *,
    actor: Actor,
    filing_key: str,
    body_digest: str,
    log: Callable[[str], list[Read]],
    now: datetime,
    draft: DraftView | None,
    turn: Taken | None,
) -> tuple[Receipt, bool]:
    """The one transaction. A filing key that is taken gives the receipt of whoever took it.

    `log` makes the rows of the reads that led to it, told the number of the case that they belong to.
    Raises NotAllowed where the mandate has ended since, Overtaken where another case of the applicant was written since
    this one looked for such.
    """
    standing = judged.application.standing
    told = False
    under = str(standing["mandate"]) if standing["kind"] == "mandate" else None
    for _ in range(_NUMBER_TRIES):
        prepared = Prepared(kernel, judged, actor=actor, filing_key=filing_key, body_digest=body_digest, now=now)

        statements: list[Statement] = []
        if draft is not None:
            # First of all, so that of two clicks one meets the draft and the other does not.
            statements.append(delete(Draft, {"id": draft.id, "revision": draft.revision}, must=True))
        if under is not None:
            statements.append(still_runs(under, kernel.now()))
        if turn is not None:
            statements += turn.statements()
        for rows in prepared.rows:
            statements += insert(rows)
        try:
            await note([] if told else log(prepared.receipt.no), statements)
        except (Missed, IntegrityError) as error:
            # Somebody else's case was faster: these questions were asked all the same, for none of their own.
            await note([] if told else log(judged.application.id))
            told = True
            earlier = await receipt_by_key(
                kernel, filing_key, actor, body_digest=body_digest if draft is None else None
            )
            if earlier is not None:
                return earlier, False
            if under is not None and not await mandate_runs(kernel, under):
                raise NotAllowed(ENDED, code="mandate-ended") from None
            if turn is not None and await turn.is_over():
                raise Overtaken from None
            if isinstance(error, Missed):
                raise Conflict(STALE, code="stale") from None
            continue  # the number is taken; draw another
        return prepared.receipt, True
    raise Conflict("暂时无法生成办件编号，请再试一次。", code="no-number")
