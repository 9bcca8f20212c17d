"""Every guarded read of this room: what is not yours is not found.

Knows no page. A read by staff of somebody's case is itself written to the access log.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tortoise.expressions import Q

from core.cases import files, numbers, queues, resuming
from core.cases.acting import parts_for, stands_for
from core.cases.actions.filing import receipt_by_key
from core.cases.actions.reading import count_try, note_read
from core.cases.case_view import CaseView
from core.cases.correcting import correction, proofs_of
from core.cases.delivery_reads import dead_letters, deliveries, silent_jobs, waits_since
from core.cases.delivery_reads import queues as listener_queues
from core.cases.draft_view import DraftView, Resumable
from core.cases.drafts import moment, view_of
from core.cases.duty_reads import to_do
from core.cases.handover import things_of
from core.cases.letter_reads import count_unwritten, unwritten_letters
from core.cases.letters import SOMEBODY
from core.cases.lifecycle import OVER, UNDER_WAY, WITH_OFFICES
from core.cases.lines import CaseLine, Page, ToConfirm
from core.cases.mandate_reads import mandate, mandate_scan, mandates_of, mandates_of_case
from core.cases.models import (
    Case,
    CaseConfirmer,
    CaseFile,
    CaseJoint,
    CaseMaterial,
    CaseStep,
    Draft,
    Resume,
)
from core.cases.nouns import FileRef, Receipt
from core.cases.own_reads import accesses_of
from core.cases.paying import payment_in
from core.cases.preparing import tracking_hash
from core.cases.proposing import spoken_to_each
from core.cases.reaching import overdue, own_day, reached, steps_of
from core.cases.reopened import asked_on, case_of, completed, corrected_by, draft_id, may_correct
from core.cases.results import documents_of
from core.cases.rows import select_one, unsealed
from core.cases.standing import check_still_standing, speaks_for
from core.cases.views import case_view
from core.catalog import versions
from core.contract import Actor
from core.errors import NotAllowed, NotFound, TooMany
from core.judge.confirming import is_joint
from core.judge.formats import masked
from core.office import access as office_access
from core.office.permissions import CITIZEN_ROLES, STAFF_ROLES, reach

if TYPE_CHECKING:
    from core.kernel import Kernel

PAGE = 20
_NO_DRAFT = "没有这份申请，或它已过期。"
_NO_CASE = "没有查到这个办件。请核对编号。"

_DRAFT = "SELECT item, version, owner, revision, content, expires_at FROM cases_draft WHERE id = ? AND owner = ?"


async def draft(kernel: Kernel, actor: Actor, draft_id: str) -> DraftView:
    """The actor's own draft. Raises NotFound; with code "filed" where it has become a case (see `receipt_of`)."""
    key = _uuid(draft_id, _NO_DRAFT)
    row = await select_one(_DRAFT, key, actor.id)
    if row is None:
        if await Case.filter(filing_key=key, actor=actor.id).exists():
            raise NotFound("这份申请已提交。", code="filed")
        if await corrected_by(actor, key):
            raise NotFound("这份补正已提交。", code="corrected")
        raise NotFound(_NO_DRAFT)
    expires_at = moment(row["expires_at"])
    if expires_at <= kernel.now():
        raise NotFound(_NO_DRAFT, code="draft-expired")
    current = kernel.catalog.items.get(row["item"])
    if current is None or current.digest != row["version"]:
        current = await versions.item_by_digest(row["version"])
    content = unsealed(Draft, "content", row["content"])
    view = view_of(
        kernel, current, content, id=key, owner=row["owner"], revision=row["revision"], expires_at=expires_at
    )
    if view.of is None:
        await check_still_standing(kernel, view.standing)
        return view
    await may_correct(kernel, await case_of(view), actor, in_hand=True)
    return await completed(kernel, view)


async def may_read(kernel: Kernel, actor: Actor, no: str) -> bool:
    """Whether the actor could open the case; a counter may correct one that it cannot."""
    return (await parts_for(kernel, actor, await _row(no), strict=False)).reads


async def correction_draft(kernel: Kernel, actor: Actor, no: str) -> DraftView | None:
    """The draft in the actor's hands by which he corrects this case; None where he has opened none."""
    row = await _row(no)
    if row.status != "correction":
        return None
    found = await resuming.load(kernel, draft_id(kernel, row, actor, await asked_on(row)))
    return found if found is not None and found.owner == actor.id else None


async def item_of_draft(actor: Actor, draft_id: str) -> str | None:
    """Which item an expired draft of the actor was for, while its row is still there."""
    row = await select_one(_DRAFT, _uuid(draft_id, _NO_DRAFT), actor.id)
    return str(row["item"]) if row else None


async def drafts_of(kernel: Kernel, actor: Actor) -> list[DraftView]:
    """The actor's unfinished applications, newest first."""
    mine = Draft.filter(owner=actor.id, expires_at__gt=kernel.now()).order_by("-id").limit(PAGE)
    return await resuming.views(kernel, mine)


async def lent_drafts(kernel: Kernel, actor: Actor) -> list[DraftView]:
    """Unfinished applications that the actor handed to a counter and may take back, newest first."""
    lent = Resume.filter(lender=actor.id, expires_at__gt=kernel.now()).order_by("-draft").limit(PAGE)
    keys = await lent.values_list("draft", flat=True)
    found = await resuming.views(kernel, Draft.filter(id__in=keys, expires_at__gt=kernel.now()).order_by("-id"))
    return [one for one in found if one.lent and one.lent["owner"] == actor.id]


async def resumable(kernel: Kernel, actor: Actor, code: str, number: str = "") -> Resumable:
    """A draft by its resume code; see `core.cases.resuming`."""
    return await resuming.resumable(kernel, actor, code, number)


async def receipt_of(kernel: Kernel, actor: Actor, draft_id: str) -> Receipt | None:
    """The first receipt of a draft that this actor filed; None where it was not."""
    return await receipt_by_key(kernel, _uuid(draft_id, _NO_DRAFT), actor)


async def case(kernel: Kernel, actor: Actor, no: str) -> CaseView:
    """A case the actor may read. Raises NotFound for everybody else, as if it did not exist."""
    row = await _row(no)
    parts = await parts_for(kernel, actor, row)
    if not parts.reads:
        raise NotFound(_NO_CASE)
    if parts.as_staff or parts.joint:
        await note_read(kernel, row, actor=actor, kind="case")
    return await case_view(kernel, row, parts)


async def case_by_code(kernel: Kernel, no: str, code: str) -> CaseView:
    """A case by number and tracking code, without signing in. Raises NotFound, TooMany after ten wrong codes."""
    row = await _row(no)
    tries, until = count_state(kernel, row)
    if tries >= MAX_TRIES and until is not None:
        raise TooMany("查询码输错次数过多，请稍后再试。", retry_after=until)
    given = code.upper().translate(numbers.MISREAD)
    if not hmac.compare_digest(tracking_hash(given), row.tracking_hash):
        await count_try(kernel, row, window=WINDOW)
        raise NotFound("没有查到这个办件。请核对编号和查询码。")
    return await case_view(kernel, row, None)


MAX_TRIES = 10
WINDOW = timedelta(minutes=15)


def count_state(kernel: Kernel, row: Case) -> tuple[int, int | None]:
    """Wrong codes within the window, and the seconds until it ends."""
    if row.tracking_since is None:
        return 0, None
    left = row.tracking_since + WINDOW - kernel.now()
    if left <= timedelta(0):
        return 0, None
    return row.tracking_tries, int(left.total_seconds()) + 1


async def firm_of(kernel: Kernel, actor: Actor) -> str:
    """The key of the firm that the actor stands for, where it has cases that somebody else filed; else "".

    Raises Unavailable where the register that would tell did not answer.
    """
    code = await office_access.credit_code(actor) if actor.role in CITIZEN_ROLES else None
    key = kernel.keys.index(code) if code else ""
    theirs = await Case.filter(applicant_key=key).exclude(filer=actor.id).order_by("-id").first() if key else None
    return key if theirs is not None and await stands_for(kernel, actor, theirs) else ""


async def cases_of(kernel: Kernel, actor: Actor, after: str | None = None, *, firm: str = "") -> Page[CaseLine]:
    """Cases of the actor: filed by him, for him, by an agent for him, or jointly; with `firm`, that of `firm_of`, also
    those of the firm. Newest first."""
    own = Q(filer=actor.id)
    if actor.id_number and actor.role not in STAFF_ROLES:
        key = kernel.keys.index(actor.id_number)
        own = Q(own, Q(applicant_key=key), Q(agent_key=key), join_type="OR")
        joint = await CaseJoint.filter(key=key).values_list("case_id", flat=True)
        own = Q(own, Q(id__in=joint), join_type="OR") if joint else own
    query = Case.filter(Q(own, Q(applicant_key=firm), join_type="OR") if firm else own)
    if after:
        query = query.filter(id__lt=_uuid(after, _NO_CASE))
    rows = await query.order_by("-id").limit(PAGE + 1)
    page, soon = _page(rows, [str(row.id) for row in rows]), await to_do(kernel, rows[:PAGE])
    duties = [tuple((one.title, one.due) for one in soon.get(row.id, ())) for row in rows[:PAGE]]
    return replace(page, lines=tuple(replace(line, to_do=its) for line, its in zip(page.lines, duties, strict=True)))


OVERDUE = "overdue"


async def queue(kernel: Kernel, actor: Actor, *, after: str | None = None, state: str | None = None) -> Page[CaseLine]:
    """What waits for this member of staff: green channel first, then oldest first; steps of his office among it.

    `state`: only cases of this status; of one that is over (decided, …), newest first; OVERDUE: those whose deadline,
    delivery or step is past, oldest first. Raises NotAllowed for who has no queue.
    """
    held = reach(actor, "queue.read")
    if held is None:
        raise NotAllowed("您的账号没有待办队列。")
    if state == OVERDUE:
        query = reached(kernel, Case.all(), held.scope, actor)
        rows, late = await overdue(
            kernel, query, actor, held.scope, after=_uuid(after, _NO_CASE) if after else None, most=PAGE + 1
        )
        return _page(rows, [str(row.id) for row in rows], late)
    if state in OVER:
        before = _uuid(after, _NO_CASE) if after else None
        over = await queues.over(kernel, held.scope, actor, state=state or "", before=before, limit=PAGE + 1)
        return _page(await _in_order(over), over)
    steps = steps_of(kernel, actor, held.scope) if not state or state in WITH_OFFICES else None
    last: tuple[int, str] | None = None
    if after:
        rank, _, key = after.partition("-")
        if not (rank.isascii() and rank.isdigit() and len(rank) < 5):
            raise NotFound(_NO_CASE)
        last = int(rank), _uuid(key, _NO_CASE)
        if steps is not None:
            steps = steps.filter(Q(waiting__gt=last[0]) | Q(waiting=last[0], case_id__gt=last[1]))
    keys = await queues.waiting(kernel, held.scope, actor, state=state, after=last, limit=PAGE + 1)
    found = {row.id: row for row in await _in_order([key for _, key in keys])}
    due: dict[UUID, CaseStep] = {}
    if steps is not None:
        for step in await steps.order_by("waiting", "case_id").limit(PAGE + 1).prefetch_related("case"):
            # A case of its own stands there by its own day, unless that step has a day of its own.
            if step.case_id not in found and (not state or step.case.status == state):
                found[step.case_id], due[step.case_id] = step.case, step
            elif step.case_id in found and own_day(step):
                due[step.case_id] = step
    # Keys and rows are two reads: a case decided between them waits no longer.
    rows = sorted((row for row in found.values() if row.waiting is not None), key=lambda row: (row.waiting, row.id))
    return _page(rows, [f"{row.waiting}-{row.id}" for row in rows], due)


async def _in_order(keys: Sequence[str]) -> list[Case]:
    rows = {str(row.id): row for row in await Case.filter(id__in=keys)} if keys else {}
    return [rows[key] for key in keys if key in rows]


def _page(rows: Sequence[Case], tokens: Sequence[str], steps: Mapping[UUID, CaseStep] | None = None) -> Page[CaseLine]:
    shown, steps = rows[:PAGE], steps or {}
    lines = tuple(
        CaseLine(
            no=row.no,
            item=row.item,
            title=row.title,
            status=row.status,
            outcome=row.outcome,
            channel=row.channel,
            site=row.site,
            rank=row.rank,
            filed_at=row.filed_at,
            deadline=row.deadline,
            applicant_name=_name(row.record),
            zero_material=row.zero_material,
            stopped_since=row.stopped_since,
            deliver_by=row.deliver_by,
            step_due=steps[row.id].due if row.id in steps else None,
            outside=row.id in steps and steps[row.id].outside,
            payment=payment_in(row.record) if row.pay_by else None,
            to_take=tuple(one for one in things_of(row.record, row.outcome) if one.taken_on is None),
            # What waits for the fee is not told before it is paid.
            results=() if row.pay_by else documents_of(row.record, row.outcome),
        )
        for row in shown
    )
    return Page(lines, tokens[PAGE - 1] if len(rows) > PAGE else None)


def _who(case: Case, name: str) -> str:
    """Whose application it is: as its letters call him, or by his code where nobody told a name."""
    told = (case.record or {}).get("applicant") or {}
    return str(told.get("credit_code") or "") if name == SOMEBODY else name


def _name(record: Any) -> str:
    """The applicant's name, or the one that a register told where a client filed without, or his masked number; ""
    once erased."""
    who = record["applicant"] if record else {}
    name = who.get("name") or (record or {}).get("called") or who.get("credit_code")
    return str(name or masked(who.get("id_number")))


async def _row(no: str) -> Case:
    number = numbers.read(no)
    row = await Case.get_or_none(no=number) if number else None
    if row is None:
        raise NotFound(_NO_CASE)
    return row


def _uuid(text: str, message: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise NotFound(message) from None


async def to_confirm(kernel: Kernel, actor: Actor, *, firm: str = "") -> list[ToConfirm]:
    """What this person is asked to confirm for somebody else's case, newest first.

    With `firm` (a credit code): what that firm is asked, for its legal representative or who holds its mandate; its
    register is asked only where there is anything and no mandate, and Unavailable raised where it did not answer.
    """
    if not actor.id_number:
        return []
    key = kernel.keys.index(firm or actor.id_number)
    asked = Q(confirm_key=key)
    for case, material in await CaseConfirmer.filter(key=key, answer="", case__status__in=UNDER_WAY).values_list(
        "case_id", "material"
    ):
        asked |= Q(case_id=case, material=material)
    rows = (
        await CaseMaterial.filter(asked, status="confirm", told="", case__status__in=UNDER_WAY)
        .order_by("-case_id")
        .limit(PAGE)
        .prefetch_related("case")
    )
    if firm and rows:
        rights = {}
        for version in dict.fromkeys(one.case.version for one in rows):
            item = await versions.item_by_digest(version)
            right = rights[version] = await speaks_for(kernel, item, actor=actor, firm=firm)
            if right is not None and right["kind"] == "relation":
                break  # the register says the same of every item, and is asked once
        every = any(right is not None and right["kind"] == "relation" for right in rights.values())
        rows = [one for one in rows if every or rights.get(one.case.version)]
    names = [str(who["name"]) for who in await spoken_to_each([one.case for one in rows])]
    return [
        ToConfirm(
            no=one.case.no,
            item=one.case.item,
            title=one.case.title,
            applicant_name=_who(one.case, name),
            material=one.material,
            material_title=one.title,
            filed_at=one.case.filed_at,
            joint=is_joint(await versions.item_by_digest(one.case.version), one.material),
        )
        for one, name in zip(rows, names, strict=True)
    ]


async def file_bytes(kernel: Kernel, actor: Actor, no: str, digest: str) -> tuple[FileRef, bytes]:
    """An uploaded file of a case, for who may read its evidence. Raises NotFound."""
    row = await _row(no)
    parts = await parts_for(kernel, actor, row)
    found = await CaseFile.filter(case_id=row.id, digest=digest).first() if parts.reads and parts.evidence else None
    if found is None:
        raise NotFound("没有这个文件。")
    if parts.as_staff:
        await note_read(kernel, row, actor=actor, kind="file")
    ref = FileRef(found.material, found.name or "", found.digest, found.size, found.media_type)
    return ref, await files.load(kernel, digest)


async def proof_bytes(kernel: Kernel, actor: Actor, id: str, digest: str) -> tuple[FileRef, bytes]:
    """What an applicant showed for a value that he calls wrong, for the unit that is asked to correct it.

    Raises NotFound, NotAllowed.
    """
    one = await correction(actor, id)
    refs = (await proofs_of([one])).get((str(one.case_id), one.pointer), ())
    ref = next((file for file in refs if file.digest == digest), None)
    if ref is None:
        raise NotFound("没有这个文件。")
    await note_read(kernel, await Case.get(id=one.case_id), actor=actor, kind="file")
    return ref, await files.load(kernel, digest)


__all__ = [
    "accesses_of", "case", "case_by_code", "cases_of", "corrected_by", "correction_draft", "count_unwritten",
    "dead_letters", "deliveries", "draft", "drafts_of", "file_bytes", "firm_of", "item_of_draft", "lent_drafts",
    "listener_queues", "mandate", "mandate_scan", "mandates_of", "mandates_of_case", "may_read", "proof_bytes", "queue",
    "receipt_of", "resumable", "silent_jobs", "to_confirm", "unwritten_letters", "waits_since",
]  # fmt: skip
