"""What closes, or opens again, a material that no lookup proves: seen by staff, promised, confirmed by another party.

Knows one material at a time; a required one that is open keeps every decision from being an approval.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from core.cases import numbers
from core.cases.actions.moves import MOVED_ON, add_event, after, seen
from core.cases.actions.rechecking import settle
from core.cases.case_view import CaseView
from core.cases.lifecycle import OFFICE, PARTY, UNDER_WAY
from core.cases.mandating import still_runs
from core.cases.models import Case, CaseConfirmer, CaseJoint, CaseMaterial
from core.cases.promising import untrue_letter
from core.cases.proposing import restated, spoken_to, stored_facts
from core.cases.rows import Statement, insert, row, update
from core.cases.standing import speaks_for
from core.catalog import versions
from core.contract import Actor, Problem
from core.errors import Conflict, NotAllowed, NotFound, Unprocessable
from core.judge.confirming import is_joint
from core.judge.materials import otherwise
from core.judge.sentences import say
from core.office.permissions import STAFF_ROLES, may

if TYPE_CHECKING:
    from core.kernel import Kernel

_LONGEST = 2000
BROKEN = ("decided", "delivered")
"""Statuses in which an approved case may still be told that a promise was untrue."""


async def note_seen(kernel: Kernel, no: str, *, actor: Actor, material: str, saw: str, revision: int) -> CaseView:
    """由窗口代查: the desk has got it by another way than a source, and says what it saw. A person still decides."""
    case, _ = await seen(kernel, no, actor)
    if actor.role not in STAFF_ROLES or not may(
        actor, "case.look_up", own=case.actor == actor.id, unit=case.deciding_unit, area=case.deciding_area,
        site=case.site, office=kernel.office,
    ):  # fmt: skip
        raise NotAllowed("您不能为此办件登记核实情况。", code="not-your-move")
    what = _said(saw, "/saw", "请写明您从哪里、看到了什么。")
    held = await _material(case, material, revision)
    if held.status in ("proved", "given", "promise"):
        raise Conflict("这份材料无需代查。", code="material-not-wanted")
    return await _change(
        kernel, case, held, "material_seen", actor=actor,
        values={"status": "given", "open": False, "because": "工作人员已代为核实，待审核。"},
        data={"material": material, "because": what},
    )  # fmt: skip


async def withdraw_promise(kernel: Kernel, no: str, *, actor: Actor, material: str, revision: int) -> CaseView:
    """The applicant takes his promise back: the material is wanted again. Not once the case is decided. It is his word:
    who applies jointly with him takes back the application, not what another has signed."""
    case, parts = await seen(kernel, no, actor)
    if PARTY not in parts.hats or parts.joint:
        raise NotAllowed("只有申请人或其代理人可以撤回承诺。", code="not-your-move")
    held = await _material(case, material, revision)
    _promised(held)
    return await _change(
        kernel, case, held, "promise_withdrawn", actor=actor,
        values={"status": "upload", "open": held.required, "told": "withdrawn", "because": "承诺已撤回，需要提交。"},
        data={"material": material},
    )  # fmt: skip


async def find_promise_false(
    kernel: Kernel, no: str, *, actor: Actor, material: str, because: str, basis: str, revision: int
) -> CaseView:
    """核查不实: under way, the material is wanted again and no promise closes it; granted, the applicant is told what
    follows, in a notice of its own. Raises Unprocessable, NotAllowed, Conflict."""
    case, parts = await seen(kernel, no, actor)
    if OFFICE not in parts.hats:
        raise NotAllowed("只有决定部门的审核人员可以认定承诺不实。", code="not-your-move")
    reason = _said(because, "/because", "请写明核查情况。")
    law = _said(basis, "/basis", "请写明依据。")
    held = await _material(case, material, revision, further=BROKEN)
    _promised(held)
    item = await versions.item_by_digest(case.version)
    letter = untrue_letter(
        kernel, str(case.id), no=case.no, item=item, material=material, title=held.title,
        applicant=await spoken_to(case), unit=case.deciding_unit, because=reason, basis=law,
    )  # fmt: skip
    values: dict[str, Any] = {"told": "false", "because": "承诺经核查不实。"}
    if case.status in UNDER_WAY:
        values |= {"status": "upload", "open": held.required, "because": "承诺经核查不实，需要提交。"}
    elif held.told == "false":
        raise Conflict("已经告知过承诺不实。", code="told-already")
    return await _change(
        kernel, case, held, "promise_false", actor=actor, values=values,
        data={"material": material, "because": reason, "basis": law}, more=insert([letter]),
    )  # fmt: skip


async def confirm(kernel: Kernel, no: str, *, actor: Actor, material: str, agrees: bool, firm: str = "") -> None:
    """The other party signs, or does not: from his own account, by his own number. Raises NotFound for anybody else.

    For a firm, named by its credit code, its legal representative does, or who holds its mandate; Unavailable where the
    register is silent.
    A yes may complete the case: the same rules are asked again, and a person decides where they do not.
    """
    number = numbers.read(no)
    case = await Case.get_or_none(no=number) if number else None
    party = firm or actor.id_number
    key = kernel.keys.index(party) if party and actor.id_number else None
    held = mine = None
    others: list[CaseConfirmer] = []
    if case is not None and key is not None and key != case.applicant_key and actor.role not in STAFF_ROLES:
        held, mine, others = await _asked(case, material, key)
    right: Mapping[str, Any] | None = None
    if firm and case is not None and held is not None:
        item = await versions.item_by_digest(case.version)
        right = await speaks_for(kernel, item, actor=actor, firm=firm)
        held = held if right is not None else None
    if case is None or held is None:
        raise NotFound("没有需要您确认的事项。")
    done = held.told in ("refused", "over") if others else not held.open and held.required
    if case.status not in UNDER_WAY or held.status != "confirm" or done or (mine is not None and mine.answer):
        raise Conflict("这件事已经不需要您确认了。", code="not-wanted")
    left = sum(1 for one in others if one.answer != "yes")
    if not agrees:
        values = await refused(kernel, case, held)
    elif left:
        values = {"because": f"已有 {len(others) + 1 - left} 方确认，还有 {left} 方没有确认。"}
    else:
        values = {"open": False, "told": "signed", "because": "对方已确认。" if not others else "各方都已确认。"}
    type = "party_confirmed" if agrees else "party_refused"
    said: dict[str, Any] = {"material": material, **({"firm": firm, "standing": dict(right)} if right else {})}
    answered = [update(CaseConfirmer, {"answer": "yes" if agrees else "no"}, {"id": mine.id})] if mine else []
    if right and right.get("mandate"):
        answered.append(still_runs(str(right["mandate"]), kernel.now()))
    joint = None
    if agrees and is_joint(await versions.item_by_digest(case.version), material):
        # Who confirms under a firm's mandate does this one thing; the firm reads through who stands for it by register.
        own = kernel.keys.index(str(actor.id_number))
        if not (right and right.get("mandate")) and not await CaseJoint.exists(case_id=case.id, key=own):
            answered += insert([row(CaseJoint, case_id=case.id, key=own)])
        joint = {"name": actor.name, "material": material, **({"firm": firm} if firm else {})}
        said |= {"joint": True}
    await _write(kernel, case, held, type, actor=actor, values=values, data=said, more=answered, joint=joint)
    if agrees and not left:
        await settle(kernel, str(case.id))


async def _asked(
    case: Case, material: str, key: str
) -> tuple[CaseMaterial | None, CaseConfirmer | None, list[CaseConfirmer]]:
    """(the material, this party's own row, the other parties') where this party is asked; a single one has no row."""
    alone = await CaseMaterial.get_or_none(case_id=case.id, material=material, confirm_key=key)
    if alone is not None:
        return alone, None, []
    every = await CaseConfirmer.filter(case_id=case.id, material=material).order_by("position")
    mine = next((one for one in every if one.key == key), None)
    if mine is None:
        return None, None, []
    held = await CaseMaterial.get_or_none(case_id=case.id, material=material)
    return held, mine, [one for one in every if one.id != mine.id]


async def refused(kernel: Kernel, case: Case, held: CaseMaterial, *, told: str = "refused") -> dict[str, Any]:
    """The material once a party said no (`refused`), or said nothing in time (`over`): what the item wants instead."""
    item = await versions.item_by_digest(case.version)
    instead = otherwise(item, held.material, await stored_facts(case), kernel.calendar)
    why = say("zh", "party_refused" if told == "refused" else "party_over")
    then = {"upload": "party_then_upload", "staff": "party_then_staff"}.get(instead)
    because = say("zh", then, why=why) if then else why
    return {
        "open": held.required, "told": told, "because": because, "due": None,
        **({"status": instead} if instead else {}),
    }  # fmt: skip


# --- one material ----------------------------------------------------------------------------------------


async def _material(case: Case, material: str, revision: int, *, further: Sequence[str] = ()) -> CaseMaterial:
    if case.revision != revision:
        raise Conflict(MOVED_ON, code="stale")
    if case.status not in UNDER_WAY and case.status not in further:
        raise Conflict("办件已办结，不能再进行此操作。", code="move-not-possible")
    held = await CaseMaterial.get_or_none(case_id=case.id, material=material)
    if held is None:
        raise NotFound("这件办件没有这份材料。")
    return held


def _promised(held: CaseMaterial) -> None:
    if held.status != "promise":
        raise Conflict("这份材料没有作过承诺。", code="no-promise")


def _said(text: str, at: str, what: str) -> str:
    if not text.strip():
        raise Unprocessable([Problem(at, "required", what)])
    return text.strip()[:_LONGEST]


async def _change(
    kernel: Kernel,
    case: Case,
    held: CaseMaterial,
    type: str,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    data: Mapping[str, Any],
    more: Sequence[Statement] = (),
) -> CaseView:
    await _write(kernel, case, held, type, actor=actor, values=values, data=data, more=more)
    return await after(kernel, case, actor)


async def _write(
    kernel: Kernel,
    case: Case,
    held: CaseMaterial,
    type: str,
    *,
    actor: Actor,
    values: Mapping[str, Any],
    data: Mapping[str, Any],
    more: Sequence[Statement] = (),
    joint: Mapping[str, Any] | None = None,
) -> None:
    """`joint`: who applies jointly from now on."""
    record, proposed = await restated(kernel, case, {held.material: values})
    if joint is not None:
        record["joint"] = [*(record.get("joint") or ()), dict(joint)]
    await add_event(
        kernel, case, type, to=case.status, actor=actor, data={**data, **proposed},
        changes={"record": record} if proposed or joint is not None else {},
        more=[update(CaseMaterial, values, {"id": held.id}), *more],
    )  # fmt: skip
