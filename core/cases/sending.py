"""The further letters of a case 过程中的文书: written once when their event comes, each for its own reader.

Knows the item's `letters` and the event; which people are parties to the case it is told. A template that fails holds
nothing up: the record keeps which letter is still to be written, and staff see why.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from core.cases.handover import things_of
from core.cases.joint import names_of as joint_names
from core.cases.letter_rows import letter_row
from core.cases.letters import LetterFailed, addressed, render
from core.cases.models import LetterFault
from core.cases.results import documents_of
from core.cases.rows import Row, row
from core.contract import Item, Office
from core.judge.letters import BEGUN, OUTSIDE, PARTY, LetterRule, Outsider, names_of
from core.judge.places import nearest_office
from core.judge.rules import rules_of
from core.judge.step_dates import StepDate

if TYPE_CHECKING:
    from core.cases.notices import Around
    from core.kernel import Kernel

WRITTEN = "letters_written"
"""Type of the event that tells which letters came of the one before."""
KIND = "further"
"""Kind of these letters; what else there is tells a decision, or follows from the law."""
_DECIDED = ("approve", "reject", "decline")


@dataclass(frozen=True, slots=True)
class Happened:
    seq: int
    type: str
    data: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class About:
    """A case as its letters tell of it, with what the event has just changed."""

    case_id: str
    no: str
    facts: Mapping[str, Any]
    record: Mapping[str, Any]
    outcome: str | None
    unit: str
    area: str | None
    deadline: date | None
    parties: Sequence[str] = ()
    """By which key each of the other parties finds his letter."""
    numbered: int = 0
    """How many letters of the case have a number already."""


@dataclass
class Sent:
    rows: list[Row] = field(default_factory=list)
    unwritten: list[dict[str, Any]] = field(default_factory=list)
    """Of each letter that failed: its id, the event's number in the chain, its title, and why."""

    @property
    def told(self) -> dict[str, Any]:
        """What the event tells of them; the same letter to several parties is one line."""
        lines: dict[tuple[str, int], dict[str, Any]] = {}
        for one in (each.values for each in self.rows):
            line = lines.setdefault(
                (one["declared"], one["seq"]),
                {
                    "id": one["declared"], "title": one["title"], "no": one["number"], "to": one["reader"],
                    **({"unit": one["to_unit"], "area": one["to_area"]} if one["to_unit"] else {}), "digests": [],
                },
            )  # fmt: skip
            line["digests"].append(one["digest"])
            if one.get("whom"):
                line.setdefault("names", []).append(one["whom"]["name"])
        return {"letters": [*lines.values()]}


def begun(steps: Iterable[StepDate]) -> list[dict[str, Any]]:
    """Of each that has its turn, and that a letter can name: what the letter tells of it."""
    return [
        {"begun": one.step.id, "title": one.step.title, "until": one.due.day.isoformat()}
        for one in steps
        if one.current and one.step.id
    ]


def wanted(item: Item, steps: Sequence[Mapping[str, Any]], happened: Sequence[Happened]) -> bool:
    """Whether any of these events has a letter at all; most items have none."""
    return any(
        rule.on in names_of(one.type, one.data, [step.get("id") for step in steps])
        for rule in rules_of(item).letters
        for one in happened
    )


def letters_of(kernel: Kernel, item: Item, about: About, happened: Sequence[Happened]) -> Sent:
    """Every letter that these events call for, as rows."""
    sent = Sent()
    ids = [step.get("id") for step in about.record.get("steps", ())]
    for one in happened:
        names = names_of(one.type, one.data, ids)
        for rule in rules_of(item).letters:
            if rule.on in names and rule.holds(about.facts, kernel.calendar):
                send(kernel, item, about, rule, one, sent, on=kernel.today(), now=kernel.now())
    return sent


def send(
    kernel: Kernel, item: Item, about: About, rule: LetterRule, one: Happened, sent: Sent, *, on: date, now: datetime
) -> None:
    """One letter added to `sent`: its rows, or why it could not be written."""
    readers: list[tuple[str, Outsider | None]] = [("", None)]
    if rule.to == PARTY:
        readers = [(key, None) for key in about.parties]
    elif rule.to == OUTSIDE:
        readers = [("", whom) for whom in rule.outsiders(about.facts)]
    if not readers:
        return
    number = about.numbered + len({r.values["number"] for r in sent.rows if r.values["number"]}) + 1
    no = f"{about.no}-W{number}" if rule.numbered else ""
    try:
        texts = [text_of(kernel, item, about, rule, one, no=no, on=on, whom=whom) for _, whom in readers]
    except LetterFailed as error:
        sent.unwritten.append({"id": rule.id, "seq": one.seq, "title": rule.title, "why": str(error), **_own(one)})
        return
    area = nearest_office(kernel.office, rule.unit, about.area) if rule.unit else None
    sent.rows += [
        letter_row(
            about.case_id, kind=KIND, title=rule.title, text=text, at=now, declared=rule.id, seq=one.seq,
            position=position, number=no, reader=rule.to, to_unit=rule.unit, to_area=area, to_key=key or None,
            **({"whom": reached(kernel.office, whom)} if whom else {}),
        )
        for position, ((key, whom), text) in enumerate(zip(readers, texts, strict=True))
    ]  # fmt: skip


def _own(one: Happened) -> dict[str, Any]:
    """What the chain does not tell of an event, for who writes the letter later."""
    return {"event": dict(one.data)} if one.type == BEGUN else {}


def text_of(
    kernel: Around,
    item: Item,
    about: About,
    rule: LetterRule,
    one: Happened,
    *,
    no: str,
    on: date,
    whom: Outsider | None = None,
) -> str:
    """Raises LetterFailed."""
    seen = _seen(kernel, item, about, rule, one, no=no, on=on)
    if whom is not None:
        envelope = reached(kernel.office, whom)
        seen["letter"] |= {"to": envelope.pop("name"), **envelope}
        seen["each"] = whom.row
    return render(item, rule.template, kernel.reaches.watch(item, f"templates/{rule.template}", about.no, seen))


def reached(office: Office, whom: Outsider) -> dict[str, str]:
    """Somebody outside as an envelope names him: `name`, and what is known of `address`, `phone`, `email`."""
    return {"name": whom.name, **{key: _said(office, value) for key, value in whom.at.items()}}


def _said(office: Office, value: Any) -> str:
    """An address of the fragment `address` in one line; anything else as it was written."""
    if not isinstance(value, Mapping):
        return str(value)
    area = "".join(one.name for one in [*office.upwards(value.get("area"))][::-1])
    return " ".join(part for part in (f"{area}{value.get('detail') or ''}", str(value.get("postcode") or "")) if part)


def _seen(
    kernel: Around, item: Item, about: About, rule: LetterRule, one: Happened, *, no: str, on: date
) -> dict[str, Any]:
    record, unit = about.record, kernel.office.units.get(about.unit)
    decided = about.outcome in _DECIDED
    told = record.get("decision") or {}
    copied = kernel.office.units.get(rule.unit or "")
    case = {
        "no": about.no,
        "filed_on": record.get("today", ""),
        "fee": record.get("fee"),
        "amount": record.get("amount"),
        "valid_until": record.get("valid_until") if decided else None,
        "deadline": about.deadline.isoformat() if about.deadline else None,
        "handover": [
            {"title": thing.title, "place": thing.place}
            for thing in (things_of(record, about.outcome) if decided else ())
            if thing.taken_on is None
        ],
        "results": [document.as_json() for document in documents_of(record, about.outcome)],
        "joint": joint_names(record),
    }
    return {
        **about.facts,
        "applicant": addressed(about.facts.get("applicant") or {}, item, about.facts.get("lookups") or {}),
        "item": {
            "title": item.title,
            "code": item.declared.get("code", ""),
            "result": (item.declared.get("result") or {}).get("title", ""),
        },
        "case": case,
        **({"decision": {"conditions": [], "part": "", **told}} if decided else {}),
        "office": {
            "unit": unit.name if unit else about.unit,
            "area": kernel.office.name_of(about.area),
            "telephone": unit.telephone if unit else "",
        },
        "letter": {"id": rule.id, "title": rule.title, "no": no, "unit": copied.name if copied else ""},
        "event": {name: one.data.get(name) or "" for name in ("because", "basis", "title", "opinion")}
        | {"until": one.data.get("until") or one.data.get("due") or ""}
        | {"day": on.isoformat(), "wanted": [*(one.data.get("wanted") or {}).values()]},
    }


def why_unwritten(record: Mapping[str, Any] | None) -> str:
    """The first fault of a letter that is still to be written; "" where there is none."""
    others = (one["why"] for one in unwritten_in(record))
    return str((record or {}).get("letter_fault") or next(others, ""))


def unwritten_in(record: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    return list((record or {}).get("unwritten", ()))


def faults_of(
    case_id: str, record: Mapping[str, Any], sent: Sent, *, now: datetime
) -> tuple[dict[str, Any], list[Row]]:
    """(the record with what is still to be written, the line by which staff find the case: one a case)."""
    if not sent.unwritten:
        return dict(record), []
    newer = {**record, "unwritten": [*unwritten_in(record), *sent.unwritten]}
    if record.get("letter_fault") or record.get("unwritten"):
        return newer, []
    return newer, [row(LetterFault, case_id=case_id, kind=KIND, title=sent.unwritten[0]["title"][:200], since=now)]
