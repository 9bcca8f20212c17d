"""Delivery 送达: the decision reaches the applicant, by which way, when, and by whom.

Knows the ways; the ten working days for it are judge's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.cases.actions.moves import after, check_move, make_move, seen
from core.cases.lifecycle import PARTY
from core.cases.nouns import CaseView
from core.catalog import versions
from core.contract import Actor, Item, Problem
from core.errors import NotAllowed, Unprocessable

if TYPE_CHECKING:
    from core.kernel import Kernel

METHODS = ("electronic", "mail", "pickup")


def methods_of(item: Item) -> tuple[str, ...]:
    """The ways this item's result may be delivered; all where it names none."""
    named = (item.declared.get("result") or {}).get("delivery") or METHODS
    return tuple(one for one in METHODS if one in named)


async def deliver(kernel: Kernel, no: str, *, actor: Actor, method: str, note: str = "", revision: int) -> CaseView:
    """`note` is the postal number or who picked it up. The applicant himself says only that he has it electronically.

    Raises Unprocessable (a way the item does not have, mail or pickup without note), Conflict, NotAllowed.
    """
    case, parts = await seen(kernel, no, actor)
    check_move(case, "deliver", hats=parts.hats, revision=revision)
    item = await versions.item_by_digest(case.version)
    if parts.hats == {PARTY} and method != "electronic":
        raise NotAllowed("邮寄和自取由工作人员登记。", code="not-your-move")
    if method not in methods_of(item):
        raise Unprocessable([Problem("/method", "enum", "请选择送达方式。")])
    if method != "electronic" and not note.strip():
        sentence = "请写明邮寄单号。" if method == "mail" else "请写明由谁领取。"
        raise Unprocessable([Problem("/note", "required", sentence)])
    data = {"method": method, "note": note.strip()[:200]}
    await make_move(kernel, case, "deliver", hats=parts.hats, revision=revision, actor=actor, data=data)
    return await after(kernel, case, actor)
