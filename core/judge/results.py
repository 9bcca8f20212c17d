"""What an approval gives besides its first result 办理结果: further certificates, one for all or one for every row.

Knows the item's `result.also`, the facts and which rows are granted; it gives no number and writes no document.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from core.contract import Calendar, Facts, FurtherResult, Item
from core.judge.blanks import filled
from core.judge.granting import PartRule
from core.judge.pointers import resolve, tokens
from core.judge.rules import rules_of
from core.judge.validity import end_of


def further_results(
    item: Item, facts: Facts, calendar: Calendar, decided_on: date, *, rule: str | None = None
) -> tuple[FurtherResult, ...]:
    """Everything that is granted on `decided_on` besides the first result, in the order of the declaration.

    `rule` is the rule that approves (`/decide/0`): where its `part` grants rows one by one, a row that is not granted
    gives nothing. None: everything that was asked for. Raises ValueError for a duration that leads beyond the calendar.
    """
    part = next((one.part for one in rules_of(item).decide if one.place == rule), None)
    found = []
    for line in rules_of(item).also:
        granted = _granted(item, part, line.each, facts, calendar)
        for row, here in line.rows(facts):
            if line.holds(here, calendar) and (granted is None or row in granted):
                title = filled(line.declared["title"], here)
                found.append(FurtherResult(line.id, title, row, end_of(line.declared, here, decided_on)))
    return tuple(found)


def row_of(item: Item, id: str, row: int | None, facts: Facts) -> Any:
    """What `/each` stands for in a further result; None where there is no row."""
    each = next((line.each for line in rules_of(item).also if line.id == id), None)
    found, value = resolve(facts, f"{each}/{row}") if each is not None and row is not None else (False, None)
    return value if found else None


def _granted(
    item: Item, part: PartRule | None, each: str | None, facts: Facts, calendar: Calendar
) -> frozenset[int] | None:
    """The rows that the part grants, by position; None where it says nothing of these rows."""
    if part is None or part.when is None or each is None or _rows_of(item, part.asked) != _rows_of(item, each):
        return None
    asked = resolve(facts, part.asked)[1]
    rows = enumerate(asked if isinstance(asked, list) else ())
    return frozenset(n for n, row in rows if row is not None and part.when.holds({**facts, "each": row}, calendar))


def _rows_of(item: Item, pointer: str) -> str:
    """The list whose rows these are: what a lookup answers row by row is aligned with what it was asked for."""
    parts = tokens(pointer)
    lookup = item.lookups.get(parts[1]) if len(parts) == 2 and parts[0] == "lookups" else None
    return lookup.each if lookup is not None and lookup.each and not lookup.many else pointer
