"""A filed case opened again for its correction 补正: a draft that stands on the case, and what it changes in it.

Knows rows and who may correct; asks no source and writes nothing: `actions.reopening` does.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.acting import acting_in, applies_jointly, parts_for
from core.cases.draft_view import DraftView, OfCase
from core.cases.drafts import titles_of
from core.cases.lifecycle import MOVES, TAKER
from core.cases.models import Case, Draft, Event
from core.cases.parts import Parts, is_concerned
from core.cases.rejudging import Held, held
from core.cases.standing import STAFF
from core.contract import Actor
from core.errors import NotAllowed, NotFound
from core.judge.pointers import tokens, without
from core.office.permissions import CITIZEN_ROLES
from core.office.persons import accounts_of
from core.sources.questions import value_digest

if TYPE_CHECKING:
    from core.kernel import Kernel

OVER = "这件办件已经有新的进展，不能再从这里补正；这里没有提交的更改没有用上。"
ANOTHERS = "表单由提交申请的人改；您要说明的，请写进补正说明。"
OWN = "这件和您本人有关，请由别的工作人员接着办。"
_VERSION, _VARIANT = 0x7 << 76, 0x2 << 62


async def may_correct(kernel: Kernel, case: Case, actor: Actor, *, in_hand: bool = False) -> Parts:
    """The actor's parts in a case that he may correct in the form: the applicant, and who acts for him.

    `in_hand`: the draft is his already. A counter to which the applicant handed it needs no more than his mandate, as
    for a draft that is not filed yet, wherever the case was taken.
    Raises NotFound where he may not even read it, NotAllowed: staff without the applicant's mandate, a joint applicant,
    who did not fill in the form and may not see what was looked up for another.
    """
    parts = await parts_for(kernel, actor, case)
    his = bool(parts.hats & MOVES["correct"].makers) and parts.reads and parts.evidence and not parts.joint
    if not his and in_hand and actor.role in STAFF and not await _own_matter(kernel, case, actor):
        parts, his = replace(parts, hats=parts.hats | {TAKER}), True
    if not his and not parts.reads:
        raise NotFound("没有查到这个办件。请核对编号。")
    if not his:
        raise NotAllowed(ANOTHERS, code="not-your-form")
    await acting_in(kernel, case, actor, "corrected")
    return parts


async def _own_matter(kernel: Kernel, case: Case, actor: Actor) -> bool:
    """回避: nobody takes in hand for his post what he applied for, or filed, as a citizen."""
    accounts = await accounts_of(actor) if actor.id_number else {}
    return (
        is_concerned(kernel, actor, case)
        or accounts.get(case.actor) in CITIZEN_ROLES
        or await applies_jointly(kernel, actor, case)
    )


async def check_takes(kernel: Kernel, view: DraftView, actor: Actor) -> None:
    """Whether somebody may go on with a correction that is handed to him; a counter's mandate is looked at after this.

    Raises NotAllowed, NotFound (also moved-on).
    """
    case = await case_of(view)
    if actor.role not in STAFF:
        await may_correct(kernel, case, actor)
    elif await _own_matter(kernel, case, actor):
        raise NotAllowed(OWN, code="own-matter")


async def asked_on(case: Case) -> datetime:
    """When the correction was asked for."""
    asked = await Event.filter(case_id=case.id, type="correction_asked").order_by("-seq").first().only("id", "at")
    return datetime.fromisoformat(asked.at) if asked is not None else case.updated_at


def draft_id(kernel: Kernel, case: Case, actor: Actor, begun: datetime) -> str:
    """One for each who corrects it, however often he opens it; like every key it begins with a moment, and nobody can
    guess it."""
    secret = int(kernel.keys.index(f"{case.id}:{actor.id}", "correction")[:24], 16)
    random = (secret >> 64 & 0xFFF) << 64 | secret & ((1 << 62) - 1)
    return str(UUID(int=int(begun.timestamp() * 1000) << 80 | _VERSION | _VARIANT | random))


def reopened(kernel: Kernel, now: Held, *, id: str, actor: Actor, expires_at: datetime) -> DraftView:
    """The draft as it is when the case is opened: what the applicant wrote, and not what was filled in for him."""
    filed = now.application
    answers: Any = filed.answers
    for place in filed.filling.values:
        answers = without(answers, tokens(place))
    fresh = replace(
        filed, id=id, owner=actor.id, owner_role=actor.role, revision=1, expires_at=expires_at, files=(),
        answers=answers, of=OfCase(str(now.case.id), now.case.no),
    )  # fmt: skip
    return onto(kernel, now, fresh)


async def corrected_by(actor: Actor, draft_id: str) -> str | None:
    """The number of the case that this actor corrects by the draft, or has; None where there is none."""
    case = await Case.get_or_none(correction_key=draft_id)
    if case is not None and await Event.filter(case_id=case.id, type="corrected", actor=actor.id).exists():
        return case.no
    row = await Draft.get_or_none(id=draft_id, owner=actor.id)
    return str(row.content["of"]["no"]) if row is not None and row.content.get("of") else None


async def case_of(view: DraftView) -> Case:
    """Raises NotFound (code `moved-on`) once the case no longer waits for a correction."""
    case = await Case.get_or_none(id=view.of.id) if view.of is not None else None
    if case is None or case.record is None or case.status != "correction":
        raise NotFound(OVER, code="moved-on")
    return case


async def completed(kernel: Kernel, view: DraftView) -> DraftView:
    """A draft of a case with what the case holds now; any other as it is. Raises NotFound (moved-on)."""
    if view.of is None:
        return view
    return onto(kernel, await held(kernel, await case_of(view)), view)


def onto(kernel: Kernel, now: Held, view: DraftView) -> DraftView:
    """The draft's own answers, papers and fresh lookups over the case's rows as they are."""
    filed, record, of = now.application, now.case.record or {}, view.of
    if of is None:
        return view
    asked = record.get("correction_asked") or {}
    evidence = {name: one for name, one in filed.evidence.items() if name not in of.left_out} | dict(view.evidence)
    barred = frozenset(id for id, one in now.materials.items() if one.told == "false")
    wanting = {id for id, one in now.materials.items() if one.told == "rejected"}
    given = {file.material for file in filed.files} | {id for id, one in now.materials.items() if one.status == "given"}
    return replace(
        view,
        item=filed.item,
        channel=filed.channel,
        applicant=filed.applicant,
        agent=filed.agent,
        site=filed.site,
        standing=filed.standing,
        evidence=evidence,
        consents=filed.consents,
        promises=tuple(dict.fromkeys(one for one in (*filed.promises, *view.promises) if one not in barred)),
        confirmed=filed.confirmed,
        confirmations=filed.confirmations,
        paid=filed.paid,
        source_titles=titles_of(kernel, filed.item),
        of=replace(
            of,
            answers=record.get("answers", {}),
            evidence=dict(filed.evidence),
            given=frozenset(given - wanting),
            files=len(filed.files),
            promised=filed.promises,
            barred=barred,
            wanted=dict(asked.get("wanted") or {}),
            until=str(asked.get("until") or ""),
        ),
    )


@dataclass(frozen=True, slots=True)
class Changed:
    """What a correction changes in the answers: questions of the top level → their value, each only where it differs.
    What was not there is missing."""

    old: Mapping[str, Any]
    new: Mapping[str, Any]

    @property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys((*self.old, *self.new)))

    def __bool__(self) -> bool:
        return bool(self.old or self.new)


def changed(old: Mapping[str, Any], new: Mapping[str, Any]) -> Changed:
    other = [name for name in {**old, **new} if (name in old) != (name in new) or old.get(name) != new.get(name)]
    return Changed(
        {name: old[name] for name in other if name in old}, {name: new[name] for name in other if name in new}
    )


def undone(answers: Mapping[str, Any], what: Changed) -> dict[str, Any]:
    """The answers as they were before."""
    return {**{name: value for name, value in answers.items() if name not in what.new}, **what.old}


def in_event(what: Changed, before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, Any]:
    """As the event `corrected` keeps it: both values of what differs, and the digests of the whole before and after."""
    digests = {"old": value_digest(before), "new": value_digest(after)}
    return {"changed": {"old": dict(what.old), "new": dict(what.new)}, "answers": digests}


def of_event(data: Mapping[str, Any]) -> Changed:
    """What a correction has changed, from its event; nothing where it changed none, and once it is erased."""
    said = data.get("changed") or {}
    return Changed(said.get("old") or {}, said.get("new") or {})
