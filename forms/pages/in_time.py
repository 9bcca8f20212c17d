"""What the applicant himself has to do in time, and what follows otherwise: told by the guide before he applies, and by
the receipt once it is his turn.

Knows declarations and a case as it is read; judges no day.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.cases.case_view import CaseView
from core.contract import Item
from core.judge.clock import span_in
from core.web.rendering import translator
from forms.pages.said import said
from forms.pages.sheet import day
from forms.pages.words import N_

CLOSES = N_("逾期没有完成的，按撤回申请处理，以后可以重新申请。")
WAITS = N_("逾期没有完成的，会再提醒您。")
MEND = N_("补正（通知了要补正的）")


@dataclass(frozen=True, slots=True)
class InTime:
    what: str
    until: str
    """A time on the guide, a day on the receipt."""
    why: str
    otherwise: str


def asked_by(item: Item, language: str) -> tuple[InTime, ...]:
    """What the guide tells: the steps of the applicant, and by when he mends."""
    _ = translator(language)
    found = [
        InTime(
            said(item, language, f"routing.json#{place}/title", step["title"]),
            _(N_("轮到后%(time)s内")) % {"time": _time(step, language)},
            said(item, language, f"routing.json#{place}/because", step.get("because", "")),
            _otherwise(step, _),
        )
        for place, step in _steps((item.bundle.get("routing") or {}).get("steps") or (), "/steps")
        if step.get("party")
    ]
    mend = item.declared.get("correction")
    if mend:
        until = _(N_("通知后%(time)s内")) % {"time": _time(mend, language)}
        found.append(InTime(_(MEND), until, "", _otherwise(mend, _)))
    return tuple(found)


def _steps(steps: Iterable[Mapping[str, Any]], at: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for n, step in enumerate(steps):
        yield f"{at}/{n}", step
        yield from _steps(step.get("together") or (), f"{at}/{n}/together")


def _time(said_: Mapping[str, Any], language: str) -> str:
    span = span_in(said_)
    return span.line().text(language) if span else ""


def _otherwise(said_: Mapping[str, Any], _: Callable[[str], str]) -> str:
    return _(CLOSES if said_.get("otherwise") == "close" else WAITS)


def waited_for(case: CaseView, language: str, tell: Callable[[object], str]) -> tuple[InTime, ...]:
    """What it is the applicant's turn to do."""
    _ = translator(language)
    found = [
        InTime(
            tell(one.step.title),
            day(one.due.day, language),
            tell(one.step.because),
            _otherwise({"otherwise": one.step.otherwise}, _),
        )
        for one in (case.dates.steps if case.dates and case.status == "in_step" else ())
        if one.current and one.step.party
    ]
    asked = next((one.data for one in reversed(case.events) if one.type == "correction_asked"), {})
    if case.status == "correction" and asked.get("until"):
        until = day(date.fromisoformat(str(asked["until"])), language)
        found.append(InTime(_(N_("补正")), until, "", _otherwise(asked, _)))
    return tuple(found)


def closes(because: str) -> bool:
    """Whether a material that may follow later says that the case ends without it."""
    return "按撤回申请处理" in because


def lapsed(case: CaseView) -> bool:
    """Taken as withdrawn because something was not done in time."""
    return case.status == "withdrawn" and any(one.type == "lapsed" for one in case.events)
