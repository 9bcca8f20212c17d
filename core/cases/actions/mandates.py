"""Mandates 委托书: granted by the principal, limited to items or one case and to a time, ended by either side.

Knows no page; who signed how is what the actor states and the chain of the case will show.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.actions.moves import seen
from core.cases.lifecycle import UNDER_WAY
from core.cases.mandate_view import MandateView, mandate_view
from core.cases.mandating import LONGEST, WAYS, Proof, begins, covers, digest_of, ends, text_of
from core.cases.models import Mandate
from core.cases.nouns import FileRef
from core.cases.standing import STAFF, check_applicant, key_of, may_be_asked, relation_of
from core.catalog import versions
from core.contract import Actor, Item, Problem
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.judge.formats import is_id_number
from core.judge.pictures import is_drawn_signature
from core.kernel import LEGAL_TIME
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

NO_SUCH = "没有这份委托书。"


async def grant_mandate(
    kernel: Kernel,
    item: Item,
    *,
    actor: Actor,
    applicant: Mapping[str, Any],
    holder: Actor | None = None,
    agent: Mapping[str, str] | None = None,
    signed: str,
    more: Sequence[Item] = (),
    case_no: str | None = None,
    since: date | None = None,
    until: date | None = None,
    valid_until: datetime | None = None,
    proof: Proof | None = None,
    files: Sequence[FileRef] = (),
    preview: bool = False,
) -> MandateView:
    """A mandate of `applicant` for `item` and `more`, or with `case_no` for that one case alone.

    It goes to `holder` (an account), to `agent` (`{"name", "id_number"}`, whoever signs in with that number), or else
    to the actor himself. From his own account only the principal, or his legal representative, grants one; at a counter
    staff record what was signed before them. `since` and `until` are legal days, both counted; `valid_until` is a
    moment instead of `until`; without either it runs to the end of the legal day. `preview`: nothing is written; the
    view has the text that would be signed.

    Raises Unprocessable, NotAllowed, Unavailable where the register of relations does not answer.
    """
    check_applicant(item, applicant, asked=True)
    shown = replace(proof or Proof(), files=(*(proof.files if proof else ()), *files))
    who = _holder(holder, agent, actor)
    shown = await _check_signer(kernel, item, actor=actor, applicant=applicant, who=who, signed=signed, proof=shown)
    items = list({one.id: one for one in (item, *more)}.values())
    now = kernel.now()
    first, last, starts, stops = _term(kernel, since=since, until=until, valid_until=valid_until)
    principal_key = key_of(kernel, applicant) or ""
    problems = [
        *([] if preview else _problems_of(signed, shown)),
        *_problems_of_holder(kernel, agent, principal_key),
        *_problems_of_items(items, applicant, staff=who["role"] in STAFF),
    ]
    if not (starts < stops and now < stops <= max(now, starts) + LONGEST + timedelta(days=1)):
        problems.append(Problem("/until", "range", "委托期限应从今天或以后开始，在一年以内结束。"))
    if problems:
        raise Unprocessable(problems)
    principal = {key: applicant.get(key) for key in ("kind", "name", "id_number", "credit_code")}
    text = text_of(
        principal=principal,
        holder=_described(kernel, who),
        titles=[one.title for one in items],
        case_no=case_no,
        since=first,
        until=last,
        signer=shown.signer,
    )
    held = Mandate(
        principal_key=principal_key,
        holder=who["id"],
        holder_key=kernel.keys.index(who["id_number"]) if who.get("id_number") else "",
        signer_key=kernel.keys.index(shown.signer["id_number"]) if shown.signer else "",
        recorder=actor.id if actor.role in STAFF else "",
        item=None if case_no else item.id,
        items=[one.id for one in items] if len(items) > 1 and not case_no else None,
        case_no=case_no,
        signed=signed,
        content={
            "principal": principal,
            "holder": {key: who[key] for key in ("id", "name", "role", "site", "id_number") if who.get(key)},
            "item": {"id": item.id, "title": item.title},
            "items": [{"id": one.id, "title": one.title} for one in items],
            "text": list(text),
            "proof": shown.as_json(),
            "recorder": {"name": actor.name, "role": actor.role, "site": actor.site} if actor.role in STAFF else None,
            "files": [file.as_json() for file in shown.files],
        },
        digest=digest_of(text),
        valid_from=starts,
        valid_until=stops,
    )
    if not preview:
        await held.save(force_create=True)
    return mandate_view(held)


def _holder(holder: Actor | None, agent: Mapping[str, str] | None, actor: Actor) -> dict[str, Any]:
    if agent is not None:
        number = str(agent.get("id_number", "")).strip().upper()
        return {"id": "", "name": str(agent.get("name", "")).strip(), "role": "agent", "id_number": number}
    who = holder or actor
    return {"id": who.id, "name": who.name, "role": who.role, "site": who.site, "id_number": who.id_number or ""}


def _described(kernel: Kernel, who: Mapping[str, Any]) -> dict[str, Any]:
    """The holder as the text names him: staff by their post, everybody else by his number."""
    if who["role"] not in STAFF:
        return {"name": who["name"], "id_number": who.get("id_number")}
    site = kernel.office.sites.get(who.get("site") or "")
    return {"name": who["name"], "post": site.name if site else "政务服务热线"}


async def _check_signer(
    kernel: Kernel,
    item: Item,
    *,
    actor: Actor,
    applicant: Mapping[str, Any],
    who: Mapping[str, Any],
    signed: str,
    proof: Proof,
) -> Proof:
    """Whether this actor may bring this mandate about, and who signed where that was not the principal himself."""
    if signed not in (*WAYS, "screen"):
        raise Unprocessable([Problem("/signed", "enum", "请说明委托书如何签署。")])
    if signed == "account":
        if actor.role in STAFF or who["id"] == actor.id or not actor.id_number:
            raise NotAllowed("只有本人可以从自己的账号委托他人。", code="not-principal")
        number = str(actor.id_number).upper()
        if applicant.get("kind") == "person" and str(applicant["id_number"]).upper() == number:
            return proof
        kind = await relation_of(kernel, item, actor=actor, number=number, applicant=applicant, kinds=_kinds(applicant))
        if applicant.get("kind") != "enterprise" or kind is None:
            raise NotAllowed("只有本人，或者企业登记的法定代表人，可以委托他人。", code="not-principal")
        return replace(proof, signer={"name": actor.name, "id_number": number, "relation": kind})
    if actor.role not in STAFF or not may(actor, "case.file_for_others"):
        raise NotAllowed("只有窗口、驿站和热线人员可以当面登记委托。", code="not-at-counter")
    if who["id"] and who["id"] != actor.id:
        raise NotAllowed("当面登记的委托，受托人是您本人或者持证件到场的代理人。", code="not-at-counter")
    if signed != "relation":
        return proof
    number = str(proof.signer.get("id_number", "")).strip().upper()
    if not is_id_number(number) or not str(proof.signer.get("name", "")).strip():
        told = "请填写监护人或法定代表人的姓名和公民身份号码。"
        raise Unprocessable([Problem("/signer", "required", told)])
    kind = await relation_of(kernel, item, actor=actor, number=number, applicant=applicant, kinds=_kinds(applicant))
    if kind is None:
        told = "没有查到这个人与申请人的监护或法定代表关系，请核对号码，或请本人委托。"
        raise Unprocessable([Problem("/signer", "relation", told)])
    return replace(proof, signer={"name": str(proof.signer["name"]).strip(), "id_number": number, "relation": kind})


def _kinds(applicant: Mapping[str, Any]) -> tuple[str, ...]:
    return ("legal_representative",) if applicant.get("kind") == "enterprise" else ("guardian",)


def _problems_of(signed: str, proof: Proof) -> list[Problem]:
    found = []
    if signed == "paper" and not proof.files:
        found.append(Problem("/files", "required", "请上传签好的委托书。"))
    if proof.drawn and not is_drawn_signature(proof.drawn):
        found.append(Problem("/drawn", "format", "签名没有收到，请再签一次。"))
    return found


def _problems_of_holder(kernel: Kernel, agent: Mapping[str, str] | None, principal_key: str) -> list[Problem]:
    if agent is None:
        return []
    found = []
    number = str(agent.get("id_number", "")).strip().upper()
    if not str(agent.get("name", "")).strip():
        found.append(Problem("/agent/name", "required", "请填写受托人的姓名。"))
    if not is_id_number(number):
        told = "受托人的公民身份号码应为 18 位且校验位正确，请照身份证填写。"
        found.append(Problem("/agent/id_number", "format", told))
    elif kernel.keys.index(number) == principal_key:
        found.append(Problem("/agent/id_number", "self", "受托人不能是委托人自己。"))
    return found


def _problems_of_items(items: Sequence[Item], applicant: Mapping[str, Any], *, staff: bool) -> list[Problem]:
    """Staff take whatever their counter takes; anybody else only what may be done by an agent."""
    found = []
    for one in items:
        if applicant.get("kind") not in one.audience and not may_be_asked(one, applicant):
            found.append(Problem("/items", "audience", f"“{one.title}”不是这位委托人能申请的事项。"))
        elif not staff and "mandate" not in one.agents:
            found.append(Problem("/items", "agents", f"“{one.title}”须本人办理，不能委托他人。"))
    return found


def _term(
    kernel: Kernel, *, since: date | None, until: date | None, valid_until: datetime | None
) -> tuple[date, date, datetime, datetime]:
    """First and last legal day as the text says them, and the moments between which the mandate runs."""
    now, today = kernel.now(), kernel.today()
    first = since or today
    starts = now if first <= today else begins(first)
    if first < today:
        raise Unprocessable([Problem("/since", "range", "委托不能从过去的日期开始。")])
    if valid_until is not None and until is None:
        return first, valid_until.astimezone(LEGAL_TIME).date(), starts, valid_until
    last = until or first
    if last < first or last > first + LONGEST:
        raise Unprocessable([Problem("/until", "range", "委托期限应在一年以内，结束不早于开始。")])
    return first, last, starts, ends(last)


async def grant_for_case(
    kernel: Kernel,
    no: str,
    *,
    actor: Actor,
    agent: Mapping[str, str] | None = None,
    signed: str,
    until: date | None = None,
    proof: Proof | None = None,
    preview: bool = False,
) -> MandateView:
    """A mandate of the case's applicant for this case alone. Raises as `grant_mandate`; NotFound, Conflict."""
    case, _ = await seen(kernel, no, actor)
    applicant = (case.record or {}).get("applicant")
    if not applicant or case.status not in (*UNDER_WAY, "decided"):
        raise Conflict("办件已经结束，不能再委托他人办理。", code="move-not-possible")
    return await grant_mandate(
        kernel,
        await versions.item_by_digest(case.version),
        actor=actor,
        applicant=applicant,
        agent=agent,
        signed=signed,
        case_no=case.no,
        until=until,
        proof=proof,
        preview=preview,
    )


async def revoke_mandate(kernel: Kernel, mandate: str, *, actor: Actor, because: str = "") -> None:
    """Ended at once, for everything not yet filed: by the principal, by who signed for him, by its holder; or by the
    member of staff who recorded it, with a reason. Raises NotFound, Unprocessable for staff without a reason.
    """
    row = await _row(mandate)
    principal = kernel.keys.index(actor.id_number) if actor.id_number else None
    own = principal is not None and principal in (row.principal_key, row.signer_key, row.holder_key)
    recorded = row.recorder == actor.id and actor.role in STAFF
    if not (own or recorded or row.holder == actor.id):
        raise NotFound(NO_SUCH)
    # A counter that holds it gives it back without a word; one that wrote it down for somebody else says why.
    await _end(kernel, row, actor, because, reasoned=recorded and not own and row.holder != actor.id)


async def revoke_for_case(kernel: Kernel, no: str, mandate: str, *, actor: Actor, because: str) -> None:
    """By staff who may read the case, because the principal came to them and said so. Raises as `revoke_mandate`."""
    case, parts = await seen(kernel, no, actor)
    row = await _row(mandate)
    if not (
        parts.as_staff and row.principal_key == case.applicant_key and covers(row, item=case.item, case_no=case.no)
    ):
        raise NotFound(NO_SUCH)
    await _end(kernel, row, actor, because, reasoned=True)


async def _end(kernel: Kernel, row: Mandate, actor: Actor, because: str, *, reasoned: bool) -> None:
    why = because.strip()[:400]
    if reasoned and not why:
        raise Unprocessable([Problem("/because", "required", "请写明结束委托的原因。")])
    ended = {"by": actor.id, "name": actor.name, "role": actor.role, "because": why}
    await Mandate.filter(id=row.id, revoked_at=None).update(revoked_at=kernel.now(), ended=ended)


async def _row(mandate: str) -> Mandate:
    try:
        row = await Mandate.get_or_none(id=str(UUID(mandate)))
    except ValueError:
        row = None
    if row is None:
        raise NotFound(NO_SUCH)
    return row
