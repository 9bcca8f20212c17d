"""The further letters of an item 文书: which event of a case each follows, to whom it goes, on what condition.

Knows the item's `letters`, the facts and the events by their types; it writes no letter and looks up no person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from core.contract import Calendar, Facts
from core.judge.conditions import Condition
from core.judge.pointers import resolve

EVENTS: Mapping[str, str] = {
    "filed": "filed",
    "accepted": "accepted",
    "correction": "correction_asked",
    "paused": "paused",
    "resumed": "resumed",
    "extended": "extended",
    "decided": "decided",
    "decided:approve": "decided",
    "decided:reject": "decided",
    "decided:decline": "refused",
    "delivered": "delivered",
    "withdrawn": "withdrawn",
    "lapsed": "lapsed",
}
"""What `on` may say besides `begun:<id>`, `step:<id>` and `duty:<id>` → the type of the event in the case's chain."""
BEGUN = "step_begun"
"""Called so, a step that has its turn: no link of the chain, but what one brings about; `data.begun` is its id."""
APPLICANT, PARTY, UNIT, OUTSIDE = "applicant", "party", "unit", "outside"
"""Who reads a letter: `outside` is somebody who has no part in the case and is only named in it."""
REACHED_AT = ("address", "phone", "email")
OVER = ("decided", "delivered", "duty:")
"""Beginnings of events by which everything is decided."""


@dataclass(frozen=True, slots=True)
class Outsider:
    """Somebody outside whom a letter goes to, as the facts name him."""

    name: str
    at: Mapping[str, Any]
    """Of `REACHED_AT` what is known, as it was told: an address may be an object with area and detail."""
    row: Any = None
    """What `/each` stands for; None where there are no rows."""


class LetterRule:
    """One letter as item.json declares it, compiled."""

    __slots__ = ("declared", "id", "named", "numbered", "on", "template", "title", "to", "unit", "when")

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self.declared = declared
        self.id: str = declared["id"]
        self.title: str = declared["title"]
        self.template: str = declared["template"]
        self.on: str = declared["on"]
        to = declared.get("to", APPLICANT)
        self.unit: str | None = to.get("unit") if isinstance(to, Mapping) else None
        self.named: Mapping[str, str] = to if isinstance(to, Mapping) and "name" in to else {}
        """Of a letter to somebody outside: pointers to his name, where he is reached, and the rows where he is one."""
        self.to: str = OUTSIDE if self.named else UNIT if self.unit else to
        self.numbered = bool(declared.get("number"))
        self.when = Condition(declared["when"]) if declared.get("when") is not None else None

    def holds(self, facts: Facts, calendar: Calendar) -> bool:
        """Whether it is written; one to somebody outside is not where nobody is named."""
        if self.when is not None and not self.when.holds(facts, calendar):
            return False
        return self.to != OUTSIDE or bool(self.outsiders(facts))

    def outsiders(self, facts: Facts) -> tuple[Outsider, ...]:
        """Whom the facts name, in the order of the rows; a row without a name is nobody."""
        each = self.named.get("each")
        rows = resolve(facts, each)[1] if each else [None]
        found = []
        for row in rows if isinstance(rows, list) else ():
            here = {**facts, "each": row} if each else facts
            name = resolve(here, self.named["name"])[1]
            if isinstance(name, (str, int)) and str(name).strip():
                known = {one: resolve(here, self.named[one])[1] for one in REACHED_AT if one in self.named}
                found.append(Outsider(str(name).strip(), {one: v for one, v in known.items() if v}, row))
        return tuple(found)


def names_of(type: str, data: Mapping[str, Any], steps: Sequence[str | None]) -> frozenset[str]:
    """What `on` calls an event of the chain; `steps` are the ids of the case's steps by their position."""
    if type == "step_finished":
        position = data.get("step")
        id = steps[position] if isinstance(position, int) and position < len(steps) else None
        return frozenset({f"step:{id}"} if id and not data.get("again") else ())
    if type == BEGUN:
        return frozenset({f"begun:{data.get('begun')}"})
    if type == "duty_done":
        return frozenset({f"duty:{data.get('duty')}"})
    if type == "refused":
        return frozenset({"decided", "decided:decline"})
    if type == "decided":
        # What is told at once has reached who asked for it: no later event says so.
        reached = ["delivered"] if data.get("told") else []
        return frozenset({"decided", f"decided:{data.get('outcome')}", *reached})
    return frozenset(name for name, event in EVENTS.items() if event == type)


def may_follow(on: str, outcome: str | None, steps: Sequence[str | None]) -> bool:
    """Whether a case that was judged so when it was filed can come to this event: what is decided at once has no
    steps, and is not paused."""
    if on == "filed":
        return True
    if on == "decided" or on.startswith("decided:"):
        said = on.partition(":")[2]
        return said in ("", outcome) or outcome == "review"
    if on == "delivered" or on.startswith("duty:"):
        return outcome in ("approve", "review") or (on == "delivered" and outcome == "reject")
    if on.startswith(("begun:", "step:")):
        return outcome == "review" and on.partition(":")[2] in steps
    return outcome == "review"
