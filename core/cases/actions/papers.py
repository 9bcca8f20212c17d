"""A paper looked at by staff: good, or not good and why. What is not good is wanted again, in the one notice if it may
still be sent, else on the case's page.

Knows one material at a time. A paper that was found good leaves the decision to a person all the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.cases.actions.completing import GOOD
from core.cases.actions.moves import MOVED_ON, add_event, after, seen
from core.cases.case_view import CaseView
from core.cases.lifecycle import DESK, OFFICE, UNDER_WAY
from core.cases.models import CaseMaterial
from core.cases.proposing import restated
from core.cases.rows import update
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable

if TYPE_CHECKING:
    from core.kernel import Kernel

LOOKED_AT = ("accepted", "rejected")
"""What `told` of a material says once a member of staff has looked at its paper."""


async def judge_paper(
    kernel: Kernel, no: str, *, actor: Actor, material: str, good: bool, because: str = "", revision: int
) -> CaseView:
    """核对材料: 符合要求, or 不符合要求 with its reason, which the applicant reads and the notice begins with.

    Raises NotAllowed (neither desk nor office of this case), Conflict (moved on, over, nothing handed in, or looked at
    with the same end already), NotFound, Unprocessable (not good, and no reason).
    """
    case, parts = await seen(kernel, no, actor)
    if not parts.hats & {DESK, OFFICE}:
        raise NotAllowed("您不能为此办件核对材料。", code="not-your-move")
    why = because.strip()[:2000]
    if not good and not why:
        raise Unprocessable([Problem("/because", "required", "请写明哪里不符合要求、应当怎样补正，申请人会看到。")])
    if case.revision != revision:
        raise Conflict(MOVED_ON, code="stale")
    if case.status not in UNDER_WAY:
        raise Conflict("办件已办结，不能再进行此操作。", code="move-not-possible")
    held = await CaseMaterial.get_or_none(case_id=case.id, material=material)
    if held is None:
        raise NotFound("这件办件没有这份材料。")
    if held.status != "given":
        raise Conflict("这份材料还没有提交，没有可以核对的。", code="nothing-to-look-at")
    if good and held.told == "accepted":
        raise Conflict("这份材料已经核对认可。", code="looked-at")
    values = (
        GOOD
        if good
        else {"status": "upload", "told": "rejected", "open": held.required, "because": f"不符合要求：{why}"}
    )
    record, proposed = await restated(kernel, case, {material: values})
    await add_event(
        kernel,
        case,
        "material_accepted" if good else "material_rejected",
        to=case.status,
        actor=actor,
        data={"material": material, "title": held.title, **({"because": why} if why else {}), **proposed},
        changes={"record": record} if proposed else {},
        more=[update(CaseMaterial, values, {"id": held.id})],
    )
    return await after(kernel, case, actor)
