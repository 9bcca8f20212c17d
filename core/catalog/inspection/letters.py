"""item.json's letters: each follows an event that can come, has a template and somebody to read it.

Knows the declaration; what a template reads is `templates`' to check.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from core.catalog.inspection import conditions, guide
from core.catalog.inspection.around import Work
from core.catalog.places import OPEN, Node, Place, listing, mapping
from core.faults import meant, near
from core.judge.letters import EVENTS, OVER, PARTY, REACHED_AT

FILE = "item.json"
_BEGINS = ("start", "started", "begin", "begins", "beginning", "open")
"""What an author writes for `begun`."""


def check(work: Work) -> None:
    letters = work.guide.get("letters")
    if not isinstance(letters, list):
        return
    if work.guide.get("handling") in ("query", "handoff"):
        work.faults.add(FILE, "/letters", "letter-wrong/case", handling=work.guide["handling"])
    ids: set[str] = set()
    for i, letter in enumerate(letters):
        if isinstance(letter, Mapping):
            _letter(work, f"/letters/{i}", letter, ids)
    _unused(work, [mapping(one) for one in letters])


def _letter(work: Work, at: str, letter: Mapping[str, Any], ids: set[str]) -> None:
    id, to = letter.get("id"), letter.get("to")
    if isinstance(id, str):
        if id in ids:
            work.faults.add(FILE, f"{at}/id", "duplicate-id/letter", id=id)
        ids.add(id)
    guide.template(work, f"{at}/template", letter.get("template"))
    if isinstance(letter.get("on"), str):
        _event(work, f"{at}/on", letter["on"])
    if isinstance(to, Mapping) and "name" in to:
        _outside(work, f"{at}/to", to)
    elif isinstance(to, Mapping):
        guide.unit(work, FILE, f"{at}/to/unit", to.get("unit"))
    elif to == PARTY and not _confirmed(work):
        work.faults.add(FILE, f"{at}/to", "letter-wrong/party")
    if "when" in letter:
        conditions.check(work, FILE, f"{at}/when", letter["when"])
    if not str(letter.get("on")).startswith((*OVER, "step:", "begun:")):
        for key in ("when", "to"):
            if "/findings/" in json.dumps(letter.get(key, "")):
                work.faults.add(FILE, f"{at}/{key}", "letter-wrong/early")


def _outside(work: Work, at: str, to: Mapping[str, Any]) -> None:
    """Pointers to somebody who is named; what he is called is a text."""
    rows = work.place(FILE, f"{at}/each", to["each"]) if "each" in to else None
    each = (rows.inner("*") if rows is not None else None) or Place((Node(OPEN, OPEN),))
    if rows is not None and "array" not in rows.types:
        work.faults.add(FILE, f"{at}/each", "not-a-list", pointer=to["each"])
    if "each" not in to and any(str(to.get(key)).startswith("/each/") for key in ("name", *REACHED_AT)):
        work.faults.add(FILE, at, "each-unused/letter")
    if not any(key in to for key in REACHED_AT):
        work.faults.add(FILE, at, "letter-wrong/reach")
    for key in ("name", *REACHED_AT):
        place = work.of_row(FILE, f"{at}/{key}", to[key], each) if isinstance(to.get(key), str) else None
        if (
            place is not None
            and place.types
            and not place.types & ({"string", "object"} if key == "address" else {"string"})
        ):
            work.faults.add(FILE, f"{at}/{key}", "letter-wrong/name", pointer=to[key])


def _event(work: Work, at: str, on: str) -> None:
    kind, _, id = on.partition(":")
    steps = [str(one["id"]) for one in _steps(work) if "id" in one]
    known = {
        "begun": steps,
        "step": steps,
        "duty": [str(one.get("id")) for one in map(mapping, listing(work.guide.get("duties")))],
    }
    if kind in known and id:
        if id not in known[kind] and not (kind != "duty" and work.unread("routing.json")):
            code = "duty" if kind == "duty" else "step"
            work.faults.add(FILE, at, f"unknown-event/{code}", name=id, hint=near(id, known[kind]))
    elif kind in _BEGINS and id:
        work.faults.add(FILE, at, "unknown-event", name=on, names=", ".join(EVENTS), hint=meant(f"begun:{id}"))
    elif on not in EVENTS:
        every = [*EVENTS, *(f"{name}:{one}" for name, ids in known.items() for one in ids)]
        work.faults.add(FILE, at, "unknown-event", name=on, names=", ".join(EVENTS), hint=near(on, every))


def _steps(work: Work) -> list[Mapping[str, Any]]:
    groups = map(mapping, listing(work.routing.get("steps")))
    return [mapping(one) for group in groups for one in listing(group.get("together")) or [group]]


def _confirmed(work: Work) -> bool:
    return any('"confirm"' in json.dumps(mapping(m).get("fallback")) for m in listing(work.guide.get("materials")))


def _unused(work: Work, letters: list[Mapping[str, Any]]) -> None:
    """Where letters are declared, a template that none of them names is one that somebody forgot."""
    result = mapping(work.guide.get("result"))
    also = map(mapping, listing(result.get("also")))
    used = {str(one.get("template")) for one in (result, *also, *letters)}
    used |= {str(mapping(one)["sample"]) for one in listing(work.guide.get("materials")) if "sample" in mapping(one)}
    for file in work.files.within("templates"):
        name = file.removeprefix("templates/")
        if name not in used:
            lost = [one for one in used if not work.files.has(f"templates/{one}")]
            work.faults.add(file, "", "unused-template", name=name, hint=near(name, lost))
