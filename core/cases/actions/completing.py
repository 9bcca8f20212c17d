"""What a case needs before anything is approved: papers looked at, steps done, findings filled in, the fee paid.

Knows rows and dates; the decision itself is `deciding`'s.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from core.cases.actions.steps import held_words
from core.cases.models import Case, CaseMaterial
from core.cases.paying import hindrance
from core.cases.rows import Statement, update
from core.catalog import versions
from core.contract import Item, Problem
from core.errors import Unprocessable
from core.judge.legal_clock import LegalDates, open_steps
from core.judge.routing import office_name
from core.judge.rules import rules_of
from core.judge.step_dates import StepDate

if TYPE_CHECKING:
    from core.kernel import Kernel

GOOD = {"told": "accepted", "open": False, "because": "工作人员已核对，符合要求。"}
"""Columns of a material whose paper a member of staff has found good."""


def finding_steps(item: Item) -> frozenset[str]:
    """Ids of the steps that are done only once somebody has filled in what was found.

    One with `review: false` calls for nobody, so it keeps nothing from being approved.
    """
    steps = rules_of(item).steps
    return frozenset(one.step.id for one in steps if one.step.id and one.step.findings is not None and one.review)


async def check_complete(
    kernel: Kernel, case: Case, dates: LegalDates | None, checked: Collection[str] = ()
) -> list[CaseMaterial]:
    """The papers that `checked` names and that nobody had looked at before. Raises Unprocessable with everything that
    keeps the case from approval: a required material that is open or that nobody has looked at, a step of another
    office, one whose findings are not filled in, a fee."""
    item = await versions.item_by_digest(case.version)
    found: list[Problem] = []
    papers: list[CaseMaterial] = []
    for one in await CaseMaterial.filter(case_id=case.id, required=True).order_by("position"):
        if one.open:
            found.append(Problem(f"/materials/{one.material}", "open", f"材料“{one.title}”尚未齐备，不能准予。"))
        elif one.status == "given" and one.told != "accepted":
            if one.material in checked:
                papers.append(one)
                continue
            what = f"材料“{one.title}”已交，还没有人核对，不能准予：看过、符合要求的，请勾选“已核对，符合要求”。"
            found.append(Problem(f"/materials/{one.material}", "unseen", what))
    finding = finding_steps(item)
    for step in open_steps(dates, (case.deciding_unit, case.deciding_area), finding):
        found.append(Problem(f"/steps/{step.position}", "open", _said(kernel, step, finds=step.step.id in finding)))
    if held := hindrance(item, case.record, "approve"):
        found.append(Problem("/payment", "open", held))
    if found:
        raise Unprocessable(found)
    return papers


def found_good(papers: Sequence[CaseMaterial]) -> list[Statement]:
    """The papers as their rows stand once the approval has found them good."""
    return [update(CaseMaterial, GOOD, {"id": one.id}) for one in papers]


def _said(kernel: Kernel, one: StepDate, *, finds: bool) -> str:
    """Why this step keeps the case from approval, and where it is done."""
    if one.held_until is not None:
        return f"{held_words(one)}期满前不能准予。"
    office = office_name(kernel.office, one.step.unit, one.step.area)
    title = f"“{one.step.title}”环节" if one.step.title else "环节"
    if finds:
        return f"{one.step.by or office}的{title}还没有填写结论，不能准予：由{office}在“填写结论，完成环节”里填写。"
    return f"{one.step.by or office}的{title}尚未完成，不能准予。"


def own_steps(case: Case, item: Item, dates: LegalDates | None) -> list[int]:
    """The deciding office's own steps that its decision finishes: not what is done outside, nor what nobody has filled
    in, whatever is decided."""
    finds = {one.step.id for one in rules_of(item).steps if one.step.id and one.step.findings is not None}
    return [
        one.position
        for one in (dates.steps if dates else ())
        if one.done is None
        and one.held_until is None
        and not one.step.by
        and one.step.id not in finds
        and (one.step.unit, one.step.area) == (case.deciding_unit, case.deciding_area)
    ]
