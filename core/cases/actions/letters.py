"""重新出具: the letter of a decision whose template failed, written once the template is mended.

Knows no page. The decision, its day and its terms stay as they were; only the template is the newer one.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core.cases import numbers
from core.cases.actions.moves import add_event
from core.cases.clock import legal_day
from core.cases.duties import duties_for
from core.cases.letters import LetterFailed
from core.cases.models import Case, Event, LetterFault
from core.cases.notices import decision_letters
from core.cases.proposing import stored_facts
from core.cases.results import granting
from core.cases.rows import Row, Statement, delete, insert, update, write
from core.cases.sending import Happened, Sent, send, unwritten_in, why_unwritten
from core.cases.sendings import about_case
from core.catalog import versions
from core.catalog.bundle import read_item
from core.contract import Actor, Facts, Item
from core.errors import Conflict, NotAllowed, NotFound
from core.judge.results import further_results
from core.judge.rules import rules_of
from core.judge.validity import valid_until
from core.office.permissions import may

if TYPE_CHECKING:
    from core.kernel import Kernel

STILL = "文书还是写不出来。请先改好模板并发布，再重新出具。"


async def issue_letter(kernel: Kernel, no: str, *, actor: Actor) -> bool:
    """Write the letter that failed, by the item's templates of today. False where it is there already.

    Raises NotAllowed, NotFound, Conflict with code "letter-fails" where it still cannot be written: the case's record
    then says why.
    """
    if not may(actor, "letter.issue"):
        raise NotAllowed("您的账号不能出具文书。")
    number = numbers.read(no)
    case = await Case.get_or_none(no=number) if number else None
    if case is None or not may(
        actor, "letter.issue", unit=case.deciding_unit, area=case.deciding_area, office=kernel.office
    ):
        raise NotFound("没有查到这个办件。请核对编号。")
    record = case.record or {}
    if not why_unwritten(record):
        return False
    try:
        letters, record = await _letters(kernel, case) if record.get("letter_fault") else ([], record)
    except LetterFailed as error:
        newer = {**record, "letter_fault": str(error)}
        await write(update(Case, {"record": newer}, {"id": case.id, "revision": case.revision}))
        raise Conflict(STILL, code="letter-fails") from error
    sent = await _further(kernel, case)
    left = {"unwritten": sent.unwritten} if sent.unwritten else {}
    record = {name: value for name, value in record.items() if name not in ("letter_fault", "unwritten")} | left
    if not letters and not sent.rows:
        await write(update(Case, {"record": record}, {"id": case.id, "revision": case.revision}))
        raise Conflict(STILL, code="letter-fails")
    told = sent.told if sent.rows else {}
    letters = [*letters, *sent.rows]
    done: list[Statement] = [*insert(letters), *([] if left else [delete(LetterFault, {"case_id": case.id})])]
    try:
        await add_event(
            kernel, case, "letter_issued", to=case.status, actor=actor,
            data={
                "title": letters[0].values["title"],
                "letter": letters[0].values["digest"],
                **({"documents": [one.values["digest"] for one in letters[1:]]} if letters[1:] else {}),
                **told,
            },
            changes={"record": record},
            more=done,
        )  # fmt: skip
    except Conflict:
        fresh = await Case.get(id=case.id)
        if why_unwritten(fresh.record):
            raise
        return False  # somebody pressed the same button at this moment
    return True


async def _letters(kernel: Kernel, case: Case) -> tuple[list[Row], dict[str, Any]]:
    """The letters, and the record with what was granted: how long it lasts may be what failed."""
    record: dict[str, Any] = dict(case.record or {})
    own, facts = await versions.item_by_digest(case.version), await stored_facts(case)
    day = legal_day(case.decided_at or case.filed_at)
    unit, area = case.deciding_unit or "", case.deciding_area
    granted = record["decision"]["outcome"] == "approve"
    item = _with_newer_templates(kernel, own, kernel.catalog.items.get(case.item), facts, day)
    if not _lasts(kernel, own, facts, day) and case.outcome == "approve":
        record |= granting(record, item, facts, kernel.calendar, no=case.no, on=day)
    letters = decision_letters(
        kernel,
        item,
        str(case.id),
        no=case.no,
        facts=facts,
        decision=record["decision"],
        unit=unit,
        area=area,
        fee=record.get("fee"),
        amount=record.get("amount"),
        record=record,
        duties=duties_for(kernel, own, record, facts, unit=unit, area=area, decided_on=day) if granted else (),
        filed_on=date.fromisoformat(record["today"]),
        today=day,
        now=kernel.now(),
    )
    if not letters:
        raise LetterFailed(f"templates/ of {case.item} holds no template for this decision any more.")
    return letters, record


async def _further(kernel: Kernel, case: Case) -> Sent:
    """The item's letters that failed, each for its event and of that day, by the templates of today."""
    sent = Sent()
    waiting = unwritten_in(case.record)
    if not waiting:
        return sent
    own, newest = await versions.item_by_digest(case.version), kernel.catalog.items.get(case.item)
    names = {one["id"]: one["template"] for one in (newest or own).declared.get("letters", ())}
    letters = [_named(one, names.get(one["id"])) for one in own.declared.get("letters", ())]
    templates = (newest or own).bundle.get("templates")
    item = read_item(own.id, {**own.bundle, "item": {**own.bundle["item"], "letters": letters}, "templates": templates})
    events = {one.seq: one for one in await Event.filter(case_id=case.id)}
    facts = await stored_facts(case)
    about = await about_case(kernel, case, case.record or {}, facts, {})
    for one in waiting:
        event, rule = events[one["seq"]], next(rule for rule in rules_of(item).letters if rule.id == one["id"])
        happened = Happened(event.seq, event.type, one.get("event") or (event.payload or {}).get("data", {}))
        day = legal_day(datetime.fromisoformat(event.at))
        send(kernel, item, about, rule, happened, sent, on=day, now=kernel.now())
    return sent


def _lasts(kernel: Kernel, item: Item, facts: Facts, day: date) -> bool:
    """Whether it can be said until when everything that is granted is valid."""
    try:
        valid_until(item, facts, day)
        further_results(item, facts, kernel.calendar, day)
    except ValueError:
        return False
    return True


def _with_newer_templates(kernel: Kernel, own: Item, newest: Item | None, facts: Facts, day: date) -> Item:
    """The case's own version, with the templates that are published now, and the name of the one to take.

    How long a grant is valid was decided with it, so that stays too, unless it was what failed.
    """
    if newest is None:
        return own
    result, newer = dict(own.declared.get("result") or {}), dict(newest.declared.get("result") or {})
    names = {line["id"]: line.get("template") for line in newer.get("also", ())}
    if not _lasts(kernel, own, facts, day):
        result = newer
    also = [_named(line, names.get(line["id"])) for line in result.get("also", ())]
    result = _named(result, newer.get("template")) | ({"also": also} if also else {})
    guide = {**own.bundle["item"], "result": result}
    return read_item(own.id, {**own.bundle, "item": guide, "templates": newest.bundle.get("templates")})


def _named(line: Mapping[str, Any], template: str | None) -> dict[str, Any]:
    """A result with the template that it has by now, where it has one."""
    return {**line, **({"template": template} if template else {})}
