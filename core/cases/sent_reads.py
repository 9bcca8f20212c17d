"""Letters as their readers find them: the other party's own, a unit's copies 抄送件, and one letter to read and print.

Knows no page. Whoever is not the reader of a letter finds none, as if it did not exist.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from core.cases.acting import parts_for
from core.cases.actions.reading import note_read
from core.cases.lines import Page
from core.cases.models import Case, Letter
from core.cases.sending import KIND
from core.cases.standing import speaks_for
from core.catalog import versions
from core.contract import Actor
from core.errors import NotAllowed, NotFound
from core.judge.formats import is_credit_code
from core.office.permissions import OFFICE, areas_within, reach

if TYPE_CHECKING:
    from core.kernel import Kernel

PAGE = 20
NONE = "没有这份文书。"


@dataclass(frozen=True, slots=True)
class SentLetter:
    """A letter for whoever it is for; of the case no more than its number and its item."""

    id: str
    title: str
    number: str
    no: str
    item: str
    item_title: str
    at: datetime
    text: str = ""
    """HTML, escaped when it was rendered; "" in a list and once erased."""
    read_at: datetime | None = None
    mine: bool = False
    """The reader has the case itself, too."""


async def letters_to(kernel: Kernel, actor: Actor, *, firm: str = "") -> tuple[SentLetter, ...]:
    """What went to this person as the other party of somebody's case, newest first; with `firm`, what went to it, for
    its legal representative or who holds its mandate."""
    if not actor.id_number:
        return ()
    key = kernel.keys.index(firm or actor.id_number)
    rows = await Letter.filter(to_key=key).order_by("-id").limit(PAGE).prefetch_related("case")
    return tuple([_line(one) for one in rows if not firm or await _speaks(kernel, actor, one.case, firm)])


async def letter(kernel: Kernel, actor: Actor, id: str, *, firm: str = "") -> SentLetter:
    """One letter by its key, for its reader: the case's own people, or the other party. Raises NotFound."""
    one = await _row(id)
    if one.reader == "party":
        mine = bool(actor.id_number) and one.to_key == kernel.keys.index(firm or actor.id_number or "")
        if not mine or (firm and not (is_credit_code(firm) and await _speaks(kernel, actor, one.case, firm))):
            raise NotFound(NONE)
    else:
        parts = await parts_for(kernel, actor, one.case)
        if one.reader != "applicant" or not parts.reads:
            raise NotFound(NONE)
        if parts.as_staff:
            await note_read(kernel, one.case, actor=actor, kind="case")
    return replace(_line(one, whole=True), mine=one.reader == "applicant")


def reads_copies(actor: Actor) -> bool:
    """Whether the actor works in an office that copies may be sent to."""
    return bool(actor.unit) and reach(actor, "copy.read") is not None


def copies_within(kernel: Kernel, actor: Actor) -> Any:
    """The copies of his office, as a query. Raises NotAllowed."""
    held = reach(actor, "copy.read")
    if held is None or actor.unit is None:
        raise NotAllowed("您的账号没有抄送件。")
    areas = [actor.area or ""] if held.scope == OFFICE else areas_within(actor.area, kernel.office)
    return Letter.filter(to_unit=actor.unit, to_area__in=areas)


async def copies_of(kernel: Kernel, actor: Actor, *, after: str = "") -> Page[SentLetter]:
    """What was sent to the actor's office for its information, newest first. Raises NotAllowed, NotFound."""
    query = copies_within(kernel, actor)
    if after:
        query = query.filter(id__lt=letter_key(after))
    rows = await query.order_by("-id").limit(PAGE + 1).prefetch_related("case")
    return Page(tuple(map(_line, rows[:PAGE])), str(rows[PAGE - 1].id) if len(rows) > PAGE else None)


async def unread_copies(kernel: Kernel, actor: Actor) -> int:
    return int(await copies_within(kernel, actor).filter(read_at__isnull=True).count()) if reads_copies(actor) else 0


async def copy(kernel: Kernel, actor: Actor, id: str) -> SentLetter:
    """One of them, which is noted for the applicant. Raises NotAllowed, NotFound."""
    one = await copies_within(kernel, actor).get_or_none(id=letter_key(id)).prefetch_related("case")
    if one is None:
        raise NotFound(NONE)
    await note_read(kernel, one.case, actor=actor, kind="copy")
    return _line(one, whole=True)


async def _row(id: str) -> Letter:
    one = await Letter.get_or_none(id=letter_key(id), kind=KIND).prefetch_related("case")
    if one is None:
        raise NotFound(NONE)
    return one


async def _speaks(kernel: Kernel, actor: Actor, case: Case, firm: str) -> bool:
    item = await versions.item_by_digest(case.version)
    return await speaks_for(kernel, item, actor=actor, firm=firm) is not None


def _line(one: Letter, *, whole: bool = False) -> SentLetter:
    case = one.case
    text = str(one.text or "") if whole else ""
    return SentLetter(str(one.id), one.title, one.number, case.no, case.item, case.title, one.at, text, one.read_at)


def letter_key(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(NONE) from None
