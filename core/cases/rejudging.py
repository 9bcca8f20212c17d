"""A case under way judged once more: its application as it stands now, from its own rows, by its own item version.

Knows no source and writes nothing: what was asked comes in, what is to be written goes out.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.cases.draft_view import DraftView
from core.cases.drafts import site_of
from core.cases.filing import Judged, judge_application
from core.cases.models import Case, CaseConfirmer, CaseEvidence, CaseFile, CaseMaterial, Event
from core.cases.nouns import FileRef
from core.cases.paying import paid_of
from core.cases.proposing import confirmations_of
from core.catalog import versions
from core.contract import Evidence, MaterialState, Problem
from core.errors import Unprocessable
from core.judge.materials import judge_materials
from core.judge.pointers import tokens, walk
from core.office.permissions import STAFF_ROLES

if TYPE_CHECKING:
    from core.kernel import Kernel

MACHINE_MAY = ("filed", "accepted", "in_step")
"""Statuses from which the table lets a rule decide."""
NOT_IN_HAND = frozenset(
    {
        "filed", "material_given", "rechecked", "value_corrected", "value_right", "value_other",
        "payment_noted", "payment_reversed",
    }
)  # fmt: skip
"""Events that staff may leave without having taken the case into their own hands."""


@dataclass(frozen=True)
class Held:
    """A case as its rows stand."""

    case: Case
    application: DraftView
    materials: Mapping[str, CaseMaterial]
    in_hand: bool
    """A member of staff has acted on it: from then on a person decides, not a rule."""
    several: frozenset[str] = frozenset()
    """Materials that several parties are asked to confirm."""


async def held(kernel: Kernel, case: Case) -> Held:
    """Raises NotFound where the item version is gone. The case must not be erased."""
    record: Mapping[str, Any] = case.record or {}
    item = await versions.item_by_digest(case.version)
    evidence = await CaseEvidence.filter(case_id=case.id)
    materials = {one.material: one for one in await CaseMaterial.filter(case_id=case.id).order_by("position")}
    files = await CaseFile.filter(case_id=case.id).order_by("id")
    events = await Event.filter(case_id=case.id).order_by("seq")
    filed: Mapping[str, Any] = (events[0].payload or {}).get("data", {}) if events else {}
    site = record.get("site") or {}
    view = DraftView(
        id=str(case.id),
        item=item,
        owner=case.actor,
        owner_role=case.actor_role,
        revision=case.revision,
        expires_at=kernel.now(),
        channel=case.channel,
        applicant=record.get("applicant", {}),
        agent=record.get("agent"),
        site=site_of(kernel, site.get("id")),
        standing=record.get("standing", {}),
        answers=record.get("answers", {}),
        evidence={one.lookup: Evidence.from_json(one.detail) for one in evidence if one.detail},
        consents=frozenset(filed.get("consents", ())),
        refused=frozenset(),
        promises=tuple(id for id, one in materials.items() if one.status == "promise" and not one.open),
        confirmed=tuple(id for id, one in materials.items() if one.status == "confirm" and not one.open),
        confirmations={id: one for id, one in confirmations_of([*materials.values()]).items() if one != "waiting"},
        disputed=tuple(record.get("disputed", ())),
        claims=record.get("claims", {}),
        paid=paid_of(record),
        files=tuple(FileRef(one.material, "", one.digest, one.size, one.media_type) for one in files),
        today=kernel.today(),
    )
    in_hand = any(one.actor_role in STAFF_ROLES and one.type not in NOT_IN_HAND for one in events)
    several = await CaseConfirmer.filter(case_id=case.id).values_list("material", flat=True)
    return Held(case, view, materials, in_hand, frozenset(map(str, several)))


@dataclass(frozen=True)
class Rejudged:
    """What a case comes to with the evidence it has now."""

    application: DraftView
    judged: Judged | None
    """None where the answers no longer fit what was found: `problems` says how."""
    problems: tuple[Problem, ...]
    materials: tuple[MaterialState, ...]
    differs: tuple[str, ...]
    """Pointers (in the answers) of declared values that the register, now that it answers, holds otherwise."""

    @property
    def outcome(self) -> str:
        """What the rules say, `review` where anything keeps them from saying it."""
        if self.judged is None or self.differs:
            return "review"
        return self.judged.verdict.decision.outcome or "review"


async def rejudge(kernel: Kernel, now: Held, evidence: Mapping[str, Evidence]) -> Rejudged:
    """The same rules as at filing, the owning plugin asked again. Raises Unavailable where its own check fails."""
    application = replace(now.application, evidence=dict(evidence))
    # A paper that staff found wanting is there, and proves nothing.
    refused = {id for id, m in now.materials.items() if m.told == "rejected"}
    given = frozenset(
        {file.material for file in application.files} - refused
        | {id for id, m in now.materials.items() if m.status == "given"}
    )
    record = now.case.record or {}
    # What differed once is for a person to settle, whatever is answered later.
    differs = tuple(dict.fromkeys([*record.get("differs", ()), *_differs(application, record.get("declared", ()))]))
    try:
        judged = await judge_application(kernel, application, kernel.today(), given=given)
    except Unprocessable as error:
        states = judge_materials(
            application.item,
            application.facts,
            kernel.calendar,
            given=given,
            promised=frozenset(application.promises),
            confirmed=frozenset(application.confirmed),
        )
        return Rejudged(application, None, tuple(error.problems), states, differs)
    return Rejudged(application, judged, (), judged.verdict.materials, differs)


def _differs(application: DraftView, declared: Collection[str]) -> tuple[str, ...]:
    """Declared while the register was silent, and now it says something else: a person has to look."""
    values = application.filling.values
    found = []
    for at in declared:
        place = at.removeprefix("/answers")
        if place in values:
            there, said = walk(application.answers, tokens(place))
            if there and said != values[place]:
                found.append(place)
    return tuple(found)
