"""How far a permission reaches, as a query: the cases of a scope, and the steps that wait for an office.

Knows the scopes of `core.office.permissions`; a list is read in `access`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from core.cases.models import Case, CaseStep
from core.contract import Actor
from core.office.permissions import ALL, AREA, OFFICE, OWN, SITE, UNIT, areas_within

if TYPE_CHECKING:
    from core.kernel import Kernel


def steps_of(kernel: Kernel, actor: Actor, scope: str) -> QuerySet[CaseStep] | None:
    """Steps that have their turn with the actor's office, or for a supervisor with his unit's below."""
    if actor.unit is None or scope not in (OFFICE, UNIT):
        return None
    query = CaseStep.filter(waiting__gte=0, unit=actor.unit)
    if scope == OFFICE:
        return query.filter(area=actor.area or "")
    return query.filter(area__in=areas_within(actor.area, kernel.office))


def reached(kernel: Kernel, query: QuerySet[Case], scope: str, actor: Actor) -> QuerySet[Case]:
    """The cases that a permission of this scope reaches (core.office.permissions)."""
    if scope == ALL:
        return query
    if scope == OWN:
        return query.filter(actor=actor.id)
    if scope == SITE:
        return query.filter(site=actor.site or "")
    if scope == OFFICE:
        return query.filter(deciding_unit=actor.unit or "", deciding_area=actor.area or "")
    query = query.filter(deciding_area__in=areas_within(actor.area, kernel.office))
    if scope == UNIT:
        return query.filter(deciding_unit=actor.unit or "")
    if scope == AREA:
        return query
    raise ValueError(f"{scope} is not a scope.")


def own_day(step: CaseStep) -> bool:
    """Whether a step in turn has a day of its own beside the case's: done outside, or it stops the clock (`counts`).

    While a case in step stands still and nothing is to be paid, only such steps have their turn (`judge.legal_clock`).
    """
    case = step.case
    return step.outside or (case.stopped_since is not None and case.status == "in_step" and case.pay_by is None)


async def overdue(
    kernel: Kernel, query: QuerySet[Case], actor: Actor, scope: str, *, after: str | None, most: int
) -> tuple[list[Case], dict[UUID, CaseStep]]:
    """Cases past their deadline or delivery, and those past a step of the actor's office with that step.

    A step that lies outside the legal time is late by its own day though the case's clock stands still for it.
    """
    today = kernel.today()
    late = Q(waiting__gte=0, stopped_since=None, deadline__lt=today) | Q(deliver_by__lt=today)
    query = query.filter(late)
    steps = steps_of(kernel, actor, scope)
    if steps is not None:
        running = Q(case__stopped_since=None) | Q(case__status="in_step", case__pay_by=None)
        running |= Q(outside=True, case__status="in_step")
        steps = steps.filter(running, due__lt=today)
    if after:
        query = query.filter(id__gt=after)
        steps = steps.filter(case_id__gt=after) if steps is not None else None
    found = {row.id: row for row in await query.order_by("id").limit(most)}
    due: dict[UUID, CaseStep] = {}
    if steps is not None:
        for step in await steps.order_by("case_id").limit(most).prefetch_related("case"):
            if step.case_id not in found or own_day(step):
                found[step.case_id], due[step.case_id] = step.case, step
    return sorted(found.values(), key=lambda row: row.id), due
