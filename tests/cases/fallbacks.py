"""An item with one material of each fallback, for the tests of what closes them."""

from __future__ import annotations

from datetime import date
from typing import Any

from core.cases import access, actions
from core.cases.case_view import CaseView
from core.catalog.bundle import read_item
from core.contract import Actor, Item
from core.kernel import Kernel
from tests.cases.town import ALLOWANCE, CITIZEN, ELDER, YOUNG, person

ANSWERS = {"phone": "13900000000", "other": YOUNG}


LEASE: dict[str, Any] = {"id": "lease", "title": "租赁合同", "fallback": {"later": 5}}


def item(*wanted: str) -> Item:
    """The allowance with these materials: staff, promise, later, confirm, upload."""
    offered: dict[str, dict[str, Any]] = {
        "identity": {
            "id": "identity",
            "title": "居民身份证",
            "proved_by": "person",
            "valid_when": {"/lookups/person/alive": {"const": True}},
            "fallback": "staff",
        },
        "account": {
            "id": "account",
            "title": "银行账户证明",
            "proved_by": "account",
            "fallback": {"down": "promise", "empty": "upload"},
            "consequence": "承诺不实的，停发并追回。",
        },
        "lease": LEASE,
        "other": {"id": "other", "title": "另一方同意", "fallback": {"confirm": "/answers/other"}},
    }
    form = {
        **ALLOWANCE["form"],
        "properties": {**ALLOWANCE["form"]["properties"], "other": {"type": "string", "title": "另一方"}},
    }
    guide = {**ALLOWANCE["item"], "materials": [offered[id] for id in wanted or tuple(offered)]}
    return read_item("allowance", {**ALLOWANCE, "item": guide, "form": form})


def several(**more: Any) -> Item:
    """The allowance with a material that two others have to confirm, `/answers/people/*/id`."""
    row = {"type": "object", "properties": {name: {"type": "string"} for name in ("id", "born")}}
    people = {"type": "array", "title": "各方", "items": row}
    form = {**ALLOWANCE["form"], "properties": {**ALLOWANCE["form"]["properties"], "people": people}}
    identity = {"id": "identity", "title": "居民身份证", "proved_by": "person"}
    both = {"id": "both", "title": "各方同意", "fallback": {"confirm": "/answers/people/*/id", **more}}
    guide = {**ALLOWANCE["item"], "materials": [identity, both]}
    return read_item("allowance", {**ALLOWANCE, "item": guide, "form": form})


def asking(id: str, *papers: str, confirm: bool = False) -> Item:
    """An item that asks for these papers, which no lookup proves; and, with `confirm`, for another party's word."""
    materials: list[dict[str, Any]] = [{"id": one, "title": one} for one in papers]
    if confirm:
        materials.append({"id": "signature", "title": "signature", "fallback": {"confirm": "/answers/other"}})
    guide = {**ALLOWANCE["item"], "handling": "promised", "materials": materials}
    return read_item(id, {**ALLOWANCE, "item": guide})


async def filed(kernel: Kernel, *materials: str, actor: Actor = CITIZEN, **more: Any) -> CaseView:
    """A case of the item with these materials, as who filed it reads it."""
    receipt, _ = await actions.file(
        kernel, item(*materials), actor=actor, applicant=person(ELDER, "陈试甲"), answers=ANSWERS, **more
    )
    return await access.case(kernel, actor, receipt.no)


def status(case: CaseView, material: str) -> tuple[str, bool]:
    """The material's status, and whether it is open."""
    one = next(m for m in case.materials if m.id == material)
    return one.status, one.open


class OnDay:
    """The kernel's clock moved on; everything else is the kernel's own."""

    def __init__(self, kernel: Kernel, day: date) -> None:
        self._kernel, self._day = kernel, day

    def __getattr__(self, name: str) -> Any:
        return getattr(self._kernel, name)

    def today(self) -> date:
        return self._day


def on(kernel: Kernel, day: date) -> Any:
    return OnDay(kernel, day)
