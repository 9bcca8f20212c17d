"""Why the time of a case can, or cannot now, be extended 延长期限: one sentence for whoever looks for it at the desk.

Knows the view and the item; whether an extension is made is judged in `core.cases.actions`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from core.cases.case_view import CaseView
from core.cases.clock import EXTENDS
from core.cases.lifecycle import HEAD, UNDER_WAY
from core.contract import Item
from core.judge.clock import span_in, span_of
from forms.pages.words import N_

WAITS = {
    "filed": N_("受理、开始办理以后才能延长。"),
    "accepted": N_("开始办理以后才能延长。"),
    "correction": N_("现在等申请人补正，不计时；补正、开始办理以后才能延长。"),
    "paused": N_("现在中止计时，不用延长；恢复办理以后才能延长。"),
}
"""Statuses under way from which nothing is extended yet."""
UNITS = {"days": N_("个工作日"), "calendar_days": N_("个自然日"), "months": N_("个月")}


@dataclass(frozen=True, slots=True)
class Extension:
    """What the law allows, for the form in which it is approved."""

    most: int
    unit: str
    """In words to be translated."""
    basis: str


def extension_of(item: Item) -> Extension | None:
    law = item.declared.get("extension") or {}
    span = span_in(law)
    return Extension(span.number, UNITS[span.unit], str(law["basis"])) if span else None


def extension_said(item: Item, view: CaseView, today: date, say: Callable[[str], str], language: str) -> str:
    """ "" once the case is over: there is no time left to speak of."""
    if view.status not in UNDER_WAY:
        return ""
    law = item.declared.get("extension")
    if not law:
        return say(N_("这个事项没有规定可以延长办理期限，不能延长。"))
    done = next((one for one in view.events if one.type == "extended"), None)
    if done is not None:
        by = span_in({unit: done.data[unit] for unit in EXTENDS if unit in done.data})
        return say(N_("已经批准延长%(time)s；只能延长一次。")) % {"time": by.line().text(language) if by else "—"}
    most = span_of(law).line().text(language)
    may = say(N_("可以延长一次，最多%(time)s（%(law)s）。")) % {"time": most, "law": law["basis"]}
    if view.status in WAITS:
        return may + say(WAITS[view.status])
    if view.deadline is None or view.deadline < today:
        return say(N_("已过办结期限，不能再延长。"))
    if "extend" in view.moves:
        return may + say(N_("您可以在上面“批准延长期限”里批准，要写明理由。"))
    if HEAD in view.hats:
        return may
    return may + say(N_("由决定部门的负责人批准，受理的人自己不能批准；需要延长的，请在到期前报他。"))
