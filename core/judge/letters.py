"""The further letters of an item 文书: which event of a case each follows, to whom it goes, on what condition.

Knows the item's `letters` and the events by their types; it writes no letter and looks up no person.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from core.contract import Calendar, Facts
from core.judge.conditions import Condition

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
}
"""What `on` may say besides `step:<id>` and `duty:<id>` → the type of the event in the case's chain."""
APPLICANT, PARTY = "applicant", "party"
OVER = ("decided", "delivered", "duty:")
"""Beginnings of events by which everything is decided."""


class LetterRule:
    """One letter as item.json declares it, compiled."""

    __slots__ = ("declared", "id", "numbered", "on", "template", "title", "to", "unit", "when")

    def __init__(self, declared: Mapping[str, Any]) -> None:
        self.declared = declared
        self.id: str = declared["id"]
        self.title: str = declared["title"]
        self.template: str = declared["template"]
        self.on: str = declared["on"]
        to = declared.get("to", APPLICANT)
        self.unit: str | None = to["unit"] if isinstance(to, Mapping) else None
        self.to: str = "unit" if isinstance(to, Mapping) else to
        self.numbered = bool(declared.get("number"))
        self.when = Condition(declared["when"]) if declared.get("when") is not None else None

    def holds(self, facts: Facts, calendar: Calendar) -> bool:
        return self.when is None or self.when.holds(facts, calendar)


def names_of(type: str, data: Mapping[str, Any], steps: Sequence[str | None]) -> frozenset[str]:
    """What `on` calls an event of the chain; `steps` are the ids of the case's steps by their position."""
    if type == "step_finished":
        position = data.get("step")
        id = steps[position] if isinstance(position, int) and position < len(steps) else None
        return frozenset({f"step:{id}"} if id and not data.get("again") else ())
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
    if on.startswith("step:"):
        return outcome == "review" and on[len("step:") :] in steps
    return outcome == "review"
