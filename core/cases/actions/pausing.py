"""Pauses 中止: a procedure of the law that stops the clock, told to the applicant in writing with its ground.

Knows the kinds of the law and those an item declares; what a pause does to a date is judge's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from core.cases.actions.moves import after, check_move, make_move, said, seen
from core.cases.case_view import CaseView
from core.cases.letter_rows import notice_row
from core.cases.models import Case
from core.cases.proposing import spoken_to
from core.cases.rows import Row, insert
from core.catalog import versions
from core.contract import Actor, Item, Problem
from core.errors import Unprocessable
from core.judge.clock import Span, end_of_span, read_date, span_in

if TYPE_CHECKING:
    from core.kernel import Kernel

_45 = "《中华人民共和国行政许可法》第四十五条"


@dataclass(frozen=True, slots=True)
class Kind:
    title: str
    basis: str
    """"" where the law of the matter itself must be named."""
    span: Span | None = None
    """How long it takes at most; at least, where `at_least`."""
    at_least: bool = False
    """Nobody goes on before the day it is told to end is over."""


KINDS = {
    "hearing": Kind("听证", _45),
    "expert_review": Kind("专家评审", _45),
    "inspection": Kind("检验、检测、检疫或鉴定", _45),
    "auction": Kind("招标或拍卖", _45),
    "public_notice": Kind("公示", "", at_least=True),
}
"""Of every item; its own stand beside them (`pauses` in item.json)."""
LONGEST = timedelta(days=366)
"""A pause stops a legal time limit: its end must be near enough to be a plan. What lasts longer is paused anew."""
NOTICE = """<article class="letter" lang="zh-CN">
<h2>不计入办理期限告知书</h2>
<p>编号：{{ case.no }}</p>
<p>{{ applicant.name }}：您申请的“{{ item.title }}”依法需要{{ decision.kind }}，所需时间不计入办理期限。</p>
<p>事由：{{ decision.because }}</p>
<p>依据：{{ decision.basis }}</p>
<p>自 {{ today }} 起中止计时，预计 {{ decision.until }} 前结束；结束后继续计时，新的办结期限可凭编号查询。</p>
<p class="letter-office">{{ office.unit }}<br>{{ today }}{% if office.telephone %}<br>\
咨询电话：{{ office.telephone }}{% endif %}</p>
</article>
"""
"""行政许可法第四十五条: 行政机关应当将所需时间书面告知申请人."""


def grounds_of(item: Item) -> Mapping[str, Kind]:
    """Every ground on which a case of this item may be paused."""
    return KINDS | {
        one["id"]: Kind(
            one["title"],
            one["basis"],
            span_in(one),
            bool(one.get("at_least")),
        )
        for one in item.declared.get("pauses") or ()
    }


async def pause(
    kernel: Kernel,
    no: str,
    *,
    actor: Actor,
    kind: str,
    because: str,
    basis: str = "",
    until: str | date | None = None,
    revision: int,
) -> CaseView:
    """Stop the clock for one of `grounds_of` its item; the applicant gets its notice. `until` is the day it is expected
    to end, left out where the item says how long the ground takes.

    Raises Unprocessable (kind, reason, basis of a public notice, day), Conflict, NotAllowed.
    """
    case, parts = await seen(kernel, no, actor)
    check_move(case, "pause", hats=parts.hats, revision=revision)
    found = grounds_of(await versions.item_by_digest(case.version)).get(kind)
    if found is None:
        raise Unprocessable([Problem("/kind", "enum", "请选择中止的种类。")])
    reason = said(because)
    law = basis.strip()[:500] or found.basis
    if not law:
        raise Unprocessable([Problem("/basis", "required", f"{found.title}应当写明依据的法律条文。")])
    said_end = end_of_span(found.span, kernel.today(), kernel.calendar) if found.span else None
    last = (until if isinstance(until, date) else read_date(until)) if until else said_end
    if last is None or last < kernel.today():
        raise Unprocessable([Problem("/until", "required", "请写明预计结束的日期，今天或以后；要告知申请人。")])
    if last > kernel.today() + LONGEST:
        raise Unprocessable(
            [Problem("/until", "maximum", "一次中止最长一年，请写一年以内的日期；到期仍未结束的，写明理由再次中止。")]
        )
    if said_end is not None and found.at_least and last < said_end:
        raise Unprocessable([Problem("/until", "minimum", f"“{found.title}”要满期才能结束，请写 {said_end} 或以后。")])
    if said_end is not None and not found.at_least and last > said_end:
        late = f"“{found.title}”最迟到 {said_end}，请写这一天或以前；到期没有结束的，写明理由再次中止。"
        raise Unprocessable([Problem("/until", "maximum", late)])
    await make_move(
        kernel,
        case,
        "pause",
        hats=parts.hats,
        revision=revision,
        actor=actor,
        data={
            "kind": kind,
            "title": found.title,
            "because": reason,
            "basis": law,
            "until": last.isoformat(),
            "held": found.at_least,
        },
        more=insert([_notice(kernel, case, await spoken_to(case), found, reason, law, last)]),
    )
    return await after(kernel, case, actor)


def _notice(
    kernel: Kernel, case: Case, applicant: Mapping[str, Any], kind: Kind, because: str, basis: str, until: date
) -> Row:
    told = {"kind": kind.title, "because": because, "basis": basis, "until": until.isoformat()}
    return notice_row(
        kernel, case, NOTICE, kind="pause", title="不计入办理期限告知书", applicant=applicant, decision=told
    )
