"""item.json's duties: each has somebody to do it, one term, and reads what is known once everything is decided.

Knows the declaration; when a duty is due is `core.judge.duties`.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.catalog.fragments import Inliner
from core.catalog.inspection import conditions, findings, guide
from core.catalog.inspection.around import Work
from core.catalog.places import listing, mapping
from core.faults import also
from core.judge.blanks import named_facts
from core.judge.clock import read_date

FILE = "item.json"
TERMS = ("days", "calendar_days", "within", "on")


def prepare(work: Work) -> None:
    """Write out the fragments that findings refer to; everything else reads `work.guide`."""
    said = listing(work.guide.get("duties"))
    if not any(isinstance(mapping(one).get("findings"), Mapping) for one in said):
        return
    inliner = Inliner(work.around.schemas, work.faults, FILE)
    made = [
        {**one, "findings": inliner.inline(one["findings"], f"/duties/{i}/findings")}
        if isinstance(mapping(one).get("findings"), Mapping)
        else one
        for i, one in enumerate(said)
    ]
    work.guide = {**work.guide, "duties": made}
    work.note_texts(inliner.texts)


def check(work: Work) -> None:
    ids: set[str] = set()
    for i, duty in enumerate(listing(work.guide.get("duties"))):
        if isinstance(duty, Mapping):
            _duty(work, f"/duties/{i}", duty, ids)


def _duty(work: Work, at: str, duty: Mapping[str, Any], ids: set[str]) -> None:
    id = duty.get("id")
    if isinstance(id, str):
        if id in ids:
            work.faults.add(FILE, f"{at}/id", "duplicate-id/duty", id=id)
        ids.add(id)
    if "unit" not in duty and "party" not in duty:
        work.faults.add(FILE, at, "duty-of-nobody")
    guide.unit(work, FILE, f"{at}/unit", duty.get("unit", work.guide.get("unit")), level=duty.get("level"))
    _term(work, at, duty)
    if "after" in duty:
        conditions.date(work, FILE, f"{at}/after", duty["after"])
    if "when" in duty:
        conditions.check(work, FILE, f"{at}/when", duty["when"])
        if not duty.get("because"):
            work.faults.add(FILE, f"{at}/because", "when-without-because/duty")
    for pointer in named_facts(duty["because"]) if isinstance(duty.get("because"), str) else ():
        work.place(FILE, f"{at}/because", pointer)
    if isinstance(duty.get("findings"), Mapping):
        findings.check(work, FILE, f"{at}/findings", duty["findings"])


def _term(work: Work, at: str, duty: Mapping[str, Any]) -> None:
    named = [key for key in TERMS if key in duty]
    if not named:
        work.faults.add(FILE, at, "duty-without-day")
    elif len(named) > 1 and named != ["within", "on"]:
        work.faults.add(FILE, at, "duty-without-day/both", keys=also([f'"{key}"' for key in named]))
    on = duty.get("on")
    if isinstance(on, str) and len(on) == len("06-30") and not read_date(f"2028-{on}"):
        work.faults.add(FILE, f"{at}/on", "duty-without-day/day", value=on)
    for key in ("within", "every"):
        said = duty.get(key)
        if isinstance(said, str) and said and not said.strip("-PYMWD0"):
            work.faults.add(FILE, f"{at}/{key}", "duty-without-day/zero", value=said)
