"""A case's way as a picture: who does what, in which order, where it stands, and by when, each date with its lines.

Knows no request; citizens' pages and the desk draw the same stops (`road.html`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from core.cases.case_view import CaseView
from core.cases.lifecycle import UNDER_WAY
from core.contract import Office
from core.judge.legal_clock import LegalDates
from core.judge.step_dates import LegalDate, StepDate
from core.web.rendering import translator
from forms.pages.sheet import day as on_day
from forms.pages.words import CHANNELS, N_

STATES = {
    "done": ("✓", N_("已完成")),
    "now": ("▶", N_("正在办理")),
    "stopped": ("‖", N_("已停止计时")),
    "over": ("■", N_("已超期")),
    "next": ("○", N_("还没到")),
    "none": ("–", N_("没有进行")),
    "needless": ("–", N_("不需要")),
}
"""Each a shape and a word; never colour alone."""


@dataclass(frozen=True, slots=True)
class Dated:
    label: str
    day: str
    because: tuple[str, ...]
    provisional: bool


@dataclass(frozen=True, slots=True)
class Stop:
    title: str
    who: str
    state: str
    """A key of STATES."""
    together: bool = False
    """Runs beside the stop before it."""
    reason: str = ""
    dates: tuple[Dated, ...] = ()

    @property
    def shape(self) -> str:
        return STATES[self.state][0]

    @property
    def word(self) -> str:
        return STATES[self.state][1]


def stops_of(
    office: Office, case: CaseView, today: date, language: str, tell: Callable[[str], str] = str
) -> tuple[Stop, ...]:
    """Empty for an erased case, and for one that has no way. `tell` puts the item's own words into the language."""
    dates = case.dates
    if dates is None or case.route is None:
        return ()
    _ = translator(language)
    where = office.site_name(case.site) or _(CHANNELS.get(case.channel, case.channel))
    filed = Dated(_("收到"), on_day(dates.filed_on, language), (), provisional=False)
    stops = [Stop(_("收件"), where, "done", dates=(filed,))]
    over = case.status not in UNDER_WAY
    if dates.accepted or dates.accept_by or case.status == "correction":
        stops.append(_acceptance(case, dates, where, language))
    before: StepDate | None = None
    for one in dates.steps:
        stop = _step(office, case, one, before, today, language, tell)
        stops.append(stop)
        before = one
    stops.append(_decision(office, case, dates, today, language))
    if not over or case.status in ("decided", "delivered", "closed"):
        stops.append(_delivery(case, dates, today, language))
    return tuple(_told(one, tell) for one in stops)


def _told(stop: Stop, tell: Callable[[str], str]) -> Stop:
    return replace(stop, dates=tuple(replace(one, because=quoting(one.because, tell)) for one in stop.dates))


def quoting(lines: Iterable[str], tell: Callable[[str], str]) -> tuple[str, ...]:
    """Lines about dates, with the steps' names in them put into the language of the line."""
    return tuple(re.sub("“([^”]+)”", lambda found: f"“{tell(found[1])}”", line) for line in lines)


def _dated(label: str, one: LegalDate, language: str) -> Dated:
    return Dated(label, on_day(one.day, language), one.lines(language), one.provisional)


def office_name(office: Office, unit: str | None, area: str | None, language: str) -> str:
    """`试浦镇民政局`; in English the unit first, since places keep their Chinese names."""
    name, place = office.unit_name(unit), office.name_of(area)
    if language.startswith("zh"):
        return place + name
    return ", ".join(part for part in (translator(language)(name), place) if part)


def offices_of(office: Office, case: CaseView, language: str) -> dict[str, str]:
    """The offices of a case as its kept sentences call them in Chinese → as they are called in the language."""
    known = [(case.deciding_unit, case.deciding_area)]
    known += [(one.step.unit, one.step.area) for one in (case.dates.steps if case.dates else ())]
    return {office_name(office, *one, "zh"): office_name(office, *one, language) for one in known if one[0]}


def _acceptance(case: CaseView, dates: LegalDates, where: str, language: str) -> Stop:
    _ = translator(language)
    if dates.accepted is not None:
        return Stop(_("受理"), "", "done", dates=(_dated(_("受理"), dates.accepted, language),))
    if dates.accept_by is None:
        return Stop(_("受理"), _("等申请人补正"), "stopped" if case.status == "correction" else "none")
    return Stop(_("受理"), "", "now", dates=(_dated(_("最迟"), dates.accept_by, language),))


def _step(
    office: Office, case: CaseView, one: StepDate, before: StepDate | None, today: date, language: str,
    tell: Callable[[str], str],
) -> Stop:  # fmt: skip
    _ = translator(language)
    if one.done is not None:
        state = "done"
    elif case.status not in UNDER_WAY:
        state = "none"
    elif not one.current or case.status not in ("in_step", "paused"):
        state = "next"
    else:
        state = "stopped" if case.status == "paused" else "over" if today > one.due.day else "now"
    reason = tell(one.step.because)
    if state == "none":
        state, reason = _left_out(case, language)
    label = _("完成") if one.done else _("最迟")
    due = _dated(label, one.due, language)
    dates = [due]
    if one.done is not None:
        dates = [Dated(label, on_day(one.done, language), due.because, due.provisional)]
    elif one.held_until is not None and state not in ("none", "needless"):
        dates.insert(0, Dated(_("期满"), on_day(one.held_until, language), (), due.provisional))
    who = office_name(office, one.step.unit, one.step.area, language)
    if one.step.party:
        who = _("申请人（由%(office)s登记）") % {"office": who}
    elif one.step.by:
        who = _("%(by)s（不是政府部门；结果由%(office)s记录）") % {"by": tell(one.step.by), "office": who}
    return Stop(
        tell(one.step.title) or who,
        who if one.step.title else "",
        state,
        together=before is not None and before.step.group == one.step.group,
        reason=reason,
        dates=() if state in ("none", "needless") else tuple(dates),
    )


def held_steps(case: CaseView, language: str, tell: Callable[[str], str] = str) -> list[str]:
    """What has its turn and days that nobody may cut short, each in a sentence; a public notice that pauses it too."""
    _ = translator(language)
    held = [
        (tell(one.step.title or one.step.by) or _("这个环节"), one.held_until)
        for one in (case.dates.steps if case.dates else ())
        if one.current and one.held_until is not None
    ]
    if case.noticed_until is not None:
        said = next((one.data for one in reversed(case.events) if one.type == "paused"), {})
        held.append((tell(said.get("title") or "") or _("公示"), case.noticed_until))
    sentence = _("“%(title)s”到%(last)s才期满，%(day)s起才能办完")
    return [
        sentence % {"title": title, "last": on_day(last, language), "day": on_day(last + timedelta(days=1), language)}
        for title, last in held
    ]


def _left_out(case: CaseView, language: str) -> tuple[str, str]:
    """Why a step of a case that is over was never done."""
    _ = translator(language)
    if case.status == "withdrawn" or any(one.type == "withdrawn" for one in case.events):
        return "none", _("之前申请已撤回")
    if case.outcome == "decline":
        return "needless", _("申请没有受理")
    if told_at_once(case) or not any(one.type in ("begun", "accepted") for one in case.events):
        return "needless", _("按规则当场作出了决定，不经这一环节")
    return "needless", _("没有等这一环节就作出了决定")


def told_at_once(case: CaseView) -> bool:
    """A decision that the answer to the application itself told: nothing is left to deliver."""
    return any(one.type == "decided" and one.data.get("told") for one in case.events)


def _decision(office: Office, case: CaseView, dates: LegalDates, today: date, language: str) -> Stop:
    _ = translator(language)
    who = office_name(office, case.deciding_unit, case.deciding_area, language)
    if case.status not in UNDER_WAY:
        return Stop(_("决定"), who, "none" if case.status == "withdrawn" or case.outcome == "review" else "done")
    shown = []
    if dates.deadline is not None:
        shown.append(_dated(_("最迟"), dates.deadline, language))
    if dates.statutory is not None:
        shown.append(_dated(_("法定最迟"), dates.statutory, language))
    state = "next"
    if dates.stopped_since is not None:
        state = "stopped"
    elif dates.deadline is not None and today > dates.deadline.day:
        state = "over"
    elif not any(one.current for one in dates.steps) and case.status in ("accepted", "in_step"):
        state = "now"
    return Stop(_("决定"), who, state, dates=tuple(shown))


def _delivery(case: CaseView, dates: LegalDates, today: date, language: str) -> Stop:
    _ = translator(language)
    if case.status in ("delivered", "closed"):
        return Stop(_("送达"), "", "done")
    if case.payment is not None and case.payment.waits:
        return Stop(_("送达"), "", "next", reason=_("等缴清费用"))
    if dates.deliver_by is None:
        if told_at_once(case):
            return Stop(_("送达"), "", "done", reason=_("提交申请时已在网上当场告知决定"))
        return Stop(_("送达"), "", "done" if case.status == "decided" else "next")
    late = today > dates.deliver_by.day
    return Stop(_("送达"), "", "over" if late else "now", dates=(_dated(_("最迟"), dates.deliver_by, language),))
