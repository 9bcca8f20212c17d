"""Which cases stand on a page of somebody's queue: keys first, by one index, however long the queue is.

Knows no view. A page is read by key, never by offset: the row comparison `(waiting, id) > (…)` is one step into the
index, and where a permission reaches several areas each area gives its own first rows and these are merged.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from core import database
from core.cases.rows import select_all
from core.contract import Actor
from core.office.permissions import ALL, AREA, OFFICE, OWN, SITE, UNIT, areas_within

if TYPE_CHECKING:
    from core.kernel import Kernel

_WAITING = "waiting IS NOT NULL"
_OVER = "waiting IS NULL"


async def waiting(
    kernel: Kernel, scope: str, actor: Actor, *, state: str | None, after: tuple[int, str] | None, limit: int
) -> list[tuple[int, str]]:
    """(rank, key) of cases under way, green channel first, then oldest first."""
    tests, values = _tests(_WAITING, state)
    if after:
        tests, values = f"{tests} AND (waiting, id) > (?, ?)", [*values, *after]
    rows = await _rows(kernel, scope, actor, tests, values, "waiting, id", limit)
    return [(int(row["waiting"]), str(row["id"])) for row in rows]


async def over(kernel: Kernel, scope: str, actor: Actor, *, state: str, before: str | None, limit: int) -> list[str]:
    """Keys of cases that are over, newest first."""
    tests, values = _tests(_OVER, state)
    if before:
        tests, values = f"{tests} AND id < ?", [*values, before]
    rows = await _rows(kernel, scope, actor, tests, values, "id DESC", limit)
    return [str(row["id"]) for row in rows]


def _tests(which: str, state: str | None) -> tuple[str, list[Any]]:
    return (f"{which} AND status = ?", [state]) if state else (which, [])


async def _rows(
    kernel: Kernel, scope: str, actor: Actor, tests: str, values: Sequence[Any], order: str, limit: int
) -> list[dict[str, Any]]:
    place, where, areas = _place(kernel, scope, actor)
    tail = f"ORDER BY {order} LIMIT {limit}"
    select = "SELECT id, waiting FROM cases_case WHERE"
    if areas is None:
        tests = f"{place} AND {tests}" if place else tests
        return await select_all(f"{select} {tests} {tail}", *where, *values)
    tests = f"{place} AND {tests}" if place else tests
    if database.connection().capabilities.dialect == "postgres":
        # Otherwise every waiting case of every area is sorted to show twenty.
        return await select_all(
            f"SELECT c.id, c.waiting FROM unnest(CAST(? AS text[])) AS a(code), "
            f"LATERAL ({select} deciding_area = a.code AND {tests} {tail}) AS c {tail}",
            list(areas), *where, *values,
        )  # fmt: skip
    marks = ", ".join("?" * len(areas))
    return await select_all(f"{select} deciding_area IN ({marks}) AND {tests} {tail}", *areas, *where, *values)


def _place(kernel: Kernel, scope: str, actor: Actor) -> tuple[str, list[Any], list[str] | None]:
    """(condition, its values, the areas reached where they are several)."""
    if scope == ALL:
        return "", [], None
    if scope == OWN:
        return "actor = ?", [actor.id], None
    if scope == SITE:
        return "site = ?", [actor.site or ""], None
    if scope == OFFICE:
        return "deciding_unit = ? AND deciding_area = ?", [actor.unit or "", actor.area or ""], None
    if scope not in (UNIT, AREA):
        raise ValueError(f"{scope} is not a scope.")
    areas = areas_within(actor.area, kernel.office)
    if scope == UNIT:
        return "deciding_unit = ?", [actor.unit or ""], areas
    return "", [], areas
