"""The legal clock of one case: its terms as they were filed, its events as happenings, for `judge.legal_clock`.

Knows how a case is stored; every date is judge's.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, fields, replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core.cases.models import Case, Event
from core.contract import RouteStep
from core.errors import Conflict
from core.judge.clock import Span, Terms, add_working_days, span_in, span_of
from core.judge.legal_clock import CORRECTION_DAYS, Happening, LegalDates, legal_dates
from core.kernel import LEGAL_TIME

if TYPE_CHECKING:
    from core.kernel import Kernel

EXTENDS = ("days", "calendar_days", "months")
_STEP_FIELDS = frozenset(field.name for field in fields(RouteStep))


def terms_json(terms: Terms) -> dict[str, Any]:
    """For the sealed record: what was declared of the time, whatever the item says later."""
    return {
        "terms": {
            "promised": terms.promised.as_json(),
            "statutory": terms.statutory.as_json() if terms.statutory else None,
            "not_after": terms.not_after.isoformat() if terms.not_after else None,
            "extension": terms.extension.as_json() if terms.extension else None,
            **({"window": terms.window.isoformat()} if terms.window else {}),
            **({"deliver": terms.deliver.as_json()} if terms.deliver else {}),
        },
        "steps": [asdict(step) for step in terms.steps],
    }


def terms_of_record(record: Mapping[str, Any] | None) -> Terms | None:
    """None where nothing is kept: an erased case."""
    kept = (record or {}).get("terms")
    if record is None or kept is None:
        return None
    window = date.fromisoformat(kept["window"]) if kept.get("window") else None
    law = kept["statutory"] if "statutory" in kept else _law_before(kept)
    return Terms(
        span_of(kept["promised"]) if "promised" in kept else Span(kept["promised_days"]),
        span_of(law) if law else None,
        date.fromisoformat(kept["not_after"]) if kept["not_after"] else None,
        tuple(_step(one) for one in record["steps"]),
        span_of(extension) if (extension := _extension(kept)) else None,
        window,
        span_of(kept["deliver"]) if "deliver" in kept else None,
    )


def _step(kept: Mapping[str, Any]) -> RouteStep:
    step = RouteStep(**{name: value for name, value in kept.items() if name in _STEP_FIELDS})
    return replace(step, begins=tuple(step.begins))


def _extension(kept: Mapping[str, Any]) -> dict[str, Any] | None:
    """Of a case filed while it was said in working days only, too."""
    days = kept.get("extension_days")
    return kept.get("extension") or ({"days": days} if days else None)


def _law_before(kept: Mapping[str, Any]) -> dict[str, int] | None:
    """The legal time of a case filed before there were times in months."""
    said = {"days": kept["statutory_days"], "calendar_days": kept.get("statutory_calendar_days")}
    return next(({unit: number} for unit, number in said.items() if number is not None), None)


def legal_day(moment: datetime) -> date:
    """The day in Asia/Shanghai on which something happened."""
    return moment.astimezone(LEGAL_TIME).date()


def happenings(type: str, at: datetime, data: Mapping[str, Any]) -> tuple[Happening, ...]:
    """One event as the clock sees it; a decision also finishes the deciding office's own steps."""
    day = legal_day(at)
    if type == "accepted" and data.get("on"):
        day = date.fromisoformat(data["on"])  # silence accepts as of the day the application came in
    more = [Happening("step_finished", day, step=n) for n in data.get("finishes", ())]
    if data.get("told"):
        more.append(Happening("told", day))
    if (data.get("payment") or {}).get("turn"):
        # Of any event: from then on something is to be paid, or nothing is any more.
        more.append(Happening(f"payment_{data['payment']['turn']}", day))
    one = Happening(
        type,
        day,
        kind=str(data.get("kind") or ""),
        title=str(data.get("title") or "") if type == "paused" else "",
        step=data.get("step"),
        again=bool(data.get("again")),
        span=span_in({unit: data[unit] for unit in EXTENDS if unit in data}) if type == "extended" else None,
    )
    return (*more, one)


def no_correction(kernel: Kernel, case: Case) -> Conflict | None:
    """Why nothing may be asked for any more (行政许可法 32: once, within five working days, before acceptance)."""
    record = case.record or {}
    if record.get("correction_asked"):
        return Conflict("补正通知只能发一次。", code="correction-once")
    if case.accepted_on is not None:
        return Conflict("办件已受理，不能再要求补正。", code="already-accepted")
    received = date.fromisoformat(record["today"]) if record else legal_day(case.filed_at)
    if kernel.today() > add_working_days(received, CORRECTION_DAYS, kernel.calendar):
        return Conflict("已超过五个工作日，办件视为受理，不能再要求补正。", code="correction-too-late")
    return None


def no_extension(kernel: Kernel, case: Case, dates: LegalDates | None) -> Conflict | None:
    """Why the time cannot be extended: no law allows it, it was extended already, or it is over (行政许可法 42)."""
    record = case.record or {}
    terms = terms_of_record(record)
    if terms is None or terms.extension is None:
        return Conflict("这个事项没有可以延长期限的规定。", code="extension-none")
    if record.get("extended"):
        return Conflict("期限只能延长一次。", code="extension-once")
    if dates is None or dates.deadline is None or dates.deadline.day < kernel.today():
        return Conflict("已过办结期限，不能再延长。", code="extension-too-late")
    return None


def noticed_until(status: str, events: Iterable[Event], today: date) -> date | None:
    """Paused for a public notice, or a ground of the item that has to last: the last day of it, until whose end
    nobody goes on; None once it is over."""
    last = next((one for one in reversed(list(events)) if one.type == "paused"), None)
    said = last.payload["data"] if last is not None and last.payload else {}
    if status != "paused" or not said.get("held", said.get("kind") == "public_notice") or not said.get("until"):
        return None
    until = date.fromisoformat(said["until"])
    return until if today <= until else None


def happened(events: Iterable[Event]) -> list[Happening]:
    return [
        one
        for event in events
        for one in happenings(
            event.type, datetime.fromisoformat(event.at), event.payload["data"] if event.payload else {}
        )
    ]


async def finished_steps(case: Case) -> frozenset[int]:
    """Positions of the steps that are done for good."""
    done = await Event.filter(case_id=case.id, type="step_finished").only("id", "payload")
    told = [one.payload["data"] for one in done if one.payload]
    return frozenset(data["step"] for data in told if not data.get("again"))


def dates_of(kernel: Kernel, record: Mapping[str, Any] | None, events: Iterable[Happening]) -> LegalDates | None:
    """The legal dates as these events leave them today; None for an erased case."""
    terms = terms_of_record(record)
    known = list(events)
    if terms is None or not any(one.type == "filed" for one in known):
        return None
    return legal_dates(terms, known, kernel.calendar, today=kernel.today())
