"""A correction 补正 in the form: the case opened again, and its corrected answers sent, once.

Sources are asked outside any transaction, and only those whose question is another one now; all that the correction
changes is then written in one, over the revision that was read: of two who correct it at the same moment one wins.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from tortoise.exceptions import IntegrityError

from core.cases.actions.drafts import keep_evidence
from core.cases.actions.moves import add_event, check_move, seen
from core.cases.actions.reading import note_read
from core.cases.asking import access_rows, ask, asked_now
from core.cases.clock import finished_steps, terms_json, terms_of_record
from core.cases.correcting import correction_rows
from core.cases.draft_view import DraftView
from core.cases.drafts import content_of
from core.cases.files import is_proof
from core.cases.handover import recorded
from core.cases.letters import addressed
from core.cases.logbook import note
from core.cases.models import (
    Case,
    CaseConfirmer,
    CaseFile,
    CaseMaterial,
    Correction,
    Draft,
    Resume,
    Waiting,
)
from core.cases.paying import demanded
from core.cases.promising import signed_letter
from core.cases.proposing import in_event as decision_in_event
from core.cases.proposing import spoken_to
from core.cases.reads import Read
from core.cases.receipt import route_json
from core.cases.rejudged import decision_of, evidence_changes, material_changes
from core.cases.rejudging import Held, held
from core.cases.remade import Remade, remade, unmended
from core.cases.reopened import asked_on, case_of, draft_id, in_event, may_correct, onto, reopened
from core.cases.resuming import load
from core.cases.rows import Row, Statement, delete, insert, row, update, write
from core.cases.waiting import silent, waiting_rows
from core.contract import Actor, Evidence, Route
from core.errors import Conflict, NotAllowed, NotFound, Unavailable, Unprocessable
from core.judge.joining import with_joined
from core.judge.terms import terms_of

if TYPE_CHECKING:
    from core.kernel import Kernel

ELSEWHERE = "这份补正已经交到窗口或别的设备接着办，请凭接续码接着办，或在“我的”里收回。"
NO_MORE = "补正后不再需要。"


async def open_correction(kernel: Kernel, no: str, *, actor: Actor) -> DraftView:
    """The case as a draft of this actor, with what was filled in; the same one again where he has opened it before.

    Raises NotFound, NotAllowed (see `may_correct`), Conflict where no correction is asked for, or where the draft is in
    other hands.
    """
    case, parts = await seen(kernel, no, actor)
    check_move(case, "correct", hats=parts.hats, revision=case.revision)
    await may_correct(kernel, case, actor)
    if parts.as_staff:
        await note_read(kernel, case, actor=actor, kind="case")
    id = draft_id(kernel, case, actor, await asked_on(case))
    if earlier := await _earlier(kernel, id, actor):
        return earlier
    now = kernel.now()
    expires_at = now + timedelta(days=kernel.settings.draft_days)
    view = reopened(kernel, await held(kernel, case), id=id, actor=actor, expires_at=expires_at)
    fresh = row(
        Draft, id=id, item=case.item, version=case.version, owner=actor.id, content=content_of(view), created_at=now,
        expires_at=expires_at,
    )  # fmt: skip
    await Draft.filter(id=id, expires_at__lte=now).delete()
    try:
        await write(insert([fresh]))
    except IntegrityError:  # two clicks at once: the other one made it
        return await _earlier(kernel, id, actor) or view
    return view


async def _earlier(kernel: Kernel, id: str, actor: Actor) -> DraftView | None:
    found = await load(kernel, id)
    if found is not None and found.owner != actor.id:
        raise Conflict(ELSEWHERE, code="elsewhere")
    return found


async def send_correction(kernel: Kernel, draft: DraftView, *, actor: Actor, because: str = "") -> str:
    """The corrected answers into the case, which goes on with them; its number. `because`: what is said besides.

    A person decides: he asked for it and has the case in hand, so that no rule does, whatever it says now.
    Raises Unprocessable with every problem of the form, and with what was asked for and is missing; NotAllowed,
    NotFound (code `moved-on`), Conflict where somebody was faster, Unavailable.
    """
    if draft.of is None or draft.owner != actor.id:
        raise NotFound("没有这份申请。")
    view = replace(draft, of=replace(draft.of, because=because.strip()[:2000]), unsaved=True)
    case = await case_of(view)
    parts = await may_correct(kernel, case, actor, in_hand=True)
    check_move(case, "correct", hats=parts.hats, revision=case.revision)
    now = await held(kernel, case)
    view = onto(kernel, now, view)
    evidence = await ask(
        kernel, view.item, view.facts, already=view.evidence, consents=view.consents, of=str(case.id)
    )  # fmt: skip
    try:
        made = await remade(kernel, now, view, evidence)
        if problems := unmended(now, view, made):
            raise Unprocessable(problems)
    except (Unprocessable, Unavailable):
        # What was written and asked stays in the draft: the page that shows the problems shows it too.
        await keep_evidence(kernel, view, evidence)
        raise
    log = access_rows(
        kernel, asked_now(evidence, view.evidence), actor=actor.id, actor_role=actor.role,
        applicant=view.applicant, item=view.item, reference=case.no, at=kernel.now(),
    )  # fmt: skip
    try:
        await _write(kernel, now, view, made, evidence, actor=actor, log=log)
    except (Conflict, NotAllowed):
        await note(log)  # asked is asked, whoever was faster
        raise
    return case.no


async def _write(
    kernel: Kernel,
    now: Held,
    view: DraftView,
    made: Remade,
    evidence: Mapping[str, Evidence],
    *,
    actor: Actor,
    log: list[Read],
) -> None:
    case, item, verdict = now.case, view.item, made.judged.verdict
    route = await _route(now, made)
    record = _record(kernel, now, made, route)
    asked = demanded(
        kernel, item, record, outcome=case.outcome, case_id=str(case.id), no=case.no, applicant=await spoken_to(case),
        unit=case.deciding_unit,
    )  # fmt: skip
    record = asked.record
    told: dict[str, Any] = {}
    if case.outcome == "review":
        record["decision"] = decision_of(kernel, _without(now, made.renewed), made.result, record)
        told = decision_in_event(record["decision"])
    case.rank = 0 if route is not None and route.priority == "green" else 1
    changes: dict[str, Any] = {"record": record, "zero_material": verdict.zero_material, "rank": case.rank,
                               "correction_key": view.id}  # fmt: skip
    if route is not None:
        changes |= {"mode": route.mode, "site_may": route.accepting_may}
    of = view.of
    data = {
        "because": of.because if of is not None else "",
        **in_event(made.what, (case.record or {}).get("answers", {}), made.judged.answers),
        "lookups": {name: one.digest or one.outcome for name, one in evidence.items()},
        "materials": {state.id: state.status for state in made.result.materials},
        "files": [{"material": one.material, "digest": one.digest, "size": one.size} for one in view.files],
        **told,
        **asked.told,
    }
    more = [
        delete(Draft, {"id": view.id, "revision": view.revision}, must=True),
        delete(Resume, {"draft": view.id}),
        *insert(asked.letters),
        *_materials(kernel, now, view, made),
        *evidence_changes(case, evidence, now.application.evidence),
        *_waiting(kernel, case, evidence, now.application.evidence),
        *insert(_files(kernel, case, view, made, actor)),
        *insert(await _disputes(kernel, case, made)),
    ]
    facts = made.judged.facts
    await add_event(
        kernel,
        case,
        "corrected",
        to="filed",
        data=data,
        actor=actor,
        changes=changes,
        more=more,
        facts=facts,
        reads=log,
    )


async def _route(now: Held, made: Remade) -> Route | None:
    """The way anew; a step that is done stays done, and the office that decides is the one that was told."""
    case, route = now.case, made.judged.verdict.route
    if route is None:
        return None
    done, terms = await finished_steps(case), terms_of_record(case.record)
    steps = with_joined(terms.steps, route.steps, done) if done and terms is not None else route.steps
    unit, area = case.deciding_unit or route.deciding_unit, case.deciding_area or route.deciding_area
    return replace(route, steps=tuple(steps), deciding_unit=unit, deciding_area=area)


def _record(kernel: Kernel, now: Held, made: Remade, route: Route | None) -> dict[str, Any]:
    judged, verdict = made.judged, made.judged.verdict
    record = dict(now.case.record or {})
    record.pop("handover", None)
    record |= {
        "answers": judged.answers,
        "declared": list(judged.declared),
        "disputed": list(judged.application.disputed),
        "claims": dict(judged.application.filling.claimed),
        "fee": verdict.fee,
        "amount": verdict.amount,
        "unfit": [],
        "corrected_on": kernel.today().isoformat(),
        **({"corrected": True} if made.what else {}),
        **recorded(verdict.handover),
    }
    if route is not None:
        record |= {
            "route": route_json(route),
            **terms_json(terms_of(judged.application.item, route, judged.facts, kernel.calendar)),
        }
        if route.place and "place" in record:
            record["place"] = route.place
    return record


def _without(now: Held, renewed: frozenset[str]) -> Held:
    """The case without the materials that are asked for anew: they are inserted as new ones."""
    return replace(now, materials={id: one for id, one in now.materials.items() if id not in renewed})


def _materials(kernel: Kernel, now: Held, view: DraftView, made: Remade) -> list[Statement]:
    case, judged = now.case, made.judged
    statements: list[Statement] = []
    for id in sorted(made.renewed):
        statements += [delete(model, {"case_id": case.id, "material": id}) for model in (CaseConfirmer, CaseMaterial)]
    fresh = {file.material for file in view.files}
    statements += [
        update(CaseMaterial, {"told": ""}, {"id": one.id})
        for id, one in now.materials.items()
        if id in fresh and id not in made.renewed and one.status != "promise"
    ]
    statements += material_changes(kernel, _without(now, made.renewed), made.result, gone=NO_MORE)
    applicant = addressed(view.applicant, view.item, judged.facts.get("lookups") or {})
    signed = [
        signed_letter(
            str(case.id), no=case.no, item=view.item, material=state.id, title=state.title, applicant=applicant,
            channel=case.channel, now=kernel.now(),
        )
        for state in made.result.materials
        if state.status == "promise" and view.of is not None and state.id not in view.of.promised
    ]  # fmt: skip
    return [*statements, *insert(signed)]


def _waiting(
    kernel: Kernel, case: Case, evidence: Mapping[str, Evidence], had: Mapping[str, Evidence]
) -> list[Statement]:
    still, waited = silent(evidence.values()), silent(had.values())
    gone = [delete(Waiting, {"case_id": case.id, "source": one}) for one in waited if one not in still]
    newly = [one for one in evidence.values() if one.outcome == "down" and one.source not in waited]
    return [*gone, *insert(waiting_rows(case.id, newly, kernel.now()))]


def _files(kernel: Kernel, case: Case, view: DraftView, made: Remade, actor: Actor) -> list[Row]:
    disputed = made.judged.application.disputed
    return [
        row(
            CaseFile, case_id=case.id, material=one.material, digest=one.digest, media_type=one.media_type,
            size=one.size, name=one.name, actor=actor.id, at=kernel.now(),
        )
        for one in view.files
        if not is_proof(one.material) or one.material in disputed
    ]  # fmt: skip


async def _disputes(kernel: Kernel, case: Case, made: Remade) -> list[Row]:
    """A request to the register for what is called wrong only now; of what was before, it has one."""
    had = {str(one) for one in await Correction.filter(case_id=case.id).values_list("pointer", flat=True)}
    application = made.judged.application
    newly = replace(application, disputed=tuple(at for at in application.disputed if at[:200] not in had))
    return correction_rows(kernel, newly, str(case.id), no=case.no, now=kernel.now())
