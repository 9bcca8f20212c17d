"""`ui:pages`: a form in several pages, each with its questions and the condition under which it is there.

Knows the ui and the answers so far; drawing a page is `render`'s, keeping the draft is the site's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from core.judge.conditions import Condition


@dataclass(frozen=True, slots=True)
class FormPage:
    """One page. `number` counts from 0 over all declared pages, so it stays when another page appears."""

    number: int
    title: str
    description: str
    fields: tuple[str, ...]
    """Names of properties of the top level."""
    when: Condition | None = None

    def holds(self, answers: Any, facts: Mapping[str, Any] | None = None) -> bool:
        """Whether the page is there. Conditions point into the facts (`/answers/kind`), as in routing.json."""
        if self.when is None:
            return True
        return self.when.holds({**(facts or {}), "answers": answers if answers is not None else {}}, _EveryDay())


class _EveryDay:
    """A calendar for conditions on pages, which speak of answers and count no working days."""

    def is_working_day(self, day: date) -> bool:
        return day.weekday() < 5

    def is_provisional(self, day: date) -> bool:
        return True


def pages_of(ui: Mapping[str, Any], names: tuple[str, ...]) -> tuple[FormPage, ...]:
    """The declared pages; () when there are none. Questions on no page join the last one."""
    declared = ui.get("ui:pages")
    if not isinstance(declared, list) or not declared:
        return ()
    pages: list[FormPage] = []
    placed: set[str] = set()
    for i, one in enumerate(declared):
        if not isinstance(one, Mapping):
            continue
        fields = tuple(str(f) for f in one.get("fields") or () if f not in placed)
        placed.update(fields)
        when = Condition(one["when"]) if one.get("when") else None
        pages.append(FormPage(i, str(one.get("title") or ""), str(one.get("description") or ""), fields, when))
    left = tuple(n for n in names if n not in placed)
    if pages and left:
        last = max((i for i, p in enumerate(pages) if p.when is None), default=len(pages) - 1)
        p = pages[last]
        pages[last] = FormPage(p.number, p.title, p.description, (*p.fields, *left), p.when)
    return tuple(pages)
