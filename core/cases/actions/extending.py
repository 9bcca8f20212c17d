"""Extending the time 延长期限: once, by the head of the deciding office, told to the applicant with its reason.

Knows what the item allows; what an extension does to a date is judge's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from core.cases.actions.moves import after, check_move, dates_now, make_move, said, seen
from core.cases.case_view import CaseView
from core.cases.clock import no_extension, terms_of_record
from core.cases.letter_rows import notice_row
from core.cases.models import Case
from core.cases.proposing import spoken_to
from core.cases.rows import Row, insert
from core.catalog import versions
from core.contract import Actor, Problem
from core.errors import Unprocessable
from core.judge.clock import end_of_span

if TYPE_CHECKING:
    from core.kernel import Kernel

NOTICE = """<article class="letter" lang="zh-CN">
<h2>延长办理期限告知书</h2>
<p>编号：{{ case.no }}</p>
<p>{{ applicant.name }}：您申请的“{{ item.title }}”不能在原定期限内作出决定，经本机关负责人批准，\
办理期限延长{{ decision.span }}。</p>
<p>理由：{{ decision.because }}</p>
<p>依据：{{ decision.basis }}</p>
<p>原办结期限 {{ decision.before }}，延长后为 {{ decision.until }}；以后有中止的，期限顺延，可凭编号查询。</p>
<p class="letter-office">{{ office.unit }}<br>{{ today }}{% if office.telephone %}<br>\
咨询电话：{{ office.telephone }}{% endif %}</p>
</article>
"""
"""行政许可法第四十二条: 应当将延长期限的理由告知申请人."""


async def extend(
    kernel: Kernel, no: str, *, actor: Actor, because: str, number: int | None = None, revision: int
) -> CaseView:
    """Extend the time by `number` of what the item's `extension` is said in (working days, calendar days, months), at
    most and unless told all that it allows.

    The applicant gets the notice with the reason. Raises Unprocessable (reason, number), Conflict (moved on, extended
    once already, too late, no law for it), NotAllowed.
    """
    case, parts = await seen(kernel, no, actor)
    check_move(case, "extend", hats=parts.hats, revision=revision)
    dates = await dates_now(kernel, case)
    barred = no_extension(kernel, case, dates)
    terms = terms_of_record(case.record)
    if barred is not None or terms is None or terms.extension is None or dates is None or dates.deadline is None:
        raise barred or RuntimeError("Nothing bars it and nothing is known of its time.")
    most = terms.extension
    span = replace(most, number=most.number if number is None else number)
    if not 1 <= span.number <= most.number:
        raise Unprocessable([Problem("/number", "maximum", f"请填写延长多久，最多{most.line().text()}。")])
    reason = said(because)
    law = str(((await versions.item_by_digest(case.version)).declared.get("extension") or {}).get("basis", ""))
    before = dates.deadline.day.isoformat()
    until = end_of_span(span, dates.deadline.day, kernel.calendar).isoformat()
    told = {**span.as_json(), "because": reason, "basis": law, "before": before, "until": until}
    await make_move(
        kernel, case, "extend", hats=parts.hats, revision=revision, actor=actor, data=told,
        changes={"record": {**(case.record or {}), "extended": {**told, "day": kernel.today().isoformat()}}},
        more=insert([_notice(kernel, case, await spoken_to(case), {**told, "span": span.line().text()})]),
    )  # fmt: skip
    return await after(kernel, case, actor)


def _notice(kernel: Kernel, case: Case, applicant: Mapping[str, Any], told: dict[str, object]) -> Row:
    return notice_row(
        kernel, case, NOTICE, kind="extension", title="延长办理期限告知书", applicant=applicant, decision=told
    )
