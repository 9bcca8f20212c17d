"""Handing in what was missing: a material of a case that is under way, by the applicant or by staff for him.

Knows no page. A material handed in is `given`: no longer open, and a person looks at it before anything is approved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from core.cases import files
from core.cases.actions.moves import MOVED_ON, add_event, after, seen
from core.cases.case_view import CaseView
from core.cases.lifecycle import PARTY, UNDER_WAY
from core.cases.models import CaseFile, CaseMaterial
from core.cases.parts import is_party
from core.cases.proposing import restated
from core.cases.rows import insert, row, update
from core.catalog import versions
from core.contract import Actor
from core.errors import Conflict, NotAllowed
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel


async def hand_in(
    kernel: Kernel, no: str, *, actor: Actor, material: str, name: str, data: bytes, revision: int
) -> CaseView:
    """One more file for a material of this case.

    Raises Unprocessable (wrong material or type), TooLarge, Conflict (moved on, or over), NotAllowed.
    """
    case, parts = await seen(kernel, no, actor)
    if not may(
        actor,
        "case.add_material",
        own=PARTY in parts.hats or is_party(kernel, actor, case),
        unit=case.deciding_unit,
        area=case.deciding_area,
        site=case.site,
        office=kernel.office,
    ):
        raise NotAllowed("您不能为此办件补交材料。", code="not-your-move")
    if case.revision != revision:
        raise Conflict(MOVED_ON, code="stale")
    if case.status not in UNDER_WAY:
        raise Conflict("办件已办结，不能再补交材料。", code="move-not-possible")
    wanted = await CaseMaterial.get_or_none(case_id=case.id, material=material)
    item = await versions.item_by_digest(case.version)
    held = await CaseFile.filter(case_id=case.id).count()
    media_type = files.check(item, material, name, data, held=held)
    confirmed = wanted is not None and wanted.told == "signed"
    if wanted is None or wanted.status == "proved" or confirmed:
        raise Conflict("这份材料无需提交。", code="material-not-wanted")
    digest = await files.store(kernel, data)
    now = kernel.now()
    fresh = row(
        CaseFile,
        case_id=case.id,
        material=material,
        digest=digest,
        media_type=media_type,
        size=len(data),
        name=files.clean(name),
        actor=actor.id,
        at=now,
    )
    # A promise that was made stays a promise; the paper only adds to it.
    changes = (
        {}
        if wanted.status == "promise"
        else {"status": "given", "open": False, "told": "", "because": "已提交，待审核。"}
    )
    more = insert([fresh])
    if changes:
        more.append(update(CaseMaterial, changes, {"id": wanted.id}))
    record, proposed = await restated(kernel, case, {material: changes})
    await add_event(
        kernel,
        case,
        "material_given",
        to=case.status,
        actor=actor,
        data={"material": material, "digest": digest, "size": len(data), **proposed},
        changes={"record": record} if proposed else {},
        more=more,
    )
    return await after(kernel, case, actor)
