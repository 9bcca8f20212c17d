"""routing.json: steps, rules and places against the office and the declared facts.

Knows what DESIGN section 4 asks of each; routes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.catalog.fragments import Inliner
from core.catalog.inspection import conditions, findings, guide, times
from core.catalog.inspection.around import Work
from core.catalog.inspection.kinds import is_number, mismatch
from core.catalog.inspection.windows import is_day
from core.catalog.places import ALL_TYPES, listing, mapping
from core.contract import LEVELS
from core.faults import near
from core.faults.shapes import VALUES
from core.judge.blanks import named_facts

FILE = "routing.json"
DECISIONS = ("approve", "reject", "decline", "review")


def prepare(work: Work) -> None:
    """Write out the fragments that findings refer to; everything else reads `work.routing`."""
    if not work.finding_steps:
        return
    inliner = Inliner(work.around.schemas, work.faults, FILE)

    def written(step: Any, at: str) -> Any:
        if not isinstance(step, Mapping):
            return step
        made = dict(step)
        if isinstance(step.get("together"), list):
            made["together"] = [written(one, f"{at}/together/{i}") for i, one in enumerate(step["together"])]
        if isinstance(step.get("findings"), Mapping):
            made["findings"] = inliner.inline(step["findings"], f"{at}/findings")
        return made

    steps = [written(step, f"/steps/{i}") for i, step in enumerate(listing(work.routing.get("steps")))]
    work.routing = {**work.routing, "steps": steps}
    del work.finding_steps
    work.note_texts(inliner.texts)


def check(work: Work) -> None:
    routing = work.routing
    _place(work, "/place", routing.get("place"))
    _decided_at(work, routing)
    if "not_after" in routing:
        said = routing["not_after"]
        if not isinstance(said, str) or said.startswith("/"):
            _text(work, "/not_after", said)
        elif len(said) in (5, 10) and said.replace("-", "").isdecimal() and not is_day(said):
            work.faults.add(FILE, "/not_after", "window-wrong/day", day=said)
    ids: set[str] = set()
    for i, step in enumerate(listing(routing.get("steps"))):
        if isinstance(step, Mapping):
            _step(work, f"/steps/{i}", step, ids)
    conditions.in_order(work, FILE, "/decide", routing.get("decide"))
    for i, rule in enumerate(listing(routing.get("decide"))):
        if isinstance(rule, Mapping):
            _rule(work, f"/decide/{i}", rule)
    for i, effect in enumerate(listing(routing.get("rules"))):
        if isinstance(effect, Mapping) and "when" in effect:
            conditions.check(work, FILE, f"/rules/{i}/when", effect["when"])
            named(work, f"/rules/{i}/because", effect.get("because"))


def _place(work: Work, at: str, place: Any) -> None:
    if isinstance(place, str):
        _text(work, at, place)
    for i, pointer in enumerate(listing(place)):
        _text(work, f"{at}/{i}", pointer)


def _decided_at(work: Work, routing: Mapping[str, Any]) -> None:
    """Levels that can decide: the unit has an office there, and no level says that it decides what it never does."""
    declared = routing.get("decided_at")
    lines = declared if isinstance(declared, list) else [declared]
    conditions.in_order(work, FILE, "/decided_at", listing(declared))
    office, unit = work.around.office, work.guide.get("unit")
    levels = {office.areas[area].level for role, area in office.offices if role == unit and area in office.areas}
    named = []
    for i, line in enumerate(lines):
        at = f"/decided_at/{i}" if isinstance(declared, list) else "/decided_at"
        level = line if isinstance(line, str) else mapping(line).get("level")
        named.append(level)
        if levels and level in LEVELS and level not in levels:
            where = at if isinstance(line, str) else f"{at}/level"
            work.faults.add(FILE, where, "unit-without-office/level", name=unit, level=level)
        if "when" in mapping(line):
            conditions.check(work, FILE, f"{at}/when", mapping(line)["when"])
    if any(level not in LEVELS for level in named) or all("when" in mapping(line) for line in lines):
        return  # in some situation the nearest office decides
    lowest = max(named, key=LEVELS.index)
    for lower in LEVELS[LEVELS.index(lowest) + 1 :]:
        if mapping(routing.get("sites")).get(lower) == "decide":
            work.faults.add(FILE, f"/sites/{lower}", "decided-elsewhere", level=lower, decided_at=lowest)


def _text(work: Work, at: str, pointer: Any) -> None:
    place = work.place(FILE, at, pointer)
    if place is not None and place.types != ALL_TYPES and "string" not in place.types:
        mismatch(work, FILE, at, VALUES["string"], place.types)


def _step(work: Work, at: str, step: Mapping[str, Any], ids: set[str]) -> None:
    if "together" in step:
        for i, inner in enumerate(listing(step["together"])):
            if isinstance(inner, Mapping):
                _step(work, f"{at}/together/{i}", inner, ids)
        return
    guide.unit(work, FILE, f"{at}/unit", step.get("unit"), level=step.get("level"))
    named(work, f"{at}/because", step.get("because"))
    _place(work, f"{at}/place", step.get("place"))
    by, party = step.get("by"), "party" in step
    if party and "by" in step:
        work.faults.add(FILE, at, "step-outside/both")
    if step.get("otherwise") == "close" and not step.get("basis"):
        work.faults.add(FILE, f"{at}/basis", "step-outside/basis")
    if isinstance(by, str) or party:
        if by in work.around.office.units:
            work.faults.add(FILE, f"{at}/by", "step-outside/unit", name=by)
        for key in ("level", "place"):
            if key in step and "unit" not in step:
                work.faults.add(FILE, f"{at}/{key}", "step-outside", key=key)
    _findings(work, at, step, ids)
    times.begins(work, FILE, at, step)
    clocks = [k for k in ("days", "calendar_days") if k in step]
    if len(clocks) != 1:
        work.faults.add(FILE, at, "step-without-days/both" if clocks else "step-without-days")
    if "when" in step:
        conditions.check(work, FILE, f"{at}/when", step["when"])
        if not step.get("because"):
            work.faults.add(FILE, f"{at}/because", "when-without-because")
    again = mapping(step.get("again"))
    if "when" in again:
        conditions.check(work, FILE, f"{at}/again/when", again["when"])
    if again and not isinstance(step.get("findings"), Mapping):
        work.faults.add(FILE, f"{at}/again", "again-without-findings")


def _findings(work: Work, at: str, step: Mapping[str, Any], ids: set[str]) -> None:
    id, schema = step.get("id"), step.get("findings")
    if isinstance(id, str):
        if id in ids:
            work.faults.add(FILE, f"{at}/id", "duplicate-id/step", id=id)
        ids.add(id)
    if not isinstance(schema, Mapping):
        return
    if "id" not in step:
        work.faults.add(FILE, f"{at}/id", "missing-key/step")
    findings.check(work, FILE, f"{at}/findings", schema)


def named(work: Work, at: str, text: Any) -> None:
    """A fault for every `${/pointer}` of a sentence that leads nowhere."""
    for pointer in named_facts(text) if isinstance(text, str) else ():
        work.place(FILE, at, pointer)


def _rule(work: Work, at: str, rule: Mapping[str, Any]) -> None:
    if "when" in rule:
        conditions.check(work, FILE, f"{at}/when", rule["when"])
    named(work, f"{at}/because", rule.get("because"))
    outcome = rule.get("outcome")
    if outcome in ("reject", "decline") and not rule.get("basis"):
        word = "不予许可" if outcome == "reject" else "不予受理"
        work.faults.add(FILE, f"{at}/basis", "reject-without-basis", outcome=outcome, word=word)
    _granted(work, at, rule)
    instead = mapping(rule).get("instead")
    if isinstance(instead, str) and instead not in work.around.items:
        work.faults.add(FILE, f"{at}/instead", "unknown-item", name=instead, hint=near(instead, work.around.items))


def _granted(work: Work, at: str, rule: Mapping[str, Any]) -> None:
    """Conditions and a part belong to an approval; a part is of a number that is granted, or of rows."""
    for i, text in enumerate(listing(rule.get("conditions"))):
        named(work, f"{at}/conditions/{i}", text)
    if rule.get("outcome") in DECISIONS and rule["outcome"] != "approve":
        for key in ("conditions", "part"):
            if key in rule:
                work.faults.add(FILE, f"{at}/{key}", "granted-by-refusal", key=key, outcome=rule["outcome"])
    part = rule.get("part")
    if not isinstance(part, Mapping):
        return
    named(work, f"{at}/part/because", part.get("because"))
    if not rule.get("basis"):
        work.faults.add(FILE, f"{at}/basis", "reject-without-basis/part")
    asked = work.place(FILE, f"{at}/part/asked", part.get("asked"))
    if isinstance(part.get("granted"), str):
        granted = work.place(FILE, f"{at}/part/granted", part["granted"])
        if granted is not None and not is_number(granted):
            mismatch(work, FILE, f"{at}/part/granted", VALUES["number"], granted.types)
    if "when" not in part:
        if asked is not None and not is_number(asked):
            mismatch(work, FILE, f"{at}/part/asked", VALUES["number"], asked.types)
        if (
            "granted" not in part
            and not mapping(work.guide.get("result")).get("amount")
            and not work.unread("item.json")
        ):
            work.faults.add(FILE, f"{at}/part", "part-of-no-amount")
        return
    if asked is not None and "array" not in asked.types:
        work.faults.add(FILE, f"{at}/part/asked", "not-a-list", pointer=part.get("asked"))
    row = asked.inner("*") if asked is not None else None
    if row is not None:
        conditions.check(work, FILE, f"{at}/part/when", part["when"], row)
        if isinstance(part.get("title"), str):
            work.row(FILE, f"{at}/part/title", part["title"], row)
