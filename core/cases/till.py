"""A till: what is due of a case that whoever sits there may not read, by its number; and a receipt, held for one payer.

Knows no page. It gives no more of the case than a payer says himself: who pays, what for, how much, until when.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.cases import numbers
from core.cases.actions.reading import note_read
from core.cases.models import Case
from core.cases.parts import is_concerned
from core.cases.paying import Payment, payment_in
from core.cases.rows import Statement
from core.contract import Actor
from core.errors import NotFound
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

TAKE = "payment.note"
NO_CASE = "没有查到这个办件，或它不在这里缴费。请核对编号。"


@dataclass(frozen=True, slots=True)
class ToPay:
    no: str
    version: str
    """Of the item, whose title the reader reads in his language."""
    payer: str
    revision: int
    payment: Payment | None
    """None where nothing was asked for."""


async def to_pay(kernel: Kernel, actor: Actor, no: str) -> ToPay:
    """What is due of a case, at the till; a read of it. Raises NotFound."""
    case = await at_till(kernel, actor, no)
    await note_read(kernel, case, actor=actor, kind="payment")
    record = case.record or {}
    payer = str((record.get("applicant") or {}).get("name") or record.get("called") or "")
    return ToPay(case.no, case.version, payer, case.revision, payment_in(record))


async def at_till(kernel: Kernel, actor: Actor, no: str) -> Case:
    """The case, where the actor may note its payment: its matter, or the office that decides it, lies in his area.

    Raises NotFound for every other, as if it did not exist; for his own matter too (回避).
    """
    number = numbers.read(no)
    case = await Case.get_or_none(no=number) if number else None
    if case is None or case.record is None or is_concerned(kernel, actor, case):
        raise NotFound(NO_CASE)
    places = (case.deciding_area, case.record.get("place"))
    if not any(may(actor, TAKE, area=place, office=kernel.office) for place in places if place):
        raise NotFound(NO_CASE)
    return case


def claim(number: str, payer: str) -> Sequence[Statement]:
    """Noted for this payer and for nobody else, also where two tills note it at one moment."""
    return (
        Statement(
            "INSERT INTO cases_receipt (number, payer, uses) VALUES (?, ?, 0) ON CONFLICT (number) DO NOTHING",
            [number, payer],
        ),
        Statement(
            "UPDATE cases_receipt SET uses = uses + 1, payer = ? WHERE number = ? AND (payer = ? OR uses = 0)",
            [payer, number, payer],
            must=True,
        ),
    )


def release(number: str) -> Statement:
    """Taken back in one case."""
    return Statement("UPDATE cases_receipt SET uses = uses - 1 WHERE number = ? AND uses > 0", [number])
