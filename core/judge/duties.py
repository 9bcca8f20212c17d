"""What is still to be done once a case is approved 后续事项: by whom, by which day, and how that day comes about.

Knows the item's `duties` and the facts; whether one was done, and when, is the case's.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from core.contract import Calendar, Duty, Facts, Item, Office, Route
from core.judge.blanks import filled
from core.judge.clock import add_calendar_days, add_working_days, is_provisional, month_day, next_working_day, read_date
from core.judge.numbers import number
from core.judge.places import nearest_office, office_at
from core.judge.pointers import resolve
from core.judge.rules import rules_of
from core.judge.sentences import say
from core.judge.validity import moved

_END = "/result/valid_until"
_PART = re.compile(r"(\d+)([YMWD])")
_UNITS = {"Y": "year", "M": "month", "W": "week", "D": "day"}
_TIMES = {
    "zh": {"year": "{n}年", "month": "{n}个月", "week": "{n}周", "day": "{n}天"},
    "en": {"year": "{n} years", "month": "{n} months", "week": "{n} weeks", "day": "{n} days"},
}
_MONTH_DAY = {"zh": "每年{month}月{day}日", "en": "{day}/{month} of a year"}
Why = tuple[str, dict[str, Any]]


def with_result(facts: Facts, amount: str | None, last: date | None) -> dict[str, Any]:
    """The facts once everything is decided: what is granted is known, and until when it is valid."""
    money = number(amount)
    result: dict[str, Any] = {}
    if money is not None:
        result["amount"] = int(money) if money == int(money) else float(money)
    if last is not None:
        result["valid_until"] = last.isoformat()
    return {**facts, "result": result} if result else {k: v for k, v in facts.items() if k != "result"}


def duties_of(
    item: Item,
    facts: Facts,
    office: Office,
    calendar: Calendar,
    *,
    route: Route | None = None,
    deciding: tuple[str, str] | None = None,
    place: str | None = None,
    decided_on: date,
    amount: str | None,
    last: date | None,
) -> tuple[Duty, ...]:
    """The first time of each duty of what is approved on `decided_on` and valid until `last`.

    The deciding office is that of `route`, or `deciding` (unit, area) with the `place` of the matter. One that is
    repeated is not set up where the result ends before its first day; nor is one that is counted from an end, where
    the result has none.
    """
    rules = rules_of(item)
    if not rules.duties:
        return ()
    if route is not None:
        deciding, place = (route.deciding_unit, route.deciding_area), route.place
    unit, area = deciding or (item.unit, "")
    known = with_result({**facts, "today": decided_on.isoformat()}, amount, last)
    made = []
    for when, line in rules.duties:
        if when is not None and not when.holds(known, calendar):
            continue
        if line.get("after") == _END and last is None:
            continue
        day, due, why = first_day(line, known, decided_on, calendar)
        every = line.get("every", "")
        if every and last is not None and line.get("after") != _END:
            if day is not None and day > last:
                continue
            why = (*why, ("duty_end", {"day": last.isoformat()}))
        doer = str(line.get("unit") or unit)
        made.append(
            Duty(
                id=line["id"],
                title=line["title"],
                unit=doer,
                area=_area(office, doer, area, place, line.get("level")),
                party=bool(line.get("party")),
                due=due,
                day=day,
                because=filled(line.get("because", ""), known),
                basis=line.get("basis", ""),
                why=why,
                every=every,
            )
        )
    return tuple(made)


def _area(office: Office, unit: str, area: str, place: str | None, level: str | None) -> str:
    """Of the unit's office of that level where the matter lies; without a level, the nearest to who decided."""
    if level is not None:
        found = office_at(office, unit, place, level) or office_at(office, unit, area, level)
        if found:
            return found
    return nearest_office(office, unit, area, home=place)


def first_day(
    line: Mapping[str, Any], facts: Facts, decided_on: date, calendar: Calendar
) -> tuple[date | None, date | None, tuple[Why, ...]]:
    """(the day as counted, the day after a rest, how it comes about); None where what it is counted from is unknown."""
    start = decided_on
    why: list[Why] = []
    if "after" in line:
        found = read_date(resolve(facts, line["after"])[1])
        if found is None:
            return None, None, (("duty_unknown", {}),)
        start = found
        why.append(("duty_from_end" if line["after"] == _END else "duty_from", {"day": start.isoformat()}))
    else:
        why.append(("duty_decided", {"day": start.isoformat()}))
    day = start
    back = False
    if "days" in line:
        day = add_working_days(start, line["days"], calendar)
        why.append(("duty_days", {"days": line["days"], "day": day.isoformat()}))
    elif "calendar_days" in line:
        day = add_calendar_days(start, line["calendar_days"], calendar)
        why.append(("duty_calendar_days", {"days": line["calendar_days"], "day": day.isoformat()}))
    elif "within" in line:
        back = line["within"].startswith("-")
        try:
            day = moved(start, line["within"])
        except ValueError:
            return None, None, (("duty_unknown", {}),)
        key = "duty_before" if back else "duty_past" if "on" in line else "duty_within"
        why.append((key, {"time": line["within"].lstrip("-"), "day": day.isoformat()}))
    if day.year == date.max.year:
        return None, None, (("duty_unknown", {}),)  # a date that nobody meant: nothing can be counted on from it
    if "on" in line:
        back = False
        day = _next_on(day, line["on"])
        why.append(("duty_on", {"on": line["on"], "day": day.isoformat()}))
    return day, *_rested(day, start, calendar, why, back=back)


def next_time(
    first: date, every: str, n: int, calendar: Calendar, *, last: date | None
) -> tuple[date, tuple[Why, ...]] | None:
    """The day and derivation of the n-th time (the first is 1); None where the result ends before it."""
    try:
        day = moved(first, _PART.sub(lambda met: f"{int(met[1]) * (n - 1)}{met[2]}", every))
    except ValueError:
        return None
    if last is not None and day > last:
        return None
    due, why = _rested(day, first, calendar, [("duty_next", {"time": every, "n": n, "day": day.isoformat()})])
    end: tuple[Why, ...] = (("duty_end", {"day": last.isoformat()}),) if last is not None else ()
    return due, (*why, *end)


def _next_on(day: date, on: str) -> date:
    """The first such day of a year after `day`; 29 February is the 28th in a year that has none."""
    month, number_ = int(on[:2]), int(on[3:])
    for year in (day.year, day.year + 1):
        found = read_date(f"{year:04}-{on}") or date(year, month, number_ - 1)
        if found > day:
            return found
    return date(day.year + 1, month, number_ - 1)


def _rested(
    day: date, start: date, calendar: Calendar, why: list[Why], *, back: bool = False
) -> tuple[date, tuple[Why, ...]]:
    """A term that ends on a day of rest ends on the next working day (民法典 203); one counted back does not."""
    due = day if back else next_working_day(day, calendar)
    if due != day:
        why.append(("duty_rest", {"day": due.isoformat()}))
    near = max(min(start, due), due - timedelta(days=min(31, (due - date.min).days)))
    if is_provisional(calendar, near, due):
        why.append(("provisional", {}))
    return due, tuple(why)


def told(why: Iterable[Any], language: str = "zh") -> tuple[str, ...]:
    """The derivation in words."""
    lines = []
    for key, values in why:
        said = dict(values)
        if "time" in said:
            said["time"] = duration(said["time"], language)
        if "on" in said:
            said["on"] = each_year(said["on"], language)
        lines.append(say(language, key, **said))
    return tuple(lines)


def duration(text: str, language: str = "zh") -> str:
    """`P1Y6M` as 1年6个月."""
    words = _TIMES["en" if language.startswith("en") else "zh"]
    parts = [words[_UNITS[unit]].format(n=int(n)) for n, unit in _PART.findall(text)]
    if language.startswith("en"):
        parts = [part[:-1] if part.startswith("1 ") else part for part in parts]
    return " ".join(parts) if language.startswith("en") else "".join(parts)


def each_year(on: str, language: str = "zh") -> str:
    """`06-30` as 每年6月30日."""
    return _MONTH_DAY["en" if language.startswith("en") else "zh"].format(month=int(on[:2]), day=int(on[3:]))


def term(line: Mapping[str, Any], language: str = "zh") -> str:
    """By when a declared duty is to be done, for who has not applied yet: no day is known."""
    english = language.startswith("en")
    said = []
    if "days" in line:
        said.append(say(language, "term_days", days=line["days"]))
    if "calendar_days" in line:
        said.append(say(language, "term_calendar_days", days=line["calendar_days"]))
    if "within" in line:
        back = line["within"].startswith("-")
        key = "term_before" if back else "term_past" if "on" in line else "term_within"
        said.append(say(language, key, time=duration(line["within"], language)))
    if "on" in line:
        again = "every" in line
        on = each_year(line["on"], language) if again else month_day(line["on"]).text(language)
        said.append(say(language, "term_on" if again else "term_on_first", on=on))
    if "every" in line and "on" not in line:
        said.append(say(language, "term_every", time=duration(line["every"], language)))
    start = "term_decided" if "after" not in line else "term_end" if line["after"] == _END else ""
    head = say(language, start) if start and set(line) & {"days", "calendar_days", "within"} else ""
    return (", " if english else "，").join(part for part in (head, *said) if part)
