"""What must hold of every case once the storm is over, read from the database with the server gone.

Knows what the citizens were told and what the registers hold; nothing of how it came about.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from core import database, sealing
from core.cases import proving
from core.cases.models import AccessLog, Case, CaseEvidence, CaseMaterial, Event, Outbox
from core.contract import OUTCOMES
from core.settings import read
from tests.cases.weather import ON_HTTP, SOURCES, Weather, records_of

OPEN = ("upload", "staff", "later", "confirm")
KEYS = {"natural-person": "id_number", "social-relief": "id_number", "own-business": "id_number"}


async def check_all(data: Path, url: str, receipts: Mapping[str, tuple[str, str]], sky: Weather) -> dict[str, Any]:
    """Asserts; gives the figures."""
    settings = read(data=data, demo=True, environ={"LINGBAN_DATABASE_URL": url} if url else {})
    keys = sealing.keys_for(settings)
    sealing.use(keys)
    context = await database.open(settings)
    try:
        return await _check(receipts, sky, keys)
    finally:
        await database.close(context)


async def _check(receipts: Mapping[str, tuple[str, str]], sky: Weather, keys: Any) -> dict[str, Any]:
    cases = {one.no: one for one in await Case.all()}
    # No case lost, none twice: a receipt has its one case, and a case was told or belongs to one who gave up.
    numbers = [no for no, _ in receipts.values()]
    assert len(set(numbers)) == len(numbers)
    assert set(numbers) <= set(cases)
    assert len({one.filing_key for one in cases.values()}) == len(cases)
    looked, broken = await proving.verify_all()
    assert (broken, looked) == ([], len(cases))
    assert await Outbox.all().count() == await Event.all().count()

    events = await _by_case(Event.all().order_by("case_id", "seq"))
    materials = await _by_case(CaseMaterial.all())
    evidence = await _by_case(CaseEvidence.all())
    logs = await _logs()
    approved_by: Counter[str] = Counter()
    outcomes: Counter[str] = Counter()
    statuses: Counter[str] = Counter()
    for case in cases.values():
        told = events[case.id]
        assert [one.seq for one in told] == list(range(1, len(told) + 1))
        assert told[0].type == "filed"
        approved_by.update(_granted_complete(case, told, materials[case.id]))
        statuses.update(one.status for one in materials[case.id])
        outcomes.update(_recorded(case, told, evidence[case.id], logs))
        _true(case, evidence[case.id])
    lines = await _reads(sky, keys)
    return {
        "cases": len(cases), "decided": sum(one.outcome in ("approve", "reject") for one in cases.values()),
        "approved": dict(approved_by), "materials": dict(statuses), "outcomes": dict(outcomes),
        "access_log": lines, "events": sum(map(len, events.values())), "broken": 0,
    }  # fmt: skip


async def _by_case(query: Any) -> dict[Any, list[Any]]:
    found: dict[Any, list[Any]] = defaultdict(list)
    for one in await query:
        found[one.case_id].append(one)
    return found


def _granted_complete(case: Case, told: Iterable[Event], held: list[CaseMaterial]) -> Iterable[str]:
    """The materials as they stood at every event; at each approval nothing the law wants is open."""
    wanted = {one.material for one in held if one.required}
    stood = {one["id"]: one["status"] in OPEN for one in (case.record or {})["receipt"]["materials"]}
    granted = False
    for event in told:
        data = (event.payload or {})["data"]
        if event.type == "rechecked":
            stood |= {id: status in OPEN for id, status in data["materials"].items()}
        elif event.type in ("material_given", "material_seen"):
            stood[data["material"]] = False
        if event.type == "decided" and data["outcome"] == "approve":
            granted = True
            yield "officer" if event.actor != "system" else "rule"
        assert not granted or not [id for id in wanted if stood[id]], (case.no, event.type, stood)
    assert granted == (case.outcome == "approve"), case.no
    assert {one.material: one.open for one in held if one.required} == {id: stood[id] for id in wanted}, case.no


async def _logs() -> dict[tuple[Any, ...], Counter[tuple[str, str]]]:
    """(who was asked about, item, when) of a filing and (number) of a later question → (lookup, outcome), counted."""
    found: dict[tuple[Any, ...], Counter[tuple[str, str]]] = defaultdict(Counter)
    for one in await AccessLog.filter(kind="lookup"):
        assert one.outcome in OUTCOMES
        assert one.source
        assert one.purpose
        for key in ((one.subject_key, one.item, one.at), (one.reference,)):
            found[key][one.lookup, one.outcome] += 1
    return found


def _recorded(
    case: Case,
    told: list[Event],
    evidence: list[CaseEvidence],
    logs: Mapping[tuple[Any, ...], Counter[tuple[str, str]]],
) -> Iterable[str]:
    """Every outcome has its line in the access log, and the evidence is the last outcome that was told."""
    said = {name: _outcome(said) for name, said in (told[0].payload or {})["data"]["lookups"].items()}
    lines = logs[case.applicant_key, case.item, case.filed_at]
    assert not [one for one in said.items() if not lines[one]], (case.no, said, lines)
    for event in told:
        if event.type == "rechecked":
            newer = {name: _outcome(one) for name, one in (event.payload or {})["data"]["lookups"].items()}
            changed = [one for one in newer.items() if said.get(one[0]) != one[1]]
            assert not [one for one in changed if not logs[(case.no,)][one]], (case.no, changed)
            said = newer
    assert {one.lookup: one.outcome for one in evidence} == said, case.no
    return said.values()


def _outcome(digest: str) -> str:
    return digest if digest in OUTCOMES else "found"


def _true(case: Case, evidence: list[CaseEvidence]) -> None:
    """What was found is what the register holds of this very person; what is empty, it does not hold."""
    applicant = (case.record or {})["applicant"]
    for one in evidence:
        if one.source not in SOURCES or one.outcome not in ("found", "empty"):
            continue
        key = KEYS.get(one.source) or ("id_number" if applicant.get("id_number") else "credit_code")
        held = [row for row in _register(one.source) if row.get(key) == applicant[key]]
        if one.outcome == "empty":
            assert not held, (case.no, one.source)
        else:
            value = one.detail["value"]
            assert value in [{name: row.get(name) for name in value} for row in held], (case.no, one.source)


_held: dict[str, list[dict[str, Any]]] = {}


def _register(id: str) -> list[dict[str, Any]]:
    return _held.setdefault(id, records_of(id))


async def _reads(sky: Weather, keys: Any) -> int:
    """Nobody's record was read without a line: the service counts for itself who was asked about."""
    assert sky.service is not None
    asked = Counter(request.path.removeprefix("/accounts/") for request in sky.service.requests)
    noted: Counter[str] = Counter()
    for subject in await AccessLog.filter(source=ON_HTTP).values_list("subject_key", flat=True):
        noted[str(subject)] += 1
    unnoted = [number for number in asked if not noted[keys.index(number)]]
    assert unnoted == []
    return await AccessLog.filter(kind="lookup").count()
