"""What the applicant himself has to do in time 逾期视为撤回: he is reminded before the day and told once it has passed;
where the item says so, the case is then taken as withdrawn, with a notice.

Knows days and declarations; what a step, a correction or a material asks for is told elsewhere.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

from core.cases.actions.moves import add_event, make_move
from core.cases.joint import names_of
from core.cases.letter_rows import notice_row
from core.cases.lifecycle import SYSTEM
from core.cases.models import Case, CaseStep
from core.cases.proposing import spoken_to
from core.cases.rows import Statement, insert
from core.errors import Conflict
from core.judge.clock import add_working_days
from core.judge.sentences import say

if TYPE_CHECKING:
    from core.kernel import Kernel

REMIND_DAYS = 2
"""Working days before the day on which the applicant is reminded."""
CLOSE = "close"
"""What `otherwise` says where the case then ends."""
TITLE = "视为撤回申请告知书"
NOTICE = """<article class="letter" lang="zh-CN">
<h2>视为撤回申请告知书</h2>
<p>编号：{{ case.no }}</p>
<p>{{ applicant.name }}{% for name in case.joint %}、{{ name }}{% endfor %}：您申请的“{{ item.title }}”，\
{{ decision.because }}这件申请到此结束，不再办理。</p>
{% if decision.basis %}<p>依据：{{ decision.basis }}</p>
{% endif %}<p>需要办理的，可以重新申请。</p>
<p class="letter-office">{{ office.unit }}<br>{{ today }}{% if office.telephone %}<br>\
咨询电话：{{ office.telephone }}{% endif %}</p>
</article>
"""


async def lapse(
    kernel: Kernel,
    case: Case,
    *,
    because: str,
    basis: str = "",
    data: Mapping[str, Any],
    changes: Mapping[str, Any] | None = None,
    more: Sequence[Statement] = (),
) -> None:
    """Take the case as withdrawn, and tell the applicant. Raises Conflict where somebody acted at this moment."""
    letter = insert([await _notice(kernel, case, because, basis)])
    told = {**data, "because": because, **({"basis": basis} if basis else {})}
    await make_move(
        kernel, case, "lapse", hats=frozenset({SYSTEM}), revision=case.revision, data=told, changes=changes,
        more=[*more, *letter],
    )  # fmt: skip


async def _notice(kernel: Kernel, case: Case, because: str, basis: str) -> Any:
    told, who = {"because": because, "basis": basis}, await spoken_to(case)
    joint = names_of(case.record)
    return notice_row(kernel, case, NOTICE, kind="withdrawn", title=TITLE, applicant=who, decision=told, joint=joint)


async def watch_steps(kernel: Kernel) -> int:
    """Steps of the way that the applicant does."""
    soon, done = add_working_days(kernel.today(), REMIND_DAYS, kernel.calendar), 0
    waiting = CaseStep.filter(waiting__gte=0, outside=True, due__lte=soon, case__status="in_step")
    for one in await waiting.order_by("id"):
        case = await Case.get(id=one.case_id)
        steps = (case.record or {}).get("steps") or ()
        step = steps[one.position] if one.position < len(steps) else {}
        if not step.get("party") or one.due is None:
            continue
        done += await _watch(
            kernel, case, f"step/{one.position}", title=step["title"] or "这个环节", until=one.due,
            otherwise=step.get("otherwise") or "", basis=step.get("basis") or "",
        )  # fmt: skip
    return done


async def watch_corrections(kernel: Kernel) -> int:
    """What has to be mended 补正, where the item says by when."""
    done = 0
    for case in await Case.filter(status="correction").order_by("id"):
        asked = (case.record or {}).get("correction_asked") or {}
        if asked.get("until"):
            done += await _watch(
                kernel, case, "correction", title="补正", until=date.fromisoformat(asked["until"]),
                otherwise=asked.get("otherwise") or "", basis=asked.get("basis") or "",
            )  # fmt: skip
    return done


async def _watch(kernel: Kernel, case: Case, about: str, *, title: str, until: date, otherwise: str, basis: str) -> int:
    """How many events it wrote: 0 where the day is far, or was told already."""
    today = kernel.today()
    if until > add_working_days(today, REMIND_DAYS, kernel.calendar):
        return 0
    over = until < today
    record = dict(case.record or {})
    told = {"until": until.isoformat(), "told": "over" if over else "soon"}
    before = (record.get("reminded") or {}).get(about) or {}
    if before == told or (before.get("until"), before.get("told")) == (told["until"], "over"):
        return 0
    record["reminded"] = {**(record.get("reminded") or {}), about: told}
    data = {"title": title, "due": until.isoformat()}
    try:
        if over and otherwise == CLOSE:
            because = say("zh", "lapsed", title=title, day=until)
            await lapse(kernel, case, because=because, basis=basis, data=data, changes={"record": record})
        else:
            key = "duty_over" if over else "lapse_soon" if otherwise == CLOSE else "duty_soon"
            because = say("zh", key, title=title, day=until)
            type = "act_over" if over else "act_soon"
            await add_event(
                kernel, case, type, to=case.status, data={**data, "because": because}, changes={"record": record}
            )
    except Conflict:
        return 0  # somebody acted at this very moment; the next turn sees to it
    return 1
