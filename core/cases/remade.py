"""A correction 补正 judged: the case with its corrected answers, what may not be corrected, and what is still missing.

Knows rows and the rules; asks no source and writes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from core.cases.draft_view import DraftView
from core.cases.filing import Judged
from core.cases.models import CaseConfirmer
from core.cases.rejudging import Held, Rejudged, rejudge
from core.cases.reopened import Changed, changed
from core.cases.waiting import confirm_keys
from core.contract import Evidence, Problem
from core.errors import Unprocessable
from core.judge.confirming import is_joint
from core.judge.materials import judge_materials
from core.judge.routing import choose
from core.judge.schema import token
from core.judge.verdict import prepared

if TYPE_CHECKING:
    from core.kernel import Kernel

OTHER_OFFICE = "改了这一项，就要由另一个部门决定，补正里不能改。请撤回这件申请，再重新申请。"
OTHER_PARTY = "这一方已经确认为共同申请人，补正里不能换人。请撤回这件申请，再重新申请。"
MISSING = "请提交“{title}”；交不了的，在“补正说明”里写明原因。"
UNSAID = "还没有改：{what}。请改好，或者在“补正说明”里写明。"
NOTHING = "还没有改动，也没有补交材料。不用改的，请在“补正说明”里写明。"


@dataclass(frozen=True)
class Remade:
    """What a case comes to with what its applicant has corrected."""

    result: Rejudged
    judged: Judged
    what: Changed
    renewed: frozenset[str]
    """Materials whose other party is another one now: it is asked from the beginning."""


async def remade(kernel: Kernel, now: Held, view: DraftView, evidence: Mapping[str, Evidence]) -> Remade:
    """The same checks and rules as at filing. Raises Unprocessable with every problem, Unavailable where the owning
    plugin's own check fails.

    `now` is changed: a paper that was found wanting is answered by the new one.
    """
    fresh = {file.material for file in view.files}
    for id, row in now.materials.items():
        if id in fresh and row.status != "promise":
            row.told = ""
    view = replace(view, evidence=dict(evidence), files=(*now.application.files, *view.files))
    view = replace(view, disputed=tuple(at for at in view.disputed if at in view.filling.values))
    result = await rejudge(kernel, replace(now, application=view), evidence)
    renewed = await _renewed(kernel, now, result)
    if renewed:
        view = replace(
            view,
            confirmed=tuple(one for one in view.confirmed if one not in renewed),
            confirmations={id: said for id, said in view.confirmations.items() if id not in renewed},
        )
        result = await rejudge(kernel, replace(now, application=view), evidence)
    judged = result.judged
    if judged is None:
        raise Unprocessable(result.problems)
    record = now.case.record or {}
    # What he now declares he declares before the register's own answer: only an earlier doubt is left to a person.
    result = replace(result, differs=tuple(record.get("differs", ())))
    what = changed(record.get("answers", {}), judged.answers)
    if problems := [*_other_office(kernel, now, judged, what), *_other_party(now, result, renewed)]:
        raise Unprocessable(problems)
    return Remade(result, judged, what, renewed)


async def _renewed(kernel: Kernel, now: Held, result: Rejudged) -> frozenset[str]:
    facts = dict(result.judged.facts if result.judged is not None else result.application.facts)
    facts.pop("confirmations", None)
    found = set()
    for state in judge_materials(result.application.item, facts, kernel.calendar):
        row = now.materials.get(state.id)
        if row is None or not row.confirm or state.status != "confirm":
            continue
        several = await CaseConfirmer.filter(case_id=now.case.id, material=state.id).values_list("key", flat=True)
        if ({*map(str, several)} or {row.confirm_key}) != {*confirm_keys(kernel, facts, state)}:
            found.add(state.id)
    return frozenset(found)


def _other_office(kernel: Kernel, now: Held, judged: Judged, what: Changed) -> list[Problem]:
    """Whose matter it is stays: who was told that one office decides is not sent to another one by a correction."""
    case, route = now.case, judged.verdict.route
    if (
        route is None
        or not what
        or (route.deciding_unit, route.deciding_area) == (case.deciding_unit, case.deciding_area)
    ):
        return []
    application, answers = judged.application, dict(judged.answers)
    guilty = []
    for name in what.names:
        one = {key: value for key, value in answers.items() if key != name}
        if name in what.old:
            one[name] = what.old[name]
        facts, _ = prepared(application.item, {**judged.facts, "answers": one}, application.claims)
        way, _ = choose(application.item, facts, kernel.office, kernel.calendar, application.site)
        if way is not None and (way.deciding_unit, way.deciding_area) == (case.deciding_unit, case.deciding_area):
            guilty.append(name)
    return [Problem(f"/{token(name)}", "fixed", OTHER_OFFICE) for name in guilty or what.names]


def _other_party(now: Held, result: Rejudged, renewed: frozenset[str]) -> list[Problem]:
    """A joint applicant who has confirmed cannot be put out of his own application."""
    found = []
    for state in result.materials:
        row = now.materials.get(state.id)
        if state.id in renewed and row is not None and not row.open and is_joint(result.application.item, state.id):
            at = next((one for one in state.confirm if one.startswith("/answers/")), "/answers").removeprefix(
                "/answers"
            )
            found.append(Problem(at.partition("/*")[0], "fixed", OTHER_PARTY))
    return found


def unmended(now: Held, view: DraftView, made: Remade) -> list[Problem]:
    """The one correction is not spent on nothing: what was asked for and is still missing, and what the corrected
    answers call for, is told first. Who writes why it cannot be had sends it all the same."""
    of = view.of
    if of is None or of.because.strip():
        return []
    states = {one.id: one for one in made.result.materials}
    asked = [one for id, one in states.items() if id in of.wanted and one.open]
    newly = [
        one
        for id, one in states.items()
        if one.required
        and one.open
        and one.status == "upload"
        and (id not in now.materials or not now.materials[id].open)
    ]
    found = [
        Problem(f"material-{one.id}", "unmended", MISSING.format(title=one.title))
        for one in dict.fromkeys((*asked, *newly))
    ]
    if not made.what:
        found += [Problem("because", "unmended", unsaid(text)) for id, text in of.wanted.items() if id not in states]
        if not found and not view.files and not _promises(view) and not of.wanted.keys() & states.keys():
            found.append(Problem("because", "unmended", NOTHING))
    return found


def unsaid(text: str) -> str:
    return UNSAID.format(what=text.rstrip("。"))


def _promises(view: DraftView) -> Sequence[str]:
    """Made in this correction."""
    before: Any = view.of.promised if view.of is not None else ()
    return [one for one in view.promises if one not in before]
