"""What an office, or the holder of a result, still has to do: lists by day.

Knows no page. A list names cases of which the office has a duty, and no more of them than that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from core.cases.duty_view import AHEAD, WAITING, DutyLine
from core.cases.lines import Page
from core.cases.models import Case, CaseDuty
from core.contract import Actor
from core.errors import NotAllowed, NotFound
from core.office.permissions import OFFICE, areas_within, reach

if TYPE_CHECKING:
    from core.kernel import Kernel

PAGE = 20


@dataclass(frozen=True, slots=True)
class Pressing:
    over: int
    soon: int


def _of_office(kernel: Kernel, actor: Actor) -> QuerySet[CaseDuty] | None:
    held = reach(actor, "case.step")
    if held is None or actor.unit is None:
        return None
    areas = [actor.area or ""] if held.scope == OFFICE else areas_within(actor.area, kernel.office)
    return CaseDuty.filter(state__in=WAITING, unit=actor.unit, area__in=areas)


def has_duties(actor: Actor) -> bool:
    """Whether the actor works in an office that can have any."""
    return bool(actor.unit) and reach(actor, "case.step") is not None


async def pressing(kernel: Kernel, actor: Actor) -> Pressing:
    """How many of his office are past their day, and how many come within the time they are listed ahead."""
    mine = _of_office(kernel, actor)
    if mine is None:
        return Pressing(0, 0)
    today = kernel.today()
    return Pressing(
        await mine.filter(due__lt=today).count(), await mine.filter(due__gte=today, due__lte=today + AHEAD).count()
    )


async def duties_of_office(
    kernel: Kernel, actor: Actor, *, after: str | None = None, every: bool = False
) -> Page[DutyLine]:
    """What waits for his office, the nearest day first; with `every`, also what is far off, and then what has no day.

    Raises NotAllowed for who works in no office, NotFound for an `after` that no page of ours gave.
    """
    mine = _of_office(kernel, actor)
    if mine is None:
        raise NotAllowed("您的账号没有后续事项。")
    dated = mine.filter(due__isnull=False)
    if not every:
        dated = dated.filter(due__lte=kernel.today() + AHEAD)
    day, _, key = (after or "").partition("_")
    rows: list[CaseDuty] = []
    if day != "none":
        query = dated.filter(_later(day, key)) if after else dated
        rows = await query.order_by("due", "id").limit(PAGE + 1).prefetch_related("case")
    if every and len(rows) <= PAGE:
        undated = mine.filter(due__isnull=True)
        undated = undated.filter(id__gt=_key(key)) if day == "none" else undated
        rows += await undated.order_by("id").limit(PAGE + 1 - len(rows)).prefetch_related("case")
    shown = rows[:PAGE]
    last = shown[-1] if len(rows) > PAGE else None
    token = None if last is None else f"{last.due.isoformat() if last.due else 'none'}_{last.id}"
    return Page(tuple(_line(one) for one in shown), token)


def _later(day: str, key: str) -> Q:
    try:
        due = date.fromisoformat(day)
    except ValueError:
        raise NotFound("没有这一页。") from None
    return Q(Q(due__gt=due), Q(due=due, id__gt=_key(key)), join_type="OR")


def _key(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        raise NotFound("没有这一页。") from None


async def to_do(kernel: Kernel, cases: Sequence[Case]) -> dict[UUID, list[CaseDuty]]:
    """Case → what its holder has to do within the time that duties are listed ahead, or has not done in time."""
    wanted = [one.id for one in cases if one.outcome == "approve"]
    found: dict[UUID, list[CaseDuty]] = {}
    if wanted:
        soon = CaseDuty.filter(case_id__in=wanted, party=True, state="open", due__lte=kernel.today() + AHEAD)
        for row in await soon.order_by("due", "id"):
            found.setdefault(row.case_id, []).append(row)
    return found


def _line(row: CaseDuty) -> DutyLine:
    case: Case = row.case
    record = case.record or {}
    who = record.get("applicant") or {}
    return DutyLine(
        no=case.no,
        item=case.item,
        item_title=case.title,
        applicant_name=str(who.get("name") or record.get("called") or ""),
        title=row.title,
        number=row.number,
        party=row.party,
        due=row.due,
        state=row.state,
    )
