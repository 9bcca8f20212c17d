"""Cases whose letter could not be written: what whoever can mend it reads of them.

Knows no template and no page; writing the letter after all is `actions.letters`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.lines import Page
from core.cases.models import LetterFault
from core.cases.sending import why_unwritten
from core.catalog import versions
from core.contract import Actor, Item
from core.errors import NotAllowed, NotFound
from core.office.permissions import ALL, OFFICE, areas_within, may, reach

if TYPE_CHECKING:
    from core.kernel import Kernel

PAGE = 20


@dataclass(frozen=True, slots=True)
class Unwritten:
    """One letter that is still to be written."""

    id: str
    no: str
    item: str
    item_title: str
    version: str
    """The case's own version of the item, as its author calls it."""
    unit: str
    area: str
    title: str
    since: datetime
    error: str
    """The fault in the template engine's words."""
    mended: bool
    """The item's templates are others by now than those of the case's version."""
    reads: bool
    """The reader may open the case."""
    issues: bool
    """The reader may issue the letter."""


async def unwritten_letters(kernel: Kernel, actor: Actor, *, after: str = "") -> Page[Unwritten]:
    """The oldest first. Raises NotAllowed, NotFound for a page that is none."""
    query = _within(kernel, actor)
    if after:
        try:
            query = query.filter(id__gt=UUID(after))
        except ValueError:
            raise NotFound("没有这一页。请从第一页看起。") from None
    rows = await query.order_by("id").limit(PAGE + 1).select_related("case")
    lines = [await _line(kernel, actor, row) for row in rows[:PAGE]]
    return Page(tuple(lines), lines[-1].id if len(rows) > PAGE else None)


async def count_unwritten(kernel: Kernel, actor: Actor) -> int:
    """How many letters this reader could see to; 0 for who has no part in it."""
    if reach(actor, "letter.read") is None:
        return 0
    return int(await _within(kernel, actor).count())


def _within(kernel: Kernel, actor: Actor) -> Any:
    held = reach(actor, "letter.read")
    if held is None:
        raise NotAllowed("letter.read")
    if held.scope == ALL:
        return LetterFault.all()
    areas = [held.area] if held.scope == OFFICE else areas_within(held.area, kernel.office)
    return LetterFault.filter(case__deciding_unit=held.unit or "", case__deciding_area__in=areas)


async def _line(kernel: Kernel, actor: Actor, row: LetterFault) -> Unwritten:
    case = row.case
    place: dict[str, Any] = {"unit": case.deciding_unit, "area": case.deciding_area, "office": kernel.office}
    own = await versions.item_by_digest(case.version)
    return Unwritten(
        id=str(row.id),
        no=case.no,
        item=case.item,
        item_title=case.title,
        version=own.version,
        unit=case.deciding_unit or "",
        area=case.deciding_area or "",
        title=row.title,
        since=row.since,
        error=why_unwritten(case.record),
        mended=is_mended(own, kernel.catalog.items.get(case.item)),
        reads=may(actor, "case.read", **place),
        issues=may(actor, "letter.issue", **place),
    )


def is_mended(own: Item, newest: Item | None) -> bool:
    """Whether what the letter is made of has changed since the case's own version."""
    return newest is not None and _made_of(own) != _made_of(newest)


def _made_of(item: Item) -> tuple[Any, ...]:
    return item.bundle.get("templates"), item.declared.get("result"), item.declared.get("letters")
