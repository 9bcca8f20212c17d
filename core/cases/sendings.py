"""The letters that a move of a case calls for, with what they need of its rows.

Reads the database and writes nothing: rows and changes go into the transaction of the move.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from core.cases.chain import Chain
from core.cases.models import Case, CaseConfirmer, CaseMaterial, Letter
from core.cases.proposing import stored_facts
from core.cases.rows import Statement, insert
from core.cases.sending import WRITTEN, About, Happened, faults_of, letters_of, unwritten_in, wanted
from core.catalog import versions
from core.contract import Item
from core.judge.letters import BEGUN
from core.judge.rules import rules_of

if TYPE_CHECKING:
    from core.kernel import Kernel


@dataclass(frozen=True, slots=True)
class Sendings:
    rows: list[Statement] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    """Columns of the case."""


async def sendings(
    kernel: Kernel,
    case: Case,
    chain: Chain,
    changes: Mapping[str, Any],
    timed: Mapping[str, Any],
    *,
    facts: Mapping[str, Any] | None = None,
    begins: Sequence[Mapping[str, Any]] = (),
) -> Sendings:
    """What follows the events that were just added to the chain, told in a link of its own. `begins`: steps that have
    their turn by them (`sending.begun`); one that had it before is not told again."""
    record = changes.get("record", case.record)
    if record is None:
        return Sendings()
    item = await versions.item_by_digest(case.version)
    first = chain.seq - len(chain.said) + 1
    happened = [Happened(first + n, type, data) for n, (type, data) in enumerate(chain.said)]
    happened += [Happened(chain.seq, BEGUN, one) for one in begins if await _is_new(case, item, record, one)]
    if not wanted(item, record.get("steps", ()), happened):
        return Sendings()
    known = {**(await stored_facts(case) if facts is None else facts), "today": kernel.today().isoformat()}
    known["answers"] = record.get("answers", {})
    known |= {"findings": record["findings"]} if record.get("findings") else {}
    about = await about_case(kernel, case, record, known, {**timed, **changes})
    sent = letters_of(kernel, item, about, happened)
    newer, faults = faults_of(str(case.id), record, sent, now=kernel.now())
    if sent.rows:
        chain.add(WRITTEN, to=chain.status, data=sent.told)
    return Sendings(
        [*insert(sent.rows), *insert(faults)],
        {"record": newer, "head": chain.head, "events_count": chain.seq} if sent.rows or sent.unwritten else {},
    )


async def _is_new(case: Case, item: Item, record: Mapping[str, Any], begins: Mapping[str, Any]) -> bool:
    """Whether a letter hangs on this step's beginning, and none was written or tried: after a correction its turn comes
    a second time."""
    ids = {rule.id for rule in rules_of(item).letters if rule.on == f"begun:{begins['begun']}"}
    if not ids or ids & {one["id"] for one in unwritten_in(record)}:
        return False
    return not await Letter.filter(case_id=case.id, declared__in=ids).exists()


async def about_case(
    kernel: Kernel, case: Case, record: Mapping[str, Any], facts: Mapping[str, Any], changed: Mapping[str, Any]
) -> About:
    deadline = changed.get("deadline", case.deadline)
    # While the clock stands still (a fee, a pause), the day moves on with it: none is promised in writing.
    stopped = changed.get("stopped_since", case.stopped_since)
    return About(
        case_id=str(case.id),
        no=case.no,
        facts=facts,
        record=record,
        outcome=changed.get("outcome", case.outcome),
        unit=case.deciding_unit or "",
        area=case.deciding_area,
        deadline=deadline if stopped is None else None,
        parties=await parties_of(case),
        numbered=len({*await Letter.filter(case_id=case.id).exclude(number="").values_list("number", flat=True)}),
    )


async def parties_of(case: Case) -> list[str]:
    """The keys of all who were asked to confirm, each once."""
    one = (
        await CaseMaterial.filter(case_id=case.id)
        .exclude(confirm_key="")
        .order_by("position")
        .values_list("confirm_key", flat=True)
    )
    several = await CaseConfirmer.filter(case_id=case.id).exclude(key="").order_by("id").values_list("key", flat=True)
    return [*dict.fromkeys(str(key) for key in (*one, *several))]
