"""What the law does by itself when nobody acts: silence accepts, and where the item says so, silence consents.

Knows no schedule; `core.jobs` calls.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from tortoise.models import Model
from tortoise.queryset import QuerySet

from core.cases.actions.deciding import decided_record
from core.cases.actions.fallbacks import refused
from core.cases.actions.lapsing import CLOSE, lapse
from core.cases.actions.moves import add_event, dates_now, make_move
from core.cases.lifecycle import SYSTEM, UNDER_WAY
from core.cases.models import Case, CaseMaterial
from core.cases.paying import hindrance
from core.cases.proposing import restated, stored_facts
from core.cases.rows import update
from core.catalog import versions
from core.errors import Conflict
from core.judge.clock import add_working_days
from core.judge.legal_clock import CORRECTION_DAYS
from core.judge.materials import otherwise
from core.judge.sentences import say

if TYPE_CHECKING:
    from core.kernel import Kernel

Row = TypeVar("Row", bound=Model)

_RULES = frozenset({SYSTEM})
PAGE = 200
REMIND_DAYS = 2
"""Working days before the day of a `later` material on which the applicant is reminded."""


async def each(found: QuerySet[Row]) -> AsyncIterator[Row]:
    """Every row, a page at a time: one that is looked at and left as it is keeps no later one from its turn."""
    last = None
    while True:
        rows = await (found if last is None else found.filter(id__gt=last)).order_by("id").limit(PAGE)
        for row in rows:
            yield row
        if len(rows) < PAGE:
            return
        last = rows[-1].pk


async def accept_by_silence(kernel: Kernel) -> int:
    """Nobody asked for a correction within five working days: accepted, from the day it was received on.

    行政许可法第三十二条第一款第四项：逾期不告知的，自收到申请材料之日起即为受理.
    """
    today, done = kernel.today(), 0
    waiting = Case.filter(
        status__in=("filed", "in_step"),
        waiting__gte=0,
        accepted_on=None,
        filed_at__lt=kernel.now() - timedelta(days=CORRECTION_DAYS),
    )
    async for case in each(waiting):
        if case.record is None:
            continue
        received = date.fromisoformat(case.record.get("corrected_on") or case.record["today"])
        if today <= add_working_days(received, CORRECTION_DAYS, kernel.calendar):
            continue
        if case.record.get("payment"):
            dates = await dates_now(kernel, case)
            if dates is None or not dates.deemed_accepted:
                continue  # what is to be paid first takes none of the five days
        reason = {
            "because": say("zh", "silent_accepted", day=received),
            "on": received.isoformat(),
        }
        try:
            if case.status == "filed":
                await make_move(
                    kernel, case, "accept", hats=_RULES, revision=case.revision, data=reason,
                    changes={"accepted_on": received},
                )  # fmt: skip
                fresh = await Case.get(id=case.id)
                await make_move(kernel, fresh, "begin", hats=_RULES, revision=fresh.revision, data={})
            else:
                await add_event(
                    kernel, case, "accepted", to=case.status, data=reason, changes={"accepted_on": received}
                )
        except Conflict:
            continue  # somebody acted at this very moment
        done += 1
    return done


async def watch_later(kernel: Kernel) -> int:
    """容缺受理: the applicant is reminded before the day, and told when it has passed; then the reviewer goes on, or
    the case ends where the item says so."""
    today, done = kernel.today(), 0
    soon = add_working_days(today, REMIND_DAYS, kernel.calendar)
    wanted = CaseMaterial.filter(due__lte=soon, status="later", open=True, case__status__in=UNDER_WAY)
    async for one in each(wanted):
        told = "over" if one.due is not None and one.due < today else "soon"
        if one.told in (told, "over"):
            continue
        case = await Case.get(id=one.case_id)
        over = told == "over"
        closes, law = await _ends(kernel, case, one)
        what = say("zh", "later_title", title=one.title)
        if closes:
            why = say("zh", "lapsed" if over else "lapse_soon", title=what, day=one.due)
        else:
            why = say("zh", "later_over" if over else "later_soon", title=one.title, day=one.due)
        values = {"told": told, "because": say("zh", "later_missed")} if over else {"told": told}
        begins = over and case.status in ("filed", "accepted")
        record, proposed = await restated(kernel, case, {one.material: values})
        changed = [update(CaseMaterial, values, {"id": one.id})]
        data = {"material": one.material, "due": str(one.due)}
        try:
            if over and closes:
                await lapse(kernel, case, because=why, basis=law, data=data, more=changed)
                done += 1
                continue
            await add_event(
                kernel,
                case,
                "later_over" if over else "later_soon",
                to="in_step" if begins else case.status,
                data={**data, "because": why, **proposed},
                changes={"record": record} if proposed else {},
                more=changed,
            )
        except Conflict:
            continue  # somebody acted at this very moment; the next turn sees to it
        done += 1
    return done


async def _ends(kernel: Kernel, case: Case, one: CaseMaterial) -> tuple[bool, str]:
    """Whether the case ends without this material, and by which law."""
    item = await versions.item_by_digest(case.version)
    law = next((str(m.declared.get("basis") or "") for m in item.materials if m.id == one.material), "")
    return otherwise(item, one.material, await stored_facts(case), kernel.calendar) == CLOSE, law


async def watch_confirmers(kernel: Kernel) -> int:
    """另一方没有在期限内确认: from then on what the item wants instead, or a person, goes on."""
    done = 0
    late = CaseMaterial.filter(due__lt=kernel.today(), status="confirm", open=True, told="", case__status__in=UNDER_WAY)
    async for one in each(late):
        case = await Case.get(id=one.case_id)
        values = await refused(kernel, case, one, told="over")
        why = say("zh", "party_silent", title=one.title, day=one.due, because=values["because"])
        record, proposed = await restated(kernel, case, {one.material: values})
        try:
            await add_event(
                kernel,
                case,
                "party_silent",
                to="in_step" if case.status in ("filed", "accepted") else case.status,
                data={"material": one.material, "because": why, **proposed},
                changes={"record": record} if proposed else {},
                more=[update(CaseMaterial, values, {"id": one.id})],
            )
        except Conflict:
            continue  # somebody acted at this very moment; the next turn sees to it
        done += 1
    return done


async def approve_by_silence(kernel: Kernel) -> int:
    """The day has passed and the item says `"overdue": "approve"`: the law deems it granted."""
    today, done = kernel.today(), 0
    late = Case.filter(status__in=("accepted", "in_step"), deadline__lt=today, stopped_since=None)
    lenient = [
        version
        for version in await late.distinct().values_list("version", flat=True)
        if (await versions.item_by_digest(str(version))).declared.get("overdue") == "approve"
    ]
    async for case in each(late.filter(version__in=lenient)):
        if case.record is None:
            continue
        if await CaseMaterial.filter(case_id=case.id, required=True, open=True).exists():
            continue  # what was never handed in is not granted by waiting
        item = await versions.item_by_digest(case.version)
        if hindrance(item, case.record, "approve"):
            continue  # nor is what was never paid for
        decision: dict[str, Any] = {
            "outcome": "approve",
            "because": say("zh", "silent_approved", day=case.deadline),
            "basis": "",
            "rule": None,
            "instead": None,
            "held_back": [],
        }
        newer, letter, told = await decided_record(kernel, case, decision)
        try:
            await make_move(
                kernel, case, "decide", hats=_RULES, revision=case.revision,
                data={"outcome": "approve", "because": decision["because"], **told}, more=letter,
                changes={
                    "outcome": "approve", "decided_at": kernel.now(), "record": newer,
                },
            )  # fmt: skip
        except Conflict:
            continue
        done += 1
    return done
