"""Proving the log: every chain checked link by link, every read and every daily root computed again.

Knows no actor: who may run it is decided where it is called. Reads in batches by key, so that memory and locks do not
grow with the log.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

from core.cases.audit import GENESIS, Break, Link, check, day_root, merkle_root
from core.cases.models import DailyRoot, Event
from core.cases.proving_books import broken_books
from core.cases.reads import check_read
from core.cases.rows import moment_value, select_all, unsealed
from core.sealing import SealBroken
from core.signing import ROOT, Signer

BATCH = 500
READS = 5000
MOST_LINES = 200
_LOOKS = 3
Progress = Callable[[str, int, int], object]
"""Told (what is being looked at, how many so far, of how many)."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that does not hold: `kind` is chain, case, read, root or kept."""

    kind: str
    where: str
    """Case number, day or access record."""
    what: str
    seq: int | None = None

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass
class Report:
    """What was looked at, and every fault: of each chain only the first broken link."""

    at: datetime = field(default_factory=lambda: datetime.now(UTC))
    cases: int = 0
    events: int = 0
    reads: int = 0
    roots: int = 0
    seconds: float = 0.0
    faults: list[Fault] = field(default_factory=list)

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "at": _text(self.at), "whole": not self.faults}


async def verify_all() -> tuple[int, list[str]]:
    """(cases looked at, one line for each thing that does not hold, the first broken link named)."""
    report = await verify()
    return report.cases, [str(fault) for fault in report.faults]


async def verify(
    *, progress: Progress | None = None, kept: Mapping[str, str] | None = None, now: datetime | None = None
) -> Report:
    """Everything. `kept` is day → root as somebody outside has kept them: there a past rewritten whole shows."""
    started, report = time.monotonic(), Report(at=now or datetime.now(UTC))
    tell = progress or (lambda *_: None)
    await _cases(report, tell)
    await _left_behind(report)
    await _roots(report, tell, kept or {})
    await _reads_since(report)
    async for where, what in broken_books():
        report.faults.append(Fault("read", where, what))
    report.seconds = round(time.monotonic() - started, 3)
    return report


# --- chains ----------------------------------------------------------------------------------------------

_CASES = """
SELECT id, no, head, events_count, status, outcome FROM cases_case WHERE id > ? ORDER BY id LIMIT ?
"""
_EVENTS = """
SELECT case_id, seq, type, at, actor, actor_role, from_status, to_status, payload, payload_digest, previous, digest
FROM cases_event WHERE case_id >= ? AND case_id <= ? ORDER BY case_id, seq
"""
END = datetime(9999, 1, 1, tzinfo=UTC)
_NO_UUID = "00000000-0000-0000-0000-000000000000"


async def _cases(report: Report, tell: Progress) -> None:
    total = int((await select_all("SELECT count(*) AS n FROM cases_case"))[0]["n"])
    after = _NO_UUID
    while cases := await select_all(_CASES, after, BATCH):
        links: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
        for event in await select_all(_EVENTS, str(cases[0]["id"]), str(cases[-1]["id"])):
            links[str(event["case_id"])].append(event)
        for case in cases:
            found = _chain(case, links[str(case["id"])])
            if found is not None and (found := await chain_of(str(case["id"]))) is not None:
                report.faults.append(Fault("chain", found.case, found.what, found.seq))
            report.events += len(links[str(case["id"])])
        report.cases += len(cases)
        after = str(cases[-1]["id"])
        tell("cases", report.cases, max(total, report.cases))


async def chain_of(case: str) -> Break | None:
    """The first broken link of one case; None where all of them hold.

    Read again where it does not hold: the case may have moved between our reading of its row and of its events.
    """
    found: Break | None = None
    for _ in range(_LOOKS):
        rows = await select_all("SELECT id, no, head, events_count, status, outcome FROM cases_case WHERE id = ?", case)
        found = _chain(rows[0], await select_all(_EVENTS, case, case))
        if found is None:
            break
    return found


def _chain(case: Mapping[str, Any], events: Sequence[Mapping[str, Any]]) -> Break | None:
    no, chain = str(case["no"]), []
    sealed: Break | None = None
    for event in events:
        try:
            chain.append(link_of(event))
        except SealBroken:
            seq = int(event["seq"])
            sealed = Break(no, seq, f"the contents of event {seq} do not open: changed, or sealed under another key")
            break
    found = check(no, chain, head=case["head"], count=case["events_count"])
    if sealed is not None:
        return found if found is not None and found.seq < sealed.seq else sealed
    if found is not None or not chain:
        return found
    if chain[-1].to_status != case["status"]:
        return Break(no, len(chain), f"the case says {case['status']}, its last event {chain[-1].to_status}")
    said = [one.payload["data"].get("outcome") for one in chain if one.payload and one.type in ("decided", "refused")]
    if said and said[-1] and said[-1] != case["outcome"]:
        return Break(no, len(chain), f"the case says {case['outcome']}, its events {said[-1]}")
    return None


def link_of(event: Mapping[str, Any]) -> Link:
    """A row of the events table. Raises SealBroken."""
    return Link(
        case=str(event["case_id"]),
        seq=event["seq"],
        type=event["type"],
        at=event["at"],
        actor=event["actor"],
        actor_role=event["actor_role"],
        from_status=event["from_status"],
        to_status=event["to_status"],
        payload=unsealed(Event, "payload", event["payload"]),
        payload_digest=event["payload_digest"],
        previous=event["previous"],
        digest=event["digest"],
    )


# --- what a removed case leaves behind -------------------------------------------------------------------

_PARTS = ("event", "material", "evidence", "file", "letter", "outbox")


async def _left_behind(report: Report) -> None:
    """A case cut out whole leaves rows elsewhere, unless all of them were cut too: then the day's root tells."""
    lost: dict[str, list[str]] = defaultdict(list)
    for part in _PARTS:
        for row in await select_all(
            f"SELECT DISTINCT case_id FROM cases_{part} AS p WHERE NOT EXISTS "
            f"(SELECT 1 FROM cases_case AS c WHERE c.id = p.case_id) LIMIT {MOST_LINES}"
        ):
            lost[str(row["case_id"])].append(part)
    for case, parts in lost.items():
        report.faults.append(Fault("case", await _name(case), f"{', '.join(parts)} are there, the case is not"))
    for row in await select_all(
        "SELECT o.case_id, min(o.seq) AS seq, c.no FROM cases_outbox AS o JOIN cases_case AS c ON c.id = o.case_id "
        "WHERE NOT EXISTS (SELECT 1 FROM cases_event AS e WHERE e.case_id = o.case_id AND e.seq = o.seq) "
        f"GROUP BY o.case_id, c.no LIMIT {MOST_LINES}"
    ):
        if not any(one.kind == "chain" and one.where == row["no"] for one in report.faults):
            said = f"event {row['seq']} was sent to the listeners and is not in the chain: the tail was cut"
            report.faults.append(Fault("chain", row["no"], said, int(row["seq"])))
    # Who opened a case is logged by its number; a number that no case has belongs to a case that was removed.
    for row in await select_all(
        "SELECT DISTINCT reference FROM cases_access_log AS a WHERE kind IN ('case', 'file') AND reference <> '' AND "
        f"NOT EXISTS (SELECT 1 FROM cases_case AS c WHERE c.no = a.reference) LIMIT {MOST_LINES}"
    ):
        if not any(one.where.startswith(row["reference"]) for one in report.faults):
            report.faults.append(Fault("case", row["reference"], "it was read by staff, and the case is not there"))


async def _name(case: str) -> str:
    """The number of a case that is gone, as its outbox rows still tell it; its key where they are gone too."""
    rows = await select_all("SELECT event FROM cases_outbox WHERE case_id = ? LIMIT 1", case)
    if not rows:
        return case
    event = rows[0]["event"]
    return str((json.loads(event) if isinstance(event, (str, bytes)) else event)["case"])


# --- daily roots -----------------------------------------------------------------------------------------


async def heads_between(since: datetime | None, end: datetime) -> list[str]:
    """The chain heads of all cases with an event in that time, as they stood at its end, in order of filing."""
    heads: dict[str, str] = {}
    for row in await select_all(
        "SELECT case_id, digest FROM cases_event WHERE at >= ? AND at < ? ORDER BY case_id, seq",
        _text(since) if since else "",
        _text(end),
    ):
        heads[str(row["case_id"])] = row["digest"]
    return [heads[case] for case in sorted(heads)]


def _text(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="milliseconds")


_LOG = """
SELECT id, at, kind, actor, actor_role, subject_key, subject_digest, salt, item, reference, lookup, source, outcome,
purpose, basis, digest FROM cases_access_log WHERE at >= ? AND at < ? AND id > ? ORDER BY id LIMIT ?
"""


async def reads_between(since: datetime | None, end: datetime, now: datetime) -> AsyncIterator[tuple[str, str, str]]:
    """(id, leaf, what is wrong or "") of every access record of that time, in the order in which they were made."""
    after = _NO_UUID
    first = moment_value(since or datetime(1970, 1, 1, tzinfo=UTC))
    while rows := await select_all(_LOG, first, moment_value(end), after, READS):
        for row in rows:
            yield str(row["id"]), *check_read(row, now)
        after = str(rows[-1]["id"])


async def made_root(previous: DailyRoot | None, end: datetime) -> dict[str, Any]:
    """The columns of the root that ends at `end` and follows `previous`."""
    since = previous.until if previous else None
    leaves = [leaf async for _, leaf, _ in reads_between(since, end, end)]
    heads = await heads_between(since, end)
    before = previous.root if previous else GENESIS
    reads_root = merkle_root(leaves)
    return {
        "scheme": 2,
        "root": day_root(before, reads_root, heads),
        "previous": before,
        "cases": len(heads),
        "reads": len(leaves),
        "reads_root": reads_root,
    }


async def roots_after(day: str, limit: int = 0) -> list[DailyRoot]:
    """Roots of the days after `day` ("" for all), oldest first."""
    query = DailyRoot.filter(day__gt=day) if day else DailyRoot.all()
    return list(await (query.order_by("day").limit(limit) if limit else query.order_by("day")))


def root_line(signer: Signer, row: DailyRoot) -> str:
    """A day's root as a signed line, for whoever keeps it outside."""
    return signer.line(ROOT, _day(row), row.root, str(row.cases))


async def _roots(report: Report, tell: Progress, kept: Mapping[str, str]) -> None:
    rows = await DailyRoot.all().order_by("until")
    before: DailyRoot | None = None
    for row in rows:
        day = _day(row)
        wrong = await _root(report, row, before)
        if wrong:
            report.faults.append(Fault("root", f"daily root of {day}", wrong))
        if day in kept and kept[day] != row.root:
            said = "it is not the root that was kept outside: the past was rewritten"
            report.faults.append(Fault("kept", f"daily root of {day}", said))
        before = row
        report.roots += 1
        tell("roots", report.roots, len(rows))
    for day in sorted(kept.keys() - {_day(row) for row in rows}):
        report.faults.append(Fault("kept", f"daily root of {day}", "it was kept outside and is not here any more"))


def _day(row: DailyRoot) -> str:
    return str(row.day)[:10]


async def _root(report: Report, row: DailyRoot, before: DailyRoot | None) -> str:
    """What is wrong with one day's root."""
    try:
        if row.scheme == 1:
            heads = await heads_between(None, row.until)
            whole = len(heads) == row.cases and merkle_root(heads) == row.root
            return "" if whole else "the events up to that day no longer add up to it"
        leaves = []
        async for id, leaf, wrong in reads_between(before.until if before else None, row.until, report.at):
            report.reads += 1
            leaves.append(leaf)
            if wrong:
                report.faults.append(Fault("read", f"access record {id}", wrong))
        heads = await heads_between(before.until if before else None, row.until)
        if row.previous != (before.root if before else GENESIS):
            return "it does not follow the root before it: one was removed or changed"
        if len(leaves) != row.reads or merkle_root(leaves) != row.reads_root:
            return "the access log of that day no longer adds up to it: a record was changed, added or removed"
        if len(heads) != row.cases:
            return f"{row.cases} cases moved that day, {len(heads)} are there now"
        if day_root(row.previous, row.reads_root, heads) != row.root:
            return "the events of that day no longer add up to it"
    except ValueError:
        return "a digest of that day is no digest any more"
    return ""


async def _reads_since(report: Report) -> None:
    """Records younger than the newest root: each by its own digest."""
    newest = await DailyRoot.all().order_by("-until").first()
    async for id, _, wrong in reads_between(newest.until if newest else None, END, report.at):
        report.reads += 1
        if wrong:
            report.faults.append(Fault("read", f"access record {id}", wrong))
