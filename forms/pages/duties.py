"""后续事项 on the receipt: what is still to be done after an approval, by whom, and how it stands, in words.

Knows no request.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from core.cases.duty_view import DutyView
from core.kernel import Kernel
from core.web.rendering import translator
from forms.pages.road import office_name
from forms.pages.sheet import day
from forms.pages.words import N_


@dataclass(frozen=True, slots=True)
class ReceiptDuty:
    key: str
    title: str
    who: str
    """Who does it."""
    how: str
    """How it stands, with its day."""
    look: str
    because: str
    why: tuple[str, ...]
    """How its day comes about."""
    note: str
    may_report: bool
    reopened: str
    """Why staff say that it is to be done still."""


STATES = {
    "open": N_("%(day)s 前"),
    "over": N_("%(day)s 前，已过期"),
    "undated": N_("日期还没有定"),
    "reported": N_("已报告，等工作人员登记"),
    "done": N_("%(day)s 完成"),
    "ended": N_("%(day)s 起不再要做"),
}


def duty_of(core: Kernel, one: DutyView, tell: Callable[[object], str], language: str) -> ReceiptDuty:
    _ = translator(language)
    state, on = one.state, one.due
    if state in ("done", "ended"):
        on = one.done_on
    elif state == "open" and one.due is None:
        state = "undated"
    elif state == "open" and one.due is not None and one.due < core.today():
        state = "over"
    title = tell(one.title)
    if one.number > 1:
        title += _("（第%(n)s次）") % {"n": one.number}
    return ReceiptDuty(
        one.key,
        title,
        _("由您办理") if one.party else office_name(core.office, one.unit, one.area, language),
        _(STATES[state]) % {"day": day(on, language) if on else ""},
        {"done": "is-done", "ended": "is-done", "over": "is-open"}.get(state, "is-wait"),
        tell(one.because),
        one.lines(language) if one.waits else (),
        one.note if one.state == "ended" else one.report,
        one.may_report,
        one.reopened,
    )
