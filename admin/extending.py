"""Why the time of a case can, or cannot now, be extended 延长期限: one sentence for whoever looks for it at the desk.

Knows the view and the item; whether an extension is made is judged in `core.cases.actions`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from core.cases.case_view import CaseView
from core.cases.lifecycle import HEAD, UNDER_WAY
from core.contract import Item
from forms.pages.words import N_

WAITS = {
    "filed": N_("受理、开始办理以后才能延长。"),
    "accepted": N_("开始办理以后才能延长。"),
    "correction": N_("现在等申请人补正，不计时；补正、开始办理以后才能延长。"),
    "paused": N_("现在中止计时，不用延长；恢复办理以后才能延长。"),
}
"""Statuses under way from which nothing is extended yet."""


def extension_said(item: Item, view: CaseView, today: date, say: Callable[[str], str]) -> str:
    """ "" once the case is over: there is no time left to speak of."""
    if view.status not in UNDER_WAY:
        return ""
    law = item.declared.get("extension")
    if not law:
        return say(N_("这个事项没有规定可以延长办理期限，不能延长。"))
    done = next((one for one in view.events if one.type == "extended"), None)
    if done is not None:
        return say(N_("已经批准延长%(days)s个工作日；只能延长一次。")) % {"days": done.data.get("days", "")}
    may = say(N_("可以延长一次，最多%(days)s个工作日（%(law)s）。")) % {"days": law["days"], "law": law["basis"]}
    if view.status in WAITS:
        return may + say(WAITS[view.status])
    if view.deadline is None or view.deadline < today:
        return say(N_("已过办结期限，不能再延长。"))
    if "extend" in view.moves:
        return may + say(N_("您可以在上面“批准延长期限”里批准，要写明理由。"))
    if HEAD in view.hats:
        return may
    return may + say(N_("由决定部门的负责人批准，受理的人自己不能批准；需要延长的，请在到期前报他。"))
